#include "access/sign_in.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "access/errc.h"
#include "access/names.h"
#include "access/network.h"
#include "access/staff.h"
#include "access/staff_rows.h"
#include "crypto/argon2.h"
#include "crypto/crypto.h"
#include "crypto/totp.h"
#include "journal/audit.h"
#include "journal/journal.h"

namespace lixin::access {
namespace {

constexpr std::size_t password_bytes_max = 4 * password_chars_max;
constexpr int lock_doublings_max = 20;  // far beyond lock_max, and no overflow

// One try at an account, counted as a failure until it has shown itself to be none.
struct attempt {
  std::optional<staff_member> who;  // none: no such login name
  std::string_view closed;          // why it cannot succeed: "unknown", "disabled", "locked"
  std::string hash;
  std::string totp_secret;  // sealed; "" = takes no codes
  int totp_key = 0;
  int failures = 0;
};

// In the caller's transaction. All ways through write one row.
result<attempt> count_attempt(pg::connection& c, std::string_view login_name, const clock& now) {
  const auto at = now.now();
  attempt out;
  LIXIN_TRY(const auto r,
            c.exec("SELECT s.staff_id, s.login_name, s.display_name, a.code, s.roles, "
                   "s.password_hash, s.failures, s.disabled_at IS NOT NULL, coalesce("
                   "s.locked_until > $2::timestamptz, false), s.totp_secret, s.totp_key FROM staff "
                   "s LEFT JOIN authority a USING (authority_id) WHERE s.login_name = $1::text FOR "
                   "UPDATE OF s",
                   pg::params().add(login_name).add(journal::to_string(at))));
  if (r.empty()) {
    out.closed = "unknown";
    out.hash = crypto::hash_of_nobody();
    LIXIN_CHECK(c.exec("UPDATE access_state SET unknown_names = unknown_names + 1"));
    return out;
  }
  out.who = staff_member{r.int64(0, 0), std::string(r.text(0, 1)), std::string(r.text(0, 2)),
                         std::string(r.text(0, 3)), role_set::of_bits(r.int64(0, 4))};
  out.hash = r.text(0, 5);
  out.failures = static_cast<int>(r.int64(0, 6));
  if (r.boolean(0, 8)) out.closed = "locked";
  if (r.boolean(0, 7)) out.closed = "disabled";
  if (!r.is_null(0, 9)) out.totp_secret = r.bytes(0, 9);
  out.totp_key = static_cast<int>(r.int64(0, 10));
  if (out.closed.empty()) ++out.failures;
  const auto lock = lock_time(out.failures);
  LIXIN_CHECK(
      c.exec("UPDATE staff SET failures = $2::integer, locked_until = CASE WHEN $3::boolean THEN "
             "$4::timestamptz ELSE locked_until END WHERE staff_id = $1::bigint",
             pg::params()
                 .add(out.who->number)
                 .add(out.failures)
                 .add(out.closed.empty() && lock.count() > 0)
                 .add(journal::to_string(at + lock))));
  return out;
}

result<attempt> begin_attempt(pg::connection& c, std::string_view login_name, const clock& now) {
  // A name that can be none is looked for as one that is not there.
  const bool possible = check_login_name(login_name).ok();
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_TRY(auto out, count_attempt(c, possible ? login_name : "", now));
  LIXIN_CHECK(tx.commit());
  return out;
}

bool password_holds(const attempt& a, std::string_view password) {
  const bool fits =
      crypto::password_fits(password.size() <= password_bytes_max ? password : "", a.hash);
  return fits && a.closed.empty() && !password.empty();
}

result<void> tell_refusal(pg::connection& c, const std::string& actor, const std::string& what,
                          const clock& now) {
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_CHECK(journal::append_act(c, {journal::action::sign_in_failed, actor, what}, now.now()));
  return tx.commit();
}

// What was tried is kept nowhere: a typed name may be a password in the wrong field.
error refuse(pg::connection& c, const attempt& a, std::string_view why, std::string_view from,
             const clock& now) {
  std::string what = "unknown login name";
  if (a.who) {
    what = fmt::format("{}: {}, failures {}", name_of_staff(a.who->number, a.who->login_name),
                       a.closed.empty() ? why : a.closed, a.failures);
  }
  if (const auto where = ip_address::parse(from)) what += ", from " + where->text();
  auto told = tell_refusal(c, a.who ? a.who->login_name : "unknown", what, now);
  return told.ok() ? error(errc::sign_in_refused) : std::move(told).error();
}

// The step of the code, if it is one of those that serve now; all are compared.
std::optional<std::int64_t> step_of(std::string_view code, std::string_view secret,
                                    const clock& now) {
  std::optional<std::int64_t> out;
  const std::int64_t middle = crypto::totp_step_at(now.now());
  for (std::int64_t step = middle - totp_steps_beside; step <= middle + totp_steps_beside; ++step) {
    if (crypto::equal_constant_time(crypto::totp_code(secret, step), code)) out = step;
  }
  return out;
}

// In the caller's transaction: whether the account takes no codes, or the code serves and was not
// used before. The row's lock makes one of two that come at once the first.
result<bool> use_code(pg::connection& c, const crypto::key_file& keys, const attempt& a,
                      std::string_view code, const clock& now) {
  if (a.totp_secret.empty()) return true;
  LIXIN_TRY(const auto key, keys.numbered(staff_seal_purpose, a.totp_key));
  LIXIN_TRY(std::string secret, open_totp(key, a.who->number, a.totp_secret));
  const auto step = step_of(code, secret, now);
  crypto::wipe(secret);
  if (!step) return false;
  LIXIN_TRY(const auto r, c.exec("UPDATE staff SET totp_step = $2::bigint WHERE staff_id = "
                                 "$1::bigint AND totp_step < $2::bigint",
                                 pg::params().add(a.who->number).add(*step)));
  return r.affected() == 1;
}

// The account as it is now, locked: it may have been disabled while the password was hashed.
result<bool> still_open(pg::connection& c, const attempt& a) {
  LIXIN_TRY(const auto r,
            c.exec("UPDATE staff SET failures = 0, locked_until = NULL WHERE staff_id = $1::bigint "
                   "AND disabled_at IS NULL AND password_hash = $2::text",
                   pg::params().add(a.who->number).add(a.hash)));
  return r.affected() == 1;
}

}  // namespace

std::chrono::minutes lock_time(int failures) {
  const int beyond = failures - failures_before_lock;
  if (beyond < 0) return std::chrono::minutes(0);
  return std::min(lock_first * (1 << std::min(beyond, lock_doublings_max)), lock_max);
}

result<signed_in> sign_in(pg::connection& c, const crypto::key_file& keys,
                          const sign_in_request& request, const clock& now) {
  LIXIN_TRY(const auto a, begin_attempt(c, request.login_name, now));
  if (!password_holds(a, request.password)) return refuse(c, a, "password", request.from, now);
  {
    LIXIN_TRY(auto tx, pg::transaction::begin(c));
    LIXIN_TRY(const bool open, still_open(c, a));
    LIXIN_TRY(const bool code_good,
              open ? use_code(c, keys, a, request.code, now) : result<bool>(false));
    if (code_good) {
      signed_in out{*a.who, {}};
      LIXIN_TRY(out.session, begin_session(c, a.who->number, now));
      LIXIN_CHECK(journal::append_act(c,
                                      {journal::action::signed_in, a.who->login_name,
                                       name_of_staff(a.who->number, a.who->login_name)},
                                      now.now()));
      LIXIN_CHECK(tx.commit());
      return out;
    }
  }
  return refuse(c, a, a.totp_secret.empty() ? "changed meanwhile" : "code", request.from, now);
}

result<void> change_own_password(pg::connection& c, const staff_member& who,
                                 std::string_view old_password, std::string_view new_password,
                                 std::string_view from, const clock& now) {
  LIXIN_CHECK(check_password(new_password, who.login_name, who.display_name));
  LIXIN_TRY(const auto a, begin_attempt(c, who.login_name, now));
  if (!password_holds(a, old_password)) return refuse(c, a, "password", from, now);
  const std::string hash = crypto::hash_password(new_password);
  {
    LIXIN_TRY(auto tx, pg::transaction::begin(c));
    LIXIN_TRY(const bool open, still_open(c, a));
    if (open) {
      LIXIN_CHECK(put_password(c, a.who->number, a.who->login_name, hash, a.who->login_name, now));
      return tx.commit();
    }
  }
  return refuse(c, a, "changed meanwhile", from, now);
}

}  // namespace lixin::access
