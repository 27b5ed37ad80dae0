#include "http/address.h"

#include <algorithm>

#include "http/field_text.h"

namespace lixin::http {

std::optional<address> parse_host(std::string_view text) {
  if (text.size() >= 2 && text.front() == '[' && text.back() == ']') {
    text = text.substr(1, text.size() - 2);
    if (text.find(':') == std::string_view::npos) return std::nullopt;
  }
  return address::parse(text);
}

address client_network(const address& a) {
  address out = a;
  if (!a.is_ipv4()) std::fill(out.bytes.begin() + 8, out.bytes.end(), std::uint8_t{0});
  return out;
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
    const auto hop = parse_host(trimmed(forwarded_for.substr(from)));
    if (!hop) return client;
    client = *hop;
    if (!trusted(client)) return client;
    forwarded_for = forwarded_for.substr(0, from == 0 ? 0 : from - 1);
  }
  return client;
}

}  // namespace lixin::http
