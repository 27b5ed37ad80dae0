#include "city/faults.h"

#include <fmt/format.h>

#include "archive/errc.h"
#include "catalogue/errc.h"
#include "city/codes.h"

namespace lixin::city {
namespace {

namespace reason = catalogue::errc;

constexpr std::array<std::string_view, faults> names{"wrong_check_sign",
                                                     "code_too_short",
                                                     "sign_outside_alphabet",
                                                     "placeholder_code",
                                                     "code_became_number",
                                                     "organisation_code_wrong",
                                                     "organisation_code_of_another",
                                                     "registration_number_wrong",
                                                     "not_a_date",
                                                     "no_such_day",
                                                     "decided_in_future",
                                                     "ends_before_it_begins",
                                                     "mandatory_blank",
                                                     "conditional_blank",
                                                     "too_long",
                                                     "kind_not_on_list",
                                                     "class_not_on_list",
                                                     "class_against_code",
                                                     "bad_amount",
                                                     "bad_ordinal",
                                                     "cell_beyond_heading",
                                                     "phone_in_text",
                                                     "resident_number_in_text",
                                                     "bank_card_in_text",
                                                     "plate_in_text",
                                                     "person_in_organisations_dataset",
                                                     "resident_number_as_code",
                                                     "nobody_named",
                                                     "person_number_wrong",
                                                     "person_without_number",
                                                     "class_blank",
                                                     "class_and_code_wrong",
                                                     "government_body_not_taken",
                                                     "two_faults",
                                                     "subject_unknown",
                                                     "subject_ambiguous",
                                                     "other_name",
                                                     "repeated",
                                                     "repeated_with_change",
                                                     "changed_back",
                                                     "other_party",
                                                     "second_party"};

bool is_registration(const hand_in& h) { return h.columns == &registration_shape(); }
bool is_list(const hand_in& h) { return h.columns->notified != absent; }
bool is_old(const hand_in& h) { return h.heading == layout::year_2015; }

void refuse(draft& d, const message& why) {
  d.expected = fate::refused;
  d.reasons.push_back(why.code);
  d.bound_to.clear();
  d.name_differs = false;
}

void hold(draft& d, const message& why) {
  d.expected = fate::pending;
  d.reasons.push_back(why.code);
  d.bound_to.clear();
  d.name_differs = false;
}

// A wrong credit code. Where there is no class column the organisation code must say that the row
// is not a person's.
void break_code(const hand_in& h, draft& d, std::string code) {
  const shape& s = *h.columns;
  if (is_old(h)) d.cells[s.organisation] = d.bound_to.substr(8, 9);
  if (!is_old(h)) d.cells[s.organisation].clear();
  d.cells[s.credit] = std::move(code);
  refuse(d, reason::credit_code_invalid);
}

bool break_organisation_code(const hand_in& h, draft& d, bool of_another) {
  const shape& s = *h.columns;
  std::string code = d.bound_to.substr(8, 9);
  d.cells[s.credit] = d.bound_to;
  if (of_another) {
    d.cells[s.organisation] = organisation_code("MA9", 19'500'000);
    refuse(d, reason::organisation_code_differs);
    return true;
  }
  code.back() = code.back() == '7' ? '8' : '7';
  if (code == d.bound_to.substr(8, 9)) return false;
  d.cells[s.organisation] = code;
  refuse(d, reason::organisation_code_invalid);
  return true;
}

bool break_dates(fault f, const hand_in& h, const record_maker& make, random& r, draft& d) {
  const shape& s = *h.columns;
  if (f == fault::not_a_date) {
    constexpr std::array<std::string_view, 4> cells{"去年", "24/5/1", "2024-05", "5/1/2024"};
    d.cells[s.decided] = r.pick(cells);
    refuse(d, reason::bad_date);
    return true;
  }
  if (f == fault::no_such_day) {
    d.cells[s.decided] = r.permille(500) ? "2023-02-29" : "2024年4月31日";
    refuse(d, reason::bad_date);
    return true;
  }
  if (f == fault::decided_in_future) {
    const date later = make.of().today + r.between(1, 400);
    d.cells[s.decided] = make.written(h, later);
    // Everything that follows a decision moves with it: one fault, one reason.
    for (const std::size_t column : {s.from, s.notified, s.effective, s.to}) {
      if (column == absent || d.cells[column].empty()) continue;
      d.cells[column] = make.written(h, column == s.to ? add_months(later, 12) : later);
    }
    refuse(d, reason::date_in_future);
    return true;
  }
  d.cells[s.to] = make.written(h, d.decided - r.between(1, 300));
  refuse(d, reason::dates_out_of_order);
  return true;
}

bool break_amount(const hand_in& h, random& r, draft& d) {
  const shape& s = *h.columns;
  if (h.columns == &penalty_shape() && !d.fined) return false;
  constexpr std::array<std::string_view, 5> cells{"二千元", "-0.5", "0.2万元", "1,000.00",
                                                  "0.1234567"};
  d.cells[s.amount] = r.pick(cells);
  refuse(d, reason::bad_amount);
  return true;
}

void write_into_text(fault f, const hand_in& h, random& r, draft& d) {
  const shape& s = *h.columns;
  std::string number;
  switch (f) {
    case fault::phone_in_text:
      number = mobile_number(r);
      break;
    case fault::resident_number_in_text:
      number = r.permille(700) ? resident_number(r) : old_resident_number(r);
      break;
    case fault::bank_card_in_text:
      number = bank_card_number(r);
      break;
    default:
      number = number_plate(r);
  }
  d.planted.push_back(number);
  std::string shown = number;
  if (f == fault::phone_in_text && r.permille(400)) {
    shown = fmt::format("{} {} {}", number.substr(0, 3), number.substr(3, 4), number.substr(7));
    d.planted.push_back(shown);
  }
  const std::size_t column = r.permille(500) ? s.facts : s.remark;
  d.cells[column] += fmt::format("（现场负责人测试甲，{}）", shown);
  refuse(d, reason::personal_number_in_text);
}

void make_person(const hand_in& h, random& r, draft& d) {
  const shape& s = *h.columns;
  d.planted.push_back(resident_number(r));
  d.cells[s.name] = compose_person(r);
  d.cells[s.credit] = d.planted.back();
  for (const std::size_t column : {s.organisation, s.registration}) d.cells[column].clear();
  if (s.party_class != absent) d.cells[s.party_class] = "自然人";
  refuse(d, reason::personal_row_not_taken);
}

bool bind_otherwise(fault f, const hand_in& h, const record_maker& make, random& r, draft& d) {
  const shape& s = *h.columns;
  if (f == fault::subject_unknown) {
    const organisation o = make.bodies().stranger(1'000'000 + r.below(2'000'000));
    if (is_list(h) && o.kind == body::government_body) return false;
    make.set_party(h, o, r, d);
    hold(d, archive::errc::subject_unknown);
    return true;
  }
  if (f == fault::other_name) {
    d.cells[s.name] = "河北" + d.cells[s.name];
    d.name_differs = true;
    return true;
  }
  // The number of another body beside the code of this one.
  for (int tries = 0; tries < 200; ++tries) {
    const organisation& other = make.bodies().pick(r);
    if (other.registration.empty() || other.code == d.bound_to) continue;
    if (!is_old(h) || d.cells[s.organisation].empty()) d.cells[s.credit] = d.bound_to;
    d.cells[s.registration] = other.registration;
    hold(d, archive::errc::subject_ambiguous);
    return true;
  }
  return false;
}

bool blank_conditional(const hand_in& h, draft& d) {
  const shape& s = *h.columns;
  if (h.columns == &penalty_shape()) {
    if (!d.fined || is_old(h)) return false;
    d.cells[s.fine].clear();
  } else if (h.columns == &licence_shape()) {
    if (d.cells[s.party_class].starts_with("个体")) return false;
    d.cells[s.representative].clear();
  } else {
    d.cells[s.credit].clear();
    d.cells[s.organisation] = d.bound_to.substr(8, 9);
  }
  refuse(d, reason::missing_conditional);
  return true;
}

bool break_class(fault f, const hand_in& h, random& r, draft& d) {
  const shape& s = *h.columns;
  std::string& word = d.cells[s.party_class];
  if (f == fault::class_not_on_list) {
    constexpr std::array<std::string_view, 3> cells{"企业法人", "公司", "4"};
    word = r.pick(cells);
    d.cells[s.credit] = d.bound_to;
    d.cells[s.organisation] = d.bound_to.substr(8, 9);
    refuse(d, reason::not_on_list);
    return true;
  }
  if (f == fault::class_blank) {
    word.clear();
    d.cells[s.credit] = d.bound_to;
    refuse(d, reason::missing_mandatory);
    return true;
  }
  if (f == fault::class_and_code_wrong) {
    // Neither the class nor a code proves an organisation: nothing of the row may be kept. Where
    // the dataset takes no persons, that alone is said.
    word = "其他组织";
    break_code(h, d, with_wrong_check_sign(d.bound_to));
    d.cells[s.registration].clear();
    if (s.takes_persons) {
      d.reasons.push_back(reason::not_on_list.code);
    } else {
      d.reasons = {reason::personal_row_not_taken.code};
    }
    return true;
  }
  word = word.starts_with("个体") ? "法人及非法人组织" : "个体工商户";
  refuse(d, reason::class_against_identity);
  return true;
}

}  // namespace

std::string_view name_of(fault f) { return names[static_cast<std::size_t>(f)]; }

bool fits(fault f, const hand_in& h) {
  const shape& s = *h.columns;
  switch (f) {
    case fault::ends_before_it_begins:
      return s.to != absent && !is_old(h);
    case fault::kind_not_on_list:
      return s.kinds != absent;
    case fault::class_blank:
    case fault::class_and_code_wrong:
    case fault::class_not_on_list:
    case fault::class_against_code:
      return s.party_class != absent && !is_old(h);
    case fault::bad_amount:
      return s.amount != absent && !is_old(h);
    case fault::bad_ordinal:
    case fault::second_party:
      return s.ordinal != absent && !is_old(h);
    case fault::cell_beyond_heading:
      return h.format != file_format::xlsx;
    case fault::conditional_blank:
      return !is_registration(h) && !is_old(h);
    case fault::person_in_organisations_dataset:
      return !s.takes_persons;
    case fault::resident_number_as_code:
    case fault::nobody_named:
      return is_old(h);
    case fault::person_number_wrong:
    case fault::person_without_number:
      return s.takes_persons && !is_old(h);
    case fault::government_body_not_taken:
      return is_list(h);
    case fault::two_faults:
      return !is_old(h) && s.to != absent;
    case fault::subject_unknown:
    case fault::subject_ambiguous:
    case fault::other_name:
    case fault::other_party:
      return !is_registration(h);
    default:
      return true;
  }
}

bool apply(fault f, const hand_in& h, const record_maker& make, random& r, draft& d) {
  const shape& s = *h.columns;
  switch (f) {
    case fault::wrong_check_sign:
      break_code(h, d, with_wrong_check_sign(d.bound_to));
      return true;
    case fault::code_too_short:
      break_code(h, d, d.bound_to.substr(0, 17));
      return true;
    case fault::sign_outside_alphabet: {
      std::string code = d.bound_to;
      code[9 + r.below(7)] = r.permille(500) ? 'O' : 'I';
      break_code(h, d, std::move(code));
      return true;
    }
    case fault::placeholder_code:
      break_code(h, d, "00000000000000000X");
      return true;
    case fault::code_became_number:
      break_code(h, d, fmt::format("9.{}E+17", d.bound_to.substr(2, 5)));
      d.code_as_number = h.format == file_format::xlsx;
      d.reasons = {reason::code_was_number.code};
      return true;
    case fault::organisation_code_wrong:
    case fault::organisation_code_of_another:
      return break_organisation_code(h, d, f == fault::organisation_code_of_another);
    case fault::registration_number_wrong: {
      std::string number = registration_number(d.bound_to.substr(2, 6), 61'234'567);
      number[14] = number[14] == '9' ? '0' : static_cast<char>(number[14] + 1);
      d.cells[s.registration] = std::move(number);
      refuse(d, reason::registration_number_invalid);
      return true;
    }
    case fault::not_a_date:
    case fault::no_such_day:
    case fault::decided_in_future:
    case fault::ends_before_it_begins:
      return break_dates(f, h, make, r, d);
    case fault::mandatory_blank:
      d.cells[is_registration(h) ? s.name : s.facts].clear();
      refuse(d, reason::missing_mandatory);
      return true;
    case fault::conditional_blank:
      return blank_conditional(h, d);
    case fault::too_long:
      for (int i = 0; i < 103; ++i) d.cells[s.remark] += "详见附件。";
      refuse(d, reason::too_long);
      return true;
    case fault::kind_not_on_list:
      // The list of penalties has no such word; the fine stays as it is.
      d.cells[s.kinds] = h.columns == &penalty_shape() ? "罚没款" : "备案类";
      refuse(d, reason::not_on_list);
      return true;
    case fault::class_blank:
    case fault::class_and_code_wrong:
    case fault::class_not_on_list:
    case fault::class_against_code:
      return break_class(f, h, r, d);
    case fault::bad_amount:
      return break_amount(h, r, d);
    case fault::bad_ordinal:
      d.cells[s.ordinal] = r.permille(500) ? "第二" : "-1";
      refuse(d, reason::bad_integer);
      return true;
    case fault::cell_beyond_heading:
      d.beyond = "另见附页";
      refuse(d, reason::extra_cells);
      return true;
    case fault::phone_in_text:
    case fault::resident_number_in_text:
    case fault::bank_card_in_text:
    case fault::plate_in_text:
      write_into_text(f, h, r, d);
      return true;
    case fault::person_in_organisations_dataset:
      make_person(h, r, d);
      return true;
    case fault::resident_number_as_code:
      // Nothing of such a row may be kept, and it is no row to seal: the number stands in a wrong
      // column.
      d.planted.push_back(resident_number(r));
      d.cells[s.credit] = d.planted.back();
      for (const std::size_t column : {s.organisation, s.registration, s.tax}) {
        d.cells[column].clear();
      }
      refuse(d, reason::personal_number_in_text);
      return true;
    case fault::nobody_named:
      for (const std::size_t column : {s.credit, s.organisation, s.registration, s.tax}) {
        d.cells[column].clear();
      }
      refuse(d, reason::sealed_without_identity);
      return true;
    case fault::person_number_wrong: {
      d.cells[s.person_id_type] = "身份证";
      std::string number = resident_number(r);
      number.back() = number.back() == '5' ? '6' : '5';
      d.planted.assign(1, number);
      d.cells[s.person_id] = std::move(number);
      refuse(d, reason::person_number_invalid);
      return true;
    }
    case fault::person_without_number:
      d.planted.clear();
      d.cells[s.person_id].clear();
      refuse(d, reason::missing_conditional);
      return true;
    case fault::government_body_not_taken: {
      organisation o = make.bodies().stranger(r.below(1000));
      o.kind = body::government_body;
      o.code = credit_code("11", o.where->division, organisation_code("MB9", 19'600'000));
      make.set_party(h, o, r, d);
      refuse(d, reason::kind_not_taken);
      return true;
    }
    case fault::two_faults:
      d.cells[s.to] = "长期有效";
      d.cells[s.facts].clear();
      refuse(d, reason::bad_date);
      d.reasons.push_back(reason::missing_mandatory.code);
      return true;
    case fault::subject_unknown:
    case fault::subject_ambiguous:
    case fault::other_name:
      return bind_otherwise(f, h, make, r, d);
    default:
      return false;
  }
}

void change_content(const hand_in& h, int step, draft& d) {
  const shape& s = *h.columns;
  if (is_registration(h)) {
    d.cells[s.at("QY_ZS")] = fmt::format("河北省沧州市新址路{}号", step);
    return;
  }
  d.cells[s.remark] = fmt::format("第{}次更正", step);
}

}  // namespace lixin::city
