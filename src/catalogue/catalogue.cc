#include "catalogue/catalogue.h"

#include <algorithm>
#include <array>

#include "base/assert.h"
#include "catalogue/errc.h"
#include "catalogue/values.h"
#include "catalogue/words.h"
#include "tabular/tabular.h"
#include "text/fold.h"

namespace lixin::catalogue {
namespace {

struct kind_title {
  subject_kind kind;
  std::string_view zh, en;
};
constexpr std::array kind_titles{
    kind_title{subject_kind::enterprise, "企业", "enterprise"},
    kind_title{subject_kind::individual_business, "个体工商户", "individual business"},
    kind_title{subject_kind::institution, "事业单位", "institution"},
    kind_title{subject_kind::social_organisation, "社会组织", "social organisation"},
    kind_title{subject_kind::government_body, "机关", "government body"},
};

const kind_title& title_of(subject_kind k) {
  for (const kind_title& t : kind_titles) {
    if (t.kind == k) return t;
  }
  LIXIN_ASSERT(false && "a subject kind has a title");
  return kind_titles.front();
}

}  // namespace

std::string_view code_of(subject_kind k) { return words::code_of(words::kinds, k); }
std::string_view title_zh(subject_kind k) { return title_of(k).zh; }
std::string_view title_en(subject_kind k) { return title_of(k).en; }
std::optional<subject_kind> subject_kind_named(std::string_view code) {
  return words::value_of(words::kinds, code);
}
std::string_view code_of(publicity_class c) { return words::code_of(words::classes, c); }
std::string_view code_of(tone t) { return words::code_of(words::tones, t); }
std::string_view code_of(disclosure d) { return words::code_of(words::disclosures, d); }
std::string_view code_of(certainty c) { return words::code_of(words::certainties, c); }
std::string_view code_of(effect e) { return words::code_of(words::effects, e); }

const code_value* code_list::find(std::string_view value) const {
  if (const auto hit = exact.find(value); hit != exact.end()) return &values[hit->second];
  const std::string folded = text::fold_heading(value);
  if (folded.empty()) return nullptr;
  if (const auto hit = index.find(folded); hit != index.end()) return &values[hit->second];
  if (wildcard >= 0) {
    const code_value& any = values[static_cast<std::size_t>(wildcard)];
    const std::string stem = text::fold_heading(any.code.substr(0, any.code.size() - 1));
    if (folded.starts_with(stem)) return &any;
  }
  return nullptr;
}

bool condition::holds(const dataset& d, const std::vector<std::string>& values) const {
  for (const clause& c : clauses) {
    const auto at = static_cast<std::size_t>(c.field);
    LIXIN_ASSERT(c.field >= 0 && at < values.size() && at < d.fields.size());
    const std::string& value = values[at];
    const field_type type = d.fields[at].type;
    if (type == field_type::fen && !value.empty()) {
      if (!c.tests.matches(fen_in_unit(value, 2))) return false;
      continue;
    }
    if (type == field_type::choices && value.find(';') != std::string::npos) {
      bool any = false;
      for (const std::string_view one : words::split_values(value)) {
        any = any || c.tests.matches(one);
      }
      if (!any) return false;
      continue;
    }
    if (!c.tests.matches(value)) return false;
  }
  return true;
}

int dataset::field_with(field_role r) const {
  if (r == field_role::none) return -1;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].role == r) return static_cast<int>(i);
  }
  return -1;
}

int dataset::field_named(std::string_view wanted) const {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].code == wanted) return static_cast<int>(i);
  }
  return -1;
}

const dataset* pack::dataset_named(std::string_view wanted) const {
  for (const dataset& d : datasets) {
    if (d.code == wanted) return &d;
  }
  return nullptr;
}

catalogue::catalogue(std::vector<std::shared_ptr<const pack>> packs) : packs_(std::move(packs)) {}

const dataset* catalogue::find_dataset(std::string_view code) const {
  for (const auto& p : packs_) {
    if (const dataset* d = p->dataset_named(code)) return d;
  }
  return nullptr;
}

const list* catalogue::find_list(std::string_view code) const {
  for (const auto& p : packs_) {
    for (const list& l : p->lists) {
      if (l.code == code) return &l;
    }
  }
  return nullptr;
}

const matter* catalogue::find_matter(std::string_view code) const {
  for (const auto& p : packs_) {
    for (const matter& m : p->matters) {
      if (m.code == code) return &m;
    }
  }
  return nullptr;
}

const pack* catalogue::pack_of(const dataset& d) const {
  for (const auto& p : packs_) {
    for (const dataset& own : p->datasets) {
      if (&own == &d) return p.get();
    }
  }
  return nullptr;
}

std::vector<const list*> catalogue::lists_of(std::string_view dataset_code) const {
  std::vector<const list*> out;
  for (const auto& p : packs_) {
    for (const list& l : p->lists) {
      if (l.dataset == dataset_code) out.push_back(&l);
    }
  }
  return out;
}

std::vector<const measure*> catalogue::measures_of(std::string_view matter_code) const {
  std::vector<const measure*> out;
  for (const auto& p : packs_) {
    for (const measure& m : p->measures) {
      if (m.matter == matter_code) out.push_back(&m);
    }
  }
  return out;
}

namespace {

// Where a sheet of a loaded pack gives a code, so that a fault across packs points at its line.
place place_of(const pack& p, std::string_view sheet_name, std::string_view code,
               std::string column) {
  place out{p.code + "/" + std::string(sheet_name) + ".csv", "", 0, std::move(column)};
  for (const sheet& s : p.sheets) {
    if (s.name != sheet_name) continue;
    const auto table = tabular::read_table(s.body, out.file);
    if (!table.ok()) break;
    const auto& heading = table.value().heading;
    for (std::size_t c = 0; c < heading.size(); ++c) {
      if (heading[c] != "code") continue;
      for (const auto& line : table.value().lines) {
        if (line.cells[c] == code) out.row = line.number;
      }
    }
  }
  return out;
}

class cross_checker {
 public:
  explicit cross_checker(const std::vector<std::shared_ptr<const pack>>& packs) : packs_(packs) {}

  std::vector<error> run() {
    for (const auto& p : packs_) {
      unique("pack", p->code, *p);
      for (const dataset& d : p->datasets) unique("datasets", d.code, *p);
      for (const list& l : p->lists) unique("lists", l.code, *p);
      for (const matter& m : p->matters) unique("matters", m.code, *p);
      for (const measure& m : p->measures) unique("measures", m.code, *p);
    }
    for (const auto& p : packs_) {
      for (const measure& m : p->measures) {
        known("matters", m.matter, *p, m.code, "matter", errc::unknown_matter);
        known("lists", m.trigger_list, *p, m.code, "trigger_list", errc::unknown_list);
        check_kinds(m, *p);
      }
    }
    return std::move(faults_);
  }

 private:
  void unique(std::string_view sheet, const std::string& code, const pack& owner) {
    const auto [at, added] = owners_[sheet].emplace(code, &owner);
    if (added || at->second == &owner) return;
    faults_.emplace_back(errc::code_of_other_pack, std::vector{code, at->second->code},
                         place_of(owner, sheet, code, "code"));
  }

  void check_kinds(const measure& m, const pack& owner) {
    const dataset* d = nullptr;
    for (const auto& p : packs_) {
      for (const list& l : p->lists) {
        if (l.code == m.trigger_list) d = p->dataset_named(l.dataset);
      }
    }
    if (d == nullptr) return;
    for (const subject_kind k : m.kinds) {
      if (std::ranges::find(d->kinds, k) != d->kinds.end()) continue;
      faults_.emplace_back(errc::measure_kind_not_taken,
                           std::vector{std::string(title_zh(k)), d->code, std::string(title_en(k))},
                           place_of(owner, "measures", m.code, "subject_kinds"));
    }
  }

  void known(std::string_view sheet, const std::string& wanted, const pack& owner,
             const std::string& measure_code, const char* column, const message& m) {
    const auto& all = owners_[sheet];
    if (all.contains(wanted)) return;
    std::vector<std::string_view> candidates;
    for (const auto& [code, pack] : all) candidates.push_back(code);
    faults_.emplace_back(m, std::vector{wanted, words::suggestion(wanted, candidates)},
                         place_of(owner, "measures", measure_code, column));
  }

  const std::vector<std::shared_ptr<const pack>>& packs_;
  std::map<std::string_view, std::map<std::string, const pack*, std::less<>>> owners_;
  std::vector<error> faults_;
};

}  // namespace

std::vector<error> catalogue::cross_check(const std::vector<std::shared_ptr<const pack>>& packs) {
  return cross_checker(packs).run();
}

}  // namespace lixin::catalogue
