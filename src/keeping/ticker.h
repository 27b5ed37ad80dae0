// The ticker tells what dates have brought about: for each record whose publicity, effect or
// retention ended since the last run it appends a row to the journal, so that followers and people
// learn of it. Status is computed from dates whether it runs or not; it is never the source of
// truth.
//
// Idempotent: an end is told once, in one transaction with the row that remembers it, so two
// tickers at once, a run that was stopped and a clock that was set back tell nothing twice. After a
// downtime the next run tells all days that were missed.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "archive/import.h"
#include "base/date.h"
#include "base/error.h"

namespace lixin::keeping {

struct tick_outcome {
  std::optional<date> from;  // the first day that was told; none: nothing was left to tell
  date through;              // everything up to this day is told now
  std::int64_t publicity = 0, effect = 0, retention = 0;  // rows appended
  bool whole = false;  // rules changed since the last run: every record was looked at
};

result<tick_outcome> tick(const archive::import_context& context, const std::string& actor);

// Days up to which ends were told; none: never.
result<std::optional<date>> told_through(pg::connection& c);

}  // namespace lixin::keeping
