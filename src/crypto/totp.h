// Codes of six digits that a telephone shows for half a minute (RFC 6238 on HMAC-SHA-1, which is
// what every authenticator application takes). Thread-safe. Who accepts a code sees to it that it
// works once.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace lixin::crypto {

inline constexpr int totp_digits = 6;
inline constexpr std::chrono::seconds totp_step{30};
inline constexpr std::size_t totp_secret_bytes = 20;  // RFC 4226 section 4, R6

// The number of the step that `at` lies in: T of the RFC, from 1970.
std::int64_t totp_step_at(std::chrono::system_clock::time_point at);
// The code of a step, with leading zeros. digits: 6 to 8.
std::string totp_code(std::string_view secret, std::int64_t step, int digits = totp_digits);

// RFC 4648 section 6, upper case and without padding: how a secret is typed into a telephone.
std::string to_base32(std::string_view bytes);

}  // namespace lixin::crypto
