#include "keeping/rules.h"

#include <charconv>
#include <limits>

namespace lixin::keeping {

std::string rules_of(const archive::import_context& x, date on) {
  constexpr position everything{std::numeric_limits<std::int64_t>::max()};
  std::string out;
  for (const pack_version_id id : x.packs.versions_at(on, everything)) {
    out += (out.empty() ? "" : ",") + std::to_string(id.value);
  }
  return "{" + out + "}";
}

std::shared_ptr<const catalogue::catalogue> catalogue_of(const archive::import_context& x,
                                                         std::string_view rules) {
  std::vector<std::shared_ptr<const catalogue::pack>> packs;
  for (std::size_t at = 1; at < rules.size();) {
    std::int32_t id = 0;
    const auto read = std::from_chars(rules.data() + at, rules.data() + rules.size(), id);
    if (read.ec != std::errc()) break;
    if (x.packs.entry(pack_version_id(id)) != nullptr) {
      packs.push_back(x.packs.by_id(pack_version_id(id)));
    }
    at = static_cast<std::size_t>(read.ptr - rules.data()) + 1;
  }
  return std::make_shared<const catalogue::catalogue>(std::move(packs));
}

date city_day(std::chrono::system_clock::time_point t) {
  const auto day = std::chrono::floor<std::chrono::days>(t + std::chrono::hours(8));
  return date(static_cast<std::int32_t>(day.time_since_epoch().count()));
}

}  // namespace lixin::keeping
