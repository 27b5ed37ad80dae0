// Any text as a target, an Accept-Language or an address: what is accepted keeps the promises of
// the headers.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "http/accept_language.h"
#include "http/address.h"
#include "http/target.h"
#include "text/encoding.h"

namespace {

using namespace lixin::http;

void check_segment(std::string_view s, bool last) {
  LIXIN_ASSERT(s != "." && s != ".." && (last || !s.empty()));
  LIXIN_ASSERT(lixin::text::valid_utf8_prefix(s) == s.size());
  for (const char c : s) {
    LIXIN_ASSERT(c != '/' && c != '\\' && c != 0x7F && static_cast<unsigned char>(c) >= 0x20);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const limits l;
  target t;
  if (t.parse(bytes, l).ok()) {
    LIXIN_ASSERT(bytes.size() <= l.target_bytes_max);
    LIXIN_ASSERT(t.segments().size() <= l.segment_count_max);
    LIXIN_ASSERT(t.query().size() <= l.query_parameters_max);
    for (const std::string_view& s : t.segments()) check_segment(s, &s == &t.segments().back());
    for (const name_value& q : t.query()) {
      LIXIN_ASSERT(lixin::text::valid_utf8_prefix(q.name) == q.name.size());
      LIXIN_ASSERT(lixin::text::valid_utf8_prefix(q.value) == q.value.size());
    }
  }

  // A header that names no language leaves the choice to whoever asks.
  const auto zh = preferred_language(bytes, lixin::language::zh);
  const auto en = preferred_language(bytes, lixin::language::en);
  const bool open = zh == lixin::language::zh && en == lixin::language::en;
  LIXIN_ASSERT(open || zh == en);

  if (const auto a = parse_host(bytes)) {
    LIXIN_ASSERT(address::parse(a->text()) == a);
    LIXIN_ASSERT(client_network(client_network(*a)) == client_network(*a));
  }
  static_cast<void>(client_of({}, bytes, {}));
  return 0;
}
