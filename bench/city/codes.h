// Numbers that are right in form and belong to nobody. Organisation codes begin with prefixes
// that no register gives out for Cangzhou (MA9, MB9, MJ9); resident numbers carry the area
// 130999, which does not exist; phones, cards and plates come from narrow made-up ranges. The
// check signs are computed here and not with module identity, so that the tests hold one against
// the other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "city/random.h"

namespace lixin::city {

// 9 signs: a 3-sign prefix, 5 signs that stand for `serial`, the check sign of GB 11714. Different
// serials below organisation_serials give different codes.
inline constexpr std::uint32_t organisation_serials = 31u * 31 * 31 * 31 * 31;
std::string organisation_code(std::string_view prefix, std::uint32_t serial);

// 18 signs of GB 32100: authority and body sign, division, organisation code, check sign.
std::string credit_code(std::string_view signs, std::string_view division,
                        std::string_view organisation);
// The same with a wrong check sign.
std::string with_wrong_check_sign(std::string_view code);

// 15 digits of GS 15-2006; sequence below 100,000,000.
std::string registration_number(std::string_view division, std::uint32_t sequence);
bool is_registration_number(std::string_view digits);

std::string resident_number(random& r);      // 18 signs, GB 11643, of somebody born 1950-1999
std::string old_resident_number(random& r);  // 15 digits, not also a registration number
std::string passport_number(random& r);
std::string mobile_number(random& r);
std::string bank_card_number(random& r);  // 19 digits, Luhn holds
std::string number_plate(random& r);

}  // namespace lixin::city
