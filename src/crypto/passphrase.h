// A text locked by a passphrase: argon2id makes the key, SM4-GCM seals, and what is needed to open
// it again stands in the first line. For backups of key files. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace lixin::crypto {

inline constexpr std::size_t passphrase_bytes_min = 12;

// "lixin-locked 1 argon2id <KiB> <passes> <salt>\n<sealed text>\n", both base64url.
// errc::passphrase_short
result<std::string> seal_with_passphrase(std::string_view passphrase, std::string_view plain);
// errc::not_locked_text, errc::passphrase_wrong
result<std::string> open_with_passphrase(std::string_view passphrase, std::string_view locked);

}  // namespace lixin::crypto
