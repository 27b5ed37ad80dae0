// Each rule twice: over the repository, and over a bad sample, to show that it can fail.
#include <gtest/gtest.h>

#include <string>

#include "tidy/lexer.h"
#include "tidy/rules.h"

namespace lixin::tidy {
namespace {

const tree& repository() {
  static const tree t = read_tree(LIXIN_SOURCE_DIR);
  return t;
}

const modules& repository_modules() {
  static const modules all = [] {
    findings bad;
    return modules_of(repository(), bad);
  }();
  return all;
}

void expect_none(const findings& found) {
  if (!found.empty()) ADD_FAILURE() << found.size() << " findings\n" << to_string(found);
}

// Holds a rule over all files of the repository.
void expect_none(findings (*rule)(const file&)) {
  findings out;
  for (const auto& f : repository()) {
    for (auto& found : rule(f)) out.push_back(std::move(found));
  }
  expect_none(out);
}

file sample(std::string path, std::string text, bool executable = false) {
  return {std::move(path), std::move(text), executable};
}

TEST(tree, is_read) {
  EXPECT_GT(repository().size(), 50U);
  ASSERT_NE(find(repository(), "CMakeLists.txt"), nullptr);
  EXPECT_EQ(find(repository(), "no/such/file"), nullptr);
  EXPECT_GT(repository_modules().size(), 5U);
}

TEST(tree, knows_kinds_of_files) {
  EXPECT_EQ(module_of("src/pg/pg.h"), "pg");
  EXPECT_EQ(module_of("tests/tidy/tree.h"), "");
  EXPECT_TRUE(is_data("src/a/testdata/x.tsv"));
  EXPECT_FALSE(is_data("src/a/data.cc"));
  EXPECT_TRUE(is_test_code("src/pg/test_server.h"));
  EXPECT_TRUE(is_test_code("src/archive/testing.cc"));
  EXPECT_TRUE(is_test_code("src/a/csv_fuzz.cc"));
  EXPECT_FALSE(is_test_code("src/catalogue/unary_tests.cc"));
}

TEST(long_lines, none) { expect_none(long_lines); }
TEST(long_lines, are_found) {
  const std::string hundred(100, 'x');
  std::string chinese;
  for (int i = 0; i < 100; ++i) chinese += "信";
  EXPECT_EQ(long_lines(sample("src/a/a.cc", hundred + "\n" + chinese + "\n")).size(), 0U);
  EXPECT_EQ(long_lines(sample("src/a/a.cc", "\n" + hundred + "x\n")).size(), 1U);
  EXPECT_EQ(long_lines(sample("src/a/a.cc", "\n" + hundred + "x\n"))[0].line, 2U);
  EXPECT_EQ(long_lines(sample("docs/a.md", chinese + "用\n| " + hundred + " |\n")).size(), 1U);
  EXPECT_EQ(long_lines(sample("packs/a/fields.csv", hundred + "x\n")).size(), 0U);
}

TEST(long_files, none) { expect_none(long_files); }
TEST(long_files, are_found) {
  EXPECT_EQ(long_files(sample("src/a/a.h", std::string(600, '\n'))).size(), 0U);
  EXPECT_EQ(long_files(sample("src/a/a.h", std::string(601, '\n'))).size(), 1U);
  EXPECT_EQ(long_files(sample("docs/a.md", std::string(601, '\n'))).size(), 0U);
}

TEST(stray_blanks, none) { expect_none(stray_blanks); }
TEST(stray_blanks, are_found) {
  EXPECT_EQ(stray_blanks(sample("src/a/a.cc", "int a;\n  int b;\n")).size(), 0U);
  EXPECT_EQ(stray_blanks(sample("src/a/a.cc", "\tint a;\n")).size(), 1U);
  EXPECT_EQ(stray_blanks(sample("docs/a.md", "a \nb\t\nc\r\nd\n")).size(), 3U);
  EXPECT_EQ(stray_blanks(sample("sql/a.sql", "SELECT 1;")).size(), 1U);
  EXPECT_EQ(stray_blanks(sample("src/a/testdata/x.csv", "a,b \r\n")).size(), 0U);
}

TEST(unfinished_work, none) { expect_none(unfinished_work); }
TEST(unfinished_work, is_found) {
  const std::string todo = std::string("TO") + "DO";
  EXPECT_EQ(unfinished_work(sample("src/a/a.cc", "// " + todo + ": later\n")).size(), 1U);
  EXPECT_EQ(unfinished_work(sample("docs/a.md", std::string("a FIX") + "ME here\n")).size(), 1U);
  EXPECT_EQ(unfinished_work(sample("docs/a.md", std::string("XX") + "X\n")).size(), 1U);
  EXPECT_EQ(unfinished_work(sample("docs/a.md", std::string("(HA") + "CK)\n")).size(), 1U);
  EXPECT_EQ(unfinished_work(sample("docs/a.md", todo + "S and HACKING\n")).size(), 0U);
}

TEST(machine_paths, none) { expect_none(machine_paths); }
TEST(machine_paths, are_found) {
  const std::string work = "/work";
  EXPECT_EQ(machine_paths(sample("docs/a.md", "cd " + work + "/main\n")).size(), 1U);
  EXPECT_EQ(machine_paths(sample("src/a/a.cc",
                                 "\"/far"
                                 "m/x\"\n"))
                .size(),
            1U);
  EXPECT_EQ(machine_paths(sample("src/a/a.cc", work + "/x\n")).size(), 1U);
  EXPECT_EQ(machine_paths(sample("docs/a.md", "build/fuzz" + work + "/a ." + work + "/b\n")).size(),
            0U);
}

TEST(scripts, say_how_they_are_called) { expect_none(bare_scripts); }
TEST(scripts, that_do_not_are_found) {
  EXPECT_EQ(bare_scripts(sample("scripts/a", "#!/bin/bash\n# Usage: scripts/a\n", true)).size(),
            0U);
  EXPECT_EQ(bare_scripts(sample("scripts/a", "#!/bin/bash\n# Usage: scripts/a\n")).size(), 1U);
  EXPECT_EQ(bare_scripts(sample("scripts/a", "#!/bin/bash\n", true)).size(), 1U);
  EXPECT_EQ(bare_scripts(sample("scripts/a.sh", "say() { :; }\n")).size(), 0U);
}

TEST(sql, is_never_put_together) { expect_none(sql_put_together); }
TEST(sql, put_together_is_found) {
  const auto count = [](const std::string& text) {
    return sql_put_together(sample("src/a/a.cc", text)).size();
  };
  EXPECT_EQ(count("c.exec(\"SELECT 1 \" + name);"), 1U);
  EXPECT_EQ(count("c.exec(\"UPDATE t \"\n  \"SET a = \"\n  + name);"), 1U);
  EXPECT_EQ(count("c.exec(with + \"DELETE FROM t\");"), 1U);
  EXPECT_EQ(count("c.exec(R\"sql(INSERT INTO t VALUES ()sql\" + v);"), 1U);
  EXPECT_EQ(count("fmt::format(\"SELECT {}\", name);"), 1U);
  EXPECT_EQ(count("c.exec(\"SELECT $1 + 1\", p); // \"SELECT \" + x\nx = \"a\" + b;"), 0U);
  EXPECT_EQ(sql_put_together(sample("src/a/a_test.cc", "\"SELECT \" + x")).size(), 0U);
  EXPECT_EQ(sql_put_together(sample("tests/a/a.cc", "\"SELECT \" + x")).size(), 0U);
}

TEST(lexer, reads_literals_words_and_signs) {
  const auto tokens =
      tokens_of("// \"no\"\nx /* \" */ = \"a\\\"b\" // c\n  \"d\" R\"x(e\")\")x\" + 10'000 '\"' y");
  ASSERT_EQ(tokens.size(), 7U);
  EXPECT_EQ(tokens[0].text, "x");
  EXPECT_EQ(tokens[0].line, 2U);
  EXPECT_TRUE(tokens[2].is_literal());
  EXPECT_EQ(tokens[2].text, "a\"bde\")\"");
  EXPECT_TRUE(tokens[3].is("+"));
  EXPECT_EQ(tokens[4].text, "10'000");
  EXPECT_TRUE(tokens[6].is("y"));
  EXPECT_EQ(tokens_of("\"open").size(), 1U);
  EXPECT_EQ(tokens_of("R\"(open").size(), 1U);
}

TEST(messages, are_whole_and_unique) {
  findings bad;
  std::vector<message_text> all;
  for (const auto& f : repository()) {
    for (auto& m : messages_of(f, bad)) all.push_back(std::move(m));
  }
  EXPECT_GT(all.size(), 10U);
  expect_none(bad);
  expect_none(message_faults(all));
}
TEST(messages, that_are_not_are_found) {
  const auto faults = [](const std::string& code, const std::string& zh, const std::string& en,
                         const std::string& path = "src/a/errc.h") {
    findings bad;
    auto all =
        messages_of(sample(path, "inline constexpr message too_long{\n\"" + code +
                                     "\", failure::refused,\n\"" + zh + "\", \"" + en + "\"};"),
                    bad);
    EXPECT_EQ(all.size(), 1U);
    return message_faults(all).size() + bad.size();
  };
  EXPECT_EQ(faults("a.too_long", "太长：{0}，{1}", "too long: {0}, {1} {{9}}"), 0U);
  EXPECT_EQ(faults("b.too_long", "太长", "too long"), 1U);
  EXPECT_EQ(faults("a.too_short", "太长", "too long"), 1U);
  EXPECT_EQ(faults("a.too_long", "太长：{0}", "too long: {2}"), 1U);
  EXPECT_EQ(faults("a.too_long", "太长：{0}", "too long"), 1U);
  EXPECT_EQ(faults("a.too_long", "太长：{}", "too long: {}"), 1U);
  // {1} is a word in Chinese, {2} the same word in English.
  EXPECT_EQ(faults("a.too_long", "{0}太长：{1}", "{0} is too long: {2}"), 0U);
  EXPECT_EQ(faults("a.too_long", "too long", "too long"), 1U);
  EXPECT_EQ(faults("a.too_long", "太长", ""), 1U);
  EXPECT_EQ(faults("a.too_long", "太长", "（太长）"), 1U);
  EXPECT_EQ(faults("a.too_long", "不是日期", "no date, as in 2024年5月1日"), 0U);
  EXPECT_EQ(faults("a.too_long", "太长", "too long", "src/a/a.cc"), 1U);

  findings bad;
  EXPECT_EQ(
      messages_of(sample("src/a/errc.h", "constexpr message m{\"a.m\", bad, \"甲\", \"no\"};"), bad)
          .size(),
      1U);
  EXPECT_EQ(messages_of(sample("src/a/errc.h", "constexpr message m{\"a.m\", \"甲\", \"a\"};"), bad)
                .size(),
            0U);
  EXPECT_EQ(bad.size(), 1U);
  const message_text m{"src/a/errc.h", 1, "m", "a.m", "甲", "one"};
  EXPECT_EQ(message_faults({m}).size(), 0U);
  EXPECT_EQ(message_faults({m, m}).size(), 1U);
}

// A repository of two modules, b above a.
tree small_tree() {
  return {
      sample("src/a/CMakeLists.txt", "lixin_module(a FLOOR 0 SOURCES a.cc LINKS fmt::fmt)\n"),
      sample("src/a/README.md", "# a\n"),
      sample("src/a/a.cc", "#include \"a/a.h\"\n#include <vector>\n"),
      sample("src/a/a.h", "\n"),
      sample("src/a/a_test.cc", "\n"),
      sample("src/b/CMakeLists.txt",
             "lixin_module(b FLOOR 1 SOURCES b.cc\n             USES a) # c\n"),
      sample("src/b/README.md", "# b\n"),
      sample("src/b/b.h", "#include \"a/a.h\"\n"),
      sample("src/b/b_test.cc", "\n"),
  };
}
modules modules_in(const tree& t) {
  findings bad;
  auto all = modules_of(t, bad);
  expect_none(bad);
  return all;
}
file& edit(tree& t, std::string_view path) { return const_cast<file&>(*find(t, path)); }

TEST(modules, each_folder_of_src_is_one) {
  findings bad;
  modules_of(repository(), bad);
  expect_none(bad);
}
TEST(modules, a_folder_that_is_none_is_found) {
  auto t = small_tree();
  edit(t, "src/a/CMakeLists.txt").text = "add_library(a a.cc)\n";
  edit(t, "src/b/CMakeLists.txt").text = "lixin_module(c FLOOR 1 SOURCES b.cc)\n";
  findings bad;
  EXPECT_EQ(modules_of(t, bad).size(), 0U);
  EXPECT_EQ(bad.size(), 2U);
}

TEST(modules, a_folder_of_programs_is_one) {
  const tree t = {
      sample("src/c/CMakeLists.txt",
             "add_library(lixin_c_program a.cc)\n"
             "set_target_properties(lixin_c_program PROPERTIES LIXIN_FLOOR 10)\n"
             "target_link_libraries(lixin_c_program PUBLIC lixin_a lixin_b fmt::fmt)\n")};
  const auto all = modules_in(t);
  ASSERT_TRUE(all.contains("c"));
  EXPECT_EQ(all.at("c").floor, 10);
  EXPECT_EQ(all.at("c").uses, (std::vector<std::string>{"a", "b"}));
}

TEST(floors, hold) { expect_none(broken_floors(repository_modules())); }
TEST(floors, broken_ones_are_found) {
  auto all = modules_in(small_tree());
  EXPECT_EQ(all.at("b").uses, std::vector<std::string>{"a"});
  EXPECT_EQ(broken_floors(all).size(), 0U);
  all.at("a").floor = 1;
  EXPECT_EQ(broken_floors(all).size(), 1U);
  all.at("a").uses = {"c"};
  EXPECT_EQ(broken_floors(all).size(), 2U);
}

TEST(includes, follow_the_floors) {
  expect_none(stray_includes(repository_modules(), repository()));
}
TEST(includes, that_do_not_are_found) {
  auto t = small_tree();
  auto all = modules_in(t);
  expect_none(stray_includes(all, t));
  edit(t, "src/a/a.h").text = "#pragma once\n#include \"b/b.h\"\n";
  ASSERT_EQ(stray_includes(all, t).size(), 1U);
  EXPECT_EQ(stray_includes(all, t)[0].line, 2U);
  edit(t, "src/a/a.h").text = "#include \"a.h\"\n";
  EXPECT_EQ(stray_includes(all, t).size(), 1U);

  // Tests may use more, and what is used through another module is used.
  edit(t, "src/a/a.h").text = "";
  edit(t, "src/a/a_test.cc").text = "#include \"b/b.h\"\n";
  EXPECT_EQ(stray_includes(all, t).size(), 1U);
  all.at("a").test_links = {"b"};
  EXPECT_EQ(stray_includes(all, t).size(), 0U);
  all.emplace("c", module{"c", 2, {"b"}, {}});
  t.push_back(sample("src/c/c.cc", "#include \"a/a.h\"\n"));
  EXPECT_EQ(stray_includes(all, t).size(), 0U);
}

TEST(floor_table, is_that_of_the_modules) {
  const file* architecture = find(repository(), "docs/architecture.md");
  ASSERT_NE(architecture, nullptr);
  expect_none(floor_table_faults(repository_modules(), *architecture));
}
TEST(floor_table, that_differs_is_found) {
  const auto all = modules_in(small_tree());
  const auto count = [&](const std::string& text) {
    return floor_table_faults(all, sample("docs/architecture.md", text)).size();
  };
  EXPECT_EQ(count("| Floor | Modules | Hold |\n|---|---|---|\n| 0 | `a` | `x` |\n| 1 | `b` | |\n"),
            0U);
  EXPECT_EQ(count("| 0 | `a` `b` | |\n"), 1U);
  EXPECT_EQ(count("| 0 | `a` | |\n"), 1U);
  EXPECT_EQ(count("| 0 | `a` | |\n| 1 | `b` `c` | |\n"), 1U);
  EXPECT_EQ(count(""), 2U);
}

TEST(modules, are_complete) { expect_none(incomplete_modules(repository_modules(), repository())); }
TEST(modules, that_lack_something_are_found) {
  auto t = small_tree();
  const auto all = modules_in(t);
  EXPECT_EQ(incomplete_modules(all, t).size(), 0U);
  edit(t, "src/a/README.md").path = "src/a/READ.md";
  edit(t, "src/a/a_test.cc").path = "src/a/a_check.cc";
  EXPECT_EQ(incomplete_modules(all, t).size(), 2U);
  t = small_tree();
  t.push_back(sample("src/b/csv_fuzz.cc", ""));
  EXPECT_EQ(incomplete_modules(all, t).size(), 1U);
  t.push_back(sample("src/b/testdata/corpus/csv_fuzz/one", ""));
  EXPECT_EQ(incomplete_modules(all, t).size(), 0U);
}

TEST(folders, are_built) { expect_none(unbuilt_folders(repository())); }
TEST(folders, that_are_not_built_are_found) {
  tree t = {sample("CMakeLists.txt", "add_subdirectory(src/a)\nadd_subdirectory(tests)\n"),
            sample("src/a/CMakeLists.txt", ""),
            sample("tests/CMakeLists.txt", "add_subdirectory(tidy)\n"),
            sample("tests/tidy/CMakeLists.txt", "")};
  expect_none(unbuilt_folders(t));
  edit(t, "CMakeLists.txt").text = "add_subdirectory(src/ab)\nadd_subdirectory(tests)\n";
  edit(t, "tests/CMakeLists.txt").text = "";
  EXPECT_EQ(unbuilt_folders(t).size(), 2U);
}

TEST(translations, have_the_same_headings) {
  for (const std::string page : {"README", "docs/packs"}) {
    const file* english = find(repository(), page + ".md");
    const file* chinese = find(repository(), page + ".zh-CN.md");
    ASSERT_NE(english, nullptr) << page;
    ASSERT_NE(chinese, nullptr) << page;
    expect_none(unlike_headings(*english, *chinese));
  }
}
TEST(translations, that_differ_are_found) {
  const file english =
      sample("README.md", "# Lixin\n\n## Build\n```\n# not a heading\n```\n#not\n");
  EXPECT_EQ(heading_levels(english.text), (std::vector<int>{1, 2}));
  EXPECT_EQ(unlike_headings(english, sample("README.zh-CN.md", "# 立信\n## 构建\n")).size(), 0U);
  EXPECT_EQ(unlike_headings(english, sample("README.zh-CN.md", "# 立信\n")).size(), 1U);
  EXPECT_EQ(unlike_headings(sample("a", ""), sample("b", "")).size(), 1U);
}

TEST(links, lead_somewhere) {
  findings out;
  for (const auto& f : repository()) {
    for (auto& found : dead_links(f, repository())) out.push_back(std::move(found));
  }
  expect_none(out);
}
TEST(links, that_do_not_are_found) {
  const tree t = {sample("README.md", ""), sample("docs/a.md", ""), sample("src/pg/pg.h", "")};
  const auto count = [&](const std::string& path, const std::string& text) {
    return dead_links(sample(path, text), t).size();
  };
  EXPECT_EQ(count("README.md", "[a](docs/a.md#part) [b](src/pg) [c](https://example.org/x)\n"), 0U);
  EXPECT_EQ(count("docs/a.md", "[a](a.md) [b](../src/pg/pg.h) [c](#here)\n"), 0U);
  EXPECT_EQ(count("docs/a.md", "[a](b.md) [b](../src/pg/no.h)\n"), 2U);
}

}  // namespace
}  // namespace lixin::tidy
