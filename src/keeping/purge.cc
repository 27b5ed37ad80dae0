#include "keeping/purge.h"

#include <numeric>
#include <set>

#include "archive/terms.h"
#include "catalogue/city.h"
#include "journal/journal.h"
#include "keeping/errc.h"
#include "keeping/purge_chunk.h"
#include "keeping/rules.h"
#include "keeping/staging.h"

namespace lixin::keeping {
namespace {

using archive::import_context;
using archive::record_name;

constexpr std::int64_t lock_key = 0x6c6978696e2e7067;  // "lixin.pg", of the session
constexpr int page_rows = 5000;
constexpr std::size_t chunk_records = 1000;

// One purge or replay at a time, also from several machines.
class purge_lock {
 public:
  static result<bool> take(pg::connection& c, purge_lock& out) {
    LIXIN_TRY(const auto got,
              c.exec("SELECT pg_try_advisory_lock($1::bigint)", pg::params().add(lock_key)));
    if (got.boolean(0, 0)) out.connection_ = &c;
    return got.boolean(0, 0);
  }
  purge_lock() = default;
  purge_lock(const purge_lock&) = delete;
  purge_lock& operator=(const purge_lock&) = delete;
  ~purge_lock() {
    if (connection_ == nullptr || !connection_->alive()) return;
    // Should the answer be lost, the lock ends with the connection.
    static_cast<void>(
        connection_->exec("SELECT pg_advisory_unlock($1::bigint)", pg::params().add(lock_key)));
  }

 private:
  pg::connection* connection_ = nullptr;
};

struct state {
  std::int64_t ledger_lines = 0;
  std::string rules;
};
result<state> read_state(pg::connection& c) {
  LIXIN_TRY(const auto r, c.exec("SELECT ledger_lines, rules FROM purge_state"));
  LIXIN_ASSERT(!r.empty());  // the migration made it
  return state{r.int64(0, 0), std::string(r.text(0, 1))};
}

class purger {
 public:
  purger(const purge_run& run, bool dry_run, const std::function<void(std::int64_t)>& progress)
      : run_(run), x_(run.context), dry_run_(dry_run), progress_(progress) {}

  result<purge_outcome> run(const state& known);

 private:
  struct found {
    record_name name;
    source from;
  };
  result<void> by_journal();
  result<void> by_records();
  result<void> take(const std::vector<found>& page);
  result<void> sealed_rows();
  result<void> date_sealed_rows();

  const purge_run& run_;
  const import_context& x_;
  bool dry_run_;
  const std::function<void(std::int64_t)>& progress_;
  position head_;
  std::set<std::pair<subject_id, record_id>> counted_;  // of a dry run
  std::map<std::int32_t, std::string> dataset_codes_;
  purge_outcome out_;
};

result<purge_outcome> purger::run(const state& known) {
  LIXIN_TRY(const auto head, journal::read_head(x_.connection));
  head_ = head.last;
  const std::string rules = rules_of(x_, x_.now.today());
  out_.whole = rules != known.rules;
  LIXIN_TRY(const auto codes, x_.connection.exec("SELECT dataset_id, code FROM dataset"));
  for (int i = 0; i < codes.size(); ++i) {
    dataset_codes_[static_cast<std::int32_t>(codes.int64(i, 0))] = codes.text(i, 1);
  }
  LIXIN_CHECK(out_.whole ? by_records() : by_journal());
  // What a dry run finds out of sealed rows is kept as well: their days, nothing of them.
  if (out_.whole) {
    LIXIN_CHECK(
        x_.connection.exec("UPDATE sealed_record SET purge_at = NULL WHERE purge_at IS NOT NULL"));
  }
  LIXIN_CHECK(sealed_rows());
  LIXIN_TRY(const auto days, catalogue::setting_number(x_.connection, staging_days_setting));
  out_.staging_days = static_cast<int>(days.value_or(staging_days_usual));
  LIXIN_TRY(out_.staging_rows, empty_staging(x_, out_.staging_days, dry_run_));
  if (!dry_run_) {
    LIXIN_CHECK(
        x_.connection.exec("UPDATE purge_state SET rules = $1::integer[], ran_at = $2::timestamptz",
                           pg::params().add(rules).add(journal::to_string(x_.now.now()))));
  }
  return std::move(out_);
}

// Every change carries the day on which its content must be gone, by the rules of its time. While
// the rules are the same, what is due is named there: one pass over the narrow journal.
result<void> purger::by_journal() {
  std::int64_t after = 0;
  while (true) {
    LIXIN_TRY(const auto r,
              x_.connection.exec(
                  "SELECT j.position, r.subject_id, r.record_id, r.dataset_id, r.authority_id FROM "
                  "journal j JOIN record r ON r.subject_id = j.subject_id AND r.record_id = "
                  "j.record_id WHERE j.position > $1::bigint AND j.position <= $2::bigint AND "
                  "j.kind IN (4, 5, 6, 8, 12) AND j.purge_at <= $3::date AND NOT EXISTS (SELECT 1 "
                  "FROM purged_record p WHERE p.subject_id = j.subject_id AND p.record_id = "
                  "j.record_id) ORDER BY j.position LIMIT $4::integer",
                  pg::params().add(after).add(head_.value).add(x_.now.today()).add(page_rows)));
    std::vector<found> page;
    for (int i = 0; i < r.size(); ++i) {
      after = r.int64(i, 0);
      page.push_back({{subject_id(r.int64(i, 1)), record_id(r.int64(i, 2))},
                      {dataset_id(static_cast<std::int32_t>(r.int64(i, 3))),
                       authority_id(static_cast<std::int32_t>(r.int64(i, 4)))}});
    }
    LIXIN_CHECK(take(page));
    if (r.size() < page_rows) return {};
  }
}

// Rules have changed: any record may be due by now.
result<void> purger::by_records() {
  record_name after;
  while (true) {
    LIXIN_TRY(
        const auto r,
        x_.connection.exec(
            "SELECT r.subject_id, r.record_id, r.dataset_id, r.authority_id FROM record r "
            "WHERE (r.subject_id, r.record_id) > ($1::bigint, $2::bigint) AND NOT EXISTS (SELECT 1 "
            "FROM purged_record p WHERE p.subject_id = r.subject_id AND p.record_id = r.record_id "
            // Says nothing new, and lets the join begin where the page begins.
            "AND (p.subject_id, p.record_id) > ($1::bigint, $2::bigint)) ORDER BY r.subject_id, "
            "r.record_id LIMIT $3::integer",
            pg::params().add(after.subject.value).add(after.record.value).add(page_rows)));
    std::vector<found> page;
    for (int i = 0; i < r.size(); ++i) {
      after = {subject_id(r.int64(i, 0)), record_id(r.int64(i, 1))};
      page.push_back({after,
                      {dataset_id(static_cast<std::int32_t>(r.int64(i, 2))),
                       authority_id(static_cast<std::int32_t>(r.int64(i, 3)))}});
    }
    LIXIN_CHECK(take(page));
    if (r.size() < page_rows) return {};
  }
}

result<void> purger::take(const std::vector<found>& page) {
  std::vector<record_name> names;
  for (const found& f : page) names.push_back(f.name);
  LIXIN_TRY(const auto views, archive::newest_of(x_.connection, x_.packs, names));
  std::set<std::pair<subject_id, record_id>> due;
  const date today = x_.now.today();
  for (const archive::record_view& v : views) {
    if (v.facts.change == policy::record_change::moved) continue;  // it is judged where it stands
    const auto at = archive::ends_of(x_.packs, v, today, head_).purge_at;
    if (at && *at <= today) due.insert({v.subject, v.record});
  }
  std::map<source, std::vector<record_target>> by_source;
  for (const found& f : page) {
    if (due.erase({f.name.subject, f.name.record}) == 0) continue;
    if (!dry_run_) {
      by_source[f.from].push_back({f.name, {}, {}});
    } else if (counted_.insert({f.name.subject, f.name.record}).second) {
      ++out_.records[dataset_codes_[f.from.dataset.value]];
    }
  }
  for (const auto& [from, targets] : by_source) {
    for (std::size_t i = 0; i < targets.size(); i += chunk_records) {
      const std::vector<record_target> chunk(
          targets.begin() + static_cast<std::ptrdiff_t>(i),
          targets.begin() +
              static_cast<std::ptrdiff_t>(std::min(i + chunk_records, targets.size())));
      LIXIN_TRY(const auto n, purge_records(run_, from, chunk));
      if (n > 0) out_.records[dataset_codes_[from.dataset.value]] += n;
      if (progress_) progress_(out_.record_count());
    }
  }
  return {};
}

// A sealed row shows nothing without its key, so each is opened once under the same rules and its
// day is kept beside it.
result<void> purger::date_sealed_rows() {
  while (true) {
    LIXIN_TRY(const auto dated, date_sealed(x_, head_, page_rows, out_.unreadable));
    if (dated < page_rows) return {};
  }
}

result<void> purger::sealed_rows() {
  LIXIN_CHECK(date_sealed_rows());
  if (dry_run_) {
    LIXIN_TRY(out_.sealed, count_due_sealed(x_));
    return {};
  }
  while (true) {
    LIXIN_TRY(const auto due, due_sealed(x_, head_, static_cast<int>(chunk_records)));
    if (due.empty()) return {};
    for (const auto& [from, targets] : due) {
      LIXIN_TRY(const auto n, purge_sealed(run_, from, targets));
      out_.sealed += n;
    }
  }
}

result<std::int64_t> replay_lines(const purge_run& run, const std::vector<ledger_line>& lines) {
  std::map<source, std::vector<record_target>> records;
  std::map<source, std::vector<sealed_target>> sealed;
  for (const ledger_line& l : lines) {
    const source from{l.dataset, l.authority};
    if (l.sealed) {
      sealed[from].push_back({l.subject, {}, l.document_digest, l.due_on});
    } else {
      records[from].push_back(
          {{subject_id(l.subject), record_id(l.record)}, l.document_digest, l.due_on});
    }
  }
  std::int64_t done = 0;
  for (const auto& [from, targets] : records) {
    LIXIN_TRY(const auto n, purge_records(run, from, targets));
    done += n;
  }
  for (const auto& [from, targets] : sealed) {
    LIXIN_TRY(const auto n, purge_sealed(run, from, targets));
    done += n;
  }
  return done;
}

// Under the lock.
result<std::int64_t> replay(const import_context& x, const std::string& actor, const ledger& book,
                            std::int64_t known) {
  const purge_run run{x, actor};
  if (known > book.lines()) {
    return error(errc::ledger_behind,
                 {std::to_string(known), book.path(), std::to_string(book.lines())});
  }
  std::int64_t done = 0;
  if (known == book.lines()) return done;
  LIXIN_CHECK(book.read(known, [&](const std::vector<ledger_line>& lines) -> result<void> {
    LIXIN_TRY(const auto n, replay_lines(run, lines));
    done += n;
    return {};
  }));
  LIXIN_CHECK(x.connection.exec("UPDATE purge_state SET ledger_lines = $1::bigint",
                                pg::params().add(book.lines())));
  return done;
}

}  // namespace

std::int64_t purge_outcome::record_count() const {
  return std::accumulate(records.begin(), records.end(), std::int64_t{0},
                         [](std::int64_t n, const auto& r) { return n + r.second; });
}

result<purge_outcome> purge_due(const import_context& x, const std::string& actor,
                                const std::string& ledger_path, bool dry_run,
                                const std::function<void(std::int64_t)>& progress) {
  purge_lock lock;
  LIXIN_TRY(const bool locked, purge_lock::take(x.connection, lock));
  if (!locked) return error(errc::already_purging);
  LIXIN_TRY(auto book, ledger::open(ledger_path));
  LIXIN_TRY(const auto known, read_state(x.connection));
  std::int64_t replayed = 0;
  if (!dry_run) {
    LIXIN_TRY(replayed, replay(x, actor, book, known.ledger_lines));
  }
  const purge_run run{x, actor, &book};
  purger p(run, dry_run, progress);
  LIXIN_TRY(auto out, p.run(known));
  out.replayed = replayed;
  return out;
}

result<purge_outcome> replay_ledger(const import_context& x, const std::string& actor,
                                    const std::string& ledger_path) {
  purge_lock lock;
  LIXIN_TRY(const bool locked, purge_lock::take(x.connection, lock));
  if (!locked) return error(errc::already_purging);
  LIXIN_TRY(const auto book, ledger::open(ledger_path));
  LIXIN_TRY(const auto known, read_state(x.connection));
  purge_outcome out;
  LIXIN_TRY(out.replayed, replay(x, actor, book, known.ledger_lines));
  return out;
}

result<void> rewrite_tables(pg::connection& c) {
  LIXIN_CHECK(c.script("SET statement_timeout = '12h'"));
  for (const char* sql :
       {"VACUUM (FULL, ANALYZE) record_version", "VACUUM (FULL, ANALYZE) batch_row_note",
        "VACUUM (FULL, ANALYZE) record", "VACUUM (FULL, ANALYZE) record_key",
        "VACUUM (FULL, ANALYZE) record_event", "VACUUM (FULL, ANALYZE) record_move",
        "VACUUM (FULL, ANALYZE) sealed_record"}) {
    LIXIN_CHECK(c.exec(sql));
  }
  return {};
}

result<void> check_not_restoring(pg::connection& c) {
  LIXIN_TRY(const auto r, c.exec("SELECT to_regnamespace('lixin_restoring') IS NOT NULL"));
  if (r.boolean(0, 0)) return error(errc::restoring);
  return {};
}

result<void> check_not_empty(pg::connection& c, const std::string& ledger_path) {
  LIXIN_TRY(const auto book, ledger::open(ledger_path));
  LIXIN_TRY(const auto r, c.exec("SELECT position = 0 AND NOT EXISTS (SELECT 1 FROM authority) "
                                 "FROM journal_head"));
  if (book.lines() == 0 || !r.boolean(0, 0)) return {};
  return error(errc::database_empty, {ledger_path, std::to_string(book.lines())});
}

result<void> check_ledger(pg::connection& c, const std::string& ledger_path) {
  LIXIN_TRY(const auto book, ledger::open(ledger_path));
  LIXIN_TRY(state known, read_state(c));
  if (book.lines() <= known.ledger_lines) return {};
  // A purge that runs is ahead of its commit for a moment.
  purge_lock lock;
  LIXIN_TRY(const bool alone, purge_lock::take(c, lock));
  if (!alone) return {};
  LIXIN_TRY(known, read_state(c));
  if (book.lines() <= known.ledger_lines) return {};
  LIXIN_CHECK(check_not_empty(c, ledger_path));
  return error(errc::replay_needed,
               {ledger_path, std::to_string(book.lines()), std::to_string(known.ledger_lines)});
}

}  // namespace lixin::keeping
