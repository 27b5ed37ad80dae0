// The address of a client: IPv4 and IPv6 in one form of 16 bytes, to count and to compare by.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace lixin::http {

// IPv4 stands in its mapped form (::ffff:a.b.c.d). The empty address (::) stands for a peer that
// has none: one on a Unix socket.
struct address {
  std::array<std::uint8_t, 16> bytes{};

  static address of_ipv4(std::span<const std::uint8_t, 4> ipv4);
  // "192.0.2.1", "2001:db8::1", the latter also in brackets; no port, no name.
  static std::optional<address> parse(std::string_view text);

  bool is_ipv4() const;
  bool empty() const { return bytes == std::array<std::uint8_t, 16>{}; }
  // What counts as one client: the address itself, or the /64 network of an IPv6 address, since
  // whoever has one address there has all of them.
  address client() const;
  std::string text() const;  // "-" when empty

  auto operator<=>(const address&) const = default;
};

// Who sent a request. Of a peer that is a trusted proxy (or on a Unix socket, `peer` empty, which
// is always trusted) it is the last address of X-Forwarded-For that is no trusted proxy itself;
// what stands left of it may be anybody's invention. Text that is no address ends the search.
address client_of(const address& peer, std::string_view forwarded_for,
                  std::span<const address> trusted_proxies);

}  // namespace lixin::http

template <>
struct std::hash<lixin::http::address> {
  std::size_t operator()(const lixin::http::address& a) const noexcept {
    return std::hash<std::string_view>{}(
        {reinterpret_cast<const char*>(a.bytes.data()), a.bytes.size()});
  }
};
