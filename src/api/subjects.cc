// GET /subjects/{code} and its history.
#include <limits>

#include "api/body.h"
#include "api/errc.h"
#include "api/parts.h"
#include "api/subject_view.h"
#include "identity/personal.h"
#include "measure/answer.h"
#include "measure/errc.h"

namespace lixin::api {
namespace {

// "Known at" is for those who keep records, not for the public (DESIGN: who may see what).
bool may_ask_known_at(const policy::caller& who) {
  return who.kind == policy::caller_kind::centre ||
         who.kind == policy::caller_kind::source_authority;
}

result<http::response> show(parts& p, const caller& who, http::request& r, bool history) {
  LIXIN_CHECK(check_parameters(r, {"as_of", "known_at"}));
  subject_request q{.code = std::string(r.placeholder("code")),
                    .viewer = who.sees(),
                    .today = p.now.today(),
                    .history = history};
  if (identity::identity_cell(q.code) != identity::personal_number::none) {
    return measure::reason_of(measure::code_layer::personal_number);
  }
  LIXIN_TRY(q.as_of, day_parameter(r, "as_of"));
  if (r.parameter("known_at")) {
    if (!may_ask_known_at(q.viewer)) return error(measure::errc::known_at_not_public);
    LIXIN_TRY(const auto at,
              number_parameter(r, "known_at", 0, 0, std::numeric_limits<std::int64_t>::max()));
    q.known_at = position(at);
  }
  LIXIN_TRY(auto desk, p.desks.take());
  LIXIN_TRY(const auto view, open_subject(desk->db(), desk->packs(), q));
  return http::response::json(subject_json(view, false));
}

constexpr access::role_set sees_records{access::role::data_officer, access::role::centre,
                                        access::role::checker, access::role::auditor};

}  // namespace

std::vector<endpoint> subject_endpoints() {
  return {
      {.method = http::method::get,
       .pattern = "/api/v1/subjects/{code}",
       .name = "subject",
       .roles = {},
       .handler = [](parts& p, const caller& who,
                     http::request& r) { return show(p, who, r, false); }},
      {.method = http::method::get,
       .pattern = "/api/v1/subjects/{code}/history",
       .name = "subject-history",
       .roles = sees_records,
       .handler = [](parts& p, const caller& who,
                     http::request& r) { return show(p, who, r, true); }},
  };
}

}  // namespace lixin::api
