#include "archive/chunk_plan.h"
#include "archive/copies.h"
#include "archive/errc.h"
#include "text/json.h"

namespace lixin::archive {
namespace {

void append_reason(text::json_writer& out, const error& e) {
  out.begin_object()
      .member("code", e.code())
      .member("column", e.where().column)
      .member("zh", e.sentence(language::zh))
      .member("en", e.sentence(language::en))
      .end_object();
}

void put_optional(pg::copy_buffer& out, std::int64_t id) { id == 0 ? out.null() : out.int8(id); }

}  // namespace

fate_counts chunk_plan::counts() const {
  fate_counts out;
  for (std::size_t i = 0; i < fates_.size(); ++i) {
    const fate f = fates_[i].what;
    ++out[f];
    const bool stored = f == fate::accepted || f == fate::corrected;
    if (stored && chunk_.prepared[i].late) ++out.late;
  }
  return out;
}

result<void> chunk_plan::seal(pg::connection& c, vault::vault& persons,
                              std::chrono::system_clock::time_point now) {
  std::vector<vault::clear_row> rows;
  std::vector<std::size_t> of_row;
  for (std::size_t i = 0; i < chunk_.size; ++i) {
    const catalogue::checked_row& row = chunk_.checked[i];
    if (row.verdict != catalogue::row_verdict::sealed || purged_rows_.contains(i)) continue;
    rows.push_back({.dataset = hand_in_.dataset_number,
                    .authority = hand_in_.authority_number,
                    .document_key = row.document_key,
                    .party_ordinal = row.party_ordinal,
                    .person = row.sealed_person,
                    .content = chunk_.prepared[i].content,
                    .batch = hand_in_.batch,
                    .row_number = chunk_.block.rows[i].number});
    of_row.push_back(i);
  }
  if (rows.empty()) return {};
  LIXIN_TRY(const auto outcomes, persons.store(c, rows, now));
  for (std::size_t k = 0; k < of_row.size(); ++k) {
    if (outcomes[k] == vault::outcome::unchanged) fates_[of_row[k]].what = fate::unchanged;
    if (outcomes[k] == vault::outcome::counterpart_changed) {
      hold(of_row[k], errc::counterpart_changed);
    }
  }
  return {};
}

result<position> chunk_plan::store(pg::connection& c, const journal::act& by,
                                   std::chrono::system_clock::time_point now) {
  LIXIN_CHECK(store_records(c));
  LIXIN_CHECK(decision_ == nullptr ? store_rows(c) : store_decided_row(c));
  if (changes_.empty()) return position(0);
  LIXIN_TRY(const auto at, journal::reserve(c, static_cast<std::int64_t>(changes_.size()), now));
  LIXIN_CHECK(store_subjects(c, at.first));
  LIXIN_CHECK(store_versions(c, at.first));
  LIXIN_CHECK(store_replaced(c, at.first));
  LIXIN_CHECK(journal::write(c, at, changes_, by));
  return at.first;
}

result<void> chunk_plan::store_records(pg::connection& c) {
  pg::copy_buffer records(
      "record", "subject_id, record_id, dataset_id, authority_id, party_ordinal, document");
  std::set<std::size_t> moved(moved_keys_.begin(), moved_keys_.end());
  pg::copy_buffer keys(
      "record_key", "dataset_id, authority_id, document_key, party_ordinal, subject_id, record_id");
  for (const std::size_t i : added_records_) {
    const catalogue::checked_row& row = chunk_.checked[i];
    const row_outcome& o = fates_[i];
    records.row(6);
    records.int8(o.subject.value);
    records.int8(o.record.value);
    records.int4(hand_in_.dataset_number.value);
    records.int4(hand_in_.authority_number.value);
    records.int4(row.party_ordinal);
    records.text(row.document);
    if (moved.contains(i)) continue;
    keys.row(6);
    keys.int4(hand_in_.dataset_number.value);
    keys.int4(hand_in_.authority_number.value);
    keys.text(row.document_key);
    keys.int4(row.party_ordinal);
    keys.int8(o.subject.value);
    keys.int8(o.record.value);
  }
  LIXIN_CHECK(records.send(c));
  LIXIN_CHECK(keys.send(c));
  return move_keys(c);
}

// Keys of withdrawn records that name another counterpart's record from now on.
result<void> chunk_plan::move_keys(pg::connection& c) {
  if (moved_keys_.empty()) return {};
  std::vector<std::string> keys;
  std::vector<std::int64_t> parties, subjects, records;
  for (const std::size_t i : moved_keys_) {
    keys.push_back(chunk_.checked[i].document_key);
    parties.push_back(chunk_.checked[i].party_ordinal);
    subjects.push_back(fates_[i].subject.value);
    records.push_back(fates_[i].record.value);
  }
  LIXIN_CHECK(
      c.exec("UPDATE record_key k SET subject_id = w.subject_id, record_id = w.record_id FROM "
             "unnest($3::text[], $4::bigint[], $5::bigint[], $6::bigint[]) AS "
             "w(document_key, party_ordinal, subject_id, record_id) WHERE k.dataset_id = "
             "$1::integer AND k.authority_id = $2::integer AND k.document_key = "
             "w.document_key AND k.party_ordinal = w.party_ordinal::integer",
             pg::params()
                 .add(hand_in_.dataset_number.value)
                 .add(hand_in_.authority_number.value)
                 .add(keys)
                 .add(parties)
                 .add(subjects)
                 .add(records)));
  return {};
}

std::string chunk_plan::reasons_json(std::size_t i) const {
  std::string out;
  text::json_writer json(out);
  json.begin_array();
  if (fates_[i].why != nullptr) append_reason(json, error(*fates_[i].why));
  for (const error& e : chunk_.checked[i].reasons) append_reason(json, e);
  for (const error& e : chunk_.checked[i].notes) append_reason(json, e);
  json.end_array();
  return out;
}

// The cells as handed in; fields that are never stored come back blank.
std::string chunk_plan::cells_json(std::size_t i) const {
  const auto cells = chunk_.block.cells_of(chunk_.block.rows[i]);
  const auto& fields = hand_in_.headings.field_of_column;
  std::string out;
  text::json_writer json(out);
  json.begin_array();
  for (std::size_t k = 0; k < cells.size(); ++k) {
    const int f = k < fields.size() ? fields[k] : -1;
    const bool dropped = f >= 0 && (hand_in_.dataset->fields[static_cast<std::size_t>(f)].type ==
                                        catalogue::field_type::discard ||
                                    hand_in_.dataset->fields[static_cast<std::size_t>(f)].type ==
                                        catalogue::field_type::person_number);
    json.string(dropped ? std::string_view() : cells[k].text);
  }
  json.end_array();
  return out;
}

result<void> chunk_plan::store_rows(pg::connection& c) {
  pg::copy_buffer rows("batch_row",
                       "batch_id, row_number, fate, record_subject, record_id, version");
  pg::copy_buffer notes("batch_row_note", "batch_id, row_number, reasons, cells, content");
  for (std::size_t i = 0; i < chunk_.size; ++i) {
    const auto number = static_cast<std::int64_t>(chunk_.block.rows[i].number);
    const row_outcome& o = fates_[i];
    rows.row(6);
    rows.int8(hand_in_.batch.value);
    rows.int8(number);
    rows.int2(static_cast<std::int16_t>(o.what));
    put_optional(rows, o.subject.value);
    put_optional(rows, o.record.value);
    o.version == 0 ? rows.null() : rows.int4(o.version);

    const catalogue::checked_row& row = chunk_.checked[i];
    const bool held = o.what == fate::refused || o.what == fate::pending;
    if (!held && row.notes.empty()) continue;
    notes.row(5);
    notes.int8(hand_in_.batch.value);
    notes.int8(number);
    notes.jsonb(reasons_json(i));
    const bool kept = !row.personal && !purged_rows_.contains(i);
    held&& kept ? notes.jsonb(cells_json(i)) : notes.null();
    o.what == fate::pending&& kept ? notes.jsonb(chunk_.prepared[i].content) : notes.null();
  }
  LIXIN_CHECK(rows.send(c));
  return notes.send(c);
}

// The row was pending: what remains of its note is what an accepted row has.
result<void> chunk_plan::store_decided_row(pg::connection& c) {
  const row_outcome& o = fates_[0];
  const auto row = [&] {
    pg::params p;
    p.add(hand_in_.batch.value).add(static_cast<std::int64_t>(chunk_.block.rows[0].number));
    return p;
  };
  LIXIN_CHECK(c.exec(
      "UPDATE batch_row SET fate = $3::smallint, record_subject = $4::bigint, record_id = "
      "$5::bigint, version = $6::integer WHERE batch_id = $1::bigint AND row_number = "
      "$2::bigint",
      row().add(static_cast<int>(o.what)).add(o.subject.value).add(o.record.value).add(o.version)));
  if (chunk_.checked[0].notes.empty()) {
    LIXIN_CHECK(
        c.exec("DELETE FROM batch_row_note WHERE batch_id = $1::bigint AND row_number = $2::bigint",
               row()));
    return {};
  }
  LIXIN_CHECK(
      c.exec("UPDATE batch_row_note SET reasons = $3::jsonb, cells = NULL, content = NULL WHERE "
             "batch_id = $1::bigint AND row_number = $2::bigint",
             row().add(reasons_json(0))));
  return {};
}

result<void> chunk_plan::store_replaced(pg::connection& c, position first) {
  version_copies copies;
  for (const replaced_record& r : replaced_) {
    copies.add(r.subject, r.record, r.version + 1, r.subject, r.version,
               policy::record_change::withdrawn, first.value + r.position_offset);
  }
  return append(c, copies);
}

result<void> chunk_plan::store_versions(pg::connection& c, position first) {
  pg::copy_buffer out(
      "record_version",
      "subject_id, record_id, version, position, change, batch_id, row_number, "
      "pack_version_id, handed_in_on, decided_on, valid_from, valid_to, "
      "publicity_class, class_source, is_late, name_differs, content_digest, content");
  for (const planned_version& v : versions_) {
    const catalogue::checked_row& row = chunk_.checked[v.row];
    const prepared_row& p = chunk_.prepared[v.row];
    out.row(18);
    out.int8(v.subject.value);
    out.int8(v.record.value);
    out.int4(v.version);
    out.int8(first.value + v.position_offset);
    out.int2(static_cast<std::int16_t>(v.change));
    out.int8(hand_in_.batch.value);
    out.int8(static_cast<std::int64_t>(chunk_.block.rows[v.row].number));
    out.int4(hand_in_.pack_version.value);
    out.day(hand_in_.handed_in_on);
    out.day(row.decided_on);
    out.day(row.valid_from);
    out.day(row.valid_to);
    out.int2(static_cast<std::int16_t>(p.decision.publicity));
    out.int2(static_cast<std::int16_t>(p.decision.from));
    out.boolean(p.late);
    out.boolean(v.name_differs);
    out.bytes(crypto::bytes(p.digest));
    out.jsonb(p.content);
  }
  return out.send(c);
}

result<void> chunk_plan::store_subjects(pg::connection& c, position first) {
  if (registered_.empty() && changed_subjects_.empty()) return {};
  pg::copy_buffer subjects("subject", "subject_id, kind, registered_at, credit_code, name");
  for (const new_subject& s : registered_) {
    const registry::subject* known = subjects_.find(s.id);
    subjects.row(5);
    subjects.int8(s.id.value);
    subjects.int2(static_cast<std::int16_t>(s.kind));
    subjects.int8(first.value + s.position_offset);
    subjects.text(known->credit_code);
    subjects.text(known->name);
    changed_subjects_.erase(s.id);  // written whole here
  }
  LIXIN_CHECK(subjects.send(c));

  pg::copy_buffer claims("identifier", "subject_id, kind, value, position");
  pg::copy_buffer keys("identifier_key", "kind, value, subject_id");
  for (const new_claim& x : claims_) {
    claims.row(4);
    claims.int8(x.id.value);
    claims.int2(static_cast<std::int16_t>(x.what.kind));
    claims.text(x.what.value);
    claims.int8(first.value + x.position_offset);
    keys.row(3);
    keys.int2(static_cast<std::int16_t>(x.what.kind));
    keys.text(x.what.value);
    keys.int8(x.id.value);
  }
  LIXIN_CHECK(claims.send(c));
  LIXIN_CHECK(keys.send(c));

  pg::copy_buffer names("subject_name", "subject_id, position, name, valid_from");
  for (const new_name& x : names_) {
    names.row(4);
    names.int8(x.id.value);
    names.int8(first.value + x.position_offset);
    names.text(x.name);
    names.day(x.valid_from);
  }
  LIXIN_CHECK(names.send(c));

  std::vector<std::int64_t> ids;
  std::vector<std::string> codes;
  std::vector<std::string> current;
  for (const subject_id id : changed_subjects_) {
    const registry::subject* s = subjects_.find(id);
    ids.push_back(id.value);
    codes.push_back(s->credit_code);
    current.push_back(s->name);
  }
  if (ids.empty()) return {};
  LIXIN_CHECK(
      c.exec("UPDATE subject s SET credit_code = w.credit_code, name = w.name FROM "
             "unnest($1::bigint[], $2::text[], $3::text[]) AS w(subject_id, credit_code, name) "
             "WHERE s.subject_id = w.subject_id",
             pg::params().add(ids).add(codes).add(current)));
  return {};
}

}  // namespace lixin::archive
