// Which key file belongs to a database. Another file seals under other keys, does not know the
// documents that were purged, and calls receipts that were given forged; so it is refused, and no
// new one is made where one was in use before.
#pragma once

#include <optional>
#include <string>

#include "base/error.h"
#include "crypto/crypto.h"
#include "pg/pg.h"

namespace lixin::vault {

// 64 hexadecimal digits, under the oldest key "record", which is never rotated. It tells nothing of
// the keys.
std::string mark_of(const crypto::key_file& keys);

// What the database says; nothing before any key file was used with it.
result<std::optional<std::string>> known_mark(pg::connection& c);

// Takes the file for that of the database when none was used before; else errc::keys_foreign unless
// it is the one.
result<void> check_mark(pg::connection& c, const crypto::key_file& keys);

// errc::key_missing names the first of the keys in use (table vault_key) that the file lacks.
result<void> check_keys_in_use(pg::connection& c, const crypto::key_file& keys);

}  // namespace lixin::vault
