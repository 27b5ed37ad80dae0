// Any bytes through detection, decoding, folding and JSON; holds the properties that the headers
// promise.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "text/encoding.h"
#include "text/fold.h"
#include "text/json.h"

namespace {

using namespace lixin::text;

void fold_is_done_once(std::string (*fold)(std::string_view), std::string_view utf8) {
  const std::string once = fold(utf8);
  LIXIN_ASSERT(valid_utf8_prefix(once) == once.size());
  LIXIN_ASSERT(fold(once) == once);
}

void check_text(std::string_view utf8) {
  std::string store;
  const std::string tidied(tidy(utf8, store));
  LIXIN_ASSERT(valid_utf8_prefix(tidied) == tidied.size());
  LIXIN_ASSERT(tidy(tidied) == tidied);
  LIXIN_ASSERT(length(tidied) <= length(utf8));
  fold_is_done_once(fold_heading, utf8);
  fold_is_done_once(fold_document, utf8);
  fold_is_done_once(fold_name, utf8);
  fold_is_done_once(fold_identifier, utf8);

  const auto gb18030 = gb18030_to_utf8(utf8_to_gb18030(utf8));
  LIXIN_ASSERT(gb18030.ok() && *gb18030 == utf8);

  const std::vector<std::string> array{std::string(utf8), tidied};
  const auto read_array = parse_string_array(to_json(array));
  LIXIN_ASSERT(read_array.ok() && *read_array == array);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::size_t valid = valid_utf8_prefix(bytes);
  LIXIN_ASSERT(valid <= size);
  check_text(bytes.substr(0, valid));

  const auto found = detect(bytes, false);
  if (found.ok()) LIXIN_ASSERT((*found == encoding::utf8) == (valid == size));
  static_cast<void>(detect(bytes, true));
  const auto decoded = gb18030_to_utf8(bytes);
  if (decoded.ok()) LIXIN_ASSERT(valid_utf8_prefix(*decoded) == decoded->size());

  if (const auto map = parse_string_map(bytes); map.ok()) {
    const auto again = parse_string_map(to_json(*map));
    LIXIN_ASSERT(again.ok() && *again == *map);
  }
  static_cast<void>(parse_string_array(bytes));
  return 0;
}
