// The city in memory against the database: the same bytes, whatever was asked and whatever changed.
#include "measure/image.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <random>
#include <thread>

#include "archive/testing.h"
#include "base/test_seed.h"
#include "measure/batch.h"
#include "measure/check_testing.h"

namespace lixin::measure {
namespace {

using testing::must;

// ---- a random city in the words of the trial pack

class random_city {
 public:
  explicit random_city(std::uint32_t from) : random_(from) { db.load(*testing::trial_pack()); }

  testing::trial_database db;
  bool purges = true;

  std::uint32_t pick(std::size_t below) {
    return static_cast<std::uint32_t>(random_() % static_cast<std::uint32_t>(below));
  }
  template <class T>
  const T& one_of(const std::vector<T>& all) {
    return all[pick(all.size())];
  }

  static std::string code_number(std::size_t n) {
    return testing::credit_code(fmt::format("MA{:07}", 1000 + n * 7));
  }
  std::string new_code() {
    codes_.push_back(code_number(codes_.size()));
    return codes_.back();
  }

  void step() {
    switch (subjects_.empty() ? 0 : pick(14)) {
      case 0:
      case 1:
        if (subjects_.size() < 60) add_subject();
        break;
      case 2:
        db.rename(one_of(subjects_), fmt::format("沧州改名{}有限公司", pick(1000)));
        break;
      case 3:
        db.learn_code(one_of(subjects_), new_code());
        break;
      case 4:
        if (versions_ < 4 && pick(8) == 0)
          db.load(testing::trial_pack_version(fmt::format("{}", ++versions_),
                                              to_string(date(2026, 1, 1 + pick(25)))));
        break;
      case 5:
        if (!records_.empty()) {
          constexpr std::array kinds{policy::event_kind::dispute,
                                     policy::event_kind::dispute_settled,
                                     policy::event_kind::repair, policy::event_kind::withdraw};
          db.event(one_of(records_).what, kinds[pick(kinds.size())], random_day());
        }
        break;
      case 6:
        if (!records_.empty()) add_version();
        break;
      case 7:
        if (purges && !records_.empty() && pick(3) == 0) {
          const std::size_t gone = pick(records_.size());
          if (pick(2) == 0) {
            db.purge(records_[gone].what);
          } else {
            db.end_content(records_[gone].what);
          }
          records_.erase(records_.begin() + static_cast<std::ptrdiff_t>(gone));
        }
        break;
      default:
        add_record();
    }
  }

  std::string some_code() {
    if (pick(10) == 0) return testing::credit_code("MA9UNKNWN");
    if (pick(10) == 0) return "123";
    return codes_.empty() ? testing::credit_code("MA9UNKNWN") : one_of(codes_);
  }

  asking by() {
    static const std::vector<policy::caller> callers{
        {policy::caller_kind::everyone, ""},
        {policy::caller_kind::subject_itself, ""},
        {policy::caller_kind::consent_holder, ""},
        {policy::caller_kind::source_authority, "au1"},
        {policy::caller_kind::source_authority, "au2"},
        {policy::caller_kind::sharing_group, "trial-group"},
        {policy::caller_kind::centre, ""}};
    const date today(2026, 6, 1);
    return {"查询窗口", one_of(callers), today,
            std::chrono::sys_days(std::chrono::days(today.days))};
  }
  std::string matter() { return pick(3) == 0 ? "trial.grant" : "trial.bid"; }
  date random_day() { return date(2024, 1, 1) + static_cast<std::int32_t>(pick(880)); }

 private:
  void add_subject() {
    constexpr std::array kinds{
        catalogue::subject_kind::enterprise, catalogue::subject_kind::enterprise,
        catalogue::subject_kind::individual_business, catalogue::subject_kind::institution};
    subjects_.push_back(db.subject(pick(8) == 0 ? "" : new_code(),
                                   fmt::format("沧州测试{}\"有限公司", subjects_.size()),
                                   kinds[pick(kinds.size())]));
  }
  struct known_record {
    testing::stored_record what;
    std::string prefix;  // of its fields
    int version = 1;
  };
  void add_record() {
    static const std::vector<std::pair<std::string, std::string>> datasets{
        {"ban", "JZ"}, {"defaulter", "SX"}, {"warning", "JS"}, {"honour", "SXM"}};
    const auto& [dataset, prefix] = one_of(datasets);
    const auto document = fmt::format("测字〔2025〕{}号", ++documents_);
    records_.push_back({db.record(one_of(subjects_), dataset, document, content(prefix)), prefix});
  }
  void add_version() {
    constexpr std::array changes{policy::record_change::corrected, policy::record_change::corrected,
                                 policy::record_change::restored, policy::record_change::withdrawn,
                                 policy::record_change::moved};
    known_record& r = records_[pick(records_.size())];
    db.version(r.what, ++r.version, changes[pick(changes.size())], content(r.prefix));
  }
  text::string_map content(const std::string& prefix) {
    text::string_map out{{prefix + "_WSH", "测字〔2025〕号"}, {prefix + "_JDRQ", day(0, 500)}};
    if (pick(2) == 0) out.emplace_back(prefix + "_JZRQ", day(400, 1200));
    if (prefix == "SXM") return out;
    if (pick(2) == 0) out.emplace_back(prefix + "_CD", pick(2) == 0 ? "严重" : "一般");
    if (pick(9) != 0) out.emplace_back(prefix + "_TZRQ", day(0, 500));
    if (pick(9) != 0) out.emplace_back(prefix + "_SXRQ", day(0, 500));
    if (pick(8) == 0) out.emplace_back(prefix + "_YCRQ", day(500, 880));
    if (pick(6) != 0)
      out.emplace_back(prefix + "_JJTJ", pick(3) == 0 ? std::string(1500, 'x') : "六十日内\t申请");
    return out;
  }
  // Days from 2024-01-01 on.
  std::string day(int from, int before) {
    return to_string(date(2024, 1, 1) + from +
                     static_cast<std::int32_t>(pick(static_cast<std::size_t>(before - from))));
  }

  std::mt19937 random_;
  std::vector<std::string> codes_;
  std::vector<subject_id> subjects_;
  std::vector<known_record> records_;
  int documents_ = 0;
  int versions_ = 1;
};

const crypto::key_file& keys() {
  static const testing::trial_keys all;
  return all.get();
}

answerer::one from_image(const image_state& s, const asking& by, const std::string& matter,
                         date as_of, const std::string& code) {
  image_source from(s);
  const auto q = must(question::now(*s.packs, by, matter, as_of, s.at, s.at, from));
  answerer all(q, from, keys());
  auto out = all.blank();
  const typed_code typed = read_code(code);
  must(all.answer({&typed, 1}, {&out, 1}));
  all.sign({&out, 1});
  return out;
}

// ---- the same bytes

TEST(Image, AnswersAsTheDatabaseDoes) {
  const std::uint32_t n = test_seed();
  SCOPED_TRACE(fmt::format("LIXIN_SEED={}", n));
  random_city city(n);
  auto packs = must(catalogue::store::open(city.db.connection()));
  const auto img = must(image::build(city.db.conninfo(), 2));
  std::map<outcome, int> seen;
  for (int round = 0; round < 30; ++round) {
    for (int i = 0; i < 15; ++i) city.step();
    const auto head = must(journal::read_head(city.db.connection())).last;
    ASSERT_EQ(must(img->follow(city.db.connection())), head);
    packs = must(catalogue::store::open(city.db.connection()));
    const auto fresh = round % 10 == 9 ? must(image::build(city.db.conninfo(), 3)) : nullptr;
    for (int i = 0; i < 25; ++i) {
      const asking by = city.by();
      const std::string code = city.some_code();
      const std::string matter = city.matter();
      const date as_of = i % 3 == 0 ? city.random_day() : date(2026, 1, 1);
      const auto expected =
          must(check(city.db.connection(), packs, keys(), {code, matter, as_of, std::nullopt, by}));
      ++seen[expected.answer.outcome];
      const auto got = from_image(img->newest(), by, matter, as_of, code);
      ASSERT_EQ(got.bytes, expected.bytes);
      ASSERT_EQ(got.receipt, expected.receipt);
      if (fresh == nullptr) continue;
      const auto built = from_image(fresh->newest(), by, matter, as_of, code);
      ASSERT_EQ(built.bytes, expected.bytes);
      ASSERT_EQ(built.receipt, expected.receipt);
    }
  }
  // The run has looked at what there is to tell apart.
  for (const outcome o :
       {outcome::clear, outcome::barred, outcome::unknown_subject, outcome::invalid_code})
    EXPECT_GT(seen[o], 0) << code_of(o);
  EXPECT_GT(seen[outcome::limited] + seen[outcome::watch], 0);
}

// ---- real hand-ins, corrections, withdrawals

TEST(Image, FollowsHandInsAndWithdrawals) {
  namespace at = archive::testing;
  const std::uint32_t n = test_seed();
  SCOPED_TRACE(fmt::format("LIXIN_SEED={}", n));
  std::mt19937 random(n);
  at::trial_city city;
  at::desk officer(city);
  const auto img = must(image::build(city.conninfo(), 2));
  auto connection = must(pg::connection::open(city.conninfo()));
  const asking by{
      "查询窗口", {policy::caller_kind::centre, ""}, at::trial_today, officer.clock().now()};
  std::vector<batch_id> batches;
  int barred = 0;
  int ties = 0;
  int moves = 0;
  for (int round = 0; round < 8; ++round) {
    std::vector<at::registration> bodies;
    std::vector<at::procurement_entry> entries;
    for (int i = 0; i < 6; ++i) {
      const int body = static_cast<int>(random() % 20);
      bodies.push_back(
          {fmt::format("示例{}号公司第{}名", body, random() % 3), at::credit_code(body)});
      entries.push_back({fmt::format("沧财采〔2026〕{}号", body), at::credit_code(body)});
      entries.back().until = fmt::format("2027-0{}-07", 1 + random() % 9);
    }
    batches.push_back(officer.register_all(bodies));
    const batch_id entered =
        officer.hand_in("procurement-bad-record", at::procurement_entries(entries), "czj").batch.id;
    batches.push_back(entered);
    if (round % 3 == 2) {
      const std::size_t which = random() % batches.size();
      officer.withdraw(batches[which]);
      batches.erase(batches.begin() + static_cast<std::ptrdiff_t>(which));
    }
    // Duplicates, their ends, and records bound to another body; a rule may refuse any of them.
    const auto one = at::credit_code(static_cast<int>(random() % 8));
    const auto other = at::credit_code(static_cast<int>(random() % 8));
    using registry::link_kind;
    ties += officer.tie(link_kind::alias, one, other, "复核员").ok() ? 1 : 0;
    if (round % 2 == 1) {
      const auto third = at::credit_code(static_cast<int>(random() % 8));
      ties += officer.tie(link_kind::alias_ended, one, other, "复核员").ok() ? 1 : 0;
      ties += officer.tie(link_kind::alias, third, one, "复核员").ok() ? 1 : 0;
    }
    for (const archive::row_fate& row : officer.rows(entered)) {
      if (row.record.empty() || moves > round) continue;
      const auto name = must(archive::parse_record_name(row.record));
      moves += officer.rebind(name, other, "复核员").ok() ? 1 : 0;
    }
    ASSERT_EQ(must(img->follow(connection)), officer.head());
    for (int body = 0; body < 21; ++body) {
      const auto code = at::credit_code(body);
      const auto expected =
          must(check(officer.db(), officer.packs(), keys(),
                     {code, "procurement.bid", at::trial_today, std::nullopt, by}));
      barred += expected.answer.outcome == outcome::barred ? 1 : 0;
      ASSERT_EQ(from_image(img->newest(), by, "procurement.bid", at::trial_today, code).bytes,
                expected.bytes);
    }
  }
  EXPECT_GT(barred, 0);
  EXPECT_GT(ties, 0);
  EXPECT_GT(moves, 0);
}

// ---- under a writing load

struct sample {
  std::string code, bytes;
  position at;
};

TEST(Image, ReadersSeeOneMomentEachWhileItIsWritten) {
  const std::uint32_t n = test_seed();
  SCOPED_TRACE(fmt::format("LIXIN_SEED={}", n));
  random_city city(n);
  city.purges = false;
  for (int i = 0; i < 40; ++i) city.step();
  const auto img = must(image::build(city.db.conninfo(), 2));
  const asking by{"查询窗口",
                  {policy::caller_kind::centre, ""},
                  date(2026, 6, 1),
                  std::chrono::sys_days(std::chrono::year(2026) / 6 / 1)};
  const date as_of(2026, 5, 1);
  std::atomic<bool> written{false};
  std::atomic<bool> followed{false};
  std::atomic<bool> went_back{false};
  std::vector<position> positions;

  std::thread follower([&] {
    auto c = must(pg::connection::open(city.db.conninfo()));
    bool last = false;
    do {
      last = written;  // what was written before is seen by the round that begins now
      positions.push_back(must(img->follow(c)));
    } while (!last);
    followed = true;
  });
  std::vector<std::vector<sample>> samples(3);
  std::vector<std::thread> readers;
  for (std::size_t r = 0; r < samples.size(); ++r) {
    readers.emplace_back([&, r] {
      std::mt19937 random(n + static_cast<std::uint32_t>(r) + 1);
      image::reader mine(img->published_states());
      position before;
      while (!followed) {
        const auto pinned = mine.get();
        if (pinned->at < before) went_back = true;
        before = pinned->at;
        const std::string code = random_city::code_number(random() % 40);
        auto got = from_image(*pinned, by, "trial.bid", as_of, code);
        if (random() % 4 == 0 && samples[r].size() < 100)
          samples[r].push_back({code, std::move(got.bytes), pinned->at});
      }
    });
  }
  for (int i = 0; i < 200; ++i) city.step();
  written = true;
  follower.join();
  for (std::thread& t : readers) t.join();

  EXPECT_FALSE(went_back);
  EXPECT_TRUE(std::ranges::is_sorted(positions));
  EXPECT_EQ(positions.back(), must(journal::read_head(city.db.connection())).last);
  EXPECT_EQ(img->newest().at, positions.back());
  // What was answered at a position is what the database says today as known at that position.
  auto packs = must(catalogue::store::open(city.db.connection()));
  std::size_t compared = 0;
  for (const auto& of_one : samples) {
    for (const sample& s : of_one) {
      const auto later =
          must(check(city.db.connection(), packs, keys(), {s.code, "trial.bid", as_of, s.at, by}));
      ASSERT_EQ(s.bytes, later.bytes) << s.at.value;
      ++compared;
    }
  }
  EXPECT_GT(compared, 0U);
}

// ---- edges

TEST(Image, OfAnEmptyCity) {
  testing::trial_database db;
  const auto img = must(image::build(db.conninfo(), 1));
  EXPECT_EQ(img->newest().at, position(0));
  EXPECT_FALSE(img->newest().sealed_at.has_value());
  EXPECT_EQ(must(img->follow(db.connection())), position(0));
  db.load(*testing::trial_pack());
  const std::string code = testing::credit_code("MA0CHECK1");
  db.subject(code, "沧州测试有限公司");
  EXPECT_EQ(must(img->follow(db.connection())), position(2));
  EXPECT_EQ(image::size_of(img->newest()).subjects, 1U);
}

TEST(Image, GrowsFarBeyondWhatItWasBuiltFor) {
  testing::trial_database db;
  db.load(*testing::trial_pack());
  const auto img = must(image::build(db.conninfo(), 1));
  const std::size_t shards = img->newest().shards.size();
  must(db.connection().script(
      "INSERT INTO subject SELECT g, 1, 2, lpad(g::text, 18, '0'), '沧州测试' || g FROM "
      "generate_series(1, 20000) g; INSERT INTO identifier SELECT g, 1, lpad(g::text, 18, '0'), 2 "
      "FROM generate_series(1, 20000) g; INSERT INTO journal SELECT g + 1, '2026-01-01', 2, g FROM "
      "generate_series(1, 20000) g; UPDATE journal_head SET position = 20001"));
  EXPECT_EQ(must(img->follow(db.connection())), position(20001));
  EXPECT_GT(img->newest().shards.size(), shards);
  EXPECT_EQ(image::size_of(img->newest()).subjects, 20000U);
  const image_state& s = img->newest();
  subject_data data;
  image_source from(s);
  for (int g = 1; g <= 20000; g += 17) {
    ASSERT_TRUE(must(from.read(fmt::format("{:0>18}", g), s.at, s.at, data)));
    ASSERT_EQ(data.name, fmt::format("沧州测试{}", g));
  }
}

TEST(Image, AFailedFollowLeavesItAsItWas) {
  testing::trial_database db;
  db.load(*testing::trial_pack());
  const auto img = must(image::build(db.conninfo(), 1));
  db.subject(testing::credit_code("MA0CHECK2"), "沧州测试有限公司");
  must(db.connection().script("ALTER TABLE record_version RENAME TO away"));
  EXPECT_FALSE(img->follow(db.connection()).ok());
  EXPECT_EQ(img->newest().at, position(1));
  must(db.connection().script("ALTER TABLE away RENAME TO record_version"));
  EXPECT_EQ(must(img->follow(db.connection())), position(2));
}

// ---- groups of codes

TEST(Batch, LogsEveryInquiryBeforeItsAnswer) {
  testing::trial_database db;
  db.load(*testing::trial_pack());
  const std::string code = testing::credit_code("MA0CHECK3");
  const subject_id id = db.subject(code, "沧州测试有限公司");
  const auto img = must(image::build(db.conninfo(), 1));
  const image_state& s = img->newest();
  image_source from(s);
  const asking by{
      "查询窗口", {}, date(2026, 6, 1), std::chrono::sys_days(std::chrono::year(2026) / 6 / 1)};
  const auto q = must(question::now(*s.packs, by, "trial.bid", date(2026, 5, 1), s.at, s.at, from));
  auto checker = must(batch_checker::open(q, from, keys(), by));
  const std::vector<std::string> typed{code, "130901190001010011", code, "12"};
  const auto answers = must(checker.check(db.connection(), typed));
  ASSERT_EQ(answers.size(), 4U);
  EXPECT_EQ(answers[1].answer.failed, code_layer::personal_number);
  const auto r = must(db.connection().exec(
      "SELECT code, subject_id, outcome, asker, as_of FROM inquiry ORDER BY inquiry_id"));
  ASSERT_EQ(r.size(), 4);
  EXPECT_EQ(r.text(0, 0), code);
  EXPECT_EQ(r.int64(0, 1), id.value);
  EXPECT_TRUE(r.is_null(1, 0));
  EXPECT_EQ(r.int64(3, 2), static_cast<int>(outcome::invalid_code));
  EXPECT_EQ(r.text(2, 3), "查询窗口");
  EXPECT_EQ(r.day(2, 4), date(2026, 5, 1));
  must(db.connection().script("DROP TABLE inquiry"));
  EXPECT_FALSE(checker.check(db.connection(), typed).ok());
}

}  // namespace
}  // namespace lixin::measure
