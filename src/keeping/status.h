// What an operator looks at. Cheap at any size: large tables are not counted, PostgreSQL's own
// estimate stands for them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/error.h"
#include "keeping/restore.h"
#include "pg/pg.h"

namespace lixin::keeping {

struct table_size {
  std::string name;
  std::int64_t rows = 0;
  bool exact = true;  // else PostgreSQL's estimate
  std::int64_t bytes = 0;
};

struct database_state {
  std::int64_t migration = 0, bytes = 0;
  std::string server;
  std::vector<table_size> tables;    // subject, record, record_version, batch, journal
  std::optional<std::int64_t> due;   // told to have ended and not purged; none: too many to count
  std::int64_t purged = 0;           // records, exact or estimated as above
  std::string purged_at, ticked_at;  // of the last runs, UTC; "" = never
  std::optional<date> told_through;
  std::int64_t ledger_lines = 0;         // that the database knows
  std::string backup_at, backup_folder;  // the last one; "" = none
  std::int64_t backup_position = 0;
  std::vector<kept_schema> kept;
};
// `today`: what the ticker told to end by then counts as due.
result<database_state> state_of(pg::connection& c, date today);

}  // namespace lixin::keeping
