// The national commercial algorithms and what is built from them: SM3 (GB/T 32905), HMAC-SM3,
// SM4-GCM (GB/T 32907, GCM of NIST SP 800-38D), random bytes, and the text forms of bytes.
// OpenSSL and Botan stay in the .cc files. Stateless functions are thread-safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "crypto/key_file.h"

namespace lixin::crypto {

using digest = std::array<std::uint8_t, 32>;

digest sm3(std::string_view data);

// SM3 over pieces: update any number of times, then finish once.
class sm3_stream {
 public:
  sm3_stream();
  ~sm3_stream();
  sm3_stream(sm3_stream&&) noexcept;
  sm3_stream& operator=(sm3_stream&&) noexcept;
  void update(std::string_view data);
  digest finish();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

// key: 16 bytes or more.
digest hmac_sm3(std::string_view key, std::string_view data);

// n random bytes from the operating system's generator.
std::string random_bytes(std::size_t n);

// SM4-GCM. key: 16 bytes. The answer is nonce (12) || ciphertext || tag (16); `bound` is
// authenticated but not encrypted (what the text belongs to).
std::string seal(std::string_view key, std::string_view plain, std::string_view bound);
// errc::not_authentic when key, text or `bound` differ from those of seal().
result<std::string> open(std::string_view key, std::string_view sealed, std::string_view bound);

bool equal_constant_time(std::string_view a, std::string_view b);
// Overwrites the bytes so that they do not linger; the compiler may not drop it.
void wipe(std::string& secret);

std::string to_hex(std::span<const std::uint8_t> bytes);
std::string to_base64url(std::string_view bytes);  // no padding (RFC 4648 section 5)
void append_base64url(std::string& out, std::string_view bytes);
result<std::string> from_base64url(std::string_view text);
inline std::string_view bytes(const digest& d) {
  return {reinterpret_cast<const char*>(d.data()), d.size()};
}

}  // namespace lixin::crypto
