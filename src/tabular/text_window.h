// The text of a file seen through a window that moves over it: what both readers of lines share. A
// row that a piece cuts is read again from its start: it is small against a piece, and so the
// parsers have no state between pieces. For one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "tabular/arena.h"
#include "tabular/tabular.h"
#include "tabular/text_source.h"

namespace lixin::tabular {

class text_window {
 protected:
  // `row` and `blank` are whole rows; `more` asks for the next piece and a second try.
  enum class step { row, blank, more, end, failed };

  // After the text `overread_bytes` zeros may be read.
  text_window(text_source source, std::size_t overread_bytes, std::string file)
      : source_(std::move(source)), file_(std::move(file)), overread_bytes_(overread_bytes) {}
  virtual ~text_window() = default;

  // One row from at_ on into `out`. Having failed, it has set failed_.
  virtual step parse_row(block& out) = 0;
  virtual result<void> refill() = 0;  // next_piece(), and what the format keeps beside
  // Up to so many rows; false when none was left. A failure stays.
  result<bool> read_rows(block& out, std::size_t rows_max);

  // Keeps what is left of the text and appends the next piece. errc: row_too_long, and what the
  // source says.
  result<void> next_piece();
  // Back to the start of the file; next_piece() comes next.
  result<void> rewind();
  // The offset in the file of a place in the text. Exact for UTF-8; in a transcoded piece the share
  // of the text stands for the share of the bytes.
  std::uint64_t offset_of(const char* p) const;

  text_source source_;
  std::shared_ptr<pages> piece_;  // holds the text
  const char* at_ = nullptr;      // the start of the next row
  const char* end_ = nullptr;
  bool last_ = false;  // nothing comes after end_
  std::string file_;
  std::uint64_t row_ = 1;  // being read
  std::optional<error> failed_;

 private:
  std::size_t overread_bytes_;
  page_pool pool_;
  std::uint64_t piece_from_ = 0;  // offset in the file where the newest text began
  std::size_t piece_text_ = 0;    // its length as UTF-8
};

}  // namespace lixin::tabular
