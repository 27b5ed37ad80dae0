// Spreadsheets as one stream of rows: CSV and XLSX look the same from here on. A reader answers blocks
// of rows; memory is bounded by the block and cell limits, never by the file. A reader belongs to one
// thread; a filled block may be handed to another.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "text/encoding.h"

namespace lixin::tabular {

struct limits {
  static constexpr std::uint64_t file_bytes_max = 16ull << 30;
  static constexpr std::size_t cell_bytes_max = 64 * 1024;
  static constexpr std::size_t row_bytes_max = 1024 * 1024;
  static constexpr std::size_t columns_max = 512;
  static constexpr std::uint64_t rows_max = 100'000'000;
  static constexpr std::uint64_t unzipped_bytes_max = 8ull << 30;
  static constexpr std::uint64_t unzip_ratio_max = 200;   // checked past the first 16 MiB
  static constexpr std::size_t shared_strings_bytes_max = 1ull << 30;
};

// What the file itself says a cell is. CSV cells are always text.
enum class cell_kind : std::uint8_t { text, number, date, boolean, error };

struct cell {
  std::string_view text;  // raw, not tidied; dates as 2024-05-01, numbers in shortest decimal form
  cell_kind kind = cell_kind::text;
};

// Up to `rows` rows. Views point into the block or into the reader's mapped file: they are good while
// both live and until clear().
class block {
 public:
  struct row {
    std::uint64_t number;         // as a spreadsheet shows it: the first row of the file is 1
    std::uint64_t end_offset;     // bytes of the file read up to the end of this row (progress)
    std::size_t first_cell;
    std::size_t cell_count;
  };
  std::vector<row> rows;
  std::vector<cell> cells;
  std::deque<std::string> store;  // text that is not in the file as such (transcoded, unescaped)

  std::span<const cell> cells_of(const row& r) const { return {cells.data() + r.first_cell, r.cell_count}; }
  void clear() { rows.clear(); cells.clear(); store.clear(); }
};

enum class format { csv, xlsx };

struct options {
  std::optional<text::encoding> encoding;  // found from the bytes when not said
  std::optional<char> separator;           // ',' ';' '\t'; found from the heading when not said
  std::string sheet;                       // XLSX: a sheet's name; empty = the first
};

class reader {
 public:
  virtual ~reader() = default;
  // Appends up to rows_max rows to `out`. False at the end of the file. Rows without any text are
  // skipped but counted in the numbering. An error names row and what was expected; it is final.
  virtual result<bool> read(block& out, std::size_t rows_max) = 0;
  virtual format file_format() const = 0;
  virtual text::encoding file_encoding() const = 0;   // UTF-8 for XLSX
  virtual std::string sheet_name() const { return {}; }
  virtual std::uint64_t bytes_total() const = 0;      // of the file (of the sheet, unzipped, for XLSX)
};

// Opens a file by its content (a ZIP signature is XLSX), not by its name. errc: cannot_open, empty_file,
// too_large, encrypted, unknown_sheet (lists the sheets), old_xls (BIFF .xls: says to save as .xlsx) ...
result<std::unique_ptr<reader>> open(const std::string& path, const options& o = {});
// The same over bytes in memory, which must outlive the reader; for tests, fuzzers and pack sheets.
result<std::unique_ptr<reader>> open_bytes(std::string_view bytes, const options& o = {});

// All rows of a small table (pack sheets, city settings): tidied, each padded to the heading's length.
// Lines starting with # are comments. The file name goes into errors.
struct table {
  std::vector<std::string> heading;
  struct line {
    std::uint64_t number;
    std::vector<std::string> cells;
  };
  std::vector<line> lines;
};
result<table> read_table(std::string_view bytes, const std::string& file);

// Writers. Rows are written as given; CSV cells that a spreadsheet would run as a formula (= + - @ tab)
// get a leading apostrophe in `safe` mode. XLSX cells are always text cells.
class writer {
 public:
  virtual ~writer() = default;
  virtual result<void> write(std::span<const std::string> cells) = 0;
  // Marks one cell of the row written next (XLSX: coloured, with `note` as a comment; CSV: no effect).
  virtual void mark(std::size_t column, const std::string& note) = 0;
  virtual result<void> close() = 0;
};
// By the ending of the path: .csv (UTF-8 with mark, CRLF, as office software expects) or .xlsx.
result<std::unique_ptr<writer>> create(const std::string& path);

// A workbook of several sheets, for templates: per sheet a heading (bold, frozen, with widths and an
// optional comment per column) and rows; `choices` gives a column a drop-down list.
struct sheet_spec {
  std::string name;
  std::vector<std::string> heading;
  std::vector<std::string> notes;                    // per column, may be shorter
  std::vector<std::vector<std::string>> choices;     // per column, may be shorter
  std::vector<std::vector<std::string>> rows;
};
result<void> write_workbook(const std::string& path, std::span<const sheet_spec> sheets);

}  // namespace lixin::tabular
