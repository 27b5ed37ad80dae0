#include "lixin/terminal.h"

#include <gtest/gtest.h>

#include <limits>

namespace lixin {
namespace {

TEST(display_width, chinese_signs_take_two_columns) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("abc 12"), 6U);
  EXPECT_EQ(display_width("沧州市"), 6U);
  EXPECT_EQ(display_width("沧市监罚〔2026〕12号"), 20U);
  EXPECT_EQ(display_width("（）：，。"), 10U);
  EXPECT_EQ(display_width("ＡＢ１２"), 8U);
  EXPECT_EQ(display_width("𠮷"), 2U);  // beyond the first plane
  EXPECT_EQ(display_width("한국어"), 6U);
  EXPECT_EQ(display_width("ｶﾅ"), 2U);  // half width
}

TEST(display_width, what_is_not_seen_takes_none) {
  EXPECT_EQ(display_width("e\xCC\x81"), 1U);  // é as e and its accent
  EXPECT_EQ(display_width("a\xE2\x80\x8B"
                          "b"),
            2U);  // zero width space
  EXPECT_EQ(display_width("a\xE2\x80\x8D"
                          "b"),
            2U);                                                 // zero width joiner
  EXPECT_EQ(display_width("\xE8\x91\x9B\xF3\xA0\x84\x80"), 2U);  // 葛 and a variation selector
  EXPECT_EQ(display_width("\xEF\xBB\xBF"
                          "a"),
            1U);  // byte order mark
}

TEST(padded, fills_up_and_never_cuts) {
  EXPECT_EQ(padded("ab", 4), "ab  ");
  EXPECT_EQ(padded("沧州", 6), "沧州  ");
  EXPECT_EQ(padded("沧州", 4), "沧州");
  EXPECT_EQ(padded("沧州市", 4), "沧州市");
  EXPECT_EQ(padded("", 2), "  ");
}

TEST(shortened, cuts_between_signs) {
  EXPECT_EQ(shortened("abcdef", 6), "abcdef");
  EXPECT_EQ(shortened("abcdefg", 6), "abcde…");
  EXPECT_EQ(shortened("沧州市信用中心", 14), "沧州市信用中心");
  EXPECT_EQ(shortened("沧州市信用中心", 13), "沧州市信用中…");
  EXPECT_EQ(shortened("沧州市信用中心", 12), "沧州市信用…");  // half a sign is none
  EXPECT_EQ(shortened("沧州", 1), "…");
  EXPECT_EQ(shortened("沧州", 0), "");
  EXPECT_EQ(shortened("", 0), "");
  for (std::size_t w = 0; w < 20; ++w) {
    EXPECT_LE(display_width(shortened("沧a州b市c信d用", w)), w) << w;
  }
}

TEST(text_table, columns_line_up_and_lines_end_clean) {
  text_table t({"单位", "行数", "备注"});
  EXPECT_TRUE(t.empty());
  t.add({"沧州市市场监督管理局", "1,234", "全部接收"});
  t.add({"税务局", "5", ""});
  t.add({"a", "12"});
  EXPECT_FALSE(t.empty());
  EXPECT_EQ(t.text(),
            "单位                  行数   备注\n"
            "沧州市市场监督管理局  1,234  全部接收\n"
            "税务局                5\n"
            "a                     12\n");
}

TEST(text_table, numbers_line_up_at_their_last_digit) {
  text_table t({"单位", "行数", "退回"});
  t.right(1, 2);
  t.add({"税务局", "1,234", "5"});
  t.add({"a", "12", "1,000"});
  EXPECT_EQ(t.text(),
            "单位     行数   退回\n"
            "税务局  1,234      5\n"
            "a          12  1,000\n");
}

TEST(grouped, by_threes) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(1'234'567), "1,234,567");
  EXPECT_EQ(grouped(-999), "-999");
  EXPECT_EQ(grouped(-1'000), "-1,000");
  EXPECT_EQ(grouped(std::numeric_limits<std::int64_t>::min()), "-9,223,372,036,854,775,808");
}

}  // namespace
}  // namespace lixin
