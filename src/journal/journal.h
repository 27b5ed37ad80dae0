// The journal: the one ordered log of committed changes. Positions are dense and in commit order:
// append() takes the head's row lock, which the transaction holds until it ends, so the next writer
// gets the next position only after this one is visible (or gone). Call it last, write what needs
// the positions, commit. A reader that has seen position n has missed nothing below n.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/date.h"
#include "base/error.h"
#include "base/ids.h"
#include "journal/audit.h"
#include "pg/pg.h"

namespace lixin::journal {

enum class kind : std::int16_t {
  pack_loaded = 1,     // version = pack_version_id
  subject_registered,  // subject_id
  subject_changed,     // a name or an identifier was added or given up
  record_added,        // record_id, version
  record_corrected,
  record_restored,   // by the withdrawal of a batch: what stood before stands again
  record_withdrawn,  // by the withdrawal of a batch: nothing stood before
  record_event,      // version = event_number
  batch_finished,    // batch_id
  batch_withdrawn,
  subject_linked,   // subject_id, version = link_number: alias, succession or the end of one
  record_moved,     // record_id, version: went to another subject, or came from one
  record_purged,    // record_id: its content is gone
  publicity_ended,  // the ticker tells what a date brought about
  effect_ended,
  retention_ended,
};
std::string_view code_of(kind k);  // "record-added" ...

struct change {
  journal::kind kind = journal::kind::record_added;
  subject_id subject;  // 0 = none
  record_id record;
  std::int32_t version = 0;
  dataset_id dataset;
  batch_id batch;
  // Every copy of the change obeys these by itself.
  std::optional<date> public_until, effective_until, purge_at;
};

struct head {
  position last;
  std::chrono::system_clock::time_point sealed_at;
};
result<head> read_head(pg::connection& c);

// Reserves `count` positions and answers the first. `now` may stand behind the head's time (a clock
// set back): sealed_at never goes back.
struct reservation {
  position first;
  std::chrono::system_clock::time_point sealed_at;
};
result<reservation> reserve(pg::connection& c, std::int64_t count,
                            std::chrono::system_clock::time_point now);
// Writes the changes at the reserved positions, in order, and the audit entry that covers them.
// What is reserved first is written first.
result<void> write(pg::connection& c, const reservation& at, const std::vector<change>& changes,
                   const act& by);
// Both, for a few changes.
result<position> append(pg::connection& c, const std::vector<change>& changes, const act& by,
                        std::chrono::system_clock::time_point now);

struct entry {
  position at;
  std::chrono::system_clock::time_point sealed_at;
  change what;
};
// Up to `limit` entries with position > after, in order; the next call goes on from the last one's.
result<std::vector<entry>> read_after(pg::connection& c, position after, int limit);

// The last position sealed at or before a time: what a time means as known_at. 0 when none was.
result<position> position_at(pg::connection& c, std::chrono::system_clock::time_point t);

// "2026-11-24T08:00:00.123456Z", UTC.
std::string to_string(std::chrono::system_clock::time_point t);

}  // namespace lixin::journal
