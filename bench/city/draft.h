// One row before it is written, with what must become of it. Plain value; buffers are reused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"

namespace lixin::city {

enum class fate : std::uint8_t { accepted, unchanged, corrected, pending, sealed, refused };
inline constexpr int fates = 6;
std::string_view word_of(fate f);

struct draft {
  std::vector<std::string> cells;  // by column of the shape
  bool code_as_number = false;     // XLSX: the credit code is a number
  std::string beyond;              // CSV: a cell past the last heading

  fate expected = fate::accepted;
  std::vector<std::string_view> reasons;  // codes of messages
  bool name_differs = false;
  std::string bound_to;  // credit code of the subject, "" for none
  date decided;
  bool fined = false;                // the penalty has a fine
  std::vector<std::string> planted;  // numbers of persons that no output may hold

  void clear(std::size_t columns);
};

}  // namespace lixin::city
