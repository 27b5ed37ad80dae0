// What staff.cc, sign_in.cc and session.cc share. Private to the module.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/date.h"
#include "base/error.h"
#include "crypto/key_file.h"
#include "pg/pg.h"

namespace lixin::access {

// In the caller's transaction.
result<void> end_sessions(pg::connection& c, std::int64_t staff);
// Stores the password of an account, ends its lock-out and its sessions, and says so in the audit
// chain: the end of the caller's transaction.
result<void> put_password(pg::connection& c, std::int64_t staff, const std::string& login_name,
                          std::string_view hash, const std::string& actor, const clock& now);
// The secret of an account's codes, sealed; what is sealed opens for no other account.
std::string seal_totp(const crypto::key_file::key& key, std::int64_t staff,
                      std::string_view secret);
result<std::string> open_totp(const crypto::key_file::key& key, std::int64_t staff,
                              std::string_view sealed);
// "staff 3 (li)": an account in the audit chain.
std::string name_of_staff(std::int64_t staff, std::string_view login_name);

}  // namespace lixin::access
