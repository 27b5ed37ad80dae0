// The pure heart of a check: which measures of a matter meet a subject, by which entries. No
// database, no clock, no caller; what the caller may not see has been left out of `records` before.
// The same arguments always give the same answer, so an image in memory can use it as well as the
// database. Thread-safe. The answer points into `records` and `packs` and must not outlive them.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "archive/archive.h"
#include "catalogue/catalogue.h"
#include "policy/policy.h"

namespace lixin::measure {

// One list entry as it stands at the date asked for.
struct evidence {
  const archive::record_view* record = nullptr;
  const catalogue::dataset* dataset = nullptr;
  const catalogue::list* list = nullptr;
  std::optional<date> from;   // effect date, else the start of validity, else the decision
  std::optional<date> until;  // last day; none = no end
  bool disputed = false;
};

struct applied_measure {
  const catalogue::measure* what = nullptr;
  std::vector<evidence> entries;  // never empty; in the order of `records`
};

// An entry that would carry a measure if nothing were missing: remedy before effect.
struct ineffective_entry {
  evidence entry;
  policy::no_effect reason = policy::no_effect::none;
};

struct evaluation {
  std::vector<applied_measure> measures;  // heaviest effect first, then as the packs have them
  std::vector<ineffective_entry> without_effect;  // each entry once
  // The heaviest effect in force; none when nothing but benefits applies.
  std::optional<catalogue::effect> heaviest;
};

// A kind that a measure does not name is not met by it. An adverse entry has effect from notice,
// effect date and remedy on; a disputed one stays in force and is marked. An entry without an end
// of its own ends with its list's term. What has ended is left out altogether.
evaluation evaluate(catalogue::subject_kind kind, std::span<const archive::record_view> records,
                    const catalogue::catalogue& packs, const catalogue::matter& matter, date as_of,
                    position known_at);

// The facts of a record with the list's own term filled in (policy::with_list_term); of several
// lists of its dataset the shortest term counts.
policy::record_facts completed_facts(const archive::record_view& r,
                                     const catalogue::catalogue& packs);

}  // namespace lixin::measure
