// Any bytes as a date and as a table of working days.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "calendar/parse.h"
#include "calendar/working_days.h"

using namespace lixin;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = calendar::parse_date(text);
  if (parsed.ok()) {
    LIXIN_ASSERT(parsed->year() >= 1900 && parsed->year() <= 2099);
    LIXIN_ASSERT(*calendar::parse_date(to_string(*parsed)) == *parsed);
  } else {
    LIXIN_ASSERT(!parsed.error().sentence(language::zh).empty());
  }
  const auto days = calendar::working_days::from_csv(text, "fuzz.csv");
  if (!days.ok()) {
    LIXIN_ASSERT(!days.error().text(language::en).empty());
    return 0;
  }
  for (int year = days->first_year(); year != 0 && year <= days->last_year(); ++year) {
    const auto due = days->due(date(year, 1, 1), 20);
    if (due.ok()) LIXIN_ASSERT(*days->is_working_day(*due));
  }
  return 0;
}
