#include "keeping/staging.h"

#include <charconv>

#include "crypto/crypto.h"
#include "journal/journal.h"
#include "text/fold.h"
#include "text/json.h"

namespace lixin::keeping {
namespace {

using archive::import_context;
using catalogue::field_role;

constexpr int batches_at_once = 100;

std::string value_with(const catalogue::dataset& d, const text::string_map& content,
                       field_role role) {
  const int f = d.field_with(role);
  if (f < 0) return {};
  for (const auto& [code, value] : content) {
    if (code == d.fields[static_cast<std::size_t>(f)].code) return value;
  }
  return {};
}

// A dataset in force now, or as a pack that is no longer in force has it.
const catalogue::dataset* dataset_named(const import_context& x, const std::string& code,
                                        position known_at) {
  if (const auto* d = x.packs.at(x.now.today(), known_at)->find_dataset(code)) return d;
  for (const catalogue::pack_entry& e : x.packs.entries()) {
    if (const auto* d = x.packs.by_id(e.id)->dataset_named(code)) return d;
  }
  return nullptr;
}

struct opened {
  std::optional<date> purge_at;
  std::string document_key;
  std::int32_t party = 1;
};

result<opened> open_row(const import_context& x, const std::string& dataset, position known_at,
                        std::string_view ciphertext, std::string_view key_digest) {
  crypto::digest key{};
  std::copy_n(key_digest.begin(), std::min(key_digest.size(), key.size()), key.begin());
  LIXIN_TRY(vault::opened_row row, x.persons.open(ciphertext, key));
  crypto::wipe(row.person);
  auto content = text::parse_string_map(row.content);
  crypto::wipe(row.content);
  if (!content.ok()) return std::move(content).error();
  opened out;
  out.document_key = row.document_key;
  out.party = row.party_ordinal;
  if (const auto* d = dataset_named(x, dataset, known_at)) {
    out.purge_at = policy::purge_date(archive::facts_of_content(*d, *content), *d);
    if (!row.whole) {  // an older text, which holds the content only
      out.document_key = text::fold_document(value_with(*d, *content, field_role::document));
      const std::string party = value_with(*d, *content, field_role::party_ordinal);
      std::from_chars(party.data(), party.data() + party.size(), out.party);
    }
  }
  for (auto& [code, value] : *content) crypto::wipe(value);
  return out;
}

}  // namespace

result<std::int64_t> date_sealed(const import_context& x, position known_at, int limit,
                                 std::int64_t& unreadable) {
  LIXIN_TRY(const auto r,
            x.connection.exec("SELECT s.key_digest, s.version, s.ciphertext, d.code FROM "
                              "sealed_record s JOIN dataset d USING (dataset_id) WHERE s.purge_at "
                              "IS NULL LIMIT $1::integer",
                              pg::params().add(limit)));
  if (r.empty()) return std::int64_t{0};
  std::vector<std::string> keys, days;
  std::vector<std::int64_t> versions;
  for (int i = 0; i < r.size(); ++i) {
    const auto row = open_row(x, std::string(r.text(i, 3)), known_at, r.bytes(i, 2), r.bytes(i, 0));
    if (!row.ok()) ++unreadable;
    keys.push_back(bytea_text(r.bytes(i, 0)));
    versions.push_back(r.int64(i, 1));
    days.push_back(row.ok() && row->purge_at ? to_string(*row->purge_at) : "infinity");
  }
  LIXIN_CHECK(x.connection.exec(
      "UPDATE sealed_record s SET purge_at = w.day::date FROM unnest($1::bytea[], $2::bigint[], "
      "$3::text[]) AS w(key_digest, version, day) WHERE s.key_digest = w.key_digest AND s.version "
      "= w.version",
      pg::params().add(keys).add(versions).add(days)));
  return static_cast<std::int64_t>(r.size());
}

result<std::map<source, std::vector<sealed_target>>> due_sealed(const import_context& x,
                                                                position known_at, int limit) {
  std::map<source, std::vector<sealed_target>> out;
  LIXIN_TRY(
      const auto r,
      x.connection.exec(
          "SELECT s.sealed_id, s.key_digest, s.dataset_id, s.authority_id, s.ciphertext, d.code, "
          "s.purge_at FROM (SELECT DISTINCT key_digest FROM sealed_record k WHERE k.purge_at <= "
          "$1::date AND NOT EXISTS (SELECT 1 FROM sealed_record o WHERE o.key_digest = "
          "k.key_digest AND (o.purge_at IS NULL OR o.purge_at > $1::date)) LIMIT $2::integer) w "
          "JOIN sealed_record s USING (key_digest) JOIN dataset d USING (dataset_id)",
          pg::params().add(x.now.today()).add(limit)));
  for (int i = 0; i < r.size(); ++i) {
    const source from{dataset_id(static_cast<std::int32_t>(r.int64(i, 2))),
                      authority_id(static_cast<std::int32_t>(r.int64(i, 3)))};
    LIXIN_TRY(const auto row,
              open_row(x, std::string(r.text(i, 5)), known_at, r.bytes(i, 4), r.bytes(i, 1)));
    const auto digest =
        x.persons.document_digest(from.dataset, from.authority, row.document_key, row.party);
    out[from].push_back(
        {r.int64(i, 0), r.bytes(i, 1), std::string(crypto::bytes(digest)), r.day(i, 6)});
  }
  return out;
}

result<std::int64_t> count_due_sealed(const import_context& x) {
  LIXIN_TRY(const auto r,
            x.connection.exec("SELECT count(*) FROM sealed_record WHERE purge_at <= $1::date",
                              pg::params().add(x.now.today())));
  return r.int64(0, 0);
}

result<std::int64_t> empty_staging(const import_context& x, int days, bool dry_run) {
  const date before = x.now.today() - days;
  if (dry_run) {
    LIXIN_TRY(const auto r,
              x.connection.exec("SELECT count(*) FROM batch b JOIN batch_row_note n USING "
                                "(batch_id) WHERE b.handed_in_on < $1::date AND "
                                "b.staging_ended_at IS NULL AND n.cells IS NOT NULL",
                                pg::params().add(before)));
    return r.int64(0, 0);
  }
  std::int64_t done = 0;
  std::int64_t after = 0;
  while (true) {
    LIXIN_TRY(const auto batches,
              x.connection.exec("SELECT batch_id FROM batch WHERE batch_id > $1::bigint AND "
                                "handed_in_on < $2::date AND staging_ended_at IS NULL ORDER BY "
                                "batch_id LIMIT $3::integer",
                                pg::params().add(after).add(before).add(batches_at_once)));
    for (int i = 0; i < batches.size(); ++i) {
      after = batches.int64(i, 0);
      LIXIN_TRY(auto tx, pg::transaction::begin(x.connection));
      LIXIN_TRY(
          const auto emptied,
          x.connection.exec(
              "UPDATE batch_row_note n SET cells = NULL, content = NULL, reasons = (SELECT "
              "coalesce(jsonb_agg(jsonb_build_object('code', e -> 'code', 'column', e -> "
              "'column', 'zh', '内容保存期满，已清除。', 'en', 'Content ended.')), '[]') FROM "
              "jsonb_array_elements(n.reasons) AS e) WHERE n.batch_id = $1::bigint AND (n.cells "
              "IS NOT NULL OR n.content IS NOT NULL)",
              pg::params().add(after)));
      LIXIN_CHECK(
          x.connection.exec("UPDATE pending_decision SET fact = '', reason = '', "
                            "content_digest = NULL WHERE batch_id = $1::bigint",
                            pg::params().add(after)));
      // One that was not finished may still go on and keep more.
      LIXIN_CHECK(
          x.connection.exec("UPDATE batch SET staging_ended_at = $2::timestamptz WHERE "
                            "batch_id = $1::bigint AND state IN (2, 4)",
                            pg::params().add(after).add(journal::to_string(x.now.now()))));
      LIXIN_CHECK(tx.commit());
      done += emptied.affected();
    }
    if (batches.size() < batches_at_once) return done;
  }
}

}  // namespace lixin::keeping
