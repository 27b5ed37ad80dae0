#include <algorithm>
#include <array>
#include <cctype>

#include "tidy/rules.h"

namespace lixin::tidy {
namespace {

std::size_t code_points(std::string_view utf8) {
  return static_cast<std::size_t>(std::count_if(utf8.begin(), utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

bool is_word_sign(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool holds_word(std::string_view line, std::string_view word) {
  for (auto at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || !is_word_sign(line[at - 1])) &&
        (end == line.size() || !is_word_sign(line[end]))) {
      return true;
    }
  }
  return false;
}

// "/name/" where no sign before it makes it part of a longer path.
bool holds_root_folder(std::string_view line, std::string_view name) {
  const std::string folder = "/" + std::string(name) + "/";
  for (auto at = line.find(folder); at != std::string_view::npos; at = line.find(folder, at + 1)) {
    if (at == 0 || !(is_word_sign(line[at - 1]) || line[at - 1] == '.')) return true;
  }
  return false;
}

}  // namespace

findings long_lines(const file& f) {
  if (is_data(f.path) || has_ending(f.path, ".json") || f.path == "LICENSE") return {};
  const bool markdown = has_ending(f.path, ".md");
  findings out;
  std::size_t number = 0;
  for (const auto line : lines_of(f.text)) {
    ++number;
    if (markdown && line.starts_with('|')) continue;
    if (const auto n = code_points(line); n > columns_max) {
      out.push_back({f.path, number,
                     std::to_string(n) + " columns; at most " + std::to_string(columns_max) +
                         ": break the line"});
    }
  }
  return out;
}

findings long_files(const file& f) {
  if (!is_code(f.path) || is_data(f.path)) return {};
  const auto n = lines_of(f.text).size();
  if (n <= code_lines_max) return {};
  return {{f.path, 0,
           std::to_string(n) + " lines; at most " + std::to_string(code_lines_max) +
               ": split the file by what its parts do"}};
}

findings stray_blanks(const file& f) {
  if (is_data(f.path)) return {};
  findings out;
  std::size_t number = 0;
  for (const auto line : lines_of(f.text)) {
    ++number;
    if (is_code(f.path) && line.find('\t') != std::string_view::npos) {
      out.push_back({f.path, number, "a tab; use blanks"});
    }
    if (line.ends_with(' ') || line.ends_with('\t') || line.ends_with('\r')) {
      out.push_back({f.path, number, "a blank or CR at the end of the line; cut it"});
    }
  }
  if (!f.text.empty() && f.text.back() != '\n') {
    out.push_back({f.path, number, "the last line has no end; add a line feed"});
  }
  return out;
}

findings unfinished_work(const file& f) {
  // Written in halves so that this file keeps its own rule.
  static const std::array<std::string, 4> words = {
      std::string("TO") + "DO", std::string("FIX") + "ME", std::string("XX") + "X",
      std::string("HA") + "CK"};
  findings out;
  std::size_t number = 0;
  for (const auto line : lines_of(f.text)) {
    ++number;
    for (const auto& word : words) {
      if (holds_word(line, word)) {
        out.push_back({f.path, number, word + ": finish it, or file it and take the word away"});
      }
    }
  }
  return out;
}

findings machine_paths(const file& f) {
  findings out;
  std::size_t number = 0;
  for (const auto line : lines_of(f.text)) {
    ++number;
    for (const std::string_view name : {"work", "farm"}) {
      if (holds_root_folder(line, name)) {
        out.push_back(
            {f.path, number,
             "/" + std::string(name) + "/ is a path of one machine; name it from the clone"});
      }
    }
  }
  return out;
}

findings bare_scripts(const file& f) {
  if (!lies_in(f.path, "scripts/") && !lies_in(f.path, ".ci/")) return {};
  if (has_ending(f.path, ".sh")) return {};
  findings out;
  if (!f.executable) out.push_back({f.path, 0, "not executable; chmod +x"});
  const auto lines = lines_of(f.text);
  const auto is_call = [&](std::string_view line) {
    return line.find(f.path) != std::string_view::npos;
  };
  const auto first =
      lines.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(lines.size(), 10));
  if (std::none_of(lines.begin(), first, is_call)) {
    out.push_back({f.path, 0, "its first ten lines do not show how it is called: " + f.path});
  }
  return out;
}

}  // namespace lixin::tidy
