// How each kind of personal number is built, asked of one run of signs that is already folded to
// half width and upper case. Private to this module.
#pragma once

#include <string_view>

namespace lixin::identity {

// 18 signs, birth date from 1850 to 2099 at 7-14, right check sign. The bound above is fixed, not
// today's: a function that reads the clock would not repeat.
bool is_resident_18(std::string_view run);
// As is_resident_18 but with a wrong check sign and a known province in front: a mistyped number.
bool is_mistyped_resident_18(std::string_view run);
// 15 digits, known province, possible birth date yymmdd, and no business registration number.
bool is_resident_15(std::string_view run);
// A credit code whose check sign holds, whatever it would be read as a resident number.
bool is_credit_code_first(std::string_view run);

// Passports and travel permits that are not mistaken for anything else: E or G with 8 digits, E
// with a letter and 7 digits, the official ones (DE, SE, PE with 7 digits).
bool is_passport(std::string_view run);
// The forms that other numbers have too: D, P, S, C, W, H, M, T, K, L with 7 to 10 digits.
bool is_passport_like(std::string_view run);

bool is_mobile(std::string_view digits);     // 11 digits, or with 86 or 0086 before them
bool is_bank_card(std::string_view digits);  // 16 to 19 digits
// The signs after the province: a letter, then 5 (or 6 of a new-energy vehicle).
bool is_plate_tail(std::string_view run);

}  // namespace lixin::identity
