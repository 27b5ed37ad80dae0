#include "http/target.h"

#include <cstddef>
#include <optional>

#include "http/errc.h"
#include "http/field_text.h"
#include "text/encoding.h"

namespace lixin::http {
namespace {

error bad(const char* zh, const char* en) { return error(errc::bad_target, {zh, en}); }

error too_long(const limits& l) {
  return error(errc::target_too_long,
               {std::to_string(l.target_bytes_max), std::to_string(l.segment_count_max),
                std::to_string(l.query_parameters_max)});
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Appends the decoded text to `out`, which has room for it, and answers the appended part.
std::optional<std::string_view> decode(std::string_view raw, bool plus_is_blank, std::string& out) {
  const std::size_t from = out.size();
  bool ascii = true;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    char c = raw[i];
    if (c == '%') {
      if (i + 2 >= raw.size()) return std::nullopt;
      const int high = hex_digit(raw[i + 1]);
      const int low = hex_digit(raw[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high << 4 | low);
      i += 2;
    } else if (plus_is_blank && c == '+') {
      c = ' ';
    }
    if (static_cast<unsigned char>(c) >= 0x80) ascii = false;
    out += c;
  }
  const std::string_view part = std::string_view(out).substr(from);
  if (!ascii && text::valid_utf8_prefix(part) != part.size()) return std::nullopt;
  return part;
}

bool safe_segment(std::string_view decoded) {
  if (decoded == "." || decoded == "..") return false;
  for (const char c : decoded) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '/' || c == '\\') return false;
  }
  return true;
}

bool starts_with_scheme(std::string_view raw) {
  return equal_names(raw.substr(0, 7), "http://") || equal_names(raw.substr(0, 8), "https://");
}

// Drops scheme and host of the absolute form; the path may be missing there, and is "/" then.
result<std::string_view> without_host(std::string_view raw) {
  std::string_view rest = raw.substr(raw.find("//") + 2);
  const std::size_t end = rest.find_first_of("/?");
  if (rest.substr(0, end).empty()) return bad("缺少主机名", "no host");
  if (end == std::string_view::npos) return std::string_view("/");
  if (rest[end] == '?') return bad("查询之前没有路径", "no path before the query");
  return rest.substr(end);
}

}  // namespace

result<void> target::parse(std::string_view raw, const limits& l) {
  decoded_.clear();
  segments_.clear();
  query_.clear();
  asterisk_ = raw == "*";
  if (asterisk_) return {};
  if (raw.size() > l.target_bytes_max) return too_long(l);
  for (const char c : raw) {
    if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7F) {
      return bad("有必须编码的字节", "a byte that must be percent-encoded");
    }
    if (c == '#') return bad("含有片段（#）", "a fragment (#)");
  }
  if (starts_with_scheme(raw)) {
    LIXIN_TRY(raw, without_host(raw));
  }
  if (raw.empty() || raw[0] != '/') return bad("开头不是 /", "no / at the start");
  // Decoding never makes a text longer, so views into decoded_ stay where they are.
  decoded_.reserve(raw.size());
  const std::size_t mark = raw.find('?');
  LIXIN_CHECK(parse_path(raw.substr(0, mark), l));
  if (mark == std::string_view::npos) return {};
  return parse_query(raw.substr(mark + 1), l);
}

result<void> target::parse_path(std::string_view path, const limits& l) {
  path.remove_prefix(1);
  if (path.empty()) return {};
  for (;;) {
    if (segments_.size() == l.segment_count_max) return too_long(l);
    const std::size_t slash = path.find('/');
    const bool last = slash == std::string_view::npos;
    const auto segment = decode(path.substr(0, slash), false, decoded_);
    if (!segment)
      return bad("百分号编码不完整，或不是 UTF-8", "a broken percent-encoding, or not UTF-8");
    if (!safe_segment(*segment))
      return bad("路径中有不能作名称的一段（..、%2F、%00 等）",
                 "a segment that is no name (.., %2F, %00 ...)");
    if (segment->empty() && !last) return bad("路径中有空段（//）", "an empty segment (//)");
    segments_.push_back(*segment);
    if (last) return {};
    path.remove_prefix(slash + 1);
  }
}

result<void> target::parse_query(std::string_view query, const limits& l) {
  while (!query.empty()) {
    const std::size_t amp = query.find('&');
    const std::string_view pair = query.substr(0, amp);
    query = amp == std::string_view::npos ? std::string_view() : query.substr(amp + 1);
    if (pair.empty()) continue;
    if (query_.size() == l.query_parameters_max) return too_long(l);
    const std::size_t equals = pair.find('=');
    const auto name = decode(pair.substr(0, equals), true, decoded_);
    const auto value = equals == std::string_view::npos
                           ? std::optional<std::string_view>("")
                           : decode(pair.substr(equals + 1), true, decoded_);
    if (!name || !value)
      return bad("百分号编码不完整，或不是 UTF-8", "a broken percent-encoding, or not UTF-8");
    query_.push_back({*name, *value});
  }
  return {};
}

}  // namespace lixin::http
