// Sealed rows into the table, in sets: one question for what is there, one COPY for what is new.
#include <algorithm>
#include <map>

#include "crypto/crypto.h"
#include "pg/pg.h"
#include "vault/errc.h"
#include "vault/vault.h"

namespace lixin::vault {
namespace {

// The numbers keep these apart from other advisory locks of the database.
constexpr std::int64_t lock_space = 0x7661756c74;       // "vault"
constexpr std::int64_t keys_lock = 0x7661756c746b6579;  // "vaultkey"

struct stored {
  std::int64_t version = 0;  // the last given out
  int digest_key = 0;        // of all its versions
  bool stands = false;       // some version was not withdrawn; the newest such has:
  std::string person;
  std::string content;
};
using stored_by_key = std::map<std::string, stored, std::less<>>;

// A row under each digest key in use, the newest last.
struct candidate {
  const clear_row* row = nullptr;
  std::vector<row_digests> under;
};

result<stored_by_key> newest_versions(pg::connection& c, const std::vector<candidate>& rows) {
  std::vector<std::string> keys;
  for (const candidate& r : rows) {
    for (const row_digests& d : r.under) keys.push_back(bytea_text(crypto::bytes(d.key)));
  }
  LIXIN_TRY(const pg::rows found,
            c.exec("select distinct on (key_digest) key_digest, max(version) over (partition by "
                   "key_digest), withdrawn_at is null, person_digest, content_digest, key_number "
                   "from lixin.sealed_record where key_digest = any($1::bytea[]) order by "
                   "key_digest, withdrawn_at is null desc, version desc",
                   pg::params().add(keys)));
  stored_by_key out;
  for (int i = 0; i < found.size(); ++i)
    out[found.bytes(i, 0)] = {found.int64(i, 1), static_cast<int>(found.int64(i, 5)),
                              found.boolean(i, 2), found.bytes(i, 3), found.bytes(i, 4)};
  return out;
}

outcome meet(stored& there, const row_digests& row) {
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

struct registered_key {
  std::string purpose;
  int number = 0;
  std::string check;
};
result<std::vector<registered_key>> registered(pg::connection& c) {
  LIXIN_TRY(const pg::rows r,
            c.exec("select purpose, number, check_digest from lixin.vault_key order by purpose, "
                   "number"));
  std::vector<registered_key> out;
  for (int i = 0; i < r.size(); ++i)
    out.push_back({std::string(r.text(i, 0)), static_cast<int>(r.int64(i, 1)), r.bytes(i, 2)});
  return out;
}

bool names(const std::vector<registered_key>& all, std::string_view purpose) {
  return std::ranges::any_of(all, [&](const registered_key& k) { return k.purpose == purpose; });
}

}  // namespace

// Keys hold dataset and authority, so no other hand-in can touch the same ones.
result<void> lock_source(pg::connection& c, dataset_id dataset, authority_id authority) {
  LIXIN_CHECK(
      c.exec("select pg_advisory_xact_lock(hashint8extended($1::bigint, $2::bigint * 2147483648 + "
             "$3::bigint))",
             pg::params().add(lock_space).add(dataset.value).add(authority.value)));
  return {};
}

result<void> lock_keys(pg::connection& c) {
  LIXIN_CHECK(c.exec("select pg_advisory_xact_lock($1::bigint)", pg::params().add(keys_lock)));
  return {};
}

result<keys_in_use> vault::keys(pg::connection& c) {
  LIXIN_CHECK(
      c.exec("select pg_advisory_xact_lock_shared($1::bigint)", pg::params().add(keys_lock)));
  LIXIN_TRY(auto known, registered(c));
  for (const std::string_view purpose : {digest_purpose, seal_purpose}) {
    if (names(known, purpose)) continue;
    const auto& newest = keys_.newest(purpose);
    const crypto::digest check = key_check(newest.secret);
    LIXIN_CHECK(
        c.exec("insert into lixin.vault_key (purpose, number, check_digest) "
               "values ($1::text, $2::int, $3::bytea) on conflict do nothing",
               pg::params().add(purpose).add(newest.number).add_bytes(crypto::bytes(check))));
  }
  LIXIN_TRY(known, registered(c));
  const bool all_here = std::ranges::all_of(
      known, [&](const registered_key& k) { return keys_.find(k.purpose, k.number) != nullptr; });
  if (!all_here) LIXIN_CHECK(keys_.reload());
  keys_in_use out;
  for (const registered_key& k : known) {
    const auto* key = keys_.find(k.purpose, k.number);
    if (key == nullptr) return error(errc::key_missing, {k.purpose, std::to_string(k.number)});
    if (crypto::bytes(key_check(key->secret)) != k.check)
      return error(errc::keys_differ, {k.purpose, std::to_string(k.number)});
    (k.purpose == digest_purpose ? out.digests : out.seals).push_back(k.number);
  }
  return out;
}

result<std::vector<outcome>> vault::store(pg::connection& c, std::span<const clear_row> rows,
                                          std::chrono::system_clock::time_point now) {
  std::vector<outcome> out;
  if (rows.empty()) return out;
  if (rows.size() > rows_max)
    return error(errc::too_many_rows, {std::to_string(rows.size()), std::to_string(rows_max)});
  LIXIN_TRY(const keys_in_use in_use, keys(c));
  LIXIN_CHECK(lock_source(c, rows.front().dataset, rows.front().authority));
  std::vector<candidate> candidates;
  candidates.reserve(rows.size());
  for (const clear_row& row : rows) {
    LIXIN_ASSERT(row.dataset == rows.front().dataset && row.authority == rows.front().authority);
    candidates.push_back({&row, {}});
    for (const int number : in_use.digests) candidates.back().under.push_back(digests(row, number));
  }
  LIXIN_TRY(stored_by_key newest, newest_versions(c, candidates));
  pg::copy_buffer added("lixin.sealed_record",
                        "version, key_digest, key_number, person_digest, content_digest, "
                        "dataset_id, authority_id, batch_id, row_number, sealed_at, ciphertext");
  out.reserve(rows.size());
  for (const candidate& x : candidates) {
    // During a rotation the record may still stand under the older key; its new version joins it
    // there, and the rotation takes all of them along.
    std::size_t k = x.under.size() - 1;
    for (std::size_t i = 0; i < x.under.size(); ++i) {
      if (newest.contains(crypto::bytes(x.under[i].key))) k = i;
    }
    const row_digests& d = x.under[k];
    stored& there = newest[std::string(crypto::bytes(d.key))];
    there.digest_key = in_use.digests[k];
    out.push_back(meet(there, d));
    if (out.back() != outcome::sealed && out.back() != outcome::corrected) continue;
    added.row(11);
    added.int4(static_cast<std::int32_t>(there.version));
    added.bytes(crypto::bytes(d.key));
    added.int4(there.digest_key);
    added.bytes(crypto::bytes(d.person));
    added.bytes(crypto::bytes(d.content));
    added.int4(x.row->dataset.value);
    added.int4(x.row->authority.value);
    added.int8(x.row->batch.value);
    added.int8(static_cast<std::int64_t>(x.row->row_number));
    added.timestamp(now);
    added.bytes(seal(*x.row, d.key, in_use.seals.back()));
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
