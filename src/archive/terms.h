// The ends by date of a record by the rules in force: what followers are told and a purge obeys.
// Pure but for the store, which belongs to one thread.
#pragma once

#include <optional>

#include "archive/archive.h"
#include "base/date.h"
#include "base/ids.h"
#include "catalogue/catalogue.h"
#include "catalogue/store.h"

namespace lixin::archive {

// The facts with the end that a list gives: an entry without an end of its own has that of the
// shortest of its lists, as at hand-in.
policy::record_facts with_list_end(const record_view& v, const catalogue::catalogue& packs);

struct ends {
  std::optional<date> public_until;     // last day; none = no end, or never published
  std::optional<date> effective_until;  // last day
  std::optional<date> purge_at;         // first day on which the content must be gone
};
// By the rules of `packs` and their dataset `d`.
ends ends_by(const catalogue::catalogue& packs, const catalogue::dataset& d, const record_view& v);
// By those in force on `today`, as loaded at `known_at`.
ends ends_of(catalogue::store& packs, const record_view& v, date today, position known_at);

}  // namespace lixin::archive
