#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "tidy/lexer.h"
#include "tidy/rules.h"

namespace lixin::tidy {
namespace {

bool is_sql(std::string_view literal) {
  constexpr std::array<std::string_view, 4> verbs = {"SELECT", "INSERT", "UPDATE", "DELETE"};
  const auto words = words_of(literal);
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    if (word.starts_with('(')) word.remove_prefix(1);
    return std::find(verbs.begin(), verbs.end(), word) != verbs.end();
  });
}

// Reads the tokens of one message from its opening brace on.
class message_reader {
 public:
  message_reader(const std::vector<token>& tokens, std::size_t at) : tokens_(tokens), at_(at) {}

  bool sign(std::string_view s) { return at_ < tokens_.size() && tokens_[at_++].is(s); }
  // failure::kind, or a name that the file gives to one.
  bool kind() {
    if (at_ < tokens_.size() && tokens_[at_].is("failure")) {
      ++at_;
      if (!sign(":") || !sign(":")) return false;
    }
    return at_ < tokens_.size() && tokens_[at_++].what == token::kind::word;
  }
  bool literal(std::string& out) {
    if (at_ >= tokens_.size() || !tokens_[at_].is_literal()) return false;
    out = tokens_[at_++].text;
    return true;
  }
  // A comma is let pass before the closing brace, as the language does.
  bool close() { return sign("}") || (tokens_[at_ - 1].is(",") && sign("}")); }

 private:
  const std::vector<token>& tokens_;
  std::size_t at_;
};

bool read_message(message_reader r, message_text& m) {
  return r.sign("{") && r.literal(m.code) && r.sign(",") && r.kind() && r.sign(",") &&
         r.literal(m.zh) && r.sign(",") && r.literal(m.en) && r.close();
}

bool holds_chinese(std::string_view utf8) {
  for (std::size_t i = 0; i + 1 < utf8.size(); ++i) {
    const auto lead = static_cast<unsigned char>(utf8[i]);
    const auto next = static_cast<unsigned char>(utf8[i + 1]);
    // U+4E00..U+9FFF
    if ((lead == 0xE4 && next >= 0xB8) || (lead >= 0xE5 && lead <= 0xE9)) return true;
  }
  return false;
}

// A word of two letters; an English sentence may quote Chinese.
bool holds_english(std::string_view utf8) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return std::adjacent_find(utf8.begin(), utf8.end(), [&](char a, char b) {
           return is_letter(a) && is_letter(b);
         }) != utf8.end();
}

// The same arguments. An argument that is a word may be handed over in both languages, so that each
// takes its own; then both take as many, and no number is left out.
bool are_paired(const std::set<int>& zh, const std::set<int>& en) {
  if (zh == en) return true;
  std::set<int> both = zh;
  both.insert(en.begin(), en.end());
  return zh.size() == en.size() && *both.rbegin() == static_cast<int>(both.size()) - 1;
}

}  // namespace

findings sql_put_together(const file& f) {
  if (!lies_in(f.path, "src/") || !has_ending(f.path, ".cc") || is_test_code(f.path)) return {};
  findings out;
  const auto tokens = tokens_of(f.text);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!tokens[i].is_literal() || !is_sql(tokens[i].text)) continue;
    const bool joined =
        (i + 1 < tokens.size() && tokens[i + 1].is("+")) || (i > 0 && tokens[i - 1].is("+"));
    const bool formatted = i > 1 && tokens[i - 1].is("(") && tokens[i - 2].is("format");
    if (joined || formatted) {
      out.push_back({f.path, tokens[i].line, "SQL put together; write a constant with $1, $2 ..."});
    }
  }
  return out;
}

std::vector<message_text> messages_of(const file& f, findings& bad) {
  std::vector<message_text> out;
  if (!is_code(f.path) || !lies_in(f.path, "src/") || has_ending(f.path, "_test.cc")) return out;
  const auto tokens = tokens_of(f.text);
  for (std::size_t i = 0; i + 3 < tokens.size(); ++i) {
    if (!tokens[i].is("constexpr") || !tokens[i + 1].is("message")) continue;
    message_text m;
    m.path = f.path;
    m.line = tokens[i + 2].line;
    m.name = tokens[i + 2].text;
    if (read_message(message_reader(tokens, i + 3), m)) {
      out.push_back(std::move(m));
    } else {
      bad.push_back({f.path, m.line,
                     "message " + m.name + " is not {\"code\", failure::kind, \"zh\", \"en\"}"});
    }
  }
  return out;
}

std::set<int> placeholders_of(std::string_view format) {
  std::set<int> out;
  for (std::size_t i = 0; i < format.size(); ++i) {
    if (format[i] != '{') continue;
    if (i + 1 < format.size() && format[i + 1] == '{') {
      ++i;
      continue;
    }
    std::size_t end = i + 1;
    int n = 0;
    while (end < format.size() && std::isdigit(static_cast<unsigned char>(format[end])) != 0) {
      n = std::min(n * 10 + (format[end++] - '0'), 1000);
    }
    const bool closed = end < format.size() && (format[end] == '}' || format[end] == ':');
    out.insert(end > i + 1 && closed ? n : -1);
  }
  return out;
}

findings message_faults(const std::vector<message_text>& all) {
  findings out;
  std::map<std::string, std::string> first_at;
  for (const auto& m : all) {
    const auto fault = [&](std::string what) {
      out.push_back({m.path, m.line, "message " + m.name + ": " + std::move(what)});
    };
    const std::string module(module_of(m.path));
    if (m.code != module + "." + m.name) {
      fault("its code is \"" + m.code + "\"; expected \"" + module + "." + m.name + "\"");
    }
    if (m.path != "src/" + module + "/errc.h") fault("stands outside src/" + module + "/errc.h");
    const auto [at, fresh] = first_at.emplace(m.code, m.path + ":" + std::to_string(m.line));
    if (!fresh) fault("its code is also that of " + at->second);
    if (!holds_chinese(m.zh)) fault("no Chinese sentence");
    if (!holds_english(m.en)) fault("no English sentence");
    const auto zh = placeholders_of(m.zh);
    const auto en = placeholders_of(m.en);
    if (zh.contains(-1) || en.contains(-1)) {
      fault("its arguments have no numbers; write {0}, {1}");
    } else if (!are_paired(zh, en)) {
      fault("the two languages take different arguments");
    }
  }
  return out;
}

}  // namespace lixin::tidy
