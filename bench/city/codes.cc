#include "city/codes.h"

#include <fmt/format.h>

#include <array>
#include <cstddef>

namespace lixin::city {
namespace {

constexpr std::string_view signs_31 = "0123456789ABCDEFGHJKLMNPQRTUWXY";

char organisation_check(std::string_view eight) {
  constexpr std::array<int, 8> weights{3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const char c = eight[i];
    sum += weights[i] * (c <= '9' ? c - '0' : c - 'A' + 10);
  }
  const int check = 11 - sum % 11;
  if (check == 10) return 'X';
  return check == 11 ? '0' : static_cast<char>('0' + check);
}

char credit_check(std::string_view seventeen) {
  std::size_t sum = 0;
  std::size_t weight = 1;
  for (const char c : seventeen.substr(0, 17)) {
    sum += weight * signs_31.find(c);
    weight = weight * 3 % 31;
  }
  return signs_31[(31 - sum % 31) % 31];
}

char registration_check(std::string_view fourteen) {
  int p = 10;
  for (const char c : fourteen.substr(0, 14)) {
    int s = (p + (c - '0')) % 10;
    if (s == 0) s = 10;
    p = 2 * s % 11;
  }
  return static_cast<char>('0' + (11 - p) % 10);
}

char resident_check(std::string_view seventeen) {
  constexpr std::array<int, 17> weights{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * (seventeen[i] - '0');
  return "10X98765432"[sum % 11];
}

// The digit that makes the Luhn sum of digits + answer a multiple of 10.
char luhn_check(std::string_view digits) {
  int sum = 0;
  bool twice = true;
  for (std::size_t i = digits.size(); i-- > 0; twice = !twice) {
    const int d = digits[i] - '0';
    sum += twice ? (d > 4 ? 2 * d - 9 : 2 * d) : d;
  }
  return static_cast<char>('0' + (10 - sum % 10) % 10);
}

}  // namespace

std::string organisation_code(std::string_view prefix, std::uint32_t serial) {
  std::string code(prefix);
  // A fixed shuffle of the serials, so that neighbours do not look alike. The factor is no multiple
  // of 31, hence no two serials meet.
  std::uint64_t n = (std::uint64_t{serial} * 7'368'787u + 1'299'709u) % organisation_serials;
  for (int i = 0; i < 5; ++i, n /= 31) code.push_back(signs_31[n % 31]);
  code.push_back(organisation_check(code));
  return code;
}

std::string credit_code(std::string_view signs, std::string_view division,
                        std::string_view organisation) {
  std::string code;
  code.reserve(18);
  code.append(signs).append(division).append(organisation);
  code.push_back(credit_check(code));
  return code;
}

std::string with_wrong_check_sign(std::string_view code) {
  std::string wrong(code);
  wrong.back() = signs_31[(signs_31.find(wrong.back()) + 1) % 31];
  return wrong;
}

std::string registration_number(std::string_view division, std::uint32_t sequence) {
  std::string number = fmt::format("{}{:08}", division, sequence);
  number.push_back(registration_check(number));
  return number;
}

bool is_registration_number(std::string_view digits) {
  return digits.size() == 15 && registration_check(digits) == digits[14];
}

std::string resident_number(random& r) {
  std::string number = fmt::format("130999{}{:02}{:02}{:03}", r.between(1950, 1999),
                                   r.between(1, 12), r.between(1, 28), r.between(1, 999));
  number.push_back(resident_check(number));
  return number;
}

std::string old_resident_number(random& r) {
  for (;;) {
    const std::string number = fmt::format("130999{}{:02}{:02}{:03}", r.between(50, 85),
                                           r.between(1, 12), r.between(1, 28), r.between(1, 999));
    if (!is_registration_number(number)) return number;
  }
}

std::string passport_number(random& r) {
  return fmt::format("E{:08}", r.between(99000000, 99999999));
}

std::string mobile_number(random& r) { return fmt::format("19999{:06}", r.between(0, 999999)); }

std::string bank_card_number(random& r) {
  std::string number = fmt::format("62299999{:010}", r.below(1'000'000'000));
  number.push_back(luhn_check(number));
  return number;
}

std::string number_plate(random& r) { return fmt::format("冀J9T{:03}", r.between(0, 999)); }

}  // namespace lixin::city
