// Sealed persons: the rows of natural persons, which no index, page or search ever sees. A row is
// found again by a keyed digest of its document key, a person by a keyed digest of the number, and
// the content is SM4-GCM text bound to its row. Each look is logged in the audit chain and needs a
// purpose and a basis in law.
// The keys in use are those that the table vault_key names: a key that is only in the file serves
// nobody until a rotation (vault/rotate.h) registers it. While one runs, both numbers are in use.
// A vault belongs to one thread at a time (it reads the key file again when another process has
// registered newer keys); digests and sealing are const and thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "crypto/crypto.h"
#include "pg/pg.h"

namespace lixin::vault {

inline constexpr std::string_view digest_purpose = "vault-digest";
inline constexpr std::string_view seal_purpose = "vault-seal";
inline constexpr std::string_view record_purpose = "record";

// One personal row in clear, on its way in. Views live as long as the call.
struct clear_row {
  dataset_id dataset;
  authority_id authority;
  std::string_view document_key;  // folded
  std::int32_t party_ordinal = 1;
  std::string_view person;   // the identity number, folded
  std::string_view content;  // what is kept, as JSON with a fixed order of keys
  batch_id batch;
  std::uint64_t row_number = 0;
};

struct row_digests {
  crypto::digest key{};      // of dataset, authority, document key and party ordinal
  crypto::digest person{};   // of the number
  crypto::digest content{};  // to tell a repeated row from a correction
};

// What a sealed text holds: enough to digest the row anew under another key.
struct opened_row {
  std::string document_key, person, content;
  std::int32_t party_ordinal = 1;
  bool whole = true;  // false: form 1, which holds the content only
};

enum class outcome : std::uint8_t {
  sealed,     // new
  unchanged,  // the newest version holds the same; nothing was stored
  corrected,  // the same key and person with other content: a new version was appended
  // The same key names another person. Nothing was stored: a changed counterpart never corrects by
  // itself, the row is to be held as pending until the officer says what is meant.
  counterpart_changed,
};

// Most rows of one store(): those of one chunk of a hand-in.
inline constexpr std::size_t rows_max = 10'000;

// Numbers of the keys that the database uses, ascending; the last one serves new rows.
struct keys_in_use {
  std::vector<int> digests, seals;
};

class vault {
 public:
  explicit vault(const crypto::key_file& keys);

  // Inside the caller's transaction: holds off the start and the end of a rotation until it ends,
  // and answers the keys in use; the first call on a new database registers the file's newest.
  // The key file is read again when the database names a number that is not in memory.
  // errc::key_missing when it is not in the file either, errc::keys_differ when the database was
  // sealed with another key of that number.
  result<keys_in_use> keys(pg::connection& c);

  // Of a document whose content was purged, so that it is known when it comes again. Under the
  // oldest key "record", which is never rotated, since what it was made of is gone.
  crypto::digest document_digest(dataset_id dataset, authority_id authority,
                                 std::string_view document_key, std::int32_t party_ordinal) const;

  // All under the key of that number, which keys() has named.
  crypto::digest person_digest(std::string_view folded_number, int digest_key) const;
  row_digests digests(const clear_row& row, int digest_key) const;

  // The row under the seal key of that number, bound to its key digest. Not `whole`: the content
  // only, for a text of form 1 that goes to another seal key.
  std::string seal(const clear_row& row, const crypto::digest& key, int seal_key,
                   bool whole = true) const;
  // errc::unknown_form, crypto::errc::no_such_key or crypto::errc::not_authentic. Texts of form 1
  // (before rows could be digested anew) have a content only.
  result<opened_row> open(std::string_view ciphertext, const crypto::digest& key) const;

  // Inside the caller's transaction: stores what is new among `rows` (all of one dataset and
  // authority) and answers each row's outcome in order. Rows of one key count one after another.
  // Errors of keys().
  result<std::vector<outcome>> store(pg::connection& c, std::span<const clear_row> rows,
                                     std::chrono::system_clock::time_point now);

  // Inside the caller's transaction: what a hand-in sealed stands no more; an older version of the
  // same row does again. Answers how many versions were withdrawn.
  result<std::int64_t> withdraw(pg::connection& c, batch_id batch,
                                std::chrono::system_clock::time_point now) const;

  crypto::key_file& file() { return keys_; }

 private:
  const std::string& secret(std::string_view purpose, int number) const;

  crypto::key_file keys_;
};

// Two hand-ins of one source, and a rotation of its rows, wait for each other here.
result<void> lock_source(pg::connection& c, dataset_id dataset, authority_id authority);
// What a rotation holds while it registers or retires keys; keys() holds the shared side.
result<void> lock_keys(pg::connection& c);
crypto::digest key_check(const std::string& secret);
// The first bytes of a text under this seal key.
std::string text_head(int seal_key, bool whole = true);
crypto::digest digest_from(std::string_view bytes);
std::string bytea_text(std::string_view bytes);  // for bytea[] parameters

}  // namespace lixin::vault
