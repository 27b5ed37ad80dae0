// Duplicate registrations and successions: what each archive shows at each position, and what a
// hand-in makes of the codes of one group.
#include <fmt/format.h>

#include <algorithm>

#include "archive/testing.h"

namespace lixin::archive::testing {
namespace {

using registry::link_kind;
using registry::succession_form;

class linking_test : public archive_fixture {
 protected:
  void SetUp() override {
    officer.register_all({{"甲公司", credit_code(1), registration_number(1)},
                          {"甲公司（重）", credit_code(2), registration_number(2)},
                          {"丙公司", credit_code(3)},
                          {"丁商行", credit_code(4, "92")}});
  }
  static penalty of(int n, const std::string& document, const std::string& facts = "事实一") {
    return {.document = document, .code = credit_code(n), .facts = facts};
  }
  // "document@subject's code facts", a line for each penalty of the archive that a code names.
  strings archive(const std::string& code, std::optional<position> known_at = {}) {
    const position at = known_at.value_or(officer.head());
    const auto file = must(registry::find_subject(officer.db(), code, at));
    strings out;
    for (const record_view& v :
         must(records_of(officer.db(), officer.packs(), file.group().members(), at))) {
      if (v.dataset != "penalty") continue;
      const auto owner = must(registry::subject_with(officer.db(), v.subject));
      out.push_back(fmt::format("{}@{} {}", v.document, owner.name, v.value("CF_SY")));
    }
    std::ranges::sort(out);
    return out;
  }
};

TEST_F(linking_test, a_duplicate_and_its_main_subject_are_read_as_one) {
  officer.penalise({of(1, "罚1"), of(2, "罚2"), of(3, "罚3")});
  const position before = officer.head();
  const auto done = must(officer.alias(credit_code(2), credit_code(1)));
  EXPECT_FALSE(done.already);
  EXPECT_EQ(done.at.value, before.value + 1);
  EXPECT_EQ(officer.head().value, before.value + 2);

  const strings both{"罚1@甲公司 事实一", "罚2@甲公司（重） 事实一"};
  EXPECT_EQ(archive(credit_code(1)), both);
  EXPECT_EQ(archive(credit_code(2)), both);
  EXPECT_EQ(archive(registration_number(2)), both);
  EXPECT_EQ(archive(credit_code(3)), strings{"罚3@丙公司 事实一"});
  const auto file = must(registry::find_subject(officer.db(), credit_code(2), officer.head()));
  EXPECT_EQ(file.current.name, "甲公司");
  EXPECT_TRUE(file.by_duplicate());
  EXPECT_EQ(file.asked_subject().credit_code, credit_code(2));
  EXPECT_TRUE(file.has({registry::identifier_kind::credit_code, credit_code(2)}));
  const auto main = must(registry::find_subject(officer.db(), credit_code(1), officer.head()));
  EXPECT_FALSE(main.by_duplicate());
  ASSERT_EQ(main.duplicates.size(), 1u);

  // The end of it; the past stays as it was, at every position.
  const position tied = officer.head();
  must(officer.unalias(credit_code(2), credit_code(1)));
  EXPECT_EQ(archive(credit_code(1)), strings{"罚1@甲公司 事实一"});
  EXPECT_EQ(archive(credit_code(2)), strings{"罚2@甲公司（重） 事实一"});
  EXPECT_EQ(archive(credit_code(2), before), strings{"罚2@甲公司（重） 事实一"});
  EXPECT_EQ(archive(credit_code(1), before), strings{"罚1@甲公司 事实一"});
  for (std::int64_t p = before.value + 1; p <= tied.value; ++p) {
    EXPECT_EQ(archive(credit_code(1), position(p)), both) << p;
    EXPECT_EQ(archive(credit_code(2), position(p)), both) << p;
  }
}

TEST_F(linking_test, the_same_again_says_already_and_changes_nothing) {
  const auto first = must(officer.alias(credit_code(2), credit_code(1)));
  const position head = officer.head();
  const auto again = must(officer.alias(credit_code(2), credit_code(1)));
  EXPECT_TRUE(again.already);
  EXPECT_EQ(again.at, first.at);
  EXPECT_EQ(officer.head(), head);
  const auto end = must(officer.unalias(credit_code(2), credit_code(1)));
  EXPECT_FALSE(end.already);
  EXPECT_EQ(must(officer.unalias(credit_code(2), credit_code(1))).at, end.at);
  EXPECT_FALSE(must(officer.alias(credit_code(2), credit_code(1))).already);
}

TEST_F(linking_test, what_the_rules_refuse) {
  EXPECT_EQ(refused_as(officer.alias(credit_code(1), registration_number(1))),
            "registry.link_to_itself");
  EXPECT_EQ(refused_as(officer.alias(credit_code(4, "92"), credit_code(1))),
            "registry.alias_kinds_differ");
  EXPECT_EQ(refused_as(officer.alias(credit_code(9), credit_code(1))), "registry.subject_unknown");
  EXPECT_EQ(refused_as(officer.unalias(credit_code(2), credit_code(1))), "registry.no_such_alias");
  must(officer.alias(credit_code(2), credit_code(1)));
  EXPECT_EQ(refused_as(officer.alias(credit_code(2), credit_code(3))), "registry.alias_of_another");
  EXPECT_EQ(refused_as(officer.alias(credit_code(3), credit_code(2))), "registry.alias_of_alias");
  EXPECT_EQ(refused_as(officer.alias(credit_code(1), credit_code(3))),
            "registry.alias_has_aliases");
  EXPECT_EQ(refused_as(officer.unalias(credit_code(1), credit_code(2))), "registry.no_such_alias");
  EXPECT_EQ(refused_as(officer.tie(link_kind::succession, credit_code(2), credit_code(1), "",
                                   succession_form::merger)),
            "registry.succession_in_group");
  for (const char* part : {"document", "reason", "actor"}) {
    tie_request r{link_kind::alias, credit_code(3), credit_code(1), succession_form::none,
                  officer.source()};
    (part == std::string_view("document") ? r.source.document
     : part == std::string_view("reason") ? r.source.reason
                                          : r.source.actor) = "";
    EXPECT_EQ(refused_as(tie_subjects(officer.context(), r)), "archive.reason_missing") << part;
  }
  tie_request late{link_kind::alias, credit_code(3), credit_code(1), succession_form::none,
                   officer.source()};
  late.source.happened_on = trial_today + 1;
  EXPECT_EQ(refused_as(tie_subjects(officer.context(), late)), "archive.event_in_future");
  late.source.happened_on = trial_today;
  late.source.authority = "nobody";
  EXPECT_EQ(refused_as(tie_subjects(officer.context(), late)), "archive.authority_unknown");
  late.source.authority = "czxy";
  late.source.reason = "见 " + resident_number(7);
  EXPECT_EQ(refused_as(tie_subjects(officer.context(), late)), "archive.personal_number_in_text");
}

// Who is barred changes when a member of the group is on an adverse list: that takes two persons.
TEST_F(linking_test, an_adverse_entry_takes_two_persons) {
  officer.hand_in("procurement-bad-record", procurement_entries({{"采1", credit_code(2)}}));
  for (const auto& [from, to] : {std::pair{2, 1}, std::pair{1, 2}}) {
    EXPECT_EQ(refused_as(officer.alias(credit_code(from), credit_code(to))),
              "archive.second_person_missing");
    EXPECT_EQ(
        refused_as(officer.tie(link_kind::alias, credit_code(from), credit_code(to), "officer")),
        "archive.second_person_same");
  }
  must(officer.tie(link_kind::alias, credit_code(2), credit_code(1), "chief"));
  EXPECT_EQ(officer.text("SELECT string_agg(approved_by, ' ') FROM subject_link"), "chief chief");
  EXPECT_EQ(refused_as(officer.unalias(credit_code(2), credit_code(1))),
            "archive.second_person_missing");
  must(officer.tie(link_kind::alias_ended, credit_code(2), credit_code(1), "chief"));
  // Not so when the hand-in was taken back, or for subjects without one.
  officer.withdraw(batch_id(2));
  must(officer.alias(credit_code(2), credit_code(1)));
  EXPECT_EQ(refused_as(officer.tie(link_kind::alias, credit_code(3), credit_code(1), "officer")),
            "archive.second_person_same");
}

TEST_F(linking_test, identifiers_of_one_group_are_not_ambiguous) {
  penalty p = of(1, "罚1");
  p.registration_number = registration_number(2);
  EXPECT_EQ(officer.fates(officer.penalise({p})), strings{"pending archive.subject_ambiguous"});
  must(officer.alias(credit_code(2), credit_code(1)));
  p.facts = "事实二";
  const batch_id b = officer.penalise({p});
  EXPECT_EQ(officer.fates(b), strings{"accepted name-differs"});
  EXPECT_EQ(archive(credit_code(1)), strings{"罚1@甲公司 事实二"});
  must(officer.unalias(credit_code(2), credit_code(1)));
  p.facts = "事实三";
  EXPECT_EQ(officer.fates(officer.penalise({p})), strings{"pending archive.subject_ambiguous"});
}

TEST_F(linking_test, a_document_meets_its_record_by_either_code) {
  const batch_id first = officer.penalise({of(1, "罚1")});
  EXPECT_EQ(officer.fates(officer.penalise({of(2, "罚1", "事实二")})),
            strings{"pending archive.counterpart_changed"});
  must(officer.alias(credit_code(2), credit_code(1)));
  penalty by_other = of(2, "罚1", "事实二");
  by_other.name = "甲公司（重）";  // as registered under that code
  by_other.decided = "2026-11-21";
  EXPECT_EQ(officer.fates(officer.penalise({by_other})), strings{"corrected v2"});
  EXPECT_EQ(archive(credit_code(1)), strings{"罚1@甲公司 事实二"});
  EXPECT_EQ(officer.view(officer.record_of(first, 2)).version, 2);
  // A record that is bound while they are tied goes with the owner of its code.
  officer.penalise({of(2, "罚2")});
  must(officer.unalias(credit_code(2), credit_code(1)));
  EXPECT_EQ(archive(credit_code(1)), strings{"罚1@甲公司 事实二"});
  EXPECT_EQ(archive(credit_code(2)), strings{"罚2@甲公司（重） 事实一"});
  by_other.facts = "事实三";
  EXPECT_EQ(officer.fates(officer.penalise({by_other})),
            strings{"pending archive.counterpart_changed"});
}

// A hand-in remembers subjects from chunk to chunk: a tie that is made or ended meanwhile by
// another connection counts from the next chunk on.
TEST_F(linking_test, a_running_hand_in_learns_of_ties) {
  constexpr int rows = 30'000;
  std::vector<penalty> known;
  std::vector<penalty> all;
  for (int i = 0; i < rows; ++i) {
    all.push_back(of(i % 2 == 0 ? 1 : 3, fmt::format("号{}", i)));
  }
  // One row in each chunk whose document stands under the other code.
  for (const int i : {100, 10'100, 20'100}) {
    known.push_back(of(1, fmt::format("共{}", i)));
    all[static_cast<std::size_t>(i)] = of(2, fmt::format("共{}", i), "事实二");
  }
  officer.penalise(known);
  desk other(city);
  int chunks = 0;
  const auto out = must(officer.import({.dataset = "penalty",
                                        .authority = trial_authority,
                                        .path = city.write(penalties(all)),
                                        .actor = "officer"},
                                       [&](const import_progress&) {
                                         ++chunks;
                                         if (chunks == 1)
                                           must(other.alias(credit_code(2), credit_code(1)));
                                         if (chunks == 2)
                                           must(other.unalias(credit_code(2), credit_code(1)));
                                       }));
  ASSERT_EQ(chunks, 3);
  strings shared;
  for (const row_fate& r : must(rows_of(officer.db(), out.batch.id, {.noted = true, .limit = 10})))
    shared.push_back(fmt::format("{} {}", r.row_number, code_of(r.what)));
  EXPECT_EQ(shared, (strings{"102 pending", "20102 pending"}));
  EXPECT_EQ(out.batch.counts[fate::corrected], 1);
  EXPECT_EQ(officer.number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), 0);
}

TEST_F(linking_test, a_succession_is_a_relation_and_nothing_else) {
  officer.penalise({of(1, "罚1"), of(3, "罚3")});
  const auto merge = [&](link_kind kind) {
    return officer.tie(kind, credit_code(1), credit_code(3), "", succession_form::merger);
  };
  EXPECT_EQ(refused_as(merge(link_kind::succession_ended)), "registry.no_such_succession");
  const position before = officer.head();
  const auto first = must(merge(link_kind::succession));
  EXPECT_TRUE(must(merge(link_kind::succession)).already);
  EXPECT_EQ(refused_as(officer.tie(link_kind::succession, credit_code(3), credit_code(1), "",
                                   succession_form::division)),
            "registry.succession_reversed");
  EXPECT_EQ(refused_as(officer.alias(credit_code(1), credit_code(3))),
            "registry.alias_in_succession");
  EXPECT_EQ(refused_as(officer.alias(credit_code(3), credit_code(1))),
            "registry.alias_in_succession");
  EXPECT_EQ(archive(credit_code(1)), strings{"罚1@甲公司 事实一"});
  EXPECT_EQ(archive(credit_code(3)), strings{"罚3@丙公司 事实一"});

  const auto seen = [&](int n, position at) {
    const auto s = must(registry::subject_named(officer.db(), credit_code(n)));
    return registry::successions_in(must(registry::links_of(officer.db(), s.id, at)));
  };
  EXPECT_EQ(seen(1, before).size(), 0u);
  ASSERT_EQ(seen(1, first.at).size(), 1u);
  ASSERT_EQ(seen(3, first.at).size(), 1u);
  EXPECT_TRUE(seen(1, first.at)[0].is_from);
  EXPECT_FALSE(seen(3, first.at)[0].is_from);
  EXPECT_EQ(seen(3, first.at)[0].source.document, "沧信〔2026〕1号");
  // Divided at the same time into two: each is a relation of its own.
  must(officer.tie(link_kind::succession, credit_code(1), credit_code(2), "",
                   succession_form::division));
  EXPECT_EQ(seen(1, officer.head()).size(), 2u);
  must(merge(link_kind::succession_ended));
  EXPECT_TRUE(must(merge(link_kind::succession_ended)).already);
  EXPECT_EQ(seen(1, officer.head()).size(), 1u);
  EXPECT_EQ(seen(3, officer.head()).size(), 0u);
  EXPECT_EQ(seen(3, first.at).size(), 1u);
}

}  // namespace
}  // namespace lixin::archive::testing
