#include "identity/personal.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

#include "identity/check_signs.h"
#include "text/test_table.h"

namespace lixin::identity {
namespace {

std::string name_of(personal_number kind) {
  switch (kind) {
    case personal_number::none:
      return "none";
    case personal_number::resident_number:
      return "resident";
    case personal_number::passport:
      return "passport";
    case personal_number::mobile_phone:
      return "mobile";
    case personal_number::bank_card:
      return "card";
    case personal_number::number_plate:
      return "plate";
  }
  return "?";
}

TEST(personal, worked_cases_in_text) {
  const auto rows =
      text::read_test_table(LIXIN_SOURCE_DIR "/src/identity/testdata/personal.tsv", 2);
  ASSERT_GT(rows.size(), 120u);
  for (const auto& row : rows) {
    EXPECT_EQ(name_of(find_in_text(row[1])), row[0]) << row[1];
    if (row[0] == "none") continue;
    EXPECT_EQ(name_of(find_in_text("经查，" + row[1] + "，依法处理。")), row[0]) << row[1];
  }
}

TEST(personal, worked_cases_of_identity_cells) {
  const auto rows =
      text::read_test_table(LIXIN_SOURCE_DIR "/src/identity/testdata/identity_cells.tsv", 2);
  ASSERT_GT(rows.size(), 30u);
  for (const auto& row : rows) EXPECT_EQ(name_of(identity_cell(row[1])), row[0]) << row[1];
}

TEST(personal, no_published_code_is_taken_for_a_person) {
  const auto rows = text::read_test_table(LIXIN_SOURCE_DIR "/src/identity/testdata/codes.tsv", 2);
  for (const auto& row : rows) {
    if (row[1] != "valid") continue;
    EXPECT_EQ(identity_cell(row[0]), personal_number::none) << row[0];
    EXPECT_EQ(find_in_text("统一社会信用代码" + row[0] + "的企业"), personal_number::none)
        << row[0];
  }
}

// Made-up numbers of every day of a century: found whole, in text, in groups and in full width; not
// with another check sign.
TEST(personal, resident_numbers_are_found_however_written) {
  std::mt19937 random(11);
  for (int i = 0; i < 2000; ++i) {
    char digits[18];
    std::snprintf(digits, sizeof digits, "130902%04u%02u%02u%03u", 1900u + unsigned(random() % 100),
                  1 + unsigned(random() % 12), 1 + unsigned(random() % 28),
                  unsigned(random() % 1000));
    std::string number(digits);
    number += resident_check_sign(number);
    ASSERT_TRUE(is_resident_number(number)) << number;
    ASSERT_EQ(identity_cell(number), personal_number::resident_number);
    std::string wide;
    for (const char c : number) {
      text::append_code_point(wide, 0xFF01 + static_cast<char32_t>(c - '!'));
    }
    const std::string grouped =
        number.substr(0, 6) + " " + number.substr(6, 8) + " " + number.substr(14);
    for (const std::string& form : {number, wide, grouped}) {
      ASSERT_EQ(find_in_text("甲" + form + "乙"), personal_number::resident_number) << form;
    }
    std::string wrong = number;
    wrong[17] = wrong[17] == '3' ? '4' : '3';
    ASSERT_FALSE(is_resident_number(wrong));
  }
}

TEST(personal, resident_number_itself_takes_no_blanks_or_width) {
  EXPECT_TRUE(is_resident_number("11010519491231002X"));
  EXPECT_FALSE(is_resident_number("11010519491231002x"));
  EXPECT_FALSE(is_resident_number("110105 19491231 002X"));
  EXPECT_FALSE(is_resident_number(""));
  EXPECT_FALSE(is_resident_number("1101051949123100A"));
}

// Registration numbers of all kinds: none may be held back as personal.
TEST(personal, registration_numbers_are_not_personal) {
  for (int i = 0; i < 20000; ++i) {
    char digits[16];
    std::snprintf(digits, sizeof digits, "130902%08d", i * 4999);
    std::string number(digits);
    number += registration_check_digit(number);
    ASSERT_EQ(identity_cell(number), personal_number::none) << number;
    ASSERT_EQ(find_in_text("注册号" + number), personal_number::none) << number;
  }
}

TEST(personal, a_number_is_found_after_much_else) {
  std::string text;
  for (int i = 0; i < 2000; ++i)
    text += "于2024-05-01罚款12345.67元，冀XK13-001，12 34 56 78 90 12 34，";
  EXPECT_EQ(find_in_text(text), personal_number::none);
  EXPECT_EQ(find_in_text(text + "电话138 0013 8000"), personal_number::mobile_phone);
  EXPECT_EQ(find_in_text(text + "冀J12345"), personal_number::number_plate);
}

TEST(personal, titles_in_both_languages) {
  EXPECT_EQ(title_zh(personal_number::resident_number), "公民身份号码");
  EXPECT_EQ(title_en(personal_number::number_plate), "vehicle number plate");
  EXPECT_EQ(title_zh(personal_number::none), "");
  for (const auto kind :
       {personal_number::resident_number, personal_number::passport, personal_number::mobile_phone,
        personal_number::bank_card, personal_number::number_plate}) {
    EXPECT_FALSE(title_zh(kind).empty());
    EXPECT_FALSE(title_en(kind).empty());
  }
}

}  // namespace
}  // namespace lixin::identity
