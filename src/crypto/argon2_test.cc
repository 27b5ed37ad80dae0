#include "crypto/argon2.h"

#include <gtest/gtest.h>

#include "crypto/crypto.h"

namespace lixin::crypto {
namespace {

std::string hex_of(std::string_view bytes) {
  return to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

// RFC 9106, section 5.3.
TEST(argon2id, example_of_the_rfc) {
  EXPECT_EQ(hex_of(argon2id(std::string(32, '\1'), std::string(16, '\2'),
                            {.kib = 32, .passes = 3, .lanes = 4}, 32, std::string(8, '\3'),
                            std::string(12, '\4'))),
            "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
}

TEST(password, fits_what_it_was_hashed_from_and_nothing_else) {
  const std::string stored = hash_password("correct horse battery");
  EXPECT_TRUE(stored.starts_with("argon2id 19456 2 1 ")) << stored;
  EXPECT_EQ(stored.find("horse"), std::string::npos);
  EXPECT_TRUE(password_fits("correct horse battery", stored));
  EXPECT_FALSE(password_fits("correct horse batterz", stored));
  EXPECT_FALSE(password_fits("", stored));
  EXPECT_NE(hash_password("correct horse battery"), stored) << "another salt each time";
}

TEST(password, nobodys_costs_as_much_and_fits_nothing) {
  const std::string nobody = hash_of_nobody();
  EXPECT_TRUE(nobody.starts_with("argon2id 19456 2 1 ")) << nobody;
  EXPECT_EQ(nobody.size(), hash_password("x").size());
  EXPECT_FALSE(password_fits("", nobody));
  EXPECT_FALSE(password_fits(std::string(32, '\0'), nobody));
}

TEST(password, a_text_of_another_form_fits_nothing) {
  const std::string stored = hash_password("correct horse battery");
  const std::string salt_and_digest = stored.substr(std::string_view("argon2id 19456 2 1 ").size());
  for (const std::string& bad :
       {std::string(), std::string("argon2id"), "argon2i 19456 2 1 " + salt_and_digest,
        "argon2id 99999999 2 1 " + salt_and_digest, "argon2id 19456 99 1 " + salt_and_digest,
        "argon2id 19456 2 9 " + salt_and_digest, "argon2id 7 2 1 " + salt_and_digest,
        "argon2id 19456 2 -1 " + salt_and_digest, stored + "A", stored.substr(0, stored.size() - 2),
        "argon2id 19457 2 1 " + salt_and_digest}) {
    EXPECT_FALSE(password_fits("correct horse battery", bad)) << bad;
  }
}

}  // namespace
}  // namespace lixin::crypto
