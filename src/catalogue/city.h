// A city's settings: its authorities, divisions and working-day calendar, read from a folder of CSV
// sheets (cities/<city>/, and calendar.csv there or beside the city folders).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "calendar/working_days.h"
#include "pg/pg.h"

namespace lixin::catalogue {

struct city_settings {
  struct authority {
    std::string code, title_zh, title_en, credit_code, division;
  };
  struct division {
    std::string code, title_zh, title_en;
  };
  // A number that the city chooses (settings.csv, which may be missing), with its basis.
  struct setting {
    std::string name, value, basis, basis_status;
  };
  std::vector<setting> settings;
  std::vector<authority> authorities;
  std::vector<division> divisions;
  std::string calendar;         // the CSV as it stands
  calendar::working_days days;  // the same, parsed
};

// Every fault of every sheet with its place; settings are usable when there is none.
struct city_check {
  city_settings settings;
  std::vector<error> faults;
};
city_check read_city(const std::string& folder);

// Inside the caller's transaction: adds and renames authorities and divisions, never removes one
// (records may cite it); keeps the calendar as a new sheet when it differs from the newest.
result<void> save_city(pg::connection& c, const city_settings& s, std::string_view actor,
                       std::chrono::system_clock::time_point now);

// What save_city() kept, the calendar as the newest sheet has it; errc::no_calendar when none is
// loaded.
result<city_settings> load_city(pg::connection& c);
// A setting that save_city() kept; none when the city says nothing of it.
result<std::optional<std::int64_t>> setting_number(pg::connection& c, std::string_view name);
// The newest calendar; errc::no_calendar when none is loaded.
result<calendar::working_days> load_calendar(pg::connection& c);

}  // namespace lixin::catalogue
