// Any bytes as an address and as a range: what is read is written in one form, which reads the
// same; a range holds its first address, and no address of the other kind.
#include "access/network.h"
#include "base/assert.h"

using namespace lixin;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto a = ip_address::parse(text)) {
    LIXIN_ASSERT(ip_address::parse(a->text()) == a);
    const auto alone = access::parse_network(text);
    LIXIN_ASSERT(alone.ok() && alone->holds(*a) && alone->bits == (a->is_ipv4() ? 32 : 128));
  }
  const auto n = access::parse_network(text);
  if (!n.ok()) return 0;
  const auto again = access::parse_network(access::to_string(*n));
  LIXIN_ASSERT(again.ok() && *again == *n);
  LIXIN_ASSERT(n->holds(n->first));
  const bool ipv4 = n->first.is_ipv4();
  LIXIN_ASSERT(!n->holds(*ip_address::parse(ipv4 ? "2001:db8::1" : "192.0.2.1")));
  // The lowest bit that all must share.
  if (n->bits > 0) {
    ip_address beside = n->first;
    const auto bit = static_cast<std::size_t>(n->bits - 1 + (ipv4 ? 96 : 0));
    beside.bytes[bit / 8] ^= static_cast<std::uint8_t>(128 >> bit % 8);
    LIXIN_ASSERT(!n->holds(beside));
  }
  return 0;
}
