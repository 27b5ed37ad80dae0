#include "access/session.h"

#include <optional>

#include "access/errc.h"
#include "access/staff_rows.h"
#include "crypto/crypto.h"
#include "journal/audit.h"
#include "journal/journal.h"

namespace lixin::access {
namespace {

using std::chrono::microseconds;
using std::chrono::system_clock;

constexpr std::size_t token_bytes = 32;
constexpr std::size_t token_chars = 43;
// A page with its pictures is one use: the row is not written for each.
constexpr std::chrono::minutes use_kept_every{1};

std::optional<crypto::digest> digest_of(std::string_view token) {
  if (token.size() != token_chars) return std::nullopt;
  auto bytes = crypto::from_base64url(token);
  if (!bytes.ok() || bytes->size() != token_bytes) return std::nullopt;
  const crypto::digest out = crypto::sm3(*bytes);
  crypto::wipe(*bytes);
  return out;
}

}  // namespace

result<new_session> begin_session(pg::connection& c, std::int64_t staff, const clock& now) {
  const auto at = now.now();
  LIXIN_CHECK(
      c.exec("DELETE FROM staff_session WHERE staff_id = $1::bigint AND (ends_at <= "
             "$2::timestamptz OR used_at <= $3::timestamptz OR session_digest IN (SELECT "
             "session_digest FROM staff_session WHERE staff_id = $1::bigint ORDER BY begun_at "
             "DESC, session_digest OFFSET $4::integer))",
             pg::params()
                 .add(staff)
                 .add(journal::to_string(at))
                 .add(journal::to_string(at - session_idle_max))
                 .add(sessions_max - 1)));
  new_session out;
  out.token = crypto::to_base64url(crypto::random_bytes(token_bytes));
  out.csrf_token = csrf_token_of(out.token);
  out.ends_at = at + session_life_max;
  const auto digest = digest_of(out.token);
  LIXIN_ASSERT(digest.has_value());
  LIXIN_CHECK(
      c.exec("INSERT INTO staff_session (session_digest, staff_id, begun_at, used_at, ends_at) "
             "VALUES ($1::bytea, $2::bigint, $3::timestamptz, $3::timestamptz, $4::timestamptz)",
             pg::params()
                 .add_bytes(crypto::bytes(*digest))
                 .add(staff)
                 .add(journal::to_string(at))
                 .add(journal::to_string(out.ends_at))));
  return out;
}

result<session> find_session(pg::connection& c, std::string_view token, const clock& now) {
  const auto digest = digest_of(token);
  if (!digest) return error(errc::session_ended);
  const auto at = now.now();
  LIXIN_TRY(
      const auto r,
      c.exec("SELECT s.staff_id, s.login_name, s.display_name, a.code, s.roles, (extract(epoch "
             "FROM n.ends_at) * 1000000)::bigint, n.used_at <= $4::timestamptz FROM staff_session "
             "n JOIN staff s USING (staff_id) LEFT JOIN authority a USING (authority_id) WHERE "
             "n.session_digest = $1::bytea AND n.ends_at > $2::timestamptz AND n.used_at > "
             "$3::timestamptz AND s.disabled_at IS NULL",
             pg::params()
                 .add_bytes(crypto::bytes(*digest))
                 .add(journal::to_string(at))
                 .add(journal::to_string(at - session_idle_max))
                 .add(journal::to_string(at - use_kept_every))));
  if (r.empty()) return error(errc::session_ended);
  session out;
  out.who = {r.int64(0, 0), std::string(r.text(0, 1)), std::string(r.text(0, 2)),
             std::string(r.text(0, 3)), role_set::of_bits(r.int64(0, 4))};
  out.ends_at = system_clock::time_point(microseconds(r.int64(0, 5)));
  if (r.boolean(0, 6)) {
    LIXIN_CHECK(
        c.exec("UPDATE staff_session SET used_at = $2::timestamptz WHERE session_digest = "
               "$1::bytea AND used_at < $2::timestamptz",
               pg::params().add_bytes(crypto::bytes(*digest)).add(journal::to_string(at))));
  }
  return out;
}

result<bool> sign_out(pg::connection& c, std::string_view token, const clock& now) {
  const auto digest = digest_of(token);
  if (!digest) return false;
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_TRY(const auto r,
            c.exec("DELETE FROM staff_session n USING staff s WHERE s.staff_id = n.staff_id AND "
                   "n.session_digest = $1::bytea RETURNING s.staff_id, s.login_name",
                   pg::params().add_bytes(crypto::bytes(*digest))));
  if (r.empty()) return false;
  const std::string login_name(r.text(0, 1));
  LIXIN_CHECK(journal::append_act(
      c, {journal::action::signed_out, login_name, name_of_staff(r.int64(0, 0), login_name)},
      now.now()));
  LIXIN_CHECK(tx.commit());
  return true;
}

result<std::int64_t> remove_ended_sessions(pg::connection& c, const clock& now) {
  const auto at = now.now();
  LIXIN_TRY(
      const auto r,
      c.exec(
          "DELETE FROM staff_session WHERE ends_at <= $1::timestamptz OR used_at <= "
          "$2::timestamptz",
          pg::params().add(journal::to_string(at)).add(journal::to_string(at - session_idle_max))));
  return r.affected();
}

std::string csrf_token_of(std::string_view token) {
  if (token.size() != token_chars) return {};
  return crypto::to_base64url(crypto::bytes(crypto::hmac_sm3(token, "lixin csrf 1")));
}

bool csrf_fits(std::string_view token, std::string_view given) {
  const std::string wanted = csrf_token_of(token);
  return !wanted.empty() && crypto::equal_constant_time(wanted, given);
}

}  // namespace lixin::access
