// What parse_key() takes is exactly what key_text() writes.
#include "access/api_key.h"
#include "base/assert.h"

using namespace lixin;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto key = access::parse_key(text)) LIXIN_ASSERT(access::key_text(*key) == text);
  // And the other way round, of any number and secret.
  if (size < access::key_secret_bytes + 1) return 0;
  const access::key_parts made{data[access::key_secret_bytes] + 1,
                               std::string(text.substr(0, access::key_secret_bytes))};
  const auto read = access::parse_key(access::key_text(made));
  LIXIN_ASSERT(read && read->number == made.number && read->secret == made.secret);
  return 0;
}
