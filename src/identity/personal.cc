#include "identity/personal.h"

#include <string>

#include "identity/check_signs.h"
#include "identity/person_numbers.h"
#include "text/fold.h"

namespace lixin::identity {
namespace {

// 19220382-1: how organisation codes are printed, and passports never.
bool is_printed_as_organisation_code(std::string_view utf8, std::string_view folded) {
  return utf8.size() == folded.size() + 1 && utf8[utf8.size() - 2] == '-' &&
         folded[8] == organisation_check_sign(folded);
}

}  // namespace

std::string_view title_zh(personal_number kind) {
  switch (kind) {
    case personal_number::none:
      return "";
    case personal_number::resident_number:
      return "公民身份号码";
    case personal_number::passport:
      return "护照或通行证号码";
    case personal_number::mobile_phone:
      return "手机号码";
    case personal_number::bank_card:
      return "银行卡号";
    case personal_number::number_plate:
      return "机动车号牌";
  }
  return "";
}

std::string_view title_en(personal_number kind) {
  switch (kind) {
    case personal_number::none:
      return "";
    case personal_number::resident_number:
      return "resident identity number";
    case personal_number::passport:
      return "passport or travel permit number";
    case personal_number::mobile_phone:
      return "mobile phone number";
    case personal_number::bank_card:
      return "bank card number";
    case personal_number::number_plate:
      return "vehicle number plate";
  }
  return "";
}

personal_number identity_cell(std::string_view utf8) {
  const std::string folded = text::fold_identifier(utf8);
  if (folded.size() == 18) {
    const bool resident = is_resident_18(folded) && !is_credit_code_first(folded);
    return resident || is_mistyped_resident_18(folded) ? personal_number::resident_number
                                                       : personal_number::none;
  }
  if (folded.size() == 15 && is_resident_15(folded)) return personal_number::resident_number;
  if (is_passport(folded) && !is_printed_as_organisation_code(utf8, folded)) {
    return personal_number::passport;
  }
  if (is_passport_like(folded)) {
    // Organisation codes may begin with a letter too: L0719637-9.
    const bool organisation = folded.size() == 9 && folded[8] == organisation_check_sign(folded);
    if (!organisation) return personal_number::passport;
  }
  return personal_number::none;
}

bool is_resident_number(std::string_view ascii) { return is_resident_18(ascii); }

}  // namespace lixin::identity
