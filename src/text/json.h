// JSON as Lixin writes and reads it: an append writer with fixed key order (so that the same answer
// is the same bytes), and a reader for flat objects of strings. The heavy parser stays in json.cc.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace lixin::text {

// Appends to `out`. Calls must form one JSON value; a key before each member value.
// `pretty` breaks lines and indents by two spaces.
class json_writer {
 public:
  explicit json_writer(std::string& out, bool pretty = false) : out_(out), pretty_(pretty) {}
  json_writer& begin_object();
  json_writer& end_object();
  json_writer& begin_array();
  json_writer& end_array();
  json_writer& key(std::string_view name);
  json_writer& string(std::string_view value);  // valid UTF-8
  json_writer& number(std::int64_t value);
  json_writer& boolean(bool value);
  json_writer& null();
  json_writer& raw(std::string_view json);  // an already written value

  // Shorthands for members.
  json_writer& member(std::string_view name, std::string_view value) {
    return key(name).string(value);
  }
  json_writer& member(std::string_view name, const char* value) { return key(name).string(value); }
  json_writer& member(std::string_view name, std::int64_t value) { return key(name).number(value); }
  json_writer& member(std::string_view name, bool value) { return key(name).boolean(value); }

 private:
  json_writer& begin(char bracket);
  json_writer& end(char bracket);
  void separate();
  void newline();

  std::string& out_;
  bool pretty_;
  bool first_ = true;  // nothing yet at this level
  bool after_key_ = false;
  int depth_ = 0;
};

// Appends `value` as a quoted JSON string.
void append_json_string(std::string& out, std::string_view value);

// A flat object whose values are strings, in the order it was written. Anything else is an error.
using string_map = std::vector<std::pair<std::string, std::string>>;
result<string_map> parse_string_map(std::string_view json);
// An array of strings.
result<std::vector<std::string>> parse_string_array(std::string_view json);

// One member of a flat object, as a request carries it.
struct json_member {
  enum class value_kind : std::uint8_t { null, boolean, integer, string, strings };
  std::string name;
  value_kind kind = value_kind::null;
  bool truth = false;
  std::int64_t number = 0;
  std::string text;
  std::vector<std::string> items;
};
// An object whose values are strings, whole numbers, true, false, null or arrays of strings, in the
// order it was written. errc::not_json, json_too_large, not_object, repeated_member, member_type.
result<std::vector<json_member>> parse_members(std::string_view json);

std::string to_json(const string_map& map);
std::string to_json(const std::vector<std::string>& array);

}  // namespace lixin::text
