// A hand-in that was stopped goes on after the last chunk that committed.
#include <fmt/format.h>

#include <fstream>

#include "archive/testing.h"

namespace lixin::archive::testing {
namespace {

constexpr int row_count = 35'000;
constexpr int company_count = 200;

std::vector<registration> companies() {
  std::vector<registration> out;
  for (int i = 0; i < company_count; ++i) {
    out.push_back({fmt::format("公司{}", i), credit_code(i)});
  }
  return out;
}

// All fates, and documents that come again in a later chunk.
std::string mixed_penalties() {
  std::vector<penalty> rows;
  for (int i = 0; i < row_count; ++i) {
    penalty p{.document = fmt::format("罚{}", i % 30'000),
              .code = credit_code(i % company_count),
              .name = fmt::format("公司{}", i % company_count),
              .facts = i % 30'000 % 3 == 0 ? "事实一" : fmt::format("事实{}", i / 30'000)};
    if (i % 100 == 7) p.code = credit_code(50'000 + i % 30'000);
    if (i % 100 == 8) p.facts = "";
    if (i % 100 == 9) {
      p.code = "";
      p.person = resident_number(i % 900);
    }
    rows.push_back(std::move(p));
  }
  return penalties(rows);
}

class resume_test : public archive_fixture {
 protected:
  // Registers, and hands `text` in with the connection broken after each of these chunks.
  batch_info run(trial_city& where, const std::string& text, const std::vector<int>& stops) {
    desk first(where);
    first.register_all(companies());
    const import_request request{.dataset = "penalty",
                                 .authority = trial_authority,
                                 .path = where.write(text),
                                 .actor = "officer"};
    for (const int stop : stops) {
      desk victim(where);
      const auto pid = victim.number("SELECT pg_backend_pid()");
      int chunks = 0;
      const auto broken = victim.import(request, [&](const import_progress&) {
        if (++chunks != stop) return;
        must(first.db().exec("SELECT pg_terminate_backend($1::integer)", pg::params().add(pid)));
        while (first.number(
                   fmt::format("SELECT count(*) FROM pg_stat_activity WHERE pid = {}", pid)) > 0) {
        }
      });
      EXPECT_EQ(refused_as(broken).substr(0, 3), "pg.") << stop;
      EXPECT_EQ(broken_rules(first.db()), strings{});
    }
    desk last(where);
    const auto out = must(last.import(request));
    EXPECT_FALSE(out.already);
    EXPECT_EQ(out.resumed_after > 0, !stops.empty());
    return out.batch;
  }
};

TEST_F(resume_test, ends_as_if_it_had_not_been_stopped) {
  const std::string text = mixed_penalties();
  trial_city whole_city;
  const auto whole = run(whole_city, text, {});
  desk reader(whole_city);
  const std::string expected = content_of(reader.db());
  EXPECT_EQ(whole.counts.total(), row_count);
  for (const fate f : all_fates) EXPECT_GT(whole.counts[f], 0) << code_of(f);

  for (const std::vector<int>& stops : {std::vector<int>{1}, {3, 1}, {1, 1, 1}}) {
    trial_city broken_city;
    const auto resumed = run(broken_city, text, stops);
    EXPECT_EQ(resumed.counts.of, whole.counts.of);
    EXPECT_EQ(resumed.state, batch_state::done);
    desk there(broken_city);
    EXPECT_EQ(content_of(there.db()) == expected, true) << stops.size();
    EXPECT_EQ(broken_rules(there.db()), strings{});
  }
}

TEST_F(resume_test, goes_on_with_the_day_and_the_rules_it_began_with) {
  officer.register_all({{"甲公司", credit_code(1)}});
  std::vector<penalty> rows;
  for (int i = 0; i < 10'001; ++i) {
    rows.push_back({.document = fmt::format("罚{}", i),
                    .code = credit_code(1),
                    .name = "甲公司",
                    .decided = "2026-11-20"});
  }
  const import_request request{.dataset = "penalty",
                               .authority = trial_authority,
                               .path = city.write(penalties(rows)),
                               .actor = "officer"};
  {
    desk victim(city);
    const auto pid = victim.number("SELECT pg_backend_pid()");
    const auto broken = victim.import(request, [&](const import_progress&) {
      must(officer.db().exec("SELECT pg_terminate_backend($1::integer)", pg::params().add(pid)));
    });
    ASSERT_FALSE(broken.ok());
  }
  officer.clock().move_to(date(2026, 12, 31));  // late by then
  const auto out = must(officer.import(request));
  EXPECT_EQ(out.resumed_after, 10'001U);
  EXPECT_EQ(out.batch.counts[fate::accepted], 10'001);
  EXPECT_EQ(out.batch.counts.late, 0);
  EXPECT_EQ(out.batch.handed_in_on, trial_today);
}

TEST_F(resume_test, progress_tells_rows_and_bytes) {
  officer.register_all(companies());
  const std::string text = mixed_penalties();
  std::vector<import_progress> told;
  must(officer.import({.dataset = "penalty",
                       .authority = trial_authority,
                       .path = city.write(text),
                       .actor = "officer"},
                      [&](const import_progress& p) { told.push_back(p); }));
  ASSERT_EQ(told.size(), 4U);
  EXPECT_EQ(told[0].rows, 10'000);
  EXPECT_EQ(told[3].rows, row_count);
  EXPECT_LT(told[0].bytes, told[1].bytes);
  EXPECT_EQ(told[3].bytes, text.size());
  EXPECT_EQ(told[3].bytes_total, text.size());
}

// What was committed of a file that turns out to be broken can be taken back.
TEST_F(resume_test, a_file_that_breaks_in_the_middle_keeps_its_chunks_and_can_be_withdrawn) {
  officer.register_all({{"甲公司", credit_code(1)}});
  std::vector<penalty> rows;
  for (int i = 0; i < 10'500; ++i) {
    rows.push_back({.document = fmt::format("罚{}", i), .code = credit_code(1), .name = "甲公司"});
  }
  const std::string text = penalties(rows) + "\"never closed";
  const import_request request{.dataset = "penalty",
                               .authority = trial_authority,
                               .path = city.write(text),
                               .actor = "officer"};
  const auto broken = officer.import(request);
  ASSERT_FALSE(broken.ok());
  EXPECT_EQ(refused_as(broken).substr(0, 8), "tabular.");
  EXPECT_EQ(broken.error().where().file, request.path);
  const auto half = must(list_batches(officer.db(), batch_id(0), 1)).at(0);
  EXPECT_EQ(half.state, batch_state::running);
  EXPECT_EQ(half.counts[fate::accepted], 10'000);
  // The mended file: what is there already is unchanged.
  const auto mended = officer.hand_in("penalty", penalties(rows)).batch;
  EXPECT_EQ(mended.counts[fate::unchanged], 10'000);
  EXPECT_EQ(mended.counts[fate::accepted], 500);
  EXPECT_EQ(officer.withdraw(half.id).withdrawn, 10'000);
  EXPECT_EQ(must(find_batch(officer.db(), half.id)).state, batch_state::withdrawn);
}

TEST_F(resume_test, a_running_hand_in_is_not_withdrawn) {
  officer.register_all({{"甲公司", credit_code(1)}});
  std::vector<penalty> rows;
  for (int i = 0; i < 10'001; ++i) {
    rows.push_back({.document = fmt::format("罚{}", i), .code = credit_code(1), .name = "甲公司"});
  }
  desk other(city);
  bool asked = false;
  const auto out = must(other.import(
      {.dataset = "penalty",
       .authority = trial_authority,
       .path = city.write(penalties(rows)),
       .actor = "officer"},
      [&](const import_progress&) {
        asked = true;
        EXPECT_EQ(refused_as(withdraw_batch(officer.context(), batch_id(2), "officer", "报送有误")),
                  "archive.already_running");
      }));
  EXPECT_TRUE(asked);
  EXPECT_EQ(out.batch.counts[fate::accepted], 10'001);
}

TEST_F(resume_test, a_file_that_changes_meanwhile_is_told) {
  officer.register_all({{"甲公司", credit_code(1)}});
  const std::string path =
      city.write(penalties({{.document = "罚1", .code = credit_code(1), .name = "甲公司"}}));
  const auto out = officer.import(
      {.dataset = "penalty", .authority = trial_authority, .path = path, .actor = "officer"},
      [&](const import_progress&) { std::ofstream(path, std::ios::app) << "\r\n"; });
  EXPECT_EQ(refused_as(out), "archive.file_changed");
}

}  // namespace
}  // namespace lixin::archive::testing
