// docs/packs.md shows an example pack that works as it stands. This holds the page to it.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include "catalogue/test_packs.h"
#include "catalogue/words.h"
#include "tabular/tabular.h"

namespace lixin::catalogue {
namespace {

const std::string example = LIXIN_SOURCE_DIR "/docs/examples/abnormal-operation";

using rows = std::vector<std::vector<std::string>>;

// "| a | b\|c |" is a and b|c.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> out;
  std::string cell;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|') {
      cell += line[++i];
    } else if (line[i] == '|') {
      const std::size_t from = cell.find_first_not_of(' ');
      const std::size_t to = cell.find_last_not_of(' ');
      out.push_back(from == std::string::npos ? "" : cell.substr(from, to - from + 1));
      cell.clear();
    } else {
      cell += line[i];
    }
  }
  return out;
}

// The tables of the page by the sheet whose name stands before them; an upright one is turned.
std::map<std::string, rows> tables_of_the_page() {
  std::ifstream in(LIXIN_SOURCE_DIR "/docs/packs.md");
  std::map<std::string, rows> out;
  std::string line;
  std::string name;
  while (std::getline(in, line)) {
    if (line.starts_with("**")) {
      name = line.substr(2, line.find(".csv") - 2);
    } else if (line.starts_with("## ") || line.starts_with("### ")) {
      name.clear();
    } else if (!name.empty() && line.starts_with('|') && !line.starts_with("|---")) {
      out[name].push_back(cells_of(line));
    }
  }
  for (auto& [sheet_name, table] : out) {
    if (table.front() != std::vector<std::string>{"Column", "Cell"}) continue;
    rows turned(2);
    for (std::size_t i = 1; i < table.size(); ++i) {
      turned[0].push_back(table[i].at(0));
      turned[1].push_back(table[i].at(1));
    }
    table = turned;
  }
  return out;
}

TEST(docs_packs, example_is_a_good_pack_and_the_page_shows_it) {
  const auto sheets = read_sheets(example);
  ASSERT_TRUE(sheets.ok());
  const pack_check check = check_pack(sheets.value(), "packs/abnormal-operation");
  EXPECT_EQ(in_words(check.faults), "");
  ASSERT_TRUE(check.pack.has_value());
  EXPECT_EQ(check.pack->lists.size(), 1U);

  const auto page = tables_of_the_page();
  EXPECT_EQ(page.size(), sheets->size());
  for (const sheet& s : *sheets) {
    ASSERT_TRUE(page.contains(s.name)) << s.name;
    const auto table = tabular::read_table(s.body, s.name);
    ASSERT_TRUE(table.ok()) << s.name;
    rows expected{table->heading};
    for (const auto& line : table->lines) expected.push_back(line.cells);
    EXPECT_EQ(page.at(s.name), expected) << s.name;
  }
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
