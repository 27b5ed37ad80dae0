#include "calendar/parse.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "calendar/errc.h"

namespace lixin::calendar {
namespace {

std::string outcome(std::string_view text) {
  const auto parsed = parse_date(text);
  return parsed.ok() ? to_string(*parsed) : std::string(parsed.error().code());
}

TEST(parse_date, worked_cases) {
  std::ifstream in(LIXIN_SOURCE_DIR "/src/calendar/testdata/dates.tsv");
  ASSERT_TRUE(in);
  int cases = 0;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('#')) continue;
    const std::size_t tab = line.find('\t');
    ASSERT_NE(tab, std::string::npos) << line;
    EXPECT_EQ(outcome(line.substr(0, tab)), line.substr(tab + 1)) << line;
    ++cases;
  }
  EXPECT_GT(cases, 50);
}

TEST(parse_date, every_day_in_every_form) {
  for (date d(1900, 1, 1); d <= date(2099, 12, 31); d = d + 1) {
    const auto ymd = d.ymd();
    const std::string y = std::to_string(int(ymd.year()));
    const std::string m = std::to_string(unsigned(ymd.month()));
    const std::string day = std::to_string(unsigned(ymd.day()));
    ASSERT_EQ(*parse_date(to_string(d)), d);
    ASSERT_EQ(*parse_date(y + "/" + m + "/" + day), d);
    ASSERT_EQ(*parse_date(y + "年" + m + "月" + day + "日"), d);
  }
}

TEST(parse_date, error_shows_a_bounded_part_of_the_cell) {
  const auto parsed = parse_date("a" + std::string(10000, 'x'));
  EXPECT_LT(parsed.error().args()[0].size(), 70u);
  std::string chinese;
  for (int i = 0; i < 100; ++i) chinese += "期";
  EXPECT_EQ(parse_date("a" + chinese).error().args()[0], "a" + chinese.substr(0, 57) + "…");
}

TEST(parse_date, error_says_what_stands_there_in_both_languages) {
  const error e = parse_date("2024-02-30").error();
  EXPECT_EQ(e.sentence(language::zh), "日历上没有“2024-02-30”这一天。请核对月份和日期。");
  EXPECT_EQ(e.sentence(language::en),
            "there is no day \"2024-02-30\" in the calendar. Check month and day.");
}

}  // namespace
}  // namespace lixin::calendar
