// Civil dates of the city's calendar, as days since 1970-01-01, and the clock that says "today".
// Arithmetic is proleptic Gregorian. Parsing of what people type is in calendar/parse.h.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>

namespace lixin {

struct date {
  std::int32_t days = 0;

  constexpr date() = default;
  constexpr explicit date(std::int32_t d) : days(d) {}
  constexpr date(std::chrono::year_month_day ymd)
      : days(static_cast<std::int32_t>(std::chrono::sys_days(ymd).time_since_epoch().count())) {}
  constexpr date(int y, unsigned m, unsigned d)
      : date(std::chrono::year(y) / std::chrono::month(m) / std::chrono::day(d)) {}

  constexpr std::chrono::year_month_day ymd() const {
    return std::chrono::year_month_day(std::chrono::sys_days(std::chrono::days(days)));
  }
  constexpr int year() const { return int(ymd().year()); }
  constexpr auto operator<=>(const date&) const = default;
};

constexpr date operator+(date d, int n) { return date(d.days + n); }
constexpr date operator-(date d, int n) { return date(d.days - n); }
constexpr int operator-(date a, date b) { return a.days - b.days; }

// The same day of the month n months on, or the month's last day where there is no such day
// (2026-01-31 + 1 month = 2026-02-28). n may be negative.
constexpr date add_months(date d, int n) {
  const auto ymd = d.ymd();
  const auto month = ymd.year() / ymd.month() + std::chrono::months(n);
  const auto last = (month / std::chrono::last).day();
  return date(month / (ymd.day() < last ? ymd.day() : last));
}

// ISO 8601, "2026-11-24".
std::string to_string(date d);

// Where "now" comes from. The program makes one at start; tests and rehearsals set it.
class clock {
 public:
  virtual ~clock() = default;
  virtual std::chrono::system_clock::time_point now() const = 0;
  // The civil date in the city's time zone (Asia/Shanghai: UTC+8, no daylight saving since 1991).
  virtual date today() const;
};

class system_clock : public clock {
 public:
  std::chrono::system_clock::time_point now() const override;
};

// Stands at one day's noon, city time.
class fixed_clock : public clock {
 public:
  explicit fixed_clock(date today) : today_(today) {}
  std::chrono::system_clock::time_point now() const override;
  date today() const override { return today_; }

 private:
  date today_;
};

}  // namespace lixin
