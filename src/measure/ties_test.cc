// Checks of subjects that were registered twice, succeeded each other, or bore another's record:
// who is barred, in every view of the past, and what receipts answer afterwards.
#include <gtest/gtest.h>

#include "archive/testing.h"
#include "measure/check.h"
#include "measure/check_testing.h"

namespace lixin::measure {
namespace {

using archive::testing::credit_code;
using archive::testing::desk;
using archive::testing::must;
using archive::testing::trial_today;
using policy::caller_kind;

class ties_test : public archive::testing::archive_fixture {
 protected:
  void SetUp() override {
    officer.register_all(
        {{"甲公司", credit_code(1)}, {"乙公司", credit_code(2)}, {"丙公司", credit_code(3)}});
    batch_ = officer
                 .hand_in("procurement-bad-record",
                          archive::testing::procurement_entries({{"采1", credit_code(2)}}))
                 .batch.id;
    entry_ = officer.record_of(batch_, 2);
  }
  asking by(caller_kind kind) {
    return {"沧州市公共资源交易中心", {kind, ""}, trial_today, officer.clock().now()};
  }
  checked ask(int n, caller_kind kind = caller_kind::everyone,
              std::optional<position> known_at = {}) {
    return must(check(officer.db(), officer.packs(), keys_.get(),
                      {credit_code(n), "procurement.bid", trial_today, known_at, by(kind)}));
  }
  outcome of(int n, std::optional<position> known_at = {}) {
    return ask(n, known_at ? caller_kind::centre : caller_kind::everyone, known_at).answer.outcome;
  }
  checked again(const checked& first, caller_kind kind = caller_kind::everyone) {
    return must(check_receipt(officer.db(), officer.packs(), keys_.get(), first.receipt, by(kind)));
  }

  testing::trial_keys keys_;
  batch_id batch_;
  archive::record_name entry_;
};

TEST_F(ties_test, a_duplicate_bars_the_one_subject_and_its_end_frees_it) {
  const position before = officer.head();
  const checked clear = ask(1);
  const checked barred = ask(2);
  ASSERT_EQ(clear.answer.outcome, outcome::clear);
  ASSERT_EQ(barred.answer.outcome, outcome::barred);
  must(officer.tie(registry::link_kind::alias, credit_code(2), credit_code(1), "chief"));
  const position tied = officer.head();

  const checked main = ask(1);
  const checked by_duplicate = ask(2);
  EXPECT_EQ(main.answer.outcome, outcome::barred);
  EXPECT_EQ(main.answer.subject->duplicate_of, "");
  EXPECT_EQ(by_duplicate.answer.outcome, outcome::barred);
  EXPECT_EQ(by_duplicate.answer.subject->name, "甲公司");
  EXPECT_EQ(by_duplicate.answer.subject->duplicate_of, credit_code(1));
  EXPECT_NE(by_duplicate.bytes.find("\"duplicate_of\":\"" + credit_code(1)), std::string::npos);
  EXPECT_NE(answer_text(by_duplicate.answer, language::zh).find("重复登记"), std::string::npos);
  EXPECT_EQ(main.bytes.find("duplicate_of"), std::string::npos);
  EXPECT_EQ(of(1, before), outcome::clear);
  EXPECT_EQ(of(2, before), outcome::barred);
  // What was answered before stays what it was.
  EXPECT_EQ(again(clear).bytes, clear.bytes);
  EXPECT_EQ(again(barred).bytes, barred.bytes);
  EXPECT_EQ(again(main).bytes, main.bytes);

  must(officer.tie(registry::link_kind::alias_ended, credit_code(2), credit_code(1), "chief"));
  EXPECT_EQ(of(1), outcome::clear);
  EXPECT_EQ(of(2), outcome::barred);
  EXPECT_EQ(of(1, tied), outcome::barred);
  EXPECT_EQ(of(1, before), outcome::clear);
  EXPECT_EQ(again(clear).bytes, clear.bytes);
  EXPECT_EQ(again(barred).bytes, barred.bytes);
  EXPECT_EQ(again(by_duplicate).bytes, by_duplicate.bytes);
  // The entry is somebody else's now, so the answer that cites it is not given out again.
  EXPECT_EQ(again(main).answer.outcome, outcome::content_ended);
}

TEST_F(ties_test, a_moved_entry_bars_the_right_subject) {
  const position before = officer.head();
  const checked wrong = ask(2);
  const checked right = ask(3);
  must(officer.rebind(entry_, credit_code(3), "chief"));
  const position moved = officer.head();
  EXPECT_EQ(of(2), outcome::clear);
  EXPECT_EQ(of(3), outcome::barred);
  EXPECT_EQ(of(2, before), outcome::barred);
  EXPECT_EQ(of(3, before), outcome::clear);
  EXPECT_EQ(of(2, moved), outcome::clear);
  EXPECT_EQ(of(3, moved), outcome::barred);
  EXPECT_EQ(again(right).bytes, right.bytes);
  EXPECT_EQ(again(wrong).answer.outcome, outcome::content_ended);
  EXPECT_EQ(again(wrong, caller_kind::centre).answer.outcome, outcome::content_ended);
  // In the world it was never the old subject's.
  const auto earlier = must(check(officer.db(), officer.packs(), keys_.get(),
                                  {credit_code(3), "procurement.bid", date(2026, 10, 20),
                                   std::nullopt, by(caller_kind::everyone)}));
  EXPECT_EQ(earlier.answer.outcome, outcome::barred);

  const checked at_right = ask(3);
  must(officer.rebind(
      {must(registry::subject_named(officer.db(), credit_code(3))).id, entry_.record},
      credit_code(2), "chief"));
  EXPECT_EQ(of(2), outcome::barred);
  EXPECT_EQ(of(3), outcome::clear);
  EXPECT_EQ(of(3, moved), outcome::barred);
  EXPECT_EQ(again(wrong).bytes, wrong.bytes);
  EXPECT_EQ(again(at_right).answer.outcome, outcome::content_ended);
  officer.withdraw(batch_);
  EXPECT_EQ(of(2), outcome::clear);
}

TEST_F(ties_test, a_move_within_a_group_leaves_the_answer_as_it_was) {
  must(officer.tie(registry::link_kind::alias, credit_code(2), credit_code(1), "chief"));
  const checked first = ask(1);
  must(officer.rebind(entry_, credit_code(1), "chief"));
  const checked later = ask(1);
  ASSERT_EQ(later.answer.measures.size(), 1u);
  EXPECT_EQ(later.answer.measures[0].entries.size(), 1u);
  EXPECT_EQ(later.answer.measures[0].entries[0].version, 2);
  EXPECT_EQ(again(first).bytes, first.bytes);
}

TEST_F(ties_test, nothing_adverse_follows_a_succession) {
  const checked before = ask(1, caller_kind::centre);
  for (const auto form : {registry::succession_form::merger, registry::succession_form::division}) {
    must(officer.tie(registry::link_kind::succession, credit_code(2), credit_code(1), "", form));
  }
  const checked after = ask(1, caller_kind::centre);
  EXPECT_EQ(after.answer.outcome, outcome::clear);
  EXPECT_EQ(ask(1, caller_kind::centre, before.answer.known_at).bytes, before.bytes);
  EXPECT_TRUE(after.answer.measures.empty());
  EXPECT_TRUE(after.answer.without_effect.empty());
  EXPECT_EQ(of(2), outcome::barred);
}

}  // namespace
}  // namespace lixin::measure
