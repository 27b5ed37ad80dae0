#include "keeping/ticker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "archive/testing.h"

namespace lixin::keeping {
namespace {

using archive::testing::broken_rules;
using archive::testing::credit_code;
using archive::testing::must;
using archive::testing::strings;

class ticker_test : public archive::testing::archive_fixture {
 protected:
  void SetUp() override {
    officer.register_all({{"示例公司", credit_code(1)}});
    must(tick(officer.context(), "keeper"));  // from here on
  }
  tick_outcome tick_on(date d) {
    officer.clock().move_to(d);
    return must(tick(officer.context(), "keeper"));
  }
  // The due rows: kind and day of each.
  strings due() {
    strings out;
    const auto r = must(officer.db().exec(
        "SELECT kind, coalesce(public_until, effective_until, purge_at) FROM journal WHERE kind "
        "BETWEEN 14 AND 16 ORDER BY 2, 1"));
    for (int i = 0; i < r.size(); ++i) {
      out.push_back(std::string(journal::code_of(static_cast<journal::kind>(r.int64(i, 0)))) + " " +
                    std::string(r.text(i, 1)));
    }
    return out;
  }
  archive::record_name entry(const std::string& document) {
    const auto id = officer
                        .hand_in("procurement-bad-record",
                                 archive::testing::procurement_entries(
                                     {{.document = document, .code = credit_code(1)}}))
                        .batch.id;
    return officer.record_of(id, 2);
  }
};

TEST_F(ticker_test, each_end_is_told_on_the_day_after_and_once) {
  entry("列一号");  // in effect until 2027-10-07, published as long, kept 60 months more
  EXPECT_EQ(tick_on(date(2027, 10, 7)).effect, 0);
  const auto out = tick_on(date(2027, 10, 8));
  EXPECT_EQ(out.effect, 1);
  EXPECT_EQ(out.publicity, 1);
  EXPECT_EQ(out.from, date(2027, 10, 8));
  EXPECT_FALSE(tick_on(date(2027, 10, 8)).from.has_value());
  EXPECT_EQ(tick_on(date(2032, 10, 6)).retention, 0);
  EXPECT_EQ(tick_on(date(2032, 10, 7)).retention, 1);
  EXPECT_EQ(due(), (strings{"publicity-ended 2027-10-07", "effect-ended 2027-10-07",
                            "retention-ended 2032-10-07"}));
}

TEST_F(ticker_test, a_downtime_is_made_up_for_and_a_clock_set_back_tells_nothing) {
  entry("列一号");
  officer.penalise({{.document = "罚一号", .code = credit_code(1)}});
  const auto out = tick_on(date(2040, 1, 1));
  EXPECT_EQ(out.publicity, 2);
  EXPECT_EQ(out.effect, 1);
  EXPECT_EQ(out.retention, 2);
  const auto told = due();
  EXPECT_FALSE(tick_on(date(2026, 11, 25)).from.has_value());
  EXPECT_FALSE(tick_on(date(2039, 12, 31)).from.has_value());
  EXPECT_EQ(tick_on(date(2040, 1, 2)).publicity, 0);
  EXPECT_EQ(due(), told);
}

TEST_F(ticker_test, what_was_corrected_repaired_or_withdrawn_ends_as_it_stands) {
  const auto corrected = officer.penalise({{.document = "罚一号", .code = credit_code(1)}});
  officer.penalise({{.document = "罚一号", .code = credit_code(1), .decided = "2026-11-10"}});
  const auto withdrawn = officer.penalise({{.document = "罚二号", .code = credit_code(1)}});
  officer.withdraw(withdrawn);
  static_cast<void>(corrected);
  tick_on(date(2027, 12, 31));
  EXPECT_EQ(due(), strings{"publicity-ended 2027-02-10"}) << "not 2027-02-20, not the second";
}

TEST_F(ticker_test, two_tickers_at_once_tell_each_end_once) {
  std::vector<archive::testing::penalty> rows;
  for (int n = 0; n < 4000; ++n) {
    rows.push_back({.document = "罚" + std::to_string(n), .code = credit_code(1)});
  }
  officer.penalise(rows);
  archive::testing::desk other(city);
  officer.clock().move_to(date(2027, 6, 1));
  other.clock().move_to(date(2027, 6, 1));
  tick_outcome theirs;
  std::thread beside([&] { theirs = must(tick(other.context(), "keeper")); });
  const auto ours = must(tick(officer.context(), "keeper"));
  beside.join();
  EXPECT_EQ(ours.publicity + theirs.publicity, 4000);
  EXPECT_EQ(officer.number("SELECT count(*) FROM journal WHERE kind = 14"), 4000);
}

// A run that stopped after some of its pages goes on and tells the rest.
TEST_F(ticker_test, a_run_that_was_stopped_goes_on) {
  std::vector<archive::testing::penalty> rows;
  for (int n = 0; n < 3500; ++n) {
    rows.push_back({.document = "罚" + std::to_string(n), .code = credit_code(1)});
  }
  officer.penalise(rows);
  officer.clock().move_to(date(2027, 6, 1));
  // The second page fails.
  const auto last = officer.number("SELECT max(record_id) FROM record");
  must(officer.db().exec("ALTER TABLE told_end ADD CONSTRAINT stop CHECK (record_id < " +
                         std::to_string(last) + ")"));
  EXPECT_FALSE(tick(officer.context(), "keeper").ok());
  const auto before = officer.number("SELECT count(*) FROM told_end");
  EXPECT_EQ(before, 3000);
  must(officer.db().exec("ALTER TABLE told_end DROP CONSTRAINT stop"));
  // Even on an earlier day than the one that it was begun for.
  EXPECT_EQ(tick_on(date(2027, 5, 1)).publicity, 500);
  EXPECT_EQ(must(told_through(officer.db())), date(2027, 6, 1));
}

// New rules that end earlier are told of, by a look at every record; the same rules look at none.
TEST_F(ticker_test, ends_that_new_rules_brought_are_told) {
  officer.penalise({{.document = "罚一号", .code = credit_code(1)}});
  EXPECT_FALSE(tick_on(date(2027, 1, 10)).whole);
  EXPECT_EQ(due(), strings{});
  // As if the last run had looked by no pack at all but the first.
  must(officer.db().exec("UPDATE ticker SET rules = '{1}'"));
  EXPECT_TRUE(tick_on(date(2027, 1, 11)).whole);
  EXPECT_FALSE(tick_on(date(2027, 1, 12)).whole);
}

}  // namespace
}  // namespace lixin::keeping
