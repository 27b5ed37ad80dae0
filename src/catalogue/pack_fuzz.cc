// Packs out of any bytes: sheets stand one after another, each begun by a line "== name". Every
// fault has a place and both sentences; a pack without a fault stays without one when it is read
// again; and what a pack accepts, a hand-in of any bytes cannot break.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.h"
#include "catalogue/row_check.h"

namespace {

std::vector<lixin::catalogue::sheet> sheets_of(std::string_view bytes) {
  constexpr std::string_view mark = "== ";
  std::vector<lixin::catalogue::sheet> out;
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    const std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    if (line.starts_with(mark)) {
      out.push_back({std::string(line.substr(mark.size())), ""});
    } else if (!out.empty()) {
      out.back().body.append(line).append("\n");
    }
  }
  return out;
}

void check_rows(const lixin::catalogue::dataset& d, std::string_view bytes) {
  using namespace lixin;
  catalogue::heading_map map;
  for (std::size_t f = 0; f < d.fields.size(); ++f) {
    map.field_of_column.push_back(static_cast<int>(f));
    map.column_of_field.push_back(static_cast<int>(f));
    map.headings.push_back(d.fields[f].title_zh);
  }
  const catalogue::row_checker checker(d, std::move(map), date(2026, 11, 24));
  std::vector<tabular::cell> cells;
  for (std::size_t at = 0; at < bytes.size() && cells.size() < d.fields.size() + 1;) {
    const std::size_t end = std::min(bytes.find_first_of(",\n", at), bytes.size());
    cells.push_back({bytes.substr(at, end - at), tabular::cell_kind::text});
    at = end + 1;
  }
  catalogue::checked_row row;
  checker.check(2, cells, row);
  const bool refused = row.verdict == catalogue::row_verdict::refused;
  if (refused == row.reasons.empty()) std::abort();
  if (row.verdict == catalogue::row_verdict::sealed && !d.takes_persons) std::abort();
  if (row.verdict == catalogue::row_verdict::sealed && row.sealed_person.empty()) std::abort();
  if (refused && row.personal) {
    for (const std::string& v : row.values) {
      if (!v.empty()) std::abort();
    }
  }
  static_cast<void>(catalogue::content_json(d, row.values));
  static_cast<void>(catalogue::decide_class(d, row));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lixin;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto check = catalogue::check_pack(sheets_of(bytes), "fuzz");
  if (check.pack.has_value() != check.faults.empty()) std::abort();
  for (const error& e : check.faults) {
    if (e.sentence(language::zh).empty() || e.sentence(language::en).empty()) std::abort();
  }
  if (!check.pack) return 0;
  const auto again = catalogue::check_pack(check.pack->sheets, "fuzz");
  if (!again.pack || again.pack->digest != check.pack->digest) std::abort();
  for (const catalogue::dataset& d : check.pack->datasets) {
    for (const catalogue::sheet& s : check.pack->sheets) check_rows(d, s.body);
  }
  return 0;
}
