#include "lixin/ties.h"

#include <fmt/format.h>

#include "lixin/say.h"

namespace lixin {
namespace {

using archive::record_view;

result<void> learn(pg::connection& c, subject_id id, ties& t) {
  if (t.others.contains(id)) return {};
  LIXIN_TRY(t.others[id], registry::subject_with(c, id));
  return {};
}

// "CODE name", or what of it there is.
std::string full_name(const registry::subject& s) {
  return s.credit_code.empty() || s.name.empty() ? s.credit_code + s.name
                                                 : s.credit_code + " " + s.name;
}

void write_source(text::json_writer& json, const registry::tie_source& s) {
  json.member("on", to_string(s.happened_on))
      .member("document", s.document)
      .member("authority", s.authority)
      .member("actor", s.actor)
      .member("approved_by", s.approved_by)
      .member("reason", s.reason);
}

void write_name(text::json_writer& json, const registry::subject& s) {
  json.member("credit_code", s.credit_code).member("name", s.name);
}

struct shown_move {
  const archive::record_move* move = nullptr;
  std::string record;  // its name at the other place
};
shown_move move_of(const record_view& r, bool with_origin) {
  shown_move out;
  out.move = r.went();
  if (out.move == nullptr && with_origin) out.move = r.came();
  if (out.move != nullptr) out.record = archive::to_string({out.move->other, r.record});
  return out;
}

}  // namespace

result<ties> ties_of(pg::connection& c, const registry::subject_file& subject, date as_of,
                     position known_at, const std::vector<record_view>& records) {
  ties out;
  for (const subject_id id : subject.group().members()) {
    LIXIN_TRY(const auto links, registry::links_of(c, id, known_at));
    for (const registry::link& l : registry::successions_in(links)) {
      if (l.source.happened_on > as_of) continue;
      LIXIN_CHECK(learn(c, l.other, out));
      out.successions.push_back(l);
    }
  }
  for (const record_view& r : records) {
    for (const archive::record_move& m : r.moves) LIXIN_CHECK(learn(c, m.other, out));
  }
  return out;
}

void write_ties(text::json_writer& json, const registry::subject_file& subject, const ties& t) {
  json.key("asked_by");
  subject.by_duplicate() ? json.string(registry::name_of(subject.asked_subject())) : json.null();
  json.key("duplicates").begin_array();
  for (const registry::subject_file& d : subject.duplicates) {
    json.begin_object();
    write_name(json, d.current);
    json.key("identifiers").begin_array();
    for (const auto& [what, at] : d.identifiers) {
      json.begin_object()
          .member("kind", registry::code_of(what.kind))
          .member("value", what.value)
          .end_object();
    }
    json.end_array().end_object();
  }
  json.end_array().key("successions").begin_array();
  for (const registry::link& l : t.successions) {
    json.begin_object()
        .member("form", registry::code_of(l.form))
        .member("role", l.is_from ? "predecessor" : "successor")
        .key("other")
        .begin_object();
    write_name(json, t.others.at(l.other));
    json.end_object().member("position", l.at.value);
    write_source(json, l.source);
    json.end_object();
  }
  json.end_array();
}

void print_ties(const app& a, const registry::subject_file& subject, const ties& t) {
  if (subject.by_duplicate()) {
    a.print("所查代码“{}”为重复登记，以下为主登记的档案\n",
            "The code asked by is a duplicate registration ({}); this is the main one's archive\n",
            registry::name_of(subject.asked_subject()));
  }
  for (const registry::subject_file& d : subject.duplicates) {
    a.print("重复登记：{}\n", "Duplicate registration: {}\n", full_name(d.current));
  }
  for (const registry::link& l : t.successions) {
    const std::string other = full_name(t.others.at(l.other));
    const auto form = title_of(a.lang(), l.form);
    if (l.is_from) {
      a.print("{} 因{}由 {} 承继（{}），双方档案各自保留\n",
              "{}: {}, succeeded by {} ({}); each keeps its own archive\n",
              to_string(l.source.happened_on), form, other, l.source.document);
    } else {
      a.print("{} 因{}承继 {}（{}），双方档案各自保留\n",
              "{}: {}, successor of {} ({}); each keeps its own archive\n",
              to_string(l.source.happened_on), form, other, l.source.document);
    }
  }
}

bool may_see_origin(const record_view& r, const catalogue::dataset& d, const policy::caller& who,
                    date today) {
  return who.kind != policy::caller_kind::auditor &&
         policy::may_see_record(archive::left_behind(r), d, r.authority, who, today);
}

void write_move(text::json_writer& json, const ties& t, const record_view& r, bool with_origin) {
  const shown_move m = move_of(r, with_origin);
  if (m.move == nullptr) return;
  json.key(m.move->is_from ? "moved_to" : "moved_from").begin_object().member("record", m.record);
  write_name(json, t.others.at(m.move->other));
  write_source(json, m.move->source);
  json.end_object();
}

void print_move(const app& a, const ties& t, const record_view& r, bool with_origin) {
  const shown_move m = move_of(r, with_origin);
  if (m.move == nullptr) return;
  const registry::tie_source& s = m.move->source;
  const std::string other = full_name(t.others.at(m.move->other));
  if (m.move->is_from) {
    a.print("      ▸ {} 改归 {}（记录 {}），{}，{}：{}\n",
            "      ▸ {} went to {} (record {}), {}, {}: {}\n", to_string(s.happened_on), other,
            m.record, s.authority, s.document, s.reason);
  } else {
    a.print("      ▸ {} 由 {} 改归而来（原记录 {}），{}，{}：{}\n",
            "      ▸ {} came from {} (record {} there), {}, {}: {}\n", to_string(s.happened_on),
            other, m.record, s.authority, s.document, s.reason);
  }
}

}  // namespace lixin
