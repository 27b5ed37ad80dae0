#include "calendar/working_days.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "calendar/errc.h"
#include "calendar/parse.h"

namespace lixin::calendar {
namespace {

constexpr std::size_t csv_bytes_max = 4 * 1024 * 1024;
constexpr std::string_view heading = "date,working,name,source";

constexpr std::int8_t plain = 0;
constexpr std::int8_t rest = 1;
constexpr std::int8_t work = 2;

// 1970-01-01 was a Thursday.
bool is_weekend(date d) {
  const int weekday = ((d.days % 7) + 7 + 4) % 7;  // 0 is Sunday
  return weekday == 0 || weekday == 6;
}

std::size_t day_of_year(date d) { return static_cast<std::size_t>(d - date(d.year(), 1, 1)); }

bool is_working(const std::vector<std::int8_t>& exceptions, date d) {
  switch (exceptions[day_of_year(d)]) {
    case rest:
      return false;
    case work:
      return true;
    default:
      return !is_weekend(d);
  }
}

error not_loaded(int year) { return error(errc::year_not_loaded, {std::to_string(year)}); }

std::string_view cut_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// One line of CSV. A quoted value that goes on in the next line is not needed here.
std::vector<std::string> split(std::string_view line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"' && quoted && i + 1 < line.size() && line[i + 1] == '"') {
      cells.back() += c;
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

struct calendar_line {
  date day;
  std::int8_t exception = plain;
};

result<calendar_line> read_line(std::string_view line) {
  const std::vector<std::string> cells = split(line);
  if (cells.size() != 4) return error(errc::bad_line, {std::to_string(cells.size())});
  auto day = parse_date(cells[0]);
  if (!day) return std::move(day).error().at({.file = {}, .sheet = {}, .row = 0, .column = "date"});
  const bool works = cells[1] == "yes";
  if (!works && cells[1] != "no") {
    return error(errc::bad_working, {cells[1].substr(0, 20)}, {{}, {}, 0, "working"});
  }
  if (cells[2].empty()) return error(errc::missing_cell, {}, {{}, {}, 0, "name"});
  if (cells[3].empty()) return error(errc::missing_cell, {}, {{}, {}, 0, "source"});
  return calendar_line{*day, works ? work : rest};
}

}  // namespace

result<working_days> working_days::from_csv(std::string_view csv, std::string file) {
  if (csv.size() > csv_bytes_max) {
    return error(errc::too_large, {std::to_string(csv.size()), std::to_string(csv_bytes_max)},
                 {std::move(file), {}, 0, {}});
  }
  if (csv.starts_with("\xEF\xBB\xBF")) csv.remove_prefix(3);
  const std::string_view first = cut_line(csv);
  if (first != heading) {
    return error(errc::bad_heading, {std::string(first.substr(0, 60))},
                 {std::move(file), {}, 1, {}});
  }
  working_days table;
  for (std::uint64_t row = 2; !csv.empty(); ++row) {
    const std::string_view text = cut_line(csv);
    if (text.empty()) continue;
    auto line = read_line(text);
    if (!line) return std::move(line).error().at({file, {}, row, {}});
    auto& year = table.exceptions_[line->day.year()];
    if (year.empty()) year.resize(366, plain);
    std::int8_t& exception = year[day_of_year(line->day)];
    if (exception != plain) {
      return error(errc::repeated_day, {to_string(line->day)}, {std::move(file), {}, row, "date"});
    }
    exception = line->exception;
  }
  return table;
}

bool working_days::has_year(int year) const { return exceptions_.contains(year); }

int working_days::first_year() const {
  return exceptions_.empty() ? 0 : exceptions_.begin()->first;
}

int working_days::last_year() const {
  return exceptions_.empty() ? 0 : exceptions_.rbegin()->first;
}

result<bool> working_days::is_working_day(date d) const {
  const auto year = exceptions_.find(d.year());
  if (year == exceptions_.end()) return not_loaded(d.year());
  return is_working(year->second, d);
}

result<date> working_days::due(date from, int n) const {
  LIXIN_ASSERT(n >= 1);
  date d = from;
  auto year = exceptions_.end();
  for (int left = n; left > 0;) {
    d = d + 1;
    const int number = d.year();
    if (year == exceptions_.end() || year->first != number) {
      year = exceptions_.find(number);
      if (year == exceptions_.end()) return not_loaded(number);
    }
    left -= is_working(year->second, d) ? 1 : 0;
  }
  return d;
}

result<bool> working_days::is_late(date from, int n, date on) const {
  LIXIN_ASSERT(n >= 1);
  if (on - from <= n) return false;
  LIXIN_TRY(const date last, due(from, n));
  return on > last;
}

}  // namespace lixin::calendar
