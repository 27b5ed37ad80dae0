// Sealed persons: the rows of natural persons, which no index, page or search ever sees. A row is
// found again by a keyed digest of its document key, a person by a keyed digest of the number, and
// the content is SM4-GCM text bound to its row. Nothing here answers who is in the vault: a look is
// for the person, a consent or an official with a purpose in law, and belongs to a module that
// logs it.
// Functions that take no connection are thread-safe; the keys are copied, so nothing must outlive.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "crypto/crypto.h"
#include "pg/pg.h"

namespace lixin::vault {

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

// The same row with nothing in clear but where it came from.
struct sealed_row {
  dataset_id dataset;
  authority_id authority;
  batch_id batch;
  std::uint64_t row_number = 0;
  crypto::digest key{};      // of dataset, authority, document key and party ordinal
  crypto::digest person{};   // of the number
  crypto::digest content{};  // to tell a repeated row from a correction
  std::string ciphertext;
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

class vault {
 public:
  // Takes the newest keys "vault-digest" and "vault-seal", and the file for older ones.
  explicit vault(const crypto::key_file& keys);

  crypto::digest person_digest(std::string_view folded_number) const;
  crypto::digest key_digest(dataset_id dataset, authority_id authority,
                            std::string_view document_key, std::int32_t party_ordinal) const;
  crypto::digest content_digest(std::string_view json) const;

  // Text under the newest seal key, with that key's number in front; `bound` is what it belongs to.
  std::string seal(std::string_view plain, std::string_view bound) const;
  // errc::unknown_form, crypto::errc::no_such_key or crypto::errc::not_authentic.
  result<std::string> open(std::string_view ciphertext, std::string_view bound) const;

  sealed_row make_row(const clear_row& row) const;
  // The content of a stored row, which is bound to its key digest.
  result<std::string> open_row(std::string_view ciphertext, const crypto::digest& key) const;

  // Inside the caller's transaction: stores what is new among `rows` (all of one dataset and
  // authority) and answers each row's outcome in order. Rows of one key count one after another.
  // errc::keys_differ when the database was sealed with other keys than these.
  result<std::vector<outcome>> store(pg::connection& c, std::span<const sealed_row> rows,
                                     std::chrono::system_clock::time_point now) const;

  // Inside the caller's transaction: what a hand-in sealed stands no more; an older version of the
  // same row does again. Answers how many versions were withdrawn.
  result<std::int64_t> withdraw(pg::connection& c, batch_id batch,
                                std::chrono::system_clock::time_point now) const;

 private:
  crypto::digest keyed(std::string_view purpose, std::string_view message) const;
  result<void> check_keys(pg::connection& c) const;

  crypto::key_file keys_;
};

}  // namespace lixin::vault
