// Status, terms and who may see what, as pure functions: no database, no clock but the dates given.
// Nothing here is stored and nothing is flipped by a job, so there is no stale flag to forget.
// Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/error.h"
#include "base/ids.h"
#include "catalogue/catalogue.h"
#include "catalogue/row_check.h"

namespace lixin::policy {

// How a version of a record came to stand.
enum class record_change : std::uint8_t {
  accepted = 1,  // first hand-in
  corrected,     // the same document with other content
  restored,      // a batch was withdrawn and this content stood before
  withdrawn,     // a batch was withdrawn and nothing stood before
  moved,         // rebound to another subject: it is no longer here
  arrived,       // rebound from another subject: it stands here with what stood there
};

enum class event_kind : std::uint8_t { dispute = 1, dispute_settled, repair, withdraw };
std::string_view code_of(event_kind k);  // "dispute" "dispute-settled" "repair" "withdraw"
std::string_view title_zh(event_kind k);
std::string_view title_en(event_kind k);

// What happened to a record after it was handed in. Each has its source.
struct record_event {
  event_kind kind = event_kind::dispute;
  position at;       // of the journal
  date happened_on;  // when the deciding body says it took effect
  std::string document, authority, actor, reason;
};

// All that policy needs to know of one version of one record.
struct record_facts {
  record_change change = record_change::accepted;
  bool superseded = false;  // a later version was known at the position asked for
  std::optional<date> decided_on, valid_from, valid_to, published_until;
  std::optional<date> notified_on, effective_on, ended_on;
  bool has_remedy = false;  // the remedy text is there
  catalogue::publicity_class publicity = catalogue::publicity_class::none;
  bool class_provisional = false;
  bool content_ended = false;        // purged: nothing but its dates is known any more
  std::vector<record_event> events;  // all, in order of position
};

enum class record_status : std::uint8_t {
  in_force = 1,
  not_yet,
  expired,
  withdrawn,
  corrected,
  repaired,
  disputed,
};
std::string_view code_of(record_status s);
std::string_view title_zh(record_status s);
std::string_view title_en(record_status s);

// In the order withdrawn, corrected (superseded), repaired, expired, not yet, disputed, in force:
// the first that holds at `as_of`, counting events that were known at `known_at` and had happened
// by `as_of`. A dispute stands until it is settled; a disputed record stays in force in law, the
// status marks it. Of a purged record no more is known than that it is over: it counts as expired.
record_status status_of(const record_facts& r, date as_of, position known_at);

// How long the record is public: from decided_on for the months of its class (a provisional class:
// the minimum); a handed-in published_until, the end of a list entry, a repair or a withdrawal
// shorten it, nothing lengthens it. `now` is the dataset in the pack version in force at the real
// today, `then` the one in force at decided_on (null: the same): the shorter of the two holds.
struct publicity {
  bool published = false;           // ever; false for minor classes and unpublished datasets
  std::optional<date> until;        // last day; none = no end
  std::optional<date> repair_from;  // first day on which repair may be asked (minimum term)
  const catalogue::term* rule = nullptr;
  bool provisional = false;
};
publicity publicity_of(const record_facts& r, const catalogue::dataset& now,
                       const catalogue::dataset* then = nullptr);

// When the content must be gone: retention months after the publicity (or effect) ended; none = no
// end.
std::optional<date> purge_date(const record_facts& r, const catalogue::dataset& now);

// An entry without valid_to ends with the list's own term, counted from its effect date: the last
// day is the same day of the month `term_months` on (Civil Code art. 201 and 202: the first day is
// not counted). 0 changes nothing. Give the facts so completed to the functions above and below.
record_facts with_list_term(record_facts r, int term_months);

// Why an adverse list entry has no effect in a check; none = it has effect: remedy
// comes before effect.
enum class no_effect : std::uint8_t { none, no_notice, no_effect_date, no_remedy, not_yet, ended };
std::string_view code_of(no_effect n);
no_effect effect_of(const record_facts& r, date as_of, position known_at);

enum class caller_kind : std::uint8_t {
  everyone,
  subject_itself,
  consent_holder,
  source_authority,
  sharing_group,
  centre,
  auditor,
  admin,
};
std::string_view code_of(caller_kind k);
std::string_view title_zh(caller_kind k);
std::string_view title_en(caller_kind k);
std::optional<caller_kind> caller_named(std::string_view code);
struct caller {
  caller_kind kind = caller_kind::everyone;
  // source_authority: the authority's code; sharing_group: the group's code as datasets name it.
  // An authority that is not the record's source, or a group that the dataset does not name, sees
  // what everyone sees.
  std::string authority;
};

// visible = the strictest of dataset, field, publicity class, and status at the REAL today for the
// real caller; as_of and known_at only choose among what may be seen now. `source` is the record's
// authority.
//
//   disclosure, the       every-  consent  sharing  source     subject  centre  auditor  admin
//   stricter of dataset   one     holder   group    authority  itself
//   and field
//   public                stands  stands   stands   yes        yes      yes     -        -
//   shared                -       -        stands   yes        yes      yes     -        -
//   consent               -       stands   -        yes        yes      yes     -        -
//   source                -       -        -        yes        yes      yes     -        -
//   hidden                -       -        -        -          -        -       -        -
//
// "stands": not purged, withdrawn, corrected, moved or repaired; its list entry not ended; its
// publicity class has a term and the term is not over; and an adverse list entry has effect
// (notice, effect date and remedy are there). A record that does not stand is not visible to these
// callers in any view of the past either. What Lixin holds about a subject is not kept from it (but
// a record that was moved to someone else is). The auditor learns that there is a record
// (may_see_record) and no field of it; an admin learns nothing. Fields `discard` and
// `person_number` are shown to nobody; of an individual business everyone sees no person's name and
// no address, whatever the dataset says.
bool may_see_record(const record_facts& r, const catalogue::dataset& d, std::string_view source,
                    const caller& who, date real_today);
bool may_see_field(const catalogue::dataset& d, const catalogue::field& f, std::string_view source,
                   catalogue::subject_kind kind, const caller& who);

}  // namespace lixin::policy
