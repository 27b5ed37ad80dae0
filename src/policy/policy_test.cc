#include "policy/policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>

#include "policy/case_testing.h"

namespace lixin::policy {
namespace {

using testing::case_row;
using testing::read_cases;

const std::string kFolder = std::string(LIXIN_SOURCE_DIR) + "/src/policy/testdata/";

position at(const std::string& cell) { return position(testing::number_of(cell)); }

TEST(Policy, StatusCases) {
  for (const case_row& c : read_cases(kFolder + "status.case", 5)) {
    const auto got = status_of(testing::facts_of(c[1]), testing::day_of(c[2]), at(c[3]));
    EXPECT_EQ(code_of(got), c[4]) << c[0];
  }
}

TEST(Policy, EffectCases) {
  for (const case_row& c : read_cases(kFolder + "effect.case", 6)) {
    const auto facts = with_list_term(testing::facts_of(c[1]), testing::number_of(c[2]));
    EXPECT_EQ(code_of(effect_of(facts, testing::day_of(c[3]), at(c[4]))), c[5]) << c[0];
  }
}

TEST(Policy, PublicityCases) {
  for (const case_row& c : read_cases(kFolder + "publicity.case", 7)) {
    const auto facts = testing::facts_of(c[1]);
    const auto now = testing::dataset_of(c[2]);
    const auto then = testing::dataset_of(c[3]);
    const auto got = publicity_of(facts, now, c[3] == "-" ? nullptr : &then);
    EXPECT_EQ(got.published ? "yes" : "no", c[4]) << c[0];
    EXPECT_EQ(testing::day_or_none(got.until), c[5]) << c[0];
    EXPECT_EQ(testing::day_or_none(got.repair_from), c[6]) << c[0];
    EXPECT_EQ(got.provisional, facts.class_provisional) << c[0];
  }
}

TEST(Policy, PublicityNamesTheRuleThatDecided) {
  const auto now = testing::dataset_of("adverse public general=3..12");
  const auto then = testing::dataset_of("adverse public general=3..6");
  const auto facts = testing::facts_of("decided=2026-04-15 class=general");
  EXPECT_EQ(publicity_of(facts, now).rule, now.terms.data());
  EXPECT_EQ(publicity_of(facts, now, &then).rule, then.terms.data());
  EXPECT_EQ(publicity_of(facts, then, &now).rule, then.terms.data());
  const auto none = testing::dataset_of("adverse public max=36");
  EXPECT_EQ(publicity_of(facts, none).rule, nullptr);
}

TEST(Policy, PurgeCases) {
  for (const case_row& c : read_cases(kFolder + "purge.case", 4)) {
    const auto got = purge_date(testing::facts_of(c[1]), testing::dataset_of(c[2]));
    EXPECT_EQ(testing::day_or_none(got), c[3]) << c[0];
  }
}

struct lettered {
  char letter;
  caller who;
};

const std::vector<lettered>& callers() {
  static const std::vector<lettered> all{
      {'E', {caller_kind::everyone, ""}},        {'a', {caller_kind::source_authority, "other"}},
      {'C', {caller_kind::consent_holder, ""}},  {'G', {caller_kind::sharing_group, "g1"}},
      {'g', {caller_kind::sharing_group, "g2"}}, {'A', {caller_kind::source_authority, "au1"}},
      {'S', {caller_kind::subject_itself, ""}},  {'K', {caller_kind::centre, ""}},
      {'U', {caller_kind::auditor, ""}},         {'D', {caller_kind::admin, ""}},
  };
  return all;
}

std::string without_blank(std::string cell) { return cell == "-" ? "" : cell; }

TEST(Policy, RecordCases) {
  constexpr std::array<std::string_view, 5> kLevels{"public", "shared", "consent", "source",
                                                    "hidden"};
  for (const case_row& c : read_cases(kFolder + "record.case", 9)) {
    const auto facts = testing::facts_of(c[1]);
    auto d = testing::dataset_of(c[2]);
    for (std::size_t i = 0; i < kLevels.size(); ++i) {
      d.visible = testing::disclosure_of(kLevels[i]);
      std::string seen;
      for (const lettered& l : callers())
        if (may_see_record(facts, d, "au1", l.who, testing::day_of(c[3]))) seen += l.letter;
      EXPECT_EQ(seen, without_blank(c[4 + i])) << c[0] << ", " << kLevels[i];
    }
  }
}

catalogue::field_type type_of(const std::string& cell) {
  using catalogue::field_type;
  const std::map<std::string, field_type> all{{"text", field_type::text},
                                              {"name", field_type::name},
                                              {"discard", field_type::discard},
                                              {"document", field_type::document},
                                              {"person_name", field_type::person_name},
                                              {"person_number", field_type::person_number}};
  return all.at(cell);
}

catalogue::subject_kind kind_of(const std::string& cell) {
  using catalogue::subject_kind;
  const std::map<std::string, subject_kind> all{
      {"enterprise", subject_kind::enterprise},
      {"individual_business", subject_kind::individual_business},
      {"institution", subject_kind::institution},
      {"social_organisation", subject_kind::social_organisation},
      {"government_body", subject_kind::government_body}};
  return all.at(cell);
}

TEST(Policy, FieldCases) {
  for (const case_row& c : read_cases(kFolder + "field.case", 7)) {
    const auto d = testing::dataset_of(c[1] + " group=g1");
    catalogue::field f;
    f.visible = testing::disclosure_of(c[2]);
    f.type = type_of(c[3]);
    f.title_zh = c[4];
    f.title_en = c[4];
    std::string seen;
    for (const lettered& l : callers())
      if (may_see_field(d, f, "au1", kind_of(c[5]), l.who)) seen += l.letter;
    EXPECT_EQ(seen, without_blank(c[6])) << c[0] << ", " << c[1] << ", " << c[2] << ", " << c[5];
  }
}

// A group or an authority without a name is no member of anything.
TEST(Policy, EmptyNamesAdmitNobody) {
  auto d = testing::dataset_of("adverse shared general=3..12");
  const auto facts = testing::facts_of("decided=2026-04-15 class=general");
  const date today(2026, 5, 1);
  EXPECT_FALSE(may_see_record(facts, d, "au1", {caller_kind::sharing_group, ""}, today));
  EXPECT_FALSE(may_see_record(facts, d, "", {caller_kind::source_authority, ""}, today));
}

// Over every combination: nobody but those who hold or decide the record sees what everyone may not
// because it does not stand, and a caller never sees a field of a stricter level than its own.
TEST(Policy, EveryoneIsTheNarrowestView) {
  for (const case_row& c : read_cases(kFolder + "record.case", 9)) {
    const auto facts = testing::facts_of(c[1]);
    for (const char* level : {"public", "shared", "consent", "source", "hidden"}) {
      auto d = testing::dataset_of(c[2]);
      d.visible = testing::disclosure_of(level);
      const date today = testing::day_of(c[3]);
      const bool all = may_see_record(facts, d, "au1", {}, today);
      for (const lettered& l : callers()) {
        if (l.who.kind == caller_kind::admin) continue;
        EXPECT_TRUE(!all || may_see_record(facts, d, "au1", l.who, today)) << c[0] << l.letter;
      }
      const auto until = publicity_of(facts, d).until;
      if (until && today > *until) {
        EXPECT_FALSE(all) << c[0];
      }
    }
  }
}

TEST(Policy, CodesAreDistinctAndRead) {
  std::vector<std::string_view> seen;
  for (int i = 0; i < 8; ++i) {
    const auto k = static_cast<caller_kind>(i);
    EXPECT_EQ(caller_named(code_of(k)), k);
    seen.push_back(code_of(k));
  }
  std::ranges::sort(seen);
  EXPECT_EQ(std::ranges::adjacent_find(seen), seen.end());
  EXPECT_FALSE(caller_named("nobody").has_value());
  EXPECT_FALSE(caller_named("").has_value());
  for (int i = 1; i <= 7; ++i) {
    const auto s = static_cast<record_status>(i);
    EXPECT_FALSE(title_zh(s).empty());
    EXPECT_FALSE(title_en(s).empty());
  }
  EXPECT_EQ(title_zh(event_kind::repair), "信用修复");
  EXPECT_EQ(code_of(event_kind::dispute_settled), "dispute-settled");
}

}  // namespace
}  // namespace lixin::policy
