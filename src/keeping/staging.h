// What a purge does beside records: sealed rows, and what refused and pending rows kept. Private to
// keeping.
#pragma once

#include <map>
#include <vector>

#include "keeping/purge_chunk.h"

namespace lixin::keeping {

// Opens up to `limit` sealed rows whose day is not known under the rules in force and keeps it
// beside them. A row that no key opens stays and is counted. Answers how many rows it looked at.
result<std::int64_t> date_sealed(const archive::import_context& x, position known_at, int limit,
                                 std::int64_t& unreadable);

// Rows (all versions of one document together) whose day has come, up to `limit` documents.
result<std::map<source, std::vector<sealed_target>>> due_sealed(const archive::import_context& x,
                                                                position known_at, int limit);
result<std::int64_t> count_due_sealed(const archive::import_context& x);

// Empties what refused and pending rows of hand-ins older than `days` kept. Answers the rows.
result<std::int64_t> empty_staging(const archive::import_context& x, int days, bool dry_run);

}  // namespace lixin::keeping
