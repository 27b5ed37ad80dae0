// Whose address it is: of the peer, or of whom a proxy names.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/ip_address.h"

namespace lixin::http {

// The empty address (::) stands for a peer that has none: one on a Unix socket.
using address = ip_address;

// "192.0.2.1", "2001:db8::1", the latter also in brackets.
std::optional<address> parse_host(std::string_view text);

// What counts as one client: the address itself, or the /64 network of an IPv6 address, since
// whoever has one address there has all of them.
address client_network(const address& a);

// Who sent a request. Of a peer that is a trusted proxy (or on a Unix socket, `peer` empty, which
// is always trusted) it is the last address of X-Forwarded-For that is no trusted proxy itself;
// what stands left of it may be anybody's invention. Text that is no address ends the search.
address client_of(const address& peer, std::string_view forwarded_for,
                  std::span<const address> trusted_proxies);

}  // namespace lixin::http
