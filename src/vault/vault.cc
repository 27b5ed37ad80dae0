// Digests and sealing. Rows and the table are in store.cc.
#include "vault/vault.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "vault/errc.h"

namespace lixin::vault {
namespace {

// A stored text: this byte, the seal key's number (4 bytes, high one first), and what SM4-GCM made.
// Form 1 sealed the content alone; form 2 the document key, the party ordinal and the person
// before it, each with its length.
constexpr char form_content = '\1';
constexpr char form_row = '\2';
constexpr std::size_t head_bytes = 5;
constexpr std::size_t sm4_key_bytes = 16;

// The file's key is 32 bytes and SM4 takes 16: they are derived, so that the stored key itself
// enters no cipher.
std::string cipher_key(const std::string& secret) {
  const crypto::digest derived = crypto::hmac_sm3(secret, "lixin vault seal key");
  return std::string(crypto::bytes(derived).substr(0, sm4_key_bytes));
}

// Every part with its length in front: two different lists of parts never make the same text.
void append_part(std::string& out, std::string_view part) {
  fmt::format_to(std::back_inserter(out), "{}:", part.size());
  out += part;
}

std::optional<std::string_view> take_part(std::string_view& text) {
  std::size_t size = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (failed != std::errc() || end == text.data() + text.size() || *end != ':') return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  if (size > text.size()) return std::nullopt;
  const std::string_view part = text.substr(0, size);
  text.remove_prefix(size);
  return part;
}

std::string document_text(dataset_id dataset, authority_id authority, std::string_view document_key,
                          std::int32_t party_ordinal) {
  std::string text;
  append_part(text, std::to_string(dataset.value));
  append_part(text, std::to_string(authority.value));
  append_part(text, document_key);
  append_part(text, std::to_string(party_ordinal));
  return text;
}

void append_number(std::string& out, std::uint32_t n) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(n >> shift & 255);
}

// The head is bound too: a changed key number does not verify.
std::string bound_with(std::string_view head, const crypto::digest& key) {
  std::string out(head);
  out += crypto::bytes(key);
  return out;
}

crypto::digest keyed(const std::string& secret, std::string_view purpose,
                     std::string_view message) {
  // Each use has a word of its own in front, so that a digest of one use says
  // nothing in another.
  std::string text = "lixin vault ";
  append_part(text, purpose);
  text += message;
  const crypto::digest out = crypto::hmac_sm3(secret, text);
  crypto::wipe(text);
  return out;
}

result<opened_row> parts_of(std::string_view plain) {
  opened_row out;
  const auto document = take_part(plain);
  const auto party = document ? take_part(plain) : std::nullopt;
  const auto person = party ? take_part(plain) : std::nullopt;
  if (!person) return error(errc::unknown_form);
  const auto [end, failed] =
      std::from_chars(party->data(), party->data() + party->size(), out.party_ordinal);
  if (failed != std::errc() || end != party->data() + party->size())
    return error(errc::unknown_form);
  out.document_key = *document;
  out.person = *person;
  out.content = plain;
  return out;
}

}  // namespace

vault::vault(const crypto::key_file& keys) : keys_(keys) {}

const std::string& vault::secret(std::string_view purpose, int number) const {
  const auto* key = keys_.find(purpose, number);
  LIXIN_ASSERT(key != nullptr);  // keys() has seen to the numbers that it answers
  return key->secret;
}

crypto::digest vault::person_digest(std::string_view folded_number, int digest_key) const {
  return keyed(secret(digest_purpose, digest_key), "person", folded_number);
}

row_digests vault::digests(const clear_row& row, int digest_key) const {
  const std::string& key = secret(digest_purpose, digest_key);
  const std::string text =
      document_text(row.dataset, row.authority, row.document_key, row.party_ordinal);
  return {keyed(key, "key", text), keyed(key, "person", row.person),
          keyed(key, "content", row.content)};
}

crypto::digest vault::document_digest(dataset_id dataset, authority_id authority,
                                      std::string_view document_key,
                                      std::int32_t party_ordinal) const {
  std::string text = document_text(dataset, authority, document_key, party_ordinal);
  const int oldest = keys_.numbers(record_purpose).front();
  const crypto::digest out = crypto::hmac_sm3(secret(record_purpose, oldest), text);
  crypto::wipe(text);
  return out;
}

std::string text_head(int seal_key, bool whole) {
  std::string out(1, whole ? form_row : form_content);
  append_number(out, static_cast<std::uint32_t>(seal_key));
  return out;
}

std::string vault::seal(const clear_row& row, const crypto::digest& key, int seal_key,
                        bool whole) const {
  std::string plain;
  if (whole) {
    append_part(plain, row.document_key);
    append_part(plain, std::to_string(row.party_ordinal));
    append_part(plain, row.person);
  }
  plain += row.content;
  std::string out = text_head(seal_key, whole);
  std::string cipher = cipher_key(secret(seal_purpose, seal_key));
  out += crypto::seal(cipher, plain, bound_with(out, key));
  crypto::wipe(cipher);
  crypto::wipe(plain);
  return out;
}

result<opened_row> vault::open(std::string_view ciphertext, const crypto::digest& key) const {
  if (ciphertext.size() < head_bytes ||
      (ciphertext.front() != form_content && ciphertext.front() != form_row))
    return error(errc::unknown_form);
  std::uint32_t number = 0;
  for (const char c : ciphertext.substr(1, head_bytes - 1))
    number = number << 8 | static_cast<std::uint8_t>(c);
  LIXIN_TRY(const auto used, keys_.numbered(seal_purpose, static_cast<int>(number)));
  std::string cipher = cipher_key(used.secret);
  auto plain = crypto::open(cipher, ciphertext.substr(head_bytes),
                            bound_with(ciphertext.substr(0, head_bytes), key));
  crypto::wipe(cipher);
  if (!plain.ok()) return std::move(plain).error();
  if (ciphertext.front() == form_row) {
    auto out = parts_of(*plain);
    crypto::wipe(*plain);
    return out;
  }
  opened_row out;
  out.content = std::move(*plain);
  out.whole = false;
  return out;
}

crypto::digest key_check(const std::string& secret) {
  return crypto::hmac_sm3(secret, "lixin vault key check");
}

crypto::digest digest_from(std::string_view bytes) {
  crypto::digest out{};
  if (bytes.size() == out.size()) std::ranges::copy(bytes, out.begin());
  return out;
}

std::string bytea_text(std::string_view bytes) {
  return "\\x" +
         crypto::to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

}  // namespace lixin::vault
