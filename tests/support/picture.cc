#include "support/picture.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace lixin::testing_support {
namespace {

constexpr std::size_t lines_shown = 5;

constexpr std::string_view names =
    R"(WITH s AS (SELECT subject_id, string_agg(kind || ':' || value, ' ' ORDER BY kind, value) AS
      key FROM identifier_key GROUP BY 1), b AS (SELECT batch_id, row_number() OVER (ORDER BY
      batch_id) AS nth FROM batch), r AS (SELECT x.subject_id, x.record_id, concat_ws(' ', d.code,
      a.code, x.document, x.party_ordinal, s.key) AS key FROM record x JOIN s USING (subject_id)
      JOIN dataset d USING (dataset_id) JOIN authority a USING (authority_id)) )";

struct part {
  const char* name;
  const char* sql;  // one column of text
};

constexpr part parts[] = {
    {"subjects",
     R"(SELECT ROW(s.key, x.kind, x.registered_at, x.credit_code, x.name)::text FROM subject x JOIN
      s USING (subject_id))"},
    {"names",
     R"(SELECT ROW(s.key, x.position, x.name, x.valid_from)::text FROM subject_name x JOIN s USING
      (subject_id))"},
    {"identifiers",
     R"(SELECT ROW(s.key, x.kind, x.value, x.position, x.valid_from, x.valid_to, x.released)::text
      FROM identifier x JOIN s USING (subject_id))"},
    {"records",
     R"(SELECT ROW(r.key, s.key, x.document, x.party_ordinal)::text FROM record x JOIN s USING
      (subject_id) JOIN r USING (subject_id, record_id))"},
    {"keys",
     R"(SELECT ROW(d.code, a.code, k.document_key, k.party_ordinal, r.key)::text FROM record_key k
      JOIN dataset d USING (dataset_id) JOIN authority a USING (authority_id) JOIN r USING
      (subject_id, record_id))"},
    {"versions",
     R"(SELECT ROW(r.key, s.key, v.version, v.position, v.change, b.nth, v.row_number,
      v.handed_in_on, v.decided_on, v.valid_from, v.valid_to, v.publicity_class, v.class_source,
      v.is_late, v.name_differs, v.content_digest, v.content, p.pack, p.version)::text FROM
      record_version v JOIN s USING (subject_id) JOIN r USING (subject_id, record_id) JOIN b USING
      (batch_id) JOIN pack_version p USING (pack_version_id))"},
    {"batches",
     R"(SELECT ROW(b.nth, d.code, a.code, x.file_name, x.file_digest, x.file_bytes, x.file_options,
      x.actor, x.started_at, x.handed_in_on, x.finished_at, x.withdrawn_at, x.withdrawn_by,
      x.withdrawn_why, x.state, x.headings, x.last_row, x.rows_read, x.accepted, x.unchanged,
      x.corrected, x.pending, x.sealed, x.refused, x.late)::text FROM batch x JOIN b USING
      (batch_id) JOIN dataset d USING (dataset_id) JOIN authority a USING (authority_id))"},
    {"fates",
     R"(SELECT ROW(b.nth, x.row_number, x.fate, s.key, r.key, x.version, n.reasons, n.cells,
      n.content)::text FROM batch_row x JOIN b USING (batch_id) LEFT JOIN s ON s.subject_id =
      x.record_subject LEFT JOIN r ON r.subject_id = x.record_subject AND r.record_id =
      x.record_id LEFT JOIN batch_row_note n ON n.batch_id = x.batch_id AND n.row_number =
      x.row_number)"},
    {"sealed",
     R"(SELECT ROW(b.nth, x.row_number, x.version, x.key_digest, x.person_digest, x.content_digest,
      x.withdrawn_at, length(x.ciphertext))::text FROM sealed_record x JOIN b USING (batch_id))"},
    {"journal",
     R"(SELECT ROW(j.position, j.kind, s.key, r.key, j.version, d.code, b.nth, j.public_until,
      j.effective_until, j.purge_at)::text FROM journal j LEFT JOIN s USING (subject_id) LEFT JOIN
      r ON r.subject_id = j.subject_id AND r.record_id = j.record_id LEFT JOIN b ON b.batch_id =
      j.batch_id LEFT JOIN dataset d ON d.dataset_id = j.dataset_id)"},
    {"head", R"(SELECT position::text FROM journal_head)"},
    {"counts",
     R"(SELECT ROW((SELECT count(*) FROM subject), (SELECT count(*) FROM record), (SELECT count(*)
      FROM record_key), (SELECT count(*) FROM record_version), (SELECT count(*) FROM
      record_event), (SELECT count(*) FROM batch_row_note), (SELECT count(*) FROM
      sealed_record))::text)"},
};

struct promise {
  const char* name;
  const char* sql;  // what breaks it, as one column of text
};

constexpr promise promises[] = {
    {"positions are dense up to the head",
     R"(SELECT ROW(count(*), min(position), max(position), (SELECT position FROM
      journal_head))::text FROM journal HAVING count(*) <> max(position) OR min(position) <> 1 OR
      max(position) <> (SELECT position FROM journal_head))"},
    {"versions of a record are 1, 2, 3 over all its places",
     R"(SELECT ROW(record_id, count(*), max(version))::text FROM record_version WHERE change <> 5
      GROUP BY record_id HAVING count(*) <> max(version) OR min(version) <> 1)"},
    {"what was moved arrived",
     R"(SELECT ROW(v.subject_id, v.record_id, v.version)::text FROM record_version v LEFT JOIN
      record_version a ON a.subject_id = v.moved_subject AND a.record_id = v.record_id AND
      a.version = v.version AND a.change = 6 AND a.moved_subject = v.subject_id WHERE v.change = 5
      AND a.version IS NULL)"},
    {"no two versions at one position",
     R"(SELECT position::text FROM record_version GROUP BY position HAVING count(*) > 1)"},
    {"each version is in the journal",
     R"(SELECT ROW(v.subject_id, v.record_id, v.version)::text FROM record_version v LEFT JOIN
      journal j ON j.position = v.position AND j.record_id = v.record_id AND j.version = v.version
      WHERE j.position IS NULL)"},
    {"each batch is at an end",
     R"(SELECT ROW(batch_id, state)::text FROM batch WHERE state NOT IN (2, 4))"},
    {"each row has one fate, and the batch counts them",
     R"(SELECT ROW(b.batch_id, b.rows_read, count(r.row_number))::text FROM batch b LEFT JOIN
      batch_row r USING (batch_id) GROUP BY b.batch_id HAVING b.rows_read <> count(r.row_number)
      OR b.accepted <> count(*) FILTER (WHERE r.fate = 1) OR b.unchanged <> count(*) FILTER (WHERE
      r.fate = 2) OR b.corrected <> count(*) FILTER (WHERE r.fate = 3) OR b.pending <> count(*)
      FILTER (WHERE r.fate = 4) OR b.sealed <> count(*) FILTER (WHERE r.fate = 5) OR b.refused <>
      count(*) FILTER (WHERE r.fate = 6))"},
    {"keys name what is there",
     R"(SELECT ROW(k.dataset_id, k.document_key)::text FROM record_key k LEFT JOIN record r USING
      (subject_id, record_id) WHERE r.record_id IS NULL UNION ALL SELECT ROW(k.kind,
      k.value)::text FROM identifier_key k LEFT JOIN identifier i USING (subject_id, kind, value)
      WHERE i.value IS NULL)"},
    {"each record has a version, and one that stands and was not purged has a key",
     R"(SELECT ROW(r.subject_id, r.record_id, v.change)::text FROM record r LEFT JOIN LATERAL
      (SELECT change FROM record_version v WHERE v.subject_id = r.subject_id AND v.record_id =
      r.record_id ORDER BY version DESC LIMIT 1) v ON true WHERE v.change IS NULL OR v.change NOT
      IN (4, 5) AND NOT EXISTS (SELECT 1 FROM record_key k WHERE k.record_id = r.record_id AND
      k.subject_id = r.subject_id) AND NOT EXISTS (SELECT 1 FROM purged_record p WHERE p.record_id
      = r.record_id AND p.subject_id = r.subject_id))"},
};

std::vector<std::string> lines_of(pg::connection& c, const std::string& sql) {
  std::vector<std::string> out;
  const auto r = c.exec(sql);
  EXPECT_TRUE(r.ok()) << sql << "\n" << (r.ok() ? "" : r.error().text(language::en));
  for (int i = 0; r.ok() && i < r->size(); ++i) out.emplace_back(r->text(i, 0));
  std::ranges::sort(out);
  return out;
}

void append_first(std::string& out, const char* what, const std::vector<std::string>& a,
                  const std::vector<std::string>& b) {
  std::vector<std::string> only;
  std::ranges::set_difference(a, b, std::back_inserter(only));
  if (only.empty()) return;
  out += fmt::format("  {} {}:\n", only.size(), what);
  only.resize(std::min(only.size(), lines_shown));
  for (const std::string& line : only) out += "    " + line.substr(0, 600) + "\n";
}

}  // namespace

picture picture_of(pg::connection& c) {
  picture out;
  for (const part& p : parts) out[p.name] = lines_of(c, std::string(names) + p.sql);
  return out;
}

std::string differences(const picture& expected, const picture& found) {
  std::string out;
  for (const auto& [name, lines] : expected) {
    const auto& other = found.at(name);
    if (lines == other) continue;
    out += fmt::format("{}: {} lines expected, {} found\n", name, lines.size(), other.size());
    append_first(out, "missing", lines, other);
    append_first(out, "invented", other, lines);
  }
  return out;
}

std::string broken_promises(pg::connection& c) {
  std::string out;
  for (const promise& p : promises) {
    for (const std::string& line : lines_of(c, p.sql)) {
      out += fmt::format("not so that {}: {}\n", p.name, line);
    }
  }
  return out;
}

}  // namespace lixin::testing_support
