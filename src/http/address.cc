#include "http/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

#include "http/field_text.h"

namespace lixin::http {
namespace {

constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

}  // namespace

address address::of_ipv4(std::span<const std::uint8_t, 4> ipv4) {
  address a;
  std::ranges::copy(mapped, a.bytes.begin());
  std::ranges::copy(ipv4, a.bytes.begin() + mapped.size());
  return a;
}

std::optional<address> address::parse(std::string_view text) {
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']') {
    text = text.substr(1, text.size() - 2);
  }
  char z[INET6_ADDRSTRLEN] = {};
  if (text.empty() || text.size() >= sizeof z) return std::nullopt;
  std::memcpy(z, text.data(), text.size());
  std::array<std::uint8_t, 4> ipv4;
  if (::inet_pton(AF_INET, z, ipv4.data()) == 1) return of_ipv4(ipv4);
  address a;
  if (::inet_pton(AF_INET6, z, a.bytes.data()) == 1) return a;
  return std::nullopt;
}

bool address::is_ipv4() const { return std::equal(mapped.begin(), mapped.end(), bytes.begin()); }

address address::client() const {
  address a = *this;
  if (!is_ipv4()) std::fill(a.bytes.begin() + 8, a.bytes.end(), std::uint8_t{0});
  return a;
}

std::string address::text() const {
  if (empty()) return "-";
  char z[INET6_ADDRSTRLEN] = {};
  if (is_ipv4()) {
    ::inet_ntop(AF_INET, bytes.data() + mapped.size(), z, sizeof z);
  } else {
    ::inet_ntop(AF_INET6, bytes.data(), z, sizeof z);
  }
  return z;
}

address client_of(const address& peer, std::string_view forwarded_for,
                  std::span<const address> trusted_proxies) {
  const auto trusted = [&](const address& a) {
    return std::ranges::find(trusted_proxies, a) != trusted_proxies.end();
  };
  address client = peer;
  if (!peer.empty() && !trusted(peer)) return client;
  while (!forwarded_for.empty()) {
    const std::size_t comma = forwarded_for.rfind(',');
    const std::size_t from = comma == std::string_view::npos ? 0 : comma + 1;
    const auto hop = address::parse(trimmed(forwarded_for.substr(from)));
    if (!hop) return client;
    client = *hop;
    if (!trusted(client)) return client;
    forwarded_for = forwarded_for.substr(0, from == 0 ? 0 : from - 1);
  }
  return client;
}

}  // namespace lixin::http
