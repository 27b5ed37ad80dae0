// Versions made of an earlier version of the same record: what a withdrawal takes down or restores.
// Private to the archive.
#pragma once

#include <cstdint>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "pg/pg.h"
#include "policy/policy.h"

namespace lixin::archive {

struct version_copies {
  std::vector<std::int64_t> subjects, records, numbers, places, sources, changes, positions;
  // `place` is where the source stands, for a record that went from subject to subject.
  void add(subject_id subject, record_id record, std::int32_t number, subject_id place,
           std::int32_t source, policy::record_change change, std::int64_t position);
};

// Inside the caller's transaction. A copy keeps the batch and row that its source first came from,
// so that withdrawing that batch reaches it too.
result<void> append(pg::connection& c, const version_copies& copies);

}  // namespace lixin::archive
