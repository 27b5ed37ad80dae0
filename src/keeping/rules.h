// Which pack versions rule: whoever looks at dates keeps the ids by which it looked, and looks at
// everything again when they are others. Private to keeping.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "archive/import.h"
#include "base/date.h"
#include "catalogue/catalogue.h"

namespace lixin::keeping {

// The pack versions in force on a day as loaded by now, as PostgreSQL writes an array ("{3,5}").
std::string rules_of(const archive::import_context& x, date on);

// The packs of such a text.
std::shared_ptr<const catalogue::catalogue> catalogue_of(const archive::import_context& x,
                                                         std::string_view rules);

// The civil day of a time in the city (UTC+8).
date city_day(std::chrono::system_clock::time_point t);

}  // namespace lixin::keeping
