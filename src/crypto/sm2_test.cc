#include "crypto/sm2.h"

#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

#include "crypto/crypto.h"
#include "crypto/errc.h"

namespace lixin::crypto {
namespace {

std::string from_hex(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return out;
}

// GB/T 32918.5-2017, annex A.2: the signature of "message digest" by ALICE123's key with the usual
// id on the recommended curve.
constexpr std::string_view standard_private =
    "3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8";
constexpr std::string_view standard_point =
    "09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020"
    "CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13";
constexpr std::string_view standard_signature =
    "F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3"
    "B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA";

// The secret whose private number is the standard's: one less.
std::string standard_secret() {
  std::string out = from_hex(standard_private);
  out.back() = static_cast<char>(out.back() - 1);
  return out;
}

TEST(sm2, the_example_of_the_standard_verifies) {
  const std::string point = from_hex(standard_point);
  EXPECT_TRUE(sm2_verify(point, "message digest", from_hex(standard_signature)));
  EXPECT_FALSE(sm2_verify(point, "message digesu", from_hex(standard_signature)));
  EXPECT_EQ(sm2_public_point(standard_secret()), point);
}

TEST(sm2, signs_what_verifies_and_nothing_else_does) {
  const std::string secret = random_bytes(32);
  const std::string point = sm2_public_point(secret);
  const std::string signature = sm2_sign(secret, "text");
  ASSERT_EQ(signature.size(), 64U);
  EXPECT_TRUE(sm2_verify(point, "text", signature));
  EXPECT_FALSE(sm2_verify(point, "texu", signature));
  EXPECT_FALSE(sm2_verify(from_hex(standard_point), "text", signature));
  for (std::size_t i = 0; i < signature.size(); ++i) {
    std::string changed = signature;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(sm2_verify(point, "text", changed)) << i;
    std::string moved = point;
    moved[i] = static_cast<char>(moved[i] ^ 1);
    EXPECT_FALSE(sm2_verify(moved, "text", signature)) << i;
  }
  EXPECT_FALSE(sm2_verify(point, "text", ""));
  EXPECT_FALSE(sm2_verify("", "text", signature));
  EXPECT_FALSE(sm2_verify(std::string(64, '\0'), "text", signature));
}

TEST(sm2, any_32_bytes_are_a_key) {
  for (const std::string& secret : {std::string(32, '\0'), std::string(32, '\xff')}) {
    EXPECT_TRUE(sm2_verify(sm2_public_point(secret), "text", sm2_sign(secret, "text")));
  }
}

TEST(sm2, the_public_key_goes_through_pem) {
  const std::string point = sm2_public_point(random_bytes(32));
  const std::string pem = sm2_to_pem(point);
  EXPECT_TRUE(pem.starts_with("-----BEGIN PUBLIC KEY-----\n"));
  EXPECT_EQ(sm2_from_pem(pem).value(), point);
  for (const std::string& bad :
       {std::string(), std::string("text"), pem.substr(0, 60),
        // P-256, an ordinary key of another curve
        std::string("-----BEGIN PUBLIC KEY-----\n"
                    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEYP7UuiVanTHJYet0xjV"
                    "tUZUBLTL7\n6x8hpzCRIX6n9HkDrz7UU4oOlJxDN4dWRD8GhxTtCVU"
                    "vnqpUFC/rOVlDoQ==\n-----END PUBLIC KEY-----\n")}) {
    const auto out = sm2_from_pem(bad);
    ASSERT_FALSE(out.ok());
    EXPECT_TRUE(out.error().is(errc::not_sm2_key));
  }
}

// OpenSSL reads the key and agrees with the signatures, and Lixin with OpenSSL's.
struct pkey_closer {
  void operator()(EVP_PKEY* k) const { EVP_PKEY_free(k); }
};
struct context_closer {
  void operator()(EVP_MD_CTX* c) const { EVP_MD_CTX_free(c); }
};

bool openssl_verifies(const std::string& pem, std::string_view message, std::string_view rs) {
  BIO* in = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  const std::unique_ptr<EVP_PKEY, pkey_closer> key(
      PEM_read_bio_PUBKEY(in, nullptr, nullptr, nullptr));
  BIO_free(in);
  if (!key) return false;
  const auto* raw = reinterpret_cast<const unsigned char*>(rs.data());
  ECDSA_SIG* pair = ECDSA_SIG_new();
  ECDSA_SIG_set0(pair, BN_bin2bn(raw, 32, nullptr), BN_bin2bn(raw + 32, 32, nullptr));
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair, &der);
  ECDSA_SIG_free(pair);
  const std::unique_ptr<EVP_MD_CTX, context_closer> context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* settings = EVP_PKEY_CTX_new(key.get(), nullptr);
  EVP_PKEY_CTX_set1_id(settings, "1234567812345678", 16);
  EVP_MD_CTX_set_pkey_ctx(context.get(), settings);
  const bool good =
      EVP_DigestVerifyInit(context.get(), nullptr, EVP_sm3(), nullptr, key.get()) == 1 &&
      EVP_DigestVerify(context.get(), der, static_cast<std::size_t>(size),
                       reinterpret_cast<const unsigned char*>(message.data()), message.size()) == 1;
  OPENSSL_free(der);
  EVP_PKEY_CTX_free(settings);
  return good;
}

TEST(sm2, openssl_agrees) {
  for (int i = 0; i < 20; ++i) {
    const std::string secret = random_bytes(32);
    const std::string pem = sm2_to_pem(sm2_public_point(secret));
    const std::string signature = sm2_sign(secret, "lixin-audit-head 1\n");
    EXPECT_TRUE(openssl_verifies(pem, "lixin-audit-head 1\n", signature));
    EXPECT_FALSE(openssl_verifies(pem, "lixin-audit-head 2\n", signature));
  }
  EXPECT_TRUE(openssl_verifies(sm2_to_pem(from_hex(standard_point)), "message digest",
                               from_hex(standard_signature)));
}

}  // namespace
}  // namespace lixin::crypto
