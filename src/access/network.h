// Ranges of Internet addresses (CIDR), IPv4 and IPv6. Plain values, thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "base/ip_address.h"

namespace lixin::access {

struct network {
  ip_address first;
  int bits = 0;  // that the addresses have in common: 0..32 or 0..128

  // An IPv6 range holds no IPv4 address, and the other way round.
  bool holds(const ip_address& a) const;
  bool operator==(const network&) const = default;
};
// "192.0.2.0/24", "2001:db8::/32"; a lone address is a range of one. Bits behind the prefix must be
// zero, so that 10.1.2.3/8 is not taken for less than it is. errc::not_a_network,
// errc::network_host_bits.
result<network> parse_network(std::string_view text);
std::string to_string(const network& n);

}  // namespace lixin::access
