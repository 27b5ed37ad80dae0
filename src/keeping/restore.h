// Restore: a backup takes the place of what stands in the database, and does not answer before the
// ledger of purges was replayed over it. A schema `lixin_restoring` is the mark: while it is there
// every command refuses (check_not_restoring). What stood before is kept under another name until
// the operator drops it. A restore that was stopped is done again from its beginning.
//
// Numbers go on far behind the last one of the backup, so that none that was given out after it is
// given out again for something else (records, batches, pack versions). Positions of the journal
// are dense and do begin again behind the backup: followers start anew from it.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/error.h"
#include "base/ids.h"
#include "keeping/backup.h"
#include "pg/pg.h"
#include "vault/vault.h"

namespace lixin::keeping {

struct restore_request {
  std::string conninfo, from, ledger_path, actor;
  bool replace = false;  // of a database that holds data: keep it under another name
  std::span<const pg::migration> migrations;
};

struct restore_outcome {
  backup from;
  std::string kept;              // the schema that holds what stood there before; "" = nothing did
  lixin::position lost_through;  // the head of what stood there: (backup's, this] is lost; 0: none
  int migrated = 0;              // migrations that the backup did not have yet
  std::int64_t replayed = 0;     // records and sealed rows that were purged since the backup
  std::optional<error> keys;     // the file lacks keys of the rows that came back
};

// errc::keys_of_another unless the vault has the key file of the backup; errc::restore_running,
// ledger_broken, ledger_behind, not_empty, backup_newer and those of open_backup().
result<restore_outcome> restore(const restore_request& r, vault::vault& persons, const clock& now);

// What restores kept, oldest first, and giving one up.
struct kept_schema {
  std::string name;
  std::int64_t bytes = 0;
};
result<std::vector<kept_schema>> kept_schemas(pg::connection& c);
result<void> drop_kept(pg::connection& c, const std::string& name, const std::string& actor,
                       const clock& now);

}  // namespace lixin::keeping
