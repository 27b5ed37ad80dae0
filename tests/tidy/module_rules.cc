#include <algorithm>
#include <charconv>

#include "tidy/rules.h"

namespace lixin::tidy {
namespace {

bool to_int(std::string_view text, int& out) {
  const auto read = std::from_chars(text.data(), text.data() + text.size(), out);
  return read.ec == std::errc() && read.ptr == text.data() + text.size();
}

std::string without_comments(std::string_view cmake) {
  std::string out;
  for (const auto line : lines_of(cmake)) {
    out += line.substr(0, line.find('#'));
    out += '\n';
  }
  return out;
}

// The words between the brackets of the first call of `function`; empty when there is none.
std::vector<std::string_view> arguments_of(std::string_view cmake, std::string_view function) {
  const auto call = cmake.find(std::string(function) + "(");
  if (call == std::string_view::npos) return {};
  const auto open = call + function.size() + 1;
  const auto close = cmake.find(')', open);
  return words_of(cmake.substr(open, close == std::string_view::npos ? close : close - open));
}

constexpr std::string_view prefix = "lixin_";

bool read_module(std::string_view cmake, module& m) {
  const auto words = arguments_of(cmake, "lixin_module");
  if (words.empty()) return false;
  m.name = words[0];
  std::string_view key;
  bool has_floor = false;
  for (const auto word : words) {
    if (word == "FLOOR" || word == "SOURCES" || word == "USES" || word == "LINKS" ||
        word == "TEST_LINKS") {
      key = word;
    } else if (key == "FLOOR") {
      has_floor = to_int(word, m.floor);
    } else if (key == "USES") {
      m.uses.emplace_back(word);
    } else if (key == "TEST_LINKS" && word.starts_with(prefix)) {
      m.test_links.emplace_back(word.substr(prefix.size()));
    }
  }
  return has_floor;
}

// A folder of programs says the same in CMake's own words:
//   set_target_properties(<target> PROPERTIES LIXIN_FLOOR n)
//   target_link_libraries(<target> PUBLIC lixin_<module> ...)
bool read_programs(std::string_view cmake, module& m) {
  const auto properties = arguments_of(cmake, "set_target_properties");
  bool has_floor = false;
  for (std::size_t i = 0; i + 1 < properties.size(); ++i) {
    if (properties[i] == "LIXIN_FLOOR") has_floor = to_int(properties[i + 1], m.floor);
  }
  const auto links = arguments_of(cmake, "target_link_libraries");
  for (std::size_t i = 1; i < links.size(); ++i) {
    if (links[i].starts_with(prefix)) m.uses.emplace_back(links[i].substr(prefix.size()));
  }
  return has_floor;
}

// What a module may include: itself and, through others, all that it uses.
std::set<std::string> reach_of(const modules& all, const module& m, bool tests) {
  std::set<std::string> reach = {m.name};
  std::vector<std::string> open = m.uses;
  if (tests) open.insert(open.end(), m.test_links.begin(), m.test_links.end());
  while (!open.empty()) {
    const std::string next = open.back();
    open.pop_back();
    const auto at = all.find(next);
    if (at == all.end() || !reach.insert(next).second) continue;
    open.insert(open.end(), at->second.uses.begin(), at->second.uses.end());
  }
  return reach;
}

// The quoted name of an #include line; empty for any other line.
std::string_view included_by(std::string_view line) {
  constexpr std::string_view directive = "#include \"";
  if (!line.starts_with(directive)) return {};
  line.remove_prefix(directive.size());
  return line.substr(0, line.find('"'));
}

// `names` in back quotes.
std::vector<std::string> quoted_names(std::string_view cell) {
  std::vector<std::string> out;
  for (auto open = cell.find('`'); open != std::string_view::npos; open = cell.find('`', open)) {
    const auto close = cell.find('`', open + 1);
    if (close == std::string_view::npos) break;
    out.emplace_back(cell.substr(open + 1, close - open - 1));
    open = close + 1;
  }
  return out;
}

}  // namespace

modules modules_of(const tree& t, findings& bad) {
  modules out;
  std::set<std::string, std::less<>> folders;
  for (const auto& f : t) {
    if (const auto name = module_of(f.path); !name.empty()) folders.emplace(name);
  }
  for (const auto& folder : folders) {
    const std::string path = "src/" + folder + "/CMakeLists.txt";
    const file* cmake = find(t, path);
    module m{folder, 0, {}, {}};
    const std::string text = cmake == nullptr ? "" : without_comments(cmake->text);
    if (!read_module(text, m) && !read_programs(text, m)) {
      bad.push_back({path, 0, "no lixin_module(" + folder + " FLOOR n ...)"});
    } else if (m.name != folder) {
      bad.push_back({path, 0, "names the module " + m.name + " in the folder " + folder});
    } else {
      out.emplace(folder, std::move(m));
    }
  }
  return out;
}

findings broken_floors(const modules& all) {
  findings out;
  for (const auto& [name, m] : all) {
    for (const auto& used : m.uses) {
      const auto at = all.find(used);
      const std::string path = "src/" + name + "/CMakeLists.txt";
      if (at == all.end()) {
        out.push_back({path, 0, "uses " + used + ", which is no module"});
      } else if (at->second.floor >= m.floor) {
        out.push_back({path, 0,
                       "floor " + std::to_string(m.floor) + " uses " + used + " of floor " +
                           std::to_string(at->second.floor)});
      }
    }
  }
  return out;
}

findings stray_includes(const modules& all, const tree& t) {
  findings out;
  for (const auto& f : t) {
    const auto at = all.find(module_of(f.path));
    if (at == all.end() || !is_code(f.path)) continue;
    const auto reach = reach_of(all, at->second, is_test_code(f.path));
    std::size_t number = 0;
    for (const auto line : lines_of(f.text)) {
      ++number;
      const auto name = included_by(line);
      if (name.empty()) continue;
      const std::string target = "src/" + std::string(name);
      if (find(t, target) == nullptr) {
        out.push_back({f.path, number, "includes " + std::string(name) + ", and src/ has none"});
      } else if (!reach.contains(std::string(module_of(target)))) {
        out.push_back({f.path, number,
                       at->first + " includes " + std::string(name) +
                           " and does not use that module (CMakeLists.txt)"});
      }
    }
  }
  return out;
}

findings floor_table_faults(const modules& all, const file& architecture) {
  findings out;
  std::map<std::string, int> in_table;
  for (const auto line : lines_of(architecture.text)) {
    if (!line.starts_with('|')) continue;
    const auto first_end = std::min(line.find('|', 1), line.size());
    const auto second_end = std::min(line.find('|', first_end + 1), line.size());
    int floor = 0;
    if (first_end == line.size() || !to_int(trimmed(line.substr(1, first_end - 1)), floor))
      continue;
    for (auto& name : quoted_names(line.substr(first_end, second_end - first_end))) {
      in_table[std::move(name)] = floor;
    }
  }
  for (const auto& [name, m] : all) {
    const auto at = in_table.find(name);
    if (at == in_table.end()) {
      out.push_back({architecture.path, 0, "the table of floors has no " + name});
    } else if (at->second != m.floor) {
      out.push_back({architecture.path, 0,
                     name + " stands on floor " + std::to_string(at->second) + "; CMake says " +
                         std::to_string(m.floor)});
    }
  }
  for (const auto& [name, floor] : in_table) {
    if (!all.contains(name)) {
      out.push_back(
          {architecture.path, 0, "the table of floors has " + name + ", and src/ has not"});
    }
  }
  return out;
}

findings incomplete_modules(const modules& all, const tree& t) {
  findings out;
  const auto any_in = [&](const std::string& folder, std::string_view ending) {
    return std::any_of(t.begin(), t.end(), [&](const file& f) {
      return lies_in(f.path, folder) && has_ending(f.path, ending);
    });
  };
  for (const auto& [name, m] : all) {
    const std::string folder = "src/" + name + "/";
    if (find(t, folder + "README.md") == nullptr) {
      out.push_back(
          {folder + "README.md", 0, "missing: what, why, the way in, what it must never do"});
    }
    if (!any_in(folder, "_test.cc")) out.push_back({folder, 0, "no test; add a *_test.cc"});
  }
  for (const auto& f : t) {
    constexpr std::string_view ending = "_fuzz.cc";
    if (!lies_in(f.path, "src/") || !has_ending(f.path, ending)) continue;
    const auto slash = f.path.rfind('/');
    const std::string corpus = f.path.substr(0, slash) + "/testdata/corpus" +
                               f.path.substr(slash, f.path.size() - slash - 3) + "/";
    if (!any_in(corpus, ""))
      out.push_back({f.path, 0, "no corpus; put small inputs into " + corpus});
  }
  return out;
}

findings unbuilt_folders(const tree& t) {
  constexpr std::string_view cmake = "CMakeLists.txt";
  findings out;
  for (const auto& f : t) {
    if (!has_ending(f.path, cmake) || f.path == cmake) continue;
    const std::string folder = f.path.substr(0, f.path.size() - cmake.size() - 1);
    const file* above = nullptr;
    std::string rest = folder;
    for (auto slash = folder.rfind('/'); above == nullptr; slash = folder.rfind('/', slash - 1)) {
      const bool at_root = slash == std::string::npos;
      above = find(t, (at_root ? "" : folder.substr(0, slash + 1)) + std::string(cmake));
      rest = at_root ? folder : folder.substr(slash + 1);
      if (at_root) break;
    }
    const std::string call = "add_subdirectory(" + rest;
    const auto at = above == nullptr ? std::string::npos : above->text.find(call + ")");
    if (at == std::string::npos) out.push_back({f.path, 0, "nothing calls " + call + ")"});
  }
  return out;
}

}  // namespace lixin::tidy
