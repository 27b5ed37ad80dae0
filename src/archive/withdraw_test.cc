// Taking hand-ins back.
#include <fmt/format.h>

#include <map>
#include <random>
#include <set>
#include <thread>

#include "archive/testing.h"
#include "base/test_seed.h"

namespace lixin::archive::testing {
namespace {

class withdraw_test : public archive_fixture {
 protected:
  void SetUp() override {
    officer.register_all({{"甲公司", credit_code(1)}, {"乙公司", credit_code(2)}});
  }
  static penalty of(int n, const std::string& document, const std::string& facts) {
    return {.document = document,
            .code = credit_code(n),
            .name = n == 1 ? "甲公司" : "乙公司",
            .facts = facts};
  }
  // "事实一" or "withdrawn", with the version.
  std::string standing(const record_name& n) {
    const auto v = officer.view(n);
    return fmt::format(
        "v{} {}", v.version,
        v.facts.change == policy::record_change::withdrawn ? "withdrawn" : v.value("CF_SY"));
  }
};

TEST_F(withdraw_test, what_stood_before_stands_again) {
  const batch_id a = officer.penalise({of(1, "罚1", "事实一")});
  const batch_id b = officer.penalise({of(1, "罚1", "事实二"), of(2, "罚2", "事实一")});
  const auto w = officer.withdraw(b);
  EXPECT_EQ(w.restored, 1);
  EXPECT_EQ(w.withdrawn, 1);
  EXPECT_EQ(w.kept, 0);
  EXPECT_FALSE(w.already);
  EXPECT_EQ(standing(officer.record_of(a, 2)), "v3 事实一");
  EXPECT_EQ(standing(officer.record_of(b, 3)), "v2 withdrawn");
  const auto info = must(find_batch(officer.db(), b));
  EXPECT_EQ(info.state, batch_state::withdrawn);
  EXPECT_EQ(info.withdrawn_by, "officer");
  EXPECT_EQ(info.withdrawn_why, "报送有误");
  EXPECT_FALSE(info.withdrawn_at.empty());
  EXPECT_EQ(info.counts.total(), 2);  // what was handed in is still told
}

TEST_F(withdraw_test, a_restored_version_ends_as_the_one_it_repeats) {
  officer.penalise({of(1, "罚1", "事实一")});
  const batch_id b = officer.penalise({of(1, "罚1", "事实二")});
  officer.withdraw(b);
  EXPECT_EQ(
      officer.text("SELECT string_agg(concat_ws(' ', kind, public_until, purge_at), '; ' ORDER "
                   "BY position) FROM journal WHERE kind IN (4, 6) AND dataset_id = (SELECT "
                   "dataset_id FROM dataset WHERE code = 'penalty')"),
      "4 2027-02-20 2032-02-20; 6 2027-02-20 2032-02-20");
}

TEST_F(withdraw_test, a_later_correction_stays) {
  const batch_id a = officer.penalise({of(1, "罚1", "事实一"), of(1, "罚2", "事实一")});
  officer.penalise({of(1, "罚1", "事实二")});
  const auto w = officer.withdraw(a);
  EXPECT_EQ(w.kept, 1);
  EXPECT_EQ(w.withdrawn, 1);
  EXPECT_EQ(standing(officer.record_of(a, 2)), "v2 事实二");
  EXPECT_EQ(standing(officer.record_of(a, 3)), "v2 withdrawn");
}

// A, B and C of one document, taken back in every order.
TEST_F(withdraw_test, chains_in_every_order) {
  const std::vector<std::pair<std::string, strings>> cases{
      {"ABC", {"事实三", "事实三", "withdrawn"}}, {"ACB", {"事实三", "事实二", "withdrawn"}},
      {"BAC", {"事实三", "事实三", "withdrawn"}}, {"BCA", {"事实三", "事实一", "withdrawn"}},
      {"CAB", {"事实二", "事实二", "withdrawn"}}, {"CBA", {"事实二", "事实一", "withdrawn"}},
  };
  int document = 0;
  for (const auto& [order, expected] : cases) {
    const std::string name = fmt::format("罚{}", ++document);
    std::map<char, batch_id> batches;
    batches['A'] = officer.penalise({of(1, name, "事实一")});
    batches['B'] = officer.penalise({of(1, name, "事实二")});
    batches['C'] = officer.penalise({of(1, name, "事实三")});
    const record_name record = officer.record_of(batches['A'], 2);
    strings seen;
    for (const char c : order) {
      officer.withdraw(batches[c]);
      seen.push_back(standing(record).substr(3));
    }
    EXPECT_EQ(seen, expected) << order;
  }
}

TEST_F(withdraw_test, twice_does_nothing_more) {
  const batch_id a = officer.penalise({of(1, "罚1", "事实一")});
  officer.withdraw(a);
  const position head = officer.head();
  const auto again = officer.withdraw(a);
  EXPECT_TRUE(again.already);
  EXPECT_EQ(again.withdrawn, 0);
  EXPECT_EQ(officer.head(), head);
}

// Also while the same file is being handed in once more.
TEST_F(withdraw_test, twice_is_answered_during_a_new_hand_in) {
  std::vector<penalty> rows;
  for (int i = 0; i < 3; ++i) rows.push_back(of(1, fmt::format("罚{}", i), "事实一"));
  const import_request request{.dataset = "penalty",
                               .authority = trial_authority,
                               .path = city.write(penalties(rows)),
                               .actor = "officer"};
  const batch_id a = must(officer.import(request)).batch.id;
  officer.withdraw(a);
  desk other(city);
  bool already = false;
  must(other.import(request,
                    [&](const import_progress&) { already = officer.withdraw(a).already; }));
  EXPECT_TRUE(already);
}

TEST_F(withdraw_test, needs_a_batch_and_a_reason) {
  const batch_id a = officer.penalise({of(1, "罚1", "事实一")});
  EXPECT_EQ(refused_as(withdraw_batch(officer.context(), a, "officer", "")),
            "archive.reason_missing");
  EXPECT_EQ(refused_as(withdraw_batch(officer.context(), batch_id(99), "officer", "x")),
            "archive.no_such_batch");
  EXPECT_EQ(must(find_batch(officer.db(), a)).state, batch_state::done);
}

TEST_F(withdraw_test, a_withdrawn_file_can_be_handed_in_again) {
  const import_request request{
      .dataset = "penalty",
      .authority = trial_authority,
      .path = city.write(penalties({of(1, "罚1", "事实一"), of(2, "罚2", "事实一")})),
      .actor = "officer"};
  const auto first = must(officer.import(request));
  officer.withdraw(first.batch.id);
  const auto second = must(officer.import(request));
  EXPECT_FALSE(second.already);
  EXPECT_EQ(officer.fates(second.batch.id), (strings{"accepted v3", "accepted v3"}));
  EXPECT_EQ(standing(officer.record_of(second.batch.id, 2)), "v3 事实一");
  EXPECT_EQ(officer.record_of(second.batch.id, 2).record,
            officer.record_of(first.batch.id, 2).record);
}

// A correction that was taken back by mistake is a correction when it comes again.
TEST_F(withdraw_test, a_withdrawn_correction_can_be_handed_in_again) {
  const batch_id a = officer.penalise({of(1, "罚1", "事实一")});
  const batch_id b = officer.penalise({of(1, "罚1", "事实二")});
  officer.withdraw(b);
  const batch_id c = officer.penalise({of(1, "罚1", "事实二")});
  EXPECT_EQ(officer.fates(c), strings{"corrected v4"});
  EXPECT_EQ(standing(officer.record_of(a, 2)), "v4 事实二");
  // What the standing correction replaced is older, whether or not its batch stands.
  officer.withdraw(a);
  const batch_id d = officer.penalise({of(1, "罚1", "事实一"), of(2, "罚9", "事实一")});
  EXPECT_EQ(officer.fates(d), (strings{"pending archive.would_revert", "accepted"}));
}

// The usual reason for taking a hand-in back: the wrong company.
TEST_F(withdraw_test, after_a_withdrawal_the_document_may_name_another_counterpart) {
  const batch_id a = officer.penalise({of(1, "罚1", "事实一")});
  officer.withdraw(a);
  const batch_id b = officer.penalise({of(2, "罚1", "事实一")});
  EXPECT_EQ(officer.fates(b), strings{"accepted"});
  const record_name old_record = officer.record_of(a, 2);
  const record_name new_record = officer.record_of(b, 2);
  EXPECT_NE(old_record.subject, new_record.subject);
  EXPECT_NE(old_record.record, new_record.record);
  EXPECT_EQ(standing(old_record), "v2 withdrawn");
  EXPECT_EQ(standing(new_record), "v1 事实一");
  // From here on the document is the new one's.
  const batch_id c = officer.penalise({of(1, "罚1", "事实一"), of(2, "罚1", "事实二")});
  EXPECT_EQ(officer.fates(c), (strings{"pending archive.counterpart_changed", "corrected v2"}));
  officer.withdraw(c);
  officer.withdraw(b);
  EXPECT_EQ(standing(new_record), "v4 withdrawn");
  const batch_id d =
      officer.penalise({of(1, "罚1", "事实三"), of(2, "罚1", "事实三"), of(1, "罚1", "事实四")});
  EXPECT_EQ(officer.fates(d),
            (strings{"accepted", "pending archive.counterpart_changed", "corrected v2"}));
}

TEST_F(withdraw_test, sealed_rows_go_and_can_come_again) {
  const penalty p{.document = "罚1", .name = "示例人", .person = resident_number(1)};
  const batch_id a = officer.penalise({p, of(1, "罚2", "事实一")});
  auto w = officer.withdraw(a);
  EXPECT_EQ(w.unsealed, 1);
  EXPECT_EQ(w.withdrawn, 1);
  EXPECT_EQ(officer.number("SELECT count(*) FROM sealed_record WHERE withdrawn_at IS NULL"), 0);
  const batch_id b = officer.penalise({p});
  EXPECT_EQ(officer.fates(b), strings{"sealed"});
  EXPECT_EQ(officer.number("SELECT count(*) FROM sealed_record WHERE withdrawn_at IS NULL"), 1);
  // A correction taken back leaves the version before it.
  penalty q = p;
  q.facts = "事实二";
  const batch_id c = officer.penalise({q});
  EXPECT_EQ(officer.withdraw(c).unsealed, 1);
  EXPECT_EQ(officer.fates(officer.penalise({p, of(1, "罚3", "事实一")})),
            (strings{"unchanged", "accepted"}));
}

TEST_F(withdraw_test, a_row_twice_in_one_batch_is_taken_back_whole) {
  const batch_id a = officer.penalise({of(1, "罚1", "事实一")});
  const batch_id b = officer.penalise({of(1, "罚1", "事实二"), of(1, "罚1", "事实三")});
  const auto w = officer.withdraw(b);
  EXPECT_EQ(w.restored, 1);
  EXPECT_EQ(w.kept, 0);
  EXPECT_EQ(standing(officer.record_of(a, 2)), "v4 事实一");
}

// Stopped after the first chunk: the second run does the rest and nothing twice.
TEST_F(withdraw_test, an_interrupted_withdrawal_goes_on) {
  std::vector<penalty> rows;
  for (int i = 0; i < 12'000; ++i) rows.push_back(of(1 + i % 2, fmt::format("罚{}", i), "事实一"));
  const batch_id a = officer.penalise({rows[0], rows[11'999]});
  rows[0].facts = "事实二";
  rows[11'999].facts = "事实二";
  const batch_id b = officer.penalise(rows);

  // The source's lock is held, given back for one chunk, and asked for again behind it: the second
  // chunk comes after that and waits.
  desk second(city);
  desk third(city);
  const std::int64_t pid = second.number("SELECT pg_backend_pid()");
  const auto hold_source = [&] {
    must(third.db().begin());
    must(
        third.db().exec("SELECT pg_advisory_xact_lock(dataset_id, authority_id) FROM batch WHERE "
                        "batch_id = $1::bigint",
                        pg::params().add(b.value)));
  };
  const auto wait_for_second = [&] {
    while (officer.number(fmt::format(
               "SELECT count(*) FROM pg_locks WHERE pid = {} AND NOT granted", pid)) == 0) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  };
  hold_source();
  std::optional<result<withdrawal>> outcome;
  std::thread withdrawing(
      [&] { outcome = withdraw_batch(second.context(), b, "officer", "报送有误"); });
  wait_for_second();
  must(third.db().commit());
  hold_source();
  wait_for_second();
  must(officer.db().exec("SELECT pg_terminate_backend($1::integer)", pg::params().add(pid)));
  withdrawing.join();
  third.db().rollback();
  const auto state = must(find_batch(officer.db(), b)).state;
  EXPECT_EQ(state, batch_state::withdrawing);
  EXPECT_FALSE(outcome->ok());
  EXPECT_EQ(officer.number("SELECT count(*) FROM record_version WHERE change IN (3, 4)"), 10'000);
  const auto rest = officer.withdraw(b);
  EXPECT_EQ(must(find_batch(officer.db(), b)).state, batch_state::withdrawn);
  EXPECT_EQ(rest.withdrawn, 11'998);
  EXPECT_EQ(rest.restored, 2);
  EXPECT_EQ(rest.kept, 0);
  EXPECT_EQ(standing(officer.record_of(a, 2)), "v3 事实一");
  EXPECT_EQ(standing(officer.record_of(a, 3)), "v3 事实一");
  EXPECT_EQ(officer.number("SELECT count(*) FROM record_version WHERE change = 4"), 11'998);
  EXPECT_EQ(officer.number("SELECT count(*) FROM record_version WHERE change = 3"), 2);
}

// ---- random hand-ins and withdrawals against a model

// What stands of a document is what the latest hand-in said that was not taken back. A row is older
// than that when it repeats what was said before it, since the document last stood at all.
class model {
 public:
  std::string hand_in(const std::string& document, const std::string& content, std::int64_t batch) {
    std::vector<claim>& said = said_[document];
    const int last = standing(document);
    if (last < 0) {
      said.clear();
    } else if (said[static_cast<std::size_t>(last)].content == content) {
      return "unchanged";
    } else {
      for (int i = 0; i < last; ++i) {
        if (said[static_cast<std::size_t>(i)].content == content) return "pending";
      }
    }
    said.push_back({content, batch, true});
    return last < 0 ? "accepted" : "corrected";
  }
  void withdraw(std::int64_t batch) {
    for (auto& [document, said] : said_) {
      for (claim& c : said) c.counts = c.counts && c.batch != batch;
    }
  }
  // "" when nothing stands.
  std::string content(const std::string& document) {
    const int last = standing(document);
    return last < 0 ? "" : said_[document][static_cast<std::size_t>(last)].content;
  }

 private:
  struct claim {
    std::string content;
    std::int64_t batch;
    bool counts;
  };
  int standing(const std::string& document) {
    const std::vector<claim>& said = said_[document];
    for (int i = static_cast<int>(said.size()) - 1; i >= 0; --i) {
      if (said[static_cast<std::size_t>(i)].counts) return i;
    }
    return -1;
  }
  std::map<std::string, std::vector<claim>> said_;
};

class random_test : public withdraw_test {
 protected:
  void step() {
    if (batches_.empty() || random() % 5 < 3) {
      hand_in();
    } else {
      const std::size_t i = random() % batches_.size();
      const auto w = officer.withdraw(batch_id(batches_[i]));
      EXPECT_EQ(w.already, !withdrawn_.insert(batches_[i]).second);
      model_.withdraw(batches_[i]);
    }
    compare();
  }

 private:
  std::size_t random() { return engine_(); }
  static std::string document(std::size_t i) { return fmt::format("罚{}", i); }

  void hand_in() {
    std::vector<penalty> rows;
    const std::size_t count = 1 + random() % 4;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t d = random() % documents;
      rows.push_back(
          of(1 + static_cast<int>(d % 2), document(d), fmt::format("事实{}", random() % 4)));
    }
    // A line that differs makes each file another.
    rows.push_back(of(2, fmt::format("号{}", ++files_), "事实"));
    const batch_id b = officer.penalise(rows);
    batches_.push_back(b.value);
    const auto fates = officer.rows(b);
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_EQ(code_of(fates[i].what), model_.hand_in(rows[i].document, rows[i].facts, b.value))
          << "batch " << b.value << " row " << fates[i].row_number;
    }
  }

  void compare() {
    const auto now = must(officer.db().exec(
        "SELECT DISTINCT ON (r.document) r.document, v.change, v.content ->> 'CF_SY' FROM record r "
        "JOIN record_version v USING (subject_id, record_id) WHERE r.document LIKE '罚%' ORDER BY "
        "r.document, v.version DESC"));
    for (int i = 0; i < now.size(); ++i) {
      const std::string expected = model_.content(std::string(now.text(i, 0)));
      EXPECT_EQ(now.int64(i, 1) == 4 ? "" : now.text(i, 2), expected) << now.text(i, 0);
    }
  }

  static constexpr std::size_t documents = 5;
  std::mt19937 engine_{test_seed()};
  model model_;
  std::vector<std::int64_t> batches_;
  std::set<std::int64_t> withdrawn_;
  int files_ = 0;
};

TEST_F(random_test, every_step_ends_as_the_model_says) {
  for (int i = 0; i < 400 && !HasFailure(); ++i) step();
}

}  // namespace
}  // namespace lixin::archive::testing
