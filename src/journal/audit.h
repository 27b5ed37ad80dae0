// The audit chain: who did what, in the order of commits, each entry with the SM3 of the one before
// (docs/formats/audit.md gives every byte). An entry covers the journal rows or inquiries that its
// transaction wrote, by a digest over them. journal::write() and log_inquiries() append theirs, so
// that neither log can be written without one; other acts (a look into the vault, a rotation of
// keys, a backup) call append_act(). The head's row lock is the last lock of all: whoever holds it
// waits for nothing more, and commits.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/error.h"
#include "base/ids.h"
#include "crypto/crypto.h"
#include "pg/pg.h"

namespace lixin::journal {

// Numbers are stored and digested: add, never change.
enum class action : std::int16_t {
  // These cover positions of the journal.
  pack_loaded = 1,
  rows_handed_in,
  batch_finished,
  batch_withdrawn,
  record_event,
  subject_linked,
  record_moved,
  pending_decided,
  record_purged,
  ends_told,
  inquired,  // covers inquiries
  // These cover nothing: the object says it all.
  vault_opened,
  city_loaded,
  keys_rotated,
  keys_retired,
  keys_backed_up,
  keys_restored,
  backup_made,
  backup_restored,
  database_changed,  // migrated, or mended by hand
  pending_noted,     // a decision that changes no record: proposed, taken back or rejected
  staff_changed,     // an account added, disabled, given another password ...
  signed_in,
  sign_in_failed,
  signed_out,
  key_issued,
  key_revoked,
};
inline constexpr int actions = 27;
std::string_view code_of(action a);  // "pack-loaded" ...
std::string_view title_zh(action a);
std::string_view title_en(action a);
std::optional<action> action_named(std::string_view code);
bool covers_journal(action a);

// What the writer knows of an entry. The object is a name that the database gives ("batch 12",
// "record 1203-88412") and words of the act; never a name or number of a person.
struct act {
  journal::action action = action::rows_handed_in;
  std::string actor;
  std::string object;
};
inline constexpr std::size_t actor_bytes_max = 1024;
inline constexpr std::size_t object_bytes_max = 4096;

struct audit_entry {
  std::int64_t number = 0;
  std::chrono::system_clock::time_point written_at;
  act what;
  std::int64_t first = 0, last = 0;  // what it covers; 0 and 0 = nothing
  crypto::digest content{};
  crypto::digest digest{};
};
crypto::digest chained(const audit_entry& e, const crypto::digest& before);

// Inside the caller's transaction, last: an act that covers nothing. errc::act_unusable when the
// actor is missing, either text is too long, or one holds a person's number.
result<audit_entry> append_act(pg::connection& c, const act& what,
                               std::chrono::system_clock::time_point now);

// One check, as its log keeps it. An empty code is that of an invalid one.
struct inquiry {
  std::chrono::system_clock::time_point asked_at;
  std::string asker;
  std::string code;
  subject_id subject;  // 0 = unknown
  std::string matter;
  date as_of;
  position at;
  std::int16_t outcome = 0;
};
inline constexpr std::size_t inquiries_max = 10'000;
// Inside the caller's transaction, last: numbers and stores the inquiries and appends the one entry
// that covers them. 1 to inquiries_max of them.
result<void> log_inquiries(pg::connection& c, const std::vector<inquiry>& all, const act& what,
                           std::chrono::system_clock::time_point now);

struct audit_filter {
  std::int64_t after = 0;
  int limit = 100;
  std::string actor;  // "" = any
  std::optional<action> what;
};
result<std::vector<audit_entry>> read_audit(pg::connection& c, const audit_filter& f);

}  // namespace lixin::journal
