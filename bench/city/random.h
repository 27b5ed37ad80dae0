// The generator's own random numbers (splitmix64): the same on every machine and library, and
// cheap to start anew for each row, so that any row of any file can be made again without those
// before it. Plain values, no shared state.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace lixin::city {

constexpr std::uint64_t mix(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ull;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

class random {
 public:
  // A stream of its own for each pair of stream and item below a seed.
  constexpr random(std::uint64_t seed, std::uint64_t stream, std::uint64_t item)
      : state_(mix(mix(mix(seed) ^ stream) ^ item)) {}

  constexpr std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ull;
    return mix(state_);
  }
  // 0 <= answer < n; n > 0.
  constexpr std::uint32_t below(std::uint32_t n) {
    return static_cast<std::uint32_t>(((next() >> 32) * n) >> 32);
  }
  // low <= answer <= high.
  constexpr int between(int low, int high) {
    return low + static_cast<int>(below(static_cast<std::uint32_t>(high - low + 1)));
  }
  // True n times in 1000.
  constexpr bool permille(std::uint32_t n) { return below(1000) < n; }

  template <class T>
  constexpr const T& pick(std::span<const T> of) {
    return of[below(static_cast<std::uint32_t>(of.size()))];
  }
  template <class T, std::size_t n>
  constexpr const T& pick(const std::array<T, n>& of) {
    return of[below(n)];
  }

 private:
  std::uint64_t state_;
};

}  // namespace lixin::city
