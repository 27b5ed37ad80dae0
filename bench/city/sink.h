// Writers of hand-in files as departments' own software would write them: no repair, no escaping of
// formulas, no common library with the reader. One thread each.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/error.h"
#include "city/draft.h"
#include "city/plan.h"

namespace lixin::city {

class sink {
 public:
  virtual ~sink() = default;
  virtual result<void> write(const draft& row) = 0;
  // A row without any text, which readers skip and count.
  virtual result<void> write_blank() = 0;
  virtual result<void> close() = 0;
};

// Opens `path` and writes the heading (row 1).
result<std::unique_ptr<sink>> open_sink(const hand_in& h, const std::string& path);

// The columns of a layout, by index in the shape.
std::vector<std::size_t> columns_of(const hand_in& h);

}  // namespace lixin::city
