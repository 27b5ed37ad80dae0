#include <fmt/format.h>

#include <algorithm>

#include "api/subject_view.h"
#include "catalogue/row_check.h"
#include "identity/personal.h"
#include "lixin/commands.h"
#include "lixin/errc.h"
#include "lixin/say.h"
#include "lixin/terminal.h"
#include "lixin/ties.h"

namespace lixin {
namespace {

using archive::record_view;

constexpr std::size_t value_columns_max = 160;

using look = api::subject_view;

result<look> open_look(app& a, const subject_options& o, bool history) {
  if (identity::identity_cell(o.code) != identity::personal_number::none) {
    return error(errc::personal_number);
  }
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(catalogue::store * store, a.packs());
  api::subject_request r{.code = o.code, .today = a.now().today(), .history = history};
  LIXIN_TRY(r.viewer, viewer_named(o.viewer));
  LIXIN_TRY(r.as_of, date_named("--as-of", o.as_of, r.today));
  LIXIN_TRY(r.known_at, position_named(*db, o.known_at));
  return api::open_subject(*db, *store, r);
}

std::string class_text(language lang, const record_view& r) {
  using catalogue::publicity_class;
  switch (r.facts.publicity) {
    case publicity_class::none:
      return "";
    case publicity_class::minor:
      return say(lang, "轻微", "minor");
    case publicity_class::general:
      return r.facts.class_provisional ? say(lang, "一般（暂定）", "general (provisional)")
                                       : say(lang, "一般", "general");
    case publicity_class::serious:
      return say(lang, "严重", "serious");
  }
  return "";
}

std::string status_title(language lang, const look& l, const record_view& r) {
  if (r.went() != nullptr) return say(lang, "已改归", "moved");
  if (r.facts.content_ended) return say(lang, "内容保存期满，已清除", "content ended");
  return std::string(title_of(lang, policy::status_of(r.facts, l.as_of, l.known_at)));
}

// ---- text

void print_head(const app& a, const look& l) {
  const language lang = a.lang();
  const auto& s = l.subject.current;
  fmt::print("{}  {}\n",
             s.credit_code.empty()
                 ? say(lang, "（无统一社会信用代码）", "(no unified social credit code)")
                 : s.credit_code,
             s.name.empty() ? say(lang, "（无登记名称）", "(no registered name)") : s.name);
  a.print("主体类别：{}", "Kind: {}", title_of(lang, s.kind));
  for (const auto& [what, at] : l.subject.identifiers) {
    if (what.kind == registry::identifier_kind::credit_code) continue;
    a.print("　{}：{}", "; {}: {}", title_of(lang, what.kind), what.value);
  }
  fmt::print("\n");
  std::vector<std::string> former;
  for (const auto& n : l.subject.names) {
    if (n.name.empty() || n.name == s.name || std::ranges::find(former, n.name) != former.end())
      continue;
    former.push_back(n.name);
  }
  if (!former.empty()) {
    a.print("曾用名：{}\n", "Former names: {}\n", fmt::join(former, a.zh() ? "、" : ", "));
  }
  print_ties(a, l.subject, l.ties);
  if (l.history && l.viewer.kind == policy::caller_kind::centre) print_events(a, l.ties);
  a.print("查询日期 {}，数据截至日志第 {} 号，查看身份：{}{}\n",
          "As of {}, data up to position {} of the journal, seen as: {}{}\n", to_string(l.as_of),
          l.known_at.value, title_of(lang, l.viewer.kind),
          l.viewer.authority.empty() ? "" : " " + l.viewer.authority);
}

// A choice by its title, money without zeros at its end, all else as it stands.
std::string shown_value(language lang, const catalogue::field& f, std::string_view canonical) {
  using catalogue::field_type;
  const auto title = [&](std::string_view code) {
    const catalogue::code_value* v = f.codes != nullptr ? f.codes->find(code) : nullptr;
    return v == nullptr || v->code != code ? std::string(code) : name_of(lang, *v);
  };
  if (f.type == field_type::choice) return title(canonical);
  if (f.type == field_type::choices) {
    std::string out;
    for (std::size_t begin = 0; begin <= canonical.size();) {
      const std::size_t end = std::min(canonical.find(';', begin), canonical.size());
      if (!out.empty()) out += lang == language::zh ? "；" : "; ";
      out += title(canonical.substr(begin, end - begin));
      begin = end + 1;
    }
    return out;
  }
  std::string out = catalogue::display_value(f, canonical);
  if (f.type == field_type::fen && f.unit == "wan") {
    while (out.ends_with('0')) out.pop_back();
    if (out.ends_with('.')) out.pop_back();
  }
  return out;
}

std::string marks_of(language lang, const look& l, const record_view& r, bool with_version) {
  const auto terms = policy::publicity_of(r.facts, *l.dataset_of(r));
  const std::string_view gap = lang == language::zh ? "　" : "; ";
  std::string out = say(lang, "记录 {}", "record {}", archive::to_string({r.subject, r.record}));
  const auto add = [&](const std::string& mark) { out.append(gap).append(mark); };
  if (with_version || r.version > 1) add(say(lang, "第 {} 版", "version {}", r.version));
  if (const auto c = class_text(lang, r); !c.empty())
    add(say(lang, "失信程度：{}", "class: {}", c));
  if (!terms.published) {
    add(say(lang, "不公示", "not published"));
  } else if (terms.until) {
    add(say(lang, "公示至 {}", "public until {}", to_string(*terms.until)));
  }
  if (r.late) add(say(lang, "迟报", "late"));
  if (r.name_differs) add(say(lang, "名称与登记不同", "name differs from the registered one"));
  return out;
}

// What the lines above the fields say already.
bool in_head(const catalogue::dataset& d, const catalogue::field& f, const record_view& r) {
  using catalogue::field_role;
  switch (f.role) {
    case field_role::document:
    case field_role::decided_on:
    case field_role::credit_code:
    case field_role::organisation_code:
    case field_role::party_class:
    case field_role::publicity_class:
      return true;
    case field_role::party_name:
      return !r.name_differs && !d.registers;
    default:
      return false;
  }
}

void print_record(const app& a, const look& l, const record_view& r, bool with_version) {
  const language lang = a.lang();
  const catalogue::dataset& d = *l.dataset_of(r);
  // A registration has its code for a document, and often no day of decision.
  std::string head = r.facts.decided_on ? to_string(*r.facts.decided_on) + "  " : std::string();
  if (!d.registers && !r.document.empty()) head += r.document + "  ";
  a.print("  {}{}  〔{}〕\n", "  {}{}  [{}]\n", head, r.authority_title, status_title(lang, l, r));
  fmt::print("      {}\n", marks_of(lang, l, r, with_version));
  for (const catalogue::field& f : d.fields) {
    const std::string_view value = r.value(f.code);
    if (value.empty() || in_head(d, f, r) ||
        !policy::may_see_field(d, f, r.authority, l.subject.current.kind, l.viewer)) {
      continue;
    }
    a.print("      {}：{}\n", "      {}: {}\n", name_of(lang, f),
            shortened(shown_value(lang, f, value), value_columns_max));
  }
  for (const policy::record_event& e : r.facts.events) {
    if (e.at > l.known_at) continue;
    a.print("      ▸ {} {}，{}，{}", "      ▸ {} {}, {}, {}", to_string(e.happened_on),
            title_of(lang, e.kind), e.authority, e.document);
    l.may_see_reasons(r) ? a.print("：{}\n", ": {}\n", e.reason) : fmt::print("\n");
  }
  print_move(a, l.ties, r, api::may_see_origin(r, d, l.viewer, l.today));
}

void print_dataset(const app& a, const look& l, const catalogue::dataset& d, bool with_version) {
  const auto is_of = [&](const record_view& r) { return r.dataset == d.code; };
  const auto count = std::ranges::count_if(l.records, is_of);
  a.print("\n{}（{} 条）\n", "\n{} ({})\n", name_of(a.lang(), d), count);
  if (count == 0) {
    a.print("  查询期内未见相关信息。\n", "  Nothing was found for the time asked about.\n");
  }
  for (const record_view& r : l.records) {
    if (is_of(r)) print_record(a, l, r, with_version);
  }
}

// Who the subject is comes before what was decided about it.
void print_records(const app& a, const look& l, bool with_version) {
  for (const bool registers : {true, false}) {
    for (const auto& p : l.packs->packs()) {
      for (const catalogue::dataset& d : p->datasets) {
        if (d.registers == registers) print_dataset(a, l, d, with_version);
      }
    }
  }
}

}  // namespace

result<policy::caller> viewer_named(const std::string& text) {
  const auto colon = text.find(':');
  const auto kind = policy::caller_named(text.substr(0, colon));
  const bool needs_authority = kind && (*kind == policy::caller_kind::source_authority ||
                                        *kind == policy::caller_kind::sharing_group);
  const bool complete = needs_authority ? colon != std::string::npos && colon + 1 < text.size()
                                        : colon == std::string::npos;
  if (!kind || !complete) {
    std::string known;
    for (int k = 0; k <= static_cast<int>(policy::caller_kind::admin); ++k) {
      known += (known.empty() ? "" : ", ");
      known += policy::code_of(static_cast<policy::caller_kind>(k));
    }
    return error(errc::bad_viewer, {known, as_typed(text)});
  }
  return policy::caller{*kind, needs_authority ? text.substr(colon + 1) : std::string()};
}

result<int> subject_show(app& a, const subject_options& o) {
  LIXIN_TRY(const look l, open_look(a, o, false));
  if (a.json()) {
    fmt::print("{}\n", api::subject_json(l, true));
    return done;
  }
  print_head(a, l);
  print_records(a, l, false);
  return done;
}

result<int> subject_history(app& a, const subject_options& o) {
  LIXIN_TRY(const look l, open_look(a, o, true));
  if (a.json()) {
    fmt::print("{}\n", api::subject_json(l, true));
    return done;
  }
  print_head(a, l);
  print_records(a, l, true);
  return done;
}

}  // namespace lixin
