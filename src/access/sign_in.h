// Signing in by password and, where the account has one, a code of its telephone. Whatever is wrong
// there is one answer, and it takes as long: an unknown login name, a disabled and a locked account
// cost the same hash and the same writes as a wrong password. Each failure is an entry of the audit
// chain. Blocks for some 40 ms and takes 19 MiB: not on a thread that serves, and bounded there.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "access/session.h"
#include "base/date.h"
#include "base/error.h"
#include "crypto/key_file.h"
#include "pg/pg.h"

namespace lixin::access {

// After so many failures in a row an account is locked, for twice as long after each further one.
// Nobody is let in meanwhile, whatever the password; what is tried then prolongs nothing, so that
// a stranger cannot keep somebody out for longer than lock_max at a time.
inline constexpr int failures_before_lock = 5;
inline constexpr std::chrono::minutes lock_first{1};
inline constexpr std::chrono::minutes lock_max{60};
// How long after the n-th failure in a row; none before failures_before_lock.
std::chrono::minutes lock_time(int failures);

// A code serves for its half minute and the ones beside it, since clocks differ, and once.
inline constexpr int totp_steps_beside = 1;

struct sign_in_request {
  std::string_view login_name, password;
  std::string_view code;  // six digits; "" = none given
  std::string_view from;  // the caller's address, for the audit chain; what is none is left out
};
struct signed_in {
  staff_member who;
  new_session session;
};
// An attempt is counted before the password is looked at, so many at once get no more tries than
// one after another. errc::sign_in_refused
result<signed_in> sign_in(pg::connection& c, const crypto::key_file& keys,
                          const sign_in_request& request, const clock& now);

// By the account itself, which shows the old password (a wrong one counts as a failed sign-in).
// Ends all its sessions, this one too: it signs in again. errc::sign_in_refused, password_length,
// password_of_names.
result<void> change_own_password(pg::connection& c, const staff_member& who,
                                 std::string_view old_password, std::string_view new_password,
                                 std::string_view from, const clock& now);

}  // namespace lixin::access
