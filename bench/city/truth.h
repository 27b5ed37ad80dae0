// The truth of a made-up city against what an import made of it. One thread; about 40 bytes a row.
#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"

namespace lixin::city {

// One row's outcome. Reasons and flags are sorted and joined by "|", "" for none.
struct outcome {
  std::string fate, reasons, flags;
  bool operator==(const outcome&) const = default;
};

struct difference {
  std::string file;
  std::uint64_t row = 0;
  std::string kind;  // "fate", "reasons", "flags", "missing" (not in the import), "invented"
  outcome expected, found;
};

struct comparison {
  std::uint64_t compared = 0;
  std::map<std::string, std::uint64_t> differences_of;  // by kind
  std::vector<difference> first;                        // of each kind up to 20
  bool equal() const { return differences_of.empty(); }
};

// Reads truth.tsv; compares each line "file, row, fate, reasons, flags" (tabs, no heading) with it.
// A row whose fate differs is not compared further. Lines that cannot be read, and a row that comes
// twice, are errors.
result<comparison> compare(std::istream& truth, std::istream& found);

}  // namespace lixin::city
