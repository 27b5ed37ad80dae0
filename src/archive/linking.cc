#include "archive/linking.h"

#include <limits>

#include "archive/source.h"
#include "journal/journal.h"

namespace lixin::archive {
namespace {

constexpr position all_positions{std::numeric_limits<std::int64_t>::max()};

// Whether one of the subjects has an entry of an adverse list that was not taken back.
result<bool> any_adverse(pg::connection& c, const std::vector<subject_id>& subjects,
                         const catalogue::catalogue& packs) {
  std::vector<std::int64_t> ids;
  for (const subject_id id : subjects) ids.push_back(id.value);
  LIXIN_TRY(
      const auto r,
      c.exec("SELECT DISTINCT d.code FROM record r JOIN dataset d USING (dataset_id) CROSS JOIN "
             "LATERAL (SELECT x.change FROM record_version x WHERE x.subject_id = r.subject_id "
             "AND x.record_id = r.record_id ORDER BY x.version DESC LIMIT 1) v WHERE r.subject_id "
             "= ANY($1::bigint[]) AND v.change NOT IN (4, 5)",
             pg::params().add(ids)));
  for (int i = 0; i < r.size(); ++i) {
    if (is_adverse_entry(packs, r.text(i, 0))) return true;
  }
  return false;
}

result<void> check_second(const import_context& context, const registry::link_request& r) {
  pg::connection& c = context.connection;
  bool needed = false;
  if (r.kind == registry::link_kind::alias || r.kind == registry::link_kind::alias_ended) {
    LIXIN_TRY(const auto group, registry::group_of(c, r.to, all_positions));
    std::vector<subject_id> all = group.members();
    if (!group.holds(r.from)) all.push_back(r.from);
    LIXIN_TRY(const auto head, journal::read_head(c));
    LIXIN_TRY(needed, any_adverse(c, all, *context.packs.at(context.now.today(), head.last)));
  }
  return require_second(r.source, needed);
}

}  // namespace

result<tie_outcome> tie_subjects(const import_context& context, const tie_request& r) {
  LIXIN_CHECK(require_source(r.source, context.now.today()));
  pg::connection& c = context.connection;
  LIXIN_TRY(const auto authority, number_of_authority(c, r.source.authority));
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_CHECK(registry::lock_links(c));
  tie_outcome out;
  LIXIN_TRY(out.from, registry::subject_named(c, r.from));
  LIXIN_TRY(out.to, registry::subject_named(c, r.to));
  const registry::link_request link{r.kind, out.from.id, out.to.id, r.form, r.source};
  LIXIN_TRY(const auto stands, registry::check_link(c, link));
  if (stands) {
    out.at = *stands;
    out.already = true;
    return out;
  }
  LIXIN_CHECK(check_second(context, link));
  LIXIN_TRY(out.at, registry::write_link(c, link, authority, context.now.now()));
  LIXIN_CHECK(tx.commit());
  return out;
}

}  // namespace lixin::archive
