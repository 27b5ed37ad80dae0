// Walking valid UTF-8 one code point at a time. Given bytes that are not UTF-8 both functions stay
// inside the text and always move on, but what they answer then has no meaning.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace lixin::text {

struct code_point {
  char32_t value = 0;
  std::size_t size = 0;  // bytes, 1..4
};

// The code point that begins at `at`, which must be less than utf8.size().
inline code_point code_point_at(std::string_view utf8, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(utf8[at + i]); };
  const std::size_t left = utf8.size() - at;
  const auto tail = [&](std::size_t i) { return static_cast<char32_t>(byte(i) & 0x3FU); };
  const unsigned char lead = byte(0);
  if (lead < 0xC0) return {lead, 1};
  if (lead < 0xE0 && left >= 2) return {(lead & 0x1FU) << 6 | tail(1), 2};
  if (lead < 0xF0 && left >= 3) return {(lead & 0x0FU) << 12 | tail(1) << 6 | tail(2), 3};
  if (left >= 4) return {(lead & 0x07U) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4};
  return {lead, 1};
}

// Appends a code point up to U+10FFFF that is no surrogate.
inline void append_code_point(std::string& out, char32_t c) {
  const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0 | c >> 6);
    put(0x80 | (c & 0x3F));
  } else if (c < 0x10000) {
    put(0xE0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  } else {
    put(0xF0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3F));
    put(0x80 | (c >> 6 & 0x3F));
    put(0x80 | (c & 0x3F));
  }
}

}  // namespace lixin::text
