// SM3 and HMAC-SM3 of many texts at once, a text in each lane of a vector register: several times
// as many digests a second as one by one, which is what a file of answers needs. The widest
// registers that the processor has are used. Stateless and thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "crypto/crypto.h"

namespace lixin::crypto {

// out[i] = sm3(texts[i]); as many of both.
void sm3_many(std::span<const std::string_view> texts, std::span<digest> out);

// The state of SM3 after the blocks that a key makes, so that they are not done again.
class hmac_sm3_key {
 public:
  explicit hmac_sm3_key(std::string_view key);  // 16 to 64 bytes
  // out[i] = hmac_sm3(key, texts[i]).
  void of_many(std::span<const std::string_view> texts, std::span<digest> out) const;

 private:
  using state = std::array<std::uint32_t, 8>;
  state inner_, outer_;
};

}  // namespace lixin::crypto
