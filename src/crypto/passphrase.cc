#include "crypto/passphrase.h"

#include <fmt/format.h>

#include <charconv>

#include "crypto/argon2.h"
#include "crypto/crypto.h"
#include "crypto/errc.h"

namespace lixin::crypto {
namespace {

constexpr std::string_view mark = "lixin-locked 1 argon2id ";
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t sm4_key_bytes = 16;
// Half a second once in a while: a passphrase is worth more tries than a login.
constexpr std::uint32_t kib = 64 * 1024;
constexpr std::uint32_t passes = 3;
// What a file may ask of us.
constexpr std::uint32_t kib_max = 1024 * 1024;
constexpr std::uint32_t passes_max = 16;

std::string key_of(std::string_view passphrase, std::string_view salt, std::uint32_t memory,
                   std::uint32_t times) {
  return argon2id(passphrase, salt, {memory, times, 1}, sm4_key_bytes);
}

bool take_number(std::string_view& text, std::uint32_t& out, std::uint32_t most) {
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failed != std::errc() || end == text.data() + text.size() || *end != ' ') return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return out >= 1 && out <= most;
}

}  // namespace

result<std::string> seal_with_passphrase(std::string_view passphrase, std::string_view plain) {
  if (passphrase.size() < passphrase_bytes_min)
    return error(errc::passphrase_short,
                 {std::to_string(passphrase_bytes_min), std::to_string(passphrase.size())});
  const std::string salt = random_bytes(salt_bytes);
  const std::string head = fmt::format("{}{} {} {}", mark, kib, passes, to_base64url(salt));
  std::string key = key_of(passphrase, salt, kib, passes);
  const std::string sealed = seal(key, plain, head);
  wipe(key);
  return fmt::format("{}\n{}\n", head, to_base64url(sealed));
}

result<std::string> open_with_passphrase(std::string_view passphrase, std::string_view locked) {
  const auto line = locked.find('\n');
  if (!locked.starts_with(mark) || line == std::string_view::npos)
    return error(errc::not_locked_text);
  const std::string_view head = locked.substr(0, line);
  std::string_view rest = head.substr(mark.size());
  std::uint32_t memory = 0;
  std::uint32_t times = 0;
  if (!take_number(rest, memory, kib_max) || !take_number(rest, times, passes_max) || memory < 8)
    return error(errc::not_locked_text);
  const auto salt = from_base64url(rest);
  std::string_view body = locked.substr(line + 1);
  while (body.ends_with('\n') || body.ends_with('\r')) body.remove_suffix(1);
  const auto sealed = from_base64url(body);
  if (!salt.ok() || salt->size() != salt_bytes || !sealed.ok()) return error(errc::not_locked_text);
  std::string key = key_of(passphrase, *salt, memory, times);
  auto out = open(key, *sealed, head);
  wipe(key);
  if (!out.ok()) return error(errc::passphrase_wrong);
  return out;
}

}  // namespace lixin::crypto
