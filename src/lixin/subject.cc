#include <fmt/format.h>

#include <algorithm>

#include "archive/archive.h"
#include "catalogue/row_check.h"
#include "journal/journal.h"
#include "lixin/commands.h"
#include "lixin/errc.h"
#include "lixin/terminal.h"
#include "registry/registry.h"
#include "text/json.h"

namespace lixin {
namespace {

using archive::record_view;

// What is being looked at, from where, by whom.
struct look {
  registry::subject_file subject;
  std::vector<record_view> records;
  std::shared_ptr<const catalogue::catalogue> packs;   // in force at the real today
  policy::caller viewer;
  date as_of, today;
  position known_at, head;
  std::int64_t hidden = 0;                             // records that the viewer may not see
};

const catalogue::dataset* dataset_of(const look& l, const record_view& r) {
  return l.packs->find_dataset(r.dataset);
}

// A record that is in the archive but not decided yet at as_of is not part of that view.
bool in_view(const look& l, const record_view& r) {
  return !r.facts.decided_on || *r.facts.decided_on <= l.as_of;
}

result<look> open_look(app& a, const subject_options& o, bool history) {
  look l;
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(catalogue::store * store, a.packs());
  LIXIN_TRY(l.viewer, viewer_named(o.viewer));
  LIXIN_TRY(const auto head, journal::read_head(*db));
  l.head = head.last;
  l.today = a.now().today();
  LIXIN_TRY(l.as_of, date_named(o.as_of, l.today));
  LIXIN_TRY(l.known_at, position_named(*db, o.known_at));
  l.packs = store->at(l.today, l.head);
  LIXIN_TRY(l.subject, registry::find_subject(*db, o.code, l.known_at));
  const subject_id id = l.subject.current.id;
  LIXIN_TRY(auto all, history ? archive::history_of(*db, *store, id, l.known_at)
                              : archive::records_of(*db, *store, id, l.known_at));
  for (record_view& r : all) {
    const catalogue::dataset* d = dataset_of(l, r);
    if (d == nullptr || !policy::may_see_record(r.facts, *d, r.authority, l.viewer, l.today)) {
      ++l.hidden;
    } else if (history || in_view(l, r)) {
      l.records.push_back(std::move(r));
    }
  }
  return l;
}

std::string class_text(const record_view& r) {
  switch (r.facts.publicity) {
    case catalogue::publicity_class::none:
      return "";
    case catalogue::publicity_class::minor:
      return "轻微";
    case catalogue::publicity_class::general:
      return r.facts.class_provisional ? "一般（暂定）" : "一般";
    case catalogue::publicity_class::serious:
      return "严重";
  }
  return "";
}

std::string class_source(const record_view& r) {
  if (r.facts.class_provisional) return "provisional";
  if (r.class_handed_in) return "handed-in";
  return r.class_by_rule ? "rule" : "none";
}

void write_record(text::json_writer& json, const look& l, const record_view& r) {
  const catalogue::dataset& d = *dataset_of(l, r);
  const auto terms = policy::publicity_of(r.facts, d);
  const auto status = policy::status_of(r.facts, l.as_of, l.known_at);
  json.begin_object()
      .member("record", archive::to_string({r.subject, r.record}))
      .member("version", std::int64_t{r.version})
      .member("position", r.at.value)
      .member("dataset", r.dataset)
      .member("authority", r.authority)
      .member("authority_title", r.authority_title)
      .member("document", r.document)
      .member("status", policy::code_of(status))
      .member("class", catalogue::code_of(r.facts.publicity))
      .member("class_from", class_source(r));
  json.key("decided_on");
  r.facts.decided_on ? json.string(to_string(*r.facts.decided_on)) : json.null();
  json.member("published", terms.published).key("public_until");
  terms.until ? json.string(to_string(*terms.until)) : json.null();
  json.member("batch", r.batch.value)
      .member("row", static_cast<std::int64_t>(r.row_number))
      .member("pack", r.pack)
      .member("pack_version", r.pack_version)
      .member("late", r.late)
      .member("name_differs", r.name_differs)
      .key("fields")
      .begin_object();
  for (const catalogue::field& f : d.fields) {
    const std::string_view value = r.value(f.code);
    if (value.empty() ||
        !policy::may_see_field(d, f, r.authority, l.subject.current.kind, l.viewer)) {
      continue;
    }
    json.member(f.code, catalogue::display_value(f, value));
  }
  json.end_object().key("events").begin_array();
  for (const policy::record_event& e : r.facts.events) {
    if (e.at > l.known_at) continue;
    json.begin_object()
        .member("kind", policy::code_of(e.kind))
        .member("happened_on", to_string(e.happened_on))
        .member("position", e.at.value)
        .member("document", e.document)
        .member("authority", e.authority)
        .member("reason", e.reason)
        .end_object();
  }
  json.end_array().end_object();
}

void write_subject(text::json_writer& json, const look& l) {
  const auto& s = l.subject;
  json.begin_object()
      .member("credit_code", s.current.credit_code)
      .member("name", s.current.name)
      .member("kind", catalogue::code_of(s.current.kind))
      .key("identifiers")
      .begin_array();
  for (const auto& [what, at] : s.identifiers) {
    json.begin_object()
        .member("kind", registry::code_of(what.kind))
        .member("value", what.value)
        .member("position", at.value)
        .end_object();
  }
  json.end_array().key("names").begin_array();
  for (const auto& n : s.names) {
    json.begin_object().member("name", n.name).member("position", n.at.value).end_object();
  }
  json.end_array().end_object();
}

int print_json(const look& l) {
  std::string out;
  text::json_writer json(out, true);
  json.begin_object().key("subject");
  write_subject(json, l);
  json.member("as_of", to_string(l.as_of))
      .member("known_at", l.known_at.value)
      .member("viewer", policy::code_of(l.viewer.kind))
      .key("records")
      .begin_array();
  for (const record_view& r : l.records) write_record(json, l, r);
  json.end_array().end_object();
  fmt::print("{}\n", out);
  return done;
}

void print_head(const look& l) {
  const auto& s = l.subject.current;
  fmt::print("{}  {}\n", s.credit_code.empty() ? "（无统一社会信用代码）" : s.credit_code,
             s.name.empty() ? "（无登记名称）" : s.name);
  std::string line = fmt::format("主体类别：{}", catalogue::title_zh(s.kind));
  for (const auto& [what, at] : l.subject.identifiers) {
    if (what.kind == registry::identifier_kind::credit_code) continue;
    line += fmt::format("　{}：{}", registry::title_zh(what.kind), what.value);
  }
  fmt::print("{}\n", line);
  std::string former;
  for (const auto& n : l.subject.names) {
    if (n.name == s.name || n.name.empty() || former.find(n.name) != std::string::npos) continue;
    former += (former.empty() ? "" : "、") + n.name;
  }
  if (!former.empty()) fmt::print("曾用名：{}\n", former);
  fmt::print("查询日期 {}，数据截至日志位置 {}，查看身份：{}\n", to_string(l.as_of), l.known_at.value,
             policy::code_of(l.viewer.kind));
}

void print_record(const look& l, const record_view& r, bool with_version) {
  const catalogue::dataset& d = *dataset_of(l, r);
  const auto terms = policy::publicity_of(r.facts, d);
  const auto status = policy::status_of(r.facts, l.as_of, l.known_at);
  fmt::print("  {}  {}  {}  〔{}〕\n",
             r.facts.decided_on ? to_string(*r.facts.decided_on) : "          ", r.document,
             r.authority_title, policy::title_zh(status));
  std::string marks = fmt::format("记录 {}", archive::to_string({r.subject, r.record}));
  if (with_version || r.version > 1) marks += fmt::format("　第 {} 版", r.version);
  if (const auto c = class_text(r); !c.empty()) marks += "　失信程度：" + c;
  if (!terms.published) {
    marks += "　不公示";
  } else if (terms.until) {
    marks += fmt::format("　公示至 {}", to_string(*terms.until));
  }
  if (r.late) marks += "　迟报";
  if (r.name_differs) marks += "　名称与登记不同";
  fmt::print("      {}\n", marks);
  for (const catalogue::field& f : d.fields) {
    const std::string_view value = r.value(f.code);
    using catalogue::field_role;
    const bool in_head = f.role == field_role::document || f.role == field_role::decided_on ||
                         f.role == field_role::credit_code || f.role == field_role::party_class;
    if (value.empty() || in_head ||
        (f.role == field_role::party_name && !r.name_differs && !d.registers) ||
        !policy::may_see_field(d, f, r.authority, l.subject.current.kind, l.viewer)) {
      continue;
    }
    fmt::print("      {}：{}\n", f.title_zh,
               shortened(catalogue::display_value(f, value), 160));
  }
  for (const policy::record_event& e : r.facts.events) {
    if (e.at > l.known_at) continue;
    fmt::print("      {}：{}　{}　{}\n", policy::title_zh(e.kind), to_string(e.happened_on), e.document,
               e.reason);
  }
}

void print_records(const look& l, bool with_version) {
  for (const auto& p : l.packs->packs()) {
    for (const catalogue::dataset& d : p->datasets) {
      const auto is_of = [&](const record_view& r) { return r.dataset == d.code; };
      const auto count = std::count_if(l.records.begin(), l.records.end(), is_of);
      fmt::print("\n{}（{} 条）\n", d.title_zh, count);
      if (count == 0) fmt::print("  查询期内未见相关信息。\n");
      for (const record_view& r : l.records) {
        if (is_of(r)) print_record(l, r, with_version);
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
  if (!kind || needs_authority != (colon != std::string::npos)) {
    std::string known;
    for (int k = 0; k <= static_cast<int>(policy::caller_kind::admin); ++k) {
      known += (known.empty() ? "" : ", ");
      known += policy::code_of(static_cast<policy::caller_kind>(k));
    }
    return error(errc::bad_viewer, {known, text});
  }
  return policy::caller{*kind, needs_authority ? text.substr(colon + 1) : std::string()};
}

result<int> subject_show(app& a, const subject_options& o) {
  LIXIN_TRY(const look l, open_look(a, o, false));
  if (a.options().json) return print_json(l);
  print_head(l);
  print_records(l, false);
  return done;
}

result<int> subject_history(app& a, const subject_options& o) {
  LIXIN_TRY(const look l, open_look(a, o, true));
  if (a.options().json) return print_json(l);
  print_head(l);
  print_records(l, true);
  return done;
}

}  // namespace lixin
