#include "tabular/number_format.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/date.h"

namespace lixin::tabular {

bool is_builtin_date_format(std::uint32_t id) {
  return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
         (id >= 50 && id <= 58);
}

bool is_date_format(std::string_view code) {
  for (std::size_t i = 0; i < code.size(); ++i) {
    const char c = code[i];
    if (c == '"' || c == '[') {
      i = code.find(c == '"' ? '"' : ']', i + 1);
      if (i == std::string_view::npos) return false;
    } else if (c == '\\' || c == '_' || c == '*') {
      ++i;
    } else if (c == 'y' || c == 'Y' || c == 'd' || c == 'D') {
      return true;
    } else if (const auto rest = code.substr(i);
               rest.starts_with("年") || rest.starts_with("月") || rest.starts_with("日")) {
      return true;
    }
  }
  return false;
}

std::string number_text(double value) {
  if (value == 0) return "0";
  constexpr double plain_max = 1e15;
  char digits[64];
  const double size = std::fabs(value);
  if (size < plain_max && std::trunc(value) == value) {
    return std::to_string(static_cast<std::int64_t>(value));
  }
  // To 15 digits and back: what a spreadsheet shows for 0.1 + 0.2 is 0.3. Digits of a large whole
  // number are never given up: it may be an identifier.
  if (size < plain_max) {
    const auto rounded =
        std::to_chars(digits, digits + sizeof digits, value, std::chars_format::scientific, 14);
    std::from_chars(digits, rounded.ptr, value);
  }
  const bool plain = size < plain_max && size >= 1e-6;
  const auto shortest =
      std::to_chars(digits, digits + sizeof digits, value,
                    plain ? std::chars_format::fixed : std::chars_format::scientific);
  std::string text(digits, shortest.ptr);
  if (const std::size_t e = text.find('e'); e != std::string::npos) text[e] = 'E';
  return text;
}

std::optional<std::string> date_text(double serial, bool date1904) {
  constexpr double last_serial = 2958466;  // the day after 9999-12-31
  constexpr std::int64_t day_s = 86400;
  if (!(serial >= 0 && serial < last_serial) || (!date1904 && serial == 0)) return std::nullopt;
  auto day = static_cast<std::int32_t>(serial);
  auto second = std::llround((serial - day) * static_cast<double>(day_s));
  if (second == day_s) {
    ++day;
    second = 0;
  }
  const std::string time =
      fmt::format("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
  if (!date1904 && day == 0) return time;
  std::string text;
  if (date1904) {
    text = to_string(date(1904, 1, 1) + day);
  } else if (day == 60) {
    text = "1900-02-29";
  } else {
    text = to_string(date(1899, 12, day < 60 ? 31 : 30) + day);
  }
  if (text.size() > 10) return std::nullopt;  // past 9999
  return second == 0 ? text : text + " " + time;
}

}  // namespace lixin::tabular
