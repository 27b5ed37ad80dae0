#include "tidy/rules.h"

namespace lixin::tidy {
namespace {

// Lines of a Markdown text outside its code blocks, with their numbers.
std::vector<std::pair<std::size_t, std::string_view>> prose_of(std::string_view markdown) {
  std::vector<std::pair<std::size_t, std::string_view>> out;
  bool in_code = false;
  std::size_t number = 0;
  for (const auto line : lines_of(markdown)) {
    ++number;
    if (line.starts_with("```")) {
      in_code = !in_code;
    } else if (!in_code) {
      out.emplace_back(number, line);
    }
  }
  return out;
}

// "docs/a.md" and "../src/x" -> "src/x".
std::string resolved(std::string_view from, std::string_view link) {
  const auto slash = from.rfind('/');
  std::string folder(slash == std::string_view::npos ? "" : from.substr(0, slash + 1));
  while (link.starts_with("../") && !folder.empty()) {
    link.remove_prefix(3);
    folder.pop_back();
    folder.erase(folder.rfind('/') == std::string::npos ? 0 : folder.rfind('/') + 1);
  }
  return folder + std::string(link);
}

bool is_there(const tree& t, std::string_view path) {
  if (find(t, path) != nullptr) return true;
  std::string folder(path);
  if (!folder.ends_with('/')) folder += '/';
  for (const auto& f : t) {
    if (lies_in(f.path, folder)) return true;
  }
  return false;
}

}  // namespace

std::vector<int> heading_levels(std::string_view markdown) {
  std::vector<int> out;
  for (const auto& [number, line] : prose_of(markdown)) {
    const auto level = line.find_first_not_of('#');
    if (level != 0 && level != std::string_view::npos && line[level] == ' ') {
      out.push_back(static_cast<int>(level));
    }
  }
  return out;
}

findings unlike_headings(const file& a, const file& b) {
  const auto of_a = heading_levels(a.text);
  const auto of_b = heading_levels(b.text);
  if (of_a == of_b && !of_a.empty()) return {};
  return {{b.path, 0,
           std::to_string(of_b.size()) + " headings, and " + a.path + " has " +
               std::to_string(of_a.size()) + ", of other levels, or none: keep both alike"}};
}

findings dead_links(const file& f, const tree& t) {
  if (!has_ending(f.path, ".md")) return {};
  findings out;
  for (const auto& [number, line] : prose_of(f.text)) {
    for (auto at = line.find("]("); at != std::string_view::npos; at = line.find("](", at + 2)) {
      std::string_view link = line.substr(at + 2);
      link = link.substr(0, link.find(')'));
      link = link.substr(0, link.find('#'));
      if (link.empty() || link.find("://") != std::string_view::npos) continue;
      if (!is_there(t, resolved(f.path, link))) {
        out.push_back({f.path, number, "links to " + std::string(link) + ", which is not there"});
      }
    }
  }
  return out;
}

}  // namespace lixin::tidy
