#include "text/fold.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <random>

#include "text/encoding.h"
#include "text/test_table.h"

namespace lixin::text {
namespace {

using fold_function = std::function<std::string(std::string_view)>;

const std::map<std::string, fold_function>& functions() {
  static const std::map<std::string, fold_function> all{
      {"tidy", [](std::string_view s) { return tidy(s); }},
      {"heading", fold_heading},
      {"document", fold_document},
      {"name", fold_name},
      {"identifier", fold_identifier}};
  return all;
}

TEST(fold, worked_cases) {
  const auto rows = read_test_table(LIXIN_SOURCE_DIR "/src/text/testdata/fold.tsv", 3);
  ASSERT_GT(rows.size(), 40u);
  for (const auto& row : rows) {
    EXPECT_EQ(functions().at(row[0])(row[1]), row[2]) << row[0] << " of " << row[1];
  }
}

TEST(fold, tidy_text_is_not_copied) {
  for (const std::string_view text : {"", "沧州市第一建筑公司", "a b", "罚款（人民币），共3笔",
                                      "91130900MA9Y00A16R", "—“”…《》"}) {
    std::string store = "untouched";
    const std::string_view answer = tidy(text, store);
    EXPECT_EQ(answer.data(), text.data());
    EXPECT_EQ(answer.size(), text.size());
    EXPECT_EQ(store, "untouched");
  }
}

TEST(fold, tidied_text_may_come_from_its_own_store) {
  std::string store = "  沧州　市 ";
  EXPECT_EQ(tidy(store, store), "沧州 市");
}

TEST(fold, length_counts_signs) {
  EXPECT_EQ(length(""), 0u);
  EXPECT_EQ(length("abc"), 3u);
  EXPECT_EQ(length("沧州é𠮷"), 4u);
}

std::string every_sign_between(char32_t first, char32_t last) {
  std::string out;
  for (char32_t c = first; c <= last; ++c) {
    if (c < 0xD800 || c > 0xDFFF) append_code_point(out, c);
  }
  return out;
}

// The table of signs that need no ICU must agree with ICU for each sign that it claims to know.
TEST(fold, fast_path_agrees_with_normalisation) {
  const std::string other_first = "é";  // sends the rest through ICU
  for (char32_t c = 0x21; c < 0x30000; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    const std::string sign = every_sign_between(c, c);
    // 〇 keeps the sign from composing with the letter before it.
    const std::string fast = fold_document(sign);
    const std::string slow = fold_document(other_first + "〇" + sign);
    ASSERT_EQ("É〇" + fast, slow) << "U+" << std::hex << static_cast<unsigned>(c);
  }
}

TEST(fold, every_fold_is_done_once) {
  std::mt19937 random(7);
  const std::u32string signs =
      U"aZ9 -（）()[]〔〕·•ﬁ①㈱é\u0301\u0308\u200B\u200D\u3000\uFEFFＡ９－ß가\u1100\u1161İΣς"
      U"\u00A8\u2011｟ｶﾞ𠮷沧";
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (int k = 0; k < 8; ++k) append_code_point(text, signs[random() % signs.size()]);
    for (const auto& [name, function] : functions()) {
      const std::string once = function(text);
      ASSERT_EQ(function(once), once) << name << " of " << text;
      ASSERT_EQ(valid_utf8_prefix(once), once.size());
    }
  }
}

}  // namespace
}  // namespace lixin::text
