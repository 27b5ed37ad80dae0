// What follows from a checked row: its canonical content, how a cell is shown, its publicity class.
#include <algorithm>

#include "catalogue/row_check.h"
#include "catalogue/values.h"
#include "catalogue/words.h"
#include "text/json.h"

namespace lixin::catalogue {
namespace {

// Where neither a rule nor the authority says the class (issue text; order 36 has 3 months as the
// least for a general one).
constexpr int provisional_months = 3;

bool is_verified(const term& t) { return t.basis.status == certainty::verified; }

const term* first_of_class(const dataset& d, publicity_class c) {
  for (const term& t : d.terms) {
    if (is_verified(t) && t.publicity == c) return &t;
  }
  return nullptr;
}

const term* first_that_holds(const dataset& d, const std::vector<std::string>& values) {
  for (const term& t : d.terms) {
    if (is_verified(t) && t.when.holds(d, values)) return &t;
  }
  return nullptr;
}

// The `choices` fields that any term looks at.
std::vector<std::size_t> kinds_fields(const dataset& d) {
  std::vector<std::size_t> out;
  for (const term& t : d.terms) {
    for (const condition::clause& c : t.when.clauses) {
      const auto f = static_cast<std::size_t>(c.field);
      if (d.fields[f].type != field_type::choices) continue;
      if (std::find(out.begin(), out.end(), f) == out.end()) out.push_back(f);
    }
  }
  return out;
}

class_decision provisional(const dataset& d) {
  class_decision out;
  out.publicity = publicity_class::general;
  out.from = class_decision::source::provisional;
  out.rule = first_of_class(d, publicity_class::general);
  out.months =
      out.rule != nullptr && out.rule->months_min > 0 ? out.rule->months_min : provisional_months;
  return out;
}

class_decision by_rule(const term& t) {
  return {t.publicity, class_decision::source::rule, &t, t.months_max};
}

class_decision decide_one(const dataset& d, const std::vector<std::string>& values) {
  const term* t = first_that_holds(d, values);
  return t != nullptr ? by_rule(*t) : provisional(d);
}

// The heavier class; of two alike the one that a rule gives.
bool is_heavier(const class_decision& a, const class_decision& b) {
  if (a.publicity != b.publicity) return a.publicity > b.publicity;
  return a.from == class_decision::source::rule && b.from != class_decision::source::rule;
}

}  // namespace

class_decision decide_class(const dataset& d, const checked_row& row) {
  return decide_class(d, row.values, row.handed_in_class);
}

class_decision decide_class(const dataset& d, const std::vector<std::string>& values,
                            publicity_class handed_in) {
  if (d.tone != tone::adverse || d.terms.empty()) return {};
  if (handed_in != publicity_class::none) {
    class_decision out;
    out.publicity = handed_in;
    out.from = class_decision::source::handed_in;
    out.rule = first_of_class(d, handed_in);
    if (out.rule != nullptr) {
      out.months = out.rule->months_max;
    } else if (handed_in != publicity_class::minor) {
      out.months = d.publicity_months_max;
    }
    return out;
  }
  const std::vector<std::size_t> fields = kinds_fields(d);
  std::vector<std::string> trial = values;
  for (const std::size_t f : fields) trial[f].clear();
  std::optional<class_decision> heaviest;
  for (const std::size_t f : fields) {
    for (const std::string_view one : words::split_values(values[f])) {
      trial[f] = one;
      const class_decision decided = decide_one(d, trial);
      if (!heaviest || is_heavier(decided, *heaviest)) heaviest = decided;
    }
    trial[f].clear();
  }
  return heaviest ? *heaviest : decide_one(d, values);
}

std::string content_json(const dataset& d, const std::vector<std::string>& values) {
  LIXIN_ASSERT(values.size() == d.fields.size());
  std::string out = "{";
  for (std::size_t f = 0; f < values.size(); ++f) {
    if (values[f].empty()) continue;
    if (out.size() > 1) out += ',';
    text::append_json_string(out, d.fields[f].code);
    out += ':';
    text::append_json_string(out, values[f]);
  }
  out += '}';
  return out;
}

std::string display_value(const field& f, std::string_view canonical) {
  if (f.type != field_type::fen || canonical.empty()) return std::string(canonical);
  return fen_in_unit(canonical, decimals_of(f.unit));
}

}  // namespace lixin::catalogue
