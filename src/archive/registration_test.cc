// Registrations: they make subjects, rename them and add identifiers; withdrawn, the name goes.
#include <fmt/format.h>

#include "archive/testing.h"

namespace lixin::archive::testing {
namespace {

using registry::identifier_kind;

class registration_test : public archive_fixture {
 protected:
  registry::subject_file file(int n) { return file(n, officer.head()); }
  registry::subject_file file(int n, position known_at) {
    return must(registry::find_subject(officer.db(), credit_code(n), known_at));
  }
  static strings names(const registry::subject_file& f) {
    strings out;
    for (const auto& n : f.names) out.push_back(n.name);
    return out;
  }
  batch_id register_by(const std::string& authority, const std::vector<registration>& rows) {
    return officer.hand_in("registration", registrations(rows), authority).batch.id;
  }
};

TEST_F(registration_test, a_row_makes_its_subject_with_all_it_says) {
  const batch_id b = officer.register_all(
      {{"甲公司", credit_code(1), registration_number(1)}, {"乙商店", credit_code(2, "92")}});
  EXPECT_EQ(officer.fates(b), (strings{"accepted", "accepted"}));
  const auto one = file(1);
  EXPECT_EQ(one.current.name, "甲公司");
  EXPECT_EQ(one.current.kind, catalogue::subject_kind::enterprise);
  EXPECT_EQ(one.current.credit_code, credit_code(1));
  ASSERT_EQ(one.identifiers.size(), 3U);
  EXPECT_EQ(one.identifiers[0].first.value, credit_code(1));
  EXPECT_EQ(one.identifiers[1].first.value, organisation_code(1));
  EXPECT_EQ(one.identifiers[2].first.value, registration_number(1));
  EXPECT_EQ(
      must(registry::find_subject(officer.db(), credit_code(2, "92"), officer.head())).current.kind,
      catalogue::subject_kind::individual_business);
  // By each of its numbers, and in full width.
  for (const std::string& code : {organisation_code(1), registration_number(1),
                                  organisation_code(1).insert(8, "-"), " " + credit_code(1)}) {
    const auto found = registry::find_subject(officer.db(), code, officer.head());
    ASSERT_TRUE(found.ok()) << code;
    EXPECT_EQ(found->current.id, one.current.id) << code;
  }
}

TEST_F(registration_test, a_registration_is_a_record_of_its_subject) {
  const batch_id b = officer.register_all({{"甲公司", credit_code(1)}});
  const auto v = officer.view(officer.record_of(b, 2));
  EXPECT_EQ(v.subject, file(1).current.id);
  EXPECT_EQ(v.document, credit_code(1));
  EXPECT_EQ(v.value("QY_MC"), "甲公司");
  EXPECT_FALSE(v.name_differs);
}

TEST_F(registration_test, a_rename_keeps_the_former_name_and_each_position_its_own) {
  officer.register_all({{"甲公司", credit_code(1)}});
  const position first = officer.head();
  const batch_id b = officer.register_all({{"甲集团", credit_code(1)}});
  const position second = officer.head();
  officer.register_all({{"甲集团", credit_code(1), "", "新华路1号"}});  // the name is the same
  officer.register_all({{"甲股份", credit_code(1)}});
  EXPECT_EQ(officer.fates(b), strings{"corrected v2"});
  EXPECT_EQ(names(file(1)), (strings{"甲公司", "甲集团", "甲股份"}));
  EXPECT_EQ(file(1).current.name, "甲股份");
  EXPECT_EQ(names(file(1, first)), strings{"甲公司"});
  EXPECT_EQ(file(1, first).current.name, "甲公司");
  EXPECT_EQ(names(file(1, second)), (strings{"甲公司", "甲集团"}));
  EXPECT_EQ(file(1, second).current.name, "甲集团");
  EXPECT_EQ(refused_as(registry::find_subject(officer.db(), credit_code(1), position(3))),
            "registry.subject_unknown");
  // Records are flagged by the name that is registered at hand-in.
  EXPECT_EQ(officer.fates(
                officer.penalise({{.document = "罚1", .code = credit_code(1), .name = "甲公司"},
                                  {.document = "罚2", .code = credit_code(1), .name = "甲股份"}})),
            (strings{"accepted name-differs", "accepted"}));
}

TEST_F(registration_test, an_identifier_can_be_added_and_is_not_known_before) {
  officer.register_all({{"甲公司", credit_code(1)}});
  const position before = officer.head();
  const batch_id b = officer.register_all({{"甲公司", credit_code(1), registration_number(1)}});
  EXPECT_EQ(officer.fates(b), strings{"corrected v2"});
  EXPECT_EQ(file(1).identifiers.size(), 3U);
  EXPECT_EQ(file(1, before).identifiers.size(), 2U);
  EXPECT_EQ(officer.fates(officer.penalise({{.document = "罚1",
                                             .code = credit_code(1),
                                             .name = "甲公司",
                                             .registration_number = registration_number(1)}})),
            strings{"accepted"});
}

TEST_F(registration_test, an_identifier_of_another_waits) {
  officer.register_all(
      {{"甲公司", credit_code(1), registration_number(1)}, {"乙公司", credit_code(2)}});
  const batch_id b = officer.register_all({{"乙公司", credit_code(2), registration_number(1)},
                                           {"丙公司", credit_code(3), registration_number(1)},
                                           {"丁公司", credit_code(4)}});
  EXPECT_EQ(officer.fates(b), (strings{"pending archive.subject_ambiguous",
                                       "pending archive.subject_ambiguous", "accepted"}));
  EXPECT_EQ(file(1).identifiers.size(), 3U);
  EXPECT_EQ(file(2).identifiers.size(), 2U);
  EXPECT_EQ(refused_as(registry::find_subject(officer.db(), credit_code(3), officer.head())),
            "registry.subject_unknown");
}

TEST_F(registration_test, two_rows_of_one_new_subject_make_one) {
  const batch_id b = officer.register_all({{"甲公司", credit_code(1)},
                                           {"甲集团", credit_code(1)},
                                           {"乙公司", credit_code(2), registration_number(2)},
                                           {"丙公司", credit_code(3), registration_number(2)}});
  EXPECT_EQ(officer.fates(b),
            (strings{"accepted", "corrected v2", "accepted", "pending archive.subject_ambiguous"}));
  EXPECT_EQ(officer.number("SELECT count(*) FROM subject"), 2);
  EXPECT_EQ(names(file(1)), (strings{"甲公司", "甲集团"}));
}

// As subjects were known before 2015: by organisation code alone.
TEST_F(registration_test, an_old_subject_without_a_credit_code_gets_one) {
  must(officer.db().begin());
  const auto now = officer.clock().now();
  const position at = must(journal::append(
      officer.db(), {{.kind = journal::kind::subject_registered, .subject = subject_id(7)}},
      {journal::action::rows_handed_in, "tester", "trial"}, now));
  must(
      officer.db().script(fmt::format("INSERT INTO subject VALUES (7, 1, {0}, '', '老厂'); INSERT "
                                      "INTO subject_name VALUES (7, {0}, "
                                      "'老厂'); INSERT INTO identifier VALUES (7, 2, '{1}', {0}); "
                                      "INSERT INTO identifier_key VALUES "
                                      "(2, '{1}', 7)",
                                      at.value, organisation_code(1))));
  must(officer.db().commit());

  // A row with the credit code binds by the organisation code in it, and teaches nothing.
  const batch_id p =
      officer.penalise({{.document = "罚1", .code = credit_code(1), .name = "老厂"}});
  EXPECT_EQ(officer.record_of(p, 2).subject, subject_id(7));
  EXPECT_EQ(officer.number("SELECT count(*) FROM identifier"), 1);
  // Asked for by the code that contains it, the subject is found.
  EXPECT_EQ(file(1).current.id, subject_id(7));
  EXPECT_EQ(file(1).current.credit_code, "");

  const position before = officer.head();
  const batch_id b = officer.register_all({{"老厂有限公司", credit_code(1)}});
  EXPECT_EQ(officer.fates(b), strings{"accepted"});
  EXPECT_EQ(file(1).current.id, subject_id(7));
  EXPECT_EQ(file(1).current.credit_code, credit_code(1));
  EXPECT_EQ(names(file(1)), (strings{"老厂", "老厂有限公司"}));
  // What was learnt later is not in the older view.
  const auto then =
      must(registry::find_subject(officer.db(), organisation_code(1), before)).current;
  EXPECT_EQ(then.credit_code, "");
  EXPECT_EQ(then.name, "老厂");
  // Another credit code with the same organisation code is somebody else's.
  EXPECT_EQ(officer.fates(officer.penalise(
                {{.document = "罚2", .code = credit_code(1, "92"), .name = "老厂"}})),
            strings{"pending archive.subject_ambiguous"});
  EXPECT_EQ(refused_as(registry::find_subject(officer.db(), credit_code(1, "92"), officer.head())),
            "registry.subject_unknown");
}

TEST_F(registration_test, withdrawn_the_name_goes_and_the_code_stays) {
  const batch_id b = officer.register_all({{"甲公司", credit_code(1)}});
  const position before = officer.head();
  EXPECT_EQ(officer.withdraw(b).withdrawn, 1);
  EXPECT_EQ(file(1).current.name, "");
  EXPECT_EQ(file(1).current.credit_code, credit_code(1));
  EXPECT_EQ(file(1, before).current.name, "甲公司");
  // Nothing to differ from; the record binds by the code.
  EXPECT_EQ(officer.fates(
                officer.penalise({{.document = "罚1", .code = credit_code(1), .name = "甲公司"}})),
            strings{"accepted"});
  EXPECT_EQ(officer.fates(officer.register_all({{"甲公司", credit_code(1)}})),
            strings{"accepted v3"});
  EXPECT_EQ(file(1).current.name, "甲公司");
  EXPECT_EQ(officer.number("SELECT count(*) FROM subject"), 1);
}

TEST_F(registration_test, a_withdrawn_rename_gives_the_former_name_back) {
  officer.register_all({{"甲公司", credit_code(1)}, {"乙公司", credit_code(2)}});
  const batch_id b =
      officer.register_all({{"甲集团", credit_code(1)}, {"乙公司", credit_code(2), "", "新址"}});
  const auto w = officer.withdraw(b);
  EXPECT_EQ(w.restored, 2);
  EXPECT_EQ(file(1).current.name, "甲公司");
  EXPECT_EQ(file(2).current.name, "乙公司");
  // A name that did not change is not told again.
  EXPECT_EQ(names(file(2)), strings{"乙公司"});
}

TEST_F(registration_test, withdrawn_its_numbers_are_free_again) {
  officer.register_all({{"甲公司", credit_code(1)}});
  const batch_id b = officer.register_all({{"甲公司", credit_code(1), registration_number(1)}});
  const position before = officer.head();
  officer.withdraw(b);
  EXPECT_EQ(file(1).identifiers.size(), 2U);
  EXPECT_EQ(file(1, before).identifiers.size(), 3U);
  EXPECT_EQ(
      officer.fates(officer.register_all({{"乙公司", credit_code(2), registration_number(1)}})),
      strings{"accepted"});
  EXPECT_EQ(file(2).identifiers.size(), 3U);
}

TEST_F(registration_test, a_number_stays_as_long_as_a_registration_states_it) {
  const registration with{"甲公司", credit_code(1), registration_number(1)};
  const batch_id a = register_by("scjg", {with});
  registration moved = with;
  moved.address = "新址";
  const batch_id b = register_by("scjg", {moved});  // corrects, and states it too
  const batch_id c = register_by("mzj", {with});    // so does another authority
  const auto free_again = [&] {
    return refused_as(registry::find_subject(officer.db(), registration_number(1),
                                             officer.head())) == "registry.subject_unknown";
  };
  officer.withdraw(a);
  EXPECT_FALSE(free_again());
  officer.withdraw(c);
  EXPECT_FALSE(free_again());
  officer.withdraw(b);
  EXPECT_TRUE(free_again());
  EXPECT_EQ(file(1).identifiers.size(), 2U);
}

TEST_F(registration_test, another_authoritys_registration_keeps_the_name) {
  register_by("scjg", {{"甲公司", credit_code(1)}});
  const batch_id b = register_by("mzj", {{"甲会社", credit_code(1)}});
  EXPECT_EQ(officer.fates(b), strings{"accepted"});
  EXPECT_EQ(file(1).current.name, "甲会社");
  EXPECT_EQ(officer.withdraw(b).withdrawn, 1);
  EXPECT_EQ(file(1).current.name, "甲公司");
}

TEST_F(registration_test, a_change_of_name_is_told_to_followers) {
  const batch_id b = officer.register_all({{"甲公司", credit_code(1)}});
  const auto told = [&] {
    return officer.number("SELECT count(*) FROM journal WHERE kind IN (2, 3)");
  };
  EXPECT_EQ(told(), 1);
  officer.register_all({{"甲集团", credit_code(1)}});
  EXPECT_EQ(told(), 2);
  officer.withdraw(b);  // a later hand-in stands: no change
  EXPECT_EQ(told(), 2);
  officer.withdraw(batch_id(b.value + 1));
  EXPECT_EQ(file(1).current.name, "");
  EXPECT_EQ(told(), 3);
}

}  // namespace
}  // namespace lixin::archive::testing
