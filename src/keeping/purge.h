// Purge: when retention ends the content goes. What stays is that a record was there and its dates;
// its digests become HMACs under a random key that nobody keeps, and its document is known again by
// a keyed digest, so that it cannot come back by another hand-in. Sealed rows of persons go whole,
// and what refused and pending rows kept goes after the city's term for staging.
//
// The ledger outside the database is written, and is on the disk, before the database commits: a
// stop in between purges the same again and never leaves out what was said to be gone. Chunks
// commit one by one under the lock of their source, so hand-ins go on beside it and a stopped purge
// goes on where it was. One purge at a time; another one is errc::already_purging.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "archive/import.h"
#include "base/error.h"
#include "keeping/ledger.h"
#include "pg/pg.h"

namespace lixin::keeping {

// How long what was kept of refused and pending rows stays where the city says nothing.
inline constexpr int staging_days_usual = 365;
inline constexpr const char* staging_days_setting = "staging_days";

struct purge_outcome {
  std::map<std::string, std::int64_t> records;  // by dataset; with dry_run those that are due
  std::int64_t sealed = 0;                      // rows of the vault
  std::int64_t unreadable = 0;                  // of these: no key opens them, they stay
  std::int64_t staging_rows = 0;
  std::int64_t replayed = 0;  // records and rows that the ledger named and that stood here
  bool whole = false;         // rules changed since the last purge: every record was looked at
  int staging_days = staging_days_usual;
  std::int64_t record_count() const;
};

// Purges what is due today by the pack versions in force. `progress` gets the records done so far.
result<purge_outcome> purge_due(const archive::import_context& context, const std::string& actor,
                                const std::string& ledger_path, bool dry_run,
                                const std::function<void(std::int64_t)>& progress);

// Brings the database up to the ledger: what is named there and still stands here goes.
result<purge_outcome> replay_ledger(const archive::import_context& context,
                                    const std::string& actor, const std::string& ledger_path);

// Writes the tables anew that held what was purged: until then, or until PostgreSQL uses their
// room again, the old forms of the rows lie unreachable in the tables' files. Locks each table.
result<void> rewrite_tables(pg::connection& c);

// What a database that was restored, or whose last purge was stopped, must go through before it
// answers: errc::restoring, errc::replay_needed or nothing.
result<void> check_not_restoring(pg::connection& c);
result<void> check_ledger(pg::connection& c, const std::string& ledger_path);
// errc::database_empty where nothing stands and the ledger names what was purged: the database was
// lost, and only a backup brings it back. check_ledger() asks this first.
result<void> check_not_empty(pg::connection& c, const std::string& ledger_path);

}  // namespace lixin::keeping
