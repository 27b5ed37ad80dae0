// The ledger of purges: a file outside the database and its backups, append only, one line for each
// record or sealed row whose content was purged. A restored database is brought up to it before it
// answers. Lines name numbers, dates and a keyed digest of the document; never content.
//
//   <line> R <subject> <record> <dataset> <authority> <digest> <due on> <purged on> <check>
//   <line> S <sealed row> 0 <dataset> <authority> <digest> <due on> <purged on> <check>
//
// Lines count from 1; the check is the start of an SM3 over the check of the line before and the
// line itself, so a changed, lost or moved line is found. A line that was cut off while it was
// written is not a line yet: whoever appends next takes it away, since nothing was purged by it.
// One thread; several processes may read, one appends (a lock of the database, held by the caller).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/error.h"
#include "base/ids.h"

namespace lixin::keeping {

struct ledger_line {
  bool sealed = false;
  std::int64_t subject = 0;  // of a sealed row: its number
  std::int64_t record = 0;   // of a sealed row: 0
  dataset_id dataset;
  authority_id authority;
  std::string document_digest;  // 32 bytes
  date due_on, purged_on;
};

class ledger {
 public:
  // A file that is not there is an empty ledger. Looks at the end of the file only.
  static result<ledger> open(const std::string& path);

  const std::string& path() const { return path_; }
  std::int64_t lines() const { return lines_; }

  // Writes the lines behind the last one and waits for the disk. When it fails the file is as
  // before.
  result<void> append(const std::vector<ledger_line>& lines);

  // The lines after `after`, in pieces, checking all of them; errc::ledger_broken names the first
  // that is not as it was written.
  result<void> read(std::int64_t after,
                    const std::function<result<void>(const std::vector<ledger_line>&)>& take) const;

 private:
  std::string path_;
  std::int64_t lines_ = 0;
  std::int64_t whole_bytes_ = 0;  // up to the end of the last whole line
  std::string check_;             // of the last line; "" = none
};

}  // namespace lixin::keeping
