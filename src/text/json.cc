#include "text/json.h"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "text/errc.h"

namespace lixin::text {
namespace {

constexpr std::size_t json_bytes_max = 16 * 1024 * 1024;

constexpr std::array<bool, 256> plain_in_json = [] {
  std::array<bool, 256> plain{};
  for (std::size_t i = 0x20; i < 0x100; ++i) plain[i] = true;
  plain['"'] = plain['\\'] = false;
  return plain;
}();

void append_escape(std::string& out, char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default: {
      const auto byte = static_cast<unsigned char>(c);
      out += "\\u00";
      out += hex[byte >> 4U];
      out += hex[byte & 0x0FU];
    }
  }
}

result<void> check_names_differ(std::vector<std::string_view> names) {
  std::sort(names.begin(), names.end());
  const auto repeated = std::adjacent_find(names.begin(), names.end());
  if (repeated == names.end()) return {};
  return error(errc::repeated_member, {std::string(*repeated)});
}

// simdjson's DOM, since it picks the machine's best kernel when it runs (on-demand is fixed when
// compiled) and has checked the whole text before the first member is read.
result<simdjson::dom::element> parse(std::string_view json, simdjson::dom::parser& parser) {
  if (json.size() > json_bytes_max) {
    return error(errc::json_too_large,
                 {std::to_string(json.size()), std::to_string(json_bytes_max)});
  }
  simdjson::dom::element root;
  const auto code = parser.parse(json.data(), json.size()).get(root);
  if (code) return error(errc::not_json, {simdjson::error_message(code)});
  return root;
}

}  // namespace

void append_json_string(std::string& out, std::string_view value) {
  out += '"';
  std::size_t begin = 0;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (plain_in_json[static_cast<unsigned char>(value[i])]) continue;
    out += value.substr(begin, i - begin);
    append_escape(out, value[i]);
    begin = i + 1;
  }
  out += value.substr(begin);
  out += '"';
}

void json_writer::newline() {
  if (!pretty_) return;
  out_ += '\n';
  out_.append(static_cast<std::size_t>(depth_) * 2, ' ');
}

void json_writer::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (!first_) out_ += ',';
  if (depth_ > 0) newline();
  first_ = false;
}

json_writer& json_writer::begin_object() { return begin('{'); }
json_writer& json_writer::end_object() { return end('}'); }
json_writer& json_writer::begin_array() { return begin('['); }
json_writer& json_writer::end_array() { return end(']'); }

json_writer& json_writer::begin(char bracket) {
  separate();
  out_ += bracket;
  ++depth_;
  first_ = true;
  return *this;
}

json_writer& json_writer::end(char bracket) {
  LIXIN_ASSERT(depth_ > 0 && !after_key_);
  --depth_;
  if (!first_) newline();
  out_ += bracket;
  first_ = false;
  return *this;
}

json_writer& json_writer::key(std::string_view name) {
  LIXIN_ASSERT(depth_ > 0 && !after_key_);
  string(name);
  out_ += pretty_ ? ": " : ":";
  after_key_ = true;
  return *this;
}

json_writer& json_writer::string(std::string_view value) {
  separate();
  append_json_string(out_, value);
  return *this;
}

json_writer& json_writer::number(std::int64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  return raw(std::string_view(digits, static_cast<std::size_t>(end - digits)));
}

json_writer& json_writer::boolean(bool value) { return raw(value ? "true" : "false"); }
json_writer& json_writer::null() { return raw("null"); }

json_writer& json_writer::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

result<string_map> parse_string_map(std::string_view json) {
  simdjson::dom::parser parser;
  LIXIN_TRY(const simdjson::dom::element root, parse(json, parser));
  simdjson::dom::object object;
  if (root.get(object)) return error(errc::not_object);
  string_map map;
  for (const auto& [name, value] : object) {
    std::string_view text;
    if (value.get(text)) return error(errc::not_string_map, {std::string(name)});
    map.emplace_back(name, text);
  }
  std::vector<std::string_view> names;
  names.reserve(map.size());
  for (const auto& [member, value] : map) names.push_back(member);
  LIXIN_CHECK(check_names_differ(std::move(names)));
  return map;
}

namespace {

// False when it is none of the kinds.
bool read_value(const simdjson::dom::element& value, json_member& out) {
  using kind = json_member::value_kind;
  std::string_view text;
  simdjson::dom::array items;
  if (value.is_null()) return true;
  if (!value.get(out.truth)) return out.kind = kind::boolean, true;
  if (!value.get(out.number)) return out.kind = kind::integer, true;
  if (!value.get(text)) return out.kind = kind::string, out.text = text, true;
  if (value.get(items)) return false;
  out.kind = kind::strings;
  out.items.reserve(items.size());
  for (const simdjson::dom::element item : items) {
    if (item.get(text)) return false;
    out.items.emplace_back(text);
  }
  return true;
}

}  // namespace

result<std::vector<json_member>> parse_members(std::string_view json) {
  // Requests are small and many: the parser's memory is used again, unless it was much.
  constexpr std::size_t small = 64 * 1024;
  thread_local simdjson::dom::parser kept;
  simdjson::dom::parser fresh;
  simdjson::dom::parser& parser = json.size() <= small ? kept : fresh;
  LIXIN_TRY(const simdjson::dom::element root, parse(json, parser));
  simdjson::dom::object object;
  if (root.get(object)) return error(errc::not_object);
  std::vector<json_member> out;
  std::vector<std::string_view> names;
  for (const auto& [name, value] : object) {
    names.push_back(name);
    out.emplace_back().name = name;
    if (!read_value(value, out.back())) {
      return error(errc::member_type, {std::string(name)}, {.column = std::string(name)});
    }
  }
  LIXIN_CHECK(check_names_differ(std::move(names)));
  return out;
}

result<std::vector<std::string>> parse_string_array(std::string_view json) {
  simdjson::dom::parser parser;
  LIXIN_TRY(const simdjson::dom::element root, parse(json, parser));
  simdjson::dom::array array;
  if (root.get(array)) return error(errc::not_string_array, {"0"});
  std::vector<std::string> items;
  for (const simdjson::dom::element item : array) {
    std::string_view text;
    if (item.get(text)) return error(errc::not_string_array, {std::to_string(items.size() + 1)});
    items.emplace_back(text);
  }
  return items;
}

std::string to_json(const string_map& map) {
  std::string out;
  json_writer writer(out);
  writer.begin_object();
  for (const auto& [name, value] : map) writer.member(name, value);
  writer.end_object();
  return out;
}

std::string to_json(const std::vector<std::string>& array) {
  std::string out;
  json_writer writer(out);
  writer.begin_array();
  for (const std::string& item : array) writer.string(item);
  writer.end_array();
  return out;
}

}  // namespace lixin::text
