// From records to an answer, still pure: leaves out what the caller may not see at the day of
// asking, evaluates the rest, and writes down of each entry what the caller may see. Thread-safe.
#pragma once

#include <span>
#include <vector>

#include "archive/archive.h"
#include "catalogue/catalogue.h"
#include "measure/answer.h"
#include "policy/policy.h"

namespace lixin::measure {

struct composition {
  catalogue::subject_kind kind = catalogue::subject_kind::enterprise;
  // Versions that stood at `asked_at` decide what may be seen; those at `known_at` make the answer.
  // The same when the question names no position.
  std::span<const archive::record_view> current, then;
  const catalogue::catalogue* packs_now = nullptr;  // in force at asked_on: disclosure
  const catalogue::catalogue* packs = nullptr;      // in force at as_of: measures and lists
  const catalogue::matter* matter = nullptr;
  date as_of, asked_on;
  position known_at, asked_at;
  policy::caller caller;
};

// Whether the record may be seen by the caller on a day, by events known at a position.
bool visible(const archive::record_view& current, const catalogue::catalogue& packs,
             const policy::caller& caller, date on, position known_at);

// Sets outcome, measures and entries of `a`; answers the records that are cited.
std::vector<record_id> compose(const composition& in, answer& a);

}  // namespace lixin::measure
