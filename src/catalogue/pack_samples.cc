// Samples: hand-ins with the fate that each row must meet. A sheet samples/<dataset>.<name> has the
// columns expect and reasons, then headings of the dataset, and says by which day it is judged.
#include <algorithm>
#include <array>
#include <span>

#include "calendar/parse.h"
#include "catalogue/pack_loader.h"
#include "catalogue/row_check.h"

namespace lixin::catalogue {
namespace {

struct fate {
  std::string_view word;
  row_verdict verdict;
};
constexpr std::array fates{
    fate{"clean", row_verdict::clean},
    fate{"sealed", row_verdict::sealed},
    fate{"refused", row_verdict::refused},
};

std::string_view word_of(row_verdict v) {
  for (const fate& f : fates) {
    if (f.verdict == v) return f.word;
  }
  return {};
}

// "# today: 2026-11-24" in a comment line.
std::optional<date> today_of(std::string_view body) {
  constexpr std::string_view mark = "# today:";
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t end = std::min(body.find('\n', at), body.size());
    std::string_view line = body.substr(at, end - at);
    at = end + 1;
    if (!line.starts_with(mark)) continue;
    line.remove_prefix(mark.size());
    while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
    line = line.substr(0, line.find_first_of(" ,\r"));
    if (const auto d = calendar::parse_date(line); d.ok()) return d.value();
  }
  return std::nullopt;
}

std::string joined(std::vector<std::string> codes) {
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  std::string out;
  for (const std::string& c : codes) out += (out.empty() ? "" : "|") + c;
  return out;
}

// Codes without "catalogue.", as a sample writes them.
std::string codes_of(const std::vector<error>& reasons) {
  std::vector<std::string> codes;
  for (const error& e : reasons) codes.emplace_back(e.code().substr(e.code().find('.') + 1));
  return joined(std::move(codes));
}

std::vector<tabular::cell> cells_of(std::span<const std::string> texts) {
  std::vector<tabular::cell> out;
  for (const std::string& t : texts) out.push_back({t, tabular::cell_kind::text});
  return out;
}

}  // namespace

void pack_loader::run_samples() {
  for (const sheet& s : sheets_) {
    if (s.name.starts_with("samples/")) run_sample(s);
  }
}

void pack_loader::run_sample(const sheet& s) {
  const std::string file = folder_ + "/" + s.name + ".csv";
  const auto fault = [&](const message& m, std::vector<std::string> args, std::uint64_t row = 0,
                         std::string column = {}) {
    faults_.emplace_back(m, std::move(args), place{file, "", row, std::move(column)});
  };
  std::string code = s.name.substr(s.name.find('/') + 1);
  code = code.substr(0, code.find('.'));
  const dataset* d = pack_.dataset_named(code);
  if (d == nullptr) {
    std::vector<std::string_view> known;
    for (const dataset& each : pack_.datasets) known.push_back(each.code);
    fault(errc::unknown_dataset, {code, words::suggestion(code, known)});
    return;
  }
  const auto today = today_of(s.body);
  if (!today) fault(errc::sample_without_today, {});
  const auto table = tabular::read_table(s.body, file);
  if (!table.ok()) {
    faults_.push_back(table.error());
    return;
  }
  const std::vector<std::string>& heading = table->heading;
  if (heading.size() < 3 || heading[0] != "expect" || heading[1] != "reasons") {
    fault(errc::sample_heading, {}, 1);
    return;
  }
  heading_check map = map_headings(*d, cells_of(std::span(heading).subspan(2)));
  for (error& e : map.faults) faults_.push_back(std::move(e).at({file, "", 1, ""}));
  if (!map.faults.empty() || !today) return;

  const row_checker checker(*d, std::move(map.map), *today);
  checked_row row;
  for (const auto& line : table->lines) {
    const bool known = std::any_of(fates.begin(), fates.end(),
                                   [&](const fate& f) { return f.word == line.cells[0]; });
    if (!known) {
      fault(errc::unknown_word, {line.cells[0], "clean sealed refused", "-"}, line.number,
            "expect");
      continue;
    }
    checker.check(line.number, cells_of(std::span(line.cells).subspan(2)), row);
    const std::string wanted = joined(words::split_bar(line.cells[1]));
    const std::string found = codes_of(row.reasons);
    if (line.cells[0] == word_of(row.verdict) && wanted == found) continue;
    fault(errc::sample_differs, {line.cells[0], wanted, std::string(word_of(row.verdict)), found},
          line.number, "expect");
  }
}

}  // namespace lixin::catalogue
