#include <algorithm>
#include <unordered_map>

#include "catalogue/errc.h"
#include "catalogue/row_check.h"
#include "catalogue/words.h"
#include "identity/personal.h"
#include "text/fold.h"

namespace lixin::catalogue {
namespace {

constexpr std::size_t echo_signs_max = 40;

// A file without a heading has a row of data in its place: what could be a person's is not shown.
std::string echo(const std::string& heading, std::size_t column) {
  if (text::length(heading) > echo_signs_max ||
      identity::identity_cell(heading) != identity::personal_number::none ||
      identity::find_in_text(heading) != identity::personal_number::none) {
    return "#" + std::to_string(column + 1);
  }
  return heading;
}

std::unordered_map<std::string, int> headings_of(const dataset& d) {
  std::unordered_map<std::string, int> out;
  for (std::size_t i = 0; i < d.fields.size(); ++i) {
    const field& f = d.fields[i];
    const auto add = [&](const std::string& word) {
      if (!word.empty()) out.emplace(text::fold_heading(word), static_cast<int>(i));
    };
    add(f.code);
    add(f.title_zh);
    add(f.title_en);
    for (const std::string& alias : f.aliases) add(alias);
  }
  return out;
}

// Known headings instead of a wrong one, in the Chinese form and by code.
std::string heading_suggestion(const dataset& d, const std::string& wrong) {
  std::vector<std::string_view> known;
  for (const field& f : d.fields) {
    known.push_back(f.title_zh);
    known.push_back(f.code);
    for (const std::string& alias : f.aliases) known.push_back(alias);
  }
  return words::suggestion(wrong, known);
}

class heading_mapper {
 public:
  explicit heading_mapper(const dataset& d) : d_(d), known_(headings_of(d)) {
    out_.map.column_of_field.assign(d.fields.size(), -1);
  }

  heading_check run(std::span<const tabular::cell> cells, std::span<const std::uint64_t> rows) {
    rows_ = rows;
    for (const tabular::cell& cell : cells) {
      const std::string heading = text::tidy(cell.text);
      const auto hit = known_.find(text::fold_heading(heading));
      int f = heading.empty() || hit == known_.end() ? no_field : hit->second;
      if (std::ranges::find(report_headings, heading) != report_headings.end()) f = report_column;
      out_.map.headings.push_back(heading);
      out_.map.field_of_column.push_back(f);
      any_ = any_ || f >= 0;
    }
    if (!any_) {
      out_.faults.emplace_back(errc::no_heading, std::vector{d_.title_zh, d_.title_en});
      return std::move(out_);
    }
    for (std::size_t c = 0; c < cells.size(); ++c) place_column(c);
    check_mandatory();
    return std::move(out_);
  }

 private:
  void fault(const message& m, std::vector<std::string> args, std::string column,
             std::uint64_t row = 0) {
    out_.faults.emplace_back(m, std::move(args), place{"", "", row, std::move(column)});
  }

  void place_column(std::size_t c) {
    const std::string& heading = out_.map.headings[c];
    const std::uint64_t row = c < rows_.size() ? rows_[c] : 0;
    const int f = out_.map.field_of_column[c];
    if (f == report_column) return;
    if (f < 0) {
      if (heading.empty()) return;
      const std::string shown = echo(heading, c);
      fault(errc::unknown_heading,
            {shown, d_.title_zh, d_.title_en, heading_suggestion(d_, heading)}, shown, row);
      return;
    }
    int& column = out_.map.column_of_field[static_cast<std::size_t>(f)];
    if (column < 0) {
      column = static_cast<int>(c);
      return;
    }
    fault(errc::doubled_heading,
          {heading, out_.map.headings[static_cast<std::size_t>(column)],
           d_.fields[static_cast<std::size_t>(f)].code},
          heading, row);
  }

  void check_mandatory() {
    for (std::size_t i = 0; i < d_.fields.size(); ++i) {
      const field& f = d_.fields[i];
      if (f.required != presence::mandatory || out_.map.column_of_field[i] >= 0) continue;
      fault(errc::missing_heading, {f.title_zh, f.code, f.title_en}, f.title_zh);
    }
  }

  const dataset& d_;
  std::unordered_map<std::string, int> known_;
  std::span<const std::uint64_t> rows_;
  heading_check out_;
  bool any_ = false;
};

}  // namespace

heading_check map_headings(const dataset& d, std::span<const tabular::cell> cells,
                           std::span<const std::uint64_t> rows) {
  return heading_mapper(d).run(cells, rows);
}

}  // namespace lixin::catalogue
