#include "keeping/purge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>

#include "archive/testing.h"
#include "keeping/errc.h"

namespace lixin::keeping {
namespace {

using archive::testing::broken_rules;
using archive::testing::credit_code;
using archive::testing::must;
using archive::testing::refused_as;
using archive::testing::resident_number;
using archive::testing::strings;
using policy::event_kind;

constexpr date all_ended{2040, 1, 1};

class purge_test : public archive::testing::archive_fixture {
 protected:
  std::string book() const { return city.folder() + "/purge.ledger"; }
  purge_outcome purge(bool dry_run = false) {
    return must(purge_due(officer.context(), "keeper", book(), dry_run, nullptr));
  }
  archive::record_name penalty(const std::string& document, const std::string& decided) {
    const auto id =
        officer.penalise({{.document = document, .code = credit_code(1), .decided = decided}});
    return officer.record_of(id, 2);
  }
  void SetUp() override { officer.register_all({{"示例公司", credit_code(1)}}); }
};

// Every text of every table, to look for what must be gone.
std::string all_text(archive::testing::desk& d) {
  std::string out;
  const auto tables = must(d.db().exec(
      "SELECT relname FROM pg_class WHERE relnamespace = 'lixin'::regnamespace AND relkind = 'r' "
      "AND relname NOT IN ('pack_sheet', 'calendar_sheet')"));
  for (int i = 0; i < tables.size(); ++i) {
    const std::string table(tables.text(i, 0));
    out += d.text("SELECT coalesce(string_agg(t::text, E'\\n'), '') FROM " + table + " t");
  }
  return out;
}

TEST_F(purge_test, nothing_is_due_before_its_day_and_all_of_it_on_that_day) {
  const auto name = penalty("沧市监罚〔2026〕1号", "2026-11-20");
  const std::string due = officer.text(
      "SELECT purge_at::text FROM journal WHERE kind = 4 ORDER BY position DESC LIMIT 1");
  ASSERT_EQ(due, "2032-02-20");
  officer.clock().move_to(date(2032, 2, 19));
  EXPECT_EQ(purge(true).record_count(), 0);
  EXPECT_EQ(purge().record_count(), 0);
  officer.clock().move_to(date(2032, 2, 20));
  EXPECT_EQ(purge(true).record_count(), 1);
  EXPECT_FALSE(officer.view(name).facts.content_ended) << "a dry run changes nothing";
  EXPECT_EQ(purge().record_count(), 1);
  EXPECT_TRUE(officer.view(name).facts.content_ended);
  EXPECT_EQ(purge().record_count(), 0) << "once";
}

TEST_F(purge_test, every_trace_of_the_content_goes_and_that_a_record_was_there_stays) {
  const auto id = officer.penalise({{.document = "沧市监罚〔2026〕77号",
                                     .code = credit_code(1),
                                     .name = "埋名公司",
                                     .facts = "埋下的事实一"}});
  const auto name = officer.record_of(id, 2);
  officer.penalise({{.document = "沧市监罚〔2026〕77号",
                     .code = credit_code(1),
                     .name = "埋名公司",
                     .facts = "埋下的事实二"}});
  must(officer.event(name, event_kind::dispute, "埋下的异议书", date(2026, 11, 24)));
  for (const char* planted : {"埋名公司", "埋下的事实", "77号", "埋下的异议书"}) {
    ASSERT_THAT(all_text(officer), testing::HasSubstr(planted));
  }
  const std::string digests = officer.text(
      "SELECT string_agg(content_digest::text, ' ') FROM record_version WHERE record_id = " +
      std::to_string(name.record.value));
  officer.clock().move_to(all_ended);
  EXPECT_EQ(purge().record_count(), 1);
  const std::string left = all_text(officer);
  for (const char* planted : {"埋名公司", "埋下的事实", "77号", "埋下的异议书", "示例理由"}) {
    EXPECT_THAT(left, testing::Not(testing::HasSubstr(planted)));
  }
  EXPECT_THAT(left, testing::Not(testing::HasSubstr(digests.substr(2, 64))));
  const auto v = officer.view(name);
  EXPECT_EQ(v.version, 2);
  EXPECT_EQ(v.facts.decided_on, date(2026, 11, 20));
  EXPECT_EQ(v.facts.events.size(), 1U);
  EXPECT_EQ(policy::status_of(v.facts, all_ended, officer.head()), policy::record_status::expired);
  std::ifstream in(book());
  const std::string lines((std::istreambuf_iterator<char>(in)), {});
  EXPECT_THAT(lines, testing::StartsWith("1 R "));
  EXPECT_TRUE(std::ranges::all_of(lines, [](char c) { return (c & 0x80) == 0; })) << lines;
}

TEST_F(purge_test, its_document_is_not_taken_in_again_and_its_row_is_not_kept) {
  penalty("沧市监罚〔2026〕2号", "2026-11-20");
  officer.clock().move_to(all_ended);
  purge();
  officer.clock().move_to(archive::testing::trial_today);
  const auto again = officer.penalise(
      {{.document = "沧市监罚[2026]2号", .code = credit_code(1), .facts = "埋下的事实"}});
  EXPECT_EQ(officer.fates(again), strings{"refused archive.retention_ended"});
  EXPECT_TRUE(officer.rows(again)[0].cells.empty());
  EXPECT_THAT(all_text(officer), testing::Not(testing::HasSubstr("埋下的事实")));
  // Another party of the same document is another record.
  EXPECT_EQ(officer.fates(officer.penalise(
                {{.document = "沧市监罚〔2026〕2号", .code = credit_code(1), .ordinal = "2"}})),
            strings{"accepted"});
}

TEST_F(purge_test, nothing_follows_a_record_that_is_gone) {
  const auto first = officer.penalise({{.document = "一号", .code = credit_code(1)}});
  const auto name = officer.record_of(first, 2);
  const auto second =
      officer.penalise({{.document = "一号", .code = credit_code(1), .facts = "更正"}});
  officer.clock().move_to(all_ended);
  purge();
  EXPECT_EQ(refused_as(officer.event(name, event_kind::dispute, "二号", all_ended)),
            "archive.content_ended");
  // Taking its hand-ins back works and brings nothing back.
  EXPECT_EQ(officer.withdraw(second).restored, 1);
  EXPECT_TRUE(officer.view(name).facts.content_ended);
  EXPECT_EQ(officer.withdraw(first).withdrawn, 1);
  EXPECT_TRUE(officer.view(name).facts.content_ended);
  EXPECT_EQ(purge().record_count(), 0);
}

TEST_F(purge_test, a_record_that_went_to_another_subject_goes_at_both_places) {
  officer.register_all({{"另一公司", credit_code(2)}});
  const auto name = penalty("改一号", "2026-11-20");
  must(officer.rebind(name, credit_code(2)));
  officer.clock().move_to(all_ended);
  EXPECT_EQ(purge().record_count(), 2) << "places";
  const std::string left = all_text(officer);
  EXPECT_THAT(left, testing::Not(testing::HasSubstr("埋下的")));
  EXPECT_THAT(left, testing::Not(testing::HasSubstr("改一号")));
  EXPECT_EQ(purge().record_count(), 0);
}

TEST_F(purge_test, rows_of_persons_go_with_their_document) {
  const auto id = officer.penalise(
      {{.document = "人一号", .code = "", .name = "某人", .person = resident_number(1)}});
  ASSERT_EQ(officer.fates(id), strings{"sealed"});
  EXPECT_EQ(purge().sealed, 0);
  EXPECT_EQ(officer.number("SELECT count(*) FROM sealed_record"), 1);
  officer.clock().move_to(all_ended);
  EXPECT_EQ(purge().sealed, 1);
  EXPECT_EQ(officer.number("SELECT count(*) FROM sealed_record"), 0);
  officer.clock().move_to(archive::testing::trial_today);
  const auto again = officer.penalise({{.document = "人一号",
                                        .code = "",
                                        .name = "某人",
                                        .facts = "另一事实",
                                        .person = resident_number(1)}});
  EXPECT_EQ(officer.fates(again), strings{"refused archive.retention_ended"});
  EXPECT_EQ(officer.number("SELECT count(*) FROM sealed_record"), 0);
}

TEST_F(purge_test, what_refused_and_pending_rows_kept_goes_after_its_term) {
  const auto id = officer.penalise({{.document = "待一号", .code = credit_code(5)},
                                    {.document = "退一号",
                                     .code = credit_code(1),
                                     .facts = "埋下的事实",
                                     .decided = "不是日期"}});
  ASSERT_EQ(officer.rows(id).size(), 2U);
  officer.clock().move_to(archive::testing::trial_today + staging_days_usual);
  EXPECT_EQ(purge().staging_rows, 0);
  officer.clock().move_to(archive::testing::trial_today + staging_days_usual + 1);
  EXPECT_EQ(purge(true).staging_rows, 2);
  EXPECT_EQ(purge().staging_rows, 2);
  for (const auto& row : officer.rows(id)) {
    EXPECT_TRUE(row.cells.empty());
    EXPECT_TRUE(row.content_ended);
    EXPECT_FALSE(row.reasons.empty()) << "why stays, as a code";
  }
  EXPECT_THAT(all_text(officer), testing::Not(testing::HasSubstr("埋下的事实")));
  EXPECT_THAT(all_text(officer), testing::Not(testing::HasSubstr("不是日期")));
  EXPECT_EQ(purge().staging_rows, 0);
}

TEST_F(purge_test, a_stop_between_ledger_and_commit_purges_again) {
  const auto name = penalty("停一号", "2026-11-20");
  officer.clock().move_to(all_ended);
  // The database refuses the commit after the line is on the disk.
  must(officer.db().exec("ALTER TABLE purged_record ADD CONSTRAINT stop CHECK (record_id < 0)"));
  EXPECT_FALSE(purge_due(officer.context(), "keeper", book(), false, nullptr).ok());
  EXPECT_FALSE(officer.view(name).facts.content_ended);
  must(officer.db().exec("ALTER TABLE purged_record DROP CONSTRAINT stop"));
  EXPECT_EQ(refused_as(check_ledger(officer.db(), book())), "keeping.replay_needed");
  const auto out = purge();
  EXPECT_EQ(out.replayed, 1);
  EXPECT_TRUE(officer.view(name).facts.content_ended);
  EXPECT_TRUE(check_ledger(officer.db(), book()).ok());
}

TEST_F(purge_test, a_ledger_that_is_missing_or_changed_stops_everything) {
  penalty("缺一号", "2026-11-20");
  officer.clock().move_to(all_ended);
  purge();
  const std::string kept = book() + ".kept";
  std::filesystem::rename(book(), kept);
  EXPECT_EQ(refused_as(purge_due(officer.context(), "keeper", book(), false, nullptr)),
            "keeping.ledger_behind");
  std::filesystem::rename(kept, book());
  must(officer.db().exec("UPDATE purge_state SET ledger_lines = 0"));
  std::fstream file(book(), std::ios::in | std::ios::out);
  file.seekp(4);
  file << '7';
  file.close();
  EXPECT_EQ(refused_as(replay_ledger(officer.context(), "keeper", book())),
            "keeping.ledger_broken");
}

TEST_F(purge_test, one_purge_at_a_time) {
  archive::testing::desk other(city);
  must(other.db().exec("SELECT pg_advisory_lock($1::bigint)",
                       pg::params().add(std::int64_t{0x6c6978696e2e7067})));
  EXPECT_EQ(refused_as(purge_due(officer.context(), "keeper", book(), false, nullptr)),
            "keeping.already_purging");
}

// Hand-ins, withdrawals, events and purges in any order on moving days: what is due is gone, what
// is not due stands, and the database keeps all its rules.
TEST_F(purge_test, any_order_of_hand_ins_events_and_purges_keeps_the_rules) {
  const auto seed =
      static_cast<unsigned>(std::chrono::steady_clock::now().time_since_epoch().count() & 0xffff);
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  std::vector<batch_id> batches;
  std::vector<archive::record_name> names;
  for (int step = 0; step < 60; ++step) {
    switch (pick(5)) {
      case 0:
      case 1: {
        officer.clock().move_to(archive::testing::trial_today);
        const date decided = date(2026, 11, 24) - pick(300);
        const auto id = officer.penalise({{.document = std::to_string(pick(12)) + "号",
                                           .code = credit_code(1),
                                           .facts = "事实" + std::to_string(pick(3)),
                                           .decided = to_string(decided)}});
        batches.push_back(id);
        if (!officer.rows(id)[0].record.empty()) names.push_back(officer.record_of(id, 2));
        break;
      }
      case 2:
        if (!batches.empty())
          officer.withdraw(
              batches[static_cast<std::size_t>(pick(static_cast<int>(batches.size())))]);
        break;
      case 3:
        if (!names.empty()) {
          static_cast<void>(officer.event(
              names[static_cast<std::size_t>(pick(static_cast<int>(names.size())))],
              event_kind::dispute, "异议" + std::to_string(step), date(2026, 11, 24)));
        }
        break;
      default:
        officer.clock().move_to(date(2031, 6, 1) + pick(400));
        purge();
        EXPECT_EQ(purge(true).record_count(), 0);
        break;
    }
    ASSERT_EQ(broken_rules(officer.db()), strings{});
  }
  officer.clock().move_to(all_ended);
  purge();
  EXPECT_EQ(officer.number("SELECT count(*) FROM record_version v JOIN record r USING "
                           "(subject_id, record_id) JOIN dataset d USING (dataset_id) WHERE d.code "
                           "= 'penalty' AND v.content IS NOT NULL"),
            0);
}

}  // namespace
}  // namespace lixin::keeping
