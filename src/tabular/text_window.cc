#include "tabular/text_window.h"

#include <algorithm>
#include <cstring>

#include "tabular/errc.h"
#include "tabular/tabular.h"

namespace lixin::tabular {

result<void> text_window::next_piece() {
  const auto tail = static_cast<std::size_t>(end_ - at_);
  if (tail > limits::row_bytes_max) {
    return error(errc::row_too_long, {std::to_string(limits::row_bytes_max)});
  }
  if (source_.bad()) return *source_.bad();
  auto next = pool_.get(tail + source_.room() + overread_bytes_);
  if (tail > 0) std::memcpy(next->data(), at_, tail);
  piece_from_ = source_.offset();
  LIXIN_TRY(piece_text_, source_.next(next->data() + tail));
  piece_ = std::move(next);
  at_ = piece_->data();
  end_ = at_ + tail + piece_text_;
  std::memset(piece_->data() + tail + piece_text_, 0, overread_bytes_);
  last_ = source_.finished();
  return {};
}

result<bool> text_window::read_rows(block& out, std::size_t rows_max) {
  if (failed_) return *failed_;
  const std::size_t before = out.rows.size();
  if (at_ != end_) out.store.hold(piece_);
  while (out.rows.size() - before < rows_max) {
    const step s = parse_row(out);
    if (s == step::end) break;
    if (s == step::failed) return *failed_;
    if (s != step::more) continue;
    if (auto refilled = refill(); !refilled.ok()) {
      failed_ = std::move(refilled).error().at({file_, "", row_, ""});
      return *failed_;
    }
    out.store.hold(piece_);
  }
  return out.rows.size() > before;
}

result<void> text_window::rewind() {
  at_ = end_ = nullptr;
  last_ = false;
  return source_.rewind();
}

std::uint64_t text_window::offset_of(const char* p) const {
  const auto left = static_cast<std::uint64_t>(end_ - p);
  const std::uint64_t bytes = source_.offset() - piece_from_;
  if (bytes == piece_text_ || piece_text_ == 0) return source_.offset() - left;
  return source_.offset() - std::min(bytes, left * bytes / piece_text_);
}

}  // namespace lixin::tabular
