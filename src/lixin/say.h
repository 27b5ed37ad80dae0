// One text in two languages, and which of them is printed. Both are checked against their arguments
// when compiled.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "base/error.h"

namespace lixin {

template <class... Args>
std::string say(language lang, fmt::format_string<Args...> zh, fmt::format_string<Args...> en,
                Args&&... args) {
  return fmt::format(lang == language::zh ? zh : en, std::forward<Args>(args)...);
}

// For values that have title_zh() and title_en().
template <class Value>
std::string_view title_of(language lang, Value value) {
  return lang == language::zh ? title_zh(value) : title_en(value);
}

// For packs, datasets, fields ...: a sheet may leave the English title out.
template <class Titled>
const std::string& name_of(language lang, const Titled& thing) {
  return lang == language::zh || thing.title_en.empty() ? thing.title_zh : thing.title_en;
}

// What the user typed, to be repeated in a sentence; a natural person's number never is.
std::string as_typed(std::string_view typed);

}  // namespace lixin
