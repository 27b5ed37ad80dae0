#include "identity/person_numbers.h"

#include <chrono>
#include <cstddef>

#include "identity/check_signs.h"

namespace lixin::identity {
namespace {

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits) value = value * 10 + (c - '0');
  return value;
}

bool is_day(int year, std::string_view month_day) {
  const auto month = static_cast<unsigned>(number(month_day.substr(0, 2)));
  const auto day = static_cast<unsigned>(number(month_day.substr(2, 2)));
  return std::chrono::year_month_day(std::chrono::year(year), std::chrono::month(month),
                                     std::chrono::day(day))
      .ok();
}

// GB/T 2260: the first two digits of every division.
bool is_province(std::string_view two) {
  switch (number(two)) {
    case 11:
    case 12:
    case 13:
    case 14:
    case 15:
    case 21:
    case 22:
    case 23:
    case 31:
    case 32:
    case 33:
    case 34:
    case 35:
    case 36:
    case 37:
    case 41:
    case 42:
    case 43:
    case 44:
    case 45:
    case 46:
    case 50:
    case 51:
    case 52:
    case 53:
    case 54:
    case 61:
    case 62:
    case 63:
    case 64:
    case 65:
    case 71:
    case 81:
    case 82:
    case 83:
      return true;
    default:
      return false;
  }
}

bool has_birth_date_18(std::string_view run) {
  if (run.size() != 18 || !all_digits(run.substr(0, 17))) return false;
  if (!is_digit(run[17]) && run[17] != 'X') return false;
  const int year = number(run.substr(6, 4));
  return year >= 1850 && year <= 2099 && is_day(year, run.substr(10, 4));
}

// The check sign of GB 32100 holds and a division stands where a credit code has it.
bool reads_as_credit_code(std::string_view run) {
  for (const char c : run) {
    if (credit_value(c) == no_value) return false;
  }
  if (run[17] != credit_check_sign(run)) return false;
  const std::string_view registered = run.substr(2, 2);
  return all_digits(registered) && (is_province(registered) || registered == "10");
}

bool is_plate_sign(char c) { return is_digit(c) || (is_upper(c) && c != 'I' && c != 'O'); }

}  // namespace

bool is_resident_18(std::string_view run) {
  return has_birth_date_18(run) && run[17] == resident_check_sign(run);
}

bool is_mistyped_resident_18(std::string_view run) {
  return has_birth_date_18(run) && is_province(run.substr(0, 2)) && !reads_as_credit_code(run);
}

// In a credit code the division begins at the 3rd sign, in a resident number at the first. Where
// both would be divisions the number counts as personal, which is the safe side.
bool is_credit_code_first(std::string_view run) {
  return run.size() == 18 && all_digits(run.substr(0, 2)) && !is_province(run.substr(0, 2)) &&
         reads_as_credit_code(run);
}

bool is_resident_15(std::string_view run) {
  return run.size() == 15 && all_digits(run) && is_province(run.substr(0, 2)) &&
         is_day(1900 + number(run.substr(6, 2)), run.substr(8, 4)) &&
         run[14] != registration_check_digit(run);
}

bool is_passport(std::string_view run) {
  if (run.size() != 9 || !all_digits(run.substr(2))) return false;
  const char first = run[0];
  const char second = run[1];
  if (is_digit(second)) return first == 'E' || first == 'G';
  if (first == 'E') return is_upper(second) && second != 'I' && second != 'O';
  return second == 'E' && (first == 'D' || first == 'S' || first == 'P');
}

bool is_passport_like(std::string_view run) {
  if (run.size() < 8 || run.size() > 11) return false;
  const char first = run[0];
  const std::size_t digits = run.size() - 1;
  if (first == 'C' && run.size() == 9 && is_upper(run[1])) return all_digits(run.substr(2));
  if (!all_digits(run.substr(1))) return false;
  switch (first) {
    case 'D':
    case 'P':
    case 'S':
      return digits == 7 || digits == 8;
    case 'C':
    case 'W':
    case 'T':
    case 'K':
    case 'L':
      return digits == 8;
    case 'H':
    case 'M':
      return digits == 8 || digits == 10;
    default:
      return false;
  }
}

bool is_mobile(std::string_view digits) {
  if (digits.size() == 13 && digits.starts_with("86")) digits.remove_prefix(2);
  if (digits.size() == 15 && digits.starts_with("0086")) digits.remove_prefix(4);
  return digits.size() == 11 && all_digits(digits) && digits[0] == '1' && digits[1] >= '3';
}

// UnionPay begins with 62 (16 to 19 digits); older cards of the banks with 4; Mastercard with
// 51..55 and JCB with 35 have 16 digits only.
bool is_bank_card(std::string_view digits) {
  if (digits.size() < 16 || digits.size() > 19 || !all_digits(digits)) return false;
  const int two = number(digits.substr(0, 2));
  const bool issued = two == 62 || digits[0] == '4' ||
                      (digits.size() == 16 && (two == 35 || (two >= 51 && two <= 55)));
  return issued && luhn_holds(digits);
}

// GA 36-2018. At most two letters among five signs; a new-energy plate has six signs with D or F
// (or another letter of A-K) first or last.
bool is_plate_tail(std::string_view run) {
  if (run.size() != 6 && run.size() != 7) return false;
  if (!is_upper(run[0]) || !is_plate_sign(run[0])) return false;
  const std::string_view signs = run.substr(1);
  std::size_t letters = 0;
  for (const char c : signs) {
    if (!is_plate_sign(c)) return false;
    letters += is_upper(c) ? 1 : 0;
  }
  if (signs.size() == 5) return letters <= 2;
  const auto is_energy = [](char c) { return c >= 'A' && c <= 'K' && c != 'I'; };
  if (all_digits(signs.substr(0, 5))) return is_energy(signs[5]);
  return is_energy(signs[0]) && all_digits(signs.substr(2));
}

}  // namespace lixin::identity
