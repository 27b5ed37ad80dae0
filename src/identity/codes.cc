#include "identity/codes.h"

#include <cstddef>
#include <utility>

#include "identity/check_signs.h"
#include "identity/errc.h"
#include "text/encoding.h"
#include "text/fold.h"
#include "text/utf8.h"

namespace lixin::identity {

struct credit_code_maker {
  static credit_code make(std::string text) {
    credit_code code;
    code.text_ = std::move(text);
    return code;
  }
};

namespace {

constexpr std::size_t credit_size = 18;
constexpr std::size_t organisation_size = 9;
constexpr std::size_t registration_size = 15;
constexpr std::size_t old_registration_size = 13;

// GB 32100-2015 with amendment no. 1: registering authority, then what may follow it.
bool is_listed_pair(char authority, char body) {
  constexpr std::pair<char, std::string_view> pairs[] = {
      {'1', "1239"}, {'2', "19"}, {'3', "123459"}, {'4', "19"}, {'5', "1239"}, {'6', "129"},
      {'7', "129"},  {'8', "19"}, {'9', "123"},    {'A', "19"}, {'N', "1239"}, {'Y', "1"},
  };
  for (const auto& [first, seconds] : pairs) {
    if (first == authority) return seconds.find(body) != std::string_view::npos;
  }
  return false;
}

struct verdict {
  layer failed = layer::none;
  std::size_t at = 0;  // index of the sign at fault
};

verdict examine(std::string_view code) {
  if (code.size() != credit_size) return {layer::length, 0};
  for (std::size_t i = 0; i < credit_size; ++i) {
    if (credit_value(code[i]) == no_value) return {layer::alphabet, i};
  }
  if (all_same(code.substr(0, 17)) || all_same(code.substr(8, 9))) return {layer::placeholder, 0};
  for (std::size_t i = 2; i < 8; ++i) {
    if (!is_digit(code[i])) return {layer::division, i};
  }
  if (code[17] != credit_check_sign(code)) return {layer::check_sign, 17};
  return {};
}

// Texts of other than ASCII signs: the first that is outside the alphabet, and its place.
error wrong_sign(std::string_view text) {
  std::size_t number = 1;
  for (std::size_t i = 0; i < text.size(); ++number) {
    const auto c = text::code_point_at(text, i);
    if (c.value >= 0x80 || credit_value(text[i]) == no_value) {
      return error(errc::code_alphabet,
                   {std::to_string(number), std::string(text.substr(i, c.size))});
    }
    i += c.size;
  }
  return error(errc::code_length, {std::to_string(number - 1)});
}

error wrong_length(std::string_view original, std::string_view folded, std::size_t length) {
  if (length == 0) return error(errc::code_missing);
  if (looks_like_excel_number(original)) return error(errc::excel_number);
  if (length == registration_size && all_digits(folded)) {
    return error(errc::code_looks_like_registration);
  }
  if (length == organisation_size && folded.size() == length &&
      folded[8] == organisation_check_sign(folded)) {
    return error(errc::code_looks_like_organisation);
  }
  return error(errc::code_length, {std::to_string(length)});
}

error explain(std::string_view folded, const verdict& v) {
  const std::string sign(1, folded[v.at]);
  switch (v.failed) {
    case layer::placeholder:
      return error(errc::placeholder);
    case layer::division:
      return error(errc::code_division, {std::to_string(v.at + 1), sign});
    case layer::check_sign:
      return error(errc::code_check_sign, {sign, std::string(1, credit_check_sign(folded))});
    default:
      return wrong_sign(folded);
  }
}

// What the layer is called in `lixin code check`; part of its output format.
std::string_view name_of(layer l) {
  switch (l) {
    case layer::none:
      return "none";
    case layer::length:
      return "length";
    case layer::alphabet:
      return "alphabet";
    case layer::placeholder:
      return "placeholder";
    case layer::division:
      return "division";
    case layer::check_sign:
      return "check_sign";
  }
  return "none";
}

layer layer_of(const error& why) {
  if (why.is(errc::placeholder)) return layer::placeholder;
  if (why.is(errc::organisation_check_sign) || why.is(errc::registration_check_digit)) {
    return layer::check_sign;
  }
  return layer::alphabet;
}

void append_invalid(std::string& out, layer failed, const error& why) {
  out += "invalid\t";
  out += name_of(failed);
  out += ": ";
  out += why.sentence(language::zh);
  out += ' ';
  out += why.sentence(language::en);
}

void append_valid(std::string& out, std::string_view folded, bool mended) {
  out += "valid";
  if (!mended) return;
  out += '\t';
  out += folded;
}

void append_older_code(std::string& out, std::string_view line, std::string_view folded) {
  const auto checked = folded.size() == organisation_size ? check_organisation_code(folded)
                                                          : check_registration_number(folded);
  if (checked.ok()) return append_valid(out, folded, folded != line);
  append_invalid(out, layer_of(checked.error()), checked.error());
}

bool is_older_code(std::string_view folded) {
  if (folded.size() == organisation_size) {
    for (const char c : folded) {
      if (!is_digit(c) && !is_upper(c)) return false;
    }
    return true;
  }
  return (folded.size() == registration_size || folded.size() == old_registration_size) &&
         all_digits(folded);
}

}  // namespace

credit_code_check check_credit_code(std::string_view text) {
  credit_code_check check;
  verdict v = examine(text);
  if (v.failed == layer::none) {
    check.folded = text;
  } else {
    check.folded = text::fold_identifier(text);
    check.mended = check.folded != text;
    if (check.mended) v = examine(check.folded);
  }
  check.failed = v.failed;
  if (v.failed == layer::none) {
    const std::string_view code = check.folded;
    check.pair_unlisted = !is_listed_pair(code[0], code[1]);
    check.inner_check_fails = code[16] != organisation_check_sign(code.substr(8, 9));
    check.code = credit_code_maker::make(check.folded);
    return check;
  }
  const std::size_t length = text::length(check.folded);
  if (length != credit_size) {
    check.failed = layer::length;
    check.why = wrong_length(text, check.folded, length);
  } else if (v.failed == layer::length) {  // 18 signs, not all of them ASCII
    check.failed = layer::alphabet;
    check.why = wrong_sign(check.folded);
  } else {
    check.why = explain(check.folded, v);
  }
  return check;
}

result<std::string> check_organisation_code(std::string_view text) {
  std::string folded = text::fold_identifier(text);
  bool fits = folded.size() == organisation_size;
  for (std::size_t i = 0; fits && i < organisation_size; ++i) {
    fits = is_digit(folded[i]) || (i < 8 ? is_upper(folded[i]) : folded[i] == 'X');
  }
  if (!fits) return error(errc::organisation_form, {std::to_string(text::length(folded))});
  if (all_same(folded)) return error(errc::placeholder);
  const char expected = organisation_check_sign(folded);
  if (folded[8] != expected) {
    return error(errc::organisation_check_sign, {folded.substr(8), std::string(1, expected)});
  }
  return folded;
}

result<std::string> check_registration_number(std::string_view text) {
  std::string folded = text::fold_identifier(text);
  const bool old = folded.size() == old_registration_size;
  if ((folded.size() != registration_size && !old) || !all_digits(folded)) {
    return error(errc::registration_form, {std::to_string(text::length(folded))});
  }
  if (all_same(folded)) return error(errc::placeholder);
  if (old) return folded;
  const char expected = registration_check_digit(folded);
  if (folded[14] != expected) {
    return error(errc::registration_check_digit, {folded.substr(14), std::string(1, expected)});
  }
  return folded;
}

void append_code_line(std::string& out, std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  if (examine(line).failed == layer::none) return append_valid(out, line, false);
  const std::size_t valid = text::valid_utf8_prefix(line);
  if (valid != line.size()) {
    return append_invalid(out, layer::alphabet, error(errc::not_utf8, {std::to_string(valid)}));
  }
  const credit_code_check check = check_credit_code(line);
  if (check.code) return append_valid(out, check.folded, check.mended);
  if (is_older_code(check.folded)) return append_older_code(out, line, check.folded);
  append_invalid(out, check.failed, *check.why);
}

bool looks_like_excel_number(std::string_view text) {
  std::size_t i = 0;
  const auto digits = [&] {
    const std::size_t begin = i;
    while (i < text.size() && is_digit(text[i])) ++i;
    return i - begin;
  };
  if (digits() != 1) return false;
  if (i < text.size() && text[i] == '.') {
    ++i;
    if (digits() == 0) return false;
  }
  if (i == text.size() || (text[i] != 'E' && text[i] != 'e')) return false;
  ++i;
  if (i < text.size() && text[i] == '+') ++i;
  const std::size_t exponent = digits();
  return (exponent == 1 || exponent == 2) && i == text.size();
}

}  // namespace lixin::identity
