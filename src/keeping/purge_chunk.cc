#include "keeping/purge_chunk.h"

#include <fmt/format.h>

#include <map>

#include "archive/places.h"
#include "archive/terms.h"
#include "crypto/crypto.h"
#include "journal/audit.h"
#include "journal/journal.h"
#include "text/fold.h"

namespace lixin::keeping {
namespace {

using archive::import_context;
using archive::record_name;

struct doomed {
  record_name name;
  std::string document_key;
  std::int32_t party = 1;
  crypto::digest document_digest{};
  date due_on;
};

struct name_arrays {
  std::vector<std::int64_t> subjects, records;
  void add(const record_name& n) {
    subjects.push_back(n.subject.value);
    records.push_back(n.record.value);
  }
};

result<void> lock_source(pg::connection& c, const source& from) {
  LIXIN_CHECK(c.exec("SELECT pg_advisory_xact_lock($1::integer, $2::integer)",
                     pg::params().add(from.dataset.value).add(from.authority.value)));
  return {};
}

// What of the targets stands here with content, with its document.
result<std::vector<doomed>> standing(const import_context& x, const source& from,
                                     const std::vector<record_name>& targets) {
  name_arrays names;
  for (const record_name& n : targets) names.add(n);
  LIXIN_TRY(
      const auto r,
      x.connection.exec(
          "SELECT DISTINCT r.subject_id, r.record_id, r.party_ordinal, r.document FROM record r "
          "JOIN unnest($1::bigint[], $2::bigint[]) AS w(subject_id, record_id) USING (subject_id, "
          "record_id) WHERE r.dataset_id = $3::integer AND r.authority_id = $4::integer AND NOT "
          "EXISTS (SELECT 1 FROM purged_record p WHERE p.subject_id = r.subject_id AND "
          "p.record_id = r.record_id) ORDER BY r.subject_id, r.record_id",
          pg::params()
              .add(names.subjects)
              .add(names.records)
              .add(from.dataset.value)
              .add(from.authority.value)));
  std::vector<doomed> out;
  for (int i = 0; i < r.size(); ++i) {
    doomed d;
    d.name = {subject_id(r.int64(i, 0)), record_id(r.int64(i, 1))};
    d.party = static_cast<std::int32_t>(r.int64(i, 2));
    d.document_key = text::fold_document(r.text(i, 3));
    d.document_digest =
        x.persons.document_digest(from.dataset, from.authority, d.document_key, d.party);
    out.push_back(std::move(d));
  }
  return out;
}

// Keeps those whose retention has ended by the rules in force today. A record that went from
// subject to subject is judged where it stands, and goes at all its places together.
result<void> keep_due(const import_context& x, std::vector<doomed>& all) {
  std::vector<record_name> names;
  for (const doomed& d : all) names.push_back(d.name);
  LIXIN_TRY(const auto head, journal::read_head(x.connection));
  LIXIN_TRY(const auto views, archive::newest_of(x.connection, x.packs, names));
  const date today = x.now.today();
  std::map<record_id, std::optional<date>> due;  // none: it is not
  for (const archive::record_view& v : views) {
    if (v.facts.change == policy::record_change::moved) continue;
    const auto at = archive::ends_of(x.packs, v, today, head.last).purge_at;
    const bool is_due = at && *at <= today;
    const auto [there, added] = due.try_emplace(v.record, is_due ? at : std::nullopt);
    if (!added && !is_due) there->second.reset();
  }
  std::erase_if(all, [&](doomed& d) {
    const auto found = due.find(d.name.record);
    if (found == due.end() || !found->second) return true;
    d.due_on = *found->second;
    return false;
  });
  return {};
}

// Keeps those that the ledger means: the number, at whatever place, and the document.
void keep_named(const std::vector<record_target>& targets, std::vector<doomed>& all) {
  std::map<record_id, const record_target*> wanted;
  for (const record_target& t : targets) wanted[t.name.record] = &t;
  std::erase_if(all, [&](doomed& d) {
    const record_target& t = *wanted.at(d.name.record);
    d.due_on = t.due_on;
    return t.expected_digest != crypto::bytes(d.document_digest);
  });
}

// The digests that take the place of those of the contents: under a key for each record, the same
// at all its places, that is gone when this returns.
result<void> empty_versions(pg::connection& c, const name_arrays& names) {
  LIXIN_TRY(const auto r,
            c.exec("SELECT v.subject_id, v.record_id, v.version, v.content_digest, v.batch_id, "
                   "v.row_number FROM record_version v JOIN unnest($1::bigint[], $2::bigint[]) AS "
                   "w(subject_id, record_id) USING (subject_id, record_id) ORDER BY v.record_id, "
                   "v.subject_id, v.version",
                   pg::params().add(names.subjects).add(names.records)));
  std::vector<std::int64_t> subjects, records, versions, batches, rows;
  std::vector<std::string> digests;
  std::string key;
  for (int i = 0; i < r.size(); ++i) {
    const bool first = records.empty() || records.back() != r.int64(i, 1);
    if (first) {
      crypto::wipe(key);
      key = crypto::random_bytes(32);
    }
    subjects.push_back(r.int64(i, 0));
    records.push_back(r.int64(i, 1));
    versions.push_back(r.int64(i, 2));
    digests.push_back(bytea_text(crypto::bytes(crypto::hmac_sm3(key, r.bytes(i, 3)))));
    batches.push_back(r.int64(i, 4));
    rows.push_back(r.int64(i, 5));
  }
  crypto::wipe(key);
  LIXIN_CHECK(
      c.exec("UPDATE record_version v SET content = NULL, content_digest = w.digest FROM "
             "unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[]) AS w(subject_id, "
             "record_id, version, digest) WHERE v.subject_id = w.subject_id AND v.record_id = "
             "w.record_id AND v.version = w.version",
             pg::params().add(subjects).add(records).add(versions).add(digests)));
  LIXIN_CHECK(
      c.exec("UPDATE batch_row_note n SET cells = NULL, content = NULL, reasons = (SELECT "
             "coalesce(jsonb_agg(jsonb_build_object('code', x -> 'code', 'column', x -> 'column', "
             "'zh', '内容保存期满，已清除。', 'en', 'Content ended.')), '[]') FROM "
             "jsonb_array_elements(n.reasons) AS x) FROM (SELECT DISTINCT batch_id, row_number "
             "FROM unnest($1::bigint[], $2::bigint[]) AS u(batch_id, row_number)) w WHERE "
             "n.batch_id = w.batch_id AND n.row_number = w.row_number",
             pg::params().add(batches).add(rows)));
  LIXIN_CHECK(
      c.exec("UPDATE pending_decision d SET fact = '', reason = '', content_digest = NULL FROM "
             "unnest($1::bigint[], $2::bigint[]) AS w(batch_id, row_number) WHERE d.batch_id = "
             "w.batch_id AND d.row_number = w.row_number",
             pg::params().add(batches).add(rows)));
  return {};
}

// What else says something of the record: its document, and who wrote what about it.
result<void> empty_names(pg::connection& c, const source& from, const std::vector<doomed>& all,
                         const name_arrays& names) {
  std::vector<std::string> keys, digests;
  std::vector<std::int64_t> parties;
  for (const doomed& d : all) {
    keys.push_back(d.document_key);
    parties.push_back(d.party);
    digests.push_back(bytea_text(crypto::bytes(d.document_digest)));
  }
  LIXIN_CHECK(
      c.exec("UPDATE record r SET document = '' FROM unnest($1::bigint[], $2::bigint[]) AS "
             "w(subject_id, record_id) WHERE r.subject_id = w.subject_id AND r.record_id = "
             "w.record_id",
             pg::params().add(names.subjects).add(names.records)));
  LIXIN_CHECK(
      c.exec("UPDATE record_event e SET document = '', reason = '' FROM unnest($1::bigint[], "
             "$2::bigint[]) AS w(subject_id, record_id) WHERE e.subject_id = w.subject_id AND "
             "e.record_id = w.record_id",
             pg::params().add(names.subjects).add(names.records)));
  LIXIN_CHECK(
      c.exec("UPDATE record_move m SET document = '', reason = '' FROM "
             "unnest($1::bigint[], $2::bigint[]) AS w(subject_id, record_id) WHERE "
             "m.subject_id = w.subject_id AND m.record_id = w.record_id",
             pg::params().add(names.subjects).add(names.records)));
  // A key that names another record by now (the document was handed in again for someone else)
  // stays.
  LIXIN_CHECK(
      c.exec("DELETE FROM record_key k USING unnest($3::bigint[], $4::bigint[], $5::text[], "
             "$6::bigint[]) AS w(subject_id, record_id, document_key, party) WHERE k.dataset_id = "
             "$1::integer AND k.authority_id = $2::integer AND k.document_key = w.document_key "
             "AND k.party_ordinal = w.party::integer AND k.subject_id = w.subject_id AND "
             "k.record_id = w.record_id",
             pg::params()
                 .add(from.dataset.value)
                 .add(from.authority.value)
                 .add(names.subjects)
                 .add(names.records)
                 .add(keys)
                 .add(parties)));
  LIXIN_CHECK(
      c.exec("INSERT INTO purged_document (dataset_id, authority_id, document_digest) "
             "SELECT $1::integer, $2::integer, w.digest FROM unnest($3::bytea[]) AS "
             "w(digest) ON CONFLICT DO NOTHING",
             pg::params().add(from.dataset.value).add(from.authority.value).add(digests)));
  return {};
}

result<void> know_ledger(pg::connection& c, const ledger& book) {
  LIXIN_CHECK(
      c.exec("UPDATE purge_state SET ledger_lines = $1::bigint WHERE ledger_lines < "
             "$1::bigint",
             pg::params().add(book.lines())));
  return {};
}

std::string again(const purge_run& run) {
  return run.book == nullptr ? ", again by the ledger" : "";
}

result<void> tell(const purge_run& run, const source& from, const std::vector<doomed>& all,
                  const name_arrays& names) {
  const import_context& x = run.context;
  const auto now = x.now.now();
  LIXIN_TRY(const auto at,
            journal::reserve(x.connection, static_cast<std::int64_t>(all.size()), now));
  std::vector<std::int64_t> positions;
  std::vector<std::string> due;
  std::vector<journal::change> changes;
  for (const doomed& d : all) {
    positions.push_back(at.first.value + static_cast<std::int64_t>(changes.size()));
    due.push_back(to_string(d.due_on));
    changes.push_back({.kind = journal::kind::record_purged,
                       .subject = d.name.subject,
                       .record = d.name.record,
                       .dataset = from.dataset,
                       .purge_at = d.due_on});
  }
  LIXIN_CHECK(x.connection.exec(
      "INSERT INTO purged_record (subject_id, record_id, position, purged_at, due_on) SELECT "
      "w.subject_id, w.record_id, w.position, $5::timestamptz, w.due::date FROM "
      "unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[]) AS w(subject_id, record_id, "
      "position, due)",
      pg::params()
          .add(names.subjects)
          .add(names.records)
          .add(positions)
          .add(due)
          .add(journal::to_string(now))));
  return journal::write(x.connection, at, changes,
                        {journal::action::record_purged, run.actor,
                         fmt::format("{} records{}", all.size(), again(run))});
}

}  // namespace

std::string bytea_text(std::string_view bytes) {
  return "\\x" +
         crypto::to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

result<std::int64_t> purge_records(const purge_run& run, const source& from,
                                   const std::vector<record_target>& targets) {
  const import_context& x = run.context;
  ledger* const book = run.book;
  pg::connection& c = x.connection;
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_CHECK(lock_source(c, from));
  std::vector<record_name> places;
  for (const record_target& t : targets) places.push_back(t.name);
  LIXIN_TRY(const auto others, archive::other_places(c, places));
  places.insert(places.end(), others.begin(), others.end());
  LIXIN_TRY(auto all, standing(x, from, places));
  if (book != nullptr) {
    LIXIN_CHECK(keep_due(x, all));
  } else {
    keep_named(targets, all);
  }
  if (all.empty()) return std::int64_t{0};
  name_arrays names;
  for (const doomed& d : all) names.add(d.name);
  LIXIN_CHECK(empty_versions(c, names));
  LIXIN_CHECK(empty_names(c, from, all, names));
  if (book != nullptr) {
    std::vector<ledger_line> lines;
    for (const doomed& d : all) {
      lines.push_back({false, d.name.subject.value, d.name.record.value, from.dataset,
                       from.authority, std::string(crypto::bytes(d.document_digest)), d.due_on,
                       x.now.today()});
    }
    LIXIN_CHECK(book->append(lines));
    LIXIN_CHECK(know_ledger(c, *book));
  }
  LIXIN_CHECK(tell(run, from, all, names));
  LIXIN_CHECK(tx.commit());
  return static_cast<std::int64_t>(all.size());
}

result<std::int64_t> purge_sealed(const purge_run& run, const source& from,
                                  const std::vector<sealed_target>& targets) {
  const import_context& x = run.context;
  ledger* const book = run.book;
  pg::connection& c = x.connection;
  std::vector<std::int64_t> numbers;
  std::vector<std::string> digests;
  std::vector<ledger_line> lines;
  for (const sealed_target& t : targets) {
    numbers.push_back(t.sealed_id);
    digests.push_back(bytea_text(t.document_digest));
    lines.push_back({true, t.sealed_id, 0, from.dataset, from.authority, t.document_digest,
                     t.due_on, x.now.today()});
  }
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_CHECK(lock_source(c, from));
  LIXIN_TRY(const auto gone,
            c.exec("DELETE FROM sealed_record WHERE sealed_id = ANY ($1::bigint[]) AND dataset_id "
                   "= $2::integer AND authority_id = $3::integer",
                   pg::params().add(numbers).add(from.dataset.value).add(from.authority.value)));
  LIXIN_CHECK(
      c.exec("INSERT INTO purged_document (dataset_id, authority_id, document_digest) "
             "SELECT DISTINCT $1::integer, $2::integer, w.digest FROM unnest($3::bytea[]) "
             "AS w(digest) ON CONFLICT DO NOTHING",
             pg::params().add(from.dataset.value).add(from.authority.value).add(digests)));
  if (book != nullptr) {
    LIXIN_CHECK(book->append(lines));
    LIXIN_CHECK(know_ledger(c, *book));
  }
  if (gone.affected() > 0) {
    LIXIN_CHECK(
        journal::append_act(c,
                            {journal::action::database_changed, run.actor,
                             fmt::format("{} sealed rows purged{}", gone.affected(), again(run))},
                            x.now.now()));
  }
  LIXIN_CHECK(tx.commit());
  return gone.affected();
}

}  // namespace lixin::keeping
