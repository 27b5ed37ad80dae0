// Records and their versions: reading. Writing is in archive/import.h, archive/withdraw.h and
// archive/events.h; all of it goes through the journal.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/error.h"
#include "base/ids.h"
#include "catalogue/catalogue.h"
#include "catalogue/store.h"
#include "pg/pg.h"
#include "policy/policy.h"
#include "registry/links.h"
#include "text/json.h"

namespace lixin::archive {

// A record went from one subject to another, as one of the two has it.
struct record_move {
  std::int32_t version = 0;  // both places have the same
  bool is_from = false;      // it left this one
  subject_id other;
  registry::tie_source source;
};

// One version of one record with all that is known of it.
struct record_view {
  subject_id subject;
  record_id record;
  std::int32_t version = 0;
  position at;                             // of the journal
  std::string dataset;                     // code
  std::string authority, authority_title;  // code and title of the source
  std::string document;
  std::int32_t party_ordinal = 1;
  batch_id batch;
  std::uint64_t row_number = 0;
  std::string pack, pack_version;  // that checked it
  date handed_in_on;
  bool late = false;
  bool name_differs = false;  // from the registered name at hand-in
  bool class_by_rule = false, class_handed_in = false;
  text::string_map content;  // short code -> canonical value; none when facts.content_ended
  policy::record_facts facts;
  bool replaced_since = false;  // a later version is known by now
  policy::record_change newest_change = policy::record_change::accepted;  // how that one came
  std::vector<record_move> moves;  // up to this version, oldest first
  bool parted = false;             // of a duplicate that is none any more: see mark_parted()

  // The move by which this version is no longer here; null when it is.
  const record_move* went() const;
  // The last move that brought the record here, null when it came by a hand-in. Told to those who
  // may see the record at the place that it left (left_behind()).
  const record_move* came() const;
  std::string_view value(std::string_view short_code) const;  // "" when absent
};

// All records of a subject as Lixin knew them at `known_at`: for each record the version that stood
// then (events are all events up to now: policy chooses). Order: dataset, decided_on descending,
// record id.
result<std::vector<record_view>> records_of(pg::connection& c, catalogue::store& packs,
                                            subject_id id, position known_at);

// The records of all members of a group, in the same order.
result<std::vector<record_view>> records_of(pg::connection& c, catalogue::store& packs,
                                            const std::vector<subject_id>& members,
                                            position known_at);
result<std::vector<record_view>> history_of(pg::connection& c, catalogue::store& packs,
                                            const std::vector<subject_id>& members,
                                            position known_at);

// Marks the records of subjects that are not in the group now: in a view of the time when they
// were, they are seen only by those who may see what was moved to somebody else.
void mark_parted(std::vector<record_view>& views, const registry::alias_group& now);

// The facts of the record at a place that it left: who may see them may know where it went.
policy::record_facts left_behind(const record_view& v);

// Of many subjects at once, for whoever keeps a copy of the city: the newest version of each of
// their records of the named datasets, in the order of records_of() within a subject. What stands
// at the connection's snapshot is what stands at the journal's head. Either the subjects from
// `first` to before `end`, or those of the list.
struct subject_set {
  subject_id first, end;
  std::vector<std::int64_t> list;  // when not empty, first and end say nothing
};
result<std::vector<record_view>> standing_of(pg::connection& c, catalogue::store& packs,
                                             const subject_set& of,
                                             const std::vector<std::string>& datasets);

// The facts by which policy says who may see the version now, in whatever view of the past: one
// that was corrected, withdrawn, moved or parted since does not stand any more.
policy::record_facts facts_now(const record_view& v);

// Every version of every record of a subject up to `known_at`, oldest first.
result<std::vector<record_view>> history_of(pg::connection& c, catalogue::store& packs,
                                            subject_id id, position known_at);

// A record is named "<subject>-<record>" outside ("1203-88412"), so that finding it asks one
// subject.
struct record_name {
  subject_id subject;
  record_id record;
};
std::string to_string(const record_name& n);
result<record_name> parse_record_name(std::string_view text);

// The newest version of each of these records, in order of subject and record; what is not there is
// left out.
result<std::vector<record_view>> newest_of(pg::connection& c, catalogue::store& packs,
                                           std::span<const record_name> names);

// The facts that a content alone tells (a row that never was a version of a record); the class is
// that of the terms.
policy::record_facts facts_of_content(const catalogue::dataset& d, const text::string_map& content);

// The newest version of one record; errc::no_such_record when there is none.
result<record_view> find_record(pg::connection& c, catalogue::store& packs, const record_name& n);

// errc::record_moved, which says where the record is to be found.
error moved_to(const record_name& n, const record_move& went);

}  // namespace lixin::archive
