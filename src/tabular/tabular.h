// Spreadsheets as one stream of rows: CSV, XLSX and JSON lines look the same from here on. A reader
// answers blocks of rows; memory is bounded by the block and cell limits (and, for XLSX, by the
// limit of shared strings), never by the file. A reader belongs to one thread; a filled block may
// be handed to another.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "tabular/arena.h"
#include "text/encoding.h"

namespace lixin::tabular {

struct limits {
  static constexpr std::uint64_t file_bytes_max = 16ull << 30;
  static constexpr std::size_t cell_bytes_max = 64 * 1024;
  static constexpr std::size_t row_bytes_max = 1024 * 1024;
  static constexpr std::size_t columns_max = 512;
  static constexpr std::size_t key_bytes_max = 1024;  // of JSON lines
  static constexpr std::uint64_t rows_max = 100'000'000;
  static constexpr std::uint64_t unzipped_bytes_max = 8ull << 30;
  static constexpr std::uint64_t unzip_ratio_max = 200;  // checked past the first 16 MiB
  static constexpr std::uint64_t zip_entries_max = 10'000;
  static constexpr std::size_t shared_strings_bytes_max = 1ull << 30;
};

// What the file itself says a cell is. CSV cells are always text, and so are JSON numbers: they
// come digit by digit as written, where a workbook's were binary fractions.
enum class cell_kind : std::uint8_t { text, number, date, boolean, error };

// `text` is raw, not tidied, valid UTF-8 without NUL. Dates stand as 2024-05-01, with a time other
// than midnight as 2024-05-01 08:30:00; numbers in the shortest decimal form of the 15 digits that
// a spreadsheet shows (an exponent only from 1e15 and below 1e-6); booleans as TRUE and FALSE;
// errors as the spreadsheet writes them (#N/A).
struct cell {
  std::string_view text;
  cell_kind kind = cell_kind::text;
};

// Up to `rows` rows. Views point into the block's store or into the reader: they are good while
// both live and until clear(). Empty cells at the end of a row may be left out.
class block {
 public:
  struct row {
    std::uint64_t number;      // as a spreadsheet shows it: the first row is 1; JSON: the line
    std::uint64_t end_offset;  // of bytes_total(), up to the end of this row (progress)
    std::size_t first_cell;
    std::size_t cell_count;
  };
  std::vector<row> rows;
  std::vector<cell> cells;
  arena store;

  std::span<const cell> cells_of(const row& r) const {
    return {cells.data() + r.first_cell, r.cell_count};
  }
  void clear() {
    rows.clear();
    cells.clear();
    store.clear();
  }
};

enum class format { csv, xlsx, json_lines };

struct options {
  std::optional<text::encoding> encoding;  // found from the bytes when not said; a mark wins
  std::optional<char> separator;           // , ; tab |  (the first three are found by themselves)
  std::string sheet;                       // XLSX: a sheet's name; empty = the first visible one
  std::string file_name;                   // what errors call the file; the path when not said
};

class reader {
 public:
  virtual ~reader() = default;
  // Appends up to rows_max (at least 1) rows to `out`. False when no row was left: nothing is
  // appended then. Rows without any text are skipped but counted in the numbering. An error names
  // the row and what was expected; it is final, and `out` keeps the rows that came before it.
  virtual result<bool> read(block& out, std::size_t rows_max) = 0;
  virtual format file_format() const = 0;
  // UTF-8 for XLSX. For a CSV file that began with plain ASCII: as far as it has been read.
  virtual text::encoding file_encoding() const = 0;
  virtual std::string sheet_name() const { return {}; }
  // JSON lines: by column, the line that named it first. Else the heading is one row, and empty.
  virtual std::span<const std::uint64_t> heading_rows() const { return {}; }
  virtual std::uint64_t bytes_total() const = 0;  // of the file (of the sheet, unzipped, for XLSX)
};

// Opens a file by its content (a ZIP signature is XLSX, a brace JSON lines), not by its name. See
// errc.h: cannot_open, empty_file, too_large, encrypted, unknown_sheet (lists the sheets) ...
result<std::unique_ptr<reader>> open(const std::string& path, const options& o = {});
// The same over bytes in memory, which must outlive the reader; for tests, fuzzers, pack sheets.
result<std::unique_ptr<reader>> open_bytes(std::string_view bytes, const options& o = {});

// All rows of a small table (pack sheets, city settings): tidied, each padded to the heading's
// length. Lines starting with # are comments. The file name goes into errors. A row with more text
// cells than the heading has is an error.
struct table {
  std::vector<std::string> heading;
  struct line {
    std::uint64_t number;
    std::vector<std::string> cells;
  };
  std::vector<line> lines;
};
result<table> read_table(std::string_view bytes, const std::string& file);

// Writers. Rows are written as given, except that a CSV cell which a spreadsheet would run as a
// formula (it begins with = + - @ tab or CR and is no plain negative number) gets a leading
// apostrophe. XLSX cells are always text cells. Of JSON lines the first row written names the keys
// of the others; a row that is shorter leaves keys out. Cells must be valid UTF-8.
class writer {
 public:
  virtual ~writer() = default;
  virtual result<void> write(std::span<const std::string> cells) = 0;
  // Marks one cell of the row written next (XLSX: coloured, with `note` as a comment; CSV: no
  // effect). Past notes_max marks of a file only the colour is given.
  virtual void mark(std::size_t column, const std::string& note) = 0;
  // The file is whole only after close() answered without an error.
  virtual result<void> close() = 0;

  static constexpr std::size_t notes_max = 50'000;
};
// By the ending of the path: .csv (UTF-8 with mark, CRLF, as office software expects), .xlsx, and
// .jsonl or .ndjson.
bool can_create(std::string_view path);
result<std::unique_ptr<writer>> create(const std::string& path);

// A workbook of several sheets, for templates: per sheet a heading (bold, frozen, with widths and
// an optional comment per column) and rows; `choices` gives a column a drop-down list. All columns
// are text columns, so that a spreadsheet keeps leading zeros and all digits of a number.
struct sheet_spec {
  std::string name;
  std::vector<std::string> heading;
  std::vector<std::string> notes;                 // per column, may be shorter
  std::vector<std::vector<std::string>> choices;  // per column, may be shorter
  std::vector<std::vector<std::string>> rows;
};
result<void> write_workbook(const std::string& path, std::span<const sheet_spec> sheets);

}  // namespace lixin::tabular
