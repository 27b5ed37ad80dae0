// Internet addresses and ranges of them (CIDR), IPv4 and IPv6. An IPv4 address that a two-stack
// socket shows as ::ffff:a.b.c.d is the IPv4 address. Plain values, thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace lixin::access {

struct address {
  // Network order; of IPv4 the first four.
  std::array<std::uint8_t, 16> bytes{};
  bool v4 = false;

  bool operator==(const address&) const = default;
};
inline constexpr std::size_t address_bytes_max = 45;  // of the text
// "192.0.2.7", "2001:db8::7", "::ffff:192.0.2.7"; no port, no brackets, no zone.
std::optional<address> parse_address(std::string_view text);
std::string to_string(const address& a);

struct network {
  address first;
  int bits = 0;  // that the addresses have in common: 0..32 or 0..128

  // An IPv6 range holds no IPv4 address, and the other way round.
  bool holds(const address& a) const;
  bool operator==(const network&) const = default;
};
// "192.0.2.0/24", "2001:db8::/32"; a lone address is a range of one. Bits behind the prefix must be
// zero, so that 10.1.2.3/8 is not taken for less than it is. errc::not_a_network,
// errc::network_host_bits.
result<network> parse_network(std::string_view text);
std::string to_string(const network& n);

}  // namespace lixin::access
