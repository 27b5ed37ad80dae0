#include "tabular/json_lines.h"

#include <cstring>
#include <deque>
#include <unordered_map>

#include "tabular/errc.h"
#include "tabular/place.h"
#include "tabular/text_window.h"
#include "text/fold.h"
#include "text/utf8.h"

namespace lixin::tabular {
namespace {

constexpr std::string_view json_blanks = " \t\r\n";

bool is_blank_sign(char c) { return c == ' ' || c == '\t' || c == '\r'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// -?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)?
bool is_number(std::string_view s) {
  const auto cut_digits = [&s] {
    std::size_t n = 0;
    while (n < s.size() && is_digit(s[n])) ++n;
    s.remove_prefix(n);
    return n;
  };
  if (s.starts_with('-')) s.remove_prefix(1);
  const bool zero = s.starts_with('0');
  const std::size_t whole = cut_digits();
  if (whole == 0 || (zero && whole > 1)) return false;
  if (s.starts_with('.')) {
    s.remove_prefix(1);
    if (cut_digits() == 0) return false;
  }
  if (s.starts_with('e') || s.starts_with('E')) {
    s.remove_prefix(1);
    if (s.starts_with('+') || s.starts_with('-')) s.remove_prefix(1);
    if (cut_digits() == 0) return false;
  }
  return s.empty();
}

// Four hexadecimal digits; nothing when they are not there.
std::optional<char32_t> hex4(const char* p, const char* end) {
  if (end - p < 4) return std::nullopt;
  char32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    const char c = p[i];
    const int digit = is_digit(c)            ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return std::nullopt;
    value = value << 4 | static_cast<char32_t>(digit);
  }
  return value;
}

class json_lines_reader : public reader, private text_window {
 public:
  json_lines_reader(std::unique_ptr<input> in, const options& o, std::size_t piece_bytes)
      : text_window(text_source(std::move(in), text::encoding::utf8, piece_bytes), 0, o.file_name) {
  }

  result<void> start();
  result<bool> read(block& out, std::size_t rows_max) override;
  format file_format() const override { return format::json_lines; }
  text::encoding file_encoding() const override { return text::encoding::utf8; }
  std::uint64_t bytes_total() const override { return source_.size(); }
  std::span<const std::uint64_t> heading_rows() const override { return first_rows_; }

 private:
  result<void> find_columns();
  result<void> refill() override;
  void give_heading(block& out);
  step parse_row(block& out) override;
  bool parse_object(block& out, std::size_t first);
  bool parse_member(block& out, std::size_t first);
  bool parse_value(block& out, cell& to);
  bool parse_string(block& out, std::string_view& text);
  bool decode(const char* from, const char* end, arena& store, std::string_view& text);
  const char* decode_escape(const char* p, const char* end, std::string& out);
  bool find_column(std::string_view key, const char* place, std::size_t& column);
  void skip_blanks();
  bool expect(char sign, std::string_view said);
  bool fail(const message& m, const char* place, std::vector<std::string> more = {});

  bool columns_known_ = false;
  bool heading_given_ = false;
  std::deque<std::string> columns_;  // never move: cells and keys of the index are views of them
  std::unordered_map<std::string_view, std::size_t> index_;
  std::vector<std::uint64_t> first_rows_;  // by column: the line that used the key first
  std::vector<std::uint64_t> last_rows_;   // by column: the line that used the key last

  // Of the line being parsed.
  const char* line_ = nullptr;
  const char* p_ = nullptr;
  const char* line_end_ = nullptr;
  std::size_t expected_column_ = 0;  // keys mostly come in the same order
  bool row_has_text_ = false;
};

result<void> json_lines_reader::start() {
  LIXIN_CHECK(source_.start());
  if (source_.encoding() != text::encoding::utf8) return error(errc::json_not_utf8);
  LIXIN_CHECK(find_columns());
  columns_known_ = true;
  row_ = 1;
  last_rows_.assign(columns_.size(), 0);
  LIXIN_CHECK(rewind());
  return refill();
}

result<void> json_lines_reader::find_columns() {
  LIXIN_CHECK(refill());
  block scratch;
  for (std::size_t lines = 1;; ++lines) {
    const step s = parse_row(scratch);
    if (s == step::end) return {};
    if (s == step::failed) return *failed_;
    constexpr std::size_t lines_kept = 16;
    if (s == step::more || lines % lines_kept == 0) scratch.clear();
    if (s != step::more) continue;
    if (auto refilled = refill(); !refilled.ok()) {
      return std::move(refilled).error().at({file_, "", row_, ""});
    }
  }
}

result<void> json_lines_reader::refill() {
  auto done = next_piece();
  if (done.ok() || !done.error().is(errc::bad_utf8)) return done;
  return error(errc::json_bad_utf8, {done.error().args().at(0)});
}

// The heading is the first row of the first block.
result<bool> json_lines_reader::read(block& out, std::size_t rows_max) {
  LIXIN_ASSERT(rows_max > 0);
  const std::size_t before = out.rows.size();
  if (!heading_given_ && !columns_.empty()) give_heading(out);
  heading_given_ = true;
  const std::size_t given = out.rows.size() - before;
  LIXIN_TRY(const bool more, read_rows(out, rows_max - given));
  return more || given > 0;
}

void json_lines_reader::give_heading(block& out) {
  out.rows.push_back({0, 0, out.cells.size(), columns_.size()});
  for (const std::string& name : columns_) out.cells.push_back({name, cell_kind::text});
}

json_lines_reader::step json_lines_reader::parse_row(block& out) {
  if (at_ == end_) return last_ ? step::end : step::more;
  const auto left = static_cast<std::size_t>(end_ - at_);
  const char* stop = static_cast<const char*>(std::memchr(at_, '\n', left));
  if (stop == nullptr && !last_) return step::more;
  line_ = p_ = at_;
  line_end_ = stop == nullptr ? end_ : stop;
  const auto fail_row = [&](const message& m, std::uint64_t max) {
    failed_ = error(m, {std::to_string(max)}, {file_, "", row_, ""});
    return step::failed;
  };
  if (static_cast<std::size_t>(line_end_ - line_) > limits::row_bytes_max) {
    return fail_row(errc::row_too_long, limits::row_bytes_max);
  }
  if (row_ > limits::rows_max) return fail_row(errc::too_many_rows, limits::rows_max);
  const std::size_t first = out.cells.size();
  row_has_text_ = false;
  if (!parse_object(out, first)) {
    out.cells.resize(first);
    return step::failed;
  }
  const std::uint64_t number = row_++;
  at_ = stop == nullptr ? end_ : stop + 1;
  if (!row_has_text_) {
    out.cells.resize(first);
    return step::blank;
  }
  out.rows.push_back({number, offset_of(at_), first, out.cells.size() - first});
  return step::row;
}

void json_lines_reader::skip_blanks() {
  while (p_ != line_end_ && is_blank_sign(*p_)) ++p_;
}

// Whether the next sign is this one, which is then passed over.
bool json_lines_reader::expect(char sign, std::string_view said) {
  skip_blanks();
  if (p_ == line_end_) return fail(errc::json_cut, p_);
  if (*p_ != sign) return fail(errc::json_expected, p_, {std::string(said)});
  ++p_;
  return true;
}

// The line, unless it is blank: an object with nothing after it.
bool json_lines_reader::parse_object(block& out, std::size_t first) {
  skip_blanks();
  if (p_ == line_end_) return true;
  if (*p_ == '[') return fail(errc::json_array, p_);
  if (*p_ != '{') return fail(errc::json_not_object, p_);
  ++p_;
  out.cells.resize(first + columns_.size());
  expected_column_ = 0;
  skip_blanks();
  if (p_ != line_end_ && *p_ == '}') {
    ++p_;
  } else {
    for (bool more = true; more;) {
      if (!parse_member(out, first)) return false;
      skip_blanks();
      if (p_ == line_end_) return fail(errc::json_cut, p_);
      if (*p_ != ',' && *p_ != '}') return fail(errc::json_expected, p_, {", }"});
      more = *p_++ == ',';
    }
  }
  skip_blanks();
  return p_ == line_end_ || fail(errc::json_after, p_);
}

bool json_lines_reader::parse_member(block& out, std::size_t first) {
  if (!expect('"', "\"")) return false;
  const char* const place = p_ - 1;
  std::string_view key;
  std::size_t column = 0;
  if (!parse_string(out, key) || !find_column(key, place, column)) return false;
  if (!expect(':', ":")) return false;
  skip_blanks();
  cell value;
  if (!parse_value(out, value)) return false;
  if (out.cells.size() <= first + column) out.cells.resize(first + column + 1);
  out.cells[first + column] = value;
  if (!row_has_text_) row_has_text_ = !is_blank(value.text);
  return true;
}

bool json_lines_reader::find_column(std::string_view key, const char* place, std::size_t& column) {
  if (expected_column_ < columns_.size() && columns_[expected_column_] == key) {
    column = expected_column_;
  } else if (const auto known = index_.find(key); known != index_.end()) {
    column = known->second;
  } else {
    if (columns_known_) return fail(errc::json_changed, place);
    if (key.size() > limits::key_bytes_max) {
      return fail(errc::json_key_too_long, place, {std::to_string(limits::key_bytes_max)});
    }
    if (columns_.size() == limits::columns_max) {
      return fail(errc::json_too_many_keys, place, {std::to_string(limits::columns_max)});
    }
    column = columns_.size();
    index_.emplace(columns_.emplace_back(key), column);
    first_rows_.push_back(row_);
    last_rows_.push_back(0);
  }
  expected_column_ = column + 1;
  if (last_rows_[column] == row_) return fail(errc::json_repeated_key, place);
  last_rows_[column] = row_;
  return true;
}

bool json_lines_reader::parse_value(block& out, cell& to) {
  if (p_ == line_end_) return fail(errc::json_cut, p_);
  const char* const from = p_;
  const char c = *p_;
  if (c == '"') {
    ++p_;
    return parse_string(out, to.text);
  }
  if (c == '{' || c == '[') return fail(errc::json_nested, from);
  if (c == '-' || is_digit(c)) {
    while (p_ != line_end_ &&
           (is_digit(*p_) || is_letter(*p_) || *p_ == '.' || *p_ == '+' || *p_ == '-')) {
      ++p_;
    }
    to.text = {from, static_cast<std::size_t>(p_ - from)};
    if (!is_number(to.text)) return fail(errc::json_bad_number, from);
    if (to.text.size() <= limits::cell_bytes_max) return true;
    return fail(errc::json_value_too_long, from, {std::to_string(limits::cell_bytes_max)});
  }
  while (p_ != line_end_ && is_letter(*p_)) ++p_;
  const std::string_view word(from, static_cast<std::size_t>(p_ - from));
  if (word == "null") return true;
  if (word == "true" || word == "false") {
    to = {word == "true" ? "TRUE" : "FALSE", cell_kind::boolean};
    return true;
  }
  return fail(errc::json_bad_value, from);
}

// From after the opening quote to after the closing one.
bool json_lines_reader::parse_string(block& out, std::string_view& text) {
  const char* const from = p_;
  bool escaped = false;
  for (; p_ != line_end_ && *p_ != '"'; ++p_) {
    if (static_cast<unsigned char>(*p_) < 0x20) return fail(errc::json_control, p_);
    if (*p_ != '\\') continue;
    escaped = true;
    if (++p_ == line_end_) break;
  }
  if (p_ == line_end_) return fail(errc::json_unclosed, from - 1);
  const char* const end = p_++;
  text = {from, static_cast<std::size_t>(end - from)};
  if (escaped && !decode(from, end, out.store, text)) return false;
  if (text.size() <= limits::cell_bytes_max) return true;
  return fail(errc::json_value_too_long, from - 1, {std::to_string(limits::cell_bytes_max)});
}

// No escape is shorter than what it stands for.
bool json_lines_reader::decode(const char* from, const char* end, arena& store,
                               std::string_view& text) {
  const auto room = static_cast<std::size_t>(end - from);
  char* const to = store.room(room);
  char* write = to;
  std::string sign;
  for (const char* p = from; p != end;) {
    if (*p != '\\') {
      *write++ = *p++;
      continue;
    }
    sign.clear();
    p = decode_escape(p, end, sign);
    if (p == nullptr) return false;
    std::memcpy(write, sign.data(), sign.size());
    write += sign.size();
  }
  text = {to, static_cast<std::size_t>(write - to)};
  store.give_back(room - text.size());
  return true;
}

// Where the text goes on after the escape at `p`; null, with the failure told, when it is none.
const char* json_lines_reader::decode_escape(const char* p, const char* end, std::string& out) {
  constexpr std::string_view signs = "\"\\/bfnrt";
  constexpr std::string_view means = "\"\\/\b\f\n\r\t";
  const char* const from = p++;
  const auto bad = [&](const message& m) {
    fail(m, from);
    return nullptr;
  };
  if (const std::size_t at = signs.find(*p); at != signs.npos) {
    out += means[at];
    return p + 1;
  }
  if (*p != 'u') return bad(errc::json_bad_escape);
  const auto first = hex4(p + 1, end);
  if (!first) return bad(errc::json_bad_escape);
  p += 5;
  char32_t value = *first;
  if (value == 0) return bad(errc::json_nul);
  if (value >= 0xDC00 && value <= 0xDFFF) return bad(errc::json_bad_escape);
  if (value >= 0xD800 && value <= 0xDBFF) {
    const bool pair = end - p >= 6 && p[0] == '\\' && p[1] == 'u';
    const auto second = pair ? hex4(p + 2, end) : std::nullopt;
    if (!second || *second < 0xDC00 || *second > 0xDFFF) return bad(errc::json_bad_escape);
    value = 0x10000 + ((value - 0xD800) << 10) + (*second - 0xDC00);
    p += 6;
  }
  text::append_code_point(out, value);
  return p;
}

// The place is told as the number of the sign in its line, the first being 1.
bool json_lines_reader::fail(const message& m, const char* place, std::vector<std::string> more) {
  const std::string_view before(line_, static_cast<std::size_t>(place - line_));
  more.insert(more.begin(), std::to_string(text::length(before) + 1));
  failed_ = error(m, std::move(more), {file_, "", row_, ""});
  return false;
}

}  // namespace

bool is_json(std::string_view head) {
  if (!text::cut_bom(head) && head.starts_with(gb18030_mark)) {
    head.remove_prefix(gb18030_mark.size());
  }
  const auto next = [&head] {
    const std::size_t at = head.find_first_not_of(json_blanks);
    if (at == head.npos) return '\0';
    head.remove_prefix(at);
    return head.front();
  };
  char c = next();
  if (c == '[') {
    head.remove_prefix(1);
    c = next();
  }
  if (c != '{') return false;
  head.remove_prefix(1);
  c = next();
  return c == '"' || c == '}';
}

result<std::unique_ptr<reader>> open_json_lines(std::unique_ptr<input> in, const options& o,
                                                std::size_t piece_bytes) {
  if (o.encoding && *o.encoding != text::encoding::utf8) return error(errc::json_not_utf8);
  auto made = std::make_unique<json_lines_reader>(std::move(in), o, piece_bytes);
  LIXIN_CHECK(made->start());
  return std::unique_ptr<reader>(std::move(made));
}

}  // namespace lixin::tabular
