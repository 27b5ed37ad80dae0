#include "keeping/restore.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "catalogue/store.h"
#include "journal/audit.h"
#include "journal/journal.h"
#include "keeping/errc.h"
#include "keeping/ledger.h"
#include "keeping/purge.h"
#include "pg/dump.h"

namespace lixin::keeping {
namespace {

constexpr std::string_view kept_begin = "lixin_before_";

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

std::string kept_name(const clock& now) {
  std::string time = journal::to_string(now.now()).substr(0, 19);
  std::erase_if(time, [](char ch) { return ch == '-' || ch == ':'; });
  std::ranges::replace(time, 'T', '_');
  return std::string(kept_begin) + time;
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
    out.kept = kept_name(now);
    out.lost_through = there.head;
    LIXIN_CHECK(execute_with_name(c, "ALTER SCHEMA lixin RENAME TO %I", out.kept));
    LIXIN_CHECK(execute_with_name(c, "COMMENT ON SCHEMA lixin_restoring IS %L",
                                  out.kept + " " + std::to_string(there.head.value)));
  } else if (there.exists) {
    LIXIN_CHECK(c.script("DROP SCHEMA lixin CASCADE"));
  }
  return tx.commit();
}

// Far behind everything that was given out, known or lost.
result<void> move_numbers_on(pg::connection& c) {
  LIXIN_CHECK(
      c.exec("SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, "
             "coalesce(last_value, start_value) + CASE WHEN data_type = 'integer'::regtype THEN "
             "10000 ELSE 1000000 * increment_by END) FROM pg_sequences WHERE schemaname = "
             "'lixin'"));
  return {};
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
  LIXIN_TRY(auto c, pg::connection::open(r.conninfo));
  LIXIN_TRY(const auto there, look(c));
  LIXIN_TRY(const auto book, ledger::open(r.ledger_path));
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
  LIXIN_CHECK(c.script("DROP SCHEMA lixin_restoring"));
  LIXIN_CHECK(
      journal::append_act(c,
                          {journal::action::backup_restored, r.actor,
                           fmt::format("backup up to position {}", out.from.what.position.value)},
                          now.now()));
  LIXIN_CHECK(tx.commit());
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
