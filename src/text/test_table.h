// For tests: worked cases in a tab-separated file. Lines that begin with '#' and empty lines are
// skipped; \t, \r, \n, \\ and \uXXXX stand for signs that do not show. Throws when it cannot read.
#pragma once

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "text/utf8.h"

namespace lixin::text {

using test_row = std::vector<std::string>;

inline std::string unescape_test_cell(std::string_view cell) {
  std::string out;
  for (std::size_t i = 0; i < cell.size(); ++i) {
    if (cell[i] != '\\' || i + 1 == cell.size()) {
      out += cell[i];
      continue;
    }
    const char sign = cell[++i];
    if (sign == 'u') {
      append_code_point(
          out, static_cast<char32_t>(std::stoul(std::string(cell.substr(i + 1, 4)), nullptr, 16)));
      i += 4;
    } else {
      out += sign == 't' ? '\t' : sign == 'r' ? '\r' : sign == 'n' ? '\n' : sign;
    }
  }
  return out;
}

inline std::vector<test_row> read_test_table(const std::string& file, std::size_t columns) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file);
  std::vector<test_row> rows;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    test_row row;
    for (std::size_t begin = 0; begin <= line.size();) {
      const std::size_t end = std::min(line.find('\t', begin), line.size());
      row.push_back(unescape_test_cell(std::string_view(line).substr(begin, end - begin)));
      begin = end + 1;
    }
    if (row.size() != columns) throw std::runtime_error(file + ": wrong number of cells: " + line);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace lixin::text
