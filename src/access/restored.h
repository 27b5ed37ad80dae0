// What a restore of an older backup must not undo: rights that were taken away since. Called when
// the backup is in place and before anything answers.
#pragma once

#include <string>

#include "base/error.h"
#include "pg/pg.h"

namespace lixin::access {

// In the caller's transaction. All sessions end, and servers read the keys again. From `kept`, the
// schema in which the restore keeps what stood there ("" = nothing stood there), come revocations
// of keys, disablings of accounts and newer passwords; where it is gone whoever restores must look
// for them in the audit chain.
result<void> after_restore(pg::connection& c, const std::string& kept);

}  // namespace lixin::access
