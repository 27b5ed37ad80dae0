// One transaction of a purge. Private to keeping.
#pragma once

#include <vector>

#include "archive/archive.h"
#include "archive/import.h"
#include "base/date.h"
#include "base/error.h"
#include "base/ids.h"
#include "keeping/ledger.h"

namespace lixin::keeping {

// A purge as it goes from chunk to chunk. `book` gets the lines of what is due before each commit;
// of a replay it is null.
struct purge_run {
  const archive::import_context& context;
  std::string actor;
  ledger* book = nullptr;
};

// Everyone who writes records of one dataset and authority holds the same lock.
struct source {
  dataset_id dataset;
  authority_id authority;
  auto operator<=>(const source&) const = default;
};

struct record_target {
  archive::record_name name;
  std::string expected_digest;  // of a replay: 32 bytes; another document is another record
  date due_on;                  // of a replay
};

// Purges those of the records that are due today (of a replay: that the ledger means) and stand
// here with content. Answers how many were purged.
result<std::int64_t> purge_records(const purge_run& run, const source& from,
                                   const std::vector<record_target>& targets);

struct sealed_target {
  std::int64_t sealed_id = 0;
  std::string key_digest;       // of the vault
  std::string document_digest;  // of the ledger
  date due_on;
};
result<std::int64_t> purge_sealed(const purge_run& run, const source& from,
                                  const std::vector<sealed_target>& targets);

// "\x..." for $n::bytea[]
std::string bytea_text(std::string_view bytes);

}  // namespace lixin::keeping
