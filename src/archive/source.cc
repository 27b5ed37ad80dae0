#include "archive/source.h"

#include "archive/errc.h"
#include "archive/free_text.h"

namespace lixin::archive {

result<void> require_source(const registry::tie_source& s, date today) {
  const struct {
    const std::string& text;
    const char *zh, *en;
  } parts[] = {{s.document, "文书号（--document）", "The document (--document)"},
               {s.reason, "理由（--reason）", "The reason (--reason)"},
               {s.actor, "经办人（--as）", "The actor (--as)"}};
  for (const auto& p : parts) {
    if (p.text.empty()) return error(errc::reason_missing, {p.zh, p.en});
  }
  for (const auto& p : parts) LIXIN_CHECK(refuse_personal(p.text, p.zh, p.en));
  LIXIN_CHECK(refuse_personal(s.approved_by, "复核人（--approved-by）",
                              "The second person (--approved-by)"));
  if (s.happened_on > today) {
    return error(errc::event_in_future, {to_string(s.happened_on), to_string(today)});
  }
  return {};
}

result<authority_id> number_of_authority(pg::connection& c, const std::string& code) {
  LIXIN_TRY(const auto a, c.exec("SELECT authority_id FROM authority WHERE code = $1::text",
                                 pg::params().add(code)));
  if (a.empty()) return error(errc::authority_unknown, {code});
  return authority_id(static_cast<std::int32_t>(a.int64(0, 0)));
}

result<void> lock_record(pg::connection& c, const record_name& n) {
  LIXIN_CHECK(
      c.exec("SELECT pg_advisory_xact_lock(dataset_id, authority_id) FROM record WHERE "
             "subject_id = $1::bigint AND record_id = $2::bigint",
             pg::params().add(n.subject.value).add(n.record.value)));
  return {};
}

bool is_adverse_entry(const catalogue::catalogue& packs, std::string_view dataset) {
  const catalogue::dataset* d = packs.find_dataset(dataset);
  return d != nullptr && d->tone == catalogue::tone::adverse && !packs.lists_of(dataset).empty();
}

result<void> require_second(const registry::tie_source& s, bool needed) {
  if (s.approved_by.empty()) {
    if (needed) return error(errc::second_person_missing);
    return {};
  }
  if (s.approved_by == s.actor) return error(errc::second_person_same, {s.actor});
  return {};
}

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

}  // namespace lixin::archive
