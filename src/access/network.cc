#include "access/network.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "access/errc.h"

namespace lixin::access {
namespace {

constexpr int v4_bits = 32;
constexpr int v6_bits = 128;
constexpr int bits_before_v4 = v6_bits - v4_bits;  // ::ffff:0:0/96

int bits_of(const ip_address& a) { return a.is_ipv4() ? v4_bits : v6_bits; }

// Zero behind the first `bits` of the 128.
ip_address masked(const ip_address& a, int bits) {
  ip_address out = a;
  for (int i = 0; i < static_cast<int>(out.bytes.size()); ++i) {
    const int kept = std::clamp(bits - 8 * i, 0, 8);
    out.bytes[static_cast<std::size_t>(i)] &= static_cast<std::uint8_t>(0xff00U >> kept);
  }
  return out;
}

// A range of the 128 bits as it is told: one within ::ffff:0:0/96 is of IPv4.
network of_all_bits(const ip_address& first, int bits) {
  return {first, first.is_ipv4() ? bits - bits_before_v4 : bits};
}
int all_bits(const network& n) { return n.first.is_ipv4() ? n.bits + bits_before_v4 : n.bits; }

// What a person typed, short enough for a sentence and without what a terminal would obey.
std::string shown(std::string_view text) {
  std::string out(text.substr(0, ip_address::text_bytes_max + 4));
  std::ranges::replace_if(out, [](char c) { return c < ' ' || c > '~'; }, '?');
  return out;
}

}  // namespace

bool network::holds(const ip_address& a) const {
  return a.is_ipv4() == first.is_ipv4() && masked(a, all_bits(*this)) == first;
}

result<network> parse_network(std::string_view text) {
  const auto slash = text.find('/');
  const std::string_view address = text.substr(0, slash);
  const auto written = ip_address::parse(address);
  if (!written) return error(errc::not_a_network, {shown(text)});
  if (slash == std::string_view::npos) return network{*written, bits_of(*written)};
  const bool as_v6 = address.find(':') != std::string_view::npos;
  const std::string_view prefix = text.substr(slash + 1);
  int bits = 0;
  const auto [end, failed] = std::from_chars(prefix.data(), prefix.data() + prefix.size(), bits);
  const bool plain = failed == std::errc() && end == prefix.data() + prefix.size() &&
                     prefix.front() != '-' && (prefix.size() == 1 || prefix.front() != '0');
  if (!plain || bits > (as_v6 ? v6_bits : v4_bits)) {
    return error(errc::not_a_network, {shown(text)});
  }
  const int of_all = as_v6 ? bits : bits + bits_before_v4;
  const ip_address meant = masked(*written, of_all);
  if (meant != *written) {
    return error(errc::network_host_bits, {shown(text), to_string(of_all_bits(meant, of_all))});
  }
  return of_all_bits(meant, of_all);
}

std::string to_string(const network& n) { return fmt::format("{}/{}", n.first.text(), n.bits); }

}  // namespace lixin::access
