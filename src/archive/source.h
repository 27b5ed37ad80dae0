// Who says so, for everything that happens to records and subjects after the hand-in: the texts are
// there and hold no person's number, the authority is known, the day has come, a second person
// stands beside the first where it takes two. Private to the archive.
#pragma once

#include <string>
#include <vector>

#include "archive/archive.h"
#include "base/date.h"
#include "base/error.h"
#include "base/ids.h"
#include "catalogue/catalogue.h"
#include "pg/pg.h"
#include "registry/links.h"

namespace lixin::archive {

// errc::reason_missing, errc::personal_number_in_text, errc::event_in_future.
result<void> require_source(const registry::tie_source& s, date today);

// errc::authority_unknown.
result<authority_id> number_of_authority(pg::connection& c, const std::string& code);

// What follows a record comes one after the other, and not while a hand-in or a withdrawal of its
// source changes it.
result<void> lock_record(pg::connection& c, const record_name& n);

// Whether a record of the dataset is an entry of an adverse list: who is barred changes with it.
bool is_adverse_entry(const catalogue::catalogue& packs, std::string_view dataset);

// Where it takes two persons: errc::second_person_missing, errc::second_person_same.
result<void> require_second(const registry::tie_source& s, bool needed);

// The dataset in force now; of a pack that has given it up, as it was when the record was checked.
const catalogue::dataset* dataset_of(catalogue::store& packs, const record_view& v, date today,
                                     position known_at);

}  // namespace lixin::archive
