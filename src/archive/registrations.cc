#include "archive/registrations.h"

#include <array>
#include <map>
#include <optional>

#include "journal/journal.h"
#include "registry/registry.h"

namespace lixin::archive {
namespace {

struct subject_change {
  std::optional<std::string> name;
  std::optional<date> valid_from;
  std::vector<std::pair<registry::identifier, position>> given_up;  // and where it was claimed
};
using changes_by_subject = std::map<std::int64_t, subject_change>;

result<void> find_names(pg::connection& c, const registering& what,
                        const std::vector<std::int64_t>& subjects, changes_by_subject& out) {
  LIXIN_TRY(
      const auto r,
      c.exec("SELECT s.subject_id, n.name, n.valid_from FROM subject s LEFT JOIN LATERAL (SELECT "
             "v.content ->> $3::text AS name, v.valid_from FROM record r CROSS JOIN LATERAL "
             "(SELECT x.change, x.position, x.content, x.valid_from FROM record_version x WHERE "
             "x.subject_id = r.subject_id AND x.record_id = r.record_id ORDER BY x.version DESC "
             "LIMIT 1) v WHERE r.subject_id = s.subject_id AND r.dataset_id = $2::integer AND "
             "v.change <> 4 ORDER BY v.position DESC LIMIT 1) n ON true WHERE s.subject_id = "
             "ANY($1::bigint[]) AND s.name <> coalesce(n.name, '')",
             pg::params().add(subjects).add(what.dataset.value).add(what.name_field)));
  for (int i = 0; i < r.size(); ++i) {
    subject_change& s = out[r.int64(i, 0)];
    s.name = r.text(i, 1);
    s.valid_from = r.optional_day(i, 2);
  }
  return {};
}

result<void> find_given_up(pg::connection& c, const registering& what,
                           const std::vector<std::int64_t>& subjects, changes_by_subject& out) {
  LIXIN_TRY(
      const auto r,
      c.exec("SELECT i.subject_id, i.kind, i.value, i.position FROM identifier i JOIN journal j "
             "USING (position) JOIN batch b ON b.batch_id = j.batch_id WHERE i.subject_id = "
             "ANY($1::bigint[]) AND i.released IS NULL AND i.kind > 2 AND b.state IN (3, 4) AND "
             "NOT EXISTS (SELECT 1 FROM record r CROSS JOIN LATERAL (SELECT x.change, x.content "
             "FROM record_version x WHERE x.subject_id = r.subject_id AND x.record_id = "
             "r.record_id ORDER BY x.version DESC LIMIT 1) v JOIN unnest($3::bigint[], "
             "$4::text[]) AS f(kind, field) ON v.content ->> f.field = i.value WHERE r.subject_id "
             "= i.subject_id AND r.dataset_id = $2::integer AND v.change <> 4 AND f.kind = i.kind)",
             pg::params().add(subjects).add(what.dataset.value).add(what.kinds).add(what.fields)));
  for (int i = 0; i < r.size(); ++i) {
    out[r.int64(i, 0)].given_up.emplace_back(
        registry::identifier{static_cast<registry::identifier_kind>(r.int64(i, 1)),
                             std::string(r.text(i, 2))},
        position(r.int64(i, 3)));
  }
  return {};
}

result<void> store_names(pg::connection& c, const changes_by_subject& changes, position first) {
  std::vector<std::int64_t> subjects;
  std::vector<std::string> names;
  pg::copy_buffer rows("subject_name", "subject_id, position, name, valid_from");
  std::int64_t at = first.value;
  for (const auto& [id, s] : changes) {
    const std::int64_t place = at++;
    if (!s.name) continue;
    rows.row(4);
    rows.int8(id);
    rows.int8(place);
    rows.text(*s.name);
    rows.day(s.valid_from);
    subjects.push_back(id);
    names.push_back(*s.name);
  }
  if (subjects.empty()) return {};
  LIXIN_CHECK(rows.send(c));
  LIXIN_CHECK(
      c.exec("UPDATE subject s SET name = w.name FROM unnest($1::bigint[], $2::text[]) AS "
             "w(subject_id, name) WHERE s.subject_id = w.subject_id",
             pg::params().add(subjects).add(names)));
  return {};
}

result<void> store_given_up(pg::connection& c, const changes_by_subject& changes, position first) {
  std::vector<std::int64_t> subjects, kinds, claimed, released;
  std::vector<std::string> values;
  std::int64_t at = first.value;
  for (const auto& [id, s] : changes) {
    const std::int64_t place = at++;
    for (const auto& [what, where] : s.given_up) {
      subjects.push_back(id);
      kinds.push_back(static_cast<std::int64_t>(what.kind));
      values.push_back(what.value);
      claimed.push_back(where.value);
      released.push_back(place);
    }
  }
  if (subjects.empty()) return {};
  LIXIN_CHECK(c.exec(
      "UPDATE identifier i SET released = w.released FROM unnest($1::bigint[], $2::bigint[], "
      "$3::text[], $4::bigint[], $5::bigint[]) AS w(subject_id, kind, value, claimed, released) "
      "WHERE i.subject_id = w.subject_id AND i.kind = w.kind AND i.value = w.value AND i.position "
      "= w.claimed",
      pg::params().add(subjects).add(kinds).add(values).add(claimed).add(released)));
  LIXIN_CHECK(
      c.exec("DELETE FROM identifier_key k USING unnest($1::bigint[], $2::text[]) AS w(kind, "
             "value) WHERE k.kind = w.kind AND k.value = w.value",
             pg::params().add(kinds).add(values)));
  return {};
}

}  // namespace

registering registering_of(const catalogue::dataset& d, dataset_id number) {
  using catalogue::field_role;
  using registry::identifier_kind;
  constexpr std::array roles{
      std::pair{field_role::registration_number, identifier_kind::registration_number},
      std::pair{field_role::tax_number, identifier_kind::tax_number},
      std::pair{field_role::institution_certificate, identifier_kind::institution_certificate},
      std::pair{field_role::social_certificate, identifier_kind::social_certificate},
  };
  const auto code_at = [&](int f) { return d.fields[static_cast<std::size_t>(f)].code; };
  registering out;
  out.dataset = number;
  out.name_field = code_at(d.field_with(field_role::party_name));
  for (const auto& [role, kind] : roles) {
    const int f = d.field_with(role);
    if (f < 0) continue;
    out.kinds.push_back(static_cast<std::int64_t>(kind));
    out.fields.push_back(code_at(f));
  }
  return out;
}

result<void> follow_registrations(pg::connection& c, const registering& what, batch_id batch,
                                  const std::vector<std::int64_t>& subjects, const journal::act& by,
                                  std::chrono::system_clock::time_point now) {
  changes_by_subject changes;
  LIXIN_CHECK(find_names(c, what, subjects, changes));
  LIXIN_CHECK(find_given_up(c, what, subjects, changes));
  if (changes.empty()) return {};
  LIXIN_TRY(const auto at, journal::reserve(c, static_cast<std::int64_t>(changes.size()), now));
  std::vector<journal::change> entries;
  for (const auto& [id, s] : changes) {
    entries.push_back(
        {.kind = journal::kind::subject_changed, .subject = subject_id(id), .batch = batch});
  }
  LIXIN_CHECK(store_names(c, changes, at.first));
  LIXIN_CHECK(store_given_up(c, changes, at.first));
  return journal::write(c, at, entries, by);
}

}  // namespace lixin::archive
