// Token buckets for (client, class) in a table of fixed size. One bucket is a single time (the
// moment at which it would be full again), so the table costs 48 bytes a bucket and a take costs a
// look at one set of eight. When a set is full the bucket that is nearest to being full is
// forgotten in favour of the newcomer: who is being limited is the last to be forgotten.
// Thread-safe. Times are passed in; they need not be exact, and one that goes back counts as
// standing still.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "base/error.h"
#include "http/address.h"

namespace lixin::http {

struct rate {
  double per_second = 0;  // 0: no limit; else from 0.0001 (one in three hours) to a million
  double burst = 1;       // how many may come at once, 1 to a million
};
// errc::bad_limit when it is out of these ranges.
result<void> check(const rate& r);

class rate_limiter {
 public:
  using time = std::chrono::steady_clock::time_point;
  using duration = std::chrono::nanoseconds;

  // `buckets_max` is rounded up to a power of two of at least 8.
  explicit rate_limiter(std::size_t buckets_max);

  // Takes one token of the client's bucket: zero when there was one, else how long to wait until
  // there is (nothing is taken then). `client` is an address or any other key of 16 bytes.
  duration take(const address& client, std::uint8_t rate_class, const rate& r, time now);

 private:
  struct bucket {
    address client;
    std::uint8_t rate_class = 0;
    bool used = false;
    time full_at{};
  };
  bucket& bucket_of(const address& client, std::uint8_t rate_class);

  std::mutex mutex_;
  std::vector<bucket> buckets_;
  std::uint64_t seed_;  // so that nobody can choose keys that fall into one set
};

}  // namespace lixin::http
