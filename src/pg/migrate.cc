// Numbered SQL files, each landed once. The table lixin.migration keeps what ran with its digest.
#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "crypto/crypto.h"
#include "pg/errc.h"
#include "pg/pg.h"

namespace lixin::pg {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t file_bytes_max = 4 * 1024 * 1024;
constexpr std::size_t files_max = 9999;
constexpr std::int64_t lock_key = 0x6c6978696e2e6d67;  // "lixin.mg"

// NNNN_what.sql
std::optional<int> number_in(std::string_view name) {
  constexpr std::size_t digits = 4;
  if (name.size() < digits + 6 || name[digits] != '_' || !name.ends_with(".sql"))
    return std::nullopt;
  const std::string_view what = name.substr(digits + 1, name.size() - digits - 5);
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  if (!std::all_of(what.begin(), what.end(), fits)) return std::nullopt;
  int number = 0;
  const auto [end, failure] = std::from_chars(name.data(), name.data() + digits, number);
  if (failure != std::errc() || end != name.data() + digits || number < 1) return std::nullopt;
  return number;
}

result<std::string> content_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string out;
  char piece[65536];
  while (in.read(piece, sizeof piece), in.gcount() > 0) {
    out.append(piece, static_cast<std::size_t>(in.gcount()));
    if (out.size() > file_bytes_max)
      return error(errc::migration_unreadable, {path.string(), std::strerror(EFBIG)});
  }
  if (!in.eof()) return error(errc::migration_unreadable, {path.string(), std::strerror(EIO)});
  return out;
}

result<void> check_order(std::span<const migration> all) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].number != static_cast<int>(i) + 1)
      return error(errc::migration_gap, {std::to_string(i + 1), all[i].name});
  }
  return {};
}

// What the database ran must be the beginning of `all`, byte for byte. Answers how many ran.
result<std::size_t> check_landed(connection& c, std::span<const migration> all) {
  LIXIN_TRY(const rows landed,
            c.exec("select number, name, digest from lixin.migration order by number"));
  for (int i = 0; i < landed.size(); ++i) {
    const auto number = landed.int64(i, 0);
    const std::string name(landed.text(i, 1));
    if (number != i + 1) return error(errc::migration_gap, {std::to_string(i + 1), name});
    const auto index = static_cast<std::size_t>(i);
    if (index >= all.size()) {
      return error(errc::database_newer,
                   {std::string(landed.text(landed.size() - 1, 0)), std::to_string(all.size())});
    }
    if (landed.bytes(i, 2) != crypto::bytes(crypto::sm3(all[index].sql)))
      return error(errc::migration_changed, {all[index].name});
  }
  return static_cast<std::size_t>(landed.size());
}

result<void> land(connection& c, const migration& m) {
  LIXIN_TRY(transaction t, transaction::begin(c));
  // A change of a large table may take longer than a statement of the daily work.
  LIXIN_CHECK(c.script("set local statement_timeout to 0"));
  if (auto done = c.script(m.sql); !done.ok())
    return std::move(done).error().at({m.name, {}, 0, {}});
  if (PQtransactionStatus(c.raw()) != PQTRANS_INTRANS)
    return error(errc::migration_ends_transaction, {m.name});
  const crypto::digest digest = crypto::sm3(m.sql);
  LIXIN_CHECK(
      c.exec("insert into lixin.migration (number, name, digest, applied_at) "
             "values ($1::int, $2::text, $3::bytea, clock_timestamp())",
             params().add(m.number).add(m.name).add_bytes(crypto::bytes(digest))));
  return t.commit();
}

result<int> migrate_locked(connection& c, std::span<const migration> all) {
  LIXIN_CHECK(
      c.script("create schema if not exists lixin; "
               "create table if not exists lixin.migration ("
               "number int primary key, name text not null, digest bytea not null, "
               "applied_at timestamptz not null); "
               "comment on table lixin.migration is 'class: local'"));
  LIXIN_TRY(const std::size_t landed, check_landed(c, all));
  int applied = 0;
  for (const migration& m : all.subspan(landed)) {
    LIXIN_CHECK(land(c, m));
    ++applied;
  }
  return applied;
}

}  // namespace

result<std::vector<migration>> migrations_in(const std::string& folder) {
  std::vector<migration> out;
  std::error_code failed;
  fs::directory_iterator entry(folder, failed);
  for (; !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
    const fs::path& path = entry->path();
    if (path.extension() != ".sql") continue;
    const std::string name = path.filename().string();
    const auto number = number_in(name);
    if (!number || out.size() >= files_max) return error(errc::migration_name, {name});
    LIXIN_TRY(std::string sql, content_of(path));
    out.push_back({*number, name, std::move(sql)});
  }
  if (failed) return error(errc::migration_unreadable, {folder, failed.message()});
  std::sort(out.begin(), out.end(), [](const migration& a, const migration& b) {
    return std::tie(a.number, a.name) < std::tie(b.number, b.name);
  });
  LIXIN_CHECK(check_order(out));
  return out;
}

result<std::vector<std::string>> pending_migrations(connection& c, std::span<const migration> all) {
  LIXIN_CHECK(check_order(all));
  LIXIN_TRY(const rows there, c.exec("select to_regclass('lixin.migration') is not null"));
  std::size_t landed = 0;
  if (there.boolean(0, 0)) {
    LIXIN_TRY(landed, check_landed(c, all));
  }
  std::vector<std::string> out;
  for (const migration& m : all.subspan(landed)) out.push_back(m.name);
  return out;
}

result<int> migrate(connection& c, std::span<const migration> all) {
  LIXIN_CHECK(check_order(all));
  // Two programs that start at once: the second waits (lock_timeout bounds it) and finds all done.
  LIXIN_CHECK(c.exec("select pg_advisory_lock($1::bigint)", params().add(lock_key)));
  auto out = migrate_locked(c, all);
  // A lost connection has let go of it by itself; no other failure is possible.
  static_cast<void>(c.exec("select pg_advisory_unlock($1::bigint)", params().add(lock_key)));
  return out;
}

}  // namespace lixin::pg
