// What accounts may be called, and which passwords are taken. Private to the module.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "pg/pg.h"

namespace lixin::access {

inline constexpr std::size_t login_name_bytes_max = 32;
inline constexpr std::size_t title_chars_max = 64;
inline constexpr std::size_t code_bytes_max = 64;

// Two to 32 of a-z, 0-9, '.', '_', '-', a letter first. errc::login_name_form
result<void> check_login_name(std::string_view name);
// The text tidied: 1 to 64 characters, no number of a person in it. errc::title_form
result<std::string> checked_title(std::string_view text);
// A code of a matter or dataset, as the sheets of packs write them. errc::scope_form
result<void> check_scope_code(std::string_view code);

// After NIST SP 800-63B: length, no rules of composition, no forced change.
inline constexpr std::size_t password_chars_min = 12;
inline constexpr std::size_t password_chars_max = 128;
// What must be left when the account's names and "lixin" are taken out.
inline constexpr std::size_t password_own_chars_min = 8;
// errc::password_length, errc::password_of_names; neither repeats anything of it.
result<void> check_password(std::string_view password, std::string_view login_name,
                            std::string_view display_name);

// The number of an authority; none for "". errc::no_such_authority
result<std::optional<std::int64_t>> authority_number(pg::connection& c, const std::string& code);

}  // namespace lixin::access
