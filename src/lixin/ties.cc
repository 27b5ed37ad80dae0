#include "lixin/ties.h"

#include <fmt/format.h>

#include <algorithm>

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

void write_source(text::json_writer& json, const registry::tie_source& s, bool in_full) {
  json.member("on", to_string(s.happened_on))
      .member("document", s.document)
      .member("authority", s.authority);
  if (!in_full) return;
  json.member("actor", s.actor).member("approved_by", s.approved_by).member("reason", s.reason);
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
    for (const registry::link& l : links) {
      LIXIN_CHECK(learn(c, l.other, out));
      if (l.kind == registry::link_kind::alias && l.is_from) out.aliases[id] = l;
      out.events.emplace_back(id, l);
    }
    for (const registry::link& l : registry::successions_in(links)) {
      if (l.source.happened_on > as_of) continue;
      out.successions.push_back(l);
    }
    LIXIN_CHECK(learn(c, id, out));
  }
  // Of a tie within the group both sides say the same.
  std::erase_if(out.events, [&](const auto& e) {
    return !e.second.is_from && subject.group().holds(e.second.other);
  });
  std::ranges::sort(out.events, {}, [](const auto& e) { return std::pair(e.second.at, e.first); });
  for (const record_view& r : records) {
    for (const archive::record_move& m : r.moves) LIXIN_CHECK(learn(c, m.other, out));
  }
  return out;
}

void write_ties(text::json_writer& json, const registry::subject_file& subject, const ties& t,
                bool in_full) {
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
    json.end_array();
    const registry::link& l = t.aliases.at(d.current.id);
    json.member("position", l.at.value);
    write_source(json, l.source, in_full);
    json.end_object();
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
    write_source(json, l.source, in_full);
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
    a.print("重复登记：{}（{}）\n", "Duplicate registration: {} ({})\n", full_name(d.current),
            t.aliases.at(d.current.id).source.document);
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

void write_events(text::json_writer& json, const ties& t) {
  json.key("links").begin_array();
  for (const auto& [id, l] : t.events) {
    json.begin_object()
        .member("link", registry::code_of(l.kind))
        .member("form", registry::code_of(l.form))
        .member("from", registry::name_of(t.others.at(l.is_from ? id : l.other)))
        .member("to", registry::name_of(t.others.at(l.is_from ? l.other : id)))
        .member("position", l.at.value);
    write_source(json, l.source, true);
    json.end_object();
  }
  json.end_array();
}

void print_events(const app& a, const ties& t) {
  using registry::link_kind;
  for (const auto& [id, l] : t.events) {
    const std::string from = registry::name_of(t.others.at(l.is_from ? id : l.other));
    const std::string to = registry::name_of(t.others.at(l.is_from ? l.other : id));
    std::string what;
    switch (l.kind) {
      case link_kind::alias:
        what = say(a.lang(), "“{}”登记为“{}”的重复登记", "“{}” entered as a duplicate of “{}”",
                   from, to);
        break;
      case link_kind::alias_ended:
        what = say(a.lang(), "“{}”不再是“{}”的重复登记", "“{}” no duplicate of “{}” any more", from,
                   to);
        break;
      case link_kind::succession:
      case link_kind::succession_ended:
        what = say(a.lang(), "“{0}”因{2}由“{1}”承继{3}", "“{}” succeeded by “{}” ({}){}", from, to,
                   title_of(a.lang(), l.form),
                   l.kind == link_kind::succession ? ""
                   : a.zh()                        ? "的登记撤销"
                                                   : ": revoked");
        break;
    }
    a.print("▸ {} {}，{}，{}：{}\n", "▸ {} {}, {}, {}: {}\n", to_string(l.source.happened_on), what,
            l.source.authority, l.source.document, l.source.reason);
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
  write_source(json, m.move->source, true);
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
