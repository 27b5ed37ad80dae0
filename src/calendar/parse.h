// Dates as people write them in spreadsheets.
#pragma once

#include <string_view>

#include "base/date.h"
#include "base/error.h"

namespace lixin::calendar {

// Reads 2024-05-01, 2024/5/1, 2024.5.1, 20240501, 2024年5月1日, each with an optional time of day
// that is dropped ("2024-05-01 00:00:00", "2024/5/1 8:30", "2024-05-01T00:00:00"). Years
// 1900..2099, real days only; the error says what is wrong (not a date, no such day, year out of
// range) and shows the accepted forms. Expects tidied text (text::tidy). Day-first and two-digit
// years are refused.
result<date> parse_date(std::string_view text);

}  // namespace lixin::calendar
