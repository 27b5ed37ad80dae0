// The table of routes against docs/openapi.yaml, both ways.
#include "api/openapi.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

#include "api/parts.h"

namespace lixin::api {
namespace {

using strings = std::vector<std::string>;

// "GET /path name roles body" of each, sorted.
strings served() {
  strings out;
  for (const endpoint& e : endpoints()) {
    std::string roles;
    for (const access::role r : access::all_roles) {
      if (e.roles.has(r)) roles += std::string(access::code_of(r)) + ",";
    }
    const bool body = e.body_bytes_max > 0;
    out.push_back(std::string(http::name(e.method)) + " " + e.pattern + " " + e.name + " " + roles +
                  (body ? " body" : ""));
  }
  std::ranges::sort(out);
  return out;
}

strings described() {
  strings out;
  const YAML::Node root = YAML::LoadFile(LIXIN_SOURCE_DIR "/docs/openapi.yaml");
  for (const auto& path : root["paths"]) {
    for (const auto& operation : path.second) {
      std::string method = operation.first.Scalar();
      std::ranges::transform(method, method.begin(),
                             [](char c) { return static_cast<char>(c - 'a' + 'A'); });
      const YAML::Node& what = operation.second;
      std::string roles;
      for (const access::role r : access::all_roles) {
        for (const auto& named : what["x-roles"]) {
          if (named.Scalar() == access::code_of(r)) roles += named.Scalar() + ",";
        }
      }
      EXPECT_TRUE(what["x-roles"].IsDefined()) << path.first.Scalar();
      EXPECT_TRUE(what["summary"].IsDefined()) << path.first.Scalar();
      out.push_back(method + " " + path.first.Scalar() + " " + what["operationId"].Scalar() + " " +
                    roles + (what["requestBody"].IsDefined() ? " body" : ""));
    }
  }
  std::ranges::sort(out);
  return out;
}

TEST(openapi, describes_every_route_and_no_other) { EXPECT_EQ(described(), served()); }

// Every {name} of a path is a parameter of it, and the other way round.
TEST(openapi, parameters_of_paths_are_those_of_their_patterns) {
  const YAML::Node root = YAML::LoadFile(LIXIN_SOURCE_DIR "/docs/openapi.yaml");
  const YAML::Node known = root["components"]["parameters"];
  for (const auto& path : root["paths"]) {
    for (const auto& operation : path.second) {
      strings named;
      for (YAML::Node p : operation.second["parameters"]) {
        if (p["$ref"].IsDefined()) {
          const std::string ref = p["$ref"].Scalar();
          p.reset(known[ref.substr(ref.rfind('/') + 1)]);
          ASSERT_TRUE(p.IsDefined()) << ref;
        }
        if (p["in"].Scalar() == "path") named.push_back("{" + p["name"].Scalar() + "}");
      }
      const std::string pattern = path.first.Scalar();
      for (const std::string& n : named) EXPECT_NE(pattern.find(n), std::string::npos) << pattern;
      EXPECT_EQ(std::ranges::count(pattern, '{'), static_cast<std::ptrdiff_t>(named.size()))
          << pattern;
    }
  }
}

TEST(openapi, is_compiled_in_as_json) {
  const auto text = openapi_json();
  EXPECT_THAT(text, testing::StartsWith(R"({"openapi":"3.1.0","info":{"title":"Lixin")"));
  EXPECT_THAT(text, testing::HasSubstr(R"("maxItems":10000)"));
  EXPECT_THAT(text, testing::HasSubstr(R"("enum":["true","false"])"));
  EXPECT_THAT(text, testing::HasSubstr(R"("additionalProperties":false)"));
}

}  // namespace
}  // namespace lixin::api
