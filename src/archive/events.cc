#include "archive/events.h"

#include <fmt/format.h>

#include "archive/errc.h"
#include "archive/source.h"
#include "archive/terms.h"
#include "journal/journal.h"

namespace lixin::archive {
namespace {

using policy::event_kind;
using policy::record_status;

struct action_words {
  std::string_view zh, en;
};
action_words words_of(event_kind k) {
  switch (k) {
    case event_kind::dispute:
      return {"提出异议", "a dispute"};
    case event_kind::dispute_settled:
      return {"办结异议", "settling a dispute"};
    case event_kind::repair:
      return {"修复", "a repair"};
    case event_kind::withdraw:
      return {"撤销", "a withdrawal"};
  }
  return {"", ""};
}

bool has_open_dispute(const record_view& v) {
  bool open = false;
  for (const policy::record_event& e : v.facts.events) {
    if (e.kind == event_kind::dispute) open = true;
    if (e.kind == event_kind::dispute_settled) open = false;
  }
  return open;
}

// Whether the rules let the event follow what stands.
result<void> allow(const event_request& r, const record_view& v, const catalogue::dataset& d,
                   record_status now) {
  const auto words = words_of(r.kind);
  const error no(errc::event_not_possible,
                 {to_string(r.record), std::string(policy::title_zh(now)), std::string(words.zh),
                  std::string(policy::title_en(now)), std::string(words.en)});
  if (now == record_status::withdrawn) return no;
  switch (r.kind) {
    case event_kind::dispute:
      if (has_open_dispute(v)) return no;
      break;
    case event_kind::dispute_settled:
      if (!has_open_dispute(v)) return no;
      break;
    case event_kind::repair: {
      if (d.tone != catalogue::tone::adverse || now == record_status::repaired) return no;
      const auto terms = policy::publicity_of(v.facts, d);
      if (terms.repair_from && r.happened_on < *terms.repair_from) {
        return error(errc::repair_too_early, {to_string(r.record), to_string(*terms.repair_from)});
      }
      break;
    }
    case event_kind::withdraw:
      break;
  }
  return {};
}

bool same_event(const policy::record_event& e, const event_request& r) {
  return e.kind == r.kind && e.document == r.document && e.happened_on == r.happened_on;
}

}  // namespace

result<event_outcome> append_event(const import_context& context, const event_request& r) {
  const date today = context.now.today();
  LIXIN_CHECK(require_source({.happened_on = r.happened_on,
                              .document = r.document,
                              .authority = r.authority,
                              .actor = r.actor,
                              .approved_by = "",
                              .reason = r.reason},
                             today));
  pg::connection& c = context.connection;
  LIXIN_TRY(const auto authority, number_of_authority(c, r.authority));
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_CHECK(lock_record(c, r.record));
  LIXIN_TRY(auto view, find_record(c, context.packs, r.record));
  LIXIN_TRY(const auto head, journal::read_head(c));
  view.facts = with_list_end(view, *context.packs.at(today, head.last));
  event_outcome out;
  out.before = policy::status_of(view.facts, today, head.last);
  for (const policy::record_event& e : view.facts.events) {
    if (!same_event(e, r)) continue;
    out.already = true;
    out.at = e.at;
    out.after = out.before;
    return out;
  }
  if (const record_move* went = view.went()) return moved_to(r.record, *went);
  if (view.facts.content_ended) return error(errc::content_ended, {to_string(r.record)});
  const catalogue::dataset* d = dataset_of(context.packs, view, today, head.last);
  LIXIN_ASSERT(d != nullptr);  // find_record() read the record by it
  LIXIN_CHECK(allow(r, view, *d, out.before));
  const auto number = static_cast<std::int32_t>(view.facts.events.size()) + 1;
  view.facts.events.push_back(
      {r.kind, out.at, r.happened_on, r.document, r.authority, r.actor, r.reason});
  LIXIN_TRY(out.at, journal::append(
                        c,
                        {{.kind = journal::kind::record_event,
                          .subject = r.record.subject,
                          .record = r.record.record,
                          .version = number,
                          .public_until = policy::publicity_of(view.facts, *d).until,
                          .effective_until = view.facts.valid_to,
                          .purge_at = policy::purge_date(view.facts, *d)}},
                        {journal::action::record_event, r.actor,
                         fmt::format("record {} {}", to_string(r.record), policy::code_of(r.kind))},
                        context.now.now()));
  view.facts.events.back().at = out.at;
  LIXIN_CHECK(
      c.exec("INSERT INTO record_event (subject_id, record_id, event_number, position, kind, "
             "happened_on, document, authority_id, actor, reason) VALUES ($1::bigint, "
             "$2::bigint, $3::integer, $4::bigint, $5::smallint, $6::date, $7::text, "
             "$8::integer, $9::text, $10::text)",
             pg::params()
                 .add(r.record.subject.value)
                 .add(r.record.record.value)
                 .add(number)
                 .add(out.at.value)
                 .add(static_cast<int>(r.kind))
                 .add(r.happened_on)
                 .add(r.document)
                 .add(authority.value)
                 .add(r.actor)
                 .add(r.reason)));
  LIXIN_CHECK(tx.commit());
  out.after = policy::status_of(view.facts, today, out.at);
  return out;
}

}  // namespace lixin::archive
