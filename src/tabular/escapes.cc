#include "tabular/escapes.h"

#include <charconv>
#include <cstdint>
#include <string_view>

namespace lixin::tabular {

void decode_escapes(std::string& text) {
  std::size_t at = text.find("_x");
  if (at == std::string::npos) return;
  std::string out(text, 0, at);
  while (at < text.size()) {
    std::uint32_t code = 0;
    const char* digits = text.data() + at + 2;
    if (text.size() - at >= 7 && text[at] == '_' && text[at + 1] == 'x' && text[at + 6] == '_' &&
        std::from_chars(digits, digits + 4, code, 16).ptr == digits + 4 && code != 0 &&
        (code < 0xD800 || code > 0xDFFF)) {
      if (code < 0x80) {
        out += static_cast<char>(code);
      } else if (code < 0x800) {
        out += {static_cast<char>(0xC0U | code >> 6), static_cast<char>(0x80U | (code & 0x3FU))};
      } else {
        out +=
            {static_cast<char>(0xE0U | code >> 12), static_cast<char>(0x80U | (code >> 6 & 0x3FU)),
             static_cast<char>(0x80U | (code & 0x3FU))};
      }
      at += 7;
    } else {
      out += text[at++];
    }
  }
  text = std::move(out);
}

const char* encode_escapes(const std::string& text, std::string& store) {
  constexpr std::string_view hexadecimal = "0123456789ABCDEFabcdef";
  if (text.find("_x") == text.npos && text.find("\xEF\xBF") == text.npos) return text.c_str();
  store.clear();
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::string_view rest = std::string_view(text).substr(at, 6);
    if (rest.starts_with("\xEF\xBF\xBE") || rest.starts_with("\xEF\xBF\xBF")) {
      store += rest[2] == '\xBE' ? "_xFFFE_" : "_xFFFF_";
      at += 2;
      continue;
    }
    // Whatever follows: an escape that comes next begins with the underscore that would end this.
    if (rest.size() >= 6 && rest.starts_with("_x") &&
        rest.substr(2, 4).find_first_not_of(hexadecimal) == rest.npos) {
      store += "_x005F";
    }
    store += text[at];
  }
  return store.c_str();
}

}  // namespace lixin::tabular
