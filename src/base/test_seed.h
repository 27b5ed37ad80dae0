// The seed of the tests that play random steps.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace lixin {

// LIXIN_SEED (0 to 4294967295), else one that is the same in every run, so that a change fails by
// what it did and not by chance. scripts/soak goes through as many others as it is told.
inline std::uint32_t test_seed() {
  const char* given = std::getenv("LIXIN_SEED");
  if (given == nullptr) return 20'261'124;
  return static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10));
}

}  // namespace lixin
