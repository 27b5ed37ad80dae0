// Sealed rows into the table, in sets: one question for what is there, one COPY for what is new.
#include <map>

#include "crypto/crypto.h"
#include "pg/pg.h"
#include "vault/errc.h"
#include "vault/vault.h"

namespace lixin::vault {
namespace {

// Two hand-ins of one source wait for each other here; the number keeps the pair apart from other
// advisory locks of the database.
constexpr std::int64_t lock_space = 0x7661756c74;  // "vault"

struct stored {
  std::int64_t version = 0;  // the last given out
  bool stands = false;       // some version was not withdrawn; the newest such has:
  std::string person;
  std::string content;
};
using stored_by_key = std::map<std::string, stored, std::less<>>;

std::string bytea_text(const crypto::digest& d) { return "\\x" + crypto::to_hex(d); }

// Keys hold dataset and authority, so no other hand-in can touch the same ones.
result<void> lock_source(pg::connection& c, dataset_id dataset, authority_id authority) {
  LIXIN_CHECK(
      c.exec("select pg_advisory_xact_lock(hashint8extended($1::bigint, $2::bigint * 2147483648 + "
             "$3::bigint))",
             pg::params().add(lock_space).add(dataset.value).add(authority.value)));
  return {};
}

result<stored_by_key> newest_versions(pg::connection& c, std::span<const sealed_row> rows) {
  std::vector<std::string> keys;
  keys.reserve(rows.size());
  for (const sealed_row& row : rows) keys.push_back(bytea_text(row.key));
  LIXIN_TRY(const pg::rows found,
            c.exec("select distinct on (key_digest) key_digest, max(version) over (partition by "
                   "key_digest), withdrawn_at is null, person_digest, content_digest from "
                   "lixin.sealed_record where key_digest = any($1::bytea[]) order by key_digest, "
                   "withdrawn_at is null desc, version desc",
                   pg::params().add(keys)));
  stored_by_key out;
  for (int i = 0; i < found.size(); ++i)
    out[found.bytes(i, 0)] = {found.int64(i, 1), found.boolean(i, 2), found.bytes(i, 3),
                              found.bytes(i, 4)};
  return out;
}

outcome meet(stored& there, const sealed_row& row) {
  outcome out = outcome::sealed;
  if (there.stands) {
    if (there.person != crypto::bytes(row.person)) return outcome::counterpart_changed;
    if (there.content == crypto::bytes(row.content)) return outcome::unchanged;
    out = outcome::corrected;
  }
  ++there.version;
  there.stands = true;
  there.person = crypto::bytes(row.person);
  there.content = crypto::bytes(row.content);
  return out;
}

}  // namespace

result<void> vault::check_keys(pg::connection& c) const {
  // A digest under each key, which says nothing of the key but whether it is the same.
  for (const std::string_view purpose : {"vault-digest", "vault-seal"}) {
    const crypto::key_file::key& newest = keys_.newest(purpose);
    const crypto::digest check = crypto::hmac_sm3(newest.secret, "lixin vault key check");
    LIXIN_CHECK(
        c.exec("insert into lixin.vault_key (purpose, number, check_digest) "
               "values ($1::text, $2::int, $3::bytea) on conflict do nothing",
               pg::params().add(purpose).add(newest.number).add_bytes(crypto::bytes(check))));
    // Rows of another digest key would not be found again, and the same row would be sealed twice.
    // An older seal key does no harm: it is named in each text.
    LIXIN_TRY(const pg::rows known,
              c.exec("select number, check_digest from lixin.vault_key where purpose = $1::text "
                     "and (number = $2::int or purpose = 'vault-digest') order by number",
                     pg::params().add(purpose).add(newest.number)));
    for (int i = 0; i < known.size(); ++i) {
      if (known.int64(i, 0) != newest.number || known.bytes(i, 1) != crypto::bytes(check)) {
        return error(errc::keys_differ, {std::string(purpose), std::string(known.text(i, 0))});
      }
    }
  }
  return {};
}

result<std::vector<outcome>> vault::store(pg::connection& c, std::span<const sealed_row> rows,
                                          std::chrono::system_clock::time_point now) const {
  std::vector<outcome> out;
  if (rows.empty()) return out;
  if (rows.size() > rows_max)
    return error(errc::too_many_rows, {std::to_string(rows.size()), std::to_string(rows_max)});
  LIXIN_CHECK(check_keys(c));
  LIXIN_CHECK(lock_source(c, rows.front().dataset, rows.front().authority));
  LIXIN_TRY(stored_by_key newest, newest_versions(c, rows));
  pg::copy_buffer added("lixin.sealed_record",
                        "version, key_digest, key_number, person_digest, content_digest, "
                        "dataset_id, authority_id, batch_id, row_number, sealed_at, ciphertext");
  const int key_number = keys_.newest("vault-digest").number;
  out.reserve(rows.size());
  for (const sealed_row& row : rows) {
    LIXIN_ASSERT(row.dataset == rows.front().dataset && row.authority == rows.front().authority);
    stored& there = newest[std::string(crypto::bytes(row.key))];
    out.push_back(meet(there, row));
    if (out.back() != outcome::sealed && out.back() != outcome::corrected) continue;
    added.row(11);
    added.int4(static_cast<std::int32_t>(there.version));
    added.bytes(crypto::bytes(row.key));
    added.int4(key_number);
    added.bytes(crypto::bytes(row.person));
    added.bytes(crypto::bytes(row.content));
    added.int4(row.dataset.value);
    added.int4(row.authority.value);
    added.int8(row.batch.value);
    added.int8(static_cast<std::int64_t>(row.row_number));
    added.timestamp(now);
    added.bytes(row.ciphertext);
  }
  LIXIN_CHECK(added.send(c));
  return out;
}

result<std::int64_t> vault::withdraw(pg::connection& c, batch_id batch,
                                     std::chrono::system_clock::time_point now) const {
  LIXIN_TRY(const pg::rows source,
            c.exec("select dataset_id, authority_id from lixin.sealed_record "
                   "where batch_id = $1::bigint limit 1",
                   pg::params().add(batch.value)));
  if (source.empty()) return std::int64_t{0};
  // A hand-in must not call a row unchanged that ceases to stand at the same moment.
  LIXIN_CHECK(lock_source(c, dataset_id(static_cast<std::int32_t>(source.int64(0, 0))),
                          authority_id(static_cast<std::int32_t>(source.int64(0, 1)))));
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch());
  LIXIN_TRY(const pg::rows r,
            c.exec("update lixin.sealed_record set withdrawn_at = timestamptz 'epoch' + "
                   "$2::bigint * interval '1 microsecond' where batch_id = $1::bigint and "
                   "withdrawn_at is null",
                   pg::params().add(batch.value).add(std::int64_t{us.count()})));
  return r.affected();
}

}  // namespace lixin::vault
