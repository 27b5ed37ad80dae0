#include "tabular/csv.h"

#include <algorithm>
#include <bit>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "tabular/errc.h"
#include "tabular/place.h"
#include "tabular/text_window.h"

namespace lixin::tabular {

std::uint64_t stops_portable(const char* p, char separator) {
  std::uint64_t mask = 0;
  for (unsigned i = 0; i < 64; ++i) {
    const bool stop = p[i] == separator || p[i] == '\n' || p[i] == '\r';
    mask |= std::uint64_t{stop} << i;
  }
  return mask;
}

#if defined(__SSE2__)
std::uint64_t stops(const char* p, char separator) {
  const __m128i want = _mm_set1_epi8(separator);
  const __m128i lf = _mm_set1_epi8('\n');
  const __m128i cr = _mm_set1_epi8('\r');
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p + i * 16));
    const __m128i hit =
        _mm_or_si128(_mm_cmpeq_epi8(bytes, want),
                     _mm_or_si128(_mm_cmpeq_epi8(bytes, lf), _mm_cmpeq_epi8(bytes, cr)));
    mask |= std::uint64_t{static_cast<std::uint32_t>(_mm_movemask_epi8(hit))} << (i * 16);
  }
  return mask;
}
#else
std::uint64_t stops(const char* p, char separator) { return stops_portable(p, separator); }
#endif

namespace {

// stops() looks at 64 bytes at a time and so past the end of the text.
constexpr std::size_t overread_bytes = 64;

class csv_reader : public reader, private text_window {
 public:
  csv_reader(std::unique_ptr<input> in, const options& o, const csv_tuning& tuning)
      : text_window(text_source(std::move(in), o.encoding, tuning.piece_bytes), overread_bytes,
                    o.file_name),
        separator_(o.separator.value_or(',')),
        comments_(tuning.comments) {}

  result<void> start(const options& o) {
    LIXIN_CHECK(source_.start());
    LIXIN_CHECK(refill());
    if (at_ == end_ && last_) return error(errc::empty_file);
    if (!o.separator) separator_ = find_separator();
    return {};
  }

  result<bool> read(block& out, std::size_t rows_max) override {
    LIXIN_ASSERT(rows_max > 0);
    return read_rows(out, rows_max);
  }
  format file_format() const override { return format::csv; }
  text::encoding file_encoding() const override { return source_.encoding(); }
  std::uint64_t bytes_total() const override { return source_.size(); }

 private:
  step parse_row(block& out) override;
  step parse_quoted(const char* open, block& out, std::string_view& text, const char*& stop);
  step pass_comment();
  step finish_row(block& out, std::size_t first, const char* next);
  bool add(block& out, std::size_t first, std::string_view text);
  const char* next_stop(const char* p);
  char find_separator() const;
  result<void> refill() override;
  step fail(const message& m, std::vector<std::string> args, bool in_column = false);

  const char* look_ = nullptr;  // the 64 bytes that mask_ speaks of
  std::uint64_t mask_ = 0;

  char separator_;
  bool comments_;
  std::size_t column_ = 0;
  bool row_has_text_ = false;
};

result<void> csv_reader::refill() {
  LIXIN_CHECK(next_piece());
  look_ = nullptr;
  return {};
}

const char* csv_reader::next_stop(const char* p) {
  if (look_ == nullptr || p - look_ >= 64) {
    look_ = p;
    mask_ = stops(p, separator_);
  }
  std::uint64_t mask = mask_ & (~std::uint64_t{0} << (p - look_));
  while (mask == 0) {
    look_ += 64;
    if (look_ >= end_) {
      look_ = nullptr;
      return end_;
    }
    mask = mask_ = stops(look_, separator_);
  }
  const char* stop = look_ + std::countr_zero(mask);
  return stop < end_ ? stop : end_;
}

csv_reader::step csv_reader::parse_row(block& out) {
  if (at_ == end_) return last_ ? step::end : step::more;
  if (comments_ && *at_ == '#') return pass_comment();
  const std::size_t first = out.cells.size();
  const auto more = [&] {
    out.cells.resize(first);
    return step::more;
  };
  column_ = 0;
  row_has_text_ = false;
  const char* p = at_;
  for (;;) {
    const char* stop = nullptr;
    std::string_view text;
    if (p != end_ && *p == '"') {
      const step s = parse_quoted(p, out, text, stop);
      if (s == step::more) return more();
      if (s == step::failed) {
        out.cells.resize(first);
        return s;
      }
    } else {
      stop = next_stop(p);
      text = {p, static_cast<std::size_t>(stop - p)};
    }
    if (stop == end_ && !last_) return more();
    if (!add(out, first, text)) return step::failed;
    if (stop == end_) return finish_row(out, first, end_);
    p = stop + 1;
    if (*stop == separator_) continue;
    if (*stop == '\r') {
      if (p == end_ && !last_) return more();
      if (p != end_ && *p == '\n') ++p;
    }
    return finish_row(out, first, p);
  }
}

csv_reader::step csv_reader::parse_quoted(const char* open, block& out, std::string_view& text,
                                          const char*& stop) {
  const char* const from = open + 1;
  const char* close = from;
  std::size_t doubled = 0;
  for (;;) {
    const auto left = static_cast<std::size_t>(end_ - close);
    close = static_cast<const char*>(std::memchr(close, '"', left));
    if (close == nullptr) {
      if (static_cast<std::size_t>(end_ - from) > 2 * limits::cell_bytes_max) {
        return fail(errc::quote_runs_on, {std::to_string(2 * limits::cell_bytes_max)}, true);
      }
      return last_ ? fail(errc::unclosed_quote, {}, true) : step::more;
    }
    if (close + 1 == end_) {
      if (!last_) return step::more;
      break;
    }
    if (close[1] != '"') break;
    ++doubled;
    close += 2;
  }
  text = {from, static_cast<std::size_t>(close - from)};
  stop = close + 1;
  while (stop != end_ && (*stop == ' ' || *stop == '\t') && *stop != separator_) ++stop;
  if (stop != end_ && *stop != separator_ && *stop != '\r' && *stop != '\n') {
    return fail(errc::text_after_quote, {}, true);
  }
  if (doubled == 0 || (stop == end_ && !last_)) return step::row;
  // Too long is add()'s to tell, but nothing is copied beyond the limit.
  if (text.size() - doubled > limits::cell_bytes_max) return step::row;
  char* to = out.store.room(text.size() - doubled);
  char* write = to;
  while (!text.empty()) {
    const std::size_t quote = text.find('"');
    const std::string_view part = text.substr(0, quote == text.npos ? quote : quote + 1);
    std::memcpy(write, part.data(), part.size());
    write += part.size();
    text.remove_prefix(quote == text.npos ? text.size() : quote + 2);
  }
  text = {to, static_cast<std::size_t>(write - to)};
  return step::row;
}

bool csv_reader::add(block& out, std::size_t first, std::string_view text) {
  if (text.size() > limits::cell_bytes_max) {
    fail(errc::cell_too_long, {std::to_string(limits::cell_bytes_max)}, true);
    out.cells.resize(first);
    return false;
  }
  if (!row_has_text_) row_has_text_ = !is_blank(text);
  if (column_ < limits::columns_max) {
    out.cells.push_back({text, cell_kind::text});
  } else if (!is_blank(text)) {
    fail(errc::too_many_columns, {std::to_string(limits::columns_max)});
    out.cells.resize(first);
    return false;
  }
  ++column_;
  return true;
}

csv_reader::step csv_reader::finish_row(block& out, std::size_t first, const char* next) {
  if (static_cast<std::size_t>(next - at_) > limits::row_bytes_max) {
    out.cells.resize(first);
    return fail(errc::row_too_long, {std::to_string(limits::row_bytes_max)});
  }
  if (row_ > limits::rows_max) {
    out.cells.resize(first);
    return fail(errc::too_many_rows, {std::to_string(limits::rows_max)});
  }
  at_ = next;
  const std::uint64_t number = row_++;
  if (!row_has_text_) {
    out.cells.resize(first);
    return step::blank;
  }
  out.rows.push_back({number, offset_of(next), first, out.cells.size() - first});
  return step::row;
}

csv_reader::step csv_reader::pass_comment() {
  const char* p = at_;
  while (p != end_ && *p != '\n' && *p != '\r') ++p;
  if (p == end_ && !last_) return step::more;
  if (p != end_ && *p == '\r') {
    if (p + 1 == end_ && !last_) return step::more;
    if (p + 1 != end_ && p[1] == '\n') ++p;
  }
  at_ = p == end_ ? end_ : p + 1;
  ++row_;
  return step::blank;
}

// The separator that the first row with text has most of, outside quotes.
char csv_reader::find_separator() const {
  constexpr char known[] = {',', ';', '\t'};
  std::size_t count[] = {0, 0, 0};
  bool quoted = false;
  bool comment = comments_ && at_ != end_ && *at_ == '#';
  bool text = false;
  bool cell_start = true;
  for (const char* p = at_; p != end_; ++p) {
    if (!quoted && (*p == '\n' || *p == '\r')) {
      if (text) break;
      comment = comments_ && p + 1 != end_ && p[1] == '#';
      cell_start = true;
      continue;
    }
    if (comment) continue;
    text = true;
    if (*p == '"' && (quoted || cell_start)) quoted = !quoted;
    cell_start = std::find(std::begin(known), std::end(known), *p) != std::end(known);
    if (quoted) continue;
    for (std::size_t i = 0; i < 3; ++i) count[i] += *p == known[i];
  }
  std::size_t best = 0;
  for (std::size_t i = 1; i < 3; ++i) {
    if (count[i] > count[best]) best = i;
  }
  return known[best];
}

csv_reader::step csv_reader::fail(const message& m, std::vector<std::string> args, bool in_column) {
  failed_ = error(m, std::move(args),
                  {file_, "", row_, in_column ? column_letters(column_) : std::string()});
  return step::failed;
}

}  // namespace

result<std::unique_ptr<reader>> open_csv(std::unique_ptr<input> in, const options& o,
                                         const csv_tuning& tuning) {
  if (o.separator && std::string_view(",;\t|").find(*o.separator) == std::string_view::npos) {
    return error(errc::bad_separator);
  }
  auto made = std::make_unique<csv_reader>(std::move(in), o, tuning);
  LIXIN_CHECK(made->start(o));
  return std::unique_ptr<reader>(std::move(made));
}

}  // namespace lixin::tabular
