#include "crypto/crypto.h"

#include <botan/aead.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <sys/random.h>

#include <cerrno>
#include <exception>

#include "crypto/errc.h"

namespace lixin::crypto {
namespace {

constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t tag_bytes = 16;
constexpr std::size_t sm4_key_bytes = 16;

struct digest_context_closer {
  void operator()(EVP_MD_CTX* c) const { EVP_MD_CTX_free(c); }
};
struct mac_context_closer {
  void operator()(EVP_MAC_CTX* c) const { EVP_MAC_CTX_free(c); }
};
using digest_context = std::unique_ptr<EVP_MD_CTX, digest_context_closer>;
using mac_context = std::unique_ptr<EVP_MAC_CTX, mac_context_closer>;

// Fetched once: a fetch by name costs more than the digest of a record.
const EVP_MD* sm3_algorithm() {
  static const EVP_MD* const md = EVP_MD_fetch(nullptr, "SM3", nullptr);
  LIXIN_ASSERT(md != nullptr);
  return md;
}

void begin(EVP_MD_CTX* context) {
  LIXIN_ASSERT(EVP_DigestInit_ex2(context, sm3_algorithm(), nullptr) == 1);
}

digest end(EVP_MD_CTX* context) {
  digest out;
  unsigned length = 0;
  LIXIN_ASSERT(EVP_DigestFinal_ex(context, out.data(), &length) == 1 && length == out.size());
  return out;
}

mac_context new_hmac_context() {
  EVP_MAC* const mac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  LIXIN_ASSERT(mac != nullptr);
  mac_context context(EVP_MAC_CTX_new(mac));
  EVP_MAC_free(mac);  // the context keeps its own reference
  LIXIN_ASSERT(context != nullptr);
  char name[] = "SM3";
  const OSSL_PARAM settings[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                                 OSSL_PARAM_construct_end()};
  LIXIN_ASSERT(EVP_MAC_CTX_set_params(context.get(), settings) == 1);
  return context;
}

const std::uint8_t* raw(std::string_view s) {
  return reinterpret_cast<const std::uint8_t*>(s.data());
}

// One cipher object for each thread and direction; making one costs more than a short text.
Botan::AEAD_Mode& sm4_gcm(Botan::Cipher_Dir direction) {
  static thread_local std::unique_ptr<Botan::AEAD_Mode> modes[2];
  auto& mode = modes[direction == Botan::ENCRYPTION ? 0 : 1];
  if (!mode) mode = Botan::AEAD_Mode::create("SM4/GCM(16)", direction);
  LIXIN_ASSERT(mode != nullptr);  // a Botan built without SM4
  return *mode;
}

void prepare(Botan::AEAD_Mode& mode, std::string_view key, std::string_view bound,
             std::string_view nonce) {
  mode.set_key(raw(key), key.size());
  mode.set_associated_data(raw(bound), bound.size());
  mode.start(raw(nonce), nonce.size());
}

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

int sextet(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  if (c == '-') return 62;
  if (c == '_') return 63;
  return -1;
}

}  // namespace

digest sm3(std::string_view data) {
  static thread_local const digest_context context(EVP_MD_CTX_new());
  LIXIN_ASSERT(context != nullptr);
  begin(context.get());
  LIXIN_ASSERT(EVP_DigestUpdate(context.get(), data.data(), data.size()) == 1);
  return end(context.get());
}

struct sm3_stream::state {
  digest_context context{EVP_MD_CTX_new()};
  bool finished = false;
};

sm3_stream::sm3_stream() : state_(std::make_unique<state>()) {
  LIXIN_ASSERT(state_->context != nullptr);
  begin(state_->context.get());
}

sm3_stream::~sm3_stream() = default;
sm3_stream::sm3_stream(sm3_stream&&) noexcept = default;
sm3_stream& sm3_stream::operator=(sm3_stream&&) noexcept = default;

void sm3_stream::update(std::string_view data) {
  LIXIN_ASSERT(state_ != nullptr && !state_->finished);
  LIXIN_ASSERT(EVP_DigestUpdate(state_->context.get(), data.data(), data.size()) == 1);
}

digest sm3_stream::finish() {
  LIXIN_ASSERT(state_ != nullptr && !state_->finished);
  state_->finished = true;
  return end(state_->context.get());
}

digest hmac_sm3(std::string_view key, std::string_view data) {
  LIXIN_ASSERT(key.size() >= 16);
  static thread_local const mac_context context = new_hmac_context();
  LIXIN_ASSERT(EVP_MAC_init(context.get(), raw(key), key.size(), nullptr) == 1);
  LIXIN_ASSERT(EVP_MAC_update(context.get(), raw(data), data.size()) == 1);
  digest out;
  std::size_t length = 0;
  LIXIN_ASSERT(EVP_MAC_final(context.get(), out.data(), &length, out.size()) == 1 &&
               length == out.size());
  return out;
}

std::string random_bytes(std::size_t n) {
  std::string out(n, '\0');
  std::size_t done = 0;
  while (done < n) {
    const ssize_t got = getrandom(out.data() + done, n - done, 0);
    if (got < 0 && errno == EINTR) continue;
    // Without a generator nothing secret can be made; going on would be worse than stopping.
    LIXIN_ASSERT(got > 0);
    done += static_cast<std::size_t>(got);
  }
  return out;
}

std::string seal(std::string_view key, std::string_view plain, std::string_view bound) {
  LIXIN_ASSERT(key.size() == sm4_key_bytes);
  std::string out = random_bytes(nonce_bytes);
  auto& mode = sm4_gcm(Botan::ENCRYPTION);
  prepare(mode, key, bound, out);
  Botan::secure_vector<std::uint8_t> text(plain.begin(), plain.end());
  text.reserve(plain.size() + tag_bytes);
  mode.finish(text);
  mode.clear();  // no key stays behind in the thread's cipher object
  out.append(reinterpret_cast<const char*>(text.data()), text.size());
  return out;
}

result<std::string> open(std::string_view key, std::string_view sealed, std::string_view bound) {
  LIXIN_ASSERT(key.size() == sm4_key_bytes);
  if (sealed.size() < nonce_bytes + tag_bytes) return error(errc::not_authentic);
  auto& mode = sm4_gcm(Botan::DECRYPTION);
  try {
    prepare(mode, key, bound, sealed.substr(0, nonce_bytes));
    const std::string_view body = sealed.substr(nonce_bytes);
    Botan::secure_vector<std::uint8_t> text(body.begin(), body.end());
    mode.finish(text);
    mode.clear();
    return std::string(reinterpret_cast<const char*>(text.data()), text.size());
  } catch (const std::exception&) {
    mode.clear();
    return error(errc::not_authentic);
  }
}

bool equal_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void wipe(std::string& secret) {
  secret.resize(secret.capacity());  // what stands past the end may be left from a longer secret
  OPENSSL_cleanse(secret.data(), secret.size());
  secret.clear();
}

std::string to_hex(std::span<const std::uint8_t> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (const std::uint8_t b : bytes) {
    out += digits[b >> 4];
    out += digits[b & 15];
  }
  return out;
}

void append_base64url(std::string& out, std::string_view bytes) {
  const std::size_t first = out.size();
  out.resize(first + (bytes.size() * 4 + 2) / 3);
  char* to = out.data() + first;
  const auto byte = [&](std::size_t i) {
    return std::uint32_t{static_cast<std::uint8_t>(bytes[i])};
  };
  std::size_t i = 0;
  for (; i + 3 <= bytes.size(); i += 3) {
    const std::uint32_t bits = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    *to++ = alphabet[bits >> 18];
    *to++ = alphabet[bits >> 12 & 63];
    *to++ = alphabet[bits >> 6 & 63];
    *to++ = alphabet[bits & 63];
  }
  const std::size_t rest = bytes.size() - i;
  if (rest == 0) return;
  const std::uint32_t bits = byte(i) << 16 | (rest == 2 ? byte(i + 1) << 8 : 0);
  *to++ = alphabet[bits >> 18];
  *to++ = alphabet[bits >> 12 & 63];
  if (rest == 2) *to = alphabet[bits >> 6 & 63];
}

std::string to_base64url(std::string_view bytes) {
  std::string out;
  append_base64url(out, bytes);
  return out;
}

result<std::string> from_base64url(std::string_view text) {
  const auto wrong_from = [](std::size_t index) {
    return error(errc::not_base64url, {std::to_string(index + 1)});
  };
  std::string out;
  out.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  int held = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int six = sextet(text[i]);
    if (six < 0) return wrong_from(i);
    bits = (bits << 6 | static_cast<std::uint32_t>(six)) & 0x3fff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      out += static_cast<char>(bits >> held & 255);
    }
  }
  // One text for the same bytes: no lone last character, and its unused bits are zero.
  if (held == 6 || (bits & ((1u << held) - 1)) != 0) return wrong_from(text.size() - 1);
  return out;
}

}  // namespace lixin::crypto
