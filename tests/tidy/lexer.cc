#include "tidy/lexer.h"

#include <algorithm>
#include <cctype>

namespace lixin::tidy {
namespace {

bool is_word_sign(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

class lexer {
 public:
  explicit lexer(std::string_view source) : source_(source) {}

  std::vector<token> run() {
    while (at_ < source_.size()) step();
    return std::move(out_);
  }

 private:
  char here() const { return source_[at_]; }
  bool next_are(std::string_view text) const { return source_.substr(at_).starts_with(text); }

  void skip_to(std::size_t end) {
    end = std::min(end, source_.size());
    line_ += static_cast<std::size_t>(std::count(source_.begin() + static_cast<std::ptrdiff_t>(at_),
                                                 source_.begin() + static_cast<std::ptrdiff_t>(end),
                                                 '\n'));
    at_ = end;
  }
  void skip_past(std::string_view text, std::size_t from) {
    const auto found = source_.find(text, from);
    skip_to(found == std::string_view::npos ? source_.size() : found + text.size());
  }

  void step() {
    if (next_are("//")) return skip_to(source_.find('\n', at_));
    if (next_are("/*")) return skip_past("*/", at_ + 2);
    if (next_are("R\"")) return raw_literal();
    if (here() == '"') return literal();
    if (here() == '\'') return character();
    if (is_word_sign(here())) return word();
    if (std::isspace(static_cast<unsigned char>(here())) == 0) {
      out_.push_back({token::kind::sign, std::string(1, here()), line_});
    }
    skip_to(at_ + 1);
  }

  void add_literal(std::string text, std::size_t line) {
    if (!out_.empty() && out_.back().is_literal()) {
      out_.back().text += text;
    } else {
      out_.push_back({token::kind::literal, std::move(text), line});
    }
  }

  void raw_literal() {
    const auto open = source_.find('(', at_);
    if (open == std::string_view::npos) return skip_to(source_.size());
    std::string close = ")";
    close += source_.substr(at_ + 2, open - at_ - 2);
    close += '"';
    const auto end = std::min(source_.find(close, open), source_.size());
    add_literal(std::string(source_.substr(open + 1, end - open - 1)), line_);
    skip_to(end + close.size());
  }

  void literal() {
    std::string text;
    std::size_t i = at_ + 1;
    for (; i < source_.size() && source_[i] != '"' && source_[i] != '\n'; ++i) {
      if (source_[i] != '\\' || i + 1 == source_.size()) {
        text += source_[i];
        continue;
      }
      const char escaped = source_[++i];
      text += escaped == 'n' ? '\n' : escaped == 't' ? '\t' : escaped;
    }
    add_literal(std::move(text), line_);
    skip_to(i + 1);
  }

  void character() {
    std::size_t i = at_ + 1;
    while (i < source_.size() && source_[i] != '\'' && source_[i] != '\n') {
      i += source_[i] == '\\' ? 2 : 1;
    }
    out_.push_back({token::kind::sign, "'", line_});
    skip_to(i + 1);
  }

  void word() {
    std::size_t end = at_;
    const bool number = std::isdigit(static_cast<unsigned char>(here())) != 0;
    while (end < source_.size() &&
           (is_word_sign(source_[end]) || (number && source_[end] == '\''))) {
      ++end;
    }
    out_.push_back({token::kind::word, std::string(source_.substr(at_, end - at_)), line_});
    skip_to(end);
  }

  std::string_view source_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::vector<token> out_;
};

}  // namespace

std::vector<token> tokens_of(std::string_view source) { return lexer(source).run(); }

}  // namespace lixin::tidy
