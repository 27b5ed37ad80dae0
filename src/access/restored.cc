#include "access/restored.h"

#include <cstdint>
#include <string_view>

namespace lixin::access {
namespace {

// Far beyond what any server has seen of the lost changes.
constexpr std::int64_t changes_skipped = 1'000'000;

// %I: the kept schema, put in by PostgreSQL's own format(). Only what is the same row by its number
// and by what never changes of it.
constexpr std::string_view revoked_since =
    "UPDATE api_key k SET revoked_at = o.revoked_at, revoked_by = o.revoked_by FROM %I.api_key o "
    "WHERE o.key_number = k.key_number AND o.secret_digest = k.secret_digest AND k.revoked_at IS "
    "NULL AND o.revoked_at IS NOT NULL";
constexpr std::string_view disabled_since =
    "UPDATE staff s SET disabled_at = o.disabled_at, disabled_by = o.disabled_by FROM %I.staff o "
    "WHERE o.staff_id = s.staff_id AND o.login_name = s.login_name AND s.disabled_at IS NULL AND "
    "o.disabled_at IS NOT NULL";
constexpr std::string_view password_since =
    "UPDATE staff s SET password_hash = o.password_hash, password_at = o.password_at FROM "
    "%I.staff o WHERE o.staff_id = s.staff_id AND o.login_name = s.login_name AND o.password_at > "
    "s.password_at";

}  // namespace

result<void> after_restore(pg::connection& c, const std::string& kept) {
  LIXIN_CHECK(c.exec("DELETE FROM staff_session"));
  LIXIN_CHECK(c.exec("UPDATE access_state SET key_changes = key_changes + $1::bigint",
                     pg::params().add(changes_skipped)));
  if (kept.empty()) return {};
  // A database of before there were accounts has none to look at.
  LIXIN_TRY(const auto there,
            c.exec("SELECT to_regclass(format('%I.api_key', $1::text)) IS NOT NULL",
                   pg::params().add(kept)));
  if (!there.boolean(0, 0)) return {};
  for (const std::string_view change : {revoked_since, disabled_since, password_since}) {
    LIXIN_TRY(const auto sql,
              c.exec("SELECT format($1::text, $2::text)", pg::params().add(change).add(kept)));
    LIXIN_CHECK(c.exec(sql.text(0, 0)));
  }
  return {};
}

}  // namespace lixin::access
