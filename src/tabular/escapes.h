// A workbook's texts write the sign U+000D as _x000D_, and a text that merely looks so with its
// first sign escaped (ECMA-376 part 1, 22.9.2.19).
#pragma once

#include <string>

namespace lixin::tabular {

void decode_escapes(std::string& text);

// For libxlsxwriter, which escapes control characters, but neither what looks like an escape nor
// U+FFFE and U+FFFF, which XML does not allow. Answers the text itself where there is nothing to
// do, otherwise `store`.
const char* encode_escapes(const std::string& text, std::string& store);

}  // namespace lixin::tabular
