#include "archive/rebind.h"

#include <fmt/format.h>

#include <algorithm>

#include "archive/errc.h"
#include "archive/source.h"
#include "journal/journal.h"
#include "registry/registry.h"
#include "text/fold.h"

namespace lixin::archive {
namespace {

// What a move rests on, read under the locks.
struct move_plan {
  record_view view;  // what stands at the old place
  registry::subject to;
  const catalogue::dataset* dataset = nullptr;
  authority_id authority;  // of the move's source
  std::int32_t version = 0;
  bool name_differs = false;
};

result<void> check_move(const import_context& context, const rebind_request& r,
                        const move_plan& p) {
  const std::string name = to_string(r.record);
  if (p.to.id == r.record.subject) {
    return error(errc::rebind_to_itself, {name, registry::name_of(p.to)});
  }
  if (p.view.facts.change == policy::record_change::withdrawn) {
    return error(errc::rebind_withdrawn, {name});
  }
  if (p.dataset->registers) return error(errc::rebind_registration, {name});
  if (std::ranges::find(p.dataset->kinds, p.to.kind) == p.dataset->kinds.end()) {
    return error(errc::rebind_kind,
                 {p.dataset->title_zh, registry::name_of(p.to), std::string(title_zh(p.to.kind)),
                  p.dataset->code, std::string(title_en(p.to.kind))});
  }
  LIXIN_TRY(const auto head, journal::read_head(context.connection));
  const auto packs = context.packs.at(context.now.today(), head.last);
  return require_second(r.source, is_adverse_entry(*packs, p.view.dataset));
}

bool differs(const move_plan& p) {
  const int f = p.dataset->field_with(catalogue::field_role::party_name);
  if (f < 0 || p.to.name.empty()) return false;
  const auto name = p.view.value(p.dataset->fields[static_cast<std::size_t>(f)].code);
  return text::fold_name(name) != p.to.name_folded;
}

// The record's row at the new place, its events there (those that came with an earlier stay are
// there already), and its key.
result<void> move_belongings(pg::connection& c, const rebind_request& r, const move_plan& p) {
  const auto both =
      pg::params().add(r.record.subject.value).add(r.record.record.value).add(p.to.id.value);
  LIXIN_CHECK(
      c.exec("INSERT INTO record (subject_id, record_id, dataset_id, authority_id, party_ordinal, "
             "document) SELECT $3::bigint, record_id, dataset_id, authority_id, party_ordinal, "
             "document FROM record WHERE subject_id = $1::bigint AND record_id = $2::bigint ON "
             "CONFLICT DO NOTHING",
             both));
  LIXIN_CHECK(c.exec(
      "INSERT INTO record_event (subject_id, record_id, event_number, position, kind, "
      "happened_on, document, authority_id, actor, reason) SELECT $3::bigint, e.record_id, "
      "n.last + row_number() OVER (ORDER BY e.event_number), e.position, e.kind, "
      "e.happened_on, e.document, e.authority_id, e.actor, e.reason FROM record_event e CROSS "
      "JOIN (SELECT coalesce(max(event_number), 0) AS last FROM record_event WHERE subject_id "
      "= $3::bigint AND record_id = $2::bigint) n WHERE e.subject_id = $1::bigint AND "
      "e.record_id = $2::bigint AND NOT EXISTS (SELECT 1 FROM record_event x WHERE "
      "x.subject_id = $3::bigint AND x.record_id = $2::bigint AND x.position = e.position)",
      both));
  LIXIN_TRY(
      const auto keys,
      c.exec("UPDATE record_key k SET subject_id = $3::bigint FROM record r WHERE r.subject_id = "
             "$1::bigint AND r.record_id = $2::bigint AND k.dataset_id = r.dataset_id AND "
             "k.authority_id = r.authority_id AND k.party_ordinal = r.party_ordinal AND "
             "k.document_key = $4::text AND k.record_id = $2::bigint",
             pg::params()
                 .add(r.record.subject.value)
                 .add(r.record.record.value)
                 .add(p.to.id.value)
                 .add(text::fold_document(p.view.document))));
  LIXIN_ASSERT(keys.affected() == 1);  // a record that stands has its key
  return {};
}

// The ends that followers were told last of what stands. At the old place nothing is published or
// in effect any more, but what its versions hold has to be purged on the same day.
result<std::vector<journal::change>> entries_of(pg::connection& c, const rebind_request& r,
                                                const move_plan& p) {
  position last = p.view.at;
  for (const policy::record_event& e : p.view.facts.events) last = std::max(last, e.at);
  LIXIN_TRY(const auto told, journal::read_after(c, position(last.value - 1), 1));
  LIXIN_ASSERT(!told.empty() && told.front().at == last);
  const journal::change& ends = told.front().what;
  LIXIN_TRY(const auto number,
            c.exec("SELECT dataset_id FROM record WHERE subject_id = $1::bigint AND record_id = "
                   "$2::bigint",
                   pg::params().add(r.record.subject.value).add(r.record.record.value)));
  journal::change left{.kind = journal::kind::record_moved,
                       .subject = r.record.subject,
                       .record = r.record.record,
                       .version = p.version,
                       .dataset = dataset_id(static_cast<std::int32_t>(number.int64(0, 0))),
                       .purge_at = ends.purge_at};
  journal::change arrived = left;
  arrived.subject = p.to.id;
  arrived.public_until = ends.public_until;
  arrived.effective_until = ends.effective_until;
  return std::vector{arrived, left};
}

result<void> copy_version(pg::connection& c, const rebind_request& r, const move_plan& p,
                          bool arrives, position at) {
  const subject_id here = arrives ? p.to.id : r.record.subject;
  const subject_id there = arrives ? r.record.subject : p.to.id;
  const auto change = arrives ? policy::record_change::arrived : policy::record_change::moved;
  LIXIN_CHECK(c.exec(
      "INSERT INTO record_version (subject_id, record_id, version, position, change, batch_id, "
      "row_number, pack_version_id, handed_in_on, decided_on, valid_from, valid_to, "
      "publicity_class, class_source, is_late, name_differs, content_digest, content, "
      "moved_subject) SELECT $4::bigint, record_id, $5::integer, $6::bigint, $7::smallint, "
      "batch_id, row_number, pack_version_id, handed_in_on, decided_on, valid_from, valid_to, "
      "publicity_class, class_source, is_late, CASE WHEN $9::boolean THEN $10::boolean ELSE "
      "name_differs END, content_digest, content, $8::bigint FROM record_version WHERE subject_id "
      "= $1::bigint AND record_id = $2::bigint AND version = $3::integer",
      pg::params()
          .add(r.record.subject.value)
          .add(r.record.record.value)
          .add(p.view.version)
          .add(here.value)
          .add(p.version)
          .add(at.value)
          .add(static_cast<int>(change))
          .add(there.value)
          .add(arrives)
          .add(p.name_differs)));
  LIXIN_CHECK(
      c.exec("INSERT INTO record_move (subject_id, record_id, version, other_subject, is_from, "
             "happened_on, document, authority_id, actor, approved_by, reason) VALUES "
             "($1::bigint, $2::bigint, $3::integer, $4::bigint, $5::boolean, $6::date, $7::text, "
             "$8::integer, $9::text, $10::text, $11::text)",
             pg::params()
                 .add(here.value)
                 .add(r.record.record.value)
                 .add(p.version)
                 .add(there.value)
                 .add(!arrives)
                 .add(r.source.happened_on)
                 .add(r.source.document)
                 .add(p.authority.value)
                 .add(r.source.actor)
                 .add(r.source.approved_by)
                 .add(r.source.reason)));
  return {};
}

}  // namespace

result<rebind_outcome> rebind_record(const import_context& context, const rebind_request& r) {
  const date today = context.now.today();
  LIXIN_CHECK(require_source(r.source, today));
  pg::connection& c = context.connection;
  move_plan p;
  LIXIN_TRY(p.authority, number_of_authority(c, r.source.authority));
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_CHECK(lock_record(c, r.record));
  LIXIN_CHECK(registry::share_links(c));
  LIXIN_TRY(p.view, find_record(c, context.packs, r.record));
  LIXIN_TRY(p.to, registry::subject_named(c, r.to));
  rebind_outcome out{.at = {}, .now = {p.to.id, r.record.record}};
  if (const record_move* went = p.view.went(); went != nullptr) {
    if (went->other != p.to.id) return moved_to(r.record, *went);
    out.already = true;
    out.at = position(p.view.at.value - 1);  // the new place comes right before the old one
    return out;
  }
  LIXIN_TRY(const auto head, journal::read_head(c));
  p.dataset = dataset_of(context.packs, p.view, today, head.last);
  if (p.view.facts.content_ended) return error(errc::content_ended, {to_string(r.record)});
  LIXIN_ASSERT(p.dataset != nullptr);  // find_record() read the record by it
  LIXIN_CHECK(check_move(context, r, p));
  p.version = p.view.version + 1;
  p.name_differs = differs(p);
  LIXIN_TRY(const auto entries, entries_of(c, r, p));
  LIXIN_CHECK(move_belongings(c, r, p));
  LIXIN_TRY(out.at,
            journal::append(c, entries,
                            {journal::action::record_moved, r.source.actor,
                             fmt::format("record {} to subject {}; approved by {}",
                                         to_string(r.record), p.to.id.value, r.source.approved_by)},
                            context.now.now()));
  LIXIN_CHECK(copy_version(c, r, p, true, out.at));
  LIXIN_CHECK(copy_version(c, r, p, false, position(out.at.value + 1)));
  LIXIN_CHECK(tx.commit());
  return out;
}

}  // namespace lixin::archive
