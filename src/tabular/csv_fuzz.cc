// The first two bytes choose the options, the rest is the file. Whatever the bytes are, reading in
// small pieces and portions must tell the same rows, the same error and hold the promises of
// tabular.h.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "tabular/csv.h"
#include "text/encoding.h"

namespace {

using namespace lixin;           // NOLINT: one page of code
using namespace lixin::tabular;  // NOLINT

void require(bool condition) {
  if (!condition) std::abort();
}

std::string digest(std::string_view bytes, const options& o, std::size_t piece_bytes,
                   std::size_t rows_max) {
  auto in = memory_input(bytes);
  if (!in.ok()) return std::string(in.error().code());
  csv_tuning tuning;
  tuning.piece_bytes = piece_bytes;
  tuning.comments = o.file_name == "#";
  auto source = open_csv(std::move(in).value(), o, tuning);
  if (!source.ok()) return std::string(source.error().code());
  std::string all;
  std::uint64_t number = 0;
  std::uint64_t offset = 0;
  block b;
  for (;;) {
    b.clear();
    const auto any = (*source)->read(b, rows_max);
    for (const block::row& row : b.rows) {
      require(row.number > number && row.end_offset >= offset);
      require(row.end_offset <= bytes.size() && row.cell_count > 0);
      number = row.number;
      offset = row.end_offset;
      all += std::to_string(number) + ":";
      for (const cell& one : b.cells_of(row)) {
        require(one.text.size() <= limits::cell_bytes_max);
        require(text::valid_utf8_prefix(one.text) == one.text.size());
        require(one.text.find('\0') == std::string_view::npos);
        all.append(one.text).append(1, '\0');
      }
    }
    if (!any.ok()) {
      return all + any.error().text(language::zh) + any.error().text(language::en);
    }
    require(*any == !b.rows.empty());
    if (!*any) return all;
    require(b.rows.size() <= rows_max);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  options o;
  if (data[0] % 4 > 0) o.separator = ",;\t"[data[0] % 4 - 1];
  if (data[0] / 4 % 3 == 1) o.encoding = text::encoding::utf8;
  if (data[0] / 4 % 3 == 2) o.encoding = text::encoding::gb18030;
  if (data[0] / 12 % 2 == 1) o.file_name = "#";
  const std::string bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::string whole = digest(bytes, o, 256 * 1024, 1000);
  // Without a separator said, the first piece must hold the heading.
  const std::size_t piece = o.separator ? 1 + data[1] % 64 : 64 * 1024;
  require(whole == digest(bytes, o, piece, 1 + data[1] / 64));
  return 0;
}
