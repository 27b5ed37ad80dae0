// C++ source as the few tokens that the rules of tidy look at: string literals, words and single
// signs. Comments and blanks are left out. Reads what compiles; other text gives some tokens, too.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace lixin::tidy {

struct token {
  enum class kind { literal, word, sign } what = kind::sign;
  // Of a literal the text between the quotes, escapes \n \t \\ \" undone, neighbouring literals
  // joined; a word is a name or a number; a sign is one character.
  std::string text;
  std::size_t line = 0;

  bool is(std::string_view t) const { return what != kind::literal && text == t; }
  bool is_literal() const { return what == kind::literal; }
};

std::vector<token> tokens_of(std::string_view source);

}  // namespace lixin::tidy
