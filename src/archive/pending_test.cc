// Pending rows: every decision, and every one that is refused.
#include "archive/pending.h"

#include <fmt/format.h>

#include "archive/errc.h"
#include "archive/testing.h"

namespace lixin::archive::testing {
namespace {

class pending_test : public archive_fixture {
 protected:
  result<decide_outcome> decide(batch_id b, std::uint64_t row, decide_request r) {
    r.batch = b;
    r.row = row;
    if (r.actor.empty()) r.actor = "centre";
    return decide_pending(officer.context(), r);
  }
  std::vector<pending_row> pending(const pending_filter& f = {}) {
    return must(list_pending(officer.context(), f));
  }
  std::string counts(batch_id b) {
    const auto c = must(find_batch(officer.db(), b)).counts;
    return fmt::format("{} {} {} {} {} {} late {}", c[fate::accepted], c[fate::unchanged],
                       c[fate::corrected], c[fate::pending], c[fate::sealed], c[fate::refused],
                       c.late);
  }
  // Company n has a credit code and a registration number.
  void registered(int n, const std::string& name) {
    officer.register_all({{name, credit_code(n), registration_number(n)}});
  }
};

TEST_F(pending_test, bound_by_its_own_codes_once_the_registration_is_in) {
  const batch_id b = officer.penalise(
      {{.document = "罚1", .code = credit_code(1), .name = "甲公司", .decided = "2026-01-05"}});
  EXPECT_EQ(officer.fates(b), (strings{"pending archive.subject_unknown"}));
  EXPECT_EQ(refused_as(decide(b, 2, {.bind = true})), "archive.still_pending");
  registered(1, "甲公司（新名）");
  officer.clock().move_to(date(2026, 12, 24));
  const auto done = must(decide(b, 2, {.bind = true}));
  EXPECT_EQ(done.what, fate::accepted);
  EXPECT_EQ(done.version, 1);
  EXPECT_EQ(officer.fates(b), (strings{"accepted late name-differs"}));
  EXPECT_EQ(counts(b), "1 0 0 0 0 0 late 1");
  const auto view = officer.view(officer.record_of(b, 2));
  EXPECT_EQ(view.handed_in_on, trial_today);  // as at hand-in, not as decided
  EXPECT_EQ(view.batch, b);
  EXPECT_EQ(view.row_number, 2U);
  EXPECT_EQ(view.value("CF_XDR_MC"), "甲公司");

  const position before = officer.head();
  const auto again = must(decide(b, 2, {.bind = true}));
  EXPECT_TRUE(again.already);
  EXPECT_EQ(again.record, done.record);
  EXPECT_EQ(officer.head(), before);
  EXPECT_EQ(refused_as(decide(b, 2, {.reject = true, .reason = "误"})), "archive.row_not_pending");

  EXPECT_EQ(officer.withdraw(b).withdrawn, 1);
  EXPECT_EQ(officer.view(officer.record_of(b, 2)).facts.change, policy::record_change::withdrawn);
}

// What a decision stores is what the hand-in would have stored: terms, class, digest and flags.
TEST_F(pending_test, a_decided_row_is_as_if_it_had_been_accepted_at_once) {
  const std::vector<penalty> rows{
      {.document = "罚1", .code = credit_code(1), .name = "甲公司", .decided = "2026-11-02"},
      {.document = "罚2", .code = credit_code(1), .name = "乙公司", .level = "严重"}};
  const auto stored = [](desk& d) {
    return d.text(
        "SELECT string_agg(concat_ws(' ', v.row_number, v.version, v.change, v.handed_in_on, "
        "v.decided_on, v.valid_from, v.valid_to, v.publicity_class, v.class_source, v.is_late, "
        "v.name_differs, v.content_digest, v.content, j.kind, j.public_until, j.effective_until, "
        "j.purge_at), E'\\n' ORDER BY v.row_number) FROM record_version v JOIN journal j USING "
        "(position) WHERE j.batch_id = (SELECT max(batch_id) FROM batch WHERE dataset_id = (SELECT "
        "dataset_id FROM dataset WHERE code = 'penalty'))");
  };
  const batch_id late = officer.penalise(rows);
  registered(1, "甲公司");
  officer.clock().move_to(date(2027, 3, 1));
  for (const std::uint64_t row : {2U, 3U}) must(decide(late, row, {.bind = true}));
  trial_city other_city;
  desk other(other_city);
  other.register_all({{"甲公司", credit_code(1), registration_number(1)}});
  other.penalise(rows);
  EXPECT_EQ(stored(officer), stored(other));
}

TEST_F(pending_test, a_code_and_a_second_fact_bind) {
  registered(1, "甲公司");
  officer.register_all({{"甲公司（新名）", credit_code(1), registration_number(1)}});
  const batch_id b = officer.penalise({
      {.document = "罚1", .code = credit_code(9), .name = "甲公司"},
      {.document = "罚2", .code = credit_code(9), .name = "甲公司"},
      {.document = "罚3", .code = credit_code(8), .name = "甲（公司）（新名）"},
  });
  const std::string code = credit_code(1);
  EXPECT_EQ(refused_as(decide(b, 2, {.bind = true, .code = code})), "archive.fact_missing");
  EXPECT_EQ(refused_as(decide(b, 2, {.bind = true, .fact = "甲公司"})), "archive.fact_missing");
  for (const std::string& wrong :
       {std::string("乙公司"), code, organisation_code(1), registration_number(1),
        std::string("甲公司（新名）"), std::string("（")}) {
    EXPECT_EQ(refused_as(decide(b, 2, {.bind = true, .code = code, .fact = wrong})),
              "archive.fact_not_held")
        << wrong;
  }
  EXPECT_EQ(refused_as(decide(b, 2, {.bind = true, .code = credit_code(7), .fact = "甲公司"})),
            "registry.subject_unknown");
  EXPECT_EQ(refused_as(decide(b, 2, {.bind = true, .code = "甲公司", .fact = "甲公司"})),
            "registry.code_invalid");
  EXPECT_EQ(counts(b), "0 0 0 3 0 0 late 0");
  const auto done = must(decide(b, 2, {.bind = true, .code = code, .fact = "甲公司"}));
  EXPECT_EQ(done.what, fate::accepted);
  EXPECT_TRUE(must(decide(b, 2, {.bind = true, .code = code, .fact = "甲公司"})).already);
  EXPECT_EQ(officer.view(must(parse_record_name(done.record))).subject.value,
            officer.number("SELECT subject_id FROM subject"));
  // The memory of it binds nothing.
  EXPECT_EQ(officer.fates(
                officer.penalise({{.document = "罚4", .code = credit_code(9), .name = "甲公司"}})),
            (strings{"pending archive.subject_unknown"}));
}

TEST_F(pending_test, codes_of_two_subjects_are_decided_for_one_of_them) {
  registered(1, "甲公司");
  registered(2, "乙公司");
  registered(3, "丙公司");
  const auto row = [](const std::string& document) {
    return penalty{.document = document,
                   .code = credit_code(1),
                   .name = "丙公司",
                   .registration_number = registration_number(2)};
  };
  const batch_id b = officer.penalise({row("罚1"), row("罚2")});
  EXPECT_EQ(officer.fates(b), (strings(2, "pending archive.subject_ambiguous")));
  EXPECT_EQ(refused_as(decide(b, 2, {.bind = true})), "archive.still_pending");
  // The name alone fits the third company, but the row's codes are other companies'.
  EXPECT_EQ(refused_as(decide(b, 2, {.bind = true, .code = credit_code(3), .fact = "丙公司"})),
            "archive.bind_elsewhere");
  EXPECT_EQ(
      refused_as(decide(b, 2, {.bind = true, .code = credit_code(1), .fact = credit_code(1)})),
      "archive.fact_not_held");
  EXPECT_EQ(
      must(decide(b, 2, {.bind = true, .code = credit_code(2), .fact = registration_number(2)}))
          .what,
      fate::accepted);
  EXPECT_EQ(officer.view(officer.record_of(b, 2)).subject.value,
            officer.number("SELECT subject_id FROM subject WHERE name = '乙公司'"));
}

TEST_F(pending_test, a_registration_is_never_added_to_another_credit_code) {
  registered(1, "甲公司");
  const batch_id b = officer.register_all({{"甲公司", credit_code(2), registration_number(1)}});
  EXPECT_EQ(officer.fates(b), (strings{"pending archive.subject_ambiguous"}));
  EXPECT_EQ(refused_as(decide(
                b, 2, {.bind = true, .code = credit_code(1), .fact = registration_number(1)})),
            "archive.bind_second_code");
  must(decide(b, 2, {.reject = true, .reason = "代码有误"}));
  EXPECT_EQ(counts(b), "0 0 0 0 0 1 late 0");
}

class counterpart_test : public pending_test {
 protected:
  void SetUp() override {
    registered(1, "甲公司");
    registered(2, "乙公司");
    first = officer.penalise({{.document = "罚1", .code = credit_code(1), .name = "甲公司"}});
    old = officer.record_of(first, 2);
    second = officer.penalise({{.document = "罚1", .code = credit_code(2), .name = "乙公司"}});
    EXPECT_EQ(officer.fates(second), (strings{"pending archive.counterpart_changed"}));
  }
  bool stands(const record_name& n) {
    return officer.view(n).facts.change != policy::record_change::withdrawn;
  }
  batch_id first, second;
  record_name old;
};

TEST_F(counterpart_test, replaces_takes_the_record_over) {
  EXPECT_EQ(refused_as(decide(second, 2, {.bind = true})), "archive.still_pending");
  EXPECT_EQ(refused_as(decide(second, 2, {.accept = true})), "archive.still_pending");
  const auto done = must(decide(second, 2, {.replaces = true}));
  EXPECT_EQ(done.what, fate::accepted);
  EXPECT_EQ(counts(second), "1 0 0 0 0 0 late 0");
  EXPECT_FALSE(stands(old));
  EXPECT_TRUE(stands(officer.record_of(second, 2)));
  // The document is the new counterpart's from now on.
  EXPECT_EQ(
      officer.fates(officer.penalise(
          {{.document = "罚1", .code = credit_code(2), .name = "乙公司", .facts = "另一事实"}})),
      (strings{"corrected v2"}));
  EXPECT_EQ(officer.fates(officer.penalise(
                {{.document = "罚1", .code = credit_code(1), .name = "甲公司", .facts = "又报"}})),
            (strings{"pending archive.counterpart_changed"}));
}

TEST_F(counterpart_test, withdrawing_the_hand_in_gives_the_document_back) {
  must(decide(second, 2, {.replaces = true}));
  const auto w = officer.withdraw(second);
  EXPECT_EQ(w.withdrawn, 1);
  EXPECT_EQ(w.restored, 1);
  EXPECT_TRUE(stands(old));
  EXPECT_EQ(officer.fates(
                officer.penalise({{.document = "罚1", .code = credit_code(1), .name = "甲公司"},
                                  {.document = "罚9", .code = credit_code(1), .name = "甲公司"}})),
            (strings{"unchanged v3", "accepted"}));
}

// Given back, the record remembers what it said before: a content from then is still the older one.
TEST_F(counterpart_test, a_record_given_back_goes_on_where_it_was) {
  auto say = [&, file = 0](const std::string& facts) mutable {
    penalty p{.document = "罚1", .code = credit_code(1), .name = "甲公司", .facts = facts};
    penalty other = p;  // so that each file is another one
    other.document = fmt::format("罚9{}", ++file);
    return officer.fates(officer.penalise({p, other}))[0];
  };
  EXPECT_EQ(say("事实二"), "corrected v2");
  must(decide(second, 2, {.replaces = true}));
  officer.withdraw(second);
  EXPECT_EQ(say("事实三"), "corrected v5");
  EXPECT_EQ(say("事实二"), "pending archive.would_revert");
  EXPECT_EQ(say(penalty().facts), "pending archive.would_revert");
}

TEST_F(counterpart_test, what_was_taken_back_meanwhile_does_not_come_back) {
  must(decide(second, 2, {.replaces = true}));
  officer.withdraw(first);
  EXPECT_EQ(officer.withdraw(second).restored, 0);
  EXPECT_FALSE(stands(old));
}

TEST_F(counterpart_test, nothing_is_left_to_replace) {
  officer.withdraw(first);
  EXPECT_EQ(refused_as(decide(second, 2, {.replaces = true})), "archive.decision_not_asked");
  EXPECT_EQ(must(decide(second, 2, {.bind = true})).what, fate::accepted);
}

TEST_F(counterpart_test, another_party_of_the_document) {
  for (const int n : {-1, 1, party_ordinal_max + 1}) {
    EXPECT_EQ(refused_as(decide(second, 2, {.another_party = n})), "archive.party_number_bad");
  }
  EXPECT_EQ(must(decide(second, 2, {.another_party = 2})).what, fate::accepted);
  const auto view = officer.view(officer.record_of(second, 2));
  EXPECT_EQ(view.party_ordinal, 2);
  EXPECT_EQ(view.value("LX_DSRXH"), "2");
  EXPECT_TRUE(stands(old));
  // Handed in with its ordinal, the row is the same.
  EXPECT_EQ(officer.fates(officer.penalise(
                {{.document = "罚1", .code = credit_code(2), .name = "乙公司", .ordinal = "2"}})),
            (strings{"unchanged"}));
  // The place of the second party is taken.
  registered(3, "丙公司");
  const batch_id third =
      officer.penalise({{.document = "罚1", .code = credit_code(3), .name = "丙公司"}});
  EXPECT_EQ(refused_as(decide(third, 2, {.another_party = 2})), "archive.still_pending");
  EXPECT_EQ(must(decide(third, 2, {.another_party = 3})).what, fate::accepted);
}

// What is replaced is where the record stands by now.
TEST_F(counterpart_test, a_record_that_moved_is_taken_over_and_comes_back) {
  registered(3, "丙公司");
  const record_name now = must(officer.rebind(old, credit_code(3))).now;
  EXPECT_EQ(must(decide(second, 2, {.replaces = true})).what, fate::accepted);
  EXPECT_FALSE(stands(now));
  officer.withdraw(second);
  EXPECT_TRUE(stands(now));
}

TEST_F(pending_test, duplicates_of_one_subject_are_that_subject) {
  registered(1, "甲公司");
  registered(2, "甲公司");
  const auto row = [](const std::string& document) {
    return penalty{.document = document,
                   .code = credit_code(1),
                   .name = "甲公司",
                   .registration_number = registration_number(2)};
  };
  const batch_id b = officer.penalise({row("罚1"), row("罚2")});
  EXPECT_EQ(officer.fates(b), (strings(2, "pending archive.subject_ambiguous")));
  must(officer.alias(credit_code(2), credit_code(1)));
  EXPECT_EQ(must(decide(b, 2, {.bind = true})).what, fate::accepted);
  // By a code of the duplicate; the second fact is the row's code of the other.
  EXPECT_EQ(must(decide(b, 3, {.bind = true, .code = credit_code(2), .fact = credit_code(1)})).what,
            fate::accepted);
  EXPECT_EQ(officer.view(officer.record_of(b, 3)).subject.value,
            officer.number("SELECT subject_id FROM identifier_key WHERE value = '" +
                           credit_code(2) + "'"));
}

TEST_F(pending_test, an_older_content_stands_again_only_when_accepted) {
  registered(1, "甲公司");
  const penalty old{.document = "罚1", .code = credit_code(1), .name = "甲公司", .facts = "旧"};
  penalty corrected = old;
  corrected.facts = "新";
  officer.penalise({old});
  officer.penalise({corrected});
  const batch_id b = officer.penalise({old, {.document = "罚2", .code = credit_code(9)}});
  EXPECT_EQ(officer.fates(b),
            (strings{"pending archive.would_revert", "pending archive.subject_unknown"}));
  EXPECT_EQ(refused_as(decide(b, 2, {.another_party = 2})), "archive.decision_not_asked");
  EXPECT_EQ(refused_as(decide(b, 2, {.bind = true})), "archive.still_pending");
  EXPECT_EQ(must(decide(b, 2, {.accept = true})).what, fate::corrected);
  EXPECT_EQ(officer.fates(b)[0], "corrected v3");
  EXPECT_EQ(officer.view(officer.record_of(b, 2)).value("CF_SY"), "旧");
  EXPECT_EQ(officer.withdraw(b).restored, 1);
  EXPECT_EQ(officer.view(officer.record_of(b, 2)).value("CF_SY"), "新");
  EXPECT_EQ(refused_as(decide(b, 3, {.bind = true})), "archive.batch_taken_back");
}

// The row was pending while the document was handed in again: the older one needs a word.
TEST_F(pending_test, a_newer_hand_in_is_not_undone_unasked) {
  const penalty row{.document = "罚1", .code = credit_code(1), .name = "甲公司", .facts = "先报"};
  penalty newer = row;
  newer.facts = "后报";
  const batch_id b = officer.penalise({row});
  registered(1, "甲公司");
  officer.penalise({newer});
  EXPECT_EQ(refused_as(decide(b, 2, {.bind = true})), "archive.still_pending");
  EXPECT_EQ(must(decide(b, 2, {.bind = true, .accept = true})).what, fate::corrected);
}

TEST_F(pending_test, a_rejected_row_says_why_and_is_remembered) {
  const penalty row{.document = "罚1", .code = credit_code(1), .name = "甲公司"};
  const batch_id b = officer.penalise({row});
  EXPECT_EQ(refused_as(decide(b, 2, {.reject = true})), "archive.reason_missing");
  EXPECT_EQ(refused_as(decide(b, 2, {.reject = true, .reason = "身份证" + resident_number(1)})),
            "archive.personal_number_in_text");
  EXPECT_EQ(refused_as(decide(b, 2, {.reject = true, .reason = std::string(501, 'x')})),
            "archive.decision_text_too_long");
  EXPECT_EQ(must(decide(b, 2, {.reject = true, .reason = "查无此公司"})).what, fate::refused);
  EXPECT_EQ(officer.fates(b),
            (strings{"refused archive.pending_rejected archive.subject_unknown"}));
  EXPECT_NE(officer.rows(b)[0].reasons[0].zh.find("查无此公司"), std::string::npos);
  EXPECT_FALSE(officer.rows(b)[0].cells.empty());  // to be mended and handed in again
  EXPECT_TRUE(must(decide(b, 2, {.reject = true, .reason = "查无此公司"})).already);
  EXPECT_TRUE(pending().empty());

  const batch_id again = officer.penalise({row, {.document = "罚2", .code = credit_code(1)}});
  const auto rows = pending();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].batch, again);
  EXPECT_EQ(rows[0].rejected_batch, b);
  EXPECT_EQ(rows[0].rejected_row, 2U);
  EXPECT_EQ(rows[1].rejected_row, 0U);
}

TEST_F(pending_test, a_persons_row_can_only_be_rejected) {
  officer.penalise({{.document = "罚1", .name = "示例人甲", .person = resident_number(1)}});
  const batch_id b =
      officer.penalise({{.document = "罚1", .name = "示例人乙", .person = resident_number(2)}});
  EXPECT_EQ(officer.fates(b), (strings{"pending archive.counterpart_changed"}));
  const auto rows = pending();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_FALSE(rows[0].has_content);
  EXPECT_EQ(rows[0].document + rows[0].name, "");
  for (const decide_request& r : {decide_request{.bind = true}, decide_request{.replaces = true},
                                  decide_request{.another_party = 2}}) {
    EXPECT_EQ(refused_as(decide(b, 2, r)), "archive.pending_no_content");
  }
  EXPECT_EQ(must(decide(b, 2, {.reject = true, .reason = "请重新报送"})).what, fate::refused);
  EXPECT_EQ(counts(b), "0 0 0 0 0 1 late 0");
}

TEST_F(pending_test, an_entry_of_an_adverse_list_takes_two_persons) {
  const auto b = officer
                     .hand_in("procurement-bad-record",
                              procurement_entries({{.document = "采1", .code = credit_code(1)},
                                                   {.document = "采2", .code = credit_code(1)}}))
                     .batch.id;
  registered(1, "示例公司");
  const auto bind = [&](const char* who, std::uint64_t row = 2) {
    return decide(b, row, {.bind = true, .actor = who});
  };
  EXPECT_EQ(refused_as(decide(b, 2, {.withdraw_proposal = true})), "archive.no_proposal");
  EXPECT_TRUE(pending()[0].two_persons);
  EXPECT_TRUE(must(bind("first")).proposed);
  const auto again = must(bind("first"));
  EXPECT_TRUE(again.proposed && again.already);
  EXPECT_EQ(counts(b), "0 0 0 2 0 0 late 0");
  ASSERT_TRUE(pending()[0].proposal);
  EXPECT_EQ(pending()[0].proposal->by, "first");

  // Another content takes its place, and then is the one that a second person must confirm.
  const decide_request named{
      .bind = true, .code = credit_code(1), .fact = "示例公司", .actor = "second"};
  EXPECT_TRUE(must(decide(b, 2, named)).proposed);
  EXPECT_EQ(pending()[0].proposal->subject_code, credit_code(1));
  EXPECT_TRUE(must(bind("second")).proposed);
  EXPECT_TRUE(
      must(decide(b, 2, {.withdraw_proposal = true, .actor = "second"})).proposal_withdrawn);
  EXPECT_FALSE(pending()[0].proposal);
  EXPECT_TRUE(must(bind("second")).proposed);
  const auto done = must(bind("first"));
  EXPECT_FALSE(done.proposed);
  EXPECT_EQ(done.what, fate::accepted);
  EXPECT_TRUE(must(bind("second")).already);
  EXPECT_EQ(officer.text("SELECT string_agg(state || proposed_by || coalesce(decided_by, ''), ' ' "
                         "ORDER BY decision_number) FROM pending_decision"),
            "3firstsecond 3secondsecond 4secondsecond 2secondfirst");
  // Rejecting takes one.
  EXPECT_EQ(must(decide(b, 3, {.reject = true, .reason = "误"})).what, fate::refused);
  EXPECT_EQ(counts(b), "1 0 0 0 0 1 late 0");
}

TEST_F(pending_test, a_decision_must_be_clear) {
  const batch_id b = officer.penalise({{.document = "罚1", .code = credit_code(1)}});
  const decide_request unclear[] = {
      {},
      {.bind = true, .reject = true, .reason = "误"},
      {.reject = true, .withdraw_proposal = true, .reason = "误"},
      {.replaces = true, .another_party = 2},
      {.code = credit_code(1), .fact = "甲公司", .replaces = true},
  };
  for (const decide_request& r : unclear) {
    EXPECT_EQ(refused_as(decide(b, 2, r)), "archive.decision_unclear");
  }
  EXPECT_EQ(refused_as(decide(b, 1, {.bind = true})), "archive.no_such_row");
  EXPECT_EQ(refused_as(decide(batch_id(99), 2, {.bind = true})), "archive.no_such_batch");
  EXPECT_EQ(refused_as(decide(b, 2, {.bind = true, .actor = resident_number(1)})),
            "archive.personal_number_in_text");
}

TEST_F(pending_test, the_list_can_be_narrowed_and_paged) {
  registered(1, "甲公司");
  officer.penalise({{.document = "罚1", .code = credit_code(1), .name = "甲公司"}});
  const batch_id b = officer.penalise({{.document = "罚2", .code = credit_code(8), .name = "子"},
                                       {.document = "罚3", .code = credit_code(9), .name = "丑"}});
  registered(2, "乙公司");
  const batch_id c =
      officer.penalise({{.document = "罚1", .code = credit_code(2), .name = "乙公司"}});
  const auto all = pending();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].document, "罚2");
  EXPECT_EQ(all[1].name, "丑");
  EXPECT_EQ(all[2].batch, c);
  EXPECT_EQ(all[0].reasons[0].code, "archive.subject_unknown");
  EXPECT_EQ(pending({.reason = "archive.counterpart_changed"}).size(), 1U);
  EXPECT_EQ(pending({.dataset = "penalty", .authority = trial_authority}).size(), 3U);
  EXPECT_EQ(pending({.dataset = "registration"}).size(), 0U);
  EXPECT_EQ(pending({.authority = "fayuan"}).size(), 0U);
  const auto next = pending({.after_batch = b, .after_row = 2, .limit = 1});
  ASSERT_EQ(next.size(), 1U);
  EXPECT_EQ(next[0].row, 3U);
  officer.withdraw(b);
  EXPECT_EQ(pending().size(), 1U);
}

}  // namespace
}  // namespace lixin::archive::testing
