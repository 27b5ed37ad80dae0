// lixin db status, migrate, backup, restore and forget.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "journal/journal.h"
#include "keeping/backup.h"
#include "keeping/errc.h"
#include "keeping/ledger.h"
#include "keeping/purge.h"
#include "keeping/restore.h"
#include "keeping/status.h"
#include "lixin/commands.h"
#include "lixin/migrations.h"
#include "lixin/say.h"
#include "lixin/terminal.h"
#include "text/json.h"
#include "vault/errc.h"
#include "vault/key_mark.h"

namespace lixin {
namespace {

constexpr const char* program_version = "0.1.0";

void write_text_or_null(text::json_writer& json, std::string_view name, std::string_view value) {
  json.key(name);
  value.empty() ? json.null() : json.string(value);
}

// ---- status

void write_blocked(text::json_writer& json, const app& a, const std::optional<error>& why) {
  json.key("blocked");
  why ? json.string(why->code()) : json.null();
  write_text_or_null(json, "mend", why ? why->sentence(a.lang()) : std::string());
}

// Why other commands refuse, or would lose something.
std::optional<error> blocked_by(app& a, pg::connection& db, const keeping::database_state& s,
                                std::int64_t ledger_lines) {
  if (auto free = keeping::check_ledger(db, a.ledger_path()); !free.ok()) return free.error();
  if (ledger_lines < s.ledger_lines) {
    return error(keeping::errc::ledger_behind,
                 {std::to_string(s.ledger_lines), a.ledger_path(), std::to_string(ledger_lines)});
  }
  const auto known = vault::known_mark(db);
  if (!known.ok()) return known.error();
  if (!*known) return std::nullopt;  // no key was used yet, and none is made to look
  const auto file = a.keys();
  if (!file.ok()) return file.error();
  if (auto all = vault::check_keys_in_use(db, **file); !all.ok()) return all.error();
  return std::nullopt;
}

struct status_view {
  journal::head head;
  keeping::database_state state;
  std::int64_t ledger_lines = 0;  // of the file
  std::optional<error> blocked;   // why other commands do not answer
};

keeping::table_size size_named(const keeping::database_state& s, std::string_view table) {
  const auto found = std::ranges::find(s.tables, table, &keeping::table_size::name);
  return found == s.tables.end() ? keeping::table_size() : *found;
}

void print_status_json(const app& a, const status_view& v) {
  const auto& s = v.state;
  std::string out;
  text::json_writer json(out, true);
  json.begin_object()
      .member("migration", s.migration)
      .member("position", v.head.last.value)
      .member("sealed_at", journal::to_string(v.head.sealed_at))
      .member("subjects", size_named(s, "subject").rows)
      .member("records", size_named(s, "record").rows)
      .member("versions", size_named(s, "record_version").rows)
      .member("batches", size_named(s, "batch").rows)
      .member("bytes", s.bytes)
      .member("server", s.server)
      .key("tables")
      .begin_array();
  for (const auto& t : s.tables) {
    json.begin_object()
        .member("name", t.name)
        .member("rows", t.rows)
        .member("exact", t.exact)
        .member("bytes", t.bytes)
        .end_object();
  }
  json.end_array().key("purge").begin_object();
  write_text_or_null(json, "ran_at", s.purged_at);
  json.member("purged_records", s.purged).key("due");
  s.due ? json.number(*s.due) : json.null();
  json.member("ledger", a.ledger_path())
      .member("ledger_lines", v.ledger_lines)
      .member("ledger_lines_done", s.ledger_lines)
      .end_object()
      .key("ticker")
      .begin_object();
  write_text_or_null(json, "ran_at", s.ticked_at);
  json.key("told_through");
  s.told_through ? json.string(to_string(*s.told_through)) : json.null();
  json.end_object().key("backup").begin_object();
  write_text_or_null(json, "made_at", s.backup_at);
  write_text_or_null(json, "folder", s.backup_folder);
  json.member("position", s.backup_position).end_object().key("kept").begin_array();
  for (const auto& k : s.kept) {
    json.begin_object().member("name", k.name).member("bytes", k.bytes).end_object();
  }
  json.end_array();
  write_blocked(json, a, v.blocked);
  json.end_object();
  fmt::print("{}\n", out);
}

std::string rows_of(const app& a, const keeping::database_state& s, std::string_view table) {
  const auto t = size_named(s, table);
  return t.exact ? grouped(t.rows) : say(a.lang(), "约 {}", "about {}", grouped(t.rows));
}

void print_keeping(const app& a, const status_view& v) {
  const auto& s = v.state;
  const std::string never = say(a.lang(), "从未", "never");
  a.print("清除：上次 {}，累计清除记录 {} 条，台账 {} 行（{}）\n",
          "purge: last {}, {} records purged so far, ledger of {} lines ({})\n",
          s.purged_at.empty() ? never : s.purged_at, grouped(s.purged), grouped(v.ledger_lines),
          a.ledger_path());
  if (s.due && *s.due > 0) {
    a.print("　　　已提示保存期满、尚未清除：{} 条，请运行 lixin purge --due\n",
            "  told to be due and not purged yet: {}; run `lixin purge --due`\n", grouped(*s.due));
  }
  a.print("到期提示：上次 {}，已提示到 {}\n", "ticker: last {}, told through {}\n",
          s.ticked_at.empty() ? never : s.ticked_at,
          s.told_through ? to_string(*s.told_through) : never);
  if (s.told_through && *s.told_through > a.now().today()) {
    a.print(
        "　　　到期提示已超前于今天：曾在时钟拨快时运行，在此之前不会再提示\n",
        "  the ticker is ahead of today: it ran with a clock set ahead, and tells nothing until "
        "then\n");
  }
  if (s.backup_at.empty()) {
    a.print("备份：从未\n", "backup: never\n");
  } else {
    a.print("备份：上次 {}，到日志第 {} 号，{}\n", "backup: last {}, up to position {}, {}\n",
            s.backup_at, s.backup_position, s.backup_folder);
  }
  for (const auto& k : s.kept) {
    a.print("恢复时保留的旧数据 {}，{} MB；核对无误后请运行 lixin db forget {}\n",
            "kept by a restore: {}, {} MB; `lixin db forget {}` when it is no longer needed\n",
            k.name, grouped(k.bytes >> 20), k.name);
  }
}

}  // namespace

result<int> database_status(app& a) {
  a.keeping();
  auto opened = a.database();
  if (!opened.ok()) {
    if (!a.json() || !opened.error().is(keeping::errc::restoring)) return opened.error();
    std::string out;
    text::json_writer json(out, true);
    json.begin_object();
    write_blocked(json, a, opened.error());
    json.end_object();
    fmt::print("{}\n", out);
    return exit_code(opened.error().kind());
  }
  pg::connection* const db = *opened;
  status_view v;
  LIXIN_TRY(v.head, journal::read_head(*db));
  LIXIN_TRY(v.state, keeping::state_of(*db, a.now().today()));
  LIXIN_TRY(const auto book, keeping::ledger::open(a.ledger_path()));
  v.ledger_lines = book.lines();
  v.blocked = blocked_by(a, *db, v.state, v.ledger_lines);
  if (a.json()) {
    print_status_json(a, v);
    return done;
  }
  const auto& s = v.state;
  a.print(
      "PostgreSQL {0}，库结构第 {1} 版，占用 {2} MB\n日志位置 {3}（{4}）\n"
      "主体 {5}，记录 {6}，记录版本 {7}，批次 {8}\n",
      "PostgreSQL {0}, schema {1}, {2} MB\nposition {3} of the journal ({4})\n"
      "{5} subjects, {6} records in {7} versions, {8} hand-ins\n",
      s.server, s.migration, grouped(s.bytes >> 20), v.head.last.value,
      journal::to_string(v.head.sealed_at), rows_of(a, s, "subject"), rows_of(a, s, "record"),
      rows_of(a, s, "record_version"), rows_of(a, s, "batch"));
  print_keeping(a, v);
  if (v.blocked) fmt::print("{}\n", v.blocked->sentence(a.lang()));
  return done;
}

// ---- migrate

result<int> database_migrate(app& a, bool dry_run) {
  LIXIN_TRY(const auto where, a.conninfo());
  LIXIN_TRY(auto c, pg::connection::open(where));
  LIXIN_CHECK(keeping::check_not_restoring(c));
  const auto all = migrations();
  LIXIN_TRY(const auto pending, pg::pending_migrations(c, all));
  if (!dry_run) LIXIN_CHECK(pg::migrate(c, all));
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_object().member("dry_run", dry_run).key("migrations").begin_array();
    for (const auto& name : pending) json.string(name);
    json.end_array().member("schema", std::int64_t{all.back().number}).end_object();
    fmt::print("{}\n", out);
    return done;
  }
  if (pending.empty()) {
    a.print("库结构已是第 {} 版，无须升级。\n", "The schema is at {} already; nothing to do.\n",
            all.back().number);
    return done;
  }
  dry_run ? a.print("将依次升级：\n", "These would be done, in order:\n")
          : a.print("已升级：\n", "Done:\n");
  for (const auto& name : pending) fmt::print("  {}\n", name);
  return done;
}

// ---- backup

namespace {

void write_backup_json(text::json_writer& json, const keeping::backup& b) {
  json.begin_object()
      .member("folder", b.folder)
      .member("made_at", b.what.made_at)
      .member("made_by", b.what.made_by)
      .member("migration", std::int64_t{b.what.migration})
      .member("position", b.what.position.value)
      .member("sealed_at", b.what.sealed_at)
      .member("ledger_lines", b.what.ledger_lines)
      .member("bytes", b.what.bytes)
      .member("sm3", b.what.digest)
      .member("keys", "not included")
      .end_object();
}

// After what links on the way say, as far as the folders are there.
bool lies_in(const std::string& path, const std::string& folder) {
  std::error_code ec;
  const auto inner = std::filesystem::weakly_canonical(path, ec);
  const auto outer = std::filesystem::weakly_canonical(folder, ec);
  return std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end()).first == outer.end();
}

}  // namespace

result<int> database_backup(app& a, const backup_options& o) {
  if (o.prune && o.keep_days == 0 && o.keep == 0) return error(keeping::errc::prune_what);
  if (lies_in(o.folder, a.data_folder())) {
    return error(keeping::errc::backup_beside_data, {as_typed(o.folder), a.data_folder()});
  }
  LIXIN_TRY(const auto where, a.conninfo());
  LIXIN_TRY(pg::connection * db, a.database());
  // Made now where there was none, so that they can be kept apart from the first backup on.
  LIXIN_CHECK(a.keys());
  LIXIN_TRY(const auto made, keeping::make_backup(*db, {.conninfo = where,
                                                        .folder = o.folder,
                                                        .actor = a.actor(),
                                                        .program = program_version,
                                                        .now = a.now().now()}));
  LIXIN_TRY(const auto all, keeping::list_backups(o.folder));
  keeping::keep_rule rule;
  if (o.keep_days > 0) rule.days = static_cast<int>(o.keep_days);
  if (o.keep > 0) rule.count = static_cast<int>(o.keep);
  const auto old = keeping::too_old(all, rule, a.now().today());
  if (o.prune) {
    for (const auto& b : old) LIXIN_CHECK(keeping::remove_backup(b));
  }
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_object().key("backup");
    write_backup_json(json, made);
    json.member("removed", o.prune).key("too_old").begin_array();
    for (const auto& b : old) json.string(b.folder);
    json.end_array().end_object();
    fmt::print("{}\n", out);
    return done;
  }
  a.print(
      "备份完成：{}\n  日志到第 {} 号，库结构第 {} 版，{} 字节，SM3 {}\n"
      "  密钥文件 {}/keys 和清除台账 {} 不在备份中，请另行分开保存。\n",
      "Backup made: {}\n  up to position {} of the journal, schema {}, {} bytes, SM3 {}\n"
      "  The key file {}/keys and the ledger of purges {} are not in it: keep them apart from "
      "it.\n",
      made.folder, made.what.position.value, made.what.migration, grouped(made.what.bytes),
      made.what.digest, a.data_folder(), a.ledger_path());
  for (const auto& b : old) {
    o.prune ? a.print("  已删除超期备份 {}\n", "  removed, too old: {}\n", b.folder)
            : a.print("  超期，可加 --prune 删除：{}\n", "  too old, --prune would remove it: {}\n",
                      b.folder);
  }
  return done;
}

// ---- restore

namespace {

void print_restore_json(const keeping::restore_outcome& r) {
  std::string out;
  text::json_writer json(out, true);
  json.begin_object().key("backup");
  write_backup_json(json, r.from);
  json.member("position", r.from.what.position.value).key("lost_from");
  r.lost_through > r.from.what.position ? json.number(r.from.what.position.value + 1) : json.null();
  json.key("lost_through");
  r.lost_through > r.from.what.position ? json.number(r.lost_through.value) : json.null();
  write_text_or_null(json, "kept", r.kept);
  json.member("migrations", std::int64_t{r.migrated}).member("purged_again", r.replayed);
  write_text_or_null(json, "keys_missing", r.keys ? r.keys->code() : "");
  json.end_object();
  fmt::print("{}\n", out);
}

}  // namespace

result<int> database_restore(app& a, const restore_options& o) {
  LIXIN_TRY(const auto where, a.conninfo());
  // Not by keys(): the database is not to be asked yet, and no new keys may be made.
  std::error_code ec;
  if (!std::filesystem::exists(a.key_path(), ec)) {
    return error(vault::errc::keys_gone, {a.key_path()});
  }
  LIXIN_TRY(const auto file, crypto::key_file::open(a.key_path()));
  vault::vault persons(file);
  const auto all = migrations();
  LIXIN_TRY(const auto r, keeping::restore({.conninfo = where,
                                            .from = o.from,
                                            .ledger_path = a.ledger_path(),
                                            .actor = a.actor(),
                                            .replace = o.replace,
                                            .migrations = all},
                                           persons, a.now()));
  if (a.json()) {
    print_restore_json(r);
    return done;
  }
  const auto at = r.from.what.position.value;
  a.print("已恢复到日志第 {} 号（{}），来自 {}\n", "Restored up to position {} ({}) from {}\n", at,
          r.from.what.sealed_at, r.from.folder);
  if (r.lost_through.value > at) {
    a.print("  备份之后的变更（日志第 {} 至 {} 号）不在备份中，须重新报送或办理。\n",
            "  What came after the backup (positions {} to {}) is not in it: hand it in again.\n",
            at + 1, r.lost_through.value);
  } else {
    a.print("  日志第 {} 号起的变更不在备份中。\n",
            "  Changes from position {} on are not in the backup.\n", at + 1);
  }
  a.print("  按清除台账再次清除 {} 条；库结构升级 {} 步。\n",
          "  Purged again by the ledger: {}; migrations done: {}.\n", grouped(r.replayed),
          r.migrated);
  if (r.keys) fmt::print("  {}\n", r.keys->sentence(a.lang()));
  if (!r.kept.empty()) {
    a.print("  原有数据保留为 {}；核对无误后请运行 lixin db forget {}\n",
            "  What stood there is kept as {}; `lixin db forget {}` when it is no longer needed\n",
            r.kept, r.kept);
  }
  return done;
}

result<int> database_forget(app& a, const std::string& kept) {
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_CHECK(keeping::drop_kept(*db, as_typed(kept), a.actor(), a.now()));
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_object().member("dropped", kept).end_object();
    fmt::print("{}\n", out);
    return done;
  }
  a.print("已删除 {}\n", "Dropped: {}\n", kept);
  return done;
}

}  // namespace lixin
