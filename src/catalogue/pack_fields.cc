#include <algorithm>
#include <array>

#include "catalogue/forbidden.h"
#include "catalogue/pack_loader.h"
#include "text/fold.h"

namespace lixin::catalogue {
namespace {

constexpr std::array field_columns{
    column{"dataset", true},  column{"code", true},       column{"title_zh", true},
    column{"title_en", true}, column{"type", true},       column{"length"},
    column{"required", true}, column{"condition"},        column{"code_list"},
    column{"unit"},           column{"disclosure", true}, column{"role"},
    column{"aliases"},
};

// The longest length a sheet may set, in code points; 0: the type has a form of its own.
int length_cap(field_type type) {
  switch (type) {
    case field_type::text:
      return 10'000;
    case field_type::choices:
    case field_type::name:
      return 1'000;
    case field_type::choice:
    case field_type::document:
      return 256;
    case field_type::discard:
      return 512;
    case field_type::identifier:
    case field_type::person_number:
      return 64;
    case field_type::registration_number:
      return 50;
    case field_type::person_name:
      return 200;
    case field_type::credit_code:
      return 18;
    case field_type::integer:
      return 18;
    case field_type::organisation_code:
      return 10;  // with its hyphen
    case field_type::date:
    case field_type::fen:
      break;
  }
  return 0;
}

struct role_type {
  field_role role;
  field_type type;
};
// county may be text or choice, so it is not here.
constexpr std::array role_types{
    role_type{field_role::party_name, field_type::name},
    role_type{field_role::party_class, field_type::choice},
    role_type{field_role::credit_code, field_type::credit_code},
    role_type{field_role::organisation_code, field_type::organisation_code},
    role_type{field_role::registration_number, field_type::registration_number},
    role_type{field_role::tax_number, field_type::identifier},
    role_type{field_role::institution_certificate, field_type::identifier},
    role_type{field_role::social_certificate, field_type::identifier},
    role_type{field_role::person_id_type, field_type::choice},
    role_type{field_role::person_id_number, field_type::person_number},
    role_type{field_role::document, field_type::document},
    role_type{field_role::party_ordinal, field_type::integer},
    role_type{field_role::decided_on, field_type::date},
    role_type{field_role::valid_from, field_type::date},
    role_type{field_role::valid_to, field_type::date},
    role_type{field_role::published_until, field_type::date},
    role_type{field_role::publicity_class, field_type::choice},
    role_type{field_role::procedure, field_type::choice},
    role_type{field_role::authority_code, field_type::credit_code},
    role_type{field_role::notified_on, field_type::date},
    role_type{field_role::effective_on, field_type::date},
    role_type{field_role::ended_on, field_type::date},
    role_type{field_role::remedy, field_type::text},
    role_type{field_role::kind, field_type::choice},
    role_type{field_role::former_name, field_type::name},
};

std::vector<std::string_view> meanings_of(field_role role) {
  switch (role) {
    case field_role::party_class:
      return {"organisation", "person", "individual_business"};
    case field_role::publicity_class:
      return {"minor", "general", "serious"};
    case field_role::procedure:
      return {"simplified", "ordinary"};
    case field_role::kind:
      return words::codes_of(words::kinds);
    default:
      return {};
  }
}

bool takes_list(field_type type) {
  return type == field_type::choice || type == field_type::choices;
}

bool takes_condition(presence p) {
  return p == presence::conditional || p == presence::conditional_if_column;
}

}  // namespace

dataset* pack_loader::dataset_of(const line_reader& line) {
  const std::string& wanted = line.text("dataset");
  if (wanted.empty()) return nullptr;
  std::vector<std::string_view> known;
  for (dataset& d : pack_.datasets) {
    if (d.code == wanted) return &d;
    known.push_back(d.code);
  }
  line.fault(errc::unknown_dataset, {wanted, words::suggestion(wanted, known)}, "dataset");
  return nullptr;
}

void pack_loader::load_fields() {
  const sheet_reader sheet = open("fields", field_columns);
  std::map<std::string, std::string> seen;
  for (std::size_t i = 0; i < sheet.size(); ++i) {
    const line_reader line = sheet.line(i);
    dataset* d = dataset_of(line);
    const std::string code = line.code("code");
    if (d == nullptr || code.empty()) continue;
    const auto [at, added] = seen.emplace(d->code + " " + code, line.where());
    if (!added) {
      line.fault(errc::doubled_code, {code, at->second}, "code");
      continue;
    }
    load_field(line, *d);
  }
  load_field_conditions(sheet);
  for (std::size_t i = 0; i < pack_.datasets.size(); ++i) {
    check_fields_of(pack_.datasets[i], dataset_rows_[i]);
  }
}

void pack_loader::load_field(const line_reader& line, dataset& d) {
  field f;
  f.code = line.text("code");
  f.title_zh = line.text("title_zh");
  f.title_en = line.text("title_en");
  const auto type = line.word(words::types, "type");
  f.type = type.value_or(field_type::text);
  f.role = line.word(words::roles, "role").value_or(field_role::none);
  f.required = line.word(words::presences, "required").value_or(presence::optional);
  f.length_max = line.number("length", 1, 1'000'000);
  f.unit = line.text("unit");
  f.visible = line.word(words::disclosures, "disclosure").value_or(disclosure::source);
  f.aliases = words::split_bar(line.text("aliases"));
  if (type) check_field_type(line, f);
  check_field_role(line, d, f);
  check_forbidden(line, d, f);
  index_headings(line, d, f);
  d.fields.push_back(std::move(f));
}

void pack_loader::check_field_type(const line_reader& line, field& f) {
  const std::string type(words::code_of(words::types, f.type));
  const int cap = length_cap(f.type);
  if (f.length_max > cap) {
    line.fault(errc::length_above_cap, {type, std::to_string(cap), std::to_string(f.length_max)},
               "length");
  }
  if (f.length_max == 0) f.length_max = cap;
  const std::string& wanted = line.text("code_list");
  if (takes_list(f.type) && wanted.empty()) {
    line.fault(errc::choice_without_list, {type}, "code_list");
  } else if (!takes_list(f.type) && !wanted.empty()) {
    line.fault(errc::list_without_choice, {type}, "code_list");
  } else if (!wanted.empty()) {
    std::vector<std::string_view> known;
    for (const auto& list : pack_.codes) {
      if (list->code == wanted) f.codes = list.get();
      known.push_back(list->code);
    }
    if (f.codes == nullptr) {
      line.fault(errc::unknown_code_list, {wanted, words::suggestion(wanted, known)}, "code_list");
    }
  }
  if (f.type == field_type::fen && f.unit != "yuan" && f.unit != "wan") {
    line.fault(errc::fen_without_unit, {f.unit.empty() ? "-" : f.unit}, "unit");
  } else if (f.type != field_type::fen && !f.unit.empty()) {
    line.fault(errc::unit_without_fen, {}, "unit");
  }
  if (f.type == field_type::discard && f.visible != disclosure::hidden) {
    line.fault(errc::discard_not_hidden, {}, "disclosure");
  }
  if (f.type == field_type::person_number && f.visible < disclosure::consent) {
    line.fault(errc::person_number_public, {}, "disclosure");
  }
  const bool conditional = takes_condition(f.required);
  if (conditional == line.text("condition").empty()) {
    line.fault(conditional ? errc::condition_missing : errc::condition_unexpected,
               {line.text("required")}, "condition");
  }
}

void pack_loader::check_field_role(const line_reader& line, const dataset& d, const field& f) {
  if (f.role == field_role::none) return;
  const std::string role(words::code_of(words::roles, f.role));
  if (const int other = d.field_with(f.role); other >= 0) {
    line.fault(errc::doubled_role, {role, d.fields[static_cast<std::size_t>(other)].code}, "role");
  }
  for (const role_type& r : role_types) {
    if (r.role != f.role || r.type == f.type) continue;
    line.fault(errc::role_needs_type,
               {role, std::string(words::code_of(words::types, r.type)),
                std::string(words::code_of(words::types, f.type))},
               "role");
  }
  check_meanings(line, f);
}

void pack_loader::check_meanings(const line_reader& line, const field& f) {
  const std::vector<std::string_view> wanted = meanings_of(f.role);
  if (wanted.empty() || f.codes == nullptr) return;
  std::string all;
  for (const std::string_view w : wanted) all += (all.empty() ? "" : " ") + std::string(w);
  for (const code_value& v : f.codes->values) {
    if (std::find(wanted.begin(), wanted.end(), v.meaning) != wanted.end()) continue;
    line.fault(errc::meaning_missing,
               {f.codes->code, std::string(words::code_of(words::roles, f.role)), all,
                v.meaning.empty() ? "-" : v.meaning},
               "code_list");
  }
}

void pack_loader::check_forbidden(const line_reader& line, const dataset& d, const field& f) {
  const auto look = [&](std::string_view word, const char* column) {
    if (const auto hit = forbidden_word(word, d.takes_persons)) {
      line.fault(errc::forbidden_field, {std::string(*hit)}, column);
    }
  };
  look(f.code, "code");
  look(f.title_zh, "title_zh");
  look(f.title_en, "title_en");
  for (const std::string& alias : f.aliases) look(alias, "aliases");
}

void pack_loader::index_headings(const line_reader& line, const dataset& d, const field& f) {
  auto& known = headings_[d.code];
  const auto add = [&](const std::string& word, const char* column) {
    const auto [at, added] = known.emplace(text::fold_heading(word), f.code);
    if (!added && at->second != f.code) {
      line.fault(errc::doubled_heading_word, {word, at->second}, column);
    }
  };
  add(f.code, "code");
  if (!f.title_zh.empty()) add(f.title_zh, "title_zh");
  if (!f.title_en.empty()) add(f.title_en, "title_en");
  for (const std::string& alias : f.aliases) add(alias, "aliases");
}

// After all fields, so that a later field is told from an unknown one.
void pack_loader::load_field_conditions(const sheet_reader& sheet) {
  for (std::size_t i = 0; i < sheet.size(); ++i) {
    const line_reader line = sheet.line(i);
    if (line.text("condition").empty()) continue;
    for (dataset& d : pack_.datasets) {
      if (d.code != line.text("dataset")) continue;
      const int at = d.field_named(line.text("code"));
      if (at < 0) continue;
      field& f = d.fields[static_cast<std::size_t>(at)];
      if (!takes_condition(f.required)) continue;
      f.when = read_condition(line, "condition", d, static_cast<std::size_t>(at));
    }
  }
}

}  // namespace lixin::catalogue
