// What a person sees: columns that line up with Chinese text in them, progress on a terminal,
// errors in both languages.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace lixin {

// Columns of a terminal that the text takes; Chinese signs take two.
std::size_t display_width(std::string_view utf8);
// `text` and blanks up to `width` columns (the text whole when it is wider).
std::string padded(std::string_view text, std::size_t width);
// At most `width` columns; what is cut ends in "…".
std::string shortened(std::string_view text, std::size_t width);

class text_table {
 public:
  explicit text_table(std::vector<std::string> heading) { rows_.push_back(std::move(heading)); }
  // Numbers line up at their last digit.
  text_table& right(std::size_t first_column, std::size_t columns);
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.size() == 1; }
  // Lines with two blanks between columns; the last column is not padded.
  std::string text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
  std::vector<bool> right_;
};

// "1,234,567"
std::string grouped(std::int64_t n);

// The error in Chinese, then in English, on standard error.
void print_error(const error& e);

// One line on standard error that is written over itself: rate, share done, time left. Silent when
// standard error is no terminal.
class progress_line {
 public:
  explicit progress_line(language lang = language::zh);
  void show(std::int64_t rows, std::uint64_t bytes, std::uint64_t bytes_total);
  void end();

 private:
  language lang_;
  bool on_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point start_, last_;
};

}  // namespace lixin
