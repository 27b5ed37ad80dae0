#include "keeping/restore.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "access/restored.h"
#include "catalogue/store.h"
#include "journal/audit.h"
#include "journal/journal.h"
#include "keeping/errc.h"
#include "keeping/ledger.h"
#include "keeping/purge.h"
#include "pg/dump.h"
#include "vault/key_mark.h"

namespace lixin::keeping {
namespace {

constexpr std::string_view kept_begin = "lixin_before_";
constexpr std::int64_t restore_lock_key = 0x6c6978696e2e7273;  // "lixin.rs", of the session

struct standing {
  bool restoring = false;  // the mark of a restore that was not finished
  bool exists = false;
  bool holds_data = false;
  position head;
  std::int64_t ledger_lines = 0;
};

result<standing> look(pg::connection& c) {
  standing out;
  LIXIN_TRY(const auto there,
            c.exec("SELECT to_regnamespace('lixin_restoring') IS NOT NULL, "
                   "to_regnamespace('lixin') IS NOT NULL, to_regclass('lixin.journal_head') IS NOT "
                   "NULL AND to_regclass('lixin.authority') IS NOT NULL, "
                   "to_regclass('lixin.purge_state') IS NOT NULL"));
  out.restoring = there.boolean(0, 0);
  out.exists = there.boolean(0, 1);
  if (out.exists && there.boolean(0, 2)) {
    LIXIN_TRY(const auto r, c.exec("SELECT position, position > 0 OR EXISTS (SELECT 1 FROM "
                                   "lixin.authority) FROM lixin.journal_head"));
    if (!r.empty()) {
      out.head = position(r.int64(0, 0));
      out.holds_data = r.boolean(0, 1);
    }
  }
  if (out.exists && there.boolean(0, 3)) {
    LIXIN_TRY(const auto r, c.exec("SELECT ledger_lines FROM lixin.purge_state"));
    if (!r.empty()) out.ledger_lines = r.int64(0, 0);
  }
  return out;
}

// By the time; a second one at the same time gets a number.
result<std::string> kept_name(pg::connection& c, const clock& now) {
  std::string time = journal::to_string(now.now()).substr(0, 19);
  std::erase_if(time, [](char ch) { return ch == '-' || ch == ':'; });
  std::ranges::replace(time, 'T', '_');
  LIXIN_TRY(const auto all, kept_schemas(c));
  const std::string first = std::string(kept_begin) + time;
  std::string name = first;
  for (int n = 2; std::ranges::find(all, name, &kept_schema::name) != all.end(); ++n) {
    name = fmt::format("{}_{}", first, n);
  }
  return name;
}

// An identifier goes into a statement by PostgreSQL's own format().
result<void> execute_with_name(pg::connection& c, const char* format, const std::string& name) {
  LIXIN_TRY(const auto sql,
            c.exec("SELECT format($1::text, $2::text)", pg::params().add(format).add(name)));
  return c.script(sql.text(0, 0));
}

// Makes room, and sets the mark in the same transaction.
result<void> make_room(pg::connection& c, const standing& there, const restore_request& r,
                       const clock& now, restore_outcome& out) {
  if (there.restoring) {
    // What a stopped restore brought did not answer yet; the backup has it. The mark says what
    // stood there before.
    LIXIN_TRY(const auto said,
              c.exec("SELECT coalesce(obj_description(to_regnamespace('lixin_restoring')), '')"));
    const std::string text(said.text(0, 0));
    const auto blank = text.find(' ');
    if (blank != std::string::npos) {
      out.kept = text.substr(0, blank);
      out.lost_through = position(std::strtoll(text.c_str() + blank, nullptr, 10));
    }
    return c.script("SET statement_timeout = '12h'; DROP SCHEMA IF EXISTS lixin CASCADE");
  }
  if (there.holds_data && !r.replace) {
    return error(errc::not_empty, {std::to_string(there.head.value)});
  }
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_CHECK(c.script("CREATE SCHEMA lixin_restoring"));
  if (there.holds_data) {
    LIXIN_TRY(out.kept, kept_name(c, now));
    out.lost_through = there.head;
    LIXIN_CHECK(execute_with_name(c, "ALTER SCHEMA lixin RENAME TO %I", out.kept));
    LIXIN_CHECK(execute_with_name(c, "COMMENT ON SCHEMA lixin_restoring IS %L",
                                  out.kept + " " + std::to_string(there.head.value)));
  } else if (there.exists) {
    LIXIN_CHECK(c.script("DROP SCHEMA lixin CASCADE"));
  }
  return tx.commit();
}

// Far behind everything that was given out, known or lost: behind the backup, what stood here and
// what earlier restores kept. How far is drawn by lot, since a machine that is set up twice from
// one backup would else give the same numbers twice.
result<void> move_numbers_on(pg::connection& c) {
  LIXIN_CHECK(
      c.exec("SELECT setval(format('%I.%I', s.schemaname, s.sequencename)::regclass, (SELECT "
             "max(coalesce(k.last_value, k.start_value)) FROM pg_sequences k WHERE k.sequencename "
             "= s.sequencename AND (k.schemaname = 'lixin' OR k.schemaname LIKE "
             "'lixin\\_before\\_%')) + CASE WHEN s.data_type = 'integer'::regtype THEN 10000 * "
             "(1 + floor(random() * 100)::bigint) ELSE 1000000 * s.increment_by * (1 + "
             "floor(random() * 1000)::bigint) END) FROM pg_sequences s WHERE s.schemaname = "
             "'lixin'"));
  return {};
}

// One restore at a time, as long as this connection lives.
result<void> take_turn(pg::connection& c) {
  LIXIN_TRY(const auto got,
            c.exec("SELECT pg_try_advisory_lock($1::bigint)", pg::params().add(restore_lock_key)));
  if (!got.boolean(0, 0)) return error(errc::restore_running);
  return {};
}

// Every line is as it was written.
result<void> verify(const ledger& book) {
  return book.read(0, [](const std::vector<ledger_line>&) -> result<void> { return {}; });
}

}  // namespace

result<restore_outcome> restore(const restore_request& r, vault::vault& persons, const clock& now) {
  restore_outcome out;
  LIXIN_TRY(out.from, open_backup(r.from));
  const int newest = r.migrations.empty() ? 0 : r.migrations.back().number;
  if (out.from.what.migration > newest) {
    return error(errc::backup_newer,
                 {std::to_string(out.from.what.migration), std::to_string(newest)});
  }
  const std::string& mark = out.from.what.key_mark;
  if (!mark.empty() && mark != vault::mark_of(persons.file())) {
    return error(errc::keys_of_another, {persons.file().path(), out.from.folder});
  }
  LIXIN_TRY(auto c, pg::connection::open(r.conninfo));
  LIXIN_CHECK(take_turn(c));
  LIXIN_TRY(const auto there, look(c));
  LIXIN_TRY(const auto book, ledger::open(r.ledger_path));
  LIXIN_CHECK(verify(book));
  // Never by a ledger that does not know all purges.
  const std::int64_t known = std::max(there.ledger_lines, out.from.what.ledger_lines);
  if (book.lines() < known) {
    return error(errc::ledger_behind,
                 {std::to_string(known), r.ledger_path, std::to_string(book.lines())});
  }
  LIXIN_TRY(const auto major,
            c.exec("SELECT current_setting('server_version_num')::integer / 10000"));
  LIXIN_CHECK(make_room(c, there, r, now, out));
  LIXIN_CHECK(pg::restore_dump(r.conninfo, static_cast<int>(major.int64(0, 0)),
                               out.from.folder + "/" + dump_name));
  LIXIN_TRY(out.migrated, pg::migrate(c, r.migrations));
  LIXIN_CHECK(move_numbers_on(c));
  LIXIN_TRY(auto packs, catalogue::store::open(c));
  const calendar::working_days no_days;  // a replay judges no term
  LIXIN_TRY(const auto replayed,
            replay_ledger({c, packs, no_days, persons, now}, r.actor, r.ledger_path));
  out.replayed = replayed.replayed;
  if (out.replayed > 0) LIXIN_CHECK(rewrite_tables(c));
  LIXIN_CHECK(c.script("SET statement_timeout = '12h'; ANALYZE"));
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_CHECK(access::after_restore(c, out.kept));
  LIXIN_CHECK(c.script("DROP SCHEMA lixin_restoring"));
  LIXIN_CHECK(
      journal::append_act(c,
                          {journal::action::backup_restored, r.actor,
                           fmt::format("backup up to position {}", out.from.what.position.value)},
                          now.now()));
  LIXIN_CHECK(tx.commit());
  if (auto all = vault::check_keys_in_use(c, persons.file()); !all.ok()) out.keys = all.error();
  return out;
}

result<std::vector<kept_schema>> kept_schemas(pg::connection& c) {
  LIXIN_TRY(const auto r,
            c.exec("SELECT n.nspname, coalesce(sum(pg_total_relation_size(t.oid)), 0)::bigint FROM "
                   "pg_namespace n LEFT JOIN pg_class t ON t.relnamespace = n.oid AND t.relkind = "
                   "'r' WHERE n.nspname LIKE 'lixin\\_before\\_%' GROUP BY 1 ORDER BY 1"));
  std::vector<kept_schema> out;
  for (int i = 0; i < r.size(); ++i) out.push_back({std::string(r.text(i, 0)), r.int64(i, 1)});
  return out;
}

result<void> drop_kept(pg::connection& c, const std::string& name, const std::string& actor,
                       const clock& now) {
  LIXIN_TRY(const auto all, kept_schemas(c));
  if (std::ranges::find(all, name, &kept_schema::name) == all.end()) {
    return error(errc::no_such_kept, {name});
  }
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_CHECK(execute_with_name(c, "DROP SCHEMA %I CASCADE", name));
  LIXIN_CHECK(journal::append_act(c, {journal::action::database_changed, actor, "dropped " + name},
                                  now.now()));
  return tx.commit();
}

}  // namespace lixin::keeping
