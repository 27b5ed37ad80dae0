#include "archive/copies.h"

namespace lixin::archive {

void version_copies::add(subject_id subject, record_id record, std::int32_t number,
                         subject_id place, std::int32_t source, policy::record_change change,
                         std::int64_t position) {
  subjects.push_back(subject.value);
  records.push_back(record.value);
  numbers.push_back(number);
  places.push_back(place.value);
  sources.push_back(source);
  changes.push_back(static_cast<std::int64_t>(change));
  positions.push_back(position);
}

result<void> append(pg::connection& c, const version_copies& copies) {
  if (copies.subjects.empty()) return {};
  LIXIN_CHECK(c.exec(
      "INSERT INTO record_version (subject_id, record_id, version, position, change, batch_id, "
      "row_number, pack_version_id, handed_in_on, decided_on, valid_from, valid_to, "
      "publicity_class, class_source, is_late, name_differs, content_digest, content) SELECT "
      "w.subject_id, w.record_id, w.number::integer, w.position, w.change::smallint, v.batch_id, "
      "v.row_number, v.pack_version_id, v.handed_in_on, v.decided_on, v.valid_from, v.valid_to, "
      "v.publicity_class, v.class_source, "
      "v.is_late, v.name_differs, v.content_digest, v.content FROM unnest($1::bigint[], "
      "$2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[]) AS "
      "w(subject_id, record_id, number, place, source, change, position) JOIN record_version v ON "
      "v.subject_id = w.place AND v.record_id = w.record_id AND v.version = w.source AND v.change "
      "<> 5",
      pg::params()
          .add(copies.subjects)
          .add(copies.records)
          .add(copies.numbers)
          .add(copies.places)
          .add(copies.sources)
          .add(copies.changes)
          .add(copies.positions)));
  return {};
}

}  // namespace lixin::archive
