#include "measure/check.h"

#include <fmt/format.h>

#include "lixin/commands.h"
#include "lixin/errc.h"
#include "text/json.h"

namespace lixin {
namespace {

int code_for(measure::outcome o) {
  switch (o) {
    case measure::outcome::unknown_subject:
      return exit_code(failure::not_found);
    case measure::outcome::invalid_code:
      return exit_code(failure::unusable_input);
    default:
      return done;
  }
}

// The same receipt always prints the same bytes, in either form.
void print_answer(const app& a, const measure::checked& c, const std::string& receipt) {
  if (a.json()) {
    std::string out;
    text::json_writer json(out);
    json.begin_object().key("answer").raw(c.bytes).member("receipt", receipt).end_object();
    fmt::print("{}\n", out);
    return;
  }
  fmt::print("{}", measure::answer_text(c.answer, a.lang()));
  a.print("回执：{}\n", "Receipt: {}\n", receipt);
}

}  // namespace

result<int> check(app& a, const check_options& o) {
  if (!o.file.empty() || !o.out.empty()) return check_file(a, o);
  const bool by_receipt = !o.receipt.empty() && o.code.empty() && o.matter.empty();
  const bool by_code = o.receipt.empty() && !o.code.empty() && !o.matter.empty();
  if (!by_receipt && !by_code) return error(errc::needs_code_or_receipt);
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(catalogue::store * packs, a.packs());
  LIXIN_TRY(const crypto::key_file* keys, a.keys());
  LIXIN_TRY(auto viewer, viewer_named(o.viewer));
  const date today = a.now().today();
  const measure::asking by{a.actor(), std::move(viewer), today, a.now().now()};
  if (by_receipt) {
    LIXIN_TRY(const auto c, measure::check_receipt(*db, *packs, *keys, o.receipt, by));
    print_answer(a, c, o.receipt);
    return code_for(c.answer.outcome);
  }
  measure::request r{.code = o.code, .matter = o.matter, .by = by};
  LIXIN_TRY(r.as_of, date_named("--as-of", o.as_of, today));
  if (!o.known_at.empty()) {
    LIXIN_TRY(r.known_at, position_named(*db, o.known_at));
  }
  LIXIN_TRY(const auto c, measure::check(*db, *packs, *keys, r));
  print_answer(a, c, c.receipt);
  return code_for(c.answer.outcome);
}

}  // namespace lixin
