#include "calendar/parse.h"

#include <cstddef>
#include <optional>
#include <string>

#include "calendar/errc.h"

namespace lixin::calendar {
namespace {

constexpr std::size_t shown_bytes_max = 60;
constexpr std::string_view year_mark = "年";
constexpr std::string_view month_mark = "月";
constexpr std::string_view day_mark = "日";

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads from the front of a text, or leaves it as it is.
class reader {
 public:
  explicit reader(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  std::size_t digits() const {
    std::size_t n = 0;
    while (n < rest_.size() && is_digit(rest_[n])) ++n;
    return n;
  }
  bool skip(std::string_view mark) {
    if (!rest_.starts_with(mark)) return false;
    rest_.remove_prefix(mark.size());
    return true;
  }
  // Exactly `n` digits; what follows may be digits too.
  int number(std::size_t n) {
    int value = 0;
    for (const char c : rest_.substr(0, n)) value = value * 10 + (c - '0');
    rest_.remove_prefix(n);
    return value;
  }
  // One or two digits that are not part of a longer run.
  std::optional<int> short_number() {
    const std::size_t n = digits();
    if (n < 1 || n > 2) return std::nullopt;
    return number(n);
  }

 private:
  std::string_view rest_;
};

struct parts {
  int year = 0;
  int month = 0;
  int day = 0;
};

std::optional<parts> read_parts(reader& in) {
  const std::size_t run = in.digits();
  if (run == 8) {
    parts p;
    p.year = in.number(4);
    p.month = in.number(2);
    p.day = in.number(2);
    return p;
  }
  if (run != 4) return std::nullopt;
  parts p;
  p.year = in.number(4);
  const bool chinese = in.skip(year_mark);
  std::string_view between = month_mark;
  if (!chinese) {
    between = in.skip("-") ? "-" : in.skip("/") ? "/" : in.skip(".") ? "." : "";
    if (between.empty()) return std::nullopt;
  }
  const auto month = in.short_number();
  if (!month || !in.skip(between)) return std::nullopt;
  const auto day = in.short_number();
  if (!day || (chinese && !in.skip(day_mark))) return std::nullopt;
  p.month = *month;
  p.day = *day;
  return p;
}

enum class rest_of_text { fits, zone, unknown };

bool read_below(reader& in, int limit) {
  const auto value = in.short_number();
  return value && *value < limit;
}

rest_of_text read_time(reader& in) {
  if (in.done()) return rest_of_text::fits;
  if (!in.skip(" ") && !in.skip("T")) return rest_of_text::unknown;
  if (!read_below(in, 24) || !in.skip(":") || !read_below(in, 60)) return rest_of_text::unknown;
  if (in.skip(":")) {
    if (!read_below(in, 60)) return rest_of_text::unknown;
    if (in.skip(".")) {
      const std::size_t fraction = in.digits();
      if (fraction == 0) return rest_of_text::unknown;
      for (std::size_t i = 0; i < fraction; ++i) in.number(1);
    }
  }
  if (in.skip("+08:00") || in.skip("+0800") || in.done()) {
    return in.done() ? rest_of_text::fits : rest_of_text::unknown;
  }
  const bool zone = in.skip("Z") || in.skip("+") || in.skip("-");
  return zone ? rest_of_text::zone : rest_of_text::unknown;
}

// Cells come from outside: what is shown of one is bounded, and cut between signs.
std::string shown(std::string_view text) {
  if (text.size() <= shown_bytes_max) return std::string(text);
  std::size_t end = shown_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return std::string(text.substr(0, end)) + "…";
}

bool looks_like_serial_number(std::string_view text) {
  const reader whole(text);
  const std::size_t run = whole.digits();
  if (run != 5 || text.front() < '1') return false;
  reader fraction(text.substr(run));
  return fraction.done() || (fraction.skip(".") && fraction.digits() > 0);
}

// 05/01/2024, 24-5-1, 24年5月1日
bool looks_like_other_order(std::string_view text) {
  reader in(text);
  if (!in.short_number()) return false;
  if (!in.skip("-") && !in.skip("/") && !in.skip(".") && !in.skip(year_mark)) return false;
  if (!in.short_number()) return false;
  if (!in.skip("-") && !in.skip("/") && !in.skip(".") && !in.skip(month_mark)) return false;
  return in.digits() > 0;
}

error no_date(std::string_view text) {
  if (looks_like_other_order(text)) return error(errc::year_not_first, {shown(text)});
  if (looks_like_serial_number(text)) return error(errc::serial_number, {shown(text)});
  return error(errc::not_a_date, {shown(text)});
}

}  // namespace

result<date> parse_date(std::string_view text) {
  reader in(text);
  const auto p = read_parts(in);
  if (!p) return no_date(text);
  const rest_of_text rest = read_time(in);
  if (rest == rest_of_text::zone) return error(errc::other_time_zone, {shown(text)});
  if (rest == rest_of_text::unknown) return no_date(text);
  if (p->year < 1900 || p->year > 2099) return error(errc::year_out_of_range, {shown(text)});
  const std::chrono::year_month_day ymd(std::chrono::year(p->year),
                                        std::chrono::month(static_cast<unsigned>(p->month)),
                                        std::chrono::day(static_cast<unsigned>(p->day)));
  if (!ymd.ok()) return error(errc::no_such_day, {shown(text)});
  return date(ymd);
}

}  // namespace lixin::calendar
