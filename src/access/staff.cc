#include "access/staff.h"

#include <fmt/format.h>

#include "access/errc.h"
#include "access/names.h"
#include "access/staff_rows.h"
#include "crypto/argon2.h"
#include "crypto/crypto.h"
#include "crypto/totp.h"
#include "journal/audit.h"
#include "journal/journal.h"
#include "pg/errc.h"

namespace lixin::access {
namespace {

constexpr std::size_t sm4_key_bytes = 16;

result<void> tell(pg::connection& c, const std::string& actor, const std::string& what,
                  const clock& now) {
  LIXIN_CHECK(journal::append_act(c, {journal::action::staff_changed, actor, what}, now.now()));
  return {};
}

struct locked_staff {
  std::int64_t number = 0;
  std::string display_name;
  bool disabled = false;
  bool locked_out = false;  // or with failures that count towards it
  bool has_totp = false;
  role_set roles;
  std::optional<std::int64_t> authority;
};

// The row stays locked to the end of the transaction.
result<locked_staff> lock_staff(pg::connection& c, const std::string& login_name) {
  LIXIN_TRY(const auto r,
            c.exec("SELECT staff_id, display_name, disabled_at IS NOT NULL, failures > 0, "
                   "totp_secret IS NOT NULL, roles, authority_id FROM staff WHERE login_name = "
                   "$1::text FOR UPDATE",
                   pg::params().add(login_name)));
  if (r.empty()) return error(errc::no_such_staff, {login_name.substr(0, login_name_bytes_max)});
  return locked_staff{
      r.int64(0, 0),   std::string(r.text(0, 1)),        r.boolean(0, 2),       r.boolean(0, 3),
      r.boolean(0, 4), role_set::of_bits(r.int64(0, 5)), r.optional_int64(0, 6)};
}

std::string cipher_key(const crypto::key_file::key& key) {
  return std::string(
      crypto::bytes(crypto::hmac_sm3(key.secret, "lixin staff totp 1")).substr(0, sm4_key_bytes));
}

std::string bound_to(std::int64_t staff) { return fmt::format("totp of staff {}", staff); }

std::string said(role_set roles, const std::string& authority) {
  return authority.empty() ? fmt::format("roles {}", to_string(roles))
                           : fmt::format("roles {}, authority {}", to_string(roles), authority);
}

}  // namespace

// ---- shared

result<void> end_sessions(pg::connection& c, std::int64_t staff) {
  LIXIN_CHECK(
      c.exec("DELETE FROM staff_session WHERE staff_id = $1::bigint", pg::params().add(staff)));
  return {};
}

result<void> put_password(pg::connection& c, std::int64_t staff, const std::string& login_name,
                          std::string_view hash, const std::string& actor, const clock& now) {
  LIXIN_CHECK(
      c.exec("UPDATE staff SET password_hash = $2::text, password_at = $3::timestamptz, failures "
             "= 0, locked_until = NULL WHERE staff_id = $1::bigint",
             pg::params().add(staff).add(hash).add(journal::to_string(now.now()))));
  LIXIN_CHECK(end_sessions(c, staff));
  return tell(c, actor, name_of_staff(staff, login_name) + " password", now);
}

std::string seal_totp(const crypto::key_file::key& key, std::int64_t staff,
                      std::string_view secret) {
  std::string cipher = cipher_key(key);
  std::string out = crypto::seal(cipher, secret, bound_to(staff));
  crypto::wipe(cipher);
  return out;
}

result<std::string> open_totp(const crypto::key_file::key& key, std::int64_t staff,
                              std::string_view sealed) {
  std::string cipher = cipher_key(key);
  auto out = crypto::open(cipher, sealed, bound_to(staff));
  crypto::wipe(cipher);
  return out;
}

std::string name_of_staff(std::int64_t staff, std::string_view login_name) {
  return fmt::format("staff {} ({})", staff, login_name);
}

// ---- changes

result<std::int64_t> add_staff(pg::connection& c, const new_staff& who, const std::string& actor,
                               const clock& now) {
  LIXIN_CHECK(check_login_name(who.login_name));
  LIXIN_TRY(const std::string display,
            checked_title(who.display_name.empty() ? who.login_name : who.display_name));
  LIXIN_CHECK(check_roles(who.roles, !who.authority.empty()));
  LIXIN_CHECK(check_password(who.password, who.login_name, display));
  const std::string hash = crypto::hash_password(who.password);
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_TRY(const auto authority, authority_number(c, who.authority));
  const auto r = c.exec(
      "INSERT INTO staff (login_name, display_name, authority_id, roles, password_hash, "
      "password_at, failures, totp_step, made_at, made_by) VALUES ($1::text, $2::text, "
      "$3::integer, $4::smallint, $5::text, $6::timestamptz, 0, 0, $6::timestamptz, $7::text) ON "
      "CONFLICT (login_name) DO NOTHING RETURNING staff_id",
      pg::params()
          .add(who.login_name)
          .add(display)
          .add(authority)
          .add(int{who.roles.bits()})
          .add(hash)
          .add(journal::to_string(now.now()))
          .add(actor));
  if (!r.ok()) return r.error();
  if (r->empty()) return error(errc::login_taken, {who.login_name});
  const std::int64_t number = r->int64(0, 0);
  LIXIN_CHECK(tell(c, actor,
                   fmt::format("{} added, {}", name_of_staff(number, who.login_name),
                               said(who.roles, who.authority)),
                   now));
  LIXIN_CHECK(tx.commit());
  return number;
}

result<bool> disable_staff(pg::connection& c, const std::string& login_name,
                           const std::string& actor, const clock& now) {
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_TRY(const auto s, lock_staff(c, login_name));
  if (s.disabled) return false;
  LIXIN_CHECK(
      c.exec("UPDATE staff SET disabled_at = $2::timestamptz, disabled_by = $3::text WHERE "
             "staff_id = $1::bigint",
             pg::params().add(s.number).add(journal::to_string(now.now())).add(actor)));
  LIXIN_CHECK(end_sessions(c, s.number));
  LIXIN_CHECK(tell(c, actor, name_of_staff(s.number, login_name) + " disabled", now));
  LIXIN_CHECK(tx.commit());
  return true;
}

result<bool> enable_staff(pg::connection& c, const std::string& login_name,
                          const std::string& actor, const clock& now) {
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_TRY(const auto s, lock_staff(c, login_name));
  if (!s.disabled && !s.locked_out) return false;
  LIXIN_CHECK(
      c.exec("UPDATE staff SET disabled_at = NULL, disabled_by = NULL, failures = 0, locked_until "
             "= NULL WHERE staff_id = $1::bigint",
             pg::params().add(s.number)));
  LIXIN_CHECK(tell(c, actor, name_of_staff(s.number, login_name) + " enabled", now));
  LIXIN_CHECK(tx.commit());
  return true;
}

result<void> set_password(pg::connection& c, const std::string& login_name,
                          std::string_view password, const std::string& actor, const clock& now) {
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_TRY(const auto s, lock_staff(c, login_name));
  LIXIN_CHECK(check_password(password, login_name, s.display_name));
  LIXIN_CHECK(put_password(c, s.number, login_name, crypto::hash_password(password), actor, now));
  return tx.commit();
}

result<bool> set_roles(pg::connection& c, const std::string& login_name, role_set roles,
                       const std::string& authority, const std::string& actor, const clock& now) {
  LIXIN_CHECK(check_roles(roles, !authority.empty()));
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_TRY(const auto s, lock_staff(c, login_name));
  LIXIN_TRY(const auto number, authority_number(c, authority));
  if (s.roles == roles && s.authority == number) return false;
  LIXIN_CHECK(
      c.exec("UPDATE staff SET roles = $2::smallint, authority_id = $3::integer WHERE "
             "staff_id = $1::bigint",
             pg::params().add(s.number).add(int{roles.bits()}).add(number)));
  LIXIN_CHECK(
      tell(c, actor,
           fmt::format("{} {}", name_of_staff(s.number, login_name), said(roles, authority)), now));
  LIXIN_CHECK(tx.commit());
  return true;
}

// ---- codes

result<std::string> set_totp(pg::connection& c, const crypto::key_file& keys,
                             const std::string& login_name, const std::string& actor,
                             const clock& now) {
  const auto& key = keys.newest(staff_seal_purpose);
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_TRY(const auto s, lock_staff(c, login_name));
  std::string secret = crypto::random_bytes(crypto::totp_secret_bytes);
  LIXIN_CHECK(c.exec(
      "UPDATE staff SET totp_secret = $2::bytea, totp_key = $3::integer, totp_step "
      "= 0 WHERE staff_id = $1::bigint",
      pg::params().add(s.number).add_bytes(seal_totp(key, s.number, secret)).add(key.number)));
  LIXIN_CHECK(tell(c, actor, name_of_staff(s.number, login_name) + " takes codes", now));
  LIXIN_CHECK(tx.commit());
  std::string out = fmt::format("otpauth://totp/Lixin:{}?secret={}&issuer=Lixin", login_name,
                                crypto::to_base32(secret));
  crypto::wipe(secret);
  return out;
}

result<bool> clear_totp(pg::connection& c, const std::string& login_name, const std::string& actor,
                        const clock& now) {
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_TRY(const auto s, lock_staff(c, login_name));
  if (!s.has_totp) return false;
  LIXIN_CHECK(
      c.exec("UPDATE staff SET totp_secret = NULL, totp_key = NULL WHERE staff_id = "
             "$1::bigint",
             pg::params().add(s.number)));
  LIXIN_CHECK(tell(c, actor, name_of_staff(s.number, login_name) + " takes no codes", now));
  LIXIN_CHECK(tx.commit());
  return true;
}

// ---- reading

result<std::vector<staff_entry>> list_staff(pg::connection& c, std::int64_t after, int limit) {
  LIXIN_TRY(const auto r,
            c.exec("SELECT s.staff_id, s.login_name, s.display_name, a.code, s.roles, "
                   "s.totp_secret IS NOT NULL, s.failures, to_char(s.locked_until, "
                   "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), to_char(s.made_at, "
                   "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), s.made_by, to_char(s.disabled_at, "
                   "'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), s.disabled_by FROM staff s LEFT JOIN "
                   "authority a USING (authority_id) WHERE s.staff_id > $1::bigint ORDER BY "
                   "s.staff_id LIMIT $2::integer",
                   pg::params().add(after).add(limit)));
  std::vector<staff_entry> out;
  for (int i = 0; i < r.size(); ++i) {
    staff_entry e;
    e.number = r.int64(i, 0);
    e.login_name = r.text(i, 1);
    e.display_name = r.text(i, 2);
    e.authority = r.text(i, 3);
    e.roles = role_set::of_bits(r.int64(i, 4));
    e.has_totp = r.boolean(i, 5);
    e.failures = static_cast<int>(r.int64(i, 6));
    e.locked_until = r.text(i, 7);
    e.made_at = r.text(i, 8);
    e.made_by = r.text(i, 9);
    e.disabled_at = r.text(i, 10);
    e.disabled_by = r.text(i, 11);
    out.push_back(std::move(e));
  }
  return out;
}

}  // namespace lixin::access
