// Places in a spreadsheet as people name them.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace lixin::tabular {

// 0 is "A", 25 "Z", 26 "AA".
inline std::string column_letters(std::size_t index) {
  std::string letters;
  for (std::size_t left = index + 1; left > 0; left = (left - 1) / 26) {
    letters += static_cast<char>('A' + (left - 1) % 26);
  }
  std::reverse(letters.begin(), letters.end());
  return letters;
}

// Nothing but blanks and line breaks, ASCII, no-break and ideographic: a cell without text.
inline bool is_blank(std::string_view text) {
  while (!text.empty()) {
    if (text.front() == ' ' || (text.front() >= '\t' && text.front() <= '\r')) {
      text.remove_prefix(1);
    } else if (text.starts_with("\xC2\xA0")) {
      text.remove_prefix(2);
    } else if (text.starts_with("\xE3\x80\x80")) {
      text.remove_prefix(3);
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace lixin::tabular
