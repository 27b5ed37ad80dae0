// docs/packs.md says that its example works as it stands. This holds it to that.
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "catalogue/test_packs.h"
#include "catalogue/words.h"

namespace lixin::catalogue {
namespace {

// Sheets of the page: a line that begins **packs/abnormal-operation/NAME.csv**, then a csv block.
std::vector<sheet> sheets_of_the_page() {
  std::ifstream in(LIXIN_SOURCE_DIR "/docs/packs.md");
  const std::string mark = "**packs/abnormal-operation/";
  std::vector<sheet> out;
  std::string line;
  bool inside = false;
  bool wanted = false;
  while (std::getline(in, line)) {
    if (line.starts_with(mark)) {
      out.push_back({line.substr(mark.size(), line.find(".csv") - mark.size()), ""});
      wanted = true;
    } else if (wanted && line == "```csv") {
      inside = true;
    } else if (inside && line == "```") {
      inside = wanted = false;
    } else if (inside) {
      out.back().body += line + "\n";
    }
  }
  return out;
}

TEST(docs_packs, example_of_the_page_is_a_good_pack) {
  const std::vector<sheet> sheets = sheets_of_the_page();
  ASSERT_EQ(sheets.size(), 6U);
  for (const sheet& s : sheets) EXPECT_FALSE(s.body.empty()) << s.name;
  const pack_check check = check_pack(sheets, "packs/abnormal-operation");
  EXPECT_EQ(in_words(check.faults), "");
  ASSERT_TRUE(check.pack.has_value());
  EXPECT_EQ(check.pack->lists.size(), 1U);
}

TEST(docs_packs, page_names_every_word) {
  std::ifstream in(LIXIN_SOURCE_DIR "/docs/packs.md");
  const std::string page((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const auto names = [&](std::string_view word) {
    EXPECT_NE(page.find("`" + std::string(word) + "`"), std::string::npos) << word;
  };
  for (const auto& w : words::types) names(w.code);
  for (const auto& w : words::roles) names(w.code);
  for (const auto& w : words::kinds) names(w.code);
  for (const auto& w : words::presences) names(w.code);
  for (const auto& w : words::disclosures) names(w.code);
  for (const auto& w : words::effects) names(w.code);
  for (const auto& w : words::list_kinds) names(w.code);
}

}  // namespace
}  // namespace lixin::catalogue
