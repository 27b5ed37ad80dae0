// Parameters in text form, and rows read back from it.
#include <fmt/format.h>
#include <libpq-fe.h>

#include <charconv>
#include <utility>

#include "pg/pg.h"

namespace lixin::pg {
namespace {

// One element of a PostgreSQL array, always quoted: a bare NULL would be a null.
void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  out += '"';
}

// What the server sends is of the type that our own statement asked for.
template <class Number>
Number number_of(std::string_view text) {
  Number out{};
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
  LIXIN_ASSERT(failure == std::errc() && end == text.data() + text.size());
  return out;
}

int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

// ISO form: YYYY-MM-DD with more digits of the year where needed. Our tables keep an open end as
// null, never as "infinity".
date day_of(std::string_view text) {
  const bool before_christ = text.ends_with(" BC");
  if (before_christ) text.remove_suffix(3);
  LIXIN_ASSERT(text.size() >= 10 && text[text.size() - 3] == '-' && text[text.size() - 6] == '-');
  const int year = number_of<int>(text.substr(0, text.size() - 6));
  const auto month = number_of<unsigned>(text.substr(text.size() - 5, 2));
  const auto day = number_of<unsigned>(text.substr(text.size() - 2));
  return date(before_christ ? 1 - year : year, month, day);
}

}  // namespace

params& params::add(std::int64_t v) {
  values_.push_back({std::to_string(v), false, false});
  return *this;
}

params& params::add(bool v) {
  values_.push_back({v ? "t" : "f", false, false});
  return *this;
}

params& params::add(std::string_view v) {
  values_.push_back({std::string(v), false, false});
  return *this;
}

params& params::add(date v) {
  values_.push_back({to_string(v), false, false});
  return *this;
}

params& params::add_bytes(std::string_view v) {
  values_.push_back({std::string(v), false, true});
  return *this;
}

params& params::add_null() {
  values_.push_back({std::string(), true, false});
  return *this;
}

params& params::add(std::span<const std::int64_t> v) {
  std::string out = "{";
  for (const std::int64_t n : v) {
    if (out.size() > 1) out += ',';
    fmt::format_to(std::back_inserter(out), "{}", n);
  }
  out += '}';
  values_.push_back({std::move(out), false, false});
  return *this;
}

params& params::add(std::span<const std::string> v) {
  std::string out = "{";
  for (const std::string& text : v) {
    if (out.size() > 1) out += ',';
    append_quoted(out, text);
  }
  out += '}';
  values_.push_back({std::move(out), false, false});
  return *this;
}

rows::rows(pg_result* r) : r_(r) {}
rows::~rows() { PQclear(r_); }
rows::rows(rows&& o) noexcept : r_(std::exchange(o.r_, nullptr)) {}
rows& rows::operator=(rows&& o) noexcept {
  std::swap(r_, o.r_);
  return *this;
}

int rows::size() const { return PQntuples(r_); }

std::int64_t rows::affected() const {
  const std::string_view count = PQcmdTuples(r_);
  return count.empty() ? 0 : number_of<std::int64_t>(count);
}

bool rows::is_null(int row, int column) const {
  LIXIN_ASSERT(row >= 0 && row < PQntuples(r_) && column >= 0 && column < PQnfields(r_));
  return PQgetisnull(r_, row, column) != 0;
}

std::string_view rows::text(int row, int column) const {
  LIXIN_ASSERT(row >= 0 && row < PQntuples(r_) && column >= 0 && column < PQnfields(r_));
  return {PQgetvalue(r_, row, column), static_cast<std::size_t>(PQgetlength(r_, row, column))};
}

std::int64_t rows::int64(int row, int column) const {
  return is_null(row, column) ? 0 : number_of<std::int64_t>(text(row, column));
}

bool rows::boolean(int row, int column) const { return text(row, column) == "t"; }

date rows::day(int row, int column) const {
  return is_null(row, column) ? date() : day_of(text(row, column));
}

std::optional<date> rows::optional_day(int row, int column) const {
  if (is_null(row, column)) return std::nullopt;
  return day_of(text(row, column));
}

std::optional<std::int64_t> rows::optional_int64(int row, int column) const {
  if (is_null(row, column)) return std::nullopt;
  return number_of<std::int64_t>(text(row, column));
}

std::string rows::bytes(int row, int column) const {
  const std::string_view hex = text(row, column);
  if (hex.empty()) return {};
  LIXIN_ASSERT(hex.starts_with("\\x") && hex.size() % 2 == 0);  // bytea_output is set to hex
  std::string out;
  out.reserve(hex.size() / 2 - 1);
  for (std::size_t i = 2; i < hex.size(); i += 2) {
    const int high = nibble(hex[i]);
    const int low = nibble(hex[i + 1]);
    LIXIN_ASSERT(high >= 0 && low >= 0);
    out += static_cast<char>(high << 4 | low);
  }
  return out;
}

}  // namespace lixin::pg
