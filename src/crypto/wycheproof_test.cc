// The vectors of Project Wycheproof: good ones must pass, bad ones must be refused.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <filesystem>

#include "crypto/crypto.h"

namespace lixin::crypto {
namespace {

std::string from_hex(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    out += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return out;
}

std::string path_of(const char* name) {
  return std::string(LIXIN_SOURCE_DIR "/../shared/data/wycheproof/") + name;
}

std::string bytes_at(simdjson::dom::element test, const char* name) {
  return from_hex(std::string_view(test[name]));
}

TEST(wycheproof, hmac_sm3) {
  const std::string path = path_of("hmac_sm3_test.json");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path;
  simdjson::dom::parser parser;
  const simdjson::dom::element file = parser.load(path);
  int good = 0, bad = 0;
  for (const auto group : file["testGroups"]) {
    const auto tag_bytes = std::uint64_t(group["tagSize"]) / 8;
    for (const auto test : group["tests"]) {
      const std::string key = bytes_at(test, "key");
      if (key.size() < 16) continue;  // shorter keys are refused by contract
      const digest made = hmac_sm3(key, bytes_at(test, "msg"));
      const bool same =
          equal_constant_time(bytes(made).substr(0, tag_bytes), bytes_at(test, "tag"));
      const bool valid = std::string_view(test["result"]) == "valid";
      EXPECT_EQ(same, valid) << "tcId " << std::uint64_t(test["tcId"]);
      ++(valid ? good : bad);
    }
  }
  EXPECT_GT(good, 50);
  EXPECT_GT(bad, 50);
}

TEST(wycheproof, sm4_gcm) {
  const std::string path = path_of("sm4_gcm_test.json");
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "no " << path;
  simdjson::dom::parser parser;
  const simdjson::dom::element file = parser.load(path);
  int good = 0, bad = 0;
  for (const auto group : file["testGroups"]) {
    if (std::uint64_t(group["ivSize"]) != 96) continue;  // Lixin makes nonces of 12 bytes only
    for (const auto test : group["tests"]) {
      const auto opened = open(bytes_at(test, "key"),
                               bytes_at(test, "iv") + bytes_at(test, "ct") + bytes_at(test, "tag"),
                               bytes_at(test, "aad"));
      const bool valid = std::string_view(test["result"]) == "valid";
      ASSERT_EQ(opened.ok(), valid) << "tcId " << std::uint64_t(test["tcId"]);
      if (valid) {
        EXPECT_EQ(*opened, bytes_at(test, "msg"));
      }
      ++(valid ? good : bad);
    }
  }
  EXPECT_GT(good, 20);
  EXPECT_GT(bad, 20);
}

}  // namespace
}  // namespace lixin::crypto
