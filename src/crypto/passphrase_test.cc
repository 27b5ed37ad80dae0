#include "crypto/passphrase.h"

#include <gtest/gtest.h>

#include "crypto/errc.h"

namespace lixin::crypto {
namespace {

constexpr std::string_view phrase = "correct horse battery";

TEST(passphrase, opens_with_the_same_and_with_nothing_else) {
  const auto locked = seal_with_passphrase(phrase, "1 receipt abc\n");
  ASSERT_TRUE(locked.ok());
  EXPECT_EQ(locked->find("receipt"), std::string::npos);
  EXPECT_EQ(open_with_passphrase(phrase, *locked).value(), "1 receipt abc\n");
  EXPECT_TRUE(
      open_with_passphrase("correct horse batterz", *locked).error().is(errc::passphrase_wrong));
  EXPECT_TRUE(seal_with_passphrase("short", "x").error().is(errc::passphrase_short));
  // Another salt each time.
  EXPECT_NE(*seal_with_passphrase(phrase, "1 receipt abc\n"), *locked);
}

TEST(passphrase, a_changed_or_cut_text_does_not_open) {
  const auto locked = seal_with_passphrase(phrase, "text");
  ASSERT_TRUE(locked.ok());
  // Opening takes a while on purpose: a few places, among them each part of the first line.
  for (const std::size_t i : {std::size_t{3}, std::size_t{13}, std::size_t{15}, std::size_t{24},
                              locked->find('\n') - 3, locked->find('\n') + 2, locked->size() - 4}) {
    std::string changed = *locked;
    changed[i] = changed[i] == '1' ? '2' : '1';
    EXPECT_FALSE(open_with_passphrase(phrase, changed).ok()) << i;
  }
  for (const std::string_view bad : {"", "lixin-locked 1 argon2id ", "lixin-locked 1 argon2id 8 1",
                                     "lixin-locked 1 argon2id 99999999 1 AAAAAAAAAAAAAAAAAAAAAA\nx",
                                     "lixin-locked 1 argon2id 8 1 short\nAAAA\n"}) {
    const auto out = open_with_passphrase(phrase, bad);
    ASSERT_FALSE(out.ok());
    EXPECT_TRUE(out.error().is(errc::not_locked_text)) << bad;
  }
}

}  // namespace
}  // namespace lixin::crypto
