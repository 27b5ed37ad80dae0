// Backups: a folder of its own for each, with PostgreSQL's dump of everything that Lixin keeps and
// a manifest that says what it is. Made beside its name and moved there whole, so what has the name
// of a backup is one. The key file is NOT in it: a backup alone opens nothing of the vault, and the
// keys are kept apart. Backups hold content whose retention ends later, so they have an age.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/error.h"
#include "base/ids.h"
#include "pg/pg.h"

namespace lixin::keeping {

struct manifest {
  std::string made_at, made_by, program, server;
  int server_major = 0;
  int migration = 0;
  lixin::position position;  // of the journal: what came after it is not in the backup
  std::string sealed_at;
  std::int64_t ledger_lines = 0;  // of the ledger of purges, that had taken effect
  std::int64_t bytes = 0;         // of the dump
  std::string digest;             // SM3 of the dump, hex
  std::string key_mark;           // vault/key_mark.h; "" = made before keys were used or marked
};

struct backup {
  std::string folder;
  manifest what;
};

struct backup_request {
  std::string conninfo, folder, actor, program;
  std::chrono::system_clock::time_point now;
};
// Reads through one snapshot while hand-ins go on. When it fails nothing is left of it.
result<backup> make_backup(pg::connection& c, const backup_request& r);

// The backups in a folder, newest first. What is no backup is passed over.
result<std::vector<backup>> list_backups(const std::string& folder);
// errc::not_a_backup or errc::backup_damaged unless manifest and dump are as they were written.
result<backup> open_backup(const std::string& folder);

// Those of `all` (newest first) that are over the age or the number to keep; never the newest.
struct keep_rule {
  std::optional<int> days, count;
};
std::vector<backup> too_old(const std::vector<backup>& all, const keep_rule& rule, date today);
result<void> remove_backup(const backup& b);

inline constexpr const char* manifest_name = "manifest.json";
inline constexpr const char* dump_name = "lixin.dump";

}  // namespace lixin::keeping
