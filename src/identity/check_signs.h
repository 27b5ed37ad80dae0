// The check signs of the standards, as pure arithmetic on texts whose length and alphabet the
// caller has seen to. Private to this module.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace lixin::identity {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

constexpr bool all_digits(std::string_view text) {
  for (const char c : text) {
    if (!is_digit(c)) return false;
  }
  return true;
}

constexpr bool all_same(std::string_view text) {
  return text.find_first_not_of(text.front()) == std::string_view::npos;
}

// GB 32100-2015: 31 signs, without I O S V Z; a sign's value is its place.
inline constexpr std::string_view credit_alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
inline constexpr std::int8_t no_value = -1;
inline constexpr std::array<std::int8_t, 256> credit_values = [] {
  std::array<std::int8_t, 256> values{};
  values.fill(no_value);
  for (std::size_t i = 0; i < credit_alphabet.size(); ++i) {
    values[static_cast<unsigned char>(credit_alphabet[i])] = static_cast<std::int8_t>(i);
  }
  return values;
}();

constexpr int credit_value(char c) { return credit_values[static_cast<unsigned char>(c)]; }

// The 18th sign for the first 17: powers of 3 modulo 31 as weights.
constexpr char credit_check_sign(std::string_view code) {
  constexpr int weights[17] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) sum += weights[i] * credit_value(code[i]);
  return credit_alphabet[static_cast<std::size_t>((31 - sum % 31) % 31)];
}

// GB 11714-1997: the 9th sign for the first 8 of 0-9A-Z.
constexpr char organisation_check_sign(std::string_view code) {
  constexpr int weights[8] = {3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    sum += weights[i] * (is_digit(code[i]) ? code[i] - '0' : code[i] - 'A' + 10);
  }
  const int check = 11 - sum % 11;
  return check == 10 ? 'X' : check == 11 ? '0' : static_cast<char>('0' + check);
}

// GS 15-2006: the 15th digit for the first 14, ISO 7064 hybrid mod 11,10.
constexpr char registration_check_digit(std::string_view number) {
  int p = 10;
  for (std::size_t i = 0; i < 14; ++i) {
    int s = (p + (number[i] - '0')) % 10;
    if (s == 0) s = 10;
    p = 2 * s % 11;
  }
  return static_cast<char>('0' + (11 - p) % 10);
}

// GB 11643-1999: the 18th sign for the first 17 digits, ISO 7064 mod 11-2.
constexpr char resident_check_sign(std::string_view number) {
  constexpr int weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < 17; ++i) sum += weights[i] * (number[i] - '0');
  return std::string_view("10X98765432")[static_cast<std::size_t>(sum % 11)];
}

// ISO/IEC 7812-1, annex B.
constexpr bool luhn_holds(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (std::size_t i = digits.size(); i-- > 0; twice = !twice) {
    const int d = (digits[i] - '0') * (twice ? 2 : 1);
    sum += d > 9 ? d - 9 : d;
  }
  return sum % 10 == 0;
}

}  // namespace lixin::identity
