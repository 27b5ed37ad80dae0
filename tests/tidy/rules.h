// The rules of tidy (README.md). Each is a pure function from files to findings; no finding means
// that the rule is kept.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tidy/tree.h"

namespace lixin::tidy {

inline constexpr std::size_t columns_max = 100;
inline constexpr std::size_t code_lines_max = 600;

// --- text_rules.cc: one file at a time

// Lines of at most columns_max code points. Data, JSON, the licence and tables in Markdown are let
// pass.
findings long_lines(const file& f);
// .h and .cc of at most code_lines_max lines.
findings long_files(const file& f);
// No tab in code, no blank at the end of a line, LF at the end of every line.
findings stray_blanks(const file& f);
// No word that marks unfinished work.
findings unfinished_work(const file& f);
// No path of somebody's machine.
findings machine_paths(const file& f);
// A script is executable and shows in its first ten lines how it is called (scripts/NAME ...); *.sh
// is sourced and need not.
findings bare_scripts(const file& f);

// --- code_rules.cc

// SQL text is a constant: no literal with SQL is joined with + or given to format(). Test code,
// which counts the rows of many tables, is let pass.
findings sql_put_together(const file& f);

struct message_text {
  std::string path;
  std::size_t line = 0;
  std::string name, code, zh, en;
};
// Every `message NAME{"code", failure::kind, "zh", "en"}` of a file; what looks like one and cannot
// be read goes to `bad`.
std::vector<message_text> messages_of(const file& f, findings& bad);
// The n of {n} and {n:...}; -1 stands for a placeholder that is not numbered.
std::set<int> placeholders_of(std::string_view format);
// A code is "<module>.<name>", once; both languages are there and take the same arguments, or each
// its own of one that is a word; messages stand in the errc.h of their module.
findings message_faults(const std::vector<message_text>& all);

// --- module_rules.cc

struct module {
  std::string name;
  int floor = 0;
  std::vector<std::string> uses;        // modules that all its files may use
  std::vector<std::string> test_links;  // modules that its tests may use besides
};
using modules = std::map<std::string, module, std::less<>>;

// From lixin_module(...) of src/*/CMakeLists.txt; a folder of src/ without one is bad.
modules modules_of(const tree& t, findings& bad);
// A module uses only modules that are there, on lower floors.
findings broken_floors(const modules& all);
// #include "module/file.h" names a file that is there, of the module itself or of one that it uses
// (also through others).
findings stray_includes(const modules& all, const tree& t);
// The table of floors in docs/architecture.md and the modules are the same.
findings floor_table_faults(const modules& all, const file& architecture);
// Every module has a README.md and a test; every fuzzer has a corpus.
findings incomplete_modules(const modules& all, const tree& t);
// Every CMakeLists.txt is reached by add_subdirectory.
findings unbuilt_folders(const tree& t);

// --- doc_rules.cc

// Levels of the headings of a Markdown text, in order (code blocks left out).
std::vector<int> heading_levels(std::string_view markdown);
findings unlike_headings(const file& a, const file& b);
// Links of a Markdown file to files of the repository lead somewhere.
findings dead_links(const file& f, const tree& t);

}  // namespace lixin::tidy
