#include "base/ip_address.h"

#include <arpa/inet.h>

#include <algorithm>

#include "base/assert.h"

namespace lixin {
namespace {

constexpr std::array<std::uint8_t, ip_address::ipv4_at> mapped{0, 0, 0, 0, 0,    0,
                                                               0, 0, 0, 0, 0xFF, 0xFF};

}  // namespace

ip_address ip_address::of_ipv4(std::span<const std::uint8_t, 4> ipv4) {
  ip_address a;
  std::ranges::copy(mapped, a.bytes.begin());
  std::ranges::copy(ipv4, a.bytes.begin() + ipv4_at);
  return a;
}

std::optional<ip_address> ip_address::parse(std::string_view text) {
  if (text.size() > text_bytes_max || text.find('\0') != std::string_view::npos) {
    return std::nullopt;
  }
  const std::string terminated(text);
  std::array<std::uint8_t, 4> ipv4;
  if (::inet_pton(AF_INET, terminated.c_str(), ipv4.data()) == 1) return of_ipv4(ipv4);
  ip_address a;
  if (::inet_pton(AF_INET6, terminated.c_str(), a.bytes.data()) == 1) return a;
  return std::nullopt;
}

bool ip_address::is_ipv4() const { return std::equal(mapped.begin(), mapped.end(), bytes.begin()); }

std::string ip_address::text() const {
  std::array<char, INET6_ADDRSTRLEN> out{};
  const bool ipv4 = is_ipv4();
  const auto* from = bytes.data() + (ipv4 ? ipv4_at : 0);
  LIXIN_ASSERT(::inet_ntop(ipv4 ? AF_INET : AF_INET6, from, out.data(),
                           static_cast<::socklen_t>(out.size())) != nullptr);
  return out.data();
}

}  // namespace lixin
