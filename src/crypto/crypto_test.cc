#include "crypto/crypto.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "crypto/errc.h"

namespace lixin::crypto {
namespace {

std::string from_hex(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return out;
}

std::string hex_of(std::string_view bytes) {
  return to_hex({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

// GB/T 32905-2016, appendix A.
TEST(sm3, examples_of_the_standard) {
  EXPECT_EQ(to_hex(sm3("abc")), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  std::string text;
  for (int i = 0; i < 16; ++i) text += "abcd";
  EXPECT_EQ(to_hex(sm3(text)), "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

TEST(sm3, stream_of_any_pieces_is_the_whole) {
  const std::string text = random_bytes(1000);
  for (const std::size_t piece : {1u, 7u, 64u, 999u, 1000u}) {
    sm3_stream s;
    for (std::size_t i = 0; i < text.size(); i += piece)
      s.update(std::string_view(text).substr(i, piece));
    EXPECT_EQ(s.finish(), sm3(text)) << piece;
  }
  EXPECT_EQ(sm3_stream().finish(), sm3(""));
}

TEST(sm3, a_moved_stream_goes_on) {
  sm3_stream a;
  a.update("a");
  sm3_stream b = std::move(a);
  b.update("bc");
  a = sm3_stream();
  a.update("abc");
  EXPECT_EQ(b.finish(), sm3("abc"));
  EXPECT_EQ(a.finish(), sm3("abc"));
}

TEST(sm3, threads_do_not_disturb_each_other) {
  std::vector<std::thread> threads;
  std::array<bool, 4> good{};
  for (std::size_t t = 0; t < good.size(); ++t) {
    threads.emplace_back([&good, t] {
      const std::string text(t * 100, 'x');
      const std::string key(16 + t, 'k');
      const digest plain = sm3(text);
      const digest keyed = hmac_sm3(key, text);
      good[t] = true;
      for (int i = 0; i < 500; ++i)
        good[t] = good[t] && sm3(text) == plain && hmac_sm3(key, text) == keyed;
    });
  }
  for (auto& t : threads) t.join();
  EXPECT_THAT(good, testing::Each(true));
}

// By the definition of RFC 2104, so that the test does not lean on the library's own HMAC.
TEST(hmac_sm3, is_the_construction_of_rfc_2104) {
  for (const std::size_t key_size : {16u, 32u, 63u, 64u, 65u, 200u}) {
    const std::string key = random_bytes(key_size);
    std::string block(key.size() > 64 ? std::string(bytes(sm3(key))) : key);
    block.resize(64);
    std::string inner = block, outer = block;
    for (char& c : inner) c = static_cast<char>(c ^ 0x36);
    for (char& c : outer) c = static_cast<char>(c ^ 0x5c);
    const digest expected = sm3(outer + std::string(bytes(sm3(inner + "message"))));
    EXPECT_EQ(hmac_sm3(key, "message"), expected) << key_size;
  }
}

TEST(random_bytes, has_the_asked_length_and_does_not_repeat) {
  for (const std::size_t n : {0u, 1u, 300u}) EXPECT_EQ(random_bytes(n).size(), n);
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(random_bytes(16));
  EXPECT_EQ(seen.size(), 1000u);
}

// GB/T 32907 in GCM: RFC 8998, appendix A.1.
TEST(sm4_gcm, opens_the_example_of_rfc_8998) {
  const std::string key = from_hex("0123456789abcdeffedcba9876543210");
  const std::string nonce = from_hex("00001234567800000000abcd");
  const std::string bound = from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
  const std::string text = from_hex(
      "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
      "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d");
  const std::string tag = from_hex("83de3541e4c2b58177e065a9bf7b62ec");
  const auto opened = open(key, nonce + text + tag, bound);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(hex_of(*opened),
            "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
            "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa");
}

TEST(sm4_gcm, opens_what_it_sealed) {
  const std::string key = random_bytes(16);
  for (const std::size_t n : {0u, 1u, 15u, 16u, 17u, 4096u, 100'000u}) {
    const std::string plain = random_bytes(n);
    const std::string sealed = seal(key, plain, "row 1");
    EXPECT_EQ(sealed.size(), n + 28);
    const auto opened = open(key, sealed, "row 1");
    ASSERT_TRUE(opened.ok()) << n;
    EXPECT_EQ(*opened, plain);
  }
}

TEST(sm4_gcm, the_same_text_is_sealed_differently_each_time) {
  const std::string key = random_bytes(16);
  EXPECT_NE(seal(key, "text", ""), seal(key, "text", ""));
}

TEST(sm4_gcm, refuses_every_changed_byte_and_length) {
  const std::string key = random_bytes(16);
  const std::string sealed = seal(key, "some text of a person", "row 1");
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const auto opened = open(key, changed, "row 1");
    ASSERT_FALSE(opened.ok()) << i;
    EXPECT_TRUE(opened.error().is(errc::not_authentic));
    EXPECT_FALSE(open(key, sealed.substr(0, i), "row 1").ok()) << i;
  }
  EXPECT_FALSE(open(key, sealed, "row 2").ok());
  EXPECT_FALSE(open(key, sealed, "").ok());
  EXPECT_FALSE(open(random_bytes(16), sealed, "row 1").ok());
  EXPECT_TRUE(open(key, sealed, "row 1").ok());  // a refusal leaves nothing behind
}

TEST(equal_constant_time, compares_bytes_and_lengths) {
  EXPECT_TRUE(equal_constant_time("", ""));
  EXPECT_TRUE(equal_constant_time(std::string_view("a\0b", 3), std::string_view("a\0b", 3)));
  EXPECT_FALSE(equal_constant_time("abc", "abd"));
  EXPECT_FALSE(equal_constant_time("abc", "ab"));
}

TEST(wipe, overwrites_the_bytes_that_stood_there) {
  std::string secret(100, 's');
  const char* const place = secret.data();
  wipe(secret);
  EXPECT_TRUE(secret.empty());
  ASSERT_EQ(secret.data(), place);  // the same memory, which the string still owns
  secret.resize(100, '\1');
  std::string again(100, 's');
  again.resize(3);  // what is past the end goes too
  wipe(again);
  EXPECT_GE(again.capacity(), 100u);
  EXPECT_EQ(again.data()[0], '\0');
}

TEST(hex, is_lower_case_and_complete) {
  const std::array<std::uint8_t, 4> some{0x00, 0x0f, 0xa5, 0xff};
  EXPECT_EQ(to_hex(some), "000fa5ff");
}

// RFC 4648, section 10, without padding.
TEST(base64url, examples_of_the_rfc) {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
      {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xfe", "-__-"}};
  for (const auto& [plain, coded] : cases) {
    EXPECT_EQ(to_base64url(plain), coded);
    const auto back = from_base64url(coded);
    ASSERT_TRUE(back.ok()) << coded;
    EXPECT_EQ(*back, plain);
  }
}

TEST(base64url, goes_there_and_back) {
  for (std::size_t n = 0; n < 70; ++n) {
    const std::string plain = random_bytes(n);
    EXPECT_EQ(from_base64url(to_base64url(plain)).value(), plain);
  }
}

TEST(base64url, refuses_what_it_would_not_write) {
  // Padding, the other alphabet, blanks, a lone last character, unused bits that are not zero.
  for (const char* text : {"Zg==", "+/8", "Zm 9v", "Zm9v\n", "Z", "Zm9vY", "Zh", "Zm9", "沧"}) {
    const auto got = from_base64url(text);
    ASSERT_FALSE(got.ok()) << text;
    EXPECT_TRUE(got.error().is(errc::not_base64url));
  }
  EXPECT_EQ(from_base64url("Zm!v").error().args()[0], "3");
}

}  // namespace
}  // namespace lixin::crypto
