#include "tidy/tree.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

namespace lixin::tidy {
namespace {

namespace fs = std::filesystem;

// Quotes for the shell; the root of a clone may hold blanks.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) c == '\'' ? out += "'\\''" : out += c;
  return out + "'";
}

std::vector<std::string> tracked(const std::string& root) {
  const std::string command =
      "git -C " + quoted(root) + " ls-files -z -c -o --exclude-standard 2>/dev/null";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), &::pclose);
  std::vector<std::string> paths;
  if (!pipe) return paths;
  std::string path;
  for (int c = std::getc(pipe.get()); c != EOF; c = std::getc(pipe.get())) {
    if (c != '\0') {
      path += static_cast<char>(c);
    } else {
      paths.push_back(std::move(path));
      path.clear();
    }
  }
  return paths;
}

std::vector<std::string> walked(const std::string& root) {
  std::vector<std::string> paths;
  std::error_code failed;
  auto at = fs::recursive_directory_iterator(root, failed);
  for (const auto end = fs::recursive_directory_iterator(); at != end; at.increment(failed)) {
    if (failed) break;
    const std::string name = at->path().filename().string();
    if (at->is_directory()) {
      const bool hidden = name.starts_with('.') && name != ".ci";
      if (hidden || name == "build" || name == "node_modules") at.disable_recursion_pending();
    } else if (at->is_regular_file()) {
      paths.push_back(fs::relative(at->path(), root).generic_string());
    }
  }
  return paths;
}

}  // namespace

std::string to_string(const findings& all) {
  std::string out;
  for (const auto& f : all) {
    out += f.path + (f.line ? ":" + std::to_string(f.line) : "") + ": " + f.what + "\n";
  }
  return out;
}

tree read_tree(const std::string& root) {
  std::vector<std::string> paths = tracked(root);
  if (paths.empty()) paths = walked(root);
  std::sort(paths.begin(), paths.end());
  tree out;
  for (auto& path : paths) {
    const fs::path full = fs::path(root) / path;
    std::error_code failed;
    if (!fs::is_regular_file(full, failed)) continue;  // deleted, not committed yet
    file f;
    std::ifstream in(full, std::ios::binary);
    f.text.assign(std::istreambuf_iterator<char>(in), {});
    if (f.text.find('\0') != std::string::npos) f.text.clear();
    f.executable = (fs::status(full).permissions() & fs::perms::owner_exec) != fs::perms::none;
    f.path = std::move(path);
    out.push_back(std::move(f));
  }
  return out;
}

const file* find(const tree& t, std::string_view path) {
  const auto at = std::lower_bound(t.begin(), t.end(), path,
                                   [](const file& f, std::string_view p) { return f.path < p; });
  return at != t.end() && at->path == path ? &*at : nullptr;
}

bool has_ending(std::string_view path, std::string_view ending) { return path.ends_with(ending); }
bool lies_in(std::string_view path, std::string_view folder) { return path.starts_with(folder); }
bool is_code(std::string_view path) { return has_ending(path, ".h") || has_ending(path, ".cc"); }
bool is_data(std::string_view path) {
  return has_ending(path, ".csv") || path.find("testdata/") != std::string_view::npos;
}
bool is_test_code(std::string_view path) {
  const auto name = path.substr(path.rfind('/') + 1);
  const auto stem = name.substr(0, name.rfind('.'));
  return stem.ends_with("_test") || stem.ends_with("_bench") || stem.ends_with("_fuzz") ||
         stem.ends_with("testing") || stem.starts_with("test_");
}

std::string_view module_of(std::string_view path) {
  if (!lies_in(path, "src/")) return {};
  path.remove_prefix(4);
  const auto slash = path.find('/');
  return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const auto end = text.find('\n');
    out.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return out;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string_view> words_of(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  std::vector<std::string_view> out;
  for (auto at = text.find_first_not_of(blanks); at != std::string_view::npos;) {
    const auto end = std::min(text.find_first_of(blanks, at), text.size());
    out.push_back(text.substr(at, end - at));
    at = text.find_first_not_of(blanks, end);
  }
  return out;
}

}  // namespace lixin::tidy
