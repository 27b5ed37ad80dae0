// Digests and sealing. Rows and the table are in store.cc.
#include "vault/vault.h"

#include <fmt/format.h>

#include "vault/errc.h"

namespace lixin::vault {
namespace {

constexpr std::string_view digest_purpose = "vault-digest";
constexpr std::string_view seal_purpose = "vault-seal";

// A stored text: this byte, the seal key's number (4 bytes, high one first), and what SM4-GCM made.
constexpr char form = '\1';
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

void append_number(std::string& out, std::uint32_t n) {
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(n >> shift & 255);
}

// The head is bound too: a changed key number does not verify.
std::string bound_with(std::string_view head, std::string_view bound) {
  std::string out(head);
  out += bound;
  return out;
}

}  // namespace

vault::vault(const crypto::key_file& keys) : keys_(keys) {}

crypto::digest vault::keyed(std::string_view purpose, std::string_view message) const {
  // Each use has a word of its own in front, so that a digest of one use says
  // nothing in another.
  std::string text = "lixin vault ";
  append_part(text, purpose);
  text += message;
  const crypto::digest out = crypto::hmac_sm3(keys_.newest(digest_purpose).secret, text);
  crypto::wipe(text);
  return out;
}

crypto::digest vault::person_digest(std::string_view folded_number) const {
  return keyed("person", folded_number);
}

crypto::digest vault::key_digest(dataset_id dataset, authority_id authority,
                                 std::string_view document_key, std::int32_t party_ordinal) const {
  std::string text;
  append_part(text, std::to_string(dataset.value));
  append_part(text, std::to_string(authority.value));
  append_part(text, document_key);
  append_part(text, std::to_string(party_ordinal));
  return keyed("key", text);
}

crypto::digest vault::content_digest(std::string_view json) const { return keyed("content", json); }

std::string vault::seal(std::string_view plain, std::string_view bound) const {
  const crypto::key_file::key& newest = keys_.newest(seal_purpose);
  std::string out(1, form);
  append_number(out, static_cast<std::uint32_t>(newest.number));
  std::string key = cipher_key(newest.secret);
  out += crypto::seal(key, plain, bound_with(out, bound));
  crypto::wipe(key);
  return out;
}

result<std::string> vault::open(std::string_view ciphertext, std::string_view bound) const {
  if (ciphertext.size() < head_bytes || ciphertext.front() != form)
    return error(errc::unknown_form);
  std::uint32_t number = 0;
  for (const char c : ciphertext.substr(1, head_bytes - 1))
    number = number << 8 | static_cast<std::uint8_t>(c);
  LIXIN_TRY(const auto used, keys_.numbered(seal_purpose, static_cast<int>(number)));
  std::string key = cipher_key(used.secret);
  auto out = crypto::open(key, ciphertext.substr(head_bytes),
                          bound_with(ciphertext.substr(0, head_bytes), bound));
  crypto::wipe(key);
  return out;
}

sealed_row vault::make_row(const clear_row& row) const {
  sealed_row out;
  out.dataset = row.dataset;
  out.authority = row.authority;
  out.batch = row.batch;
  out.row_number = row.row_number;
  out.key = key_digest(row.dataset, row.authority, row.document_key, row.party_ordinal);
  out.person = person_digest(row.person);
  out.content = content_digest(row.content);
  out.ciphertext = seal(row.content, crypto::bytes(out.key));
  return out;
}

result<std::string> vault::open_row(std::string_view ciphertext, const crypto::digest& key) const {
  return open(ciphertext, crypto::bytes(key));
}

}  // namespace lixin::vault
