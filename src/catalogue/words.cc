#include "catalogue/words.h"

#include <algorithm>
#include <numeric>

#include "text/fold.h"
#include "text/utf8.h"

namespace lixin::catalogue::words {
namespace {

constexpr std::size_t candidates_shown = 10;
constexpr std::size_t signs_max = 64;  // of a word that is compared; the rest decides nothing

std::u32string signs_of(std::string_view word) {
  std::u32string out;
  for (std::size_t i = 0; i < word.size() && out.size() < signs_max;) {
    const auto c = text::code_point_at(word, i);
    out += c.value;
    i += c.size;
  }
  return out;
}

std::size_t distance(const std::u32string& a, const std::u32string& b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row.back();
}

std::string_view cut_blanks(std::string_view s) {
  while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
  while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
  return s;
}

}  // namespace

std::string suggestion(std::string_view word, const std::vector<std::string_view>& candidates) {
  if (candidates.empty()) return "-";
  const std::u32string wanted = signs_of(text::fold_heading(word));
  std::string_view best;
  std::size_t best_distance = std::string::npos;
  for (const std::string_view candidate : candidates) {
    const std::size_t d = distance(wanted, signs_of(text::fold_heading(candidate)));
    if (d < best_distance) {
      best = candidate;
      best_distance = d;
    }
  }
  // Further away than half its signs, the nearest is a guess that could mislead.
  if (best_distance * 2 <= std::max<std::size_t>(wanted.size(), 2)) return std::string(best);
  std::string all;
  for (std::size_t i = 0; i < std::min(candidates.size(), candidates_shown); ++i) {
    all += (i == 0 ? "" : ", ") + std::string(candidates[i]);
  }
  return candidates.size() > candidates_shown ? all + " ..." : all;
}

std::vector<std::string> split_bar(std::string_view cell) {
  std::vector<std::string> out;
  while (!cell.empty()) {
    const std::size_t bar = std::min(cell.find('|'), cell.size());
    const std::string_view part = cut_blanks(cell.substr(0, bar));
    if (!part.empty()) out.emplace_back(part);
    cell.remove_prefix(std::min(bar + 1, cell.size()));
  }
  return out;
}

std::vector<std::string_view> split_values(std::string_view canonical) {
  std::vector<std::string_view> out;
  while (!canonical.empty()) {
    const std::size_t end = std::min(canonical.find(';'), canonical.size());
    if (end != 0) out.push_back(canonical.substr(0, end));
    canonical.remove_prefix(std::min(end + 1, canonical.size()));
  }
  return out;
}

}  // namespace lixin::catalogue::words
