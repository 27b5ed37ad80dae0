// Who a row is about: whether it is a natural person's (DESIGN 2.4), and whether its class, its
// codes and its dataset agree.
#include <algorithm>
#include <array>

#include "catalogue/row_run.h"
#include "catalogue/values.h"
#include "text/fold.h"
#include "text/utf8.h"

namespace lixin::catalogue {
namespace {

using identity::personal_number;

constexpr std::array organisation_roles{
    field_role::credit_code, field_role::organisation_code,       field_role::registration_number,
    field_role::tax_number,  field_role::institution_certificate, field_role::social_certificate,
};

bool has_digit(std::string_view s) {
  return std::any_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_identity_number(personal_number n) {
  return n == personal_number::resident_number || n == personal_number::passport;
}

// The test for persons is on the safe side: it takes mistyped numbers too. A row that is sealed
// under a number with a wrong check sign would never be found by the person.
bool is_right_resident(std::string_view text) {
  const std::string folded = text::fold_identifier(text);
  return folded.size() != 18 || identity::is_resident_number(folded);
}

bool is_searched(field_type t) {
  return t == field_type::text || t == field_type::name || t == field_type::document ||
         t == field_type::person_name || t == field_type::choice || t == field_type::choices;
}

bool is_code(field_type t) {
  return t == field_type::credit_code || t == field_type::organisation_code ||
         t == field_type::registration_number || t == field_type::identifier;
}

// Tax numbers of individuals were the identity number with two more digits behind.
personal_number number_in_code_cell(std::string_view text, field_role role) {
  if (!has_digit(text)) return personal_number::none;
  const personal_number whole = identity::identity_cell(text);
  if (is_identity_number(whole) || role != field_role::tax_number) return whole;
  const std::string folded = text::fold_identifier(text);
  if (folded.size() != 17 && folded.size() != 20) return personal_number::none;
  return identity::identity_cell(std::string_view(folded).substr(0, folded.size() - 2));
}

bool is_right_code(std::string_view text, field_type type) {
  switch (type) {
    case field_type::credit_code:
      return identity::check_credit_code(text).code.has_value();
    case field_type::organisation_code:
      return identity::check_organisation_code(text).ok();
    case field_type::registration_number:
      return identity::check_registration_number(text).ok();
    default:
      return true;  // other numbers have no check sign to tell
  }
}

// Digits 9 to 12 of a 15-digit resident number are a month and a day.
bool may_hold_birthday(std::string_view digits) {
  const auto two = [&](std::size_t at) { return (digits[at] - '0') * 10 + (digits[at + 1] - '0'); };
  return two(8) >= 1 && two(8) <= 12 && two(10) >= 1 && two(10) <= 31;
}

// Persons' names have at most five Han signs; longer ones, of some peoples, have a dot in them.
bool is_no_persons_name(std::string_view utf8) {
  int han = 0;
  for (std::size_t at = 0; at < utf8.size();) {
    const text::code_point c = text::code_point_at(utf8, at);
    at += c.size;
    if (c.value == U'\u00B7' || c.value == U'\u2022' || c.value == U'\u30FB') return false;
    if (c.value >= 0x3400 && c.value <= 0x9FFF) ++han;
  }
  return han > 5;
}

}  // namespace

bool row_run::is_identity_field(std::size_t f) const {
  const field_role r = d_.fields[f].role;
  return r == field_role::party_name ||
         std::find(organisation_roles.begin(), organisation_roles.end(), r) !=
             organisation_roles.end();
}

void row_run::find_person() {
  s_.hits.clear();
  credit_.reset();
  class_ = nullptr;
  about_person_ = false;
  if (has(field_role::credit_code))
    credit_ = identity::check_credit_code(canonical(field_role::credit_code));
  for (std::size_t f = 0; f < d_.fields.size(); ++f) {
    if (s_.filled[f] == 0) continue;
    const field& of = d_.fields[f];
    const std::string& text = out_.values[f];
    if (of.type == field_type::person_number) {
      about_person_ = about_person_ || has_digit(text);
      continue;
    }
    if (!has_digit(text)) continue;
    personal_number hit = personal_number::none;
    if (is_code(of.type)) {
      // An organisation code may look like a passport; the credit code beside it settles that.
      const bool proven = of.role == field_role::organisation_code && credit_ && credit_->code &&
                          credit_->code->organisation_code() == text::fold_identifier(text);
      if (!proven) hit = number_in_code_cell(text, of.role);
    } else if (is_searched(of.type)) {
      hit = identity::find_in_text(text);
      if (hit == personal_number::none && is_identity_field(f)) hit = identity::identity_cell(text);
    }
    if (hit == personal_number::none) continue;
    s_.hits.emplace_back(f, hit);
    if (is_identity_field(f) && is_identity_number(hit)) about_person_ = true;
  }
  if (const int c = at(field_role::party_class); c >= 0) {
    if (filled(c)) class_ = d_.fields[static_cast<std::size_t>(c)].codes->find(value(c));
    const bool said = class_ != nullptr;
    if (said && class_->meaning == "person") about_person_ = true;
    if (!said && !has_organisation_code()) about_person_ = true;
  } else if (!has_organisation_code() && !has(field_role::institution_certificate) &&
             !has(field_role::social_certificate) &&
             !is_no_persons_name(canonical(field_role::party_name))) {
    about_person_ = true;  // without a class and a code, a name as persons have it says enough
  }
  out_.personal = about_person_ || !s_.hits.empty();
}

// Whether some code proves an organisation: one of its own check signs, and no person's number.
bool row_run::has_organisation_code() const {
  if (credit_ && credit_->code &&
      !is_identity_number(identity::identity_cell(canonical(field_role::credit_code)))) {
    return true;
  }
  if (has(field_role::organisation_code) &&
      identity::check_organisation_code(canonical(field_role::organisation_code)).ok() &&
      !is_identity_number(identity::identity_cell(canonical(field_role::organisation_code)))) {
    return true;
  }
  if (!has(field_role::registration_number)) return false;
  const auto number =
      identity::check_registration_number(canonical(field_role::registration_number));
  return number.ok() && number->size() == 15 &&
         (!may_hold_birthday(*number) || is_no_persons_name(canonical(field_role::party_name)));
}

// Before a refused row is sent back: does any cell, also one without a column, hold a person's
// number?
bool row_run::any_cell_personal() {
  for (std::size_t c = 0; c < cells_.size(); ++c) {
    const int f = c < map_.field_of_column.size() ? map_.field_of_column[c] : -1;
    const field* of = f < 0 ? nullptr : &d_.fields[static_cast<std::size_t>(f)];
    if (of != nullptr && of->type == field_type::discard) continue;
    const std::string_view text = text::tidy(cells_[c].text, s_.store);
    if (!has_digit(text)) continue;
    // A right code can look like a bank card; a wrong one may well be a person's number.
    const bool code = of != nullptr && is_code(of->type);
    if (code && number_in_code_cell(text, of->role) != personal_number::none) return true;
    if (code && is_right_code(text, of->type)) continue;
    if (identity::identity_cell(text) != personal_number::none ||
        identity::find_in_text(text) != personal_number::none) {
      return true;
    }
  }
  return false;
}

bool row_run::any_organisation_cell() const {
  return std::any_of(organisation_roles.begin(), organisation_roles.end(),
                     [this](field_role r) { return has(r); });
}

void row_run::judge_party() {
  party& p = out_.party;
  p.name = canonical(field_role::party_name);
  p.credit_code = canonical(field_role::credit_code);
  p.organisation_code = canonical(field_role::organisation_code);
  p.registration_number = canonical(field_role::registration_number);
  p.tax_number = canonical(field_role::tax_number);
  p.institution_certificate = canonical(field_role::institution_certificate);
  p.social_certificate = canonical(field_role::social_certificate);
  if (!p.credit_code.empty() && !p.organisation_code.empty()) {
    const std::string inner = p.credit_code.substr(8, 9);
    if (inner != p.organisation_code) {
      refuse(errc::organisation_code_differs,
             static_cast<std::size_t>(at(field_role::organisation_code)),
             {echo(p.organisation_code), echo(inner)});
    }
  }
  if (class_ != nullptr) judge_class();
  if (about_person_) {
    judge_person();
    return;
  }
  const int code = at(field_role::credit_code);
  if (!any_organisation_cell() && !refused_for(errc::missing_conditional, code) &&
      !refused_for(errc::missing_mandatory, code)) {
    refuse(errc::no_identifier, static_cast<std::size_t>(code));
  }
  judge_kind();
}

void row_run::judge_class() {
  const auto against = [&](const char* zh, const char* en) {
    refuse(errc::class_against_identity, static_cast<std::size_t>(at(field_role::party_class)),
           {class_->title_zh, zh, en});
  };
  const std::string& code = out_.party.credit_code;
  if (class_->meaning == "person") {
    if (any_organisation_cell()) {
      against("自然人不填写组织的代码", "a natural person has none of an organisation's codes");
    }
    return;
  }
  if (has(field_role::person_id_number)) {
    against("组织和个体工商户不填写自然人证件号码",
            "organisations and individual businesses have no natural person's ID number");
  }
  if (code.empty()) return;
  const bool individual = code.starts_with("92");
  if (class_->meaning == "individual_business" && !individual) {
    against("个体工商户的统一社会信用代码以 92 开头",
            "an individual business's code begins with 92");
  } else if (class_->meaning == "organisation" && individual) {
    against("以 92 开头的是个体工商户的代码",
            "a code that begins with 92 is an individual business's");
  }
}

void row_run::judge_person() {
  const int number = at(field_role::person_id_number);
  if (!has(field_role::person_id_number)) {
    const bool class_says = class_ != nullptr && class_->meaning == "person";
    // A row with a wrong organisation code is told that; it need not be a person's at all. But no
    // row is ever sealed under no number.
    if (!refused_for(errc::missing_conditional, number) &&
        (class_says || !any_organisation_cell() || out_.reasons.empty())) {
      refuse(errc::sealed_without_identity, static_cast<std::size_t>(number));
    }
    return;
  }
  std::string& text = value(number);
  if (text.empty()) return;  // refused as a number that a spreadsheet spoiled
  const personal_number found = identity::identity_cell(text);
  const code_value* type = nullptr;
  if (const int t = at(field_role::person_id_type); t >= 0 && !value(t).empty()) {
    type = d_.fields[static_cast<std::size_t>(t)].codes->find(value(t));
  }
  const bool resident = found == personal_number::resident_number && is_right_resident(text);
  const bool right = type == nullptr               ? resident || found == personal_number::passport
                     : type->meaning == "resident" ? resident
                                                   : true;
  if (!right) {
    refuse(errc::person_number_invalid, static_cast<std::size_t>(number));
    return;
  }
  text = text::fold_identifier(text);
  out_.sealed_person = text;
}

void row_run::judge_kind() {
  party& p = out_.party;
  if (const int k = at(field_role::kind); k >= 0 && !value(k).empty()) {
    const code_value* v = d_.fields[static_cast<std::size_t>(k)].codes->find(value(k));
    if (v != nullptr) p.kind = subject_kind_named(v->meaning);
  } else if (class_ != nullptr && class_->meaning == "individual_business") {
    p.kind = subject_kind::individual_business;
  } else if (!p.credit_code.empty()) {
    p.kind = kind_of_credit_code(p.credit_code);
  } else if (p.registration_number.size() == 15) {
    // GS 15-2006: the first digit of the sequence is 6 to 9 for individual businesses.
    p.kind = p.registration_number[6] >= '6' ? subject_kind::individual_business
                                             : subject_kind::enterprise;
  } else if (!p.institution_certificate.empty()) {
    p.kind = subject_kind::institution;
  } else if (!p.social_certificate.empty()) {
    p.kind = subject_kind::social_organisation;
  }
  if (!p.kind || std::find(d_.kinds.begin(), d_.kinds.end(), *p.kind) != d_.kinds.end()) return;
  std::string zh;
  std::string en;
  for (const subject_kind k : d_.kinds) {
    zh += (zh.empty() ? "" : "、") + std::string(title_zh(k));
    en += (en.empty() ? "" : ", ") + std::string(title_en(k));
  }
  const int f = class_ != nullptr ? at(field_role::party_class) : at(field_role::credit_code);
  refuse(errc::kind_not_taken, static_cast<std::size_t>(f),
         {std::string(title_zh(*p.kind)), zh, std::string(title_en(*p.kind)), en});
}

}  // namespace lixin::catalogue
