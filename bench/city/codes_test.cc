#include "city/codes.h"

#include <gtest/gtest.h>

#include <set>

#include "city/organisations.h"
#include "identity/codes.h"
#include "identity/personal.h"

namespace lixin::city {
namespace {

using identity::personal_number;

TEST(codes, standard_examples) {
  // Worked by hand from the standards, not by this program.
  EXPECT_EQ(organisation_code("MA9", 0).size(), 9u);
  EXPECT_EQ(registration_number("440301", 10309741), "440301103097413");
  EXPECT_EQ(credit_code("91", "440300", "192203821"), "914403001922038216");
  EXPECT_EQ(with_wrong_check_sign("914403001922038216"), "914403001922038217");
}

TEST(codes, organisation_codes_differ_and_hold) {
  std::set<std::string> seen;
  for (std::uint32_t serial = 0; serial < 20'000; ++serial) {
    const std::string code = organisation_code("MA9", serial * 1431);
    EXPECT_TRUE(seen.insert(code).second) << code;
    EXPECT_TRUE(identity::check_organisation_code(code).ok()) << code;
  }
}

TEST(codes, registration_numbers_hold) {
  for (std::uint32_t sequence = 0; sequence < 5'000; ++sequence) {
    const std::string number = registration_number("130902", sequence * 19'997);
    EXPECT_TRUE(identity::check_registration_number(number).ok()) << number;
    EXPECT_TRUE(is_registration_number(number));
  }
  EXPECT_FALSE(is_registration_number("440301103097414"));
  EXPECT_FALSE(is_registration_number("44030110309741"));
}

TEST(codes, personal_numbers_are_taken_for_what_they_are) {
  random r(1, 2, 3);
  for (int i = 0; i < 2'000; ++i) {
    const std::string resident = resident_number(r);
    EXPECT_TRUE(identity::is_resident_number(resident));
    EXPECT_EQ(identity::identity_cell(old_resident_number(r)), personal_number::resident_number);
    EXPECT_EQ(identity::identity_cell(passport_number(r)), personal_number::passport);
    EXPECT_EQ(identity::find_in_text("联系" + mobile_number(r)), personal_number::mobile_phone);
    EXPECT_EQ(identity::find_in_text("卡号" + bank_card_number(r)), personal_number::bank_card);
    EXPECT_EQ(identity::find_in_text("车牌" + number_plate(r)), personal_number::number_plate);
  }
}

TEST(population, codes_and_names_are_valid_and_unique) {
  const population bodies(7, 20'000, date(2026, 11, 24));
  std::set<std::string> codes;
  std::set<std::string> names;
  std::set<std::string> numbers;
  std::set<body> kinds;
  std::set<std::string_view> divisions;
  for (std::uint32_t i = 0; i < bodies.size(); ++i) {
    const organisation& o = bodies.at(i);
    const auto check = identity::check_credit_code(o.code);
    ASSERT_TRUE(check.code) << o.code;
    EXPECT_FALSE(check.pair_unlisted);
    EXPECT_FALSE(check.inner_check_fails);
    EXPECT_FALSE(check.mended);
    EXPECT_TRUE(codes.insert(o.code).second);
    EXPECT_TRUE(names.insert(o.name).second) << o.name;
    if (!o.former_name.empty()) {
      EXPECT_TRUE(names.insert(o.former_name).second) << o.former_name;
    }
    if (!o.registration.empty()) {
      EXPECT_TRUE(numbers.insert(o.registration).second);
      EXPECT_TRUE(identity::check_registration_number(o.registration).ok());
    }
    EXPECT_EQ(o.is_individual_business(), o.code.starts_with("92"));
    kinds.insert(o.kind);
    divisions.insert(o.where->division);
  }
  EXPECT_EQ(kinds.size(), 6u);
  EXPECT_EQ(divisions.size(), counties().size());
  for (std::uint32_t n = 0; n < 2'000; ++n) {
    EXPECT_TRUE(codes.insert(bodies.stranger(n).code).second) << "a stranger is registered";
  }
}

TEST(population, few_bodies_have_many_records) {
  const population bodies(7, 20'000, date(2026, 11, 24));
  std::map<const organisation*, int> met;
  random r(1, 1, 1);
  for (int i = 0; i < 200'000; ++i) ++met[&bodies.pick(r)];
  int most = 0;
  int few = 0;
  for (const auto& [o, count] : met) {
    most = std::max(most, count);
    few += count <= 10;
  }
  EXPECT_GT(most, 150);
  EXPECT_LT(most, 1'000);
  EXPECT_GT(few, 12'000);
}

}  // namespace
}  // namespace lixin::city
