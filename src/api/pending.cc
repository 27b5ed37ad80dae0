// Pending rows: what waits for a person, and what a person decides.
#include "api/body.h"
#include "api/errc.h"
#include "api/parts.h"
#include "api/pending_json.h"
#include "archive/errc.h"

namespace lixin::api {
namespace {

using access::role;

constexpr std::uint64_t decision_bytes_max = 16 * 1024;
constexpr std::int64_t page_max = 500;
constexpr access::role_set decides{role::data_officer, role::centre};

result<http::response> list(parts& p, const caller& who, http::request& r) {
  LIXIN_CHECK(check_parameters(r, {"dataset", "authority", "reason", "after", "limit"}));
  archive::pending_filter f{.dataset = text_parameter(r, "dataset"),
                            .authority = text_parameter(r, "authority"),
                            .reason = text_parameter(r, "reason")};
  if (!who.roles().has(role::centre)) {
    if (f.authority.empty()) f.authority = who.authority();
    LIXIN_CHECK(may_act_for(who, f.authority));
  }
  LIXIN_TRY(const auto limit, number_parameter(r, "limit", 50, 1, page_max));
  f.limit = static_cast<int>(limit) + 1;
  if (const std::string after = text_parameter(r, "after");
      !after.empty() && !read_row_name(after, f)) {
    return error(errc::member_wrong, {"after", "上一页的 next", "the `next` of the page before"},
                 {.column = "after"});
  }
  LIXIN_TRY(auto desk, p.desks.take());
  LIXIN_TRY(const auto context, desk->context());
  LIXIN_TRY(auto rows, archive::list_pending(context, f));
  const bool more = rows.size() > static_cast<std::size_t>(limit);
  if (more) rows.pop_back();
  std::string out;
  text::json_writer json(out);
  json.begin_object().key("rows").begin_array();
  for (const auto& row : rows) write_pending(json, row);
  json.end_array().key("next");
  more ? json.string(row_name(rows.back())) : json.null();
  json.end_object();
  return http::response::json(std::move(out));
}

result<archive::decide_request> read_decision(const http::request& r) {
  LIXIN_TRY(auto body, body_reader::of(r));
  archive::decide_request q;
  LIXIN_TRY(q.bind, body.flag("bind"));
  LIXIN_TRY(q.code, body.optional_text("code"));
  LIXIN_TRY(q.fact, body.optional_text("fact"));
  LIXIN_TRY(q.replaces, body.flag("replaces"));
  LIXIN_TRY(const auto party, body.optional_number("another_party", archive::party_ordinal_max));
  q.another_party = static_cast<int>(party);
  LIXIN_TRY(q.accept, body.flag("accept"));
  LIXIN_TRY(q.reject, body.flag("reject"));
  LIXIN_TRY(q.withdraw_proposal, body.flag("withdraw_proposal"));
  LIXIN_TRY(q.reason, body.optional_text("reason"));
  LIXIN_CHECK(body.end());
  return q;
}

// Two persons decide about entries of adverse lists, so both must be persons.
result<http::response> decide(parts& p, const caller& who, http::request& r) {
  LIXIN_CHECK(check_person(who));
  LIXIN_TRY(auto q, read_decision(r));
  q.batch = batch_id(path_number(r, "batch"));
  q.row = static_cast<std::uint64_t>(path_number(r, "row"));
  q.actor = who.actor();
  LIXIN_TRY(auto desk, p.desks.take());
  LIXIN_TRY(const auto batch, archive::find_batch(desk->db(), q.batch));
  LIXIN_CHECK(may_act_for(who, batch.authority));
  LIXIN_TRY(const auto context, desk->context());
  LIXIN_TRY(const auto outcome, archive::decide_pending(context, q));
  std::string out;
  text::json_writer json(out);
  write_outcome(json, q.row, outcome);
  return http::response::json(std::move(out));
}

}  // namespace

std::vector<endpoint> pending_endpoints() {
  return {
      {.method = http::method::get,
       .pattern = "/api/v1/pending",
       .name = "pending",
       .roles = decides,
       .handler = list},
      {.method = http::method::post,
       .pattern = "/api/v1/batches/{batch}/rows/{row}/decision",
       .name = "decision",
       .roles = decides,
       .handler = decide,
       .body_bytes_max = decision_bytes_max},
  };
}

}  // namespace lixin::api
