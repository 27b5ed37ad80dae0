#include "keeping/ticker.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "archive/terms.h"
#include "journal/audit.h"
#include "journal/journal.h"
#include "keeping/rules.h"

namespace lixin::keeping {
namespace {

using archive::import_context;
using archive::record_name;
using archive::record_view;

// Candidates of one transaction: three rows each at most.
constexpr int page_rows = 3000;

struct told {
  record_name name;
  dataset_id dataset;
  journal::kind kind = journal::kind::publicity_ended;
  date ended_on;
};

class ticker {
 public:
  ticker(const import_context& x, const std::string& actor) : x_(x), actor_(actor) {}
  result<tick_outcome> run();

 private:
  // The row, locked: what was told, and the run that was begun.
  struct progress {
    std::optional<date> told;
    date through;
    std::int64_t after = 0;
    position to;
    std::string rules;
  };
  result<std::optional<progress>> begin_or_join();
  result<std::optional<date>> first_day();
  result<bool> next_page();
  result<void> every_record(const progress& p);
  result<std::vector<told>> ended(const progress& p, const std::vector<record_name>& names);
  result<std::vector<told>> ended_by_rules(const progress& p, const catalogue::catalogue& before,
                                           const std::vector<record_name>& names);
  result<void> tell(std::vector<told> all);
  result<void> finish(const progress& p);

  const import_context& x_;
  const std::string& actor_;
  tick_outcome out_;
  bool looked_at_all_ = false;
};

result<std::optional<date>> ticker::first_day() {
  LIXIN_TRY(const auto first, journal::read_after(x_.connection, position(0), 1));
  std::optional<date> out;
  if (!first.empty()) out = city_day(first.front().sealed_at);
  return out;
}

// None when there is nothing left to tell today.
result<std::optional<ticker::progress>> ticker::begin_or_join() {
  LIXIN_TRY(const auto r,
            x_.connection.exec("SELECT told_through, telling_through, telling_after, telling_to, "
                               "rules FROM ticker FOR UPDATE"));
  LIXIN_ASSERT(!r.empty());  // the migration made it
  progress p;
  p.told = r.optional_day(0, 0);
  p.rules = r.text(0, 4);
  if (const auto begun = r.optional_day(0, 1)) {
    p.through = *begun;
    p.after = r.int64(0, 2);
    p.to = position(r.int64(0, 3));
    return std::optional(std::move(p));
  }
  const date today = x_.now.today();
  if (!p.told) {
    // The first run: of what was over on the day when the journal begins nobody has to be told.
    LIXIN_TRY(p.told, first_day());
    if (!p.told || *p.told > today) p.told = today;
    LIXIN_CHECK(
        x_.connection.exec("UPDATE ticker SET told_through = $1::date, rules = "
                           "$2::integer[]",
                           pg::params().add(*p.told).add(rules_of(x_, today))));
    p.rules = rules_of(x_, today);
  }
  if (today <= *p.told) return std::optional<progress>();
  LIXIN_TRY(const auto head, journal::read_head(x_.connection));
  p.through = today;
  p.to = head.last;
  LIXIN_CHECK(x_.connection.exec(
      "UPDATE ticker SET telling_through = $1::date, telling_after = 0, telling_to = $2::bigint",
      pg::params().add(today).add(head.last.value)));
  return std::optional(std::move(p));
}

result<tick_outcome> ticker::run() {
  while (true) {
    LIXIN_TRY(const bool more, next_page());
    if (!more) break;
  }
  LIXIN_TRY(const auto through, told_through(x_.connection));
  out_.through = through.value_or(x_.now.today());
  return out_;
}

// One transaction: up to page_rows changes whose dates lie in the days to be told. The days of a
// change are in the journal, so this is a pass over that narrow table and not over the contents.
result<bool> ticker::next_page() {
  LIXIN_TRY(auto tx, pg::transaction::begin(x_.connection));
  LIXIN_TRY(const auto p, begin_or_join());
  if (!p) {
    LIXIN_CHECK(tx.commit());
    return false;
  }
  if (!out_.from) out_.from = *p->told + 1;
  LIXIN_TRY(
      const auto r,
      x_.connection.exec(
          "SELECT position, subject_id, record_id FROM journal WHERE position > $1::bigint AND "
          "position <= $2::bigint AND kind IN (4, 5, 6, 8, 12) AND (public_until >= $3::date AND "
          "public_until < $4::date OR effective_until >= $3::date AND effective_until < $4::date "
          "OR purge_at > $3::date AND purge_at <= $4::date) ORDER BY position LIMIT $5::integer",
          pg::params()
              .add(p->after)
              .add(p->to.value)
              .add(*p->told)
              .add(p->through)
              .add(page_rows)));
  std::vector<record_name> names;
  for (int i = 0; i < r.size(); ++i) {
    names.push_back({subject_id(r.int64(i, 1)), record_id(r.int64(i, 2))});
  }
  LIXIN_TRY(auto all, ended(*p, names));
  if (r.size() == page_rows) {
    LIXIN_CHECK(x_.connection.exec("UPDATE ticker SET telling_after = $1::bigint",
                                   pg::params().add(r.int64(r.size() - 1, 0))));
    LIXIN_CHECK(tell(std::move(all)));
    LIXIN_CHECK(tx.commit());
    return true;
  }
  if (p->rules != rules_of(x_, p->through) && !looked_at_all_) {
    LIXIN_CHECK(tell(std::move(all)));
    LIXIN_CHECK(tx.commit());
    LIXIN_CHECK(every_record(*p));
    return true;
  }
  LIXIN_CHECK(finish(*p));
  LIXIN_CHECK(tell(std::move(all)));
  LIXIN_CHECK(tx.commit());
  return true;
}

result<void> ticker::finish(const progress& p) {
  LIXIN_CHECK(x_.connection.exec(
      "UPDATE ticker SET told_through = $1::date, telling_through = NULL, telling_after = 0, "
      "telling_to = 0, rules = $2::integer[], ran_at = $3::timestamptz",
      pg::params()
          .add(p.through)
          .add(rules_of(x_, p.through))
          .add(journal::to_string(x_.now.now()))));
  return {};
}

// Whether a last day lies in the days to be told: it is told on the day after.
bool newly_over(const std::optional<date>& last, date told, date through) {
  return last && *last >= told && *last < through;
}

void add_ends(const record_view& v, dataset_id dataset, bool publicity, bool effect, bool retention,
              const archive::ends& e, std::vector<told>& out) {
  const record_name name{v.subject, v.record};
  if (publicity) out.push_back({name, dataset, journal::kind::publicity_ended, *e.public_until});
  if (effect) out.push_back({name, dataset, journal::kind::effect_ended, *e.effective_until});
  if (retention) out.push_back({name, dataset, journal::kind::retention_ended, *e.purge_at});
}

// Nothing is told of what stands no more: the change that took it away was told.
bool stands(const record_view& v) {
  return !v.facts.content_ended && v.facts.change != policy::record_change::withdrawn &&
         v.facts.change != policy::record_change::moved;
}

result<std::map<std::string, dataset_id>> dataset_numbers(pg::connection& c) {
  LIXIN_TRY(const auto r, c.exec("SELECT code, dataset_id FROM dataset"));
  std::map<std::string, dataset_id> out;
  for (int i = 0; i < r.size(); ++i) {
    out[std::string(r.text(i, 0))] = dataset_id(static_cast<std::int32_t>(r.int64(i, 1)));
  }
  return out;
}

result<std::vector<told>> ticker::ended(const progress& p, const std::vector<record_name>& names) {
  std::vector<told> out;
  if (names.empty()) return out;
  LIXIN_TRY(const auto numbers, dataset_numbers(x_.connection));
  LIXIN_TRY(const auto views, archive::newest_of(x_.connection, x_.packs, names));
  for (const record_view& v : views) {
    if (!stands(v)) continue;
    const archive::ends e = archive::ends_of(x_.packs, v, p.through, p.to);
    add_ends(v, numbers.at(v.dataset), newly_over(e.public_until, *p.told, p.through),
             newly_over(e.effective_until, *p.told, p.through),
             e.purge_at && *e.purge_at > *p.told && *e.purge_at <= p.through, e, out);
  }
  return out;
}

// Under new rules: what is over now and was not by the rules of the last run.
result<std::vector<told>> ticker::ended_by_rules(const progress& p,
                                                 const catalogue::catalogue& before,
                                                 const std::vector<record_name>& names) {
  std::vector<told> out;
  LIXIN_TRY(const auto numbers, dataset_numbers(x_.connection));
  LIXIN_TRY(const auto views, archive::newest_of(x_.connection, x_.packs, names));
  for (const record_view& v : views) {
    if (!stands(v)) continue;
    const archive::ends now = archive::ends_of(x_.packs, v, p.through, p.to);
    const catalogue::dataset* d = before.find_dataset(v.dataset);
    const archive::ends old = d == nullptr ? now : archive::ends_by(before, *d, v);
    const auto moved = [&](const std::optional<date>& n, const std::optional<date>& o, date over_by,
                           date was_over_by) {
      return n && *n <= over_by && (!o || *o > was_over_by);
    };
    add_ends(v, numbers.at(v.dataset),
             moved(now.public_until, old.public_until, p.through - 1, *p.told - 1),
             moved(now.effective_until, old.effective_until, p.through - 1, *p.told - 1),
             moved(now.purge_at, old.purge_at, p.through, *p.told), now, out);
  }
  return out;
}

result<void> ticker::every_record(const progress& p) {
  looked_at_all_ = true;
  out_.whole = true;
  const auto before = catalogue_of(x_, p.rules);
  record_name after;
  while (true) {
    LIXIN_TRY(auto tx, pg::transaction::begin(x_.connection));
    LIXIN_CHECK(x_.connection.exec("SELECT 1 FROM ticker FOR UPDATE"));
    LIXIN_TRY(const auto r,
              x_.connection.exec(
                  "SELECT subject_id, record_id FROM record WHERE (subject_id, record_id) > "
                  "($1::bigint, $2::bigint) ORDER BY subject_id, record_id LIMIT $3::integer",
                  pg::params().add(after.subject.value).add(after.record.value).add(page_rows)));
    std::vector<record_name> names;
    for (int i = 0; i < r.size(); ++i) {
      after = {subject_id(r.int64(i, 0)), record_id(r.int64(i, 1))};
      names.push_back(after);
    }
    LIXIN_TRY(auto all, ended_by_rules(p, *before, names));
    LIXIN_CHECK(tell(std::move(all)));
    LIXIN_CHECK(tx.commit());
    if (r.size() < page_rows) return {};
  }
}

// In the caller's transaction, which this ends but for the commit: the journal's head is locked
// here.
result<void> ticker::tell(std::vector<told> all) {
  if (all.empty()) return {};
  std::vector<std::int64_t> subjects, records, kinds;
  std::vector<std::string> days;
  for (const told& t : all) {
    subjects.push_back(t.name.subject.value);
    records.push_back(t.name.record.value);
    kinds.push_back(static_cast<std::int64_t>(t.kind));
    days.push_back(to_string(t.ended_on));
  }
  LIXIN_TRY(const auto r,
            x_.connection.exec(
                "INSERT INTO told_end (subject_id, record_id, kind, ended_on) SELECT w.subject_id, "
                "w.record_id, w.kind::smallint, w.day::date FROM unnest($1::bigint[], "
                "$2::bigint[], $3::bigint[], $4::text[]) AS w(subject_id, record_id, kind, day) ON "
                "CONFLICT DO NOTHING RETURNING subject_id, record_id, kind, ended_on",
                pg::params().add(subjects).add(records).add(kinds).add(days)));
  std::map<std::pair<std::int64_t, std::int64_t>, dataset_id> dataset_of;
  for (const told& t : all) dataset_of[{t.name.subject.value, t.name.record.value}] = t.dataset;
  std::vector<journal::change> changes;
  for (int i = 0; i < r.size(); ++i) {
    journal::change c;
    c.kind = static_cast<journal::kind>(r.int64(i, 2));
    c.subject = subject_id(r.int64(i, 0));
    c.record = record_id(r.int64(i, 1));
    c.dataset = dataset_of.at({r.int64(i, 0), r.int64(i, 1)});
    const date day = r.day(i, 3);
    if (c.kind == journal::kind::publicity_ended) {
      c.public_until = day;
      ++out_.publicity;
    } else if (c.kind == journal::kind::effect_ended) {
      c.effective_until = day;
      ++out_.effect;
    } else {
      c.purge_at = day;
      ++out_.retention;
    }
    changes.push_back(std::move(c));
  }
  if (changes.empty()) return {};
  LIXIN_CHECK(journal::append(
      x_.connection, changes,
      {journal::action::ends_told, actor_, fmt::format("{} ends by date", changes.size())},
      x_.now.now()));
  return {};
}

}  // namespace

result<tick_outcome> tick(const archive::import_context& context, const std::string& actor) {
  ticker t(context, actor);
  return t.run();
}

result<std::optional<date>> told_through(pg::connection& c) {
  LIXIN_TRY(const auto r, c.exec("SELECT told_through FROM ticker"));
  LIXIN_ASSERT(!r.empty());  // the migration made it
  return r.optional_day(0, 0);
}

}  // namespace lixin::keeping
