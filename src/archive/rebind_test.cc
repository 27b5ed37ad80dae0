// Records that were bound to the wrong subject: what both archives show, and what hand-ins,
// withdrawals and events make of a record that went elsewhere.
#include <fmt/format.h>

#include <algorithm>

#include "archive/testing.h"

namespace lixin::archive::testing {
namespace {

using policy::caller_kind;
using policy::event_kind;
using policy::record_status;

class rebind_test : public archive_fixture {
 protected:
  void SetUp() override {
    officer.register_all({{"甲公司", credit_code(1)},
                          {"乙公司", credit_code(2)},
                          {"丙公司", credit_code(3)},
                          {"丁机构", credit_code(4, "12")}});
  }
  static penalty of(int n, const std::string& document, const std::string& facts = "事实一") {
    return {.document = document, .code = credit_code(n), .facts = facts};
  }
  subject_id id(int n) { return must(registry::subject_named(officer.db(), credit_code(n))).id; }
  record_name at(int n, const record_name& r) { return {id(n), r.record}; }
  // "document vN facts", "gone" behind what went, for what the caller may see of the subject.
  strings seen(int n, caller_kind who, std::optional<position> known_at = {}) {
    const auto packs = officer.packs().at(officer.clock().today(), officer.head());
    strings out;
    for (const record_view& v : must(
             records_of(officer.db(), officer.packs(), id(n), known_at.value_or(officer.head())))) {
      const catalogue::dataset& d = *packs->find_dataset(v.dataset);
      const policy::caller caller{who, who == caller_kind::source_authority ? trial_authority : ""};
      if (d.registers ||
          !policy::may_see_record(facts_now(v), d, v.authority, caller, officer.clock().today()))
        continue;
      out.push_back(fmt::format("{} v{} {}{}", v.document, v.version, v.value("CF_SY"),
                                v.went() != nullptr ? " gone" : ""));
    }
    std::ranges::sort(out);
    return out;
  }
};

TEST_F(rebind_test, a_record_goes_to_the_right_subject_with_its_number) {
  const record_name r = officer.record_of(officer.penalise({of(1, "罚1")}), 2);
  const position before = officer.head();
  const auto done = must(officer.rebind(r, credit_code(2)));
  EXPECT_FALSE(done.already);
  EXPECT_EQ(done.at.value, before.value + 1);
  EXPECT_EQ(done.now.record, r.record);
  EXPECT_EQ(done.now.subject, id(2));
  EXPECT_EQ(officer.head().value, before.value + 2);

  EXPECT_EQ(seen(2, caller_kind::centre), strings{"罚1 v2 事实一"});
  EXPECT_EQ(seen(1, caller_kind::centre), strings{"罚1 v2 事实一 gone"});
  const record_view there = officer.view(done.now);
  const record_view here = officer.view(r);
  ASSERT_NE(there.came(), nullptr);
  EXPECT_EQ(there.came()->other, id(1));
  EXPECT_EQ(there.came()->source.reason, "示例理由");
  EXPECT_EQ(there.went(), nullptr);
  ASSERT_NE(here.went(), nullptr);
  EXPECT_EQ(here.went()->other, id(2));
  EXPECT_EQ(there.batch, here.batch);
  EXPECT_EQ(there.row_number, here.row_number);
  EXPECT_TRUE(there.name_differs);

  // What followers are told: the ends go along; what is left is purged with the rest.
  const auto told = must(journal::read_after(officer.db(), before, 2));
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].what.subject, id(2));
  EXPECT_EQ(told[0].what.kind, journal::kind::record_moved);
  EXPECT_TRUE(told[0].what.public_until.has_value());
  EXPECT_TRUE(told[0].what.purge_at.has_value());
  EXPECT_EQ(told[1].what.subject, id(1));
  EXPECT_FALSE(told[1].what.public_until.has_value());
  EXPECT_EQ(told[1].what.purge_at, told[0].what.purge_at);
}

// What was wrong about the old subject is seen there by nobody but the centre and the source, in no
// view of the past either.
TEST_F(rebind_test, who_sees_what_at_the_old_place_and_the_new) {
  const record_name r = officer.record_of(officer.penalise({of(1, "罚1")}), 2);
  const position before = officer.head();
  EXPECT_EQ(seen(1, caller_kind::everyone), strings{"罚1 v1 事实一"});
  must(officer.rebind(r, credit_code(2)));
  for (const caller_kind who : {caller_kind::everyone, caller_kind::subject_itself,
                                caller_kind::consent_holder, caller_kind::admin}) {
    EXPECT_EQ(seen(1, who), strings{}) << code_of(who);
    EXPECT_EQ(seen(1, who, before), strings{}) << code_of(who);
    EXPECT_EQ(seen(2, who, before), strings{}) << code_of(who);
  }
  for (const caller_kind who : {caller_kind::centre, caller_kind::source_authority}) {
    EXPECT_EQ(seen(1, who), strings{"罚1 v2 事实一 gone"}) << code_of(who);
    EXPECT_EQ(seen(1, who, before), strings{"罚1 v1 事实一"}) << code_of(who);
  }
  EXPECT_EQ(seen(2, caller_kind::everyone), strings{"罚1 v2 事实一"});
  EXPECT_EQ(seen(2, caller_kind::subject_itself), strings{"罚1 v2 事实一"});
  // The new place comes first: at the position between, nothing is lost.
  const position between(before.value + 1);
  EXPECT_EQ(seen(2, caller_kind::centre, between), strings{"罚1 v2 事实一"});
  EXPECT_EQ(seen(1, caller_kind::centre, between), strings{"罚1 v1 事实一"});
}

TEST_F(rebind_test, again_says_already_and_back_is_a_move_of_its_own) {
  const record_name r = officer.record_of(officer.penalise({of(1, "罚1")}), 2);
  const auto first = must(officer.rebind(r, credit_code(2)));
  const position head = officer.head();
  const auto again = must(officer.rebind(r, credit_code(2)));
  EXPECT_TRUE(again.already);
  EXPECT_EQ(again.at, first.at);
  EXPECT_EQ(again.now.subject, id(2));
  EXPECT_EQ(officer.head(), head);
  EXPECT_EQ(refused_as(officer.rebind(r, credit_code(3))), "archive.record_moved");
  EXPECT_EQ(refused_as(officer.rebind(first.now, credit_code(2))), "archive.rebind_to_itself");

  must(officer.rebind(first.now, credit_code(1)));
  EXPECT_EQ(seen(1, caller_kind::everyone), strings{"罚1 v3 事实一"});
  EXPECT_EQ(seen(2, caller_kind::everyone), strings{});
  EXPECT_TRUE(must(officer.rebind(first.now, credit_code(1))).already);
  must(officer.rebind(r, credit_code(3)));
  must(officer.rebind(at(3, r), credit_code(2)));
  EXPECT_EQ(seen(2, caller_kind::everyone), strings{"罚1 v5 事实一"});
  EXPECT_EQ(seen(2, caller_kind::centre), strings{"罚1 v5 事实一"});
  EXPECT_EQ(officer.view(first.now).moves.size(), 3u);
}

TEST_F(rebind_test, disputes_and_repairs_go_along) {
  const record_name r = officer.record_of(
      officer.penalise({{.document = "罚1", .code = credit_code(1), .decided = "2025-01-10"}}), 2);
  must(officer.event(r, event_kind::dispute, "异1", date(2026, 11, 1)));
  const auto moved = must(officer.rebind(r, credit_code(2)));
  const auto status = [&](const record_name& n) {
    return policy::status_of(officer.view(n).facts, trial_today, officer.head());
  };
  EXPECT_EQ(status(moved.now), record_status::disputed);
  must(officer.event(moved.now, event_kind::dispute_settled, "异2", date(2026, 11, 2)));
  must(officer.event(moved.now, event_kind::repair, "修1", date(2026, 11, 3)));
  EXPECT_EQ(status(moved.now), record_status::repaired);
  // At the old place nothing more happens; what happened there is said to have.
  EXPECT_EQ(refused_as(officer.event(r, event_kind::dispute, "异3", date(2026, 11, 4))),
            "archive.record_moved");
  EXPECT_TRUE(must(officer.event(r, event_kind::dispute, "异1", date(2026, 11, 1))).already);
  EXPECT_EQ(officer.view(r).facts.events.size(), 1u);
  // Back again it stays repaired, each event once.
  must(officer.rebind(moved.now, credit_code(1)));
  EXPECT_EQ(status(r), record_status::repaired);
  EXPECT_EQ(officer.view(r).facts.events.size(), 3u);
  EXPECT_EQ(seen(1, caller_kind::everyone), strings{});
  EXPECT_EQ(seen(1, caller_kind::subject_itself), strings{"罚1 v3 逾期未公示年度报告"});
}

TEST_F(rebind_test, rows_meet_the_record_where_it_went) {
  const record_name r = officer.record_of(officer.penalise({of(1, "罚1", "事实一")}), 2);
  officer.penalise({of(1, "罚1", "事实二")});
  must(officer.rebind(r, credit_code(2)));
  const strings changed{"pending archive.counterpart_changed"};
  // For the old subject: the same content is unchanged, any other waits.
  const batch_id same = officer.penalise({of(1, "罚1", "事实二"), of(1, "号", "事实")});
  EXPECT_EQ(officer.fates(same), (strings{"unchanged v3 name-differs", "accepted name-differs"}));
  EXPECT_EQ(officer.record_of(same, 2).subject, id(2));
  EXPECT_EQ(officer.fates(officer.penalise({of(1, "罚1", "事实三")})), changed);
  EXPECT_EQ(officer.fates(officer.penalise({of(1, "罚1", "事实一"), of(1, "号1")})),
            (strings{"pending archive.counterpart_changed", "accepted name-differs"}));
  // For one that never had it: it waits, whatever it says.
  EXPECT_EQ(officer.fates(officer.penalise({of(3, "罚1", "事实二")})), changed);
  // For the new subject: a correction, and after that what it said first would take it back.
  EXPECT_EQ(officer.fates(officer.penalise({of(2, "罚1", "事实二")})),
            strings{"corrected v4 name-differs"});
  EXPECT_EQ(officer.fates(officer.penalise({of(2, "罚1", "事实五")})),
            strings{"corrected v5 name-differs"});
  EXPECT_EQ(officer.fates(officer.penalise({of(2, "罚1", "事实二"), of(2, "号2")})),
            (strings{"pending archive.would_revert", "accepted name-differs"}));
  // Back at the first one, the contents of all places count.
  must(officer.rebind(at(2, r), credit_code(1)));
  EXPECT_EQ(officer.fates(officer.penalise({of(1, "罚1", "事实一"), of(1, "号3")})),
            (strings{"pending archive.would_revert", "accepted name-differs"}));
}

TEST_F(rebind_test, a_withdrawal_follows_the_record) {
  const batch_id a = officer.penalise({of(1, "罚1", "事实一"), of(1, "罚2", "事实一")});
  const batch_id b = officer.penalise({of(1, "罚1", "事实二")});
  const record_name r = officer.record_of(a, 2);
  must(officer.rebind(r, credit_code(2)));
  const auto w = officer.withdraw(b);
  EXPECT_EQ(w.restored, 1);
  EXPECT_EQ(seen(2, caller_kind::everyone), strings{"罚1 v4 事实一"});
  EXPECT_EQ(seen(1, caller_kind::everyone), strings{"罚2 v1 事实一"});
  must(officer.rebind(at(2, r), credit_code(3)));
  const auto last = officer.withdraw(a);
  EXPECT_EQ(last.withdrawn, 2);
  EXPECT_EQ(seen(3, caller_kind::everyone), strings{});
  EXPECT_EQ(officer.view(at(3, r)).facts.change, policy::record_change::withdrawn);
  EXPECT_EQ(officer.view(at(3, r)).version, 6);
  EXPECT_EQ(refused_as(officer.rebind(at(3, r), credit_code(1))), "archive.rebind_withdrawn");
  // The document is free again, for the subject where it stood and for any other.
  EXPECT_EQ(officer.fates(officer.penalise({of(3, "罚1", "事实六")})),
            strings{"accepted v7 name-differs"});
}

TEST_F(rebind_test, a_document_whose_record_ended_elsewhere_is_free) {
  const batch_id a = officer.penalise({of(1, "罚1", "事实一")});
  must(officer.rebind(officer.record_of(a, 2), credit_code(2)));
  officer.withdraw(a);
  const batch_id b = officer.penalise({of(1, "罚1", "事实二")});
  EXPECT_EQ(officer.fates(b), strings{"accepted name-differs"});
  EXPECT_NE(officer.record_of(b, 2).record, officer.record_of(a, 2).record);
}

TEST_F(rebind_test, what_the_rules_refuse) {
  const batch_id registered = officer.register_all({{"戊公司", credit_code(5)}});
  const record_name r = officer.record_of(officer.penalise({of(1, "罚1")}), 2);
  EXPECT_EQ(refused_as(officer.rebind(r, credit_code(1))), "archive.rebind_to_itself");
  EXPECT_EQ(refused_as(officer.rebind(r, credit_code(9))), "registry.subject_unknown");
  EXPECT_EQ(refused_as(officer.rebind({id(1), record_id(999'999)}, credit_code(2))),
            "archive.no_such_record");
  EXPECT_EQ(refused_as(officer.rebind(officer.record_of(registered, 2), credit_code(2))),
            "archive.rebind_registration");
  rebind_request request{r, credit_code(2), officer.source()};
  request.source.reason.clear();
  EXPECT_EQ(refused_as(rebind_record(officer.context(), request)), "archive.reason_missing");
  request.source = officer.source("officer");
  EXPECT_EQ(refused_as(rebind_record(officer.context(), request)), "archive.second_person_same");
}

TEST_F(rebind_test, an_entry_of_an_adverse_list_takes_two_persons) {
  const batch_id b =
      officer.hand_in("procurement-bad-record", procurement_entries({{"采1", credit_code(1)}}))
          .batch.id;
  const record_name r = officer.record_of(b, 2);
  EXPECT_EQ(refused_as(officer.rebind(r, credit_code(2))), "archive.second_person_missing");
  EXPECT_EQ(refused_as(officer.rebind(r, credit_code(2), "officer")), "archive.second_person_same");
  const auto done = must(officer.rebind(r, credit_code(2), "chief"));
  EXPECT_EQ(officer.view(done.now).came()->source.approved_by, "chief");
  EXPECT_EQ(officer.view(r).went()->source.approved_by, "chief");
}

// By a code of a duplicate the record goes to the duplicate itself: exact when the tie ends.
TEST_F(rebind_test, the_owner_of_the_code_gets_the_record_also_when_it_is_a_duplicate) {
  must(officer.alias(credit_code(3), credit_code(2)));
  const record_name r = officer.record_of(officer.penalise({of(1, "罚1")}), 2);
  EXPECT_EQ(must(officer.rebind(r, credit_code(3))).now.subject, id(3));
  // Within a group it can go to the main subject too.
  must(officer.rebind(at(3, r), credit_code(2)));
  EXPECT_EQ(seen(2, caller_kind::everyone), strings{"罚1 v3 事实一"});
  EXPECT_EQ(seen(3, caller_kind::everyone), strings{});
}

}  // namespace
}  // namespace lixin::archive::testing
