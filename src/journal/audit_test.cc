#include "journal/audit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <random>
#include <thread>

#include "base/test_seed.h"
#include "crypto/sm2.h"
#include "journal/audit_bytes.h"
#include "journal/audit_verify.h"
#include "journal/errc.h"
#include "journal/journal.h"
#include "pg/test_server.h"

namespace lixin::journal {
namespace {

using std::chrono::system_clock;
using testing::ElementsAre;
using testing::IsEmpty;

using strings = std::vector<std::string>;

const system_clock::time_point noon = std::chrono::sys_days(std::chrono::days(20'000)) +
                                      std::chrono::hours(12) + std::chrono::microseconds(7);

// ---- bytes, with vectors made by another program (docs/formats/audit.md has the same)

change full_change() {
  return {kind::record_corrected, subject_id(7), record_id(8),      3, dataset_id(4), batch_id(5),
          date(2027, 1, 2),       std::nullopt,  date(2031, 12, 31)};
}

inquiry full_inquiry() {
  return {.asked_at = noon,
          .asker = "招标办",
          .code = "91130902MA9000001X",
          .subject = subject_id(7),
          .matter = "procurement.bid",
          .as_of = date(2026, 11, 24),
          .at = position(12),
          .outcome = 4};
}

TEST(audit_bytes, journal_rows) {
  covered_rows rows;
  rows.add_time(noon);
  rows.add(full_change());
  rows.add({.kind = kind::batch_finished, .batch = batch_id(5)});
  EXPECT_EQ(crypto::to_hex(rows.finish()),
            "ce24764607abfd37b547e8ab9a486e59d2101f695bab743d9385cc30acd85b48");
}

TEST(audit_bytes, inquiries) {
  covered_rows rows;
  rows.add(41, full_inquiry());
  EXPECT_EQ(crypto::to_hex(rows.finish()),
            "ea4c1370bcf9b73f14b8dab51e3af004fff372c51c2e10a1ab3ece5af4d8c040");
}

TEST(audit_bytes, an_entry) {
  audit_entry e;
  e.number = 9;
  e.written_at = noon;
  e.what = {action::rows_handed_in, "li", "batch 5"};
  e.first = 12;
  e.last = 13;
  e.content = crypto::sm3("content");
  EXPECT_EQ(crypto::to_hex(chained(e, crypto::sm3("before"))),
            "6b0540c6e3ac81234606488d6e8b401b95b861f03d37ffa3684308a252955c90");
}

TEST(audit_bytes, many_rows_in_pieces_are_the_same_as_at_once) {
  covered_rows rows;
  std::string whole(8, '\0');
  rows.add_time(system_clock::time_point());
  for (int i = 0; i < 2000; ++i) {
    rows.add({.kind = kind::batch_finished, .batch = batch_id(5)});
    whole += std::string("\0\11", 2) + std::string(24, '\0') + std::string(7, '\0') + '\5';
    for (int d = 0; d < 3; ++d) whole += std::string("\x80\0\0\0", 4);
  }
  EXPECT_EQ(rows.finish(), crypto::sm3(whole));
}

TEST(audit_words, every_action_has_a_code_of_its_own) {
  for (int i = 1; i <= actions; ++i) {
    EXPECT_EQ(action_named(code_of(static_cast<action>(i))), static_cast<action>(i));
  }
  EXPECT_EQ(action_named("none"), std::nullopt);
  EXPECT_EQ(code_of(static_cast<action>(actions + 1)), "unknown");
}

// ---- a chain in a database

class audit_test : public testing::Test {
 protected:
  void SetUp() override {
    conninfo_ = pg::test_server::fresh_database();
    c_.emplace(connect());
    const auto all = pg::migrations_in(LIXIN_SOURCE_DIR "/sql");
    ASSERT_TRUE(all.ok() && pg::migrate(*c_, *all).ok());
  }
  pg::connection connect() {
    auto c = pg::connection::open(conninfo_);
    LIXIN_ASSERT(c.ok());
    return std::move(c).value();
  }
  void run(const std::string& sql) {
    const auto done = c_->script(sql);
    ASSERT_TRUE(done.ok()) << done.error().text(language::en);
  }
  static void write(pg::connection& c, int rows, system_clock::time_point now = noon) {
    std::vector<change> all(static_cast<std::size_t>(rows), full_change());
    ASSERT_TRUE(c.begin().ok());
    ASSERT_TRUE(append(c, all, {action::rows_handed_in, "li", "batch 5"}, now).ok());
    ASSERT_TRUE(c.commit().ok());
  }
  static void ask(pg::connection& c, int count) {
    std::vector<inquiry> all(static_cast<std::size_t>(count), full_inquiry());
    all.front().code.clear();
    all.front().subject = subject_id();
    ASSERT_TRUE(c.begin().ok());
    ASSERT_TRUE(log_inquiries(c, all, {action::inquired, "招标办", ""}, noon).ok());
    ASSERT_TRUE(c.commit().ok());
  }
  static void open_vault(pg::connection& c) {
    ASSERT_TRUE(append_act(c, {action::vault_opened, "wang", "purpose court"}, noon).ok());
  }
  // Entries: 1 journal 1-3, 2 inquiries 1-2, 3 an act, 4 journal 4, 5 inquiry 3, 6 journal 5-9.
  void fill() {
    write(*c_, 3);
    ask(*c_, 2);
    open_vault(*c_);
    write(*c_, 1);
    ask(*c_, 1);
    write(*c_, 5);
  }
  verify_outcome verify(verify_request r = {}) {
    auto out = verify_audit(*c_, r);
    LIXIN_ASSERT(out.ok());
    return std::move(out).value();
  }
  strings faults(const verify_request& r = {}) {
    strings out;
    for (const error& e : verify(r).faults) {
      std::string line(e.code().substr(e.code().find('.') + 1));
      for (std::size_t i = 0; i < e.args().size() && i < 3; ++i) line += " " + e.args()[i];
      out.push_back(std::move(line));
    }
    return out;
  }
  signed_head exported() {
    auto text = export_head(*c_, keys(), noon);
    LIXIN_ASSERT(text.ok());
    auto h = parse_head(*text);
    LIXIN_ASSERT(h.ok());
    return std::move(h).value();
  }
  static const crypto::key_file& keys() {
    static const crypto::key_file k = [] {
      char name[] = "/tmp/lixin-audit-XXXXXX";
      LIXIN_ASSERT(::mkdtemp(name) != nullptr);
      auto made = crypto::key_file::open_or_create(std::string(name) + "/keys");
      std::filesystem::remove_all(name);
      LIXIN_ASSERT(made.ok());
      return std::move(made).value();
    }();
    return k;
  }
  // What someone with full power over the database can do: every digest computed anew.
  void rechain() {
    auto all = read_audit(*c_, {.limit = 1'000'000});
    LIXIN_ASSERT(all.ok());
    crypto::digest before{};
    std::int64_t number = 0;
    run("DELETE FROM audit");
    for (audit_entry& e : *all) {
      e.number = ++number;
      e.digest = chained(e, before);
      before = e.digest;
      ASSERT_TRUE(
          c_->exec("INSERT INTO audit VALUES ($1::bigint, $2::timestamptz, $3::smallint, $4::text, "
                   "$5::bigint, $6::bigint, $7::text, $8::bytea, $9::bytea)",
                   pg::params()
                       .add(e.number)
                       .add(to_string(e.written_at))
                       .add(static_cast<int>(e.what.action))
                       .add(e.what.actor)
                       .add(e.first)
                       .add(e.last)
                       .add(e.what.object)
                       .add_bytes(crypto::bytes(e.content))
                       .add_bytes(crypto::bytes(e.digest)))
              .ok());
    }
    ASSERT_TRUE(c_->exec("UPDATE audit_head SET entry_number = $1::bigint, digest = $2::bytea",
                         pg::params().add(number).add_bytes(crypto::bytes(before)))
                    .ok());
  }

  std::string conninfo_;
  std::optional<pg::connection> c_;
};

TEST_F(audit_test, an_empty_chain_and_a_filled_one_fit) {
  EXPECT_THAT(faults(), IsEmpty());
  fill();
  const auto out = verify();
  EXPECT_THAT(out.faults, IsEmpty());
  EXPECT_EQ(out.entries, 6);
  EXPECT_EQ(out.last_entry, 6);
  EXPECT_EQ(out.journal_rows, 9);
  EXPECT_EQ(out.inquiries, 3);
  EXPECT_EQ(out.journal_from, 1);
  for (std::int64_t from = 2; from <= 6; ++from) {
    const auto part = verify({.from = from});
    EXPECT_THAT(part.faults, IsEmpty()) << from;
    EXPECT_EQ(part.entries, 7 - from);
  }
  EXPECT_TRUE(verify_audit(*c_, {.from = 7}).error().is(errc::no_such_entry));
}

TEST_F(audit_test, entries_read_back_as_written) {
  fill();
  const auto all = read_audit(*c_, {});
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->size(), 6U);
  EXPECT_EQ((*all)[0].what.actor, "li");
  EXPECT_EQ((*all)[0].what.object, "batch 5");
  EXPECT_EQ((*all)[5].first, 5);
  EXPECT_EQ((*all)[5].last, 9);
  EXPECT_EQ((*all)[2].written_at, noon);
  EXPECT_EQ(read_audit(*c_, {.after = 3, .limit = 2})->front().number, 4);
  EXPECT_EQ(read_audit(*c_, {.actor = "wang"})->size(), 1U);
  EXPECT_EQ(read_audit(*c_, {.what = action::inquired})->size(), 2U);
}

TEST_F(audit_test, time_never_goes_back) {
  write(*c_, 1, noon);
  write(*c_, 1, noon - std::chrono::hours(3));
  const auto all = read_audit(*c_, {});
  EXPECT_EQ((*all)[1].written_at, noon);
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(audit_test, what_is_rolled_back_leaves_nothing) {
  ASSERT_TRUE(c_->begin().ok());
  ASSERT_TRUE(append(*c_, {full_change()}, {action::record_event, "li", ""}, noon).ok());
  ASSERT_TRUE(log_inquiries(*c_, {full_inquiry()}, {action::inquired, "x", ""}, noon).ok());
  c_->rollback();
  fill();
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(audit_test, no_person_and_no_nameless_actor_enters_the_chain) {
  for (const act& bad :
       {act{action::vault_opened, "", ""}, act{action::vault_opened, "110101199003070732", ""},
        act{action::vault_opened, "li", "about 110101199003070732"},
        act{action::vault_opened, std::string(actor_bytes_max + 1, 'x'), ""}}) {
    const auto out = append_act(*c_, bad, noon);
    ASSERT_FALSE(out.ok());
    EXPECT_TRUE(out.error().is(errc::act_unusable));
  }
}

// ---- each kind of tampering

TEST_F(audit_test, a_changed_entry_is_found) {
  fill();
  for (const char* change :
       {"actor = 'zhao'", "object = 'batch 6'", "action = 3", "content_digest = digest",
        "written_at = written_at + interval '1 microsecond'", "digest = content_digest"}) {
    ASSERT_TRUE(c_->begin().ok());
    run(std::string("UPDATE audit SET ") + change + " WHERE entry_number = 4");
    EXPECT_THAT(faults(), testing::Contains("entry_differs 4")) << change;
    c_->rollback();
  }
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(audit_test, a_deleted_entry_is_found) {
  fill();
  run("DELETE FROM audit WHERE entry_number = 3");
  EXPECT_THAT(faults(), ElementsAre("entries_missing 3 3", "entry_differs 4"));
}

TEST_F(audit_test, an_inserted_entry_is_found) {
  fill();
  run("UPDATE audit SET entry_number = entry_number + 100 WHERE entry_number > 3;"
      "UPDATE audit SET entry_number = entry_number - 99 WHERE entry_number > 100;"
      "INSERT INTO audit SELECT 4, written_at, action, 'zhao', 0, 0, object, content_digest, "
      "digest FROM audit WHERE entry_number = 3; UPDATE audit_head SET entry_number = 7");
  EXPECT_THAT(faults(), testing::IsSupersetOf({"entry_differs 4", "entry_differs 5"}));
}

TEST_F(audit_test, reordered_entries_are_found) {
  fill();
  run("UPDATE audit SET entry_number = 100 WHERE entry_number = 3;"
      "UPDATE audit SET entry_number = 3 WHERE entry_number = 5;"
      "UPDATE audit SET entry_number = 5 WHERE entry_number = 100");
  EXPECT_THAT(faults(), testing::IsSupersetOf({"entry_differs 3", "entry_differs 5"}));
}

TEST_F(audit_test, a_cut_off_end_is_found) {
  fill();
  run("DELETE FROM audit WHERE entry_number = 6");
  EXPECT_THAT(faults(), ElementsAre("cut_off 6 5", "rows_uncovered 5 9 变更日志"));
  // The head as well: the rows that are left have no entry.
  run("UPDATE audit_head SET entry_number = 5, digest = (SELECT digest FROM audit WHERE "
      "entry_number = 5)");
  EXPECT_THAT(faults(), ElementsAre("rows_uncovered 5 9 变更日志"));
}

TEST_F(audit_test, an_end_cut_off_with_all_its_rows_is_found_by_an_exported_head) {
  fill();
  const auto head = exported();
  run("DELETE FROM audit WHERE entry_number = 6; DELETE FROM journal WHERE position > 4; UPDATE "
      "journal_head SET position = 4; UPDATE audit_head SET entry_number = 5, digest = (SELECT "
      "digest FROM audit WHERE entry_number = 5)");
  EXPECT_THAT(faults(), IsEmpty());
  EXPECT_THAT(faults({.head = head}), ElementsAre("exported_missing 6 " + to_string(noon) + " 5",
                                                  "exported_journal 9 " + to_string(noon) + " 4"));
  // Other entries in their place.
  write(*c_, 5);
  EXPECT_THAT(faults({.head = head}), IsEmpty());  // the same bytes: nothing differs
  run("DELETE FROM audit WHERE entry_number = 6; DELETE FROM journal WHERE position > 4; UPDATE "
      "journal_head SET position = 4; UPDATE audit_head SET entry_number = 5, digest = (SELECT "
      "digest FROM audit WHERE entry_number = 5)");
  write(*c_, 5, noon + std::chrono::seconds(1));
  EXPECT_THAT(faults(), IsEmpty());
  EXPECT_THAT(faults({.head = head}), ElementsAre("exported_differs 6 " + to_string(noon)));
}

TEST_F(audit_test, a_chain_rewritten_whole_is_found_by_an_exported_head) {
  fill();
  const auto head = exported();
  EXPECT_THAT(faults({.head = head}), IsEmpty());
  open_vault(*c_);
  EXPECT_THAT(faults({.head = head}), IsEmpty());  // it went on since
  run("UPDATE audit SET actor = 'zhao' WHERE entry_number = 3");
  rechain();
  EXPECT_THAT(faults(), IsEmpty());
  EXPECT_THAT(faults({.head = head}), ElementsAre("exported_differs 6 " + to_string(noon)));
}

TEST_F(audit_test, changed_journal_rows_are_found) {
  fill();
  for (const char* change : {"kind = 4", "subject_id = 1", "record_id = NULL", "version = 9",
                             "dataset_id = 1", "batch_id = 1", "public_until = NULL",
                             "effective_until = '2027-01-01'", "purge_at = '2027-01-01'"}) {
    ASSERT_TRUE(c_->begin().ok());
    run(std::string("UPDATE journal SET ") + change + " WHERE position = 7");
    EXPECT_THAT(faults(), ElementsAre("rows_differ 6 5 9")) << change;
    c_->rollback();
  }
  ASSERT_TRUE(c_->begin().ok());
  run("UPDATE journal SET sealed_at = sealed_at + interval '1 s' WHERE position = 7");
  EXPECT_THAT(faults(), ElementsAre("time_differs 6 7"));
  c_->rollback();
  ASSERT_TRUE(c_->begin().ok());
  run("UPDATE journal SET sealed_at = sealed_at + interval '1 s' WHERE position > 4");
  EXPECT_THAT(faults(), ElementsAre("rows_differ 6 5 9"));
  c_->rollback();
  EXPECT_THAT(faults(), IsEmpty());
}

TEST_F(audit_test, missing_and_added_journal_rows_are_found) {
  fill();
  run("DELETE FROM journal WHERE position IN (2, 7)");
  EXPECT_THAT(faults(), ElementsAre("rows_missing 1 2 1", "rows_missing 6 7 1"));
  run("DELETE FROM journal WHERE position = 4");
  EXPECT_THAT(faults(), testing::Contains("rows_missing 4 4 1"));
}

TEST_F(audit_test, a_journal_row_that_no_entry_covers_is_found) {
  fill();
  run("INSERT INTO journal (position, sealed_at, kind) VALUES (10, '2026-01-01', 4)");
  EXPECT_THAT(faults(), ElementsAre("rows_uncovered 10 10 变更日志"));
  run("UPDATE journal_head SET position = 10");
  EXPECT_THAT(faults(), ElementsAre("rows_uncovered 10 10 变更日志"));
}

TEST_F(audit_test, changed_missing_and_added_inquiries_are_found) {
  fill();
  for (const char* change :
       {"asker = 'x'", "code = 'x'", "subject_id = NULL", "matter = 'x'", "outcome = 1",
        "position = 1", "as_of = '2026-01-01'", "asked_at = asked_at + interval '1 s'"}) {
    ASSERT_TRUE(c_->begin().ok());
    run(std::string("UPDATE inquiry SET ") + change + " WHERE inquiry_id = 2");
    EXPECT_THAT(faults(), ElementsAre("rows_differ 2 1 2")) << change;
    c_->rollback();
  }
  run("DELETE FROM inquiry WHERE inquiry_id = 3");
  EXPECT_THAT(faults(), ElementsAre("rows_missing 5 3 1"));
  run("INSERT INTO inquiry SELECT 9, asked_at, asker, code, subject_id, matter, as_of, position, "
      "outcome FROM inquiry WHERE inquiry_id = 2");
  EXPECT_THAT(faults(), testing::Contains("rows_uncovered 4 9 核查记录"));
}

TEST_F(audit_test, a_changed_head_is_found) {
  fill();
  run("UPDATE audit_head SET digest = decode(repeat('ab', 32), 'hex')");
  EXPECT_THAT(faults(), ElementsAre("head_differs 6"));
  run("UPDATE audit_head SET entry_number = 4, digest = (SELECT digest FROM audit WHERE "
      "entry_number = 4)");
  EXPECT_THAT(faults(), testing::Contains("beyond_head 4 6"));
}

// Any one change of any one value in the three tables.
TEST_F(audit_test, random_changes_are_all_found) {
  const std::uint32_t seed = test_seed();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  fill();
  const std::array<const char*, 11> changes{
      "UPDATE audit SET actor = actor || 'x' WHERE entry_number = $1::bigint",
      "UPDATE audit SET object = object || 'x' WHERE entry_number = $1::bigint",
      "UPDATE audit SET first_number = first_number + 1 WHERE entry_number = $1::bigint",
      "UPDATE audit SET last_number = last_number + 1 WHERE entry_number = $1::bigint",
      "DELETE FROM audit WHERE entry_number = $1::bigint",
      "DELETE FROM journal WHERE position = $1::bigint",
      "UPDATE journal SET version = coalesce(version, 0) + 1 WHERE position = $1::bigint",
      "UPDATE journal SET kind = kind + 1 WHERE position = $1::bigint",
      "DELETE FROM inquiry WHERE inquiry_id = (1 + $1::bigint % 3)",
      "UPDATE inquiry SET asker = asker || 'x' WHERE inquiry_id = (1 + $1::bigint % 3)",
      "UPDATE audit SET digest = content_digest WHERE entry_number = $1::bigint"};
  for (int round = 0; round < 60; ++round) {
    const char* sql = changes[random() % changes.size()];
    const auto number = static_cast<std::int64_t>(1 + random() % 6);
    ASSERT_TRUE(c_->begin().ok());
    ASSERT_TRUE(c_->exec(sql, pg::params().add(number)).ok());
    EXPECT_THAT(faults(), testing::Not(IsEmpty())) << sql << " " << number;
    c_->rollback();
  }
}

TEST_F(audit_test, more_faults_than_are_kept_are_counted) {
  fill();
  run("UPDATE audit SET actor = 'x'");
  const auto out = verify({.faults_max = 2});
  EXPECT_EQ(out.faults.size(), 2U);
  EXPECT_EQ(out.faults_found, 6);
}

TEST_F(audit_test, pages_do_not_show) {
  for (int i = 0; i < 30; ++i) write(*c_, 1 + (i % 7) * 100);
  ask(*c_, 6000);
  ask(*c_, 10);
  write(*c_, 10'000);
  EXPECT_THAT(faults(), IsEmpty());
  run("UPDATE journal SET version = 77 WHERE position = 6000");
  EXPECT_EQ(verify().faults.size(), 1U);
}

// ---- heads

TEST_F(audit_test, a_head_is_signed_and_any_change_of_it_is_found) {
  fill();
  const auto text = export_head(*c_, keys(), noon);
  ASSERT_TRUE(text.ok());
  const std::string point = crypto::sm2_public_point(keys().newest(sign_purpose).secret);
  const auto h = parse_head(*text);
  ASSERT_TRUE(h.ok());
  EXPECT_EQ(h->entry, 6);
  EXPECT_EQ(h->at.value, 9);
  EXPECT_EQ(h->digest, verify().head);
  EXPECT_TRUE(check_signature(*h, point).ok());
  EXPECT_FALSE(check_signature(*h, crypto::sm2_public_point(std::string(32, 'x'))).ok());
  for (std::size_t i = 0; i < text->size(); ++i) {
    std::string changed = *text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const auto read = parse_head(changed);
    EXPECT_FALSE(read.ok() && check_signature(*read, point).ok()) << i;
    const auto cut = parse_head(std::string_view(*text).substr(0, i));
    EXPECT_FALSE(cut.ok()) << i;
  }
  EXPECT_TRUE(parse_head("").error().is(errc::head_unreadable));
}

// ---- many at once

TEST_F(audit_test, writers_and_checks_at_once_make_one_chain) {
  constexpr int writers = 6;
  constexpr int rounds = 30;
  std::atomic<int> running = writers;
  std::atomic<int> failures = 0;
  std::vector<std::thread> threads;
  for (int w = 0; w < writers; ++w) {
    threads.emplace_back([&, w] {
      auto c = connect();
      for (int i = 0; i < rounds; ++i) {
        const std::vector<change> changes(static_cast<std::size_t>(1 + (w + i) % 4), full_change());
        bool ok = c.begin().ok();
        if (w % 2 == 0) {
          ok = ok && append(c, changes, {action::rows_handed_in, "li", ""}, noon).ok();
        } else {
          const std::vector<inquiry> asked(static_cast<std::size_t>(1 + i % 3), full_inquiry());
          ok = ok && log_inquiries(c, asked, {action::inquired, "x", ""}, noon).ok();
        }
        if (i % 7 == 6) {
          c.rollback();
        } else {
          ok = ok && c.commit().ok();
        }
        if (!ok) ++failures;
      }
      --running;
    });
  }
  // A verification beside them sees a chain that fits at any moment.
  auto c = connect();
  while (running > 0) {
    const auto out = verify_audit(c, {});
    ASSERT_TRUE(out.ok());
    EXPECT_THAT(out->faults, IsEmpty());
  }
  for (auto& t : threads) t.join();
  EXPECT_EQ(failures, 0);
  EXPECT_THAT(faults(), IsEmpty());
  EXPECT_EQ(verify().entries, writers * (rounds - rounds / 7));
}

}  // namespace
}  // namespace lixin::journal
