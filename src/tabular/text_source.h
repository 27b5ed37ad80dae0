// A file's bytes as UTF-8 text, piece by piece: cuts the mark, finds the encoding, checks or
// transcodes. Pieces end between two signs, never inside one.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/error.h"
#include "tabular/arena.h"
#include "tabular/input.h"
#include "text/encoding.h"

namespace lixin::tabular {

inline constexpr std::string_view gb18030_mark = "\x84\x31\x95\x33";

class text_source {
 public:
  text_source(std::unique_ptr<input> in, std::optional<text::encoding> said,
              std::size_t piece_bytes);

  // Looks at the start of the file. errc: utf16, cannot_read.
  result<void> start();
  // Writes the next piece to `to`, where room() bytes are free, and answers its length. Less than
  // all there is comes before a byte that is no text: bad() tells which, and nothing follows.
  result<std::size_t> next(char* to);
  // Back to the start of the file, to read it once more.
  result<void> rewind();
  std::size_t room() const { return 2 * (piece_bytes_ + carry_bytes_max); }

  bool finished() const { return finished_; }
  const std::optional<error>& bad() const { return bad_; }
  text::encoding encoding() const { return encoding_; }
  std::uint64_t size() const { return in_->size(); }
  // Bytes of the file that the pieces so far came from.
  std::uint64_t offset() const { return taken_; }

 private:
  static constexpr std::size_t carry_bytes_max = 4;
  static constexpr std::size_t sample_bytes = 256 * 1024;

  result<std::size_t> read_raw(char* to);
  result<void> decide(std::string_view raw);
  std::size_t take_utf8(std::string_view raw);
  std::size_t take_gb18030(std::string_view raw, char* to);
  void keep_rest(std::string_view rest);

  std::unique_ptr<input> in_;
  std::size_t piece_bytes_;
  std::unique_ptr<pages> raw_;  // GB18030 only: what is transcoded
  text::encoding encoding_ = text::encoding::utf8;
  bool decided_;  // false while only ASCII was seen and nobody said more
  bool finished_ = false;
  bool read_all_ = false;
  std::optional<error> bad_;
  std::uint64_t read_ = 0;   // of the file
  std::uint64_t taken_ = 0;  // given on
  std::string carry_;        // the start of a sign that the last piece cut
};

// Where to cut bytes of GB18030 so that no sign is cut: the longest prefix of whole signs.
// Bytes below 0x30 are no part of a longer sign (trail bytes are 0x30-0x39, 0x40-0x7E, 0x80-0xFE),
// so it is enough to walk from the last of them.
std::size_t whole_gb18030_prefix(std::string_view bytes);

}  // namespace lixin::tabular
