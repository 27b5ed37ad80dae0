// What is wrong with a command line, in the words of the command rather than of the parser.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace lixin {

// Of the words the one with the fewest changed letters; "" when none comes near.
std::string nearest(std::string_view typed, const std::vector<std::string>& words);

// `thrown` is what `root` threw while it parsed; what was parsed by then says the rest.
error usage_error(const CLI::App& root, const CLI::ParseError& thrown);

}  // namespace lixin
