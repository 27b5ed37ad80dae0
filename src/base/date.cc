#include "base/date.h"

#include <fmt/format.h>

namespace lixin {
namespace {
constexpr std::chrono::hours city_offset{8};
}

std::string to_string(date d) {
  const auto ymd = d.ymd();
  return fmt::format("{:04}-{:02}-{:02}", int(ymd.year()), unsigned(ymd.month()),
                     unsigned(ymd.day()));
}

date clock::today() const {
  const auto local = std::chrono::floor<std::chrono::days>(now() + city_offset);
  return date(static_cast<std::int32_t>(local.time_since_epoch().count()));
}

std::chrono::system_clock::time_point system_clock::now() const {
  return std::chrono::system_clock::now();
}

std::chrono::system_clock::time_point fixed_clock::now() const {
  return std::chrono::sys_days(std::chrono::days(today_.days)) + std::chrono::hours(12) -
         city_offset;
}

}  // namespace lixin
