#include "access/address.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "access/errc.h"

namespace lixin::access {
namespace {

constexpr int v4_bits = 32;
constexpr int v6_bits = 128;
constexpr std::size_t v4_bytes = 4;
constexpr std::size_t v4_in_v6_at = 12;  // ::ffff:0:0/96

bool is_mapped(const std::array<std::uint8_t, 16>& b) {
  return std::all_of(b.begin(), b.begin() + 10, [](std::uint8_t x) { return x == 0; }) &&
         b[10] == 0xff && b[11] == 0xff;
}

address from_mapped(const address& a) {
  address out;
  out.v4 = true;
  std::copy_n(a.bytes.begin() + v4_in_v6_at, v4_bytes, out.bytes.begin());
  return out;
}

// The address as written, not yet unmapped.
std::optional<address> as_written(std::string_view text) {
  if (text.size() > address_bytes_max || text.find('\0') != std::string_view::npos)
    return std::nullopt;
  const std::string terminated(text);
  address out;
  out.v4 = terminated.find(':') == std::string::npos;
  if (::inet_pton(out.v4 ? AF_INET : AF_INET6, terminated.c_str(), out.bytes.data()) != 1)
    return std::nullopt;
  return out;
}

// Zero behind the first `bits`.
address masked(const address& a, int bits) {
  address out = a;
  for (int i = 0; i < static_cast<int>(out.bytes.size()); ++i) {
    const int kept = std::clamp(bits - 8 * i, 0, 8);
    out.bytes[static_cast<std::size_t>(i)] &= static_cast<std::uint8_t>(0xff00U >> kept);
  }
  return out;
}

// What a person typed, short enough for a sentence and without what a terminal would obey.
std::string shown(std::string_view text) {
  std::string out(text.substr(0, address_bytes_max + 4));
  std::ranges::replace_if(out, [](char c) { return c < ' ' || c > '~'; }, '?');
  return out;
}

}  // namespace

std::optional<address> parse_address(std::string_view text) {
  const auto a = as_written(text);
  if (a && !a->v4 && is_mapped(a->bytes)) return from_mapped(*a);
  return a;
}

std::string to_string(const address& a) {
  std::array<char, INET6_ADDRSTRLEN> out{};
  LIXIN_ASSERT(::inet_ntop(a.v4 ? AF_INET : AF_INET6, a.bytes.data(), out.data(),
                           static_cast<socklen_t>(out.size())) != nullptr);
  return out.data();
}

bool network::holds(const address& a) const { return a.v4 == first.v4 && masked(a, bits) == first; }

result<network> parse_network(std::string_view text) {
  const auto slash = text.find('/');
  const auto written = as_written(text.substr(0, slash));
  if (!written) return error(errc::not_a_network, {shown(text)});
  network out{*written, written->v4 ? v4_bits : v6_bits};
  if (slash != std::string_view::npos) {
    const std::string_view prefix = text.substr(slash + 1);
    int bits = 0;
    const auto [end, failed] = std::from_chars(prefix.data(), prefix.data() + prefix.size(), bits);
    const bool plain = failed == std::errc() && end == prefix.data() + prefix.size() &&
                       prefix.front() != '-' && (prefix.size() == 1 || prefix.front() != '0');
    if (!plain || bits > out.bits) return error(errc::not_a_network, {shown(text)});
    out.bits = bits;
  }
  const network meant{masked(out.first, out.bits), out.bits};
  if (meant.first != out.first)
    return error(errc::network_host_bits, {shown(text), to_string(meant)});
  // A prefix that cuts into ::ffff: has bits behind it and did not come as far as this.
  if (!out.first.v4 && is_mapped(out.first.bytes))
    return network{from_mapped(out.first), out.bits - (v6_bits - v4_bits)};
  return out;
}

std::string to_string(const network& n) { return fmt::format("{}/{}", to_string(n.first), n.bits); }

}  // namespace lixin::access
