// The first byte chooses the pieces, the rest is the file. Whatever the bytes are, reading in small
// pieces and portions must tell the same rows, the same error and hold the promises of tabular.h.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "tabular/json_lines.h"
#include "text/encoding.h"

namespace {

using namespace lixin;           // NOLINT: one page of code
using namespace lixin::tabular;  // NOLINT

void require(bool condition) {
  if (!condition) std::abort();
}

std::string told(const error& e) { return e.text(language::zh) + e.text(language::en); }

std::string digest(std::string_view bytes, std::size_t piece_bytes, std::size_t rows_max) {
  auto in = memory_input(bytes);
  if (!in.ok()) return std::string(in.error().code());
  auto source = open_json_lines(std::move(in).value(), {}, piece_bytes);
  if (!source.ok()) return told(source.error());
  std::string all;
  std::size_t columns = 0;
  std::uint64_t number = 0;
  std::uint64_t offset = 0;
  block b;
  for (;;) {
    b.clear();
    const auto any = (*source)->read(b, rows_max);
    require(any.ok());  // every fault of form was found when the file was opened
    require(*any == !b.rows.empty() && b.rows.size() <= rows_max);
    if (!*any) return all;
    for (const block::row& row : b.rows) {
      require(columns == 0 ? row.number == 0 : row.number > number && row.cell_count == columns);
      require(row.end_offset >= offset && row.end_offset <= bytes.size());
      columns = row.cell_count;
      number = row.number;
      offset = row.end_offset;
      require(columns > 0 && columns == (*source)->heading_rows().size());
      all += std::to_string(number) + ":";
      for (const cell& one : b.cells_of(row)) {
        require(one.text.size() <= limits::cell_bytes_max);
        require(text::valid_utf8_prefix(one.text) == one.text.size());
        require(one.text.find('\0') == std::string_view::npos);
        all.append(one.text).append(1, '\0');
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  require(digest(bytes, 256 * 1024, 1000) == digest(bytes, 1 + data[0] % 64, 1 + data[0] / 64));
  return 0;
}
