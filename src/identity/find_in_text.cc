#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

#include "identity/check_signs.h"
#include "identity/person_numbers.h"
#include "identity/personal.h"
#include "text/fold.h"

namespace lixin::identity {
namespace {

constexpr std::size_t han_bytes = 3;
constexpr std::size_t run_bytes_max = 20;    // the longest number is a card of 19 digits
constexpr std::size_t digits_min = 7;        // the shortest but a plate: E, a letter, 7 digits
constexpr std::size_t chain_words_max = 6;   // "6222 0212 3456 7890 123" has 5
constexpr std::size_t label_bytes_max = 30;  // how far before a number its label is looked for
constexpr std::string_view provinces =
    "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新";

bool is_letter(char c) { return is_upper(c) || (c >= 'a' && c <= 'z'); }
bool is_alnum(char c) { return is_digit(c) || is_letter(c); }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

// Whether `sign` is one of the Han signs of `signs`.
bool is_one_of(std::string_view sign, std::string_view signs) {
  if (sign.size() != han_bytes) return false;
  for (std::size_t i = 0; i < signs.size(); i += han_bytes) {
    if (signs.substr(i, han_bytes) == sign) return true;
  }
  return false;
}

// What a byte means to the first pass over a raw text, where digits may still be full width.
enum class byte_kind : unsigned char { ends_run, passes, digit, letter, wide_lead };

constexpr std::array<byte_kind, 256> byte_kinds = [] {
  std::array<byte_kind, 256> kinds{};
  for (std::size_t c = '0'; c <= '9'; ++c) kinds[c] = byte_kind::digit;
  for (std::size_t c = 'A'; c <= 'Z'; ++c) {
    kinds[c] = byte_kind::letter;
    kinds[c + ('a' - 'A')] = byte_kind::letter;
  }
  for (std::size_t c = 0; c <= 0x20; ++c) kinds[c] = byte_kind::passes;
  kinds['-'] = kinds[0x7F] = byte_kind::passes;
  // Tails of signs, and the leads of blanks, dashes and zero-width signs.
  for (std::size_t c = 0x80; c <= 0xBF; ++c) kinds[c] = byte_kind::passes;
  for (const std::size_t lead : {0xC2U, 0xE1U, 0xE2U, 0xE3U}) kinds[lead] = byte_kind::passes;
  kinds[0xEF] = byte_kind::wide_lead;
  return kinds;
}();

bool is_han_lead(char c) { return c >= '\xE4' && c <= '\xE9'; }  // U+4000..9FFF

byte_kind kind_of_wide(std::string_view utf8, std::size_t i) {
  if (utf8.size() - i < han_bytes) return byte_kind::passes;
  const auto second = static_cast<unsigned char>(utf8[i + 1]);
  const auto third = static_cast<unsigned char>(utf8[i + 2]);
  if (second == 0xBC && third >= 0x90 && third <= 0x99) return byte_kind::digit;
  if (second == 0xBC && third >= 0xA1 && third <= 0xBA) return byte_kind::letter;
  if (second == 0xBD && third >= 0x81 && third <= 0x9A) return byte_kind::letter;
  return byte_kind::passes;
}

// Never false for a text that holds a number; true costs a closer look.
bool may_hold_number(std::string_view utf8) {
  std::size_t digits = 0;
  std::size_t last_end = 0;  // the last byte that ends runs; of Han signs it is the first
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    byte_kind kind = byte_kinds[static_cast<unsigned char>(utf8[i])];
    if (kind == byte_kind::passes) continue;
    if (kind == byte_kind::ends_run) {
      digits = 0;
      last_end = i;
      if (is_han_lead(utf8[i])) i += han_bytes - 1;
      continue;
    }
    const bool wide = kind == byte_kind::wide_lead;
    if (wide) kind = kind_of_wide(utf8, i);
    if (kind == byte_kind::digit && ++digits == digits_min) return true;
    if (kind == byte_kind::letter) {
      digits = 0;
      // Between a province and its letter there may be a blank or two.
      const bool near = i - last_end <= 4 * han_bytes;
      if (near && is_one_of(utf8.substr(last_end, han_bytes), provinces)) return true;
    }
    if (wide) i += han_bytes - 1;
  }
  return false;
}

// A run of letters and digits, and how it is tied to the one before it.
struct word {
  std::size_t begin = 0;
  std::size_t end = 0;
  char tie = 0;  // ' ' or '-' when exactly one blank or dash stands between, 0 otherwise
};

// Looks closely at one tidied text.
class finder {
 public:
  explicit finder(std::string_view text) : text_(text) {}
  personal_number find();

 private:
  personal_number look_at(const word& w);
  personal_number look_at_digits(const word& w, std::string_view run) const;
  personal_number look_at_letters(const word& w, std::string_view run) const;
  personal_number look_at_chain(std::size_t first) const;
  personal_number look_at_groups(std::size_t first, std::string_view run) const;
  bool is_plate(const word& w, std::string_view run) const;

  std::string_view before(std::size_t at) const { return text_.substr(0, at); }
  std::string_view after(std::size_t at) const { return text_.substr(at); }
  std::string_view tied_to(const word& w) const;
  char tie_between(std::size_t end, std::size_t begin) const;
  bool has_label(std::size_t begin, const std::string_view* labels, std::size_t count) const;
  bool is_other_number(std::size_t begin, std::size_t end) const;
  bool is_part_of_longer(const word& first, std::size_t end, bool by_blanks) const;
  std::size_t size_of(std::size_t i) const { return chain_[i].end - chain_[i].begin; }

  std::string_view text_;
  std::array<word, chain_words_max> chain_{};  // runs of digits tied to each other
  std::size_t chain_size_ = 0;
  word last_;
};

bool is_dash(std::string_view sign) {
  if (sign == "-") return true;
  return sign.size() == han_bytes &&
         ((sign >= "\xE2\x80\x90" && sign <= "\xE2\x80\x95") || sign == "\xE2\x88\x92");
}

// What stands before the blank or dash that ties `w`.
std::string_view finder::tied_to(const word& w) const {
  std::string_view head = before(w.begin);
  if (w.tie != 0) head.remove_suffix(head.ends_with(' ') || head.ends_with('-') ? 1 : han_bytes);
  return head;
}

char finder::tie_between(std::size_t end, std::size_t begin) const {
  const std::string_view between = text_.substr(end, begin - end);
  if (between == " ") return ' ';
  return is_dash(between) ? '-' : '\0';
}

bool finder::has_label(std::size_t begin, const std::string_view* labels, std::size_t count) const {
  const std::string_view near =
      text_.substr(begin - std::min(begin, label_bytes_max), std::min(begin, label_bytes_max));
  return std::any_of(labels, labels + count, [&](std::string_view label) {
    return near.find(label) != std::string_view::npos;
  });
}

constexpr std::string_view person_labels[] = {"电话", "手机", "联系", "微信", "银行卡", "卡号",
                                              "账号", "帐号", "账户", "帐户", "身份证", "公民身份"};
constexpr std::string_view passport_labels[] = {"护照",   "通行证", "台胞证",  "回乡证",
                                                "旅行证", "证件",   "assport", "ASSPORT"};

// 〔2024〕 right before: what follows is a document's number.
bool ends_with_year_in_brackets(std::string_view text) {
  constexpr std::string_view closing[] = {"〕", "]", "】", "）", ")"};
  constexpr std::string_view opening[] = {"〔", "[", "【", "（", "("};
  for (std::size_t i = 0; i < std::size(closing); ++i) {
    if (!text.ends_with(closing[i])) continue;
    text.remove_suffix(closing[i].size());
    if (text.size() < 4 || !all_digits(text.substr(text.size() - 4))) return false;
    const std::string_view year = text.substr(text.size() - 4);
    if (!year.starts_with("19") && !year.starts_with("20")) return false;
    text.remove_suffix(4);
    return text.ends_with(opening[i]);
  }
  return false;
}

// Whether the signs around say that it is a document's number or a quantity.
bool finder::is_other_number(std::size_t begin, std::size_t end) const {
  if (has_label(begin, person_labels, std::size(person_labels))) return false;
  const std::string_view head = before(begin);
  const std::string_view tail = after(end);
  constexpr std::string_view units[] = {"号", "元", "万", "亿", "圆", "吨",   "千",
                                        "克", "米", "平", "立", "件", "美元", "%"};
  constexpr std::string_view marks[] = {"字", "第", "¥", "￥", "$", "币"};
  const auto follows = [&](std::string_view unit) { return tail.starts_with(unit); };
  if (std::any_of(std::begin(units), std::end(units), follows)) return !tail.starts_with("号码");
  const auto precedes = [&](std::string_view mark) { return head.ends_with(mark); };
  if (std::any_of(std::begin(marks), std::end(marks), precedes)) return true;
  // 13800138000.00
  const bool decimal = tail.size() >= 3 && tail[0] == '.' && is_digit(tail[1]) &&
                       is_digit(tail[2]) && (tail.size() == 3 || !is_alnum(tail[3]));
  return decimal || ends_with_year_in_brackets(head);
}

// Whether a dash ties the number to more (a document number such as 12-13800138000), or, where
// groups are told by blanks, a blank ties it to more digits. A country code before it is no more.
bool finder::is_part_of_longer(const word& first, std::size_t end, bool by_blanks) const {
  const std::string_view head = tied_to(first);
  if (first.tie == '-' && !head.ends_with("86")) return true;
  if (first.tie == ' ' && by_blanks && is_digit(head.back())) return true;
  std::string_view tail = after(end);
  const bool dash = is_dash(tail.substr(0, 1)) || is_dash(tail.substr(0, han_bytes));
  if (!dash && !(by_blanks && tail.starts_with(' '))) return false;
  tail.remove_prefix(tail[0] == ' ' || tail[0] == '-' ? 1 : han_bytes);
  return !tail.empty() && (dash ? is_alnum(tail[0]) : is_digit(tail[0]));
}

personal_number finder::look_at_digits(const word& w, std::string_view run) const {
  if (run.size() == 18 && is_resident_18(run) && !is_credit_code_first(run)) {
    return personal_number::resident_number;
  }
  if (!all_digits(run) || run.size() < 11) return personal_number::none;
  const std::string_view tied = tied_to(w);
  if (w.tie == '-' && is_digit(tied.back()) && !tied.ends_with("86")) return personal_number::none;
  if (is_other_number(w.begin, w.end)) return personal_number::none;
  if (is_resident_15(run)) return personal_number::resident_number;
  if (is_mobile(run)) return personal_number::mobile_phone;
  const bool credit_code = run.size() == 18 && run[17] == credit_check_sign(run);
  if (is_bank_card(run) && !credit_code) return personal_number::bank_card;
  return personal_number::none;
}

// 20240501 as digits: a batch or a serial number rather than a passport.
bool holds_date(std::string_view digits) {
  return digits.size() == 8 && digits.starts_with("20") && digits.substr(4, 2) >= "01" &&
         digits.substr(4, 2) <= "12" && digits.substr(6) >= "01" && digits.substr(6) <= "31";
}

personal_number finder::look_at_letters(const word& w, std::string_view run) const {
  if (is_plate(w, run)) return personal_number::number_plate;
  const bool passport = is_passport(run);
  if ((passport || is_passport_like(run)) &&
      has_label(w.begin, passport_labels, std::size(passport_labels))) {
    return personal_number::passport;
  }
  // Without a label only the plain passports, and not 国药准字H20203456 or 批号E20240501.
  if (passport && w.tie != '-' && !holds_date(run.substr(1)) && !is_other_number(w.begin, w.end) &&
      !before(w.begin).ends_with("准")) {
    return personal_number::passport;
  }
  for (const std::string_view label : {"TEL", "PHONE", "MOBILE", "ID", "NO"}) {
    if (run.starts_with(label)) return look_at_digits(w, run.substr(label.size()));
  }
  return personal_number::none;
}

// 冀J12345, 冀J·12345, 冀JD12345, 冀J1234学.
bool finder::is_plate(const word& w, std::string_view run) const {
  std::string_view head = before(w.begin);
  if (head.ends_with(' ')) head.remove_suffix(1);
  if (head.size() < han_bytes || !is_one_of(head.substr(head.size() - han_bytes), provinces)) {
    return false;
  }
  std::string plate(run);
  std::string_view tail = after(w.end);
  if (run.size() == 1) {
    for (const std::string_view mark : {"·", "•", "・", ".", "-", " "}) {
      if (tail.starts_with(mark)) {
        tail.remove_prefix(mark.size());
        break;
      }
    }
    std::size_t size = 0;
    while (size < tail.size() && size < run_bytes_max && is_alnum(tail[size])) {
      plate += upper(tail[size++]);
    }
    tail.remove_prefix(size);
  }
  if (plate.size() == 5 && is_one_of(tail.substr(0, han_bytes), "学警挂港澳领试超")) plate += '0';
  if (tail.size() >= 2 && tail[0] == '-' && is_alnum(tail[1])) return false;
  return is_plate_tail(plate);
}

// The chain from `first` on, its last word included.
personal_number finder::look_at_chain(std::size_t first) const {
  std::array<char, run_bytes_max> signs;
  std::size_t size = 0;
  for (std::size_t i = first; i < chain_size_; ++i) {
    if (size + size_of(i) > signs.size()) return personal_number::none;
    for (std::size_t k = chain_[i].begin; k < chain_[i].end; ++k) signs[size++] = upper(text_[k]);
  }
  const std::string_view run(signs.data(), size);
  if (size == 18 && is_resident_18(run) && !is_credit_code_first(run)) {
    return personal_number::resident_number;
  }
  return size >= 11 && all_digits(run) ? look_at_groups(first, run) : personal_number::none;
}

// The usual ways of writing long numbers in groups.
personal_number finder::look_at_groups(std::size_t first, std::string_view run) const {
  const std::size_t groups = chain_size_ - first;
  const word& head = chain_[first];
  const std::size_t end = chain_[chain_size_ - 1].end;
  const auto sized = [&](std::size_t a, std::size_t b, std::size_t c) {
    return groups == 3 && size_of(first) == a && size_of(first + 1) == b && size_of(first + 2) == c;
  };
  if (sized(3, 4, 4) && is_mobile(run) && !is_part_of_longer(head, end, false) &&
      !is_other_number(head.begin, end)) {
    return personal_number::mobile_phone;
  }
  if (sized(6, 6, 3) && is_resident_15(run) && !is_part_of_longer(head, end, true)) {
    return personal_number::resident_number;
  }
  bool fours = groups >= 4 && size_of(chain_size_ - 1) <= 4;
  for (std::size_t i = first; i + 1 < chain_size_; ++i) fours = fours && size_of(i) == 4;
  const bool six_and_rest = groups == 2 && size_of(first) == 6;
  if ((fours || six_and_rest) && is_bank_card(run) && !is_part_of_longer(head, end, true) &&
      !is_other_number(head.begin, end)) {
    return personal_number::bank_card;
  }
  return personal_number::none;
}

personal_number finder::look_at(const word& w) {
  if (w.tie == 0) chain_size_ = 0;
  const std::size_t size = w.end - w.begin;
  if (size > run_bytes_max) {
    chain_size_ = 0;
    return personal_number::none;
  }
  std::array<char, run_bytes_max> signs;
  std::transform(text_.begin() + static_cast<std::ptrdiff_t>(w.begin),
                 text_.begin() + static_cast<std::ptrdiff_t>(w.end), signs.begin(), upper);
  const std::string_view run(signs.data(), size);
  const bool digits =
      all_digits(run.substr(0, size - 1)) && (is_digit(run.back()) || run.back() == 'X');
  if (!digits) {
    chain_size_ = 0;
    return look_at_letters(w, run);
  }
  if (const auto found = look_at_digits(w, run); found != personal_number::none) return found;
  if (chain_size_ == chain_.size()) {
    std::move(chain_.begin() + 1, chain_.end(), chain_.begin());
    --chain_size_;
  }
  chain_[chain_size_++] = w;
  for (std::size_t first = 0; first + 1 < chain_size_; ++first) {
    if (const auto found = look_at_chain(first); found != personal_number::none) return found;
  }
  return personal_number::none;
}

personal_number finder::find() {
  for (std::size_t i = 0; i < text_.size();) {
    if (!is_alnum(text_[i])) {
      ++i;
      continue;
    }
    word w{i, i, '\0'};
    while (w.end < text_.size() && is_alnum(text_[w.end])) ++w.end;
    if (last_.end != 0) w.tie = tie_between(last_.end, w.begin);
    if (const auto found = look_at(w); found != personal_number::none) return found;
    last_ = w;
    i = w.end;
  }
  return personal_number::none;
}

}  // namespace

personal_number find_in_text(std::string_view utf8) {
  if (!may_hold_number(utf8)) return personal_number::none;
  std::string store;
  return finder(text::tidy(utf8, store)).find();
}

}  // namespace lixin::identity
