// The bytes under the digests of the audit chain, in one place for who writes and who verifies.
// Private to the journal. Numbers are big-endian; a text has its length in front.
#pragma once

#include "journal/audit.h"
#include "journal/journal.h"

namespace lixin::journal {

// What an entry covers: its rows go in one after another, in order.
class covered_rows {
 public:
  void add_time(std::chrono::system_clock::time_point sealed_at);  // first, of journal rows
  void add(const change& row);
  void add(std::int64_t number, const inquiry& row);
  crypto::digest finish();

 private:
  void flush(std::size_t keep);
  crypto::sm3_stream stream_;
  std::string held_;
};

struct coverage {
  std::int64_t first = 0, last = 0;
  crypto::digest content{};
};
struct audit_state {
  std::int64_t number = 0, inquiry = 0;
  std::chrono::system_clock::time_point written_at;
  crypto::digest digest{};
};
// Locks the head.
result<audit_state> lock_audit(pg::connection& c);
result<audit_entry> append_under_lock(pg::connection& c, const audit_state& head, const act& what,
                                      const coverage& over,
                                      std::chrono::system_clock::time_point now);
crypto::digest digest_from(std::string_view bytes);  // zeros unless it has 32

}  // namespace lixin::journal
