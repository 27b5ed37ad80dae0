// What happens to a record after it was handed in: dispute, its end, repair, withdrawal by the body
// that decided. Each is appended with document, authority, actor and reason; status follows in
// `policy`.
#pragma once

#include <string>

#include "archive/archive.h"
#include "archive/import.h"
#include "base/error.h"

namespace lixin::archive {

struct event_request {
  policy::event_kind kind = policy::event_kind::dispute;
  record_name record;
  std::string document, authority, actor, reason;  // all must be given
  date happened_on;
};

struct event_outcome {
  position at;
  policy::record_status before = policy::record_status::in_force;
  policy::record_status after = policy::record_status::in_force;
  bool already = false;  // the same event (kind, document, day) stands already; nothing was done
};

// Refused by rule: a second open dispute, the end of none, a repair of a record that is withdrawn,
// repaired or not adverse, or before its minimum publicity term (国办发〔2025〕22号, order 36); any
// event on a withdrawn record; a date after today.
result<event_outcome> append_event(const import_context& context, const event_request& request);

}  // namespace lixin::archive
