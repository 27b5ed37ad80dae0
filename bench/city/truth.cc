#include "city/truth.h"

#include <fmt/format.h>

#include <algorithm>

#include "city/errc.h"

namespace lixin::city {
namespace {

constexpr std::size_t first_max = 20;
constexpr std::size_t line_columns = 5;

// The same few outcomes come again and again: each is kept once and named by a number.
class outcomes {
 public:
  std::uint32_t number_of(const outcome& o) {
    const std::string key = fmt::format("{}\t{}\t{}", o.fate, o.reasons, o.flags);
    const auto [it, fresh] = numbers_.emplace(key, static_cast<std::uint32_t>(all_.size()));
    if (fresh) all_.push_back(o);
    return it->second;
  }
  const outcome& at(std::uint32_t i) const { return all_[i]; }

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<outcome> all_;
};

struct expectation {
  std::uint32_t outcome = 0;
  bool met = false;
};
using rows_of_file = std::unordered_map<std::uint64_t, expectation>;

std::vector<std::string_view> columns_of(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::vector<std::string_view> out;
  for (;;) {
    const std::size_t tab = line.find('\t');
    out.push_back(line.substr(0, tab));
    if (tab == std::string_view::npos) return out;
    line.remove_prefix(tab + 1);
  }
}

struct parsed_line {
  std::string file;
  std::uint64_t row = 0;
  outcome what;
};

result<parsed_line> parse_line(const std::string& line, std::uint64_t number) {
  const auto columns = columns_of(line);
  if (columns.size() < line_columns) {
    return error(errc::bad_truth_line, {fmt::format("{}", number), fmt::format("{}", line_columns),
                                        fmt::format("{}", columns.size())});
  }
  parsed_line p;
  p.file = columns[0];
  for (const char c : columns[1]) {
    if (c < '0' || c > '9' || p.row > 1'000'000'000'000) {
      return error(errc::bad_argument, {fmt::format("line {}, column 2", number),
                                        std::string(columns[1]), "a row number"});
    }
    p.row = p.row * 10 + static_cast<std::uint64_t>(c - '0');
  }
  p.what = {std::string(columns[2]), std::string(columns[3]), std::string(columns[4])};
  return p;
}

class comparer {
 public:
  result<void> read_truth(std::istream& in) {
    std::string line;
    for (std::uint64_t number = 1; std::getline(in, line); ++number) {
      if (number == 1 && line.starts_with("file\trow\t")) continue;
      LIXIN_TRY(const auto p, parse_line(line, number));
      if (!files_[p.file].emplace(p.row, expectation{outcomes_.number_of(p.what)}).second) {
        return doubled(number, p);
      }
    }
    return {};
  }

  result<void> read_found(std::istream& in) {
    std::string line;
    for (std::uint64_t number = 1; std::getline(in, line); ++number) {
      LIXIN_TRY(const auto p, parse_line(line, number));
      const auto file = files_.find(p.file);
      const bool known = file != files_.end() && file->second.contains(p.row);
      if (!known) {
        note("invented", p.file, p.row, {}, p.what);
        continue;
      }
      expectation& e = file->second.at(p.row);
      if (e.met) return doubled(number, p);
      e.met = true;
      ++answer_.compared;
      compare_row(p, outcomes_.at(e.outcome));
    }
    return {};
  }

  comparison finish() {
    for (const auto& [file, rows] : files_) {
      std::vector<std::pair<std::uint64_t, std::uint32_t>> missing;
      for (const auto& [row, e] : rows) {
        if (!e.met) missing.emplace_back(row, e.outcome);
      }
      std::ranges::sort(missing);
      for (const auto& [row, expected] : missing) {
        note("missing", file, row, outcomes_.at(expected), {});
      }
    }
    return std::move(answer_);
  }

 private:
  static error doubled(std::uint64_t number, const parsed_line& p) {
    return error(errc::doubled_row, {fmt::format("{}", number), p.file, fmt::format("{}", p.row)});
  }

  void compare_row(const parsed_line& p, const outcome& expected) {
    if (p.what == expected) return;
    const char* kind = p.what.fate != expected.fate         ? "fate"
                       : p.what.reasons != expected.reasons ? "reasons"
                                                            : "flags";
    note(kind, p.file, p.row, expected, p.what);
  }

  void note(const std::string& kind, const std::string& file, std::uint64_t row,
            const outcome& expected, const outcome& found) {
    if (++answer_.differences_of[kind] > first_max) return;
    answer_.first.push_back({file, row, kind, expected, found});
  }

  std::map<std::string, rows_of_file> files_;
  outcomes outcomes_;
  comparison answer_;
};

}  // namespace

result<comparison> compare(std::istream& truth, std::istream& found) {
  comparer c;
  LIXIN_CHECK(c.read_truth(truth));
  LIXIN_CHECK(c.read_found(found));
  return c.finish();
}

}  // namespace lixin::city
