#include <gtest/gtest.h>

#include <thread>

#include "base/bounded_queue.h"
#include "base/date.h"
#include "base/error.h"
#include "base/ids.h"

namespace lixin {
namespace {

constexpr message two_args{"base.two_args", failure::refused, "甲 {0} 乙 {1}", "b {1} a {0}"};

TEST(error, speaks_both_languages_with_its_place) {
  const error e = error(two_args, {"1", "2"}).at({.file = "f.csv", .row = 3, .column = "名称"});
  EXPECT_EQ(e.text(language::zh), "f.csv，第 3 行，“名称”栏：甲 1 乙 2");
  EXPECT_EQ(e.text(language::en), "f.csv, row 3, column 名称: b 2 a 1");
  EXPECT_EQ(e.sentence(language::en), "b 2 a 1");
  EXPECT_TRUE(e.is(two_args));
}

TEST(error, an_inner_place_is_kept) {
  const error e = error(two_args, {"1", "2"}, {.row = 9}).at({.file = "f", .row = 3});
  EXPECT_EQ(e.where().row, 9U);
  EXPECT_EQ(e.where().file, "f");
}

TEST(error, a_missing_argument_still_gives_the_sentence) {
  EXPECT_EQ(error(two_args, {"1"}).sentence(language::zh), "甲 {0} 乙 {1}");
}

TEST(error, kinds_have_their_exit_codes) {
  EXPECT_EQ(exit_code(failure::unusable_input), 2);
  EXPECT_EQ(exit_code(failure::not_found), 4);
  EXPECT_EQ(exit_code(failure::refused), 5);
  EXPECT_EQ(exit_code(failure::unavailable), 69);
  EXPECT_EQ(exit_code(failure::internal), 70);
}

result<int> half(int n) {
  if (n % 2 != 0) return error(two_args, {"x", "y"});
  return n / 2;
}
result<int> quarter(int n) {
  LIXIN_TRY(const int h, half(n));
  return half(h);
}
result<void> checked(int n) {
  LIXIN_CHECK(half(n));
  return {};
}

TEST(result, carries_values_and_errors) {
  EXPECT_EQ(*quarter(12), 3);
  EXPECT_FALSE(quarter(6).ok());
  EXPECT_TRUE(quarter(6).error().is(two_args));
  EXPECT_TRUE(checked(2).ok());
  EXPECT_FALSE(checked(1).ok());
}

TEST(result_death_test, reading_the_wrong_side_aborts) {
  EXPECT_DEATH(static_cast<void>(half(1).value()), "assertion failed");
}

TEST(date, is_proleptic_gregorian) {
  EXPECT_EQ(date(1970, 1, 1).days, 0);
  EXPECT_EQ(to_string(date(2024, 2, 29)), "2024-02-29");
  EXPECT_EQ(date(2024, 3, 1) - date(2024, 2, 28), 2);
  EXPECT_EQ(date(2026, 11, 24).year(), 2026);
}

TEST(date, months_end_at_the_last_day) {
  EXPECT_EQ(add_months(date(2026, 1, 31), 1), date(2026, 2, 28));
  EXPECT_EQ(add_months(date(2024, 1, 31), 1), date(2024, 2, 29));
  EXPECT_EQ(add_months(date(2026, 3, 31), -1), date(2026, 2, 28));
  EXPECT_EQ(add_months(date(2026, 11, 24), 3), date(2027, 2, 24));
  EXPECT_EQ(add_months(date(2026, 11, 24), -36), date(2023, 11, 24));
}

TEST(clock, today_is_the_citys) {
  // 16:00 UTC is midnight in the city.
  class at : public clock {
   public:
    explicit at(std::chrono::system_clock::time_point t) : t_(t) {}
    std::chrono::system_clock::time_point now() const override { return t_; }

   private:
    std::chrono::system_clock::time_point t_;
  };
  const auto day = std::chrono::sys_days(std::chrono::days(date(2026, 11, 24).days));
  EXPECT_EQ(at(day + std::chrono::hours(15) + std::chrono::minutes(59)).today(),
            date(2026, 11, 24));
  EXPECT_EQ(at(day + std::chrono::hours(16)).today(), date(2026, 11, 25));
  EXPECT_EQ(fixed_clock(date(2026, 11, 24)).today(), date(2026, 11, 24));
}

TEST(ids, are_different_types) {
  static_assert(!std::is_convertible_v<subject_id, record_id>);
  EXPECT_LT(position(3), position(4));
  EXPECT_EQ(std::hash<subject_id>{}(subject_id(5)), std::hash<subject_id>{}(subject_id(5)));
}

TEST(bounded_queue, hands_everything_over_in_order) {
  bounded_queue<int> q(2);
  std::thread in([&] {
    for (int i = 0; i < 1000; ++i) ASSERT_TRUE(q.push(i));
    q.close();
  });
  int next = 0;
  while (const auto got = q.pop()) EXPECT_EQ(*got, next++);
  in.join();
  EXPECT_EQ(next, 1000);
}

TEST(bounded_queue, closing_frees_a_waiting_writer) {
  bounded_queue<int> q(1);
  ASSERT_TRUE(q.push(1));
  std::thread closer([&] { q.close(); });
  EXPECT_FALSE(q.push(2));
  closer.join();
  EXPECT_EQ(q.pop(), 1);
  EXPECT_EQ(q.pop(), std::nullopt);
}

}  // namespace
}  // namespace lixin
