// docs/packs.md and its Chinese twin show an example pack that works as it stands. This holds both
// pages to the example, to the words of the sheets, and to each other.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <ostream>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "catalogue/test_packs.h"
#include "catalogue/words.h"
#include "tabular/tabular.h"

namespace lixin::catalogue {
namespace {

const std::string example = LIXIN_SOURCE_DIR "/docs/examples/abnormal-operation";

struct page {
  const char* name;
  const char* file;
  std::vector<std::string> upright;  // heading of a table that shows a sheet of one line
};
void PrintTo(const page& p, std::ostream* out) { *out << p.name; }

const page english{"english", LIXIN_SOURCE_DIR "/docs/packs.md", {"Column", "Cell"}};
const page chinese{"chinese", LIXIN_SOURCE_DIR "/docs/packs.zh-CN.md", {"栏", "单元格"}};

std::string text_of(const page& p) {
  std::ifstream in(p.file);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

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

// The tables of a page by the sheet whose name stands before them; an upright one is turned.
std::map<std::string, rows> tables_of(const page& p) {
  std::ifstream in(p.file);
  std::map<std::string, rows> out;
  std::string line;
  std::string name;
  while (std::getline(in, line)) {
    if (line.starts_with("**") && line.find(".csv") != std::string::npos) {
      name = line.substr(2, line.find(".csv") - 2);
    } else if (line.starts_with("## ") || line.starts_with("### ")) {
      name.clear();
    } else if (!name.empty() && line.starts_with('|') && !line.starts_with("|---")) {
      out[name].push_back(cells_of(line));
    }
  }
  for (auto& [sheet_name, table] : out) {
    if (table.front() != p.upright) continue;
    rows turned(2);
    for (std::size_t i = 1; i < table.size(); ++i) {
      turned[0].push_back(table[i].at(0));
      turned[1].push_back(table[i].at(1));
    }
    table = turned;
  }
  return out;
}

// What stands in backticks and is one word: `enterprise`, `M`, `missing_mandatory` ...
std::set<std::string> code_words_of(const std::string& text) {
  static const std::regex word("`([A-Za-z0-9_]+)`");
  std::set<std::string> out;
  for (auto m = std::sregex_iterator(text.begin(), text.end(), word); m != std::sregex_iterator();
       ++m) {
    out.insert((*m)[1]);
  }
  return out;
}

TEST(docs_packs, example_is_a_good_pack) {
  const auto sheets = read_sheets(example);
  ASSERT_TRUE(sheets.ok());
  const pack_check check = check_pack(sheets.value(), "packs/abnormal-operation");
  EXPECT_EQ(in_words(check.faults), "");
  ASSERT_TRUE(check.pack.has_value());
  EXPECT_EQ(check.pack->lists.size(), 1U);
}

class docs_page : public testing::TestWithParam<page> {};

TEST_P(docs_page, shows_the_example) {
  const auto sheets = read_sheets(example);
  ASSERT_TRUE(sheets.ok());
  const auto tables = tables_of(GetParam());
  EXPECT_EQ(tables.size(), sheets->size());
  for (const sheet& s : *sheets) {
    ASSERT_TRUE(tables.contains(s.name)) << s.name;
    const auto table = tabular::read_table(s.body, s.name);
    ASSERT_TRUE(table.ok()) << s.name;
    rows expected{table->heading};
    for (const auto& line : table->lines) expected.push_back(line.cells);
    EXPECT_EQ(tables.at(s.name), expected) << s.name;
  }
}

TEST_P(docs_page, names_every_word_and_column) {
  const std::set<std::string> there = code_words_of(text_of(GetParam()));
  const auto names = [&](std::string_view word) {
    EXPECT_TRUE(there.contains(std::string(word))) << word;
  };
  for (const auto& w : words::types) names(w.code);
  for (const auto& w : words::roles) names(w.code);
  for (const auto& w : words::kinds) names(w.code);
  for (const auto& w : words::tones) names(w.code);
  for (const auto& w : words::answers) names(w.code);
  for (const auto& w : words::certainties) names(w.code);
  for (const auto& w : words::presences) names(w.code);
  for (const auto& w : words::disclosures) names(w.code);
  for (const auto& w : words::effects) names(w.code);
  for (const auto& w : words::list_kinds) names(w.code);
  for (const auto& w : words::classes) {
    if (w.value != publicity_class::none) names(w.code);  // no cell may hold none
  }
  const auto sheets = read_sheets(example);
  ASSERT_TRUE(sheets.ok());
  for (const sheet& s : *sheets) {
    if (s.name.starts_with("samples/")) continue;  // headings of the dataset
    const auto table = tabular::read_table(s.body, s.name);
    ASSERT_TRUE(table.ok()) << s.name;
    for (const std::string& column : table->heading) names(column);
  }
}

INSTANTIATE_TEST_SUITE_P(packs, docs_page, testing::Values(english, chinese),
                         [](const auto& of) { return std::string(of.param.name); });

// A word that one page explains and the other forgot, a reason for refusal above all.
TEST(docs_packs, pages_name_the_same_words) {
  const std::set<std::string> expected = code_words_of(text_of(english));
  EXPECT_GT(expected.size(), 100U);
  EXPECT_EQ(code_words_of(text_of(chinese)), expected);
}

}  // namespace
}  // namespace lixin::catalogue
