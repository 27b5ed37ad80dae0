// The keys that stand, in memory, so that a server asks no database who calls. refresh() looks at a
// counter in the database and reads the keys again when it moved; a server calls it at least once a
// second, and that is how long a revoked key may still serve. When the database cannot be asked
// what was read stays, and age() grows: after age_max nobody is let in by memory that may be stale.
// The end of a key needs no refresh.
// Thread-safe: states are immutable and replaced whole.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string_view>

#include "access/api_key.h"

namespace lixin::access {

struct api_key {
  std::int64_t number = 0;
  key_terms terms;
};

class key_ring {
 public:
  static constexpr std::chrono::seconds age_max{60};

  explicit key_ring(std::chrono::steady_clock::duration stale_after = age_max);
  ~key_ring();
  key_ring(const key_ring&) = delete;
  key_ring& operator=(const key_ring&) = delete;

  // Whether there was something to read. One statement when there was not, two when there was.
  result<bool> refresh(pg::connection& c);

  // Who calls by `text` from `from` on `today`; what is answered stays as it is while it is held.
  // Compares in constant time. errc::key_refused; to who has shown the right key also
  // errc::key_over and errc::key_elsewhere; errc::keys_not_loaded before the first refresh and
  // when the last is too long ago.
  result<std::shared_ptr<const api_key>> authenticate(std::string_view text, const ip_address& from,
                                                      date today) const;

  // Since the database was last asked with success.
  std::chrono::steady_clock::duration age() const;
  std::size_t size() const;

 private:
  struct state;
  struct held {
    std::shared_ptr<const state> keys;  // null before the first refresh
    std::chrono::steady_clock::time_point asked_at;
  };
  held now() const;
  void put(held next);

  const std::chrono::steady_clock::duration stale_after_;
  std::mutex refreshing_;  // one at a time, so that an older state never follows a newer
  mutable std::mutex mutex_;
  held held_;
};

}  // namespace lixin::access
