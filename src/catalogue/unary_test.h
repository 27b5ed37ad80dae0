// S-FEEL unary tests, the cell language of terms, measures and conditions (DMN 1.3, chapter 9):
//   -            anything           "a","b"     one of                 not("a")
//   >= 2  < 10   comparisons        [1..3] (1..3) ]1..3]  ranges       date("2024-01-01"),
//   2024-01-01
// Values: numbers (decimal, exact to 6 places), strings in double quotes, dates, true, false.
// Parsed once when a pack is loaded; evaluation is a pure function.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace lixin::catalogue {

class unary_tests {
 public:
  enum class value_type : std::uint8_t { text, number, day, boolean };
  struct endpoint {
    value_type type = value_type::text;
    std::string text;         // for text
    std::int64_t number = 0;  // number * 1,000,000; days of a date; 0 or 1
  };
  struct test {
    enum class op : std::uint8_t {
      any,
      equal,
      less,
      less_equal,
      greater,
      greater_equal,
      range
    } kind = op::any;
    endpoint low, high;  // equal and comparisons use low
    bool low_open = false, high_open = false;
  };

  // The error says at which character of the cell what was expected.
  static result<unary_tests> parse(std::string_view cell);

  // `value` in canonical text: numbers as decimal text, dates as 2024-01-01. "" (absent) meets only
  // "-".
  bool matches(std::string_view value) const;
  const std::vector<test>& tests() const { return tests_; }
  bool negated() const { return negated_; }

 private:
  std::vector<test> tests_;
  bool negated_ = false;
};

}  // namespace lixin::catalogue
