#include "crypto/totp.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "base/assert.h"

namespace lixin::crypto {

std::int64_t totp_step_at(std::chrono::system_clock::time_point at) {
  return std::chrono::floor<std::chrono::seconds>(at.time_since_epoch()) / totp_step;
}

std::string totp_code(std::string_view secret, std::int64_t step, int digits) {
  LIXIN_ASSERT(digits >= 6 && digits <= 8);
  std::array<std::uint8_t, 8> counter{};
  for (std::size_t i = 0; i < counter.size(); ++i) {
    counter[i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(step) >> (56 - 8 * i));
  }
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> mac{};
  unsigned length = 0;
  LIXIN_ASSERT(HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(),
                    counter.size(), mac.data(), &length) != nullptr);
  // RFC 4226 section 5.3: the last four bits say where the number begins.
  const std::size_t at = mac[length - 1] & 15U;
  const std::uint32_t number = (mac[at] & 0x7fU) << 24 | std::uint32_t{mac[at + 1]} << 16 |
                               std::uint32_t{mac[at + 2]} << 8 | std::uint32_t{mac[at + 3]};
  constexpr std::array<std::uint32_t, 3> limits{1'000'000, 10'000'000, 100'000'000};
  return fmt::format("{:0{}}", number % limits[static_cast<std::size_t>(digits - 6)], digits);
}

std::string to_base32(std::string_view bytes) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : bytes) {
    bits = (bits << 8 | static_cast<std::uint8_t>(c)) & 0xfff;
    held += 8;
    while (held >= 5) {
      held -= 5;
      out += alphabet[bits >> held & 31];
    }
  }
  if (held > 0) out += alphabet[bits << (5 - held) & 31];
  return out;
}

}  // namespace lixin::crypto
