#include "tabular/number_format.h"

#include <gtest/gtest.h>

namespace lixin::tabular {
namespace {

TEST(NumberFormat, DatesAreToldFromTheFormat) {
  for (const auto code : {"yyyy-mm-dd", "YYYY/M/D", "m/d", "[$-804]yyyy\"年\"m\"月\"", "m月",
                          "[Red]d", "General;d", "yyyy年m月d日;@"}) {
    EXPECT_TRUE(is_date_format(code)) << code;
  }
  for (const auto code : {"General", "0.00", "#,##0", "\"day\"0", "0\"年\"", "[Red]0.00",
                          "[DBNum1]0", "h:mm:ss", "0\\d", "_d0", "*y0", "@", "\"open", "[open d"}) {
    EXPECT_FALSE(is_date_format(code)) << code;
  }
  for (const unsigned id : {14U, 22U, 27U, 36U, 45U, 47U, 50U, 58U}) {
    EXPECT_TRUE(is_builtin_date_format(id)) << id;
  }
  for (const unsigned id : {0U, 1U, 13U, 23U, 26U, 37U, 44U, 48U, 49U, 59U, 164U}) {
    EXPECT_FALSE(is_builtin_date_format(id)) << id;
  }
}

TEST(NumberFormat, NumbersInShortestDecimalForm) {
  EXPECT_EQ(number_text(0), "0");
  EXPECT_EQ(number_text(-0.0), "0");
  EXPECT_EQ(number_text(42), "42");
  EXPECT_EQ(number_text(-42), "-42");
  EXPECT_EQ(number_text(13903171234), "13903171234");
  EXPECT_EQ(number_text(100000), "100000");
  EXPECT_EQ(number_text(999999999999999), "999999999999999");
  EXPECT_EQ(number_text(1234.56), "1234.56");
  EXPECT_EQ(number_text(0.1 + 0.2), "0.3");
  EXPECT_EQ(number_text(-0.5), "-0.5");
  EXPECT_EQ(number_text(0.000001), "0.000001");
  EXPECT_EQ(number_text(1e-7), "1E-07");
  EXPECT_EQ(number_text(130903199001011234.0), "1.3090319900101123E+17");
}

TEST(NumberFormat, SerialsOf1900) {
  EXPECT_EQ(date_text(1, false), "1900-01-01");
  EXPECT_EQ(date_text(59, false), "1900-02-28");
  EXPECT_EQ(date_text(60, false), "1900-02-29");
  EXPECT_EQ(date_text(61, false), "1900-03-01");
  EXPECT_EQ(date_text(45413, false), "2024-05-01");
  EXPECT_EQ(date_text(45413 + 8.5 / 24, false), "2024-05-01 08:30:00");
  EXPECT_EQ(date_text(45413.999999, false), "2024-05-02");
  EXPECT_EQ(date_text(8.5 / 24, false), "08:30:00");
  EXPECT_EQ(date_text(2958465, false), "9999-12-31");
  EXPECT_EQ(date_text(2958465.9999999, false), std::nullopt);
  EXPECT_EQ(date_text(2958466, false), std::nullopt);
  EXPECT_EQ(date_text(0, false), std::nullopt);
  EXPECT_EQ(date_text(-1, false), std::nullopt);
}

TEST(NumberFormat, SerialsOf1904) {
  EXPECT_EQ(date_text(0, true), "1904-01-01");
  EXPECT_EQ(date_text(43951, true), "2024-05-01");
  EXPECT_EQ(date_text(2957003, true), "9999-12-31");
  EXPECT_EQ(date_text(2957004, true), std::nullopt);
}

}  // namespace
}  // namespace lixin::tabular
