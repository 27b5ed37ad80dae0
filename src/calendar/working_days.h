// Working days as the State Council arranges them each year. A working day is a weekday that is not
// in the year's rest table, or a rest day of the week that is in its make-up table; a rule by
// weekday alone is wrong. A year whose table is not loaded is an error, never a guess. Immutable
// after construction; safe to read from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/error.h"

namespace lixin::calendar {

class working_days {
 public:
  working_days() = default;

  // Sheet with heading `date,working,name,source`: one line for each day that differs from the
  // plain week or is named by a notice (working = yes or no); every year that has a line counts as
  // loaded. Errors name the line.
  static result<working_days> from_csv(std::string_view csv, std::string file);

  bool has_year(int year) const;
  int first_year() const;  // 0 when nothing is loaded
  int last_year() const;

  // errc::year_not_loaded when the year's table is missing.
  result<bool> is_working_day(date d) const;

  // The n-th working day after `from` (the day itself is not counted), n >= 1: the last day of
  // "within n working days". 行政处罚法 art. 85, 行政许可法 art. 82.
  result<date> due(date from, int n) const;

  // Whether `on` is after due(from, n). Certain without a table when on - from <= n calendar days
  // (n working days never take fewer than n days), else as due().
  result<bool> is_late(date from, int n, date on) const;

 private:
  // year -> by day of the year: 0 plain, 1 rest, 2 work
  std::map<int, std::vector<std::int8_t>> exceptions_;
};

}  // namespace lixin::calendar
