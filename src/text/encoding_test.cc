#include "text/encoding.h"

#include <gtest/gtest.h>

#include "text/errc.h"
#include "text/utf8.h"

namespace lixin::text {
namespace {

using std::string_literals::operator""s;

// "沧州市" in GB18030.
constexpr std::string_view cangzhou_gb = "\xB2\xD7\xD6\xDD\xCA\xD0";

TEST(encoding, names) {
  EXPECT_EQ(name(encoding::utf8), "UTF-8");
  EXPECT_EQ(name(encoding::gb18030), "GB18030");
  for (const auto* n : {"gbk", "GBK", "gb2312", "GB-18030", "gb18030"}) {
    EXPECT_EQ(encoding_named(n), encoding::gb18030) << n;
  }
  for (const auto* n : {"utf8", "UTF-8", "utf_8"}) EXPECT_EQ(encoding_named(n), encoding::utf8);
  for (const auto* n : {"", "latin1", "utf-16", "gbk1"}) EXPECT_FALSE(encoding_named(n)) << n;
}

TEST(encoding, prefix_ends_at_first_bad_byte) {
  EXPECT_EQ(valid_utf8_prefix(""), 0u);
  EXPECT_EQ(valid_utf8_prefix("沧州abcdefgh沧"), 17u);
  const std::string_view broken[] = {"\x80",
                                     "\xC0\x80",
                                     "\xC1\xBF",
                                     "\xE0\x9F\xBF",
                                     "\xED\xA0\x80",
                                     "\xED\xBF\xBF",
                                     "\xF0\x8F\xBF\xBF",
                                     "\xF4\x90\x80\x80",
                                     "\xF5\x80\x80\x80",
                                     "\xFF",
                                     "\xE6\xB2",
                                     "\xE6\xB2x",
                                     "\xF0\x9F\x98",
                                     "\xC3"};
  for (const auto tail : broken) {
    for (const std::string head : {"", "a", "1234567", "12345678", "123456789abcdef沧", "沧州"}) {
      EXPECT_EQ(valid_utf8_prefix(head + std::string(tail)), head.size());
      EXPECT_EQ(valid_utf8_prefix(head + std::string(tail) + "12345678"), head.size());
    }
  }
}

TEST(encoding, every_code_point_is_valid_but_surrogates) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    std::string sign;
    append_code_point(sign, c);
    const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
    ASSERT_EQ(valid_utf8_prefix(sign), surrogate ? 0 : sign.size()) << static_cast<unsigned>(c);
    const code_point back = code_point_at(sign, 0);
    ASSERT_EQ(back.value, c);
    ASSERT_EQ(back.size, sign.size());
  }
}

TEST(encoding, mark_is_cut_and_reported) {
  std::string_view with = "\xEF\xBB\xBF沧";
  EXPECT_TRUE(cut_bom(with));
  EXPECT_EQ(with, "沧");
  EXPECT_FALSE(cut_bom(with));
}

TEST(encoding, detects_utf8_and_gb18030) {
  EXPECT_EQ(*detect("", false), encoding::utf8);
  EXPECT_EQ(*detect("a,b\n1,2\n", false), encoding::utf8);
  EXPECT_EQ(*detect("\xEF\xBB\xBF单位名称", false), encoding::utf8);
  EXPECT_EQ(*detect(cangzhou_gb, false), encoding::gb18030);
  EXPECT_EQ(*detect("a\x81\x30\x81\x30", false), encoding::gb18030);
}

TEST(encoding, sign_cut_at_the_end_passes_only_when_said) {
  const std::string text = "单位𠮷";
  for (std::size_t size = 7; size < text.size(); ++size) {
    EXPECT_EQ(*detect(text.substr(0, size), true), encoding::utf8) << size;
  }
  EXPECT_EQ(*detect(cangzhou_gb.substr(0, 5), true), encoding::gb18030);
  EXPECT_TRUE(detect(cangzhou_gb.substr(0, 5), false).error().is(errc::neither_encoding));
  EXPECT_EQ(detect(cangzhou_gb.substr(0, 5), false).error().args()[0], "4");
}

TEST(encoding, refuses_what_is_no_text) {
  EXPECT_TRUE(detect("\xFF\xFE"
                     "a\0b\0"s,
                     false)
                  .error()
                  .is(errc::utf16));
  EXPECT_TRUE(detect("a\0b\0c\0d\0"s, false).error().is(errc::utf16));
  const auto binary = detect("PK\x03\x04\x14 abc\0\x06\x00"s, false);
  EXPECT_TRUE(binary.error().is(errc::binary));
  EXPECT_EQ(binary.error().args()[0], "9");
  EXPECT_TRUE(detect("abc\xFFz", false).error().is(errc::neither_encoding));
}

// Read as GB18030 such a file would turn into other Chinese signs without any error.
TEST(encoding, utf8_with_one_broken_sign_is_not_taken_for_gb18030) {
  const std::string good = "沧州市市场监督管理局行政处罚决定书";
  const auto answer = detect(good + "\xB2\xD7" + good, false);
  ASSERT_FALSE(answer.ok());
  EXPECT_TRUE(answer.error().is(errc::broken_utf8));
  EXPECT_EQ(answer.error().args()[0], std::to_string(good.size()));
  EXPECT_TRUE(detect("\xEF\xBB\xBF"
                     "a\xB2\xD7",
                     false)
                  .error()
                  .is(errc::broken_utf8));
}

TEST(encoding, decodes_gb18030) {
  EXPECT_EQ(*gb18030_to_utf8(""), "");
  EXPECT_EQ(*gb18030_to_utf8(cangzhou_gb), "沧州市");
  EXPECT_EQ(*gb18030_to_utf8("a\r\n\xA3\xA8\xA1\xB2"), "a\r\n（〔");
  EXPECT_EQ(*gb18030_to_utf8("\x95\x34\xB2\x35"), "𠮷");
  EXPECT_EQ(*gb18030_to_utf8("\xE3\x32\x9A\x35"), "\xF4\x8F\xBF\xBF");
}

TEST(encoding, gb18030_error_names_the_byte) {
  const std::string_view broken[] = {"\x80",
                                     "\xFF",
                                     "\xB2\x20",
                                     "\xB2\xFF",
                                     "\xB2\x7F",
                                     "\x81\x30\x20",
                                     "\x81\x30\x81\x3A",
                                     "\xB2",
                                     "\x81\x30\x81",
                                     "\xE3\x32\x9A\x36",
                                     "\xFE\x39\xFE\x39"};
  for (const auto bad : broken) {
    for (const std::string& head : {std::string(), "abc"s, std::string(cangzhou_gb),
                                    std::string(20000, 'x') + "\x95\x34\xB2\x35"}) {
      const auto answer = gb18030_to_utf8(head + std::string(bad));
      ASSERT_FALSE(answer.ok());
      EXPECT_TRUE(answer.error().is(errc::not_gb18030));
      EXPECT_EQ(answer.error().args()[0], std::to_string(head.size()));
    }
  }
}

TEST(encoding, every_sign_has_a_gb18030_form) {
  std::string all;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c < 0xD800 || c > 0xDFFF) append_code_point(all, c);
  }
  const std::string gb = utf8_to_gb18030(all);
  const auto back = gb18030_to_utf8(gb);
  ASSERT_TRUE(back.ok()) << back.error().text(language::en);
  EXPECT_TRUE(*back == all);
  EXPECT_EQ(utf8_to_gb18030("沧州市"), cangzhou_gb);
  EXPECT_EQ(utf8_to_gb18030(""), "");
}

}  // namespace
}  // namespace lixin::text
