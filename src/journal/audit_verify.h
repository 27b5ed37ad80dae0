// Verifies the audit chain and everything that it covers, in one pass with bounded memory, and
// makes and checks signed heads. Reads only, and may run beside writers: it goes up to the head
// that stood when it began.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "journal/audit.h"

namespace lixin::journal {

// The head of the chain as it was exported: kept outside, it shows that the chain still goes
// through the same entry, also when someone rewrote all of it.
struct signed_head {
  std::int64_t entry = 0;
  crypto::digest digest{};
  position at;  // of the journal
  std::string written_at, exported_at;
  int key_number = 0;
  std::string signed_text;  // what the signature is over
  std::string signature;    // 64 bytes
};
inline constexpr std::string_view sign_purpose = "audit-sign";
inline constexpr std::size_t head_bytes_max = 4096;

// crypto::errc::no_such_key when the file has no key "audit-sign" (key_file::ensure makes one).
result<std::string> export_head(pg::connection& c, const crypto::key_file& keys,
                                std::chrono::system_clock::time_point now);
// errc::head_unreadable
result<signed_head> parse_head(std::string_view text);
// errc::head_not_signed unless the key of this point made the signature.
result<void> check_signature(const signed_head& h, std::string_view public_point);

struct verify_progress {
  std::int64_t entries = 0, entries_total = 0;
};
struct verify_request {
  std::int64_t from = 1;            // the first entry to recompute
  std::optional<signed_head> head;  // its signature was checked by the caller
  std::size_t faults_max = 100;     // more are counted, not kept
  std::function<void(const verify_progress&)> progress = nullptr;
};
struct verify_outcome {
  std::int64_t entries = 0, journal_rows = 0, inquiries = 0;  // recomputed
  std::int64_t last_entry = 0;
  crypto::digest head{};
  std::int64_t journal_from = 0, inquiries_from = 0;  // first covered; 0 = none
  std::vector<error> faults;                          // empty: everything fits
  std::int64_t faults_found = 0;
};
// An error only when the database cannot be read or there is no entry `from`.
result<verify_outcome> verify_audit(pg::connection& c, const verify_request& r);

}  // namespace lixin::journal
