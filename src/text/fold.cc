#include "text/fold.h"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <array>
#include <cstdint>
#include <utility>

#include "base/assert.h"
#include "text/utf8.h"

namespace lixin::text {
namespace {

constexpr char32_t wide_offset = 0xFF01 - '!';
constexpr int rounds_max = 8;

// What becomes of a sign, whichever form it was written in.
enum class kind : std::uint8_t {
  plain,    // stays
  blank,    // a space of some width, a tab, a line break
  unseen,   // zero width or control: dropped
  wide,     // full-width ASCII
  opening,  // brackets
  closing,
  dash,
  middle_dot,
  other,  // may have another form under NFKC: ICU decides
};

kind kind_below_0x3000(char32_t c) {
  if (c < 0x20) return c >= 0x09 && c <= 0x0D ? kind::blank : kind::unseen;
  if (c < 0x7F) {
    switch (c) {
      case ' ':
        return kind::blank;
      case '(':
      case '[':
      case '{':
        return kind::opening;
      case ')':
      case ']':
      case '}':
        return kind::closing;
      case '-':
        return kind::dash;
      default:
        return kind::plain;
    }
  }
  if (c == 0x85 || c == 0xA0 || c == 0x1680) return kind::blank;
  if (c < 0xA0 || c == 0xAD || c == 0x180E) return kind::unseen;
  if (c == 0xB7 || c == 0x2022 || c == 0x2027 || c == 0x2219 || c == 0x22C5) {
    return kind::middle_dot;
  }
  if (c >= 0x2000 && c <= 0x200A) return kind::blank;
  if (c >= 0x200B && c <= 0x200F) return kind::unseen;  // also the marks of direction
  if (c >= 0x2010 && c <= 0x2015) return kind::dash;
  if (c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F) return kind::blank;
  if ((c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F)) return kind::unseen;
  return c == 0x2212 ? kind::dash : kind::other;
}

kind kind_of(char32_t c) {
  if (c < 0x3000) return kind_below_0x3000(c);
  if (c <= 0x3017) {
    if (c == 0x3000) return kind::blank;
    if (c < 0x3008) return kind::plain;                    // 、。〃〄々〆〇
    if (c == 0x3012 || c == 0x3013) return kind::plain;    // 〒〓
    if (c <= 0x300B) return kind::plain;                   // 〈〉《》 hold titles
    return (c & 1U) == 0 ? kind::opening : kind::closing;  // 「」『』【】〔〕〖〗
  }
  if (c >= 0x4000 && c <= 0x9FFF) return kind::plain;  // unified Han, no compatibility forms
  if (c >= 0xFF01 && c <= 0xFF5E) return kind::wide;
  if (c == 0xFEFF) return kind::unseen;
  if (c == 0xFE58 || c == 0xFE63) return kind::dash;
  return c == 0x30FB || c == 0xFF65 ? kind::middle_dot : kind::other;
}

bool is_han_lead(unsigned char byte) { return byte >= 0xE4 && byte <= 0xE9; }  // U+4000..9FFF

// How one of the folds differs from the others.
struct folding {
  bool upper;
  std::string_view opening;  // what brackets become; empty: they stay
  std::string_view closing;
  bool angles_are_brackets;
  std::string_view dash;
  bool unify_middle_dots;
  std::string_view middle_dot;
  bool compatibility;  // NFKC for signs that may have another form
};

constexpr folding heading_folding{true, "(", ")", false, "-", true, "·", true};
constexpr folding document_folding{true, "〔", "〕", true, "-", true, "·", true};
constexpr folding name_folding{false, "(", ")", false, "-", true, "", true};
constexpr folding identifier_folding{true, "", "", false, "", false, "", false};

char change_case(char c, bool upper) {
  if (upper) return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

kind with_angles(char32_t c, kind k) {
  if (c == '<' || c == 0x3008 || c == 0x300A) return kind::opening;
  if (c == '>' || c == 0x3009 || c == 0x300B) return kind::closing;
  return k;
}

// Appends what `sign` becomes. False when only ICU knows.
bool append_folded(std::string& out, const folding& rule, char32_t c, std::string_view sign) {
  kind k = kind_of(c);
  if (k == kind::wide) {
    c -= wide_offset;
    k = kind_of(c);
  }
  if (rule.angles_are_brackets) k = with_angles(c, k);
  if (k == kind::other) return false;
  if (k == kind::blank || k == kind::unseen) return true;
  if ((k == kind::opening || k == kind::closing) && !rule.opening.empty()) {
    out += k == kind::opening ? rule.opening : rule.closing;
  } else if (k == kind::dash) {
    out += rule.dash;
  } else if (k == kind::middle_dot && rule.unify_middle_dots) {
    out += rule.middle_dot;
  } else if (c < 0x80) {
    out += change_case(static_cast<char>(c), rule.upper);
  } else {
    out += sign;
  }
  return true;
}

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// One pass. False as soon as a sign needs ICU, unless `copy_others`.
bool fold_once(std::string& out, std::string_view text, const folding& rule, bool copy_others) {
  for (std::size_t i = 0; i < text.size();) {
    if (is_letter_or_digit(text[i])) {
      out += change_case(text[i], rule.upper);
      ++i;
      continue;
    }
    if (is_han_lead(static_cast<unsigned char>(text[i]))) {
      const std::size_t begin = i;
      do {
        i += 3;
      } while (i < text.size() && is_han_lead(static_cast<unsigned char>(text[i])));
      out += text.substr(begin, i - begin);
      continue;
    }
    const code_point c = code_point_at(text, i);
    const std::string_view sign = text.substr(i, c.size);
    if (!append_folded(out, rule, c.value, sign)) {
      if (!copy_others) return false;
      out += sign;
    }
    i += c.size;
  }
  return true;
}

std::string compatibility_form(std::string_view text, bool upper) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfkc = icu::Normalizer2::getNFKCInstance(status);
  LIXIN_ASSERT(U_SUCCESS(status));
  const auto size = static_cast<std::int32_t>(text.size());
  icu::UnicodeString units =
      nfkc->normalize(icu::UnicodeString::fromUTF8({text.data(), size}), status);
  LIXIN_ASSERT(U_SUCCESS(status));
  if (upper) {
    units.toUpper(icu::Locale::getRoot());
  } else {
    units.foldCase();
  }
  std::string out;
  units.toUTF8String(out);
  return out;
}

std::string fold_with(std::string_view text, const folding& rule) {
  std::string out;
  out.reserve(text.size());
  if (fold_once(out, text, rule, !rule.compatibility)) return out;
  // Each step can uncover work for the others (a letter and its accent meet when a zero-width sign
  // between them is gone), so until nothing changes; real text settles at once.
  out.clear();
  fold_once(out, text, rule, true);
  for (int round = 0; round < rounds_max; ++round) {
    std::string next;
    fold_once(next, compatibility_form(out, rule.upper), rule, true);
    if (next == out) break;
    out = std::move(next);
  }
  return out;
}

// Bytes that tidy need not look at: all of ASCII but blanks and controls, the leads and tails of
// signs among which there is nothing to mend.
constexpr std::array<bool, 256> tidy_bytes = [] {
  std::array<bool, 256> fine{};
  for (std::size_t i = 0x21; i < 0x100; ++i) fine[i] = true;
  // U+0080..00BF; U+1000..1FFF, 2000..2FFF, 3000..3FFF; U+F000..FFFF
  for (const std::size_t lead : {0x7FU, 0xC2U, 0xE1U, 0xE2U, 0xE3U, 0xEFU}) fine[lead] = false;
  return fine;
}();

bool stays_wide(char32_t c) {
  switch (c) {
    case U'！':
    case U'（':
    case U'）':
    case U'，':
    case U'：':
    case U'；':
    case U'？':
      return true;
    default:
      return false;
  }
}

bool needs_mending(char32_t c) {
  const kind k = kind_of(c);
  return (k == kind::blank && c != ' ') || k == kind::unseen || (k == kind::wide && !stays_wide(c));
}

// Where the tidied text first differs; size() when nowhere.
std::size_t tidy_prefix(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    if (tidy_bytes[static_cast<unsigned char>(text[i])]) {
      ++i;
      continue;
    }
    if (text[i] == ' ') {
      if (i == 0 || i + 1 == text.size() || text[i + 1] == ' ') return i;
      ++i;
      continue;
    }
    const code_point c = code_point_at(text, i);
    if (needs_mending(c.value)) return i;
    i += c.size;
  }
  return text.size();
}

}  // namespace

std::size_t length(std::string_view utf8) {
  std::size_t count = 0;
  for (const char c : utf8) count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  return count;
}

std::string_view tidy(std::string_view utf8, std::string& store) {
  const std::size_t clean = tidy_prefix(utf8);
  if (clean == utf8.size()) return utf8;
  std::string out;
  out.reserve(utf8.size());
  bool blank = false;
  for (std::size_t i = 0; i < utf8.size();) {
    const code_point c = code_point_at(utf8, i);
    const kind k = kind_of(c.value);
    if (k == kind::blank) {
      blank = true;
    } else if (k != kind::unseen) {
      if (blank && !out.empty()) out += ' ';
      blank = false;
      if (k == kind::wide && !stays_wide(c.value)) {
        out += static_cast<char>(c.value - wide_offset);
      } else {
        out += utf8.substr(i, c.size);
      }
    }
    i += c.size;
  }
  store = std::move(out);
  return store;
}

std::string tidy(std::string_view utf8) {
  std::string store;
  return std::string(tidy(utf8, store));
}

std::string fold_heading(std::string_view utf8) { return fold_with(utf8, heading_folding); }
std::string fold_document(std::string_view utf8) { return fold_with(utf8, document_folding); }
std::string fold_name(std::string_view utf8) { return fold_with(utf8, name_folding); }
std::string fold_identifier(std::string_view utf8) { return fold_with(utf8, identifier_folding); }

}  // namespace lixin::text
