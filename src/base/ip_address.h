// An address of the Internet, IPv4 or IPv6, as 16 bytes. A plain value, thread-safe.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lixin {

// IPv4 stands in its mapped form (::ffff:a.b.c.d), which a two-stack socket shows too, so that one
// address has one value.
struct ip_address {
  std::array<std::uint8_t, 16> bytes{};

  static constexpr std::size_t text_bytes_max = 45;
  static constexpr std::size_t ipv4_at = 12;  // where the four bytes of IPv4 begin

  static ip_address of_ipv4(std::span<const std::uint8_t, 4> ipv4);
  // "192.0.2.7", "2001:db8::7", "::ffff:192.0.2.7"; no port, no brackets, no zone.
  static std::optional<ip_address> parse(std::string_view text);
  std::string text() const;

  bool is_ipv4() const;
  // "::", which no peer has.
  bool empty() const { return bytes == std::array<std::uint8_t, 16>{}; }
  auto operator<=>(const ip_address&) const = default;
};

}  // namespace lixin

template <>
struct std::hash<lixin::ip_address> {
  std::size_t operator()(const lixin::ip_address& a) const noexcept {
    return std::hash<std::string_view>{}(
        {reinterpret_cast<const char*>(a.bytes.data()), a.bytes.size()});
  }
};
