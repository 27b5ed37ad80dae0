// The files of the repository as the rules of tidy see them, and what a rule answers.
// Plain values; read once, then shared by all rules.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lixin::tidy {

struct file {
  std::string path;  // from the root of the repository, with '/'
  std::string text;  // "" when the file is not text
  bool executable = false;
};
using tree = std::vector<file>;  // in order of path

// What breaks a rule, where, and how to mend it. Lines count from 1; 0 is the file as a whole.
struct finding {
  std::string path;
  std::size_t line = 0;
  std::string what;

  bool operator==(const finding&) const = default;
};
using findings = std::vector<finding>;
// "path:line: what", one a line.
std::string to_string(const findings& all);

// The files that git tracks or would; every file outside build/ and dot folders (.ci is read) when
// `root` is no git clone. Empty only when nothing can be read.
tree read_tree(const std::string& root);

const file* find(const tree& t, std::string_view path);

// Paths: "src/pg/pg.h" has the ending ".h" and lies in "src/"; data are files that hold cases,
// corpora and sheets rather than prose or code.
bool has_ending(std::string_view path, std::string_view ending);
bool lies_in(std::string_view path, std::string_view folder);
bool is_code(std::string_view path);  // .h .cc
bool is_data(std::string_view path);  // .csv, testdata/
// Tests, benchmarks, fuzzers, and what only they use (test_*, testing.*, *_testing.*).
bool is_test_code(std::string_view path);
// "src/pg/pg.h" -> "pg"; "" outside src/.
std::string_view module_of(std::string_view path);

// Without the line ends; a last line without an end counts too.
std::vector<std::string_view> lines_of(std::string_view text);
std::string_view trimmed(std::string_view text);
std::vector<std::string_view> words_of(std::string_view text);

}  // namespace lixin::tidy
