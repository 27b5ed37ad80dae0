// Bytes to UTF-8. Files come as UTF-8 (with or without a mark) and GB18030; the encoding is found
// from the bytes or said by the caller.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace lixin::text {

enum class encoding { utf8, gb18030 };
std::string_view name(encoding e);                         // "UTF-8", "GB18030"
std::optional<encoding> encoding_named(std::string_view);  // also "GBK", "GB2312", any case

// Length of the longest valid prefix; utf8.size() when all is valid. Refuses surrogates, overlong
// forms and values past U+10FFFF.
std::size_t valid_utf8_prefix(std::string_view bytes);

// The UTF-8 byte order mark at the start is cut off and reported.
bool cut_bom(std::string_view& bytes);

// UTF-8 when every byte of `bytes` fits (a sign cut at the very end is let pass when `cut`);
// GB18030 otherwise. UTF-16 and binary data are errors.
result<encoding> detect(std::string_view bytes, bool cut);

// Decodes a whole piece. An unmapped or broken sequence is an error that names the byte offset in
// args()[0], counted from the start of `bytes`; nothing is replaced silently.
result<std::string> gb18030_to_utf8(std::string_view bytes);
// For writing files that older office software opens. Any valid UTF-8 has a GB18030 form.
std::string utf8_to_gb18030(std::string_view utf8);

}  // namespace lixin::text
