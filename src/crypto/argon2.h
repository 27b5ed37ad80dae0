// Argon2id (RFC 9106): digests that take memory and time on purpose, for what people remember.
// Thread-safe; a password takes tens of milliseconds and 19 MiB, so not on a thread that serves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace lixin::crypto {

struct argon2_cost {
  std::uint32_t kib = 0;  // memory, from 8 for each lane
  std::uint32_t passes = 0;
  std::uint32_t lanes = 1;
};

// salt: 8 bytes or more. `secret` and `data` are K and X of the RFC.
std::string argon2id(std::string_view password, std::string_view salt, const argon2_cost& cost,
                     std::size_t bytes, std::string_view secret = {}, std::string_view data = {});

// 19 MiB, two passes: what OWASP's cheat sheet on password storage gives for argon2id.
inline constexpr argon2_cost password_cost{19 * 1024, 2, 1};

// "argon2id <KiB> <passes> <lanes> <salt> <digest>", the last two base64url; another salt each
// time.
std::string hash_password(std::string_view password);
// A stored text of the same cost that nothing fits: where there is no account, so that the answer
// takes as long.
std::string hash_of_nobody();
// False also when `stored` is no text of hash_password(). Compares in constant time.
bool password_fits(std::string_view password, std::string_view stored);

}  // namespace lixin::crypto
