// GET /changes: the journal, for those who keep a copy.
#include <limits>

#include "api/body.h"
#include "api/change_json.h"
#include "api/parts.h"

namespace lixin::api {
namespace {

constexpr std::int64_t page_max = 10'000;

result<http::response> changes(parts& p, const caller&, http::request& r) {
  LIXIN_CHECK(check_parameters(r, {"after", "limit"}));
  LIXIN_TRY(const auto after,
            number_parameter(r, "after", 0, 0, std::numeric_limits<std::int64_t>::max()));
  LIXIN_TRY(const auto limit, number_parameter(r, "limit", 1000, 1, page_max));
  LIXIN_TRY(auto desk, p.desks.take());
  LIXIN_TRY(const auto entries,
            journal::read_after(desk->db(), position(after), static_cast<int>(limit)));
  std::string out;
  text::json_writer json(out);
  json.begin_object().key("changes").begin_array();
  for (const auto& e : entries) write_change(json, e);
  // Where to go on, also when nothing is new: it never moves back and leaves nothing out.
  json.end_array()
      .member("next", entries.empty() ? after : entries.back().at.value)
      .member("more", static_cast<std::int64_t>(entries.size()) == limit)
      .end_object();
  return http::response::json(std::move(out));
}

}  // namespace

std::vector<endpoint> change_endpoints() {
  return {{.method = http::method::get,
           .pattern = "/api/v1/changes",
           .name = "changes",
           .roles = {access::role::centre, access::role::auditor},
           .handler = changes}};
}

}  // namespace lixin::api
