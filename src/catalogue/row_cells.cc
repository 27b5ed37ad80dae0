// The cells of a row: from tidied text to canonical values, or to the reasons why not.
#include <charconv>
#include <cstdio>
#include <cstdlib>

#include "calendar/parse.h"
#include "catalogue/row_run.h"
#include "catalogue/values.h"
#include "text/fold.h"

namespace lixin::catalogue {
namespace {

constexpr std::size_t list_shown_max = 12;
constexpr std::int64_t integer_max = 999'999'999'999'999'999;
constexpr std::int64_t ordinal_max = 9'999;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// 2024-05-01 without a detour; anything else goes through calendar::parse_date.
std::optional<date> iso_date(std::string_view s) {
  if (s.size() != 10 || s[4] != '-' || s[7] != '-') return std::nullopt;
  const auto digits = [&](std::size_t at, std::size_t n) {
    int v = 0;
    for (std::size_t i = at; i < at + n; ++i) {
      if (!is_digit(s[i])) return -1;
      v = v * 10 + (s[i] - '0');
    }
    return v;
  };
  const int y = digits(0, 4);
  const int m = digits(5, 2);
  const int d = digits(8, 2);
  if (y < 1900 || y > 2099 || m < 1 || d < 1) return std::nullopt;
  const std::chrono::year_month_day ymd = std::chrono::year(y) /
                                          std::chrono::month(static_cast<unsigned>(m)) /
                                          std::chrono::day(static_cast<unsigned>(d));
  if (!ymd.ok()) return std::nullopt;
  return date(ymd);
}

// A number cell holds a binary fraction: 0.1 + 0.2 reads 0.30000000000000004. Office software shows
// 15 digits, and so does this.
std::string fifteen_digits(const std::string& number) {
  char* end = nullptr;
  const double v = std::strtod(number.c_str(), &end);
  if (end != number.c_str() + number.size()) return number;
  char buffer[64];
  const int n = std::snprintf(buffer, sizeof buffer, "%.15g", v);
  return n > 0 ? std::string(buffer, static_cast<std::size_t>(n)) : number;
}

struct layer_words {
  identity::layer layer;
  const char *zh, *en;
};
constexpr layer_words layers[] = {
    {identity::layer::length, "长度应为 18 位", "length (18 signs)"},
    {identity::layer::alphabet, "含有不使用的字符（I、O、S、V、Z 或其他符号）",
     "alphabet (I, O, S, V, Z and other signs are never used)"},
    {identity::layer::placeholder, "是占位符，不能作为身份", "placeholder check (it names nobody)"},
    {identity::layer::division, "第 3 至 8 位应为行政区划数字",
     "division (signs 3 to 8 are digits)"},
    {identity::layer::check_sign, "第 18 位校验码不符", "check sign (sign 18)"},
};

}  // namespace

bool row_run::too_long(std::size_t f, const std::string& value) {
  const int max = d_.fields[f].length_max;
  if (max == 0 || value.size() <= static_cast<std::size_t>(max)) return false;
  const std::size_t length = text::length(value);
  if (length <= static_cast<std::size_t>(max)) return false;
  refuse(errc::too_long, f, {std::to_string(max), redacted_ ? "…" : std::to_string(length)});
  return true;
}

void row_run::type_cell(std::size_t f) {
  std::string& v = out_.values[f];
  switch (d_.fields[f].type) {
    case field_type::choice:
      return type_choice(f, v);
    case field_type::choices:
      return type_choices(f, v);
    case field_type::date:
      return type_date(f, v);
    case field_type::fen:
      return type_amount(f, v);
    case field_type::integer:
      return type_integer(f, v);
    case field_type::credit_code:
      return type_credit_code(f, v);
    case field_type::organisation_code:
    case field_type::registration_number:
    case field_type::identifier:
    case field_type::person_number:
      return type_other_code(f, v);
    case field_type::text:
    case field_type::name:
    case field_type::person_name:
    case field_type::document:
      if (too_long(f, v)) v.clear();
      break;
    case field_type::discard:
      return;
  }
  if (d_.fields[f].role == field_role::document && !v.empty()) {
    out_.document = v;
    out_.document_key = text::fold_document(v);
  }
}

void row_run::type_choice(std::size_t f, std::string& v) {
  if (too_long(f, v)) {
    v.clear();
    return;
  }
  const code_list& list = *d_.fields[f].codes;
  const code_value* hit = list.find(v);
  if (hit == nullptr) {
    std::string all;
    for (std::size_t i = 0; i < list.values.size() && i < list_shown_max; ++i) {
      all += (i == 0 ? "" : "、") + list.values[i].code;
    }
    if (list.values.size() > list_shown_max) all += "…";
    refuse(errc::not_on_list, f, {echo(v), all});
    v.clear();
    return;
  }
  if (!hit->code.ends_with('*')) v = hit->code;
  if (d_.fields[f].role != field_role::publicity_class) return;
  out_.handed_in_class = hit->meaning == "minor"     ? publicity_class::minor
                         : hit->meaning == "general" ? publicity_class::general
                                                     : publicity_class::serious;
}

void row_run::type_choices(std::size_t f, std::string& v) {
  if (too_long(f, v)) {
    v.clear();
    return;
  }
  const code_list& list = *d_.fields[f].codes;
  std::string_view stray;
  if (auto canonical = choices_of(list, v, stray)) {
    v = std::move(*canonical);
    return;
  }
  std::string all;
  for (std::size_t i = 0; i < list.values.size() && i < list_shown_max; ++i) {
    all += (i == 0 ? "" : "；") + list.values[i].code;
  }
  refuse(errc::not_on_list, f, {echo(stray), all});
  v.clear();
}

void row_run::type_date(std::size_t f, std::string& v) {
  std::optional<date> day = iso_date(v);
  if (!day) {
    const auto parsed = calendar::parse_date(v);
    if (!parsed.ok()) {
      refuse(errc::bad_date, f, {echo(v)});
      v.clear();
      return;
    }
    day = parsed.value();
    v = to_string(*day);
  }
  switch (d_.fields[f].role) {
    case field_role::decided_on:
      out_.decided_on = day;
      break;
    case field_role::valid_from:
      out_.valid_from = day;
      break;
    case field_role::valid_to:
      out_.valid_to = day;
      break;
    case field_role::published_until:
      out_.published_until = day;
      break;
    case field_role::notified_on:
      out_.notified_on = day;
      break;
    case field_role::effective_on:
      out_.effective_on = day;
      break;
    case field_role::ended_on:
      out_.ended_on = day;
      break;
    default:
      break;
  }
}

void row_run::type_amount(std::size_t f, std::string& v) {
  const std::string& unit = d_.fields[f].unit;
  const int decimals = decimals_of(unit);
  auto fen = fen_of(v, decimals);
  if (!fen && s_.kinds[f] == tabular::cell_kind::number) fen = fen_of(fifteen_digits(v), decimals);
  if (fen) {
    v = std::move(*fen);
    return;
  }
  const bool wan = unit == "wan";
  refuse(errc::bad_amount, f,
         {echo(v), wan ? "万元" : "元", std::to_string(decimals), wan ? "10,000 yuan" : "yuan"});
  v.clear();
}

void row_run::type_integer(std::size_t f, std::string& v) {
  const bool ordinal = d_.fields[f].role == field_role::party_ordinal;
  const std::int64_t low = ordinal ? 1 : -integer_max;
  const std::int64_t high = ordinal ? ordinal_max : integer_max;
  std::int64_t n = 0;
  const auto r = std::from_chars(v.data(), v.data() + v.size(), n);
  if (r.ec != std::errc{} || r.ptr != v.data() + v.size() || n < low || n > high) {
    refuse(errc::bad_integer, f, {echo(v), std::to_string(low), std::to_string(high)});
    v.clear();
    return;
  }
  v = std::to_string(n);
  if (too_long(f, v)) {
    v.clear();
  } else if (ordinal) {
    out_.party_ordinal = static_cast<int>(n);
  }
}

void row_run::type_credit_code(std::size_t f, std::string& v) {
  if (s_.kinds[f] == tabular::cell_kind::number || identity::looks_like_excel_number(v)) {
    refuse(errc::code_was_number, f);
    v.clear();
    return;
  }
  const bool party = d_.fields[f].role == field_role::credit_code;
  std::optional<identity::credit_code_check> own;
  if (!party) own = identity::check_credit_code(v);
  const identity::credit_code_check& check = party ? *credit_ : *own;
  if (check.code) {
    v = check.code->text();
    if (check.pair_unlisted) note(errc::pair_unlisted, f, {echo(std::string_view(v).substr(0, 2))});
    if (check.inner_check_fails) note(errc::inner_check, f);
    return;
  }
  for (const layer_words& l : layers) {
    if (l.layer != check.failed) continue;
    refuse(errc::credit_code_invalid, f, {echo(v), l.zh, l.en});
  }
  v.clear();
}

void row_run::type_other_code(std::size_t f, std::string& v) {
  if (s_.kinds[f] == tabular::cell_kind::number || identity::looks_like_excel_number(v)) {
    refuse(errc::code_was_number, f);
    v.clear();
    return;
  }
  const field_type type = d_.fields[f].type;
  if (type == field_type::person_number) {
    if (too_long(f, v)) v.clear();
    return;
  }
  if (type == field_type::identifier) {
    v = text::fold_identifier(v);
    if (too_long(f, v)) v.clear();
    return;
  }
  const bool organisation = type == field_type::organisation_code;
  auto code =
      organisation ? identity::check_organisation_code(v) : identity::check_registration_number(v);
  if (code.ok()) {
    v = std::move(code).value();
    return;
  }
  refuse(organisation ? errc::organisation_code_invalid : errc::registration_number_invalid, f,
         {echo(v)});
  v.clear();
}

void row_run::judge_presence() {
  for (std::size_t f = 0; f < d_.fields.size(); ++f) {
    if (s_.filled[f] != 0) continue;
    const field& of = d_.fields[f];
    const bool column = map_.column_of_field[f] >= 0;
    switch (of.required) {
      case presence::optional:
        break;
      case presence::mandatory:
        refuse(errc::missing_mandatory, f);
        break;
      case presence::mandatory_if_column:
        if (column) refuse(errc::missing_mandatory, f);
        break;
      case presence::conditional_if_column:
        if (!column) break;
        [[fallthrough]];
      case presence::conditional:
        if (of.when.holds(d_, out_.values)) refuse(errc::missing_conditional, f, {of.when.source});
        break;
    }
  }
}

void row_run::judge_dates() {
  const auto shown = [&](date d) { return redacted_ ? std::string("…") : to_string(d); };
  const auto not_in_future = [&](std::optional<date> day, field_role role) {
    if (!day || *day <= today_) return;
    refuse(errc::date_in_future, static_cast<std::size_t>(at(role)),
           {shown(*day), to_string(today_)});
  };
  not_in_future(out_.decided_on, field_role::decided_on);
  if (!out_.decided_on || *out_.decided_on <= today_) {
    not_in_future(out_.notified_on, field_role::notified_on);
  }
  const auto in_order = [&](std::optional<date> first, field_role first_role,
                            std::optional<date> then, field_role then_role) {
    if (!first || !then || *first <= *then) return true;
    const field& other = d_.fields[static_cast<std::size_t>(at(first_role))];
    refuse(errc::dates_out_of_order, static_cast<std::size_t>(at(then_role)),
           {shown(*then), other.title_zh, other.title_en, shown(*first)});
    return false;
  };
  const auto& o = out_;
  if (in_order(o.valid_from, field_role::valid_from, o.valid_to, field_role::valid_to) &&
      in_order(o.effective_on, field_role::effective_on, o.valid_to, field_role::valid_to)) {
    in_order(o.decided_on, field_role::decided_on, o.valid_to, field_role::valid_to);
  }
  in_order(o.decided_on, field_role::decided_on, o.published_until, field_role::published_until);
  // Remedy before effect (DESIGN 2.9): who is not told yet cannot object.
  in_order(o.notified_on, field_role::notified_on, o.effective_on, field_role::effective_on);
}

}  // namespace lixin::catalogue
