#include <array>

#include "catalogue/pack_loader.h"
#include "text/fold.h"

namespace lixin::catalogue {
namespace {

constexpr std::array term_columns{
    column{"dataset", true},      column{"when", true}, column{"class", true},
    column{"months_min"},         column{"months_max"}, column{"basis", true},
    column{"basis_status", true},
};
constexpr std::array list_columns{
    column{"code", true},    column{"title_zh", true}, column{"title_en", true},
    column{"dataset", true}, column{"kind", true},     column{"authority", true},
    column{"notice"},        column{"remedy"},         column{"early_exit"},
    column{"term_months"},   column{"basis", true},    column{"basis_status", true},
};
constexpr std::array matter_columns{
    column{"code", true},  column{"title_zh", true}, column{"title_en", true},
    column{"scope", true}, column{"basis", true},    column{"basis_status", true},
};
constexpr std::array measure_columns{
    column{"code", true},
    column{"matter", true},
    column{"title_zh", true},
    column{"title_en", true},
    column{"effect", true},
    column{"body"},
    column{"subject_kinds", true},
    column{"trigger_list", true},
    column{"condition"},
    column{"term", true},
    column{"basis"},
    column{"basis_status"},
};
constexpr int months_max = 1200;

// "FIELD: tests" cut at the semicolons that stand outside quotes.
struct clause_text {
  std::string_view body;
  std::size_t begin;
};

std::vector<clause_text> clauses_of(std::string_view cell) {
  std::vector<clause_text> out;
  bool quoted = false;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= cell.size(); ++i) {
    if (i < cell.size() && quoted && cell[i] == '\\') {
      ++i;
      continue;
    }
    if (i < cell.size() && cell[i] == '"') quoted = !quoted;
    if (i < cell.size() && (cell[i] != ';' || quoted)) continue;
    out.push_back({cell.substr(begin, i - begin), begin});
    begin = i + 1;
  }
  return out;
}

std::string_view cut_blanks(std::string_view s) {
  while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
  while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
  return s;
}

// Types whose content decides nothing: free text and what belongs to persons.
bool is_closed(field_type type) {
  return type == field_type::text || type == field_type::person_name ||
         type == field_type::person_number || type == field_type::discard;
}

struct expected_value {
  unary_tests::value_type type;
  const char *zh, *en;
};
expected_value expected_in(field_type type) {
  using value = unary_tests::value_type;
  switch (type) {
    case field_type::fen:
    case field_type::integer:
      return {value::number, "数字（金额以元计）", "a number (money in yuan)"};
    case field_type::date:
      return {value::day, "日期", "a date"};
    default:
      return {value::text, "带引号的文字", "quoted text"};
  }
}

}  // namespace

condition pack_loader::read_condition(const line_reader& line, std::string_view column,
                                      const dataset& d, std::size_t before) {
  condition out;
  const std::string& cell = line.text(column);
  out.source = cell;
  if (cell.empty() || cell == "-") return out;
  std::vector<std::string_view> known;
  for (const field& f : d.fields) known.push_back(f.code);
  for (const clause_text& c : clauses_of(cell)) {
    const std::size_t colon = c.body.find(':');
    const auto character = [&](std::size_t at) {
      return text::length(std::string_view(cell).substr(0, at)) + 1;
    };
    if (colon == std::string_view::npos) {
      line.fault(errc::condition_without_colon, {std::to_string(character(c.begin))}, column);
      continue;
    }
    const std::string name(cut_blanks(c.body.substr(0, colon)));
    const int at = d.field_named(name);
    if (at < 0) {
      line.fault(errc::condition_unknown_field, {name, d.code, words::suggestion(name, known)},
                 column);
      continue;
    }
    if (static_cast<std::size_t>(at) >= before) {
      line.fault(errc::condition_later_field, {name}, column);
      continue;
    }
    auto tests = unary_tests::parse(c.body.substr(colon + 1));
    if (!tests.ok()) {
      std::vector<std::string> args = tests.error().args();
      const std::size_t shift = character(c.begin + colon + 1) - 1;
      const bool placed =
          tests.error().is(errc::bad_unary_test) || tests.error().is(errc::range_reversed);
      if (placed) args[0] = std::to_string(std::stoull(args[0]) + shift);
      const message& m = tests.error().is(errc::bad_unary_test)   ? errc::bad_unary_test
                         : tests.error().is(errc::range_reversed) ? errc::range_reversed
                                                                  : errc::cell_too_long;
      line.fault(m, std::move(args), column);
      continue;
    }
    check_clause(line, column, d.fields[static_cast<std::size_t>(at)], *tests);
    out.clauses.push_back({at, std::move(tests).value()});
  }
  return out;
}

void pack_loader::check_clause(const line_reader& line, std::string_view column, const field& f,
                               const unary_tests& tests) {
  const std::string type(words::code_of(words::types, f.type));
  if (is_closed(f.type)) {
    line.fault(errc::condition_closed_field, {f.code, type}, column);
    return;
  }
  const expected_value wanted = expected_in(f.type);
  for (const unary_tests::test& t : tests.tests()) {
    if (t.kind == unary_tests::test::op::any) continue;
    if (t.low.type != wanted.type) {
      line.fault(errc::condition_wrong_type, {f.code, type, wanted.zh, wanted.en}, column);
      return;
    }
    if (f.codes == nullptr) continue;
    // What is compared is the canonical code, so that is what must stand there.
    bool listed = false;
    std::vector<std::string_view> known;
    for (const code_value& v : f.codes->values) {
      known.push_back(v.code);
      listed = listed || v.code == t.low.text;
    }
    const code_value* near = f.codes->find(t.low.text);
    const bool free = near != nullptr && near->code.ends_with('*');
    if (!listed && !free) {
      line.fault(errc::condition_value_unlisted,
                 {t.low.text, f.codes->code,
                  near != nullptr ? near->code : words::suggestion(t.low.text, known)},
                 column);
    }
  }
}

void pack_loader::load_terms() {
  const sheet_reader sheet = open("terms", term_columns);
  for (std::size_t i = 0; i < sheet.size(); ++i) {
    const line_reader line = sheet.line(i);
    dataset* d = dataset_of(line);
    if (d == nullptr) continue;
    term t;
    t.when = read_condition(line, "when", *d, d->fields.size());
    t.publicity = line.word(words::classes, "class").value_or(publicity_class::none);
    t.months_min = line.number("months_min", 0, months_max);
    t.months_max = line.number("months_max", 0, months_max);
    t.basis = line.basis_of();
    if (t.publicity == publicity_class::none && line.text("class") == "none") {
      line.fault(errc::term_class_none, {}, "class");
    }
    if (d->tone != tone::adverse) line.fault(errc::term_on_neutral, {d->code}, "dataset");
    if (t.months_min > t.months_max) {
      line.fault(errc::minimum_above_maximum,
                 {std::to_string(t.months_min), std::to_string(t.months_max)}, "months_min");
    }
    if (d->publicity_months_max != 0 && t.months_max > d->publicity_months_max) {
      line.fault(errc::term_above_dataset,
                 {std::to_string(t.months_max), d->code, std::to_string(d->publicity_months_max)},
                 "months_max");
    }
    d->terms.push_back(std::move(t));
  }
}

void pack_loader::load_lists() {
  const sheet_reader sheet = open("lists", list_columns);
  std::map<std::string, std::string> seen;
  for (std::size_t i = 0; i < sheet.size(); ++i) {
    const line_reader line = sheet.line(i);
    list l;
    l.code = line.code("code");
    unique(seen, l.code, line);
    l.title_zh = line.text("title_zh");
    l.title_en = line.text("title_en");
    l.dataset = line.text("dataset");
    l.kind = line.text("kind");
    if (!l.kind.empty()) static_cast<void>(line.word(words::list_kinds, "kind"));
    l.authority = line.text("authority");
    l.notice = line.text("notice");
    l.remedy = line.text("remedy");
    l.early_exit = line.text("early_exit");
    l.term_months = line.number("term_months", 0, months_max);
    l.basis = line.basis_of();
    check_list(line, l);
    pack_.lists.push_back(std::move(l));
  }
}

void pack_loader::check_list(const line_reader& line, const list& l) {
  const dataset* d = dataset_of(line);
  const bool adverse =
      l.kind == "serious" || l.kind == "abnormal" || (d != nullptr && d->tone == tone::adverse);
  if (!adverse) return;
  if (l.notice.empty()) line.fault(errc::list_incomplete, {"notice", "告知程序"}, "notice");
  if (l.remedy.empty()) line.fault(errc::list_incomplete, {"remedy", "救济途径"}, "remedy");
  if (d == nullptr) return;
  const int end = d->field_with(field_role::valid_to);
  const bool each_ends =
      end >= 0 && d->fields[static_cast<std::size_t>(end)].required == presence::mandatory;
  if (l.term_months == 0 && !each_ends)
    line.fault(errc::list_without_end, {d->code}, "term_months");
  for (const field_role role :
       {field_role::notified_on, field_role::effective_on, field_role::remedy}) {
    if (d->field_with(role) >= 0) continue;
    line.fault(errc::list_dataset_lacks_role,
               {l.code, d->code, std::string(words::code_of(words::roles, role))}, "dataset");
  }
}

void pack_loader::load_matters() {
  const sheet_reader sheet = open("matters", matter_columns);
  std::map<std::string, std::string> seen;
  for (std::size_t i = 0; i < sheet.size(); ++i) {
    const line_reader line = sheet.line(i);
    matter m;
    m.code = line.code("code");
    unique(seen, m.code, line);
    m.title_zh = line.text("title_zh");
    m.title_en = line.text("title_en");
    m.scope = line.text("scope");
    m.basis = line.basis_of();
    pack_.matters.push_back(std::move(m));
  }
}

// Whether matter and list exist is asked across packs (catalogue::cross_check).
void pack_loader::load_measures() {
  const sheet_reader sheet = open("measures", measure_columns);
  std::map<std::string, std::string> seen;
  for (std::size_t i = 0; i < sheet.size(); ++i) {
    const line_reader line = sheet.line(i);
    measure m;
    m.code = line.code("code");
    unique(seen, m.code, line);
    m.matter = line.text("matter");
    m.title_zh = line.text("title_zh");
    m.title_en = line.text("title_en");
    m.effect = line.word(words::effects, "effect").value_or(effect::watch);
    m.body = line.text("body");
    m.kinds = line.kinds("subject_kinds");
    m.trigger_list = line.text("trigger_list");
    m.term = line.text("term");
    m.basis = line.basis_of();
    if (m.basis.text.empty()) line.fault(errc::measure_incomplete, {"basis", "依据"}, "basis");
    if (m.body.empty()) line.fault(errc::measure_incomplete, {"body", "实施主体"}, "body");
    if (!line.text("condition").empty()) {
      const dataset* d = nullptr;
      for (const list& l : pack_.lists) {
        if (l.code == m.trigger_list) d = pack_.dataset_named(l.dataset);
      }
      if (d == nullptr) {
        line.fault(errc::condition_needs_own_list, {m.trigger_list}, "condition");
      } else {
        m.when = read_condition(line, "condition", *d, d->fields.size());
      }
    }
    pack_.measures.push_back(std::move(m));
  }
}

}  // namespace lixin::catalogue
