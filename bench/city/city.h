// The sample city as a whole: hand-in files, the order in which to hand them in, and the truth.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "calendar/working_days.h"
#include "city/draft.h"
#include "city/faults.h"
#include "city/plan.h"

namespace lixin::city {

// What was written, by file.
struct file_summary {
  hand_in file;
  std::array<std::uint64_t, fates> rows_of{};  // by fate
  std::array<std::uint64_t, faults> faults_of{};
  std::uint64_t late = 0;  // among accepted, unchanged and corrected
  std::uint64_t rows() const;
};

// Writes below settings.out: the files of the plan, handins.tsv, truth.tsv, planted.txt. The same
// settings give the same bytes. Memory grows with the bodies, not with the records.
result<std::vector<file_summary>> write_city(const settings& s, int threads);

}  // namespace lixin::city
