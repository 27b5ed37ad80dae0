#include "lixin/usage.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "lixin/errc.h"
#include "lixin/say.h"

namespace lixin {
namespace {

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t corner = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = corner + (a[i] == b[j] ? 0 : 1);
      corner = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, corner + 1});
    }
  }
  return row.back();
}

// The command that was written as far as it was understood.
const CLI::App& innermost(const CLI::App& root) {
  const CLI::App* at = &root;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().back();
  return *at;
}

std::string full_name(const CLI::App& command) {
  const CLI::App* parent = command.get_parent();
  return parent == nullptr ? command.get_name() : full_name(*parent) + " " + command.get_name();
}

std::vector<std::string> commands_of(const CLI::App& command) {
  std::vector<std::string> out;
  for (const CLI::App* c : command.get_subcommands([](const CLI::App*) { return true; })) {
    out.push_back(c->get_name());
  }
  return out;
}

std::string name_of(const CLI::Option& o) { return o.get_name(o.get_positional()); }

// Of the command and of those around it.
std::vector<std::string> options_of(const CLI::App& command) {
  std::vector<std::string> out;
  for (const CLI::App* at = &command; at != nullptr; at = at->get_parent()) {
    for (const CLI::Option* o : at->get_options()) {
      for (const std::string& name : o->get_lnames()) out.push_back("--" + name);
    }
  }
  return out;
}

error unknown_command(const CLI::App& command, const std::string& typed) {
  const auto known = commands_of(command);
  const std::string name = full_name(command);
  const std::string near = nearest(typed, known);
  std::vector<std::string> args{name + " " + as_typed(typed),
                                fmt::format("{}", fmt::join(known, ", ")), name};
  if (near.empty()) return error(errc::unknown_command, std::move(args));
  args.push_back(name + " " + near);
  return error(errc::mistyped_command, std::move(args));
}

error unknown_option(const CLI::App& command, const std::string& typed) {
  const std::string option = typed.substr(0, typed.find('='));
  const std::string near = nearest(option, options_of(command));
  if (near.empty()) return error(errc::unknown_option, {full_name(command), as_typed(option)});
  return error(errc::mistyped_option, {full_name(command), as_typed(option), near});
}

}  // namespace

std::string nearest(std::string_view typed, const std::vector<std::string>& words) {
  const auto best = std::ranges::min_element(
      words, {}, [&](const std::string& word) { return distance(typed, word); });
  if (best == words.end() || distance(typed, *best) > 1 + typed.size() / 3) return {};
  return *best;
}

error usage_error(const CLI::App& root, const CLI::ParseError& thrown) {
  const CLI::App& command = innermost(root);
  const std::string name = full_name(command);
  // The parser names the option that has no value, or more than one, before a colon.
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&thrown) != nullptr) {
    const std::string what = thrown.what();
    return error(errc::option_value, {name, what.substr(0, what.find(':'))});
  }
  const auto left = root.remaining(true);
  const auto commands = commands_of(command);
  for (const std::string& word : left) {
    if (word.starts_with('-') && word != "-") return unknown_option(command, word);
  }
  if (!commands.empty()) {
    if (!left.empty()) return unknown_command(command, left.front());
    return error(errc::missing_command, {name, fmt::format("{}", fmt::join(commands, ", "))});
  }
  if (!left.empty()) return error(errc::extra_argument, {name, as_typed(left.front())});
  std::string missing;
  for (const CLI::Option* o : command.get_options()) {
    if (o->get_required() && o->count() == 0)
      missing += (missing.empty() ? "" : ", ") + name_of(*o);
  }
  if (!missing.empty()) return error(errc::missing_argument, {name, missing});
  return error(errc::bad_command_line, {name, thrown.what()});
}

}  // namespace lixin
