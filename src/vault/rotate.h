// Rotation of the vault's keys while hand-ins go on: new numbered keys go into the key file, are
// registered in the database, and every row is digested and sealed anew from its own text, a chunk
// of records at a time. Stopped anywhere, the same call goes on where it was. When no row names the
// older keys any more they are out of use; they leave the key file only by retire_keys().
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "vault/vault.h"

namespace lixin::vault {

struct rotate_progress {
  std::int64_t rows = 0, rows_total = 0;  // moved by this call; to move when it began
};
struct rotate_request {
  bool digest = false, seal = false;  // at least one
  std::string actor;
  int page_rows = 1000;
  std::function<void(const rotate_progress&)> progress = nullptr;
};
struct rotate_outcome {
  int digest_key = 0, seal_key = 0;  // in use now
  std::int64_t rows = 0;             // moved by this call
  bool resumed = false;              // an earlier rotation was finished, no new key was made
};
// errc::rotation_running when another one is at it, errc::older_form when rows of form 1 stand in
// the way of new digests; errors of vault::keys().
result<rotate_outcome> rotate(pg::connection& c, vault& v, const rotate_request& r,
                              const clock& now);

// What stands in the table by key, and what is registered and in the file.
struct key_use {
  std::string purpose;
  int number = 0;
  std::int64_t rows = 0;  // that name it
  bool in_use = false;    // registered in the database
  bool in_file = false;
};
result<std::vector<key_use>> key_uses(pg::connection& c, const crypto::key_file& file);

// Takes the vault's keys that neither a row nor the database names out of the key file, but for
// those newer than the ones in use. Answers them.
result<std::vector<key_use>> retire_keys(pg::connection& c, vault& v, const std::string& actor,
                                         const clock& now);

}  // namespace lixin::vault
