#include "lixin/terminal.h"

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "lixin/say.h"
#include "text/utf8.h"

namespace lixin {
namespace {

std::size_t width_of(char32_t c) {
  const auto sign = static_cast<UChar32>(c);
  // Accents, joiners and marks of direction are drawn on or between other signs.
  constexpr std::uint32_t unseen = U_GC_MN_MASK | U_GC_ME_MASK | U_GC_CF_MASK;
  if ((U_GET_GC_MASK(sign) & unseen) != 0) return 0;
  switch (u_getIntPropertyValue(sign, UCHAR_EAST_ASIAN_WIDTH)) {
    case U_EA_FULLWIDTH:
    case U_EA_WIDE:
      return 2;
    default:
      return 1;
  }
}

// The bytes of `utf8` that fit into `width` columns.
std::size_t prefix_bytes(std::string_view utf8, std::size_t width, std::size_t& used) {
  used = 0;
  std::size_t at = 0;
  while (at < utf8.size()) {
    const text::code_point c = text::code_point_at(utf8, at);
    const std::size_t w = width_of(c.value);
    if (used + w > width) break;
    used += w;
    at += c.size;
  }
  return at;
}

}  // namespace

std::size_t display_width(std::string_view utf8) {
  std::size_t used = 0;
  prefix_bytes(utf8, utf8.size() * 2, used);
  return used;
}

std::string padded(std::string_view text, std::size_t width) {
  std::string out(text);
  const std::size_t w = display_width(text);
  if (w < width) out.append(width - w, ' ');
  return out;
}

std::string shortened(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  if (width == 0) return {};
  std::size_t used = 0;
  const std::size_t bytes = prefix_bytes(text, width - 1, used);
  return std::string(text.substr(0, bytes)) + "…";
}

text_table& text_table::right(std::size_t first_column, std::size_t columns) {
  right_.resize(std::max(right_.size(), first_column + columns));
  std::fill_n(right_.begin() + static_cast<std::ptrdiff_t>(first_column), columns, true);
  return *this;
}

std::string text_table::text() const {
  std::vector<std::size_t> widths;
  for (const auto& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(row[i]));
    }
  }
  std::string out;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i < right_.size() && right_[i]) {
        line.append(widths[i] - display_width(row[i]), ' ').append(row[i]).append("  ");
      } else {
        line += i + 1 < row.size() ? padded(row[i], widths[i] + 2) : row[i];
      }
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

std::string grouped(std::int64_t n) {
  std::string out = fmt::format("{}", n);
  for (auto i = static_cast<std::int64_t>(out.size()) - 3; i > (n < 0 ? 1 : 0); i -= 3) {
    out.insert(static_cast<std::size_t>(i), ",");
  }
  return out;
}

void print_error(const error& e) {
  fmt::print(stderr, "错误：{}\nerror: {}\n", e.text(language::zh), e.text(language::en));
}

progress_line::progress_line(language lang)
    : lang_(lang),
      on_(::isatty(STDERR_FILENO) != 0),
      start_(std::chrono::steady_clock::now()),
      last_(start_) {}

void progress_line::show(std::int64_t rows, std::uint64_t bytes, std::uint64_t bytes_total) {
  using namespace std::chrono_literals;
  const auto now = std::chrono::steady_clock::now();
  if (!on_ || (shown_ && now - last_ < 200ms)) return;
  last_ = now;
  shown_ = true;
  const double seconds = std::max(0.001, std::chrono::duration<double>(now - start_).count());
  const double share =
      bytes_total == 0 ? 0 : static_cast<double>(bytes) / static_cast<double>(bytes_total);
  const double left = share > 0 ? seconds * (1 - share) / share : 0;
  const auto rate = static_cast<std::int64_t>(static_cast<double>(rows) / seconds);
  fmt::print(stderr, "\r\033[K{}",
             say(lang_, "已读 {} 行，每秒 {} 行，完成 {:.0f}%，约剩 {:.0f} 秒",
                 "{} rows read, {} a second, {:.0f}% done, about {:.0f} s left", grouped(rows),
                 grouped(rate), share * 100, left));
  std::fflush(stderr);
}

void progress_line::end() {
  if (shown_) fmt::print(stderr, "\r\033[K");
}

}  // namespace lixin
