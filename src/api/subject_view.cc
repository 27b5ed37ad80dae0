#include "api/subject_view.h"

#include <algorithm>

#include "journal/journal.h"
#include "measure/errc.h"
#include "measure/evaluate.h"

namespace lixin::api {
namespace {

using archive::record_view;

// A record that is in the archive but not decided yet at as_of is not part of that view.
bool in_view(const subject_view& l, const record_view& r) {
  return !r.facts.decided_on || *r.facts.decided_on <= l.as_of;
}

std::string class_source(const record_view& r) {
  if (r.facts.class_provisional) return "provisional";
  if (r.class_handed_in) return "handed-in";
  return r.class_by_rule ? "rule" : "none";
}

void write_record(text::json_writer& json, const subject_view& l, const record_view& r) {
  const catalogue::dataset& d = *l.dataset_of(r);
  const auto terms = policy::publicity_of(r.facts, d);
  json.begin_object()
      .member("record", archive::to_string({r.subject, r.record}))
      .member("version", std::int64_t{r.version})
      .member("position", r.at.value)
      .member("dataset", r.dataset)
      .member("authority", r.authority)
      .member("authority_title", r.authority_title)
      .member("document", l.may_see_document(r) ? r.document : "")
      .member("status", l.status_code(r))
      .member("content_ended", r.facts.content_ended)
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
        .member("authority", e.authority);
    if (l.may_see_reasons(r)) json.member("reason", e.reason);
    json.end_object();
  }
  json.end_array();
  write_move(json, l.ties, r, may_see_origin(r, d, l.viewer, l.today));
  json.end_object();
}

void write_subject(text::json_writer& json, const subject_view& l) {
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
  json.end_array();
  const bool in_full = l.viewer.kind == policy::caller_kind::centre;
  write_ties(json, s, l.ties, in_full);
  if (in_full && l.history) write_events(json, l.ties);
  json.end_object();
}

}  // namespace

const catalogue::dataset* subject_view::dataset_of(const record_view& r) const {
  return packs->find_dataset(r.dataset);
}

std::string_view subject_view::status_code(const record_view& r) const {
  if (r.went() != nullptr) return "moved";
  return policy::code_of(policy::status_of(r.facts, as_of, known_at));
}

bool subject_view::may_see_document(const record_view& r) const {
  const catalogue::dataset& d = *dataset_of(r);
  return std::ranges::all_of(d.fields, [&](const catalogue::field& f) {
    return f.role != catalogue::field_role::document ||
           policy::may_see_field(d, f, r.authority, subject.current.kind, viewer);
  });
}

bool subject_view::may_see_reasons(const record_view& r) const {
  switch (viewer.kind) {
    case policy::caller_kind::centre:
    case policy::caller_kind::subject_itself:
      return true;
    case policy::caller_kind::source_authority:
      return viewer.authority == r.authority;
    default:
      return false;
  }
}

result<subject_view> open_subject(pg::connection& c, catalogue::store& packs,
                                  const subject_request& r) {
  subject_view l;
  l.history = r.history;
  l.viewer = r.viewer;
  l.today = r.today;
  l.as_of = r.as_of.value_or(r.today);
  LIXIN_TRY(const auto head, journal::read_head(c));
  l.known_at = r.known_at.value_or(head.last);
  if (l.known_at > head.last) {
    return error(measure::errc::known_at_ahead,
                 {std::to_string(l.known_at.value), std::to_string(head.last.value)});
  }
  l.packs = packs.at(l.today, head.last);
  LIXIN_TRY(l.subject, registry::find_subject(c, r.code, l.known_at));
  const auto members = l.subject.group().members();
  LIXIN_TRY(auto all, r.history ? archive::history_of(c, packs, members, l.known_at)
                                : archive::records_of(c, packs, members, l.known_at));
  LIXIN_TRY(const auto group_now, registry::group_of(c, l.subject.asked, head.last));
  archive::mark_parted(all, group_now);
  for (record_view& record : all) {
    record.facts = measure::completed_facts(record, *l.packs);
    const catalogue::dataset* d = l.dataset_of(record);
    if (d == nullptr || !policy::may_see_record(archive::facts_now(record), *d, record.authority,
                                                l.viewer, l.today)) {
      continue;
    }
    if (r.history || in_view(l, record)) l.records.push_back(std::move(record));
  }
  LIXIN_TRY(l.ties, ties_of(c, l.subject, l.as_of, l.known_at, l.records));
  return l;
}

std::string subject_json(const subject_view& l, bool pretty) {
  std::string out;
  text::json_writer json(out, pretty);
  json.begin_object().key("subject");
  write_subject(json, l);
  json.member("as_of", to_string(l.as_of))
      .member("known_at", l.known_at.value)
      .member("viewer", policy::code_of(l.viewer.kind))
      .key("records")
      .begin_array();
  for (const record_view& r : l.records) write_record(json, l, r);
  json.end_array().end_object();
  return out;
}

}  // namespace lixin::api
