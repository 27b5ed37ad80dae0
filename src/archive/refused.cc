#include <fmt/format.h>

#include <algorithm>

#include "archive/batch.h"
#include "catalogue/row_check.h"
#include "tabular/tabular.h"

namespace lixin::archive {
namespace {

constexpr int page_rows = 1000;

std::string reasons_text(const row_fate& row) {
  std::string out;
  for (const row_reason& r : row.reasons) {
    if (!out.empty()) out += "；";
    if (!r.column.empty()) out += fmt::format("【{}】", r.column);
    out += r.zh;
  }
  return out;
}

}  // namespace

result<std::int64_t> write_refused(pg::connection& c, batch_id id, const std::string& path) {
  LIXIN_TRY(const batch_info batch, find_batch(c, id));
  LIXIN_TRY(auto out, tabular::create(path));
  // A mended report that is refused again has the report's columns already.
  std::vector<std::size_t> kept;
  std::vector<std::string> heading(catalogue::report_headings.begin(),
                                   catalogue::report_headings.end());
  for (std::size_t k = 0; k < batch.headings.size(); ++k) {
    if (std::ranges::find(catalogue::report_headings, batch.headings[k]) !=
        catalogue::report_headings.end()) {
      continue;
    }
    kept.push_back(k);
    heading.push_back(batch.headings[k]);
  }
  LIXIN_CHECK(out->write(heading));
  std::int64_t written = 0;
  row_filter filter{.what = fate::refused, .limit = page_rows};
  while (true) {
    LIXIN_TRY(const auto rows, rows_of(c, id, filter));
    for (const row_fate& row : rows) {
      std::vector<std::string> line{fmt::format("{}", row.row_number), reasons_text(row)};
      for (const std::size_t k : kept) {
        if (k < row.cells.size()) line.push_back(row.cells[k]);
      }
      for (const row_reason& r : row.reasons) {
        const auto at = std::ranges::find(heading, r.column);
        if (!row.cells.empty() && at != heading.end()) {
          out->mark(static_cast<std::size_t>(at - heading.begin()), r.zh);
        }
      }
      LIXIN_CHECK(out->write(line));
      ++written;
    }
    if (rows.size() < page_rows) break;
    filter.after = rows.back().row_number;
  }
  LIXIN_CHECK(out->close());
  return written;
}

}  // namespace lixin::archive
