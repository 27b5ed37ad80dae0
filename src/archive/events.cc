#include "archive/events.h"

#include <fmt/format.h>

#include "archive/errc.h"
#include "archive/free_text.h"
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

result<void> require_source(const event_request& r) {
  const auto missing = [](const char* zh, const char* en) {
    return error(errc::reason_missing, {zh, en});
  };
  if (r.document.empty()) return missing("文书号（--document）", "The document (--document)");
  if (r.reason.empty()) return missing("理由（--reason）", "The reason (--reason)");
  if (r.actor.empty()) return missing("经办人（--as）", "The actor (--as)");
  LIXIN_CHECK(refuse_personal(r.document, "文书号（--document）", "The document (--document)"));
  LIXIN_CHECK(refuse_personal(r.reason, "理由（--reason）", "The reason (--reason)"));
  return refuse_personal(r.actor, "经办人（--as）", "The actor (--as)");
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

// The dataset in force now; of a pack that has given it up, as it was when the record was checked.
const catalogue::dataset* dataset_of(catalogue::store& packs, const record_view& v, date today,
                                     position known_at) {
  if (const auto* d = packs.at(today, known_at)->find_dataset(v.dataset)) return d;
  for (const catalogue::pack_entry& e : packs.entries()) {
    if (e.pack == v.pack && e.version == v.pack_version) {
      return packs.by_id(e.id)->dataset_named(v.dataset);
    }
  }
  return nullptr;
}

// The facts with the ends that followers are told: an entry without an end of its own has that of
// the shortest of its lists, as at hand-in.
policy::record_facts with_ends(policy::record_facts f, const catalogue::catalogue& packs,
                               const std::string& dataset) {
  int months = 0;
  for (const catalogue::list* l : packs.lists_of(dataset)) {
    if (l->term_months > 0 && (months == 0 || l->term_months < months)) months = l->term_months;
  }
  return policy::with_list_term(std::move(f), months);
}

// Events of a record come one after the other, and not while a hand-in or a withdrawal of its
// source changes it.
result<void> lock_record(pg::connection& c, const record_name& n) {
  LIXIN_CHECK(
      c.exec("SELECT pg_advisory_xact_lock(dataset_id, authority_id) FROM record WHERE "
             "subject_id = $1::bigint AND record_id = $2::bigint",
             pg::params().add(n.subject.value).add(n.record.value)));
  return {};
}

result<authority_id> number_of(pg::connection& c, const std::string& code) {
  LIXIN_TRY(const auto a, c.exec("SELECT authority_id FROM authority WHERE code = $1::text",
                                 pg::params().add(code)));
  if (a.empty()) {
    return error(errc::authority_unknown, {code});
  }
  return authority_id(static_cast<std::int32_t>(a.int64(0, 0)));
}

}  // namespace

result<event_outcome> append_event(const import_context& context, const event_request& r) {
  LIXIN_CHECK(require_source(r));
  const date today = context.now.today();
  if (r.happened_on > today) {
    return error(errc::event_in_future, {to_string(r.happened_on), to_string(today)});
  }
  pg::connection& c = context.connection;
  LIXIN_TRY(const auto authority, number_of(c, r.authority));
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_CHECK(lock_record(c, r.record));
  LIXIN_TRY(auto view, find_record(c, context.packs, r.record));
  LIXIN_TRY(const auto head, journal::read_head(c));
  view.facts = with_ends(view.facts, *context.packs.at(today, head.last), view.dataset);
  event_outcome out;
  out.before = policy::status_of(view.facts, today, head.last);
  for (const policy::record_event& e : view.facts.events) {
    if (!same_event(e, r)) continue;
    out.already = true;
    out.at = e.at;
    out.after = out.before;
    return out;
  }
  const catalogue::dataset* d = dataset_of(context.packs, view, today, head.last);
  LIXIN_ASSERT(d != nullptr);  // find_record() read the record by it
  LIXIN_CHECK(allow(r, view, *d, out.before));
  const auto number = static_cast<std::int32_t>(view.facts.events.size()) + 1;
  view.facts.events.push_back(
      {r.kind, out.at, r.happened_on, r.document, r.authority, r.actor, r.reason});
  LIXIN_TRY(out.at, journal::append(c,
                                    {{.kind = journal::kind::record_event,
                                      .subject = r.record.subject,
                                      .record = r.record.record,
                                      .version = number,
                                      .public_until = policy::publicity_of(view.facts, *d).until,
                                      .effective_until = view.facts.valid_to,
                                      .purge_at = policy::purge_date(view.facts, *d)}},
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
