#include <charconv>
#include <chrono>
#include <optional>

#include "base/date.h"
#include "catalogue/errc.h"
#include "catalogue/unary_test.h"
#include "text/fold.h"

namespace lixin::catalogue {
namespace {

using endpoint = unary_tests::endpoint;
using test = unary_tests::test;
using value_type = unary_tests::value_type;

constexpr std::size_t cell_bytes_max = 4096;
constexpr int decimals_max = 6;

// What was expected at a place of the cell, in both languages.
struct expectation {
  std::string_view zh, en;
};
constexpr expectation a_test{"“-”、数字、日期、带引号的文字、区间或比较符号",
                             "\"-\", a number, a date, quoted text, a range or a comparison"};
constexpr expectation a_number_or_date{"数字或日期", "a number or a date"};
constexpr expectation a_comma{"逗号或结尾", "a comma or the end"};
constexpr expectation a_quote{"右引号（\"）", "a closing quote (\")"};
constexpr expectation an_escape{"\\\" 或 \\\\", "\\\" or \\\\"};
constexpr expectation two_dots{"“..”", "\"..\""};
constexpr expectation range_end{"区间的右括号", "the closing bracket of the range"};
constexpr expectation closing_bracket{"右括号 )", "a closing bracket )"};
constexpr expectation opening_bracket{"左括号 (", "an opening bracket ("};
constexpr expectation real_date{"真实的日期，如 2024-05-01", "a real date such as 2024-05-01"};
constexpr expectation six_decimals{"至多 12 位整数、6 位小数的数字",
                                   "a number of 12 whole digits and 6 decimals at most"};
constexpr expectation same_type{"与另一端同类的值", "a value of the same type as the other end"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Decimal text to millionths; nothing when it is no number or does not fit.
std::optional<std::int64_t> parse_number(std::string_view text) {
  std::size_t i = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) ++i;
  std::int64_t value = 0;
  int whole = 0;
  int decimals = 0;
  for (; i < text.size() && is_digit(text[i]); ++i) {
    if (value != 0 || text[i] != '0') ++whole;
    if (whole > 12) return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  const bool any_whole = i > (negative ? 1U : 0U);
  if (i < text.size() && text[i] == '.') {
    for (++i; i < text.size() && is_digit(text[i]); ++i) {
      if (++decimals > decimals_max) {
        if (text[i] != '0') return std::nullopt;
        --decimals;
        continue;
      }
      value = value * 10 + (text[i] - '0');
    }
    if (decimals == 0) return std::nullopt;
  } else if (!any_whole) {
    return std::nullopt;
  }
  if (i != text.size()) return std::nullopt;
  for (; decimals < decimals_max; ++decimals) value *= 10;
  return negative ? -value : value;
}

// 2024-01-01 and nothing else.
std::optional<std::int64_t> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto part = [&](std::size_t at, std::size_t n) {
    int v = -1;
    const char* end = text.data() + at + n;
    const auto r = std::from_chars(text.data() + at, end, v);
    return r.ec == std::errc{} && r.ptr == end ? v : -1;
  };
  const int y = part(0, 4);
  const int m = part(5, 2);
  const int d = part(8, 2);
  if (y < 0 || m < 0 || d < 0) return std::nullopt;
  const std::chrono::year_month_day ymd = std::chrono::year(y) /
                                          std::chrono::month(static_cast<unsigned>(m)) /
                                          std::chrono::day(static_cast<unsigned>(d));
  if (!ymd.ok()) return std::nullopt;
  return date(ymd).days;
}

}  // namespace

// Recursive descent without recursion: the language nests only in not(...).
class unary_parser {
 public:
  explicit unary_parser(std::string_view cell) : cell_(cell) {}

  result<void> parse(std::vector<test>& tests, bool& negated) {
    blanks();
    if (take_word("not")) {
      negated = true;
      blanks();
      if (!take('(')) return expected(opening_bracket);
      LIXIN_CHECK(list(tests));
      if (!take(')')) return expected(closing_bracket);
      blanks();
      return at_end() ? result<void>{} : expected(a_comma);
    }
    if (peek() == '-' && rest_is_blank(at_ + 1)) {
      tests.emplace_back();
      return {};
    }
    LIXIN_CHECK(list(tests));
    return at_end() ? result<void>{} : expected(a_comma);
  }

 private:
  bool at_end() const { return at_ >= cell_.size(); }
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < cell_.size() ? cell_[at_ + ahead] : '\0';
  }
  void blanks() {
    while (!at_end() && is_blank(cell_[at_])) ++at_;
  }
  bool rest_is_blank(std::size_t from) const {
    for (std::size_t i = from; i < cell_.size(); ++i) {
      if (!is_blank(cell_[i])) return false;
    }
    return true;
  }
  bool take(char c) {
    if (peek() != c || at_end()) return false;
    ++at_;
    return true;
  }
  bool take_word(std::string_view word) {
    if (cell_.substr(at_, word.size()) != word) return false;
    const char next = peek(word.size());
    if ((next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || is_digit(next))
      return false;
    at_ += word.size();
    return true;
  }

  error expected(const expectation& what) const { return expected_at(what, at_); }
  error expected_at(const expectation& what, std::size_t at) const {
    std::string found = "结尾 (the end)";
    if (at < cell_.size()) {
      std::size_t size = 1;
      while (at + size < cell_.size() && (static_cast<unsigned char>(cell_[at + size]) >> 6) == 2)
        ++size;
      found = "“" + std::string(cell_.substr(at, size)) + "”";
    }
    const std::size_t character = text::length(cell_.substr(0, at)) + 1;
    return error(errc::bad_unary_test,
                 {std::to_string(character), std::string(what.zh), std::string(what.en), found});
  }

  result<void> list(std::vector<test>& tests) {
    do {
      blanks();
      test t;
      LIXIN_CHECK(one(t));
      tests.push_back(std::move(t));
      blanks();
    } while (take(','));
    return {};
  }

  result<void> one(test& t) {
    const char c = peek();
    if (c == '[' || c == ']' || c == '(') return range(t);
    if (c == '<' || c == '>') {
      ++at_;
      const bool equal = take('=');
      t.kind = c == '<' ? (equal ? test::op::less_equal : test::op::less)
                        : (equal ? test::op::greater_equal : test::op::greater);
      blanks();
      return ordered_value(t.low);
    }
    t.kind = test::op::equal;
    return value(t.low, a_test);
  }

  result<void> range(test& t) {
    const std::size_t begin = at_;
    t.kind = test::op::range;
    t.low_open = cell_[at_++] != '[';
    blanks();
    LIXIN_CHECK(ordered_value(t.low));
    blanks();
    if (peek() != '.' || peek(1) != '.') return expected(two_dots);
    at_ += 2;
    blanks();
    const std::size_t high_at = at_;
    LIXIN_CHECK(ordered_value(t.high));
    if (t.high.type != t.low.type) return expected_at(same_type, high_at);
    blanks();
    const char end = peek();
    if (at_end() || (end != ']' && end != ')' && end != '[')) return expected(range_end);
    ++at_;
    t.high_open = end != ']';
    if (t.low.number > t.high.number) {
      return error(errc::range_reversed,
                   {std::to_string(text::length(cell_.substr(0, begin)) + 1)});
    }
    return {};
  }

  result<void> ordered_value(endpoint& e) {
    const std::size_t begin = at_;
    LIXIN_CHECK(value(e, a_number_or_date));
    if (e.type == value_type::text || e.type == value_type::boolean) {
      return expected_at(a_number_or_date, begin);
    }
    return {};
  }

  result<void> value(endpoint& e, const expectation& wanted) {
    const char c = peek();
    if (c == '"') return quoted(e);
    if (take_word("true")) {
      e.type = value_type::boolean;
      e.number = 1;
      return {};
    }
    if (take_word("false")) {
      e.type = value_type::boolean;
      e.number = 0;
      return {};
    }
    if (take_word("date")) return date_call(e);
    if (is_digit(c) || c == '-' || (c == '.' && is_digit(peek(1)))) return number_or_day(e, wanted);
    return expected(wanted);
  }

  result<void> quoted(endpoint& e) {
    e.type = value_type::text;
    ++at_;
    while (!at_end() && cell_[at_] != '"') {
      if (cell_[at_] == '\\') {
        if (peek(1) != '"' && peek(1) != '\\') return expected_at(an_escape, at_ + 1);
        ++at_;
      }
      e.text += cell_[at_++];
    }
    return take('"') ? result<void>{} : expected(a_quote);
  }

  result<void> date_call(endpoint& e) {
    blanks();
    if (!take('(')) return expected(opening_bracket);
    blanks();
    const std::size_t begin = at_;
    endpoint inner;
    if (peek() != '"') return expected(a_quote);
    LIXIN_CHECK(quoted(inner));
    const auto day = parse_day(inner.text);
    if (!day) return expected_at(real_date, begin);
    blanks();
    if (!take(')')) return expected(closing_bracket);
    e.type = value_type::day;
    e.number = *day;
    return {};
  }

  // A number ends before "..", so that [1..3] reads as a range.
  result<void> number_or_day(endpoint& e, const expectation& wanted) {
    const std::size_t begin = at_;
    if (peek() == '-') ++at_;
    const auto digits = [&] {
      while (is_digit(peek())) ++at_;
    };
    digits();
    if (at_ - begin == 4 && peek() == '-' && cell_[begin] != '-') {
      while (is_digit(peek()) || peek() == '-') ++at_;
      const auto day = parse_day(cell_.substr(begin, at_ - begin));
      if (!day) return expected_at(real_date, begin);
      e.type = value_type::day;
      e.number = *day;
      return {};
    }
    if (peek() == '.' && peek(1) != '.') {
      ++at_;
      digits();
    }
    const std::string_view literal = cell_.substr(begin, at_ - begin);
    if (literal == "-") return expected_at(wanted, begin);
    const auto number = parse_number(literal);
    if (!number) return expected_at(six_decimals, begin);
    e.type = value_type::number;
    e.number = *number;
    return {};
  }

  std::string_view cell_;
  std::size_t at_ = 0;
};

result<unary_tests> unary_tests::parse(std::string_view cell) {
  if (cell.size() > cell_bytes_max) {
    return error(errc::cell_too_long,
                 {std::to_string(cell_bytes_max), std::to_string(cell.size())});
  }
  unary_tests out;
  LIXIN_CHECK(unary_parser(cell).parse(out.tests_, out.negated_));
  return out;
}

namespace {

// The value read as the type of an endpoint.
std::optional<std::int64_t> read_as(value_type type, std::string_view text) {
  switch (type) {
    case value_type::number:
      return parse_number(text);
    case value_type::day:
      return parse_day(text);
    case value_type::boolean:
      if (text == "true") return 1;
      if (text == "false") return 0;
      return std::nullopt;
    case value_type::text:
      break;
  }
  return std::nullopt;
}

bool meets(const test& t, std::string_view value) {
  if (t.kind == test::op::any) return true;
  if (value.empty()) return false;
  if (t.low.type == value_type::text) return value == t.low.text;
  const auto v = read_as(t.low.type, value);
  if (!v) return false;
  switch (t.kind) {
    case test::op::equal:
      return *v == t.low.number;
    case test::op::less:
      return *v < t.low.number;
    case test::op::less_equal:
      return *v <= t.low.number;
    case test::op::greater:
      return *v > t.low.number;
    case test::op::greater_equal:
      return *v >= t.low.number;
    case test::op::range:
      return (t.low_open ? *v > t.low.number : *v >= t.low.number) &&
             (t.high_open ? *v < t.high.number : *v <= t.high.number);
    case test::op::any:
      break;
  }
  return true;
}

}  // namespace

bool unary_tests::matches(std::string_view value) const {
  bool any = false;
  for (const test& t : tests_) any = any || meets(t, value);
  if (!negated_) return any;
  return !value.empty() && !any;
}

}  // namespace lixin::catalogue
