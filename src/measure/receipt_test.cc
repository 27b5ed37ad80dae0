#include "measure/receipt.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "measure/errc.h"

namespace lixin::measure {
namespace {

class Receipt : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "lixin-receipt-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  crypto::key_file keys(const std::string& name) {
    auto k = crypto::key_file::open_or_create((folder_ / name).string());
    EXPECT_TRUE(k.ok());
    return std::move(k).value();
  }

  receipt_content content() {
    receipt_content c;
    c.code = "91130900MA0TRLA00X";
    c.matter = "procurement.bid";
    c.as_of = date(2026, 11, 24);
    c.asked_on = date(2026, 11, 24);
    c.known_at = position(123456789);
    c.asked_at = position(123456790);
    c.packs = {pack_version_id(1), pack_version_id(200), pack_version_id(3)};
    c.packs_now = {pack_version_id(4)};
    c.asker = "沧州市公共资源交易中心";
    c.caller = {policy::caller_kind::sharing_group, "procurement"};
    c.answer_digest = crypto::sm3("answer");
    return c;
  }

  std::filesystem::path folder_;
};

TEST_F(Receipt, ComesBackWhole) {
  const auto k = keys("keys");
  const std::string text = sign_receipt(content(), k);
  EXPECT_EQ(
      text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."),
      std::string::npos);
  EXPECT_LT(text.size(), 300u);
  const auto back = open_receipt(text, k);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, content());
  EXPECT_EQ(sign_receipt(*back, k), text);
}

TEST_F(Receipt, EveryMemberComesBack) {
  const auto k = keys("keys");
  receipt_content c;  // all empty
  EXPECT_EQ(*open_receipt(sign_receipt(c, k), k), c);
  c.failed = code_layer::personal_number;
  c.as_of = date(1900, 1, 1);
  c.asked_on = date(2199, 12, 31);
  c.known_at = position(INT64_MAX);
  c.asker = std::string(800, 'x');
  EXPECT_EQ(*open_receipt(sign_receipt(c, k), k), c);
}

// Any sign changed, dropped or added anywhere.
TEST_F(Receipt, NoSignCanBeChanged) {
  const auto k = keys("keys");
  const std::string text = sign_receipt(content(), k);
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (const char other : {'A', 'B', 'z', '0', '.', '=', ' '}) {
      if (text[i] == other) continue;
      std::string bad = text;
      bad[i] = other;
      EXPECT_FALSE(open_receipt(bad, k).ok()) << i << other;
    }
    std::string cut = text;
    cut.erase(i, 1);
    EXPECT_FALSE(open_receipt(cut, k).ok()) << i;
    EXPECT_FALSE(open_receipt(text.substr(0, i), k).ok()) << i;
  }
  EXPECT_FALSE(open_receipt(text + "A", k).ok());
  EXPECT_FALSE(open_receipt(text + "=", k).ok());
  EXPECT_FALSE(open_receipt(text + "\n", k).ok());
}

TEST_F(Receipt, AnotherKeyIsNotOurs) {
  const std::string text = sign_receipt(content(), keys("keys"));
  const auto back = open_receipt(text, keys("other"));
  ASSERT_FALSE(back.ok());
  EXPECT_TRUE(back.error().is(errc::receipt_not_ours));
  EXPECT_EQ(back.error().kind(), failure::refused);
}

TEST_F(Receipt, WhatHasNotTheFormSaysSo) {
  const auto k = keys("keys");
  for (const std::string& text :
       {std::string(), std::string("LXR1."), std::string("LXR1.."), std::string("LXR1.AAAA"),
        std::string("LXR2.AAAA.AAAA"), std::string("LXR1.*.AAAA"), std::string("hello"),
        "LXR1." + std::string(5000, 'A') + ".AAAA"}) {
    const auto back = open_receipt(text, k);
    ASSERT_FALSE(back.ok()) << text;
    EXPECT_TRUE(back.error().is(errc::receipt_unreadable)) << text;
  }
}

}  // namespace
}  // namespace lixin::measure
