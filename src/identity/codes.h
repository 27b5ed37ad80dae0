// Identifiers of organisations: unified social credit code (GB 32100-2015), organisation code (GB
// 11714-1997), business registration number (GS 15-2006). A code is never repaired silently: only
// width, case and blanks are folded, and the answer says so. Pure functions, thread-safe.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace lixin::identity {

// A code that passed check_credit_code: 18 signs, upper case.
class credit_code {
 public:
  std::string_view text() const { return text_; }
  std::string_view organisation_code() const { return std::string_view(text_).substr(8, 9); }
  std::string_view division() const { return std::string_view(text_).substr(2, 6); }
  char authority_sign() const { return text_[0]; }
  char body_sign() const { return text_[1]; }
  bool is_individual_business() const { return text_[0] == '9' && text_[1] == '2'; }
  auto operator<=>(const credit_code&) const = default;

 private:
  friend struct credit_code_maker;
  std::string text_;
};

// The layers of a check in the order they are tried; the first that fails is reported.
enum class layer { none, length, alphabet, placeholder, division, check_sign };

// `code` when valid. Warnings do not refuse: positions 1-2 not a listed pair, the inner GB 11714
// check sign (7 in 100,000 real codes that pass GB 32100 fail it; both occur in registers).
struct credit_code_check {
  std::optional<credit_code> code;
  std::string folded;   // what was checked
  bool mended = false;  // folding changed width, case or blanks
  layer failed = layer::none;
  std::optional<error> why;  // set when failed
  bool pair_unlisted = false;
  bool inner_check_fails = false;
};
credit_code_check check_credit_code(std::string_view text);

// 9 signs after folding (a hyphen before the last is dropped); the GB 11714 check sign must hold.
result<std::string> check_organisation_code(std::string_view text);
// 15 digits: ISO 7064 mod 11,10 must hold. 13 digits (before 2007): accepted unvalidated.
result<std::string> check_registration_number(std::string_view text);

// What `lixin code check` prints for one line, without line end: "valid", or "valid\t<folded>"
// when mended, or "invalid\t<layer>: <why>" in both languages. Which kind is meant is told by
// length: 18 credit code, 9 (or 10 with hyphen) organisation code, 15 or 13 digits registration
// number.
void append_code_line(std::string& out, std::string_view line);

// As Excel shows a long code that it took for a number: "9.11309E+17".
bool looks_like_excel_number(std::string_view text);

}  // namespace lixin::identity
