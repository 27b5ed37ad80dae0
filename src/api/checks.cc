// POST /checks, /checks/batch, /checks/receipt.
#include <fmt/format.h>

#include "api/body.h"
#include "api/errc.h"
#include "api/parts.h"
#include "journal/journal.h"
#include "measure/batch.h"
#include "measure/errc.h"

namespace lixin::api {
namespace {

using access::role;

constexpr std::size_t batch_codes_max = 10'000;
constexpr std::uint64_t check_bytes_max = 8 * 1024;
constexpr std::uint64_t batch_bytes_max = 2 * 1024 * 1024;
constexpr access::role_set may_check{role::checker, role::data_officer, role::centre};

struct wanted {
  std::string matter;
  std::optional<date> as_of;
};

result<wanted> read_wanted(body_reader& body, const caller& who) {
  wanted out;
  LIXIN_TRY(out.matter, body.text("matter", "事项代码，GET /api/v1/matters 列出",
                                  "a matter of GET /api/v1/matters"));
  LIXIN_TRY(out.as_of, body.optional_day("as_of"));
  if (!who.covers_matter(out.matter)) {
    // A matter that nobody listed is not repeated: it may be anything.
    return error(errc::matter_not_covered,
                 {"…", fmt::format("{}", fmt::join(who.key->terms.matters, ", "))},
                 {.column = "matter"});
  }
  return out;
}

result<checker::asked> read_check(const caller& who, const http::request& r) {
  LIXIN_TRY(auto body, body_reader::of(r));
  checker::asked out;
  LIXIN_TRY(out.code, body.text("code", "统一社会信用代码", "a unified social credit code"));
  LIXIN_TRY(auto what, read_wanted(body, who));
  LIXIN_CHECK(body.end());
  out.matter = std::move(what.matter);
  out.as_of = what.as_of;
  out.asker = who.actor();
  out.caller = who.sees();
  return out;
}

void check_one(parts& p, const caller& who, http::request& r, http::completion done) {
  auto asked = read_check(who, r);
  if (!asked.ok()) return done(asked.error());
  p.checks.ask(std::move(asked).value(), std::move(done));
}

measure::asking asking_of(const parts& p, const caller& who) {
  return {who.actor(), who.sees(), p.now.today(), p.now.now()};
}

result<http::response> check_many(parts& p, const caller& who, http::request& r) {
  LIXIN_TRY(auto body, body_reader::of(r));
  LIXIN_TRY(const auto codes, body.texts("codes", "统一社会信用代码的数组",
                                         "an array of unified social credit codes"));
  LIXIN_TRY(const auto what, read_wanted(body, who));
  LIXIN_CHECK(body.end());
  if (codes.size() > batch_codes_max) {
    return error(errc::too_many_codes,
                 {fmt::format("{}", batch_codes_max), fmt::format("{}", codes.size())},
                 {.column = "codes"});
  }
  const measure::asking by = asking_of(p, who);
  const date as_of = what.as_of.value_or(by.today);
  if (as_of > by.today) {
    return error(measure::errc::as_of_in_future, {to_string(as_of), to_string(by.today)},
                 {.column = "as_of"});
  }
  LIXIN_CHECK(p.city.check_fresh());
  LIXIN_TRY(auto desk, p.desks.take());
  const auto fresh = p.city.now();  // before the pin, which is at least as new then
  measure::image::reader reader(p.city.states());
  const auto state = reader.get();
  measure::image_source from(*state);
  LIXIN_TRY(const auto q, measure::question::now(*state->packs, by, what.matter, as_of, state->at,
                                                 state->at, from));
  LIXIN_TRY(auto checks, measure::batch_checker::open(q, from, p.keys, by));
  std::string out;
  text::json_writer json(out);
  json.begin_object().key("city").begin_object().member("position", state->at.value);
  json.member("followed_at", journal::to_string(fresh.followed_at)).end_object();
  json.key("answers").begin_array();
  const std::span<const std::string> all(codes);
  for (std::size_t at = 0; at < all.size(); at += measure::batch_checker::codes_max) {
    const auto group =
        all.subspan(at, std::min(measure::batch_checker::codes_max, all.size() - at));
    LIXIN_TRY(const auto answers, checks.check(desk->db(), group));
    for (const auto& x : answers) {
      json.begin_object().key("answer").raw(x.bytes).member("receipt", x.receipt).end_object();
      p.metrics.check(x.answer.outcome);
    }
  }
  json.end_array().end_object();
  return http::response::json(std::move(out));
}

result<http::response> check_receipt(parts& p, const caller& who, http::request& r) {
  LIXIN_TRY(auto body, body_reader::of(r));
  LIXIN_TRY(const std::string receipt, body.text("receipt", "核查回执", "the receipt of a check"));
  LIXIN_CHECK(body.end());
  LIXIN_TRY(auto desk, p.desks.take());
  LIXIN_TRY(const auto checked,
            measure::check_receipt(desk->db(), desk->packs(), p.keys, receipt, asking_of(p, who)));
  std::string out;
  text::json_writer json(out);
  json.begin_object().key("answer").raw(checked.bytes).member("receipt", receipt).end_object();
  return http::response::json(std::move(out));
}

}  // namespace

std::vector<endpoint> check_endpoints() {
  return {
      {.method = http::method::post,
       .pattern = "/api/v1/checks",
       .name = "check",
       .roles = may_check,
       .runs = http::run::deferred,
       .later = check_one,
       .body_bytes_max = check_bytes_max,
       .pace = pace::check},
      {.method = http::method::post,
       .pattern = "/api/v1/checks/batch",
       .name = "check-batch",
       .roles = may_check,
       .handler = check_many,
       .body_bytes_max = batch_bytes_max,
       .pace = pace::heavy},
      {.method = http::method::post,
       .pattern = "/api/v1/checks/receipt",
       .name = "check-receipt",
       .roles = may_check,
       .handler = check_receipt,
       .body_bytes_max = check_bytes_max,
       .pace = pace::check},
  };
}

}  // namespace lixin::api
