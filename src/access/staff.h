// Accounts of staff. Each change is committed with its entry of the audit chain before it is
// answered; what takes rights away (disabling, another password) ends the account's sessions in the
// same transaction. Passwords are kept as argon2id and hashing one takes some 40 ms and 19 MiB: not
// on a thread that serves. Not tied to a thread; a connection belongs to one at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "access/roles.h"
#include "base/date.h"
#include "base/error.h"
#include "crypto/key_file.h"
#include "pg/pg.h"

namespace lixin::access {

struct new_staff {
  std::string login_name;    // small letters, digits, '.', '_', '-'
  std::string display_name;  // "" = the login name
  std::string authority;     // code; for data officer and checker
  role_set roles;
  std::string_view password;
};
// Its number. errc of roles.h and errc::login_name_form, title_form, password_length,
// password_of_names, login_taken, no_such_authority.
result<std::int64_t> add_staff(pg::connection& c, const new_staff& who, const std::string& actor,
                               const clock& now);

struct staff_entry {
  std::int64_t number = 0;
  std::string login_name, display_name, authority;
  role_set roles;
  bool has_totp = false;
  int failures = 0;
  std::string locked_until;  // times as ISO 8601, UTC; "" = is not
  std::string made_at, made_by, disabled_at, disabled_by;
};
// In the order of numbers, at most `limit` after that one; disabled ones too.
result<std::vector<staff_entry>> list_staff(pg::connection& c, std::int64_t after, int limit);

// These name an account by its login name, errc::no_such_staff, and answer false when it was so
// before, where that can be.
result<bool> disable_staff(pg::connection& c, const std::string& login_name,
                           const std::string& actor, const clock& now);
// Ends a lock-out as well.
result<bool> enable_staff(pg::connection& c, const std::string& login_name,
                          const std::string& actor, const clock& now);
// By an administrator, who does not know the old one. Ends a lock-out as well.
result<void> set_password(pg::connection& c, const std::string& login_name,
                          std::string_view password, const std::string& actor, const clock& now);
result<bool> set_roles(pg::connection& c, const std::string& login_name, role_set roles,
                       const std::string& authority, const std::string& actor, const clock& now);

// From now on signing in takes a code of this secret too. Answers "otpauth://totp/..." with the
// secret, for this once; it is kept sealed under the newest key "staff-seal".
result<std::string> set_totp(pg::connection& c, const crypto::key_file& keys,
                             const std::string& login_name, const std::string& actor,
                             const clock& now);
result<bool> clear_totp(pg::connection& c, const std::string& login_name, const std::string& actor,
                        const clock& now);

inline constexpr std::string_view staff_seal_purpose = "staff-seal";

}  // namespace lixin::access
