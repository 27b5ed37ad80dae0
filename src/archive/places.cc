#include "archive/places.h"

#include <set>

namespace lixin::archive {

result<std::vector<record_name>> other_places(pg::connection& c,
                                              const std::vector<record_name>& known) {
  std::set<std::pair<subject_id, record_id>> seen;
  for (const record_name& n : known) seen.insert({n.subject, n.record});
  std::vector<record_name> out;
  std::vector<record_name> ask = known;
  while (!ask.empty()) {
    std::vector<std::int64_t> subjects, records;
    for (const record_name& n : ask) {
      subjects.push_back(n.subject.value);
      records.push_back(n.record.value);
    }
    ask.clear();
    LIXIN_TRY(const auto r,
              c.exec("SELECT DISTINCT m.other_subject, m.record_id FROM unnest($1::bigint[], "
                     "$2::bigint[]) AS w(subject_id, record_id) JOIN record_move m USING "
                     "(subject_id, record_id)",
                     pg::params().add(subjects).add(records)));
    for (int i = 0; i < r.size(); ++i) {
      const record_name n{subject_id(r.int64(i, 0)), record_id(r.int64(i, 1))};
      if (!seen.insert({n.subject, n.record}).second) continue;
      out.push_back(n);
      ask.push_back(n);
    }
  }
  return out;
}

}  // namespace lixin::archive
