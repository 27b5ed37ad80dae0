// Numbers of natural persons: recognised so that they can be kept out. Nothing here decodes age,
// sex or place from a number, and no function returns or formats one. Pure functions,
// thread-safe.
#pragma once

#include <cstdint>
#include <string_view>

namespace lixin::identity {

enum class personal_number : std::uint8_t {
  none,
  resident_number,  // 公民身份号码, GB 11643-1999, 18 signs with a right check sign, or 15 digits
  passport,         // passports and travel permits: E/G + 8 digits, E + letter + 7 digits ...
  mobile_phone,     // 1[3-9] + 9 digits
  bank_card,        // 16-19 digits, Luhn holds, known first digits 62, 4, 5, 3
  number_plate,     // province sign + letter + 5 or 6 signs
};
std::string_view title_zh(personal_number kind);  // "公民身份号码"
std::string_view title_en(personal_number kind);

// Whether the whole cell is a resident number (15 or 18) or passport, after folding width, case,
// blanks and hyphens. For identity cells, so on the safe side: 18 signs that are a resident number
// but for the check sign count too, unless they hold as a credit code. A 15-digit number whose
// GS 15-2006 check holds is a business registration number.
personal_number identity_cell(std::string_view utf8);

// The first personal number anywhere in free text, digits in full or half width, also when broken
// by blanks or hyphens in the usual groups. A number inside a longer run of digits or letters (a
// document number, a credit code) is not taken for one.
personal_number find_in_text(std::string_view utf8);

// Whether the text is a valid 18-sign resident number.
bool is_resident_number(std::string_view ascii);

}  // namespace lixin::identity
