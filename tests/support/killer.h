// Kills programs and the private PostgreSQL under them at seeded moments, and gives each command
// again until it ends by itself. One thread at a time.
#pragma once

#include <array>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include "support/home.h"

namespace lixin::testing_support {

enum class victim { program, server, both };

// Kills the private server and all its processes at once, as when the machine loses its power.
// False when none runs.
bool kill_server(const home& h);

class killer {
 public:
  killer(unsigned seed, int kills_wanted) : chance_(seed), kills_wanted_(kills_wanted) {}

  // Up to `kills_max` times the command is struck within `seconds` of its start. Answers how it
  // ended at last; `fine` are the exit codes at which it did what it was asked for. Anything else
  // fails the test.
  ended run(const home& h, const std::vector<std::string>& words, double seconds, int kills_max,
            const std::vector<int>& fine = {0, 3});

  int kills() const { return counts_[0] + counts_[1] + counts_[2]; }
  int kills_of(victim v) const { return counts_[static_cast<std::size_t>(v)]; }

 private:
  bool strike(const home& h, child& program);

  std::mt19937 chance_;
  int kills_wanted_;
  std::size_t turn_ = 0;
  std::array<int, 3> counts_{};
};

}  // namespace lixin::testing_support
