#include "calendar/working_days.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "calendar/errc.h"
#include "calendar/parse.h"

namespace lixin::calendar {
namespace {

std::string read(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  EXPECT_TRUE(in) << file;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

const working_days& shipped() {
  static const working_days table = [] {
    const std::string file = LIXIN_SOURCE_DIR "/cities/calendar.csv";
    auto loaded = working_days::from_csv(read(file), file);
    EXPECT_TRUE(loaded.ok()) << loaded.error().text(language::en);
    return *std::move(loaded);
  }();
  return table;
}

result<working_days> with_lines(std::string_view lines) {
  return working_days::from_csv("date,working,name,source\n" + std::string(lines), "c.csv");
}

TEST(working_days, due_of_worked_cases) {
  std::istringstream in(read(LIXIN_SOURCE_DIR "/src/calendar/testdata/due.csv"));
  std::string from, n, due;
  std::getline(in, from);
  int cases = 0;
  while (std::getline(in, from, ',') && std::getline(in, n, ',') && std::getline(in, due)) {
    const auto answer = shipped().due(*parse_date(from), std::stoi(n));
    ASSERT_TRUE(answer.ok()) << answer.error().text(language::en);
    EXPECT_EQ(to_string(*answer), due) << from << " + " << n;
    ++cases;
  }
  EXPECT_EQ(cases, 15);
}

TEST(working_days, years_of_the_shipped_table) {
  EXPECT_EQ(shipped().first_year(), 2007);
  EXPECT_EQ(shipped().last_year(), 2026);
  for (int year = 2007; year <= 2026; ++year) EXPECT_TRUE(shipped().has_year(year)) << year;
  EXPECT_FALSE(shipped().has_year(2006));
  EXPECT_FALSE(shipped().has_year(2027));
}

TEST(working_days, late_only_after_the_due_day) {
  const auto& days = shipped();
  EXPECT_FALSE(*days.is_late(date(2026, 9, 24), 7, date(2026, 10, 12)));
  EXPECT_TRUE(*days.is_late(date(2026, 9, 24), 7, date(2026, 10, 13)));
  EXPECT_FALSE(*days.is_late(date(2026, 9, 24), 7, date(2026, 9, 1)));
}

// is_late's short cut must never differ from due().
TEST(working_days, late_agrees_with_due_on_every_day) {
  const auto& days = shipped();
  for (date from(2025, 1, 1); from < date(2026, 11, 1); from = from + 1) {
    for (const int n : {1, 3, 7, 20}) {
      const date due = *days.due(from, n);
      ASSERT_TRUE(*days.is_working_day(due));
      for (date on = from - 1; on <= due + 2; on = on + 1) {
        ASSERT_EQ(*days.is_late(from, n, on), on > due);
      }
    }
  }
}

TEST(working_days, due_counts_each_working_day_once) {
  const auto& days = shipped();
  for (date from(2007, 1, 1); from < date(2026, 11, 1); from = from + 11) {
    int counted = 0;
    const date due = *days.due(from, 20);
    for (date d = from + 1; d <= due; d = d + 1) counted += *days.is_working_day(d) ? 1 : 0;
    ASSERT_EQ(counted, 20);
  }
}

TEST(working_days, a_missing_year_is_an_error_not_a_guess) {
  const auto& days = shipped();
  const auto day = days.is_working_day(date(2027, 1, 4));
  ASSERT_FALSE(day.ok());
  EXPECT_TRUE(day.error().is(errc::year_not_loaded));
  EXPECT_EQ(day.error().args()[0], "2027");
  EXPECT_NE(day.error().sentence(language::en).find("lixin city load"), std::string::npos);
  EXPECT_TRUE(days.due(date(2026, 12, 30), 7).error().is(errc::year_not_loaded));
  EXPECT_TRUE(
      days.is_late(date(2026, 12, 30), 7, date(2027, 2, 1)).error().is(errc::year_not_loaded));
  // Seven working days never take fewer than seven days, so these are certain without a table.
  EXPECT_FALSE(*days.is_late(date(2030, 1, 1), 7, date(2030, 1, 8)));
  EXPECT_FALSE(*working_days().is_late(date(2026, 1, 1), 1, date(2026, 1, 2)));
  EXPECT_TRUE(
      days.is_late(date(2030, 1, 1), 7, date(2030, 1, 9)).error().is(errc::year_not_loaded));
}

TEST(working_days, an_empty_table_knows_no_year) {
  const working_days none;
  EXPECT_EQ(none.first_year(), 0);
  EXPECT_EQ(none.last_year(), 0);
  EXPECT_FALSE(none.has_year(2026));
  EXPECT_TRUE(none.due(date(2026, 1, 1), 1).error().is(errc::year_not_loaded));
}

TEST(working_days, table_as_a_spreadsheet_saves_it) {
  const auto days = working_days::from_csv(
      "\xEF\xBB\xBF"
      "date,working,name,source\r\n2026/1/1,no,\"元旦, \"\"新年\"\"\",https://www.gov.cn/x\r\n\r\n"
      "2026/1/4,yes,元旦,https://www.gov.cn/x",
      "c.csv");
  ASSERT_TRUE(days.ok()) << days.error().text(language::en);
  EXPECT_FALSE(*days->is_working_day(date(2026, 1, 1)));
  EXPECT_TRUE(*days->is_working_day(date(2026, 1, 2)));
  EXPECT_FALSE(*days->is_working_day(date(2026, 1, 3)));
  EXPECT_TRUE(*days->is_working_day(date(2026, 1, 4)));
}

TEST(working_days, errors_name_line_and_column) {
  const auto check = [](std::string_view lines, const message& m, std::uint64_t row,
                        std::string_view column) {
    const auto days = with_lines(lines);
    ASSERT_FALSE(days.ok()) << lines;
    EXPECT_TRUE(days.error().is(m)) << days.error().code();
    EXPECT_EQ(days.error().where().file, "c.csv");
    EXPECT_EQ(days.error().where().row, row);
    EXPECT_EQ(days.error().where().column, column);
  };
  check("2026-01-01,no,元旦,u\n2026-02-30,no,x,u\n", errc::no_such_day, 3, "date");
  check("2026-01-01,maybe,元旦,u\n", errc::bad_working, 2, "working");
  check("2026-01-01,no,,u\n", errc::missing_cell, 2, "name");
  check("2026-01-01,no,元旦,\n", errc::missing_cell, 2, "source");
  check("2026-01-01,no,元旦\n", errc::bad_line, 2, "");
  check("2026-01-01,no,元旦,u,v\n", errc::bad_line, 2, "");
  check("2026-01-01,no,元旦,u\n\n2026-01-01,yes,元旦,u\n", errc::repeated_day, 4, "date");
  EXPECT_TRUE(working_days::from_csv("", "c.csv").error().is(errc::bad_heading));
  EXPECT_TRUE(working_days::from_csv("date,working\n", "c.csv").error().is(errc::bad_heading));
  EXPECT_TRUE(with_lines(std::string(5 * 1024 * 1024, 'x')).error().is(errc::too_large));
}

// The keys of one object of chinese-days.json, which is
// {"holidays":{DATE:TEXT,...},"workdays":...}.
std::set<std::string> dates_of(const std::string& json, const std::string& object) {
  std::set<std::string> dates;
  std::size_t at = json.find("\"" + object + "\":{");
  EXPECT_NE(at, std::string::npos);
  const std::size_t end = json.find('}', at);
  for (at = json.find("\"2", at); at < end; at = json.find("\"2", at + 1)) {
    dates.insert(json.substr(at + 1, 10));
  }
  return dates;
}

// Two tables made apart from each other must answer alike on each day of twenty years. The days
// that they name differ (one lists the weekend inside a holiday, the other only what the notice
// says), what is worked does not.
TEST(working_days, agrees_with_an_independent_table) {
  const std::string file = LIXIN_SOURCE_DIR "/../shared/data/holidays/chinese-days.json";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no outside data: " << file;
  const std::string json = read(file);
  const auto rests = dates_of(json, "holidays");
  const auto works = dates_of(json, "workdays");
  ASSERT_EQ(rests.size(), 619u);
  ASSERT_EQ(works.size(), 150u);
  for (date d(2007, 1, 1); d <= date(2026, 12, 31); d = d + 1) {
    const std::chrono::weekday weekday{std::chrono::sys_days(std::chrono::days(d.days))};
    bool expected = weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
    if (works.contains(to_string(d))) expected = true;
    if (rests.contains(to_string(d))) expected = false;
    EXPECT_EQ(*shipped().is_working_day(d), expected) << to_string(d);
  }
}

TEST(working_days, weekend_days_that_no_notice_names_are_rest_days) {
  for (const date d : {date(2014, 4, 6), date(2019, 4, 6), date(2019, 4, 7)}) {
    EXPECT_FALSE(*shipped().is_working_day(d)) << to_string(d);
  }
  // Named by the notices only: worked after the longer Spring Festival of 2020.
  EXPECT_FALSE(*shipped().is_working_day(date(2020, 2, 2)));
  EXPECT_TRUE(*shipped().is_working_day(date(2020, 2, 3)));
}

// One line of the shipped table that came from somewhere else would be seen here.
TEST(working_days, shipped_table_is_what_the_script_makes) {
  const std::string folder = LIXIN_SOURCE_DIR "/../shared/data/holidays";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no outside data: " << folder;
  const std::string command = std::string(LIXIN_SOURCE_DIR) + "/scripts/make-calendar " + folder;
  FILE* pipe = popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string made;
  char piece[4096];
  for (std::size_t n; (n = fread(piece, 1, sizeof piece, pipe)) > 0;) made.append(piece, n);
  ASSERT_EQ(pclose(pipe), 0);
  EXPECT_TRUE(made == read(LIXIN_SOURCE_DIR "/cities/calendar.csv"));
}

}  // namespace
}  // namespace lixin::calendar
