// The digests of many texts against those of OpenSSL, one by one.
#include "crypto/sm3_lanes.h"

#include <gtest/gtest.h>

#include <random>

namespace lixin::crypto {
namespace {

// Around each length at which padding takes another block, and all lanes at different lengths.
std::vector<std::string> texts_of(std::size_t count, std::mt19937& random) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < count; ++i) {
    std::string text(i < 200 ? i : random() % 3000, '\0');
    for (char& c : text) c = static_cast<char>(random());
    out.push_back(std::move(text));
  }
  return out;
}

TEST(sm3_lanes, are_the_digests_one_by_one) {
  std::mt19937 random(7);
  for (const std::size_t count : {0u, 1u, 15u, 16u, 17u, 700u}) {
    const auto texts = texts_of(count, random);
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    std::vector<digest> got(count);
    sm3_many(views, got);
    for (std::size_t i = 0; i < count; ++i)
      ASSERT_EQ(to_hex(got[i]), to_hex(sm3(texts[i]))) << texts[i].size();
  }
}

TEST(sm3_lanes, are_the_macs_one_by_one) {
  std::mt19937 random(8);
  for (const std::size_t key_bytes : {16u, 32u, 63u, 64u}) {
    const std::string key = random_bytes(key_bytes);
    const hmac_sm3_key prepared(key);
    const auto texts = texts_of(300, random);
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    std::vector<digest> got(texts.size());
    prepared.of_many(views, got);
    for (std::size_t i = 0; i < texts.size(); ++i)
      ASSERT_EQ(to_hex(got[i]), to_hex(hmac_sm3(key, texts[i]))) << key_bytes;
  }
}

}  // namespace
}  // namespace lixin::crypto
