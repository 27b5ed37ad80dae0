#include "http/rate_limiter.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <span>

#include "base/assert.h"
#include "crypto/crypto.h"
#include "http/errc.h"

namespace lixin::http {
namespace {

constexpr std::size_t set_size = 8;
constexpr double rate_min = 0.0001;
constexpr double rate_max = 1e6;

std::uint64_t random_seed() {
  const std::string bytes = crypto::random_bytes(sizeof(std::uint64_t));
  std::uint64_t seed = 0;
  std::memcpy(&seed, bytes.data(), sizeof seed);
  return seed;
}

// The finalizer of SplitMix64: every bit of the input changes half of those of the output.
std::uint64_t mixed(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

}  // namespace

result<void> check(const rate& r) {
  const auto outside = [](const char* what, double min, double max, double value) {
    return error(errc::bad_limit,
                 {what, fmt::format("{}", min), fmt::format("{}", max), fmt::format("{}", value)});
  };
  // Written so that what is no number is outside, too.
  if (r.per_second != 0 && !(r.per_second >= rate_min && r.per_second <= rate_max)) {
    return outside("rate.per_second", rate_min, rate_max, r.per_second);
  }
  if (!(r.burst >= 1 && r.burst <= rate_max)) return outside("rate.burst", 1, rate_max, r.burst);
  return {};
}

rate_limiter::rate_limiter(std::size_t buckets_max)
    : buckets_(std::bit_ceil(std::max(buckets_max, set_size))), seed_(random_seed()) {}

rate_limiter::bucket& rate_limiter::bucket_of(const address& client, std::uint8_t rate_class) {
  std::uint64_t halves[2];
  static_assert(sizeof halves == sizeof client.bytes);
  std::memcpy(halves, client.bytes.data(), sizeof halves);
  const std::uint64_t hash = mixed(mixed(mixed(seed_ ^ halves[0]) + halves[1]) + rate_class);
  const std::size_t set = hash & (buckets_.size() / set_size - 1);
  const std::span<bucket> all(&buckets_[set * set_size], set_size);
  for (bucket& b : all) {
    if (b.used && b.client == client && b.rate_class == rate_class) return b;
  }
  bucket& b = *std::ranges::min_element(
      all, {}, [](const bucket& x) { return std::pair(x.used, x.full_at); });
  b = {.client = client, .rate_class = rate_class, .used = true, .full_at = time::min()};
  return b;
}

rate_limiter::duration rate_limiter::take(const address& client, std::uint8_t rate_class,
                                          const rate& r, time now) {
  if (r.per_second <= 0) return duration::zero();
  LIXIN_ASSERT(check(r).ok());
  const auto in_ns = [](double s) { return duration(static_cast<std::int64_t>(s * 1e9)); };
  const duration one = in_ns(1 / r.per_second);
  const duration all_but_one = in_ns((r.burst - 1) / r.per_second);
  const std::lock_guard lock(mutex_);
  bucket& b = bucket_of(client, rate_class);
  const time full_at = std::max(b.full_at, now);
  const duration wait = full_at - now - all_but_one;
  if (wait > duration::zero()) return wait;
  b.full_at = full_at + one;
  return duration::zero();
}

}  // namespace lixin::http
