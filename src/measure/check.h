// Checks: "may this subject take part in this matter, and what applies to it?" The thin layer over
// the database: it reads, lets the pure parts (evaluate.h, compose.h) decide, signs a receipt and
// writes the inquiry log. A connection and a store belong to one thread at a time; key files are
// only read.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/date.h"
#include "base/error.h"
#include "base/ids.h"
#include "catalogue/store.h"
#include "crypto/crypto.h"
#include "measure/answer.h"
#include "pg/pg.h"
#include "policy/policy.h"

namespace lixin::measure {

inline constexpr std::size_t asker_length_max = 200;  // code points

// Who asks, and the real now. `caller` is what the asker may see, found out by whoever let it in; a
// caller `subject_itself` must be the subject that is asked about.
struct asking {
  std::string asker;  // office, system or post, for the inquiry log
  policy::caller caller;
  date today;
  std::chrono::system_clock::time_point now;
};

struct request {
  std::string code;  // as typed
  std::string matter;
  date as_of;
  std::optional<position> known_at;  // none: all that is known now
  asking by;
};

struct checked {
  measure::answer answer;
  std::string bytes;  // answer_json(answer)
  std::string receipt;
};

// Clear, watch, limited, barred, unknown subject and invalid code are answers; an unknown matter, a
// date in the future, an asker without a name are errors. Call it outside a transaction: the
// inquiry is committed before the answer is returned, and no answer is returned when it cannot be.
// A code that may be a person's number is not echoed and not written.
result<checked> check(pg::connection& c, catalogue::store& packs, const crypto::key_file& keys,
                      const request& r);

// The answer of a receipt, computed again: the same bytes, or outcome content_ended with the digest
// of the first answer when a record behind it was repaired, withdrawn, purged or is no longer shown
// to the first asker. A receipt given to everyone is answered to all who may check; others to the
// same caller and the centre. The inquiry is logged like a check.
result<checked> check_receipt(pg::connection& c, catalogue::store& packs,
                              const crypto::key_file& keys, std::string_view receipt,
                              const asking& by);

}  // namespace lixin::measure
