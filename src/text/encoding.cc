#include "text/encoding.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>

#include "text/errc.h"

namespace lixin::text {
namespace {

// Text in GB18030 has so many signs by chance in UTF-8's form only when someone tries.
constexpr std::size_t utf8_signs_by_chance_max = 8;

unsigned char at(std::string_view bytes, std::size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

bool between(unsigned char byte, unsigned low, unsigned high) {
  return byte >= low && byte <= high;
}

// Bytes of the well-formed sequence at `i` (The Unicode Standard, table 3-7); 0 when there is none.
std::size_t utf8_sequence(std::string_view bytes, std::size_t i) {
  const unsigned char lead = at(bytes, i);
  const std::size_t left = bytes.size() - i;
  const auto tail = [&](std::size_t k) { return between(at(bytes, i + k), 0x80, 0xBF); };
  if (lead < 0x80) return 1;
  if (between(lead, 0xC2, 0xDF)) return left >= 2 && tail(1) ? 2 : 0;
  if (between(lead, 0xE0, 0xEF)) {
    if (left < 3 || !tail(1) || !tail(2)) return 0;
    const unsigned char second = at(bytes, i + 1);
    return (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ? 0 : 3;
  }
  if (between(lead, 0xF0, 0xF4)) {
    if (left < 4 || !tail(1) || !tail(2) || !tail(3)) return 0;
    const unsigned char second = at(bytes, i + 1);
    return (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F) ? 0 : 4;
  }
  return 0;
}

// A sign of three bytes whose lead sets no bounds to the second: most of Chinese text.
bool is_plain_sign(std::string_view bytes, std::size_t i) {
  return bytes.size() - i >= 3 && between(at(bytes, i), 0xE1, 0xEC) &&
         between(at(bytes, i + 1), 0x80, 0xBF) && between(at(bytes, i + 2), 0x80, 0xBF);
}

// Whether what is left at the very end could be the beginning of a sequence.
bool utf8_cut_sign(std::string_view rest) {
  if (rest.empty() || rest.size() > 3) return false;
  std::string whole(rest);
  // The smallest and largest tails cover every lead's special second byte.
  for (const char tail : {'\x80', '\x8F', '\x9F', '\xBF'}) {
    whole.resize(rest.size());
    while (whole.size() < 4) {
      whole += tail;
      if (utf8_sequence(whole, 0) == whole.size()) return true;
    }
  }
  return false;
}

// Bytes of the sequence of GB18030's form at `i`; 0 when there is none, npos when it is cut.
std::size_t gb18030_sequence(std::string_view bytes, std::size_t i) {
  const unsigned char lead = at(bytes, i);
  const std::size_t left = bytes.size() - i;
  if (lead < 0x80) return 1;
  if (lead == 0x80 || lead == 0xFF) return 0;
  if (left < 2) return std::string_view::npos;
  const unsigned char second = at(bytes, i + 1);
  if (between(second, 0x40, 0x7E) || between(second, 0x80, 0xFE)) return 2;
  if (!between(second, 0x30, 0x39)) return 0;
  if (left >= 3 && !between(at(bytes, i + 2), 0x81, 0xFE)) return 0;
  if (left < 4) return std::string_view::npos;
  return between(at(bytes, i + 3), 0x30, 0x39) ? 4 : 0;
}

error at_byte(const message& m, std::size_t offset) { return error(m, {std::to_string(offset)}); }

result<void> refuse_other_formats(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) return error(errc::utf16);
  const std::size_t zero = bytes.find('\0');
  if (zero == std::string_view::npos) return {};
  // ASCII in UTF-16 without a mark has a zero in every second byte.
  const std::string_view head = bytes.substr(0, 64);
  const auto zeros = static_cast<std::size_t>(std::count(head.begin(), head.end(), '\0'));
  if (zero < 2 && zeros * 4 > head.size()) return error(errc::utf16);
  return at_byte(errc::binary, zero);
}

// Signs of three bytes: what Chinese text in UTF-8 is made of.
std::size_t count_signs(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xF0U) == 0xE0U;
  }));
}

struct converter_closer {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using converter = std::unique_ptr<UConverter, converter_closer>;

// ICU's own data hold this converter, so a failure is a broken installation.
converter open_converter(const char* name) {
  UErrorCode status = U_ZERO_ERROR;
  converter opened(ucnv_open(name, &status));
  LIXIN_ASSERT(U_SUCCESS(status));
  ucnv_setToUCallBack(opened.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &status);
  ucnv_setFromUCallBack(opened.get(), UCNV_FROM_U_CALLBACK_STOP, nullptr, nullptr, nullptr,
                        &status);
  LIXIN_ASSERT(U_SUCCESS(status));
  return opened;
}

}  // namespace

std::string_view name(encoding e) { return e == encoding::utf8 ? "UTF-8" : "GB18030"; }

std::optional<encoding> encoding_named(std::string_view named) {
  std::string plain;
  for (const char c : named.substr(0, 16)) {
    if (c >= 'A' && c <= 'Z')
      plain += static_cast<char>(c + ('a' - 'A'));
    else if (c != '-' && c != '_')
      plain += c;
  }
  if (plain == "utf8") return encoding::utf8;
  if (plain == "gb18030" || plain == "gbk" || plain == "gb2312") return encoding::gb18030;
  return std::nullopt;
}

std::size_t valid_utf8_prefix(std::string_view bytes) {
  std::size_t i = 0;
  while (i < bytes.size()) {
    std::uint64_t eight;
    while (bytes.size() - i >= sizeof eight) {
      std::memcpy(&eight, bytes.data() + i, sizeof eight);
      if ((eight & 0x8080808080808080U) != 0) break;
      i += sizeof eight;
    }
    // A run of signs of any length; back to eight at a time after the next ASCII byte.
    while (i < bytes.size()) {
      while (is_plain_sign(bytes, i)) i += 3;
      if (i == bytes.size()) break;
      const std::size_t size = utf8_sequence(bytes, i);
      if (size == 0) return i;
      i += size;
      if (size == 1) break;
    }
  }
  return i;
}

bool cut_bom(std::string_view& bytes) {
  if (!bytes.starts_with("\xEF\xBB\xBF")) return false;
  bytes.remove_prefix(3);
  return true;
}

result<encoding> detect(std::string_view bytes, bool cut) {
  LIXIN_CHECK(refuse_other_formats(bytes));
  const std::size_t valid = valid_utf8_prefix(bytes);
  if (valid == bytes.size()) return encoding::utf8;
  if (cut && utf8_cut_sign(bytes.substr(valid))) return encoding::utf8;
  std::string_view text = bytes;
  if (cut_bom(text) || count_signs(bytes.substr(0, valid)) > utf8_signs_by_chance_max) {
    return at_byte(errc::broken_utf8, valid);
  }
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t size = gb18030_sequence(bytes, i);
    if (size == std::string_view::npos && cut) break;
    if (size == std::string_view::npos || size == 0) return at_byte(errc::neither_encoding, i);
    i += size;
  }
  return encoding::gb18030;
}

result<std::string> gb18030_to_utf8(std::string_view bytes) {
  // By form first: ICU would let the single byte 0x80 pass as a control character.
  for (std::size_t i = 0; i < bytes.size();) {
    const std::size_t size = gb18030_sequence(bytes, i);
    if (size == std::string_view::npos || size == 0) return at_byte(errc::not_gb18030, i);
    i += size;
  }
  if (bytes.empty()) return std::string();
  const converter gb18030 = open_converter("gb18030");
  std::u16string units(bytes.size(), u'\0');  // one unit for one or two bytes, two for four
  const char* source = bytes.data();
  UChar* target = units.data();
  UErrorCode status = U_ZERO_ERROR;
  ucnv_toUnicode(gb18030.get(), &target, target + units.size(), &source,
                 bytes.data() + bytes.size(), nullptr, true, &status);
  if (U_FAILURE(status)) {
    char broken[8];
    auto broken_size = static_cast<std::int8_t>(sizeof broken);
    UErrorCode asked = U_ZERO_ERROR;
    ucnv_getInvalidChars(gb18030.get(), broken, &broken_size, &asked);
    if (U_FAILURE(asked)) broken_size = 0;
    return at_byte(errc::not_gb18030,
                   static_cast<std::size_t>(source - bytes.data() - broken_size));
  }
  units.resize(static_cast<std::size_t>(target - units.data()));
  std::string utf8;
  icu::UnicodeString(false, units.data(), static_cast<std::int32_t>(units.size()))
      .toUTF8String(utf8);
  return utf8;
}

std::string utf8_to_gb18030(std::string_view utf8) {
  const auto size = static_cast<std::int32_t>(utf8.size());
  const icu::UnicodeString units = icu::UnicodeString::fromUTF8({utf8.data(), size});
  const converter gb18030 = open_converter("gb18030");
  std::string bytes(static_cast<std::size_t>(units.length()) * 4, '\0');
  char* target = bytes.data();
  const UChar* source = units.getBuffer();
  UErrorCode status = U_ZERO_ERROR;
  ucnv_fromUnicode(gb18030.get(), &target, target + bytes.size(), &source, source + units.length(),
                   nullptr, true, &status);
  LIXIN_ASSERT(U_SUCCESS(status));
  bytes.resize(static_cast<std::size_t>(target - bytes.data()));
  return bytes;
}

}  // namespace lixin::text
