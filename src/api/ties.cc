#include "api/ties.h"

#include <algorithm>

namespace lixin::api {
namespace {

using archive::record_view;

result<void> learn(pg::connection& c, subject_id id, ties& t) {
  if (t.others.contains(id)) return {};
  LIXIN_TRY(t.others[id], registry::subject_with(c, id));
  return {};
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

}  // namespace

shown_move move_of(const record_view& r, bool with_origin) {
  shown_move out;
  out.move = r.went();
  if (out.move == nullptr && with_origin) out.move = r.came();
  if (out.move != nullptr) out.record = archive::to_string({out.move->other, r.record});
  return out;
}

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

}  // namespace lixin::api
