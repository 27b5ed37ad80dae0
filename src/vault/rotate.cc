#include "vault/rotate.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "journal/audit.h"
#include "vault/errc.h"

namespace lixin::vault {
namespace {

constexpr std::int64_t rotation_lock = 0x7661756c74726f74;  // "vaultrot"

// One rotation at a time in a database; of the session, so that a killed one leaves nothing.
class rotation_turn {
 public:
  explicit rotation_turn(pg::connection& c) : c_(c) {}
  rotation_turn(const rotation_turn&) = delete;
  rotation_turn& operator=(const rotation_turn&) = delete;
  ~rotation_turn() {
    if (held_) static_cast<void>(ask("select pg_advisory_unlock($1::bigint)"));
  }
  result<void> take() {
    LIXIN_TRY(held_, ask("select pg_try_advisory_lock($1::bigint)"));
    if (!held_) return error(errc::rotation_running);
    return {};
  }

 private:
  result<bool> ask(std::string_view sql) {
    LIXIN_TRY(const auto r, c_.exec(sql, pg::params().add(rotation_lock)));
    return r.boolean(0, 0);
  }
  pg::connection& c_;
  bool held_ = false;
};

struct moved_row {
  std::string old_key;
  std::int64_t version = 0;
  row_digests digests;
  std::string ciphertext;
};

class rotation {
 public:
  rotation(pg::connection& c, vault& v, const rotate_request& r, const clock& now)
      : c_(c), vault_(v), request_(r), now_(now), turn_(c) {}
  result<rotate_outcome> run();

 private:
  result<void> choose();
  result<int> target(std::string_view purpose, const std::vector<int>& in_use);
  result<void> register_keys();
  result<std::int64_t> rows_left();
  result<bool> next_page();
  result<void> move(const std::vector<std::string>& keys,
                    const std::set<std::pair<std::int32_t, std::int32_t>>& sources);
  result<moved_row> moved(const pg::rows& r, int i);
  result<void> store(const std::vector<moved_row>& rows);
  result<void> finish();
  result<void> tell(const std::string& what);
  // The keys that a row must not name when all is done; "" and 0 where the purpose stays.
  pg::params wanted() const {
    return std::move(pg::params()
                         .add(request_.digest ? digest_key_ : 0)
                         .add_bytes(request_.seal ? text_head(seal_key_) : std::string()));
  }

  pg::connection& c_;
  vault& vault_;
  const rotate_request& request_;
  const clock& now_;
  rotation_turn turn_;
  int digest_key_ = 0, seal_key_ = 0;
  std::string after_;  // key digest of the last page
  rotate_progress progress_;
  rotate_outcome out_;
};

// A row is to be moved when it is under another key of a purpose that rotates. $1, $2: wanted().
constexpr std::string_view to_move =
    "(($1::integer <> 0 and key_number <> $1::integer) or (length($2::bytea) > 0 and "
    "substr(ciphertext, 2, 4) <> substr($2::bytea, 2, 4)))";

// The number that the purpose goes to: that of a rotation that was stopped, also when it was
// stopped before it was registered, else a new one.
result<int> rotation::target(std::string_view purpose, const std::vector<int>& in_use) {
  if (in_use.size() > 1) {
    out_.resumed = true;
    return in_use.back();
  }
  if (const int newest = vault_.file().newest(purpose).number; newest > in_use.back()) {
    out_.resumed = true;
    return newest;
  }
  return vault_.file().add(purpose);
}

result<void> rotation::choose() {
  LIXIN_TRY(auto tx, pg::transaction::begin(c_));
  LIXIN_TRY(const keys_in_use in_use, vault_.keys(c_));
  if (request_.digest) {
    LIXIN_TRY(const auto old, c_.exec("select count(*) from lixin.sealed_record where "
                                      "get_byte(ciphertext, 0) = 1"));
    if (old.int64(0, 0) > 0) return error(errc::older_form, {fmt::format("{}", old.int64(0, 0))});
  }
  LIXIN_CHECK(tx.commit());
  // Another process may have put a key into the file since it was read.
  LIXIN_CHECK(vault_.file().reload());
  digest_key_ = in_use.digests.back();
  seal_key_ = in_use.seals.back();
  if (request_.digest) {
    LIXIN_TRY(digest_key_, target(digest_purpose, in_use.digests));
  }
  if (request_.seal) {
    LIXIN_TRY(seal_key_, target(seal_purpose, in_use.seals));
  }
  return {};
}

result<void> rotation::tell(const std::string& what) {
  LIXIN_CHECK(
      journal::append_act(c_,
                          {journal::action::keys_rotated, request_.actor,
                           fmt::format("vault digest {} seal {} {}", digest_key_, seal_key_, what)},
                          now_.now()));
  return {};
}

// Waits until the hand-ins that do not know the new numbers have committed; those that come after
// see them.
result<void> rotation::register_keys() {
  LIXIN_TRY(auto tx, pg::transaction::begin(c_));
  LIXIN_CHECK(lock_keys(c_));
  const auto add = [&](std::string_view purpose, int number) -> result<void> {
    const auto* key = vault_.file().find(purpose, number);
    LIXIN_ASSERT(key != nullptr);
    const crypto::digest check = key_check(key->secret);
    LIXIN_CHECK(
        c_.exec("insert into lixin.vault_key (purpose, number, check_digest) values "
                "($1::text, $2::int, $3::bytea) on conflict do nothing",
                pg::params().add(purpose).add(number).add_bytes(crypto::bytes(check))));
    return {};
  };
  LIXIN_CHECK(add(digest_purpose, digest_key_));
  LIXIN_CHECK(add(seal_purpose, seal_key_));
  LIXIN_CHECK(tell("begun"));
  return tx.commit();
}

result<std::int64_t> rotation::rows_left() {
  static const std::string sql =
      "select count(*) from lixin.sealed_record where " + std::string(to_move);
  LIXIN_TRY(const auto r, c_.exec(sql, wanted()));
  return r.int64(0, 0);
}

// Rows come in the order of their keys; what was moved stands elsewhere or needs no move.
result<bool> rotation::next_page() {
  static const std::string sql =
      "select key_digest, dataset_id, authority_id, " + std::string(to_move) +
      " from lixin.sealed_record where key_digest > $3::bytea order by key_digest limit "
      "$4::integer";
  LIXIN_TRY(const auto page, c_.exec(sql, wanted().add_bytes(after_).add(request_.page_rows)));
  if (page.empty()) return false;
  std::vector<std::string> keys;
  std::set<std::pair<std::int32_t, std::int32_t>> sources;
  for (int i = 0; i < page.size(); ++i) {
    after_ = page.bytes(i, 0);
    if (!page.boolean(i, 3)) continue;
    const std::string key = bytea_text(after_);
    if (keys.empty() || keys.back() != key) keys.push_back(key);
    sources.emplace(static_cast<std::int32_t>(page.int64(i, 1)),
                    static_cast<std::int32_t>(page.int64(i, 2)));
  }
  if (!keys.empty()) LIXIN_CHECK(move(keys, sources));
  return true;
}

// All versions of these records in one transaction, under the locks of their sources: a hand-in
// finds a record under one key, whole.
result<void> rotation::move(const std::vector<std::string>& keys,
                            const std::set<std::pair<std::int32_t, std::int32_t>>& sources) {
  static const std::string sql =
      "select key_digest, version, ciphertext, dataset_id, authority_id, key_number, "
      "person_digest, content_digest from lixin.sealed_record where key_digest = "
      "any($3::bytea[]) and " +
      std::string(to_move);
  LIXIN_TRY(auto tx, pg::transaction::begin(c_));
  for (const auto& [dataset, authority] : sources)
    LIXIN_CHECK(lock_source(c_, dataset_id(dataset), authority_id(authority)));
  LIXIN_TRY(const auto r, c_.exec(sql, wanted().add(keys)));
  std::vector<moved_row> rows;
  for (int i = 0; i < r.size(); ++i) {
    LIXIN_TRY(auto row, moved(r, i));
    rows.push_back(std::move(row));
  }
  LIXIN_CHECK(store(rows));
  LIXIN_CHECK(tx.commit());
  out_.rows += static_cast<std::int64_t>(rows.size());
  progress_.rows = out_.rows;
  if (request_.progress) request_.progress(progress_);
  return {};
}

result<moved_row> rotation::moved(const pg::rows& r, int i) {
  moved_row out;
  out.old_key = bytea_text(r.bytes(i, 0));
  out.version = r.int64(i, 1);
  const crypto::digest old_key = digest_from(r.bytes(i, 0));
  out.digests = {old_key, digest_from(r.bytes(i, 6)), digest_from(r.bytes(i, 7))};
  LIXIN_TRY(opened_row open, vault_.open(r.bytes(i, 2), old_key));
  clear_row row;
  row.dataset = dataset_id(static_cast<std::int32_t>(r.int64(i, 3)));
  row.authority = authority_id(static_cast<std::int32_t>(r.int64(i, 4)));
  row.document_key = open.document_key;
  row.party_ordinal = open.party_ordinal;
  row.person = open.person;
  row.content = open.content;
  if (request_.digest) out.digests = vault_.digests(row, digest_key_);
  out.ciphertext = vault_.seal(row, out.digests.key, seal_key_, open.whole);
  crypto::wipe(open.person);
  crypto::wipe(open.content);
  return out;
}

result<void> rotation::store(const std::vector<moved_row>& rows) {
  if (rows.empty()) return {};
  std::vector<std::string> old_keys, keys, persons, contents, texts;
  std::vector<std::int64_t> versions;
  for (const moved_row& x : rows) {
    old_keys.push_back(x.old_key);
    versions.push_back(x.version);
    keys.push_back(bytea_text(crypto::bytes(x.digests.key)));
    persons.push_back(bytea_text(crypto::bytes(x.digests.person)));
    contents.push_back(bytea_text(crypto::bytes(x.digests.content)));
    texts.push_back(bytea_text(x.ciphertext));
  }
  LIXIN_CHECK(c_.exec(
      "update lixin.sealed_record s set key_digest = w.key, person_digest = w.person, "
      "content_digest = w.content, ciphertext = w.text, key_number = case when $7::integer = 0 "
      "then s.key_number else $7::integer end from unnest($1::bytea[], $2::bigint[], "
      "$3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[]) as w(old_key, version, key, person, "
      "content, text) where s.key_digest = w.old_key and s.version = w.version::integer",
      pg::params().add(old_keys).add(versions).add(keys).add(persons).add(contents).add(texts).add(
          request_.digest ? digest_key_ : 0)));
  return {};
}

// The older numbers go out of use in the moment in which it is sure that no row names them.
result<void> rotation::finish() {
  LIXIN_TRY(auto tx, pg::transaction::begin(c_));
  LIXIN_CHECK(lock_keys(c_));
  LIXIN_TRY(const std::int64_t left, rows_left());
  if (left > 0) return error(errc::rows_left, {fmt::format("{}", left)});
  LIXIN_CHECK(c_.exec(
      "delete from lixin.vault_key where ($1::boolean and purpose = 'vault-digest' and number <> "
      "$3::integer) or ($2::boolean and purpose = 'vault-seal' and number <> $4::integer)",
      pg::params().add(request_.digest).add(request_.seal).add(digest_key_).add(seal_key_)));
  LIXIN_CHECK(tell(fmt::format("finished rows {}", out_.rows)));
  return tx.commit();
}

result<rotate_outcome> rotation::run() {
  LIXIN_ASSERT(request_.digest || request_.seal);
  LIXIN_CHECK(turn_.take());
  LIXIN_CHECK(choose());
  LIXIN_CHECK(register_keys());
  LIXIN_TRY(progress_.rows_total, rows_left());
  while (true) {
    LIXIN_TRY(const bool more, next_page());
    if (!more) break;
  }
  LIXIN_CHECK(finish());
  out_.digest_key = digest_key_;
  out_.seal_key = seal_key_;
  return out_;
}

}  // namespace

result<rotate_outcome> rotate(pg::connection& c, vault& v, const rotate_request& r,
                              const clock& now) {
  rotation rotating(c, v, r, now);
  return rotating.run();
}

result<std::vector<key_use>> key_uses(pg::connection& c, const crypto::key_file& file) {
  LIXIN_TRY(
      const auto r,
      c.exec("select 'vault-digest', key_number, count(*), false from lixin.sealed_record group by "
             "key_number union all select 'vault-seal', (get_byte(ciphertext, 1) << 24) + "
             "(get_byte(ciphertext, 2) << 16) + (get_byte(ciphertext, 3) << 8) + "
             "get_byte(ciphertext, 4) as number, count(*), false from lixin.sealed_record group by "
             "number union all select purpose, number, 0, true from lixin.vault_key"));
  std::map<std::pair<std::string, int>, key_use> all;
  const auto use_of = [&](const std::string& purpose, int number) -> key_use& {
    key_use& u = all[{purpose, number}];
    u.purpose = purpose;
    u.number = number;
    return u;
  };
  for (int i = 0; i < r.size(); ++i) {
    key_use& u = use_of(std::string(r.text(i, 0)), static_cast<int>(r.int64(i, 1)));
    u.rows += r.int64(i, 2);
    u.in_use = u.in_use || r.boolean(i, 3);
  }
  for (const std::string_view purpose : {digest_purpose, seal_purpose}) {
    for (const int number : file.numbers(purpose))
      use_of(std::string(purpose), number).in_file = true;
  }
  std::vector<key_use> out;
  for (auto& [name, use] : all) out.push_back(std::move(use));
  return out;
}

result<std::vector<key_use>> retire_keys(pg::connection& c, vault& v, const std::string& actor,
                                         const clock& now) {
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_CHECK(lock_keys(c));
  LIXIN_TRY(const keys_in_use in_use, v.keys(c));
  LIXIN_CHECK(v.file().reload());
  LIXIN_TRY(const auto uses, key_uses(c, v.file()));
  std::vector<key_use> gone;
  std::string names;
  for (const key_use& u : uses) {
    const auto& numbers = u.purpose == digest_purpose ? in_use.digests : in_use.seals;
    if (!u.in_file || u.in_use || u.rows > 0 || u.number > numbers.front()) continue;
    gone.push_back(u);
    names += fmt::format("{}{} {}", names.empty() ? "" : ", ", u.purpose, u.number);
  }
  if (gone.empty()) return gone;
  LIXIN_CHECK(journal::append_act(c, {journal::action::keys_retired, actor, names}, now.now()));
  LIXIN_CHECK(tx.commit());
  for (const key_use& u : gone) LIXIN_CHECK(v.file().remove(u.purpose, u.number));
  return gone;
}

}  // namespace lixin::vault
