// Random hand-ins, decisions and withdrawals against a model, and several at once.
#include <fmt/format.h>

#include <atomic>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "archive/pending.h"
#include "archive/testing.h"
#include "base/test_seed.h"

namespace lixin::archive::testing {
namespace {

// What a document says of whom, in the order in which it was said.
struct claim {
  int company = 0;
  std::string facts;
  std::int64_t batch = 0;
  bool counts = true;
  std::uint64_t owner = 0;  // which record, by the order in which they were made
};

struct open_row {
  std::int64_t batch = 0;
  std::uint64_t row = 0;
  std::string document;
  int company = 0;
  std::string facts;
};

// The archive as the rules have it. A document has at most one record that stands; the claims of a
// record follow each other, and the last that counts is what stands.
class model {
 public:
  static constexpr int companies = 3;

  // Also of a decided row: `replaces` and `accept` as decided.
  fate put(const open_row& r, bool replaces = false, bool accept = false, bool decided = false) {
    if (!registered.contains(r.company)) return fate::pending;
    document& d = documents[r.document];
    record* current = d.key < d.records.size() ? &d.records[d.key] : nullptr;
    const bool other = current != nullptr && current->company != r.company;
    if (current != nullptr && !other) return meet(*current, r, accept, decided);
    if (other && stands(*current)) {
      if (!replaces) return fate::pending;
      current->down = true;
      d.taken[d.records.size()] = {d.key, r.batch};
    }
    d.key = d.records.size();
    d.records.push_back({r.company, {{r.company, r.facts, r.batch}}, false});
    return fate::accepted;
  }

  void withdraw(std::int64_t batch) {
    gone.insert(batch);
    for (auto& [name, d] : documents) {
      std::vector<bool> stood;
      for (const record& r : d.records) stood.push_back(stands(r));
      for (record& r : d.records) {
        for (claim& c : r.claims) c.counts = c.counts && c.batch != batch;
      }
      for (const auto& [mine, taken] : d.taken) {
        const record& r = d.records[mine];
        if (taken.batch != batch || !stood[mine] || stands(r) || d.key != mine) continue;
        record& old = d.records[taken.from];
        if (!old.down || !counts(old)) continue;
        old.down = false;
        d.key = taken.from;
      }
    }
  }

  // "company facts" of each document that stands.
  std::map<std::string, std::string> standing() const {
    std::map<std::string, std::string> out;
    for (const auto& [name, d] : documents) {
      for (const record& r : d.records) {
        if (stands(r)) out[name] = fmt::format("{} {}", r.company, last(r)->facts);
      }
    }
    return out;
  }

  std::set<int> registered;
  std::set<std::int64_t> gone;

 private:
  struct record {
    int company;
    std::vector<claim> claims;
    bool down;  // taken over by another
  };
  struct take_over {
    std::size_t from = 0;
    std::int64_t batch = 0;
  };
  struct document {
    std::vector<record> records;
    std::size_t key = 0;
    std::map<std::size_t, take_over> taken;  // by the record that took it
  };

  static const claim* last(const record& r) {
    for (auto c = r.claims.rbegin(); c != r.claims.rend(); ++c) {
      if (c->counts) return &*c;
    }
    return nullptr;
  }
  static bool counts(const record& r) { return last(r) != nullptr; }
  static bool stands(const record& r) { return !r.down && counts(r); }

  fate meet(record& r, const open_row& row, bool accept, bool decided) {
    const claim* now = last(r);
    if (!stands(r)) {
      r.claims.clear();  // what was said before it fell says nothing any more
      r.down = false;
      r.claims.push_back({row.company, row.facts, row.batch});
      return fate::accepted;
    }
    if (now->facts == row.facts) return fate::unchanged;
    bool older = false;
    for (const claim& c : r.claims) {
      if (&c == now) break;
      older = older || c.facts == row.facts;
    }
    for (const claim& c : r.claims) older = older || (decided && c.counts && c.batch > row.batch);
    if (older && !accept) return fate::pending;
    r.claims.push_back({row.company, row.facts, row.batch});
    return fate::corrected;
  }

  std::map<std::string, document> documents;
};

class random_pending : public archive_fixture {
 protected:
  void step() {
    const std::size_t what = random() % 10;
    if (what < 1 && model_.registered.size() < model::companies) return register_next();
    if (what < 5 || batches_.empty()) return hand_in();
    if (what < 9 && !open_.empty()) return decide();
    withdraw();
  }
  void compare() {
    const auto now = must(officer.db().exec(
        "SELECT document, name, facts FROM (SELECT DISTINCT ON (r.subject_id, r.record_id) "
        "r.document, s.name, v.change, v.content ->> 'CF_SY' AS facts FROM record r JOIN subject s "
        "USING (subject_id) JOIN record_version v USING (subject_id, record_id) WHERE r.document "
        "LIKE '罚%' ORDER BY r.subject_id, r.record_id, v.version DESC) x WHERE change <> 4"));
    std::map<std::string, std::string> stands;
    for (int i = 0; i < now.size(); ++i) {
      const bool one = stands
                           .emplace(now.text(i, 0),
                                    fmt::format("{} {}", now.text(i, 1).substr(6), now.text(i, 2)))
                           .second;
      EXPECT_TRUE(one) << "doubled: " << now.text(i, 0);
    }
    EXPECT_EQ(stands, model_.standing());
    EXPECT_EQ(broken_rules(officer.db()), strings{});
  }
  std::size_t random() { return engine_(); }
  int decided() const { return decided_; }
  void seed(std::uint32_t s) { engine_.seed(s); }

 private:
  void register_next() {
    const int n = static_cast<int>(model_.registered.size()) + 1;
    officer.register_all({{fmt::format("公司{}", n), credit_code(n)}});
    model_.registered.insert(n);
  }

  void hand_in() {
    std::vector<penalty> rows;
    std::vector<open_row> said;
    for (std::size_t i = 0; i < 1 + random() % 3; ++i) {
      open_row r{.row = i + 2,
                 .document = fmt::format("罚{}", random() % 4),
                 .company = 1 + static_cast<int>(random() % model::companies),
                 .facts = fmt::format("事实{}", random() % 3)};
      rows.push_back({.document = r.document,
                      .code = credit_code(r.company),
                      .name = fmt::format("公司{}", r.company),
                      .facts = r.facts});
      said.push_back(std::move(r));
    }
    rows.push_back({.document = fmt::format("号{}", ++files_), .code = ""});  // each file another
    const batch_id b = officer.penalise(rows);
    batches_.push_back(b.value);
    const auto fates = officer.rows(b);
    for (std::size_t i = 0; i < said.size(); ++i) {
      said[i].batch = b.value;
      const fate f = model_.put(said[i]);
      EXPECT_EQ(code_of(fates[i].what), code_of(f)) << "batch " << b.value << " row " << i + 2;
      if (f == fate::pending) open_.push_back(said[i]);
    }
  }

  void decide() {
    const std::size_t i = random() % open_.size();
    const open_row r = open_[i];
    decide_request q{.batch = batch_id(r.batch), .row = r.row, .actor = "centre"};
    const std::size_t way = random() % 8;
    q.bind = way < 2;
    q.replaces = way == 2 || way == 3;
    q.accept = way == 4 || way == 5;
    q.reject = way == 6;
    if (way == 7) q.bind = q.accept = true;
    q.reason = "理由";
    const auto got = decide_pending(officer.context(), q);
    if (model_.gone.contains(r.batch)) {
      EXPECT_EQ(refused_as(got), "archive.batch_taken_back");
      return;
    }
    if (q.reject) {
      EXPECT_EQ(must(got).what, fate::refused);
    } else {
      model after = model_;
      const fate f = after.put(r, q.replaces, q.accept, true);
      if (f == fate::pending) {
        EXPECT_EQ(refused_as(got), "archive.still_pending");
        return;
      }
      // A word that nobody asked for is no decision.
      const bool asked = after_needs(r, q);
      if (!asked) {
        EXPECT_EQ(refused_as(got), "archive.decision_not_asked");
        return;
      }
      EXPECT_EQ(code_of(must(got).what), code_of(f)) << "batch " << r.batch << " row " << r.row;
      model_ = after;
    }
    EXPECT_TRUE(must(decide_pending(officer.context(), q)).already);
    ++decided_;
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(i));
  }

  // Whether without the words the row would still be pending.
  bool after_needs(const open_row& r, const decide_request& q) const {
    if (!q.replaces && !q.accept) return true;
    model without = model_;
    return without.put(r, false, false, true) == fate::pending;
  }

  void withdraw() {
    const std::int64_t b = batches_[random() % batches_.size()];
    officer.withdraw(batch_id(b));
    if (!model_.gone.contains(b)) model_.withdraw(b);
  }

  std::mt19937 engine_;
  model model_;
  std::vector<open_row> open_;
  std::vector<std::int64_t> batches_;
  int files_ = 0, decided_ = 0;
};

TEST_F(random_pending, every_step_ends_as_the_model_says) {
  const std::uint32_t chosen = test_seed();
  SCOPED_TRACE(fmt::format("LIXIN_SEED={}", chosen));
  seed(chosen);
  for (int i = 0; i < 150 && !HasFailure(); ++i) {
    step();
    compare();
  }
  EXPECT_GT(decided(), 0);
}

// ---- at once

class pending_race : public archive_fixture {
 protected:
  void SetUp() override {
    batch = officer.penalise(rows());
    officer.register_all({{"甲公司", credit_code(1)}});
  }
  static std::vector<penalty> rows() {
    std::vector<penalty> out;
    for (int i = 0; i < 30; ++i) {
      out.push_back({.document = fmt::format("罚{}", i), .code = credit_code(1), .name = "甲公司"});
    }
    return out;
  }
  // Each row once; what was refused by a rule is no failure.
  void decide_all(desk& d, const char* who) {
    for (std::uint64_t row = 2; row < 32; ++row) {
      const auto got =
          decide_pending(d.context(), {.batch = batch, .row = row, .bind = true, .actor = who});
      const std::string code = refused_as(got);
      if (got.ok()) {
        performed += !got->already;
      } else if (code != "archive.batch_taken_back" && code != "archive.still_pending") {
        ADD_FAILURE() << got.error().text(language::en);
      }
    }
  }
  batch_id batch;
  std::atomic<int> performed = 0;
};

TEST_F(pending_race, two_deciders_decide_each_row_once) {
  desk a(city);
  desk b(city);
  std::thread one([&] { decide_all(a, "first"); });
  std::thread two([&] { decide_all(b, "second"); });
  one.join();
  two.join();
  EXPECT_EQ(performed, 30);
  EXPECT_EQ(officer.number("SELECT count(*) FROM record_version WHERE batch_id = 1"), 30);
  EXPECT_EQ(officer.number("SELECT count(*) FROM pending_decision"), 30);
}

TEST_F(pending_race, deciding_while_the_batch_is_withdrawn) {
  desk a(city);
  desk b(city);
  std::thread one([&] { decide_all(a, "first"); });
  std::thread two([&] { b.withdraw(batch); });
  one.join();
  two.join();
  EXPECT_EQ(officer.number("SELECT count(*) FROM (SELECT DISTINCT ON (record_id) change FROM "
                           "record_version WHERE batch_id = 1 ORDER BY record_id, version DESC) x "
                           "WHERE change <> 4"),
            0);
  EXPECT_EQ(officer.number("SELECT count(*) FROM record_version WHERE change = 4"),
            performed.load());
}

TEST_F(pending_race, deciding_while_the_same_documents_are_handed_in) {
  desk a(city);
  desk b(city);
  std::vector<penalty> more = rows();
  more.push_back({.document = "罚30", .code = credit_code(1), .name = "甲公司"});
  std::thread one([&] { decide_all(a, "first"); });
  std::thread two([&] { b.penalise(more); });
  one.join();
  two.join();
  EXPECT_EQ(performed, 30);
  EXPECT_EQ(officer.number("SELECT count(*) FROM record r JOIN dataset d USING (dataset_id) WHERE "
                           "d.code = 'penalty'"),
            31);
}

}  // namespace
}  // namespace lixin::archive::testing
