// The hand-in: a file becomes a batch. The file streams through two threads (read and check; bind
// and store) in chunks that commit one by one; memory does not grow with the file. Stopped
// anywhere, the same command goes on after the last committed row; finished, it answers the batch
// again and changes nothing.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "archive/batch.h"
#include "base/date.h"
#include "base/error.h"
#include "calendar/working_days.h"
#include "catalogue/store.h"
#include "pg/pg.h"
#include "tabular/tabular.h"
#include "vault/vault.h"

namespace lixin::archive {

// What every import of a process shares. All outlive the call; one import at a time per context.
struct import_context {
  pg::connection& connection;
  catalogue::store& packs;
  const calendar::working_days& days;
  vault::vault& persons;
  const clock& now;
};

struct import_request {
  std::string dataset, authority;  // codes
  std::string path;
  std::string file_name = {};  // as the batch keeps it; "" = the name at the end of the path
  std::string actor;
  tabular::options options;
  bool again = false;  // read a file again that was handed in before
};

struct import_progress {
  std::int64_t rows = 0;
  std::uint64_t bytes = 0, bytes_total = 0;
};

// Where the time went, in seconds. The first three pass beside the last three, in another thread.
struct import_timing {
  double digest_s = 0, read_s = 0, check_s = 0;
  double bind_s = 0, store_s = 0, commit_s = 0;
};

struct import_outcome {
  batch_info batch;
  import_timing timing;
  bool already = false;  // the same file was handed in before; nothing was done
  std::uint64_t resumed_after =
      0;  // the row after which an interrupted batch went on; 0 = from the start
  std::vector<error> heading_faults;  // not empty: the file was not read and there is no batch
};

result<import_outcome> import_file(const import_context& context, const import_request& request,
                                   const std::function<void(const import_progress&)>& progress);

}  // namespace lixin::archive
