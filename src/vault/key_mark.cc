#include "vault/key_mark.h"

#include "vault/errc.h"
#include "vault/vault.h"

namespace lixin::vault {

std::string mark_of(const crypto::key_file& keys) {
  const auto numbers = keys.numbers(record_purpose);
  LIXIN_ASSERT(!numbers.empty());  // parse() saw to it
  const auto* key = keys.find(record_purpose, numbers.front());
  return crypto::to_hex(crypto::hmac_sm3(key->secret, "lixin key mark"));
}

result<std::optional<std::string>> known_mark(pg::connection& c) {
  LIXIN_TRY(const auto r, c.exec("SELECT encode(mark, 'hex') FROM lixin.key_mark"));
  if (r.empty()) return std::optional<std::string>();
  return std::optional(std::string(r.text(0, 0)));
}

result<void> check_mark(pg::connection& c, const crypto::key_file& keys) {
  const std::string mine = mark_of(keys);
  LIXIN_TRY(auto known, known_mark(c));
  if (!known) {
    LIXIN_CHECK(
        c.exec("INSERT INTO lixin.key_mark VALUES (true, decode($1::text, 'hex')) ON CONFLICT DO "
               "NOTHING",
               pg::params().add(mine)));
    LIXIN_TRY(known, known_mark(c));
  }
  if (*known != mine) return error(errc::keys_foreign, {keys.path()});
  return {};
}

result<void> check_keys_in_use(pg::connection& c, const crypto::key_file& keys) {
  LIXIN_TRY(const auto r,
            c.exec("SELECT purpose, number FROM lixin.vault_key ORDER BY purpose, number"));
  for (int i = 0; i < r.size(); ++i) {
    if (keys.find(r.text(i, 0), static_cast<int>(r.int64(i, 1))) != nullptr) continue;
    return error(errc::key_missing, {std::string(r.text(i, 0)), std::string(r.text(i, 1))});
  }
  return {};
}

}  // namespace lixin::vault
