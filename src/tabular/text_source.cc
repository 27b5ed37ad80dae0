#include "tabular/text_source.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "tabular/errc.h"
#include "text/errc.h"

namespace lixin::tabular {

namespace {

unsigned char byte_at(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

bool is_ascii(std::string_view bytes) {
  std::uint64_t all = 0;
  std::size_t i = 0;
  for (; bytes.size() - i >= sizeof all; i += sizeof all) {
    std::uint64_t eight;
    std::memcpy(&eight, bytes.data() + i, sizeof eight);
    all |= eight;
  }
  for (; i < bytes.size(); ++i) all |= byte_at(bytes, i) & 0x80U;
  return (all & 0x8080808080808080U) == 0;
}

// Whether `rest`, where valid UTF-8 ended, may be a sign whose end is still to come.
bool may_go_on(std::string_view rest) {
  const unsigned char lead = byte_at(rest, 0);
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  return lead >= 0xC2 && lead <= 0xF4 && rest.size() < size &&
         std::all_of(
             rest.begin() + 1, rest.end(),
             [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; });
}

}  // namespace

std::size_t whole_gb18030_prefix(std::string_view bytes) {
  std::size_t at = bytes.size();
  while (at > 0 && byte_at(bytes, at - 1) >= 0x30) --at;
  while (at < bytes.size()) {
    std::size_t size = 1;
    if (byte_at(bytes, at) >= 0x80) {
      if (at + 1 == bytes.size()) break;
      const unsigned char second = byte_at(bytes, at + 1);
      size = second >= 0x30 && second <= 0x39 ? 4 : 2;
    }
    if (bytes.size() - at < size) break;
    at += size;
  }
  return at;
}

text_source::text_source(std::unique_ptr<input> in, std::optional<text::encoding> said,
                         std::size_t piece_bytes)
    : in_(std::move(in)),
      piece_bytes_(piece_bytes),
      encoding_(said.value_or(text::encoding::utf8)),
      decided_(said.has_value()) {}

result<void> text_source::start() {
  char head[512];
  LIXIN_TRY(const std::size_t size, in_->read_at(0, head, sizeof head));
  std::string_view bytes(head, size);
  if (const auto found = text::detect(bytes, true);
      !found.ok() && found.error().is(text::errc::utf16)) {
    return error(errc::utf16);
  }
  if (text::cut_bom(bytes)) {
    encoding_ = text::encoding::utf8;
    decided_ = true;
    read_ = size - bytes.size();
  } else if (bytes.starts_with(gb18030_mark)) {
    encoding_ = text::encoding::gb18030;
    decided_ = true;
    read_ = gb18030_mark.size();
  }
  taken_ = read_;
  return {};
}

result<void> text_source::rewind() {
  finished_ = read_all_ = false;
  bad_.reset();
  carry_.clear();
  read_ = 0;
  return start();
}

// Looks at a sample that begins with the first byte beyond ASCII, so that neither encoding's signs
// are cut at its start and the answer does not depend on where pieces end.
result<void> text_source::decide(std::string_view raw) {
  if (is_ascii(raw)) return {};
  decided_ = true;
  const auto first = std::find_if(raw.begin(), raw.end(), [](char c) { return (c & '\x80') != 0; });
  const auto skipped = static_cast<std::uint64_t>(first - raw.begin());
  pages sample(sample_bytes);
  LIXIN_TRY(const std::size_t size, in_->read_at(taken_ + skipped, sample.data(), sample.size()));
  const std::string_view all(sample.data(), size);
  const std::string_view bytes = all.substr(0, all.find('\0'));
  const bool cut = bytes.size() == sample.size() && taken_ + skipped + size < in_->size();
  // Where neither encoding fits, the error will name the place where UTF-8 ends.
  const auto found = text::detect(bytes, cut);
  encoding_ = found.ok() ? *found : text::encoding::utf8;
  return {};
}

result<std::size_t> text_source::read_raw(char* to) {
  std::memcpy(to, carry_.data(), carry_.size());
  LIXIN_TRY(const std::size_t got, in_->read_at(read_, to + carry_.size(), piece_bytes_));
  read_ += got;
  read_all_ = got < piece_bytes_ || read_ >= in_->size();
  const std::size_t size = carry_.size() + got;
  carry_.clear();
  return size;
}

void text_source::keep_rest(std::string_view rest) {
  carry_.assign(rest);
  if (read_all_) finished_ = true;
}

result<std::size_t> text_source::next(char* to) {
  if (finished_ || bad_) return std::size_t{0};
  const bool transcode = decided_ && encoding_ == text::encoding::gb18030;
  if (transcode && !raw_) raw_ = std::make_unique<pages>(piece_bytes_ + carry_bytes_max);
  LIXIN_TRY(const std::size_t size, read_raw(transcode ? raw_->data() : to));
  std::string_view raw(transcode ? raw_->data() : to, size);
  std::optional<error> nul;
  if (const std::size_t at = raw.find('\0'); at != std::string_view::npos) {
    nul = error(errc::nul_byte, {std::to_string(taken_ + at)});
    raw = raw.substr(0, at);
    read_all_ = true;
  }
  if (!decided_) {
    LIXIN_CHECK(decide(raw));
    if (encoding_ == text::encoding::gb18030) {
      raw_ = std::make_unique<pages>(piece_bytes_ + carry_bytes_max);
      std::memcpy(raw_->data(), raw.data(), raw.size());
      raw = {raw_->data(), raw.size()};
    }
  }
  const std::size_t given =
      encoding_ == text::encoding::utf8 ? take_utf8(raw) : take_gb18030(raw, to);
  if (nul && !bad_) {
    bad_ = std::move(nul);
    finished_ = false;
  }
  return given;
}

std::size_t text_source::take_utf8(std::string_view raw) {
  const std::size_t valid = text::valid_utf8_prefix(raw);
  const std::string_view rest = raw.substr(valid);
  taken_ += valid;
  if (!rest.empty() && (read_all_ || !may_go_on(rest))) {
    bad_ = error(errc::bad_utf8, {std::to_string(taken_)});
    return valid;
  }
  keep_rest(rest);
  return valid;
}

std::size_t text_source::take_gb18030(std::string_view raw, char* to) {
  const std::size_t whole = read_all_ ? raw.size() : whole_gb18030_prefix(raw);
  std::string_view piece = raw.substr(0, whole);
  auto utf8 = text::gb18030_to_utf8(piece);
  // A place named first need not be the first in the file: a sequence of the right form but without
  // a sign is found only when the forms are right. Each turn shortens the piece.
  while (!utf8.ok()) {
    std::size_t good = piece.size();
    const std::string& said = utf8.error().args().at(0);
    std::from_chars(said.data(), said.data() + said.size(), good);
    LIXIN_ASSERT(good < piece.size());
    piece = piece.substr(0, good);
    bad_ = error(errc::bad_gb18030, {std::to_string(taken_ + good)});
    utf8 = text::gb18030_to_utf8(piece);
  }
  LIXIN_ASSERT(utf8->size() <= room());
  std::memcpy(to, utf8->data(), utf8->size());
  taken_ += piece.size();
  if (!bad_) keep_rest(raw.substr(whole));
  return utf8->size();
}

}  // namespace lixin::tabular
