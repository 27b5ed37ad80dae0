// Cells to canonical text and back; private to the module. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "catalogue/catalogue.h"

namespace lixin::catalogue {

// Decimals of a money unit over fen: yuan 2, wan (10,000 yuan) 6.
int decimals_of(std::string_view unit);
// "200000" with 6 decimals is "0.200000". `fen` is canonical: digits only.
std::string fen_in_unit(std::string_view fen, int decimals);
// "0.2" with 6 decimals is "200000" fen. Nothing for a sign, separators, a unit, more decimals than
// the unit has (zeros at the end do not count) or more than 12 whole digits.
std::optional<std::string> fen_of(std::string_view amount, int decimals);

// The subject kind that positions 1 and 2 of a valid credit code tell (GB 32100-2015, table of
// registering authorities and body categories, with amendment no. 1).
subject_kind kind_of_credit_code(std::string_view code);

// The cell of a `choices` field as codes of the list joined by ";", in the order written, each
// once. Nothing when a part is not on the list; `stray` is that part. Values of the list that
// themselves hold a separator (没收违法所得、没收非法财物) are recognised whole.
std::optional<std::string> choices_of(const code_list& list, std::string_view cell,
                                      std::string_view& stray);

}  // namespace lixin::catalogue
