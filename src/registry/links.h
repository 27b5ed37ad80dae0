// Ties between subjects: a duplicate registration (alias), what became of a company (succession).
// Every tie and every end of one is an event under both subjects; what stands at a position follows
// from the events up to it, so past views stay as they were. An alias is one deep: a main subject
// and its duplicates are a group, whose archives are read as one. A succession is a relation to
// show and nothing else: archives stay apart. Reads and writes inside the caller's transaction.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/error.h"
#include "base/ids.h"
#include "pg/pg.h"

namespace lixin::registry {

inline constexpr std::size_t duplicates_max = 100;  // of one subject

// Numbers are stored: add, never change.
enum class link_kind : std::int16_t { alias = 1, alias_ended, succession, succession_ended };
enum class succession_form : std::int16_t { none = 0, merger, division };
std::string_view code_of(link_kind k);  // "alias" "alias-ended" ...
std::string_view code_of(succession_form f);
std::string_view title_zh(succession_form f);
std::string_view title_en(succession_form f);
std::optional<succession_form> form_named(std::string_view code);

// Who says so. `approved_by` is the second person, "" where none is needed.
struct tie_source {
  date happened_on;
  std::string document, authority;  // authority: its code
  std::string actor, approved_by, reason;
};

// As one of the two subjects has it.
struct link {
  std::int32_t number = 0;
  position at;
  link_kind kind = link_kind::alias;
  bool is_from = false;  // this subject is the duplicate, or was merged or divided
  subject_id other;
  succession_form form = succession_form::none;
  tie_source source;
};
// All events of a subject up to a position, oldest first.
result<std::vector<link>> links_of(pg::connection& c, subject_id id, position known_at);

// The successions that stand after these events, oldest first.
std::vector<link> successions_in(const std::vector<link>& links);

// A main subject and its duplicates, by id. A subject without ties is a group of its own.
struct alias_group {
  subject_id main;
  std::vector<subject_id> duplicates;

  std::vector<subject_id> members() const;  // the main subject first
  bool holds(subject_id id) const;
};
result<alias_group> group_of(pg::connection& c, subject_id id, position known_at);

// ---- writing

// Everyone who changes a tie holds this to the end of the transaction: the lock of the registry and
// that of the ties. A hand-in shares the latter for each chunk, so that no tie changes under it.
result<void> lock_links(pg::connection& c);
result<void> share_links(pg::connection& c);
// The position of the last change of any tie, 0 for none: whoever remembers subjects compares it.
result<position> last_link(pg::connection& c);

struct link_request {
  link_kind kind = link_kind::alias;
  subject_id from, to;
  succession_form form = succession_form::none;
  tie_source source;
};
// Under lock_links(): whether the rules let the event follow what stands. Answers the position of
// the event that says the same already, none when it has still to be written. Refused: a subject
// tied to itself, an alias of an alias or of a subject that has duplicates of its own, two kinds of
// subject, the end of what does not stand, a succession within one group or against another one.
result<std::optional<position>> check_link(pg::connection& c, const link_request& r);
// Appends what check_link() let through; `authority` is the number of r.source.authority. Takes the
// journal's head: call it last.
result<position> write_link(pg::connection& c, const link_request& r, authority_id authority,
                            std::chrono::system_clock::time_point now);

}  // namespace lixin::registry
