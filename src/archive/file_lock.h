// One process at a time per file, dataset and authority: an advisory lock of the connection, given
// back when this object goes or the connection ends. Private to the archive.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/error.h"
#include "base/ids.h"
#include "pg/pg.h"

namespace lixin::archive {

class file_lock {
 public:
  // False when another connection holds it.
  static result<bool> take(pg::connection& c, file_lock& out, std::string_view file_digest,
                           dataset_id dataset, authority_id authority) {
    std::int64_t key = 0;
    std::memcpy(&key, file_digest.data(), sizeof key);
    key ^= dataset.value * 1'000'003 + authority.value;
    LIXIN_TRY(const auto got,
              c.exec("SELECT pg_try_advisory_lock($1::bigint)", pg::params().add(key)));
    if (!got.boolean(0, 0)) return false;
    out.connection_ = &c;
    out.key_ = key;
    return true;
  }

  file_lock() = default;
  file_lock(const file_lock&) = delete;
  file_lock& operator=(const file_lock&) = delete;
  ~file_lock() {
    if (connection_ == nullptr || !connection_->alive()) return;
    // Should the answer be lost, the lock ends with the connection.
    static_cast<void>(
        connection_->exec("SELECT pg_advisory_unlock($1::bigint)", pg::params().add(key_)));
  }

 private:
  pg::connection* connection_ = nullptr;
  std::int64_t key_ = 0;
};

}  // namespace lixin::archive
