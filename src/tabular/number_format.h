// Numbers of a workbook as text: plain decimals, and dates where the cell's number format is one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lixin::tabular {

// Built-in formats (ECMA-376 part 1, 18.8.30), with the East Asian ones: 14-22, 27-36, 45-47,
// 50-58.
bool is_builtin_date_format(std::uint32_t id);
// A format code that shows a year, a day, or 年 月 日, outside quotes, brackets and escapes.
bool is_date_format(std::string_view code);

// The 15 digits that a spreadsheet shows, in the shortest form, from 1e-6 up to 1e15; beyond, all
// digits with an exponent.
std::string number_text(double value);
// 2024-05-01, or with a time other than midnight 2024-05-01 08:30:00; a time alone (0 < serial < 1,
// 1900 system) as 08:30:00. Nullopt where a spreadsheet has no date for the serial. The 1900 system
// counts a 29 February 1900 that never was (ECMA-376 part 1, 18.17.4.1).
std::optional<std::string> date_text(double serial, bool date1904);

}  // namespace lixin::tabular
