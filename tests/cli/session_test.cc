// The command line as its users see it: the sessions of testdata/*.session, command by command.
// A line begins with what it is:
//
//   # a remark
//   $ a command, maybe with settings before it: NAME=value lixin words "two words"
//   < a line of its standard input
//   = its exit code (0 when not said)
//   > a line of its standard output, in order; lines between are let pass
//   ! the same of standard error
//   x what stands nowhere
//   & name REGEX: the group, as standard output has it, is {name} from here on
//
// Lines are compared without the blanks around them; * stands for anything. {source}, {files} and
// {folder} are the repository, testdata/files and the test's own folder.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>

#include "support/home.h"

namespace lixin {
namespace {

using testing_support::ended;
using testing_support::environment;
using testing_support::home;

const std::string here = std::string(LIXIN_SOURCE_DIR) + "/tests/cli/testdata";

struct command {
  int line = 0;
  std::string text, input;
  int exit_code = 0;
  std::vector<std::string> out, err, nowhere;
  std::vector<std::pair<std::string, std::string>> kept;
};

std::vector<command> session_of(const std::string& path) {
  std::ifstream in(path);
  EXPECT_TRUE(in.good()) << path;
  std::vector<command> out;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.empty() || line[0] == '#') continue;
    const std::string rest = line.size() > 2 ? line.substr(2) : "";
    if (line[0] == '$') {
      out.push_back({.line = number, .text = rest});
      continue;
    }
    if (out.empty()) {
      ADD_FAILURE() << path << ":" << number << ": a command must come first";
      return {};
    }
    command& c = out.back();
    const auto blank = rest.find(' ');
    switch (line[0]) {
      case '<':
        c.input += rest + "\n";
        break;
      case '=':
        c.exit_code = std::stoi(rest);
        break;
      case '>':
        c.out.push_back(rest);
        break;
      case '!':
        c.err.push_back(rest);
        break;
      case 'x':
        c.nowhere.push_back(rest);
        break;
      case '&':
        c.kept.emplace_back(rest.substr(0, blank), rest.substr(blank + 1));
        break;
      default:
        ADD_FAILURE() << path << ":" << number << ": " << line;
    }
  }
  return out;
}

using names = std::map<std::string, std::string>;

std::string filled(std::string text, const names& known) {
  for (const auto& [name, value] : known) {
    const std::string mark = "{" + name + "}";
    for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + value.size())) {
      text.replace(at, mark.size(), value);
    }
  }
  return text;
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> out;
  std::string word;
  bool quoted = false;
  bool begun = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
      begun = true;
    } else if (c == ' ' && !quoted) {
      if (begun) out.push_back(word);
      word.clear();
      begun = false;
    } else {
      word += c;
      begun = true;
    }
  }
  if (begun) out.push_back(word);
  return out;
}

std::string_view trimmed(std::string_view line) {
  const auto begin = line.find_first_not_of(' ');
  if (begin == line.npos) return {};
  return line.substr(begin, line.find_last_not_of(' ') - begin + 1);
}

// `pattern` with * for anything, against the whole of `text`.
bool like(std::string_view pattern, std::string_view text) {
  const auto star = pattern.find('*');
  if (star == pattern.npos) return pattern == text;
  if (!text.starts_with(pattern.substr(0, star))) return false;
  text.remove_prefix(star);
  pattern.remove_prefix(star + 1);
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (like(pattern, text.substr(i))) return true;
  }
  return false;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.emplace_back(trimmed(line));
  return out;
}

// Each expected line, in order, somewhere in `text`.
void expect_lines(const std::vector<std::string>& expected, const std::string& text,
                  const names& known, const char* where) {
  const auto lines = lines_of(text);
  auto at = lines.begin();
  for (const std::string& e : expected) {
    const std::string pattern = filled(e, known);
    const auto found = std::find_if(
        at, lines.end(), [&](const std::string& l) { return like(trimmed(pattern), l); });
    if (found == lines.end()) {
      ADD_FAILURE() << "not on " << where << ": " << pattern << "\n" << where << ":\n" << text;
      return;
    }
    at = std::next(found);
  }
}

class session : public testing::TestWithParam<std::string> {};

ended run(const home& h, const command& c, const names& known) {
  auto words = words_of(filled(c.text, known));
  environment settings = h.settings();
  while (!words.empty() && words.front().find('=') != std::string::npos) {
    const auto is = words.front().find('=');
    settings[words.front().substr(0, is)] = words.front().substr(is + 1);
    words.erase(words.begin());
  }
  if (words.empty() || words.front() != "lixin") {
    ADD_FAILURE() << "no command: " << c.text;
    return {};
  }
  words.front() = LIXIN_PROGRAM;
  int input = -1;
  if (!c.input.empty()) {
    testing_support::write_bytes(h / "input", c.input);
    input = ::open((h / "input").c_str(), O_RDONLY | O_CLOEXEC);
  }
  testing_support::child child(words, settings, input);
  if (input >= 0) ::close(input);
  return child.wait();
}

TEST_P(session, answers_as_written) {
  const std::string path = here + "/" + GetParam() + ".session";
  const auto commands = session_of(path);
  ASSERT_FALSE(commands.empty());
  const home h(home::server::shared);
  names known{{"source", LIXIN_SOURCE_DIR}, {"files", here + "/files"}, {"folder", h.folder()}};
  for (const command& c : commands) {
    SCOPED_TRACE(path + ":" + std::to_string(c.line) + ": " + c.text);
    const ended e = run(h, c, known);
    EXPECT_EQ(e.exit_code, c.exit_code) << e.all();
    expect_lines(c.out, e.out, known, "standard output");
    expect_lines(c.err, e.err, known, "standard error");
    for (const std::string& n : c.nowhere) {
      EXPECT_EQ(e.all().find(filled(n, known)), std::string::npos) << n << "\n" << e.all();
    }
    for (const auto& [name, pattern] : c.kept) {
      std::smatch found;
      ASSERT_TRUE(std::regex_search(e.out, found, std::regex(pattern))) << e.out;
      known[name] = found[found.size() - 1].str();
    }
  }
}

// Every file of the folder: one that is not listed anywhere would never run.
std::vector<std::string> all_sessions() {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(here)) {
    if (entry.path().extension() == ".session") out.push_back(entry.path().stem().string());
  }
  std::ranges::sort(out);
  return out;
}

INSTANTIATE_TEST_SUITE_P(cli, session, testing::ValuesIn(all_sessions()), [](const auto& name) {
  std::string out = name.param;
  std::ranges::replace(out, '-', '_');
  return out;
});

}  // namespace
}  // namespace lixin
