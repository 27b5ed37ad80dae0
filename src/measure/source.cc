#include "measure/source.h"

#include "journal/journal.h"
#include "registry/links.h"
#include "registry/registry.h"

namespace lixin::measure {
namespace {

// None when the code was not a subject's at that position.
result<std::optional<registry::subject_file>> subject_of(pg::connection& c, std::string_view code,
                                                         position known_at) {
  auto file = registry::find_subject(c, code, known_at);
  if (!file.ok()) {
    if (file.error().kind() == failure::not_found) return std::optional<registry::subject_file>();
    return std::move(file).error();
  }
  if (file->has({registry::identifier_kind::credit_code, std::string(code)}))
    return std::optional(std::move(*file));
  return std::optional<registry::subject_file>();
}

// The records that decide what may be seen when it was asked: of the subjects that were tied by
// then, and of those that were tied at known_at and are not any more, marked as somebody else's.
result<std::vector<archive::record_view>> current_records(pg::connection& c,
                                                          catalogue::store& packs,
                                                          const registry::subject_file& then,
                                                          position asked_at) {
  LIXIN_TRY(const auto now, registry::group_of(c, then.asked, asked_at));
  std::vector<subject_id> members = now.members();
  for (const subject_id id : then.group().members())
    if (!now.holds(id)) members.push_back(id);
  LIXIN_TRY(auto out, archive::records_of(c, packs, members, asked_at));
  archive::mark_parted(out, now);
  for (archive::record_view& r : out)
    if (r.parted) r.facts = archive::left_behind(r);
  return out;
}

}  // namespace

result<bool> database_source::read(std::string_view code, position known_at, position asked_at,
                                   subject_data& out) {
  LIXIN_TRY(const auto file, subject_of(c_, code, known_at));
  if (!file) return false;
  out.id = file->current.id;
  out.kind = file->current.kind;
  out.asked = file->asked;
  out.name = file->current.name;
  out.duplicate_of = file->by_duplicate() ? registry::name_of(file->current) : std::string();
  LIXIN_TRY(out.current, current_records(c_, packs_, *file, asked_at));
  out.then.clear();
  if (known_at != asked_at) {
    LIXIN_TRY(out.then, archive::records_of(c_, packs_, file->group().members(), known_at));
  }
  return true;
}

result<std::optional<std::chrono::system_clock::time_point>> database_source::sealed_at(
    position p) {
  std::optional<std::chrono::system_clock::time_point> out;
  if (p.value == 0) return out;
  LIXIN_TRY(const auto entries, journal::read_after(c_, position(p.value - 1), 1));
  if (!entries.empty() && entries.front().at == p) out = entries.front().sealed_at;
  return out;
}

}  // namespace lixin::measure
