#include "registry/holders.h"

#include <algorithm>

namespace lixin::registry {
namespace {

std::vector<code_holder> holders_from(const pg::rows& r) {
  std::vector<code_holder> out;
  out.reserve(static_cast<std::size_t>(r.size()));
  for (int i = 0; i < r.size(); ++i) {
    out.push_back({subject_id(r.int64(i, 0)), static_cast<catalogue::subject_kind>(r.int64(i, 1)),
                   std::string(r.text(i, 2)), std::string(r.text(i, 3)), r.boolean(i, 4),
                   r.boolean(i, 5)});
  }
  return out;
}

}  // namespace

result<std::vector<code_holder>> holders_between(pg::connection& c, subject_id first,
                                                 subject_id end) {
  LIXIN_TRY(const auto r,
            c.exec("SELECT s.subject_id, s.kind, s.name, i.value, i.released IS NULL, EXISTS "
                   "(SELECT 1 FROM subject_link l WHERE l.subject_id = s.subject_id AND l.kind < "
                   "3) FROM subject s JOIN identifier i USING (subject_id) WHERE i.kind = 1 AND "
                   "s.subject_id >= $1::bigint AND s.subject_id < $2::bigint ORDER BY "
                   "s.subject_id, i.position",
                   pg::params().add(first.value).add(end.value)));
  return holders_from(r);
}

result<std::vector<code_holder>> holders_of(pg::connection& c,
                                            const std::vector<std::int64_t>& subjects) {
  LIXIN_TRY(const auto r,
            c.exec("SELECT s.subject_id, s.kind, s.name, i.value, i.released IS NULL, EXISTS "
                   "(SELECT 1 FROM subject_link l WHERE l.subject_id = s.subject_id AND l.kind < "
                   "3) FROM subject s JOIN identifier i USING (subject_id) WHERE i.kind = 1 AND "
                   "s.subject_id = ANY ($1::bigint[]) ORDER BY s.subject_id, i.position",
                   pg::params().add(subjects)));
  return holders_from(r);
}

result<subject_id> last_subject(pg::connection& c) {
  LIXIN_TRY(const auto r, c.exec("SELECT max(subject_id) FROM subject"));
  return subject_id(r.int64(0, 0));
}

result<std::vector<std::int64_t>> with_tied(pg::connection& c, std::vector<std::int64_t> subjects) {
  std::ranges::sort(subjects);
  subjects.erase(std::unique(subjects.begin(), subjects.end()), subjects.end());
  std::vector<std::int64_t> fresh = subjects;
  // From a duplicate to its main subject, and from there to the others.
  while (!fresh.empty()) {
    LIXIN_TRY(const auto r,
              c.exec("SELECT DISTINCT other_subject FROM subject_link WHERE kind < 3 AND "
                     "subject_id = ANY ($1::bigint[]) ORDER BY other_subject",
                     pg::params().add(fresh)));
    fresh.clear();
    for (int i = 0; i < r.size(); ++i) {
      const std::int64_t id = r.int64(i, 0);
      if (!std::ranges::binary_search(subjects, id)) fresh.push_back(id);
    }
    subjects.insert(subjects.end(), fresh.begin(), fresh.end());
    std::ranges::sort(subjects);
  }
  return subjects;
}

}  // namespace lixin::registry
