#include "crypto/argon2.h"

#include <botan/argon2.h>
#include <fmt/format.h>

#include <charconv>

#include "base/assert.h"
#include "crypto/crypto.h"

namespace lixin::crypto {
namespace {

constexpr std::string_view mark = "argon2id ";
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t hash_bytes = 32;
constexpr std::size_t argon2id_mode = 2;  // y of the RFC
// What a stored text may ask of us.
constexpr std::uint32_t kib_max = 256 * 1024;
constexpr std::uint32_t passes_max = 16;
constexpr std::uint32_t lanes_max = 4;

const std::uint8_t* raw(std::string_view s) {
  return reinterpret_cast<const std::uint8_t*>(s.data());
}

std::string_view cut_word(std::string_view& text) {
  const auto end = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

bool take_number(std::string_view& text, std::uint32_t& out, std::uint32_t most) {
  const std::string_view word = cut_word(text);
  const auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), out);
  return failed == std::errc() && end == word.data() + word.size() && out >= 1 && out <= most;
}

std::string stored_text(std::string_view salt, std::string_view hash) {
  const argon2_cost& cost = password_cost;
  return fmt::format("{}{} {} {} {} {}", mark, cost.kib, cost.passes, cost.lanes,
                     to_base64url(salt), to_base64url(hash));
}

}  // namespace

std::string argon2id(std::string_view password, std::string_view salt, const argon2_cost& cost,
                     std::size_t bytes, std::string_view secret, std::string_view data) {
  LIXIN_ASSERT(salt.size() >= 8 && cost.passes >= 1 && cost.lanes >= 1 &&
               cost.kib >= 8 * cost.lanes);
  std::string out(bytes, '\0');
  Botan::argon2(reinterpret_cast<std::uint8_t*>(out.data()), out.size(), password.data(),
                password.size(), raw(salt), salt.size(), raw(secret), secret.size(), raw(data),
                data.size(), argon2id_mode, cost.lanes, cost.kib, cost.passes);
  return out;
}

std::string hash_password(std::string_view password) {
  const std::string salt = random_bytes(salt_bytes);
  return stored_text(salt, argon2id(password, salt, password_cost, hash_bytes));
}

std::string hash_of_nobody() {
  return stored_text(std::string(salt_bytes, '\0'), std::string(hash_bytes, '\0'));
}

bool password_fits(std::string_view password, std::string_view stored) {
  if (!stored.starts_with(mark)) return false;
  stored.remove_prefix(mark.size());
  argon2_cost cost;
  if (!take_number(stored, cost.kib, kib_max) || !take_number(stored, cost.passes, passes_max) ||
      !take_number(stored, cost.lanes, lanes_max) || cost.kib < 8 * cost.lanes) {
    return false;
  }
  const auto salt = from_base64url(cut_word(stored));
  const auto hash = from_base64url(stored);
  if (!salt.ok() || salt->size() != salt_bytes || !hash.ok() || hash->size() != hash_bytes)
    return false;
  return equal_constant_time(argon2id(password, *salt, cost, hash_bytes), *hash);
}

}  // namespace lixin::crypto
