// Private to http: the small grammar that header fields share (RFC 9110, 5.6).
#pragma once

#include <cstddef>
#include <string_view>

namespace lixin::http {

inline std::string_view trimmed(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}

// The trimmed part before `sign`; what follows the sign stays in `text`.
inline std::string_view cut(std::string_view& text, char sign) {
  const std::size_t at = text.find(sign);
  const std::string_view part = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
  return trimmed(part);
}

// Without regard to the case of ASCII letters.
inline bool equal_names(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

}  // namespace lixin::http
