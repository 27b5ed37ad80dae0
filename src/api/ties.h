// What an archive says beside its records: duplicates, successions, and where records went or came
// from. Who may see a move is decided here by policy.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "archive/archive.h"
#include "base/date.h"
#include "base/error.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "text/json.h"

namespace lixin::api {

struct ties {
  std::map<subject_id, registry::link> aliases;  // by duplicate: what made it one
  // All of the group, oldest first.
  std::vector<std::pair<subject_id, registry::link>> events;
  // Of the group, at the position and date asked about.
  std::vector<registry::link> successions;
  std::map<subject_id, registry::subject> others;  // whom those and the moves name
};

// `records` are those that will be shown.
result<ties> ties_of(pg::connection& c, const registry::subject_file& subject, date as_of,
                     position known_at, const std::vector<archive::record_view>& records);

// Members of the subject's JSON object: asked_by, duplicates, successions. `in_full`: with who
// acted and why, which is for the centre.
void write_ties(text::json_writer& json, const registry::subject_file& subject, const ties& t,
                bool in_full);
// Every tie and every end of one, also of those that stand no more: for the centre's history.
void write_events(text::json_writer& json, const ties& t);

// Whether this caller is told where a record that stands here came from: only who may see it at the
// place that it left.
bool may_see_origin(const archive::record_view& r, const catalogue::dataset& d,
                    const policy::caller& who, date today);
struct shown_move {
  const archive::record_move* move = nullptr;  // null: the record never moved, or it is not told
  std::string record;                          // its name at the other place
};
shown_move move_of(const archive::record_view& r, bool with_origin);
// The member moved_to or moved_from; nothing when there is no move to show.
void write_move(text::json_writer& json, const ties& t, const archive::record_view& r,
                bool with_origin);

}  // namespace lixin::api
