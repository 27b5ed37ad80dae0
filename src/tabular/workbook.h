// What a workbook says besides its rows: its sheets, shared strings, and which styles are dates.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "tabular/arena.h"
#include "tabular/package.h"

namespace lixin::tabular {

// Views into it are good while it lives. Bounded by limits::shared_strings_bytes_max.
class shared_strings {
 public:
  // Longer texts are cut one byte past limits::cell_bytes_max: the cell that uses one reports it.
  // False when the limit is reached.
  bool add(std::string_view text);
  std::size_t size() const { return texts_.size(); }
  std::string_view at(std::size_t i) const { return texts_[i]; }

 private:
  arena store_;
  std::vector<std::string_view> texts_;
  std::size_t bytes_ = 0;
};

struct workbook {
  struct sheet {
    std::string name;
    std::string part;
    bool visible = true;
  };
  package zip;
  std::vector<sheet> sheets;  // worksheets only, in the order of their tabs
  bool date1904 = false;
  shared_strings strings;
  std::vector<bool> date_styles;  // by style index (the s of a cell)
};

// errc: encrypted, ods, binary_workbook, not_workbook, missing_part, broken_xml, doctype, zip_bomb
// ...
result<workbook> open_workbook(std::unique_ptr<input> in);

// Texts of string items and inline strings: joins rich runs (r/t), passes over phonetic ones (rPh).
// Feed it the events inside <si> or <is>.
class string_item {
 public:
  void clear() {
    text_.clear();
    in_text_ = false;
    phonetic_depth_ = 0;
  }
  void start(std::string_view name);
  void end(std::string_view name);
  void text(std::string_view part);
  const std::string& value() const { return text_; }

 private:
  std::string text_;
  bool in_text_ = false;
  int phonetic_depth_ = 0;
};

}  // namespace lixin::tabular
