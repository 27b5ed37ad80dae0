#include "vault/look.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "journal/audit.h"
#include "vault/errc.h"

namespace lixin::vault {
namespace {

// Ids of an entry: more are counted, so that its text has a bound.
constexpr std::size_t ids_told_max = 100;

std::string told(const look_request& r, const std::vector<looked_row>& rows) {
  std::string out =
      fmt::format("purpose: {}; basis: {}; rows: {}", r.purpose, r.basis, rows.size());
  for (std::size_t i = 0; i < std::min(rows.size(), ids_told_max); ++i)
    out += fmt::format("{}{}", i == 0 ? "; sealed: " : ",", rows[i].sealed_id);
  if (rows.size() > ids_told_max) out += ",...";
  return out;
}

result<std::vector<looked_row>> rows_of(pg::connection& c, const vault& v,
                                        const std::vector<std::string>& persons) {
  LIXIN_TRY(
      const auto r,
      c.exec("select s.sealed_id, d.code, a.code, a.title_zh, s.version, s.batch_id, s.row_number, "
             "s.sealed_at, s.ciphertext, s.key_digest, s.withdrawn_at is null and not exists "
             "(select 1 from lixin.sealed_record n where n.key_digest = s.key_digest and n.version "
             "> s.version and n.withdrawn_at is null) from lixin.sealed_record s join "
             "lixin.dataset d using (dataset_id) join lixin.authority a using (authority_id) where "
             "s.person_digest = any($1::bytea[]) order by d.code, a.code, s.key_digest, s.version "
             "limit $2::integer",
             pg::params().add(persons).add(static_cast<int>(rows_shown_max))));
  std::vector<looked_row> out;
  for (int i = 0; i < r.size(); ++i) {
    LIXIN_TRY(opened_row open, v.open(r.bytes(i, 8), digest_from(r.bytes(i, 9))));
    looked_row row;
    row.sealed_id = r.int64(i, 0);
    row.dataset = r.text(i, 1);
    row.authority = r.text(i, 2);
    row.authority_title = r.text(i, 3);
    row.version = r.int64(i, 4);
    row.batch = batch_id(r.int64(i, 5));
    row.row_number = r.int64(i, 6);
    row.sealed_at = r.text(i, 7);
    row.stands = r.boolean(i, 10);
    row.document_key = std::move(open.document_key);
    row.party_ordinal = open.party_ordinal;
    row.content = std::move(open.content);
    crypto::wipe(open.person);
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace

result<std::vector<looked_row>> look(pg::connection& c, vault& v, const look_request& r,
                                     const clock& now) {
  if (r.actor.empty() || r.purpose.empty() || r.basis.empty() ||
      r.purpose.size() > purpose_bytes_max || r.basis.size() > purpose_bytes_max)
    return error(errc::look_unjustified, {std::to_string(purpose_bytes_max)});
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_TRY(const keys_in_use in_use, v.keys(c));
  std::vector<std::string> persons;
  for (const int number : in_use.digests)
    persons.push_back(bytea_text(crypto::bytes(v.person_digest(r.person, number))));
  LIXIN_TRY(auto rows, rows_of(c, v, persons));
  LIXIN_CHECK(
      journal::append_act(c, {journal::action::vault_opened, r.actor, told(r, rows)}, now.now()));
  LIXIN_CHECK(tx.commit());
  return rows;
}

}  // namespace lixin::vault
