// What Lixin knew at a position and how it stood on a date; and who may see it now.
#include <fmt/format.h>

#include <map>

#include "archive/testing.h"

namespace lixin::archive::testing {
namespace {

using policy::caller_kind;
using policy::event_kind;
using policy::record_status;

class views_test : public archive_fixture {
 protected:
  void SetUp() override { officer.register_all({{"甲公司", credit_code(1)}}); }
  static penalty of(const std::string& document, const std::string& facts) {
    return {.document = document,
            .code = credit_code(1),
            .name = "甲公司",
            .facts = facts,
            .decided = "2026-06-01",
            .level = "一般"};
  }
  std::vector<record_view> penalties_at(subject_id s, position p) {
    auto all = must(records_of(officer.db(), officer.packs(), s, p));
    std::erase_if(all, [](const record_view& v) { return v.dataset != "penalty"; });
    return all;
  }
  bool seen(const record_view& v, caller_kind who) {
    const auto packs = officer.packs().at(officer.clock().today(), officer.head());
    return policy::may_see_record(facts_now(v), *packs->find_dataset(v.dataset), v.authority,
                                  {who, ""}, officer.clock().today());
  }
};

TEST_F(views_test, every_position_and_several_dates) {
  const batch_id a = officer.penalise({of("罚1", "事实一")});
  const record_name n = officer.record_of(a, 2);
  const position first = officer.view(n).at;
  officer.penalise({of("罚1", "事实二")});
  const position second = officer.view(n).at;
  const position disputed = must(officer.event(n, event_kind::dispute, "异1", date(2026, 7, 1))).at;
  const position settled =
      must(officer.event(n, event_kind::dispute_settled, "结1", date(2026, 8, 1))).at;
  const position repaired = must(officer.event(n, event_kind::repair, "修1", date(2026, 10, 1))).at;
  ASSERT_LT(first, second);

  const std::vector<date> days{{2026, 5, 31}, {2026, 6, 1},  {2026, 7, 1}, {2026, 7, 31},
                               {2026, 8, 1},  {2026, 9, 30}, {2026, 10, 1}};
  const auto expected = [&](position p, date d) {
    if (d < date(2026, 6, 1)) return record_status::not_yet;
    if (p >= repaired && d >= date(2026, 10, 1)) return record_status::repaired;
    const bool open = p >= disputed && d >= date(2026, 7, 1);
    const bool over = p >= settled && d >= date(2026, 8, 1);
    return open && !over ? record_status::disputed : record_status::in_force;
  };
  for (std::int64_t p = 0; p <= officer.head().value; ++p) {
    const position at(p);
    const auto found = penalties_at(n.subject, at);
    if (at < first) {
      EXPECT_TRUE(found.empty()) << p;
      continue;
    }
    ASSERT_EQ(found.size(), 1U) << p;
    EXPECT_EQ(found[0].version, at < second ? 1 : 2) << p;
    EXPECT_EQ(found[0].value("CF_SY"), at < second ? "事实一" : "事实二") << p;
    for (const date d : days) {
      EXPECT_EQ(policy::status_of(found[0].facts, d, at), expected(at, d))
          << "known at " << p << ", as of " << to_string(d);
    }
    const auto history = must(history_of(officer.db(), officer.packs(), n.subject, at));
    strings versions;
    for (const record_view& v : history) {
      if (v.dataset != "penalty") continue;
      versions.push_back(fmt::format(
          "v{} {}", v.version, policy::code_of(policy::status_of(v.facts, date(2026, 6, 15), at))));
    }
    EXPECT_EQ(versions,
              at < second ? strings{"v1 in-force"} : (strings{"v1 corrected", "v2 in-force"}))
        << p;
  }
}

TEST_F(views_test, what_is_repaired_is_in_no_past_view_of_everyone) {
  const batch_id a = officer.penalise({of("罚1", "事实一"), of("罚2", "事实一")});
  const record_name n = officer.record_of(a, 2);
  const position before = officer.head();
  const auto seen_by = [&](caller_kind who) {
    strings out;
    for (const record_view& v : penalties_at(n.subject, before)) {
      if (seen(v, who)) out.push_back(v.document);
    }
    return out;
  };
  EXPECT_EQ(seen_by(caller_kind::everyone), (strings{"罚1", "罚2"}));
  must(officer.event(n, event_kind::repair, "修1", date(2026, 10, 1)));
  EXPECT_EQ(seen_by(caller_kind::everyone), strings{"罚2"});
  EXPECT_EQ(seen_by(caller_kind::centre), (strings{"罚1", "罚2"}));
  EXPECT_EQ(seen_by(caller_kind::subject_itself), (strings{"罚1", "罚2"}));
}

TEST_F(views_test, what_is_withdrawn_is_in_no_past_view_of_everyone) {
  const batch_id a = officer.penalise({of("罚1", "事实一")});
  const batch_id b = officer.penalise({of("罚2", "事实一")});
  const position before = officer.head();
  const subject_id s = officer.record_of(a, 2).subject;
  must(officer.event(officer.record_of(a, 2), event_kind::withdraw, "撤1", date(2026, 10, 1)));
  officer.withdraw(b);
  const auto then = penalties_at(s, before);
  ASSERT_EQ(then.size(), 2U);
  for (const record_view& v : then) {
    EXPECT_FALSE(seen(v, caller_kind::everyone)) << v.document;
    EXPECT_FALSE(seen(v, caller_kind::consent_holder)) << v.document;
    EXPECT_TRUE(seen(v, caller_kind::centre)) << v.document;
    // How it stood then is still told to those who may see it.
    EXPECT_EQ(policy::status_of(v.facts, trial_today, before), record_status::in_force);
  }
  for (const record_view& v : must(history_of(officer.db(), officer.packs(), s, before))) {
    EXPECT_EQ(seen(v, caller_kind::everyone), v.dataset == "registration") << v.document;
  }
}

TEST_F(views_test, a_corrected_version_is_in_no_past_view_of_everyone) {
  const batch_id a = officer.penalise({of("罚1", "事实一")});
  const position before = officer.head();
  officer.penalise({of("罚1", "事实二")});
  const subject_id s = officer.record_of(a, 2).subject;
  EXPECT_FALSE(seen(penalties_at(s, before).at(0), caller_kind::everyone));
  EXPECT_TRUE(seen(penalties_at(s, before).at(0), caller_kind::centre));
  EXPECT_TRUE(seen(penalties_at(s, officer.head()).at(0), caller_kind::everyone));
}

TEST_F(views_test, a_record_that_was_taken_back_and_came_again_is_seen_again) {
  officer.withdraw(officer.penalise({of("罚1", "事实一")}));
  const batch_id b = officer.penalise({of("罚1", "事实一")});
  const subject_id s = officer.record_of(b, 2).subject;
  EXPECT_TRUE(seen(penalties_at(s, officer.head()).at(0), caller_kind::everyone));
}

TEST_F(views_test, in_the_order_of_dataset_and_decision) {
  std::vector<penalty> rows{of("罚1", "一"), of("罚2", "二"), of("罚3", "三")};
  rows[1].decided = "2026-07-01";
  rows[2].decided = "2026-05-01";
  const batch_id a = officer.penalise(rows);
  officer.hand_in("procurement-bad-record",
                  procurement_entries({{"采1", credit_code(1), "甲公司"}}));
  strings found;
  for (const record_view& v : must(records_of(officer.db(), officer.packs(),
                                              officer.record_of(a, 2).subject, officer.head()))) {
    found.push_back(v.dataset + " " + v.document);
  }
  EXPECT_EQ(found, (strings{"penalty 罚2", "penalty 罚1", "penalty 罚3",
                            "procurement-bad-record 采1", "registration " + credit_code(1)}));
}

TEST_F(views_test, facts_of_a_list_entry_are_read_back) {
  const batch_id a = officer
                         .hand_in("procurement-bad-record",
                                  procurement_entries({{"采1", credit_code(1), "甲公司"}}))
                         .batch.id;
  const auto v = officer.view(officer.record_of(a, 2));
  EXPECT_EQ(v.facts.decided_on, date(2026, 10, 8));
  EXPECT_EQ(v.facts.notified_on, date(2026, 10, 8));
  EXPECT_EQ(v.facts.effective_on, date(2026, 10, 8));
  EXPECT_EQ(v.facts.valid_to, date(2027, 10, 7));
  EXPECT_TRUE(v.facts.has_remedy);
  EXPECT_EQ(policy::effect_of(v.facts, trial_today, officer.head()), policy::no_effect::none);
}

TEST_F(views_test, the_class_says_where_it_comes_from) {
  std::vector<penalty> rows{of("罚1", "一"), of("罚2", "二"), of("罚3", "三")};
  rows[1].level = "";
  rows[2].level = "";
  rows[2].kind = "警告";
  const batch_id a = officer.penalise(rows);
  const auto one = officer.view(officer.record_of(a, 2));
  EXPECT_TRUE(one.class_handed_in);
  EXPECT_EQ(one.facts.publicity, catalogue::publicity_class::general);
  const auto two = officer.view(officer.record_of(a, 3));
  EXPECT_TRUE(two.facts.class_provisional);
  EXPECT_FALSE(two.class_handed_in);
  EXPECT_EQ(two.facts.publicity, catalogue::publicity_class::general);
  const auto three = officer.view(officer.record_of(a, 4));
  EXPECT_TRUE(three.class_by_rule);
  EXPECT_EQ(three.facts.publicity, catalogue::publicity_class::minor);
  EXPECT_FALSE(seen(three, caller_kind::everyone));
}

}  // namespace
}  // namespace lixin::archive::testing
