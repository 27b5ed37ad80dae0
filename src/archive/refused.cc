#include <fmt/format.h>

#include <algorithm>

#include "archive/batch.h"
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
  // The two leading columns are known headings of the importer's: a mended file goes in as it is.
  std::vector<std::string> heading{"原行号", "退回原因"};
  heading.insert(heading.end(), batch.headings.begin(), batch.headings.end());
  LIXIN_CHECK(out->write(heading));
  std::int64_t written = 0;
  row_filter filter{.what = fate::refused, .limit = page_rows};
  while (true) {
    LIXIN_TRY(const auto rows, rows_of(c, id, filter));
    for (const row_fate& row : rows) {
      std::vector<std::string> line{fmt::format("{}", row.row_number), reasons_text(row)};
      line.insert(line.end(), row.cells.begin(), row.cells.end());
      for (const row_reason& r : row.reasons) {
        const auto at = std::find(batch.headings.begin(), batch.headings.end(), r.column);
        if (!row.cells.empty() && at != batch.headings.end()) {
          out->mark(static_cast<std::size_t>(at - batch.headings.begin()) + 2, r.zh);
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
