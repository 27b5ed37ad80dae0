// openapi_to_json IN.yaml OUT.cc: the description of the API as JSON, to be compiled into the
// server. Run by the build.
#include <yaml-cpp/yaml.h>

#include <charconv>
#include <cstdio>
#include <fstream>
#include <string>

#include "text/json.h"

namespace {

using lixin::text::json_writer;

bool is_integer(const std::string& s, std::int64_t& n) {
  const auto [end, ec] = std::from_chars(s.data(), s.data() + s.size(), n);
  return ec == std::errc() && end == s.data() + s.size();
}

// A scalar that was quoted is a string (its tag is "!"); a plain one may be something else.
void write_scalar(const YAML::Node& node, json_writer& json) {
  const std::string text = node.Scalar();
  std::int64_t n = 0;
  const bool plain = node.Tag() == "?";
  if (plain && (text == "true" || text == "false")) {
    json.boolean(text == "true");
  } else if (plain && is_integer(text, n)) {
    json.number(n);
  } else {
    json.string(text);
  }
}

void write_node(const YAML::Node& node, json_writer& json) {
  switch (node.Type()) {
    case YAML::NodeType::Map:
      json.begin_object();
      for (const auto& member : node) {
        json.key(member.first.Scalar());
        write_node(member.second, json);
      }
      json.end_object();
      break;
    case YAML::NodeType::Sequence:
      json.begin_array();
      for (const auto& item : node) write_node(item, json);
      json.end_array();
      break;
    case YAML::NodeType::Scalar:
      write_scalar(node, json);
      break;
    default:
      json.null();
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  try {
    std::string text;
    json_writer json(text);
    write_node(YAML::LoadFile(argv[1]), json);
    std::ofstream out(argv[2], std::ios::binary);
    // Compilers need not take a literal of more than 64 KiB, so it comes in parts.
    out << "#include \"api/openapi.h\"\nnamespace lixin::api {\nstd::string openapi_json() {\n"
        << "  std::string out;\n";
    constexpr std::size_t part = 8192;
    for (std::size_t at = 0; at < text.size(); at += part) {
      out << "  out += R\"lixinapi(" << text.substr(at, part) << ")lixinapi\";\n";
    }
    out << "  return out;\n}\n}  // namespace lixin::api\n";
    return out.good() ? 0 : 70;
  } catch (const YAML::Exception& e) {
    std::fprintf(stderr, "%s: %s\n", argv[1], e.what());
    return 2;
  }
}
