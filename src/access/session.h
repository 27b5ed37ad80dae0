// Sessions of staff: 32 random bytes that the browser keeps, of which the database has the SM3. A
// session ends by itself when it is not used, and in any case after half a day; signing out,
// another password and disabling the account end it at once, for every server, since each look asks
// the database (one statement; staff make few requests). A connection belongs to one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "access/roles.h"
#include "base/date.h"
#include "base/error.h"
#include "pg/pg.h"

namespace lixin::access {

// NIST SP 800-63B, AAL2: 30 minutes without use, 12 hours in all.
inline constexpr std::chrono::minutes session_idle_max{30};
inline constexpr std::chrono::hours session_life_max{12};
inline constexpr int sessions_max = 10;  // of one account; a further one ends the oldest

struct staff_member {
  std::int64_t number = 0;
  std::string login_name, display_name;
  std::string authority;  // code
  role_set roles;
};

struct new_session {
  std::string token;       // for a cookie: HttpOnly, Secure, SameSite=Strict
  std::string csrf_token;  // for the pages; goes back in a header or a field of each change
  std::chrono::system_clock::time_point ends_at;
};
// In the caller's transaction, who has shown that it is this account (sign_in.h does; a login
// elsewhere may).
result<new_session> begin_session(pg::connection& c, std::int64_t staff, const clock& now);

struct session {
  staff_member who;  // as the account is now, not as it was at the sign-in
  std::chrono::system_clock::time_point ends_at;
};
// Whose session it is; that it was used is kept, to the minute. errc::session_ended, whatever the
// token is.
result<session> find_session(pg::connection& c, std::string_view token, const clock& now);

// False when there was none any more.
result<bool> sign_out(pg::connection& c, std::string_view token, const clock& now);
// Removes sessions that have ended by themselves; answers how many. For now and then.
result<std::int64_t> remove_ended_sessions(pg::connection& c, const clock& now);

// Bound to the session: only who has its token can make it, and it opens nothing by itself.
std::string csrf_token_of(std::string_view token);
bool csrf_fits(std::string_view token, std::string_view given);

}  // namespace lixin::access
