// Taking a hand-in back. Where a version of this batch is still the current one, what stood before
// it (from a batch that still counts) stands again; where nothing did, the record is withdrawn.
// Later corrections by other batches stay. Append only, in chunks, and safe to run again after a
// stop.
#pragma once

#include <cstdint>
#include <string>

#include "archive/import.h"
#include "base/error.h"
#include "base/ids.h"

namespace lixin::archive {

struct withdrawal {
  std::int64_t restored = 0;   // records where an earlier content stands again
  std::int64_t withdrawn = 0;  // records where nothing stood before
  std::int64_t kept = 0;       // rows whose record a later batch has changed since
  std::int64_t unsealed = 0;   // sealed rows withdrawn in the vault
  bool already = false;        // the batch was withdrawn before; nothing was done
};

// `why` must be given (errc::reason_missing). errc::no_such_batch; errc::already_running
// while another process hands the same file in.
result<withdrawal> withdraw_batch(const import_context& context, batch_id id,
                                  const std::string& actor, const std::string& why);

}  // namespace lixin::archive
