#include "journal/journal.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "pg/test_server.h"

namespace lixin::journal {
namespace {

using std::chrono::system_clock;

class journal_test : public testing::Test {
 protected:
  void SetUp() override {
    conninfo_ = pg::test_server::fresh_database();
    auto c = connect();
    const auto all = pg::migrations_in(LIXIN_SOURCE_DIR "/sql");
    ASSERT_TRUE(all.ok() && pg::migrate(c, *all).ok());
  }
  pg::connection connect() {
    auto c = pg::connection::open(conninfo_);
    EXPECT_TRUE(c.ok()) << (c.ok() ? "" : c.error().text(language::en));
    return std::move(c).value();
  }
  std::string conninfo_;
};

const act by{action::rows_handed_in, "tester", "batch 1"};

change added(std::int64_t subject) {
  return {.kind = kind::record_added, .subject = subject_id(subject), .record = record_id(subject)};
}

TEST_F(journal_test, begins_empty) {
  auto c = connect();
  const auto head = read_head(c);
  ASSERT_TRUE(head.ok());
  EXPECT_EQ(head->last.value, 0);
  EXPECT_TRUE(read_after(c, position(0), 10)->empty());
}

TEST_F(journal_test, keeps_all_members) {
  auto c = connect();
  const change full{kind::record_corrected, subject_id(7), record_id(8),     3,
                    dataset_id(4),          batch_id(5),   date(2027, 1, 2), date(2028, 2, 29),
                    date(2031, 12, 31)};
  ASSERT_TRUE(append(c, {full}, by, system_clock::now()).ok());
  const auto entries = read_after(c, position(0), 10);
  ASSERT_TRUE(entries.ok());
  ASSERT_EQ(entries->size(), 1U);
  const change& got = entries->front().what;
  EXPECT_EQ(got.kind, full.kind);
  EXPECT_EQ(got.subject, full.subject);
  EXPECT_EQ(got.record, full.record);
  EXPECT_EQ(got.version, full.version);
  EXPECT_EQ(got.dataset, full.dataset);
  EXPECT_EQ(got.batch, full.batch);
  EXPECT_EQ(got.public_until, full.public_until);
  EXPECT_EQ(got.effective_until, full.effective_until);
  EXPECT_EQ(got.purge_at, full.purge_at);
}

TEST_F(journal_test, a_rolled_back_reservation_leaves_no_gap) {
  auto c = connect();
  ASSERT_TRUE(c.begin().ok());
  ASSERT_TRUE(append(c, {added(1), added(2)}, by, system_clock::now()).ok());
  c.rollback();
  const auto first = append(c, {added(3)}, by, system_clock::now());
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->value, 1);
}

TEST_F(journal_test, sealed_at_never_goes_back) {
  auto c = connect();
  const auto now = system_clock::now();
  ASSERT_TRUE(append(c, {added(1)}, by, now).ok());
  ASSERT_TRUE(append(c, {added(2)}, by, now - std::chrono::hours(5)).ok());
  const auto entries = read_after(c, position(0), 10);
  ASSERT_EQ(entries->size(), 2U);
  EXPECT_GE((*entries)[1].sealed_at, (*entries)[0].sealed_at);
}

TEST_F(journal_test, a_time_maps_to_the_last_position_sealed_by_then) {
  auto c = connect();
  const auto start = system_clock::time_point(std::chrono::sys_days(std::chrono::days(20000)));
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(append(c, {added(1), added(2)}, by, start + std::chrono::minutes(i)).ok());
  }
  EXPECT_EQ(position_at(c, start - std::chrono::seconds(1))->value, 0);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(position_at(c, start + std::chrono::minutes(i))->value, 2 * (i + 1));
    EXPECT_EQ(position_at(c, start + std::chrono::minutes(i) + std::chrono::seconds(59))->value,
              2 * (i + 1));
  }
}

// Many writers, one of them slow to commit and some that roll back; a follower that reads on from
// where it stopped must meet every position once and in order, and every committed change.
TEST_F(journal_test, a_follower_sees_no_gap_under_concurrent_writers) {
  constexpr int writers = 6;
  constexpr int rounds = 40;
  std::atomic<int> committed = 0;
  std::atomic<int> running = writers;
  std::atomic<int> failures = 0;
  std::vector<std::thread> threads;
  for (int w = 0; w < writers; ++w) {
    threads.emplace_back([&, w] {
      auto c = connect();
      for (int i = 0; i < rounds; ++i) {
        const int count = 1 + (w * 7 + i) % 5;
        std::vector<change> changes(static_cast<std::size_t>(count), added(w + 1));
        if (!c.begin().ok() || !append(c, changes, by, system_clock::now()).ok()) ++failures;
        if (w == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));  // the slow one
        if (i % 9 == 8) {
          c.rollback();
        } else if (c.commit().ok()) {
          committed += count;
        } else {
          ++failures;
        }
      }
      --running;
    });
  }
  auto c = connect();
  position at(0);
  int seen = 0;
  bool in_order = true;
  while (true) {
    const bool last_look = running == 0;
    const auto entries = read_after(c, at, 100);
    ASSERT_TRUE(entries.ok());
    for (const entry& e : *entries) {
      in_order = in_order && e.at.value == at.value + 1;
      at = e.at;
      ++seen;
    }
    if (last_look && entries->empty()) break;
  }
  for (auto& t : threads) t.join();
  EXPECT_EQ(failures, 0);
  EXPECT_TRUE(in_order);
  EXPECT_EQ(seen, committed);
  EXPECT_EQ(read_head(c)->last, at);
}

}  // namespace
}  // namespace lixin::journal
