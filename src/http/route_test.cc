#include "http/route.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lixin::http {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

route at(method m, std::string pattern) {
  return {.method = m,
          .pattern = pattern,
          .name = std::string(name(m)) + " " + pattern,
          .handler = [](request&) -> result<response> { return response::empty(); }};
}

struct found {
  std::string name;
  std::string allow;
  std::vector<name_value> placeholders;
};

const route_table& table() {
  static const route_table t([] {
    std::vector<route> all;
    all.push_back(at(method::get, "/"));
    all.push_back(at(method::get, "/subjects/{code}"));
    all.push_back(at(method::delete_, "/subjects/{subject}"));
    all.push_back(at(method::post, "/subjects/search"));
    all.push_back(at(method::get, "/subjects/{code}/records/{record}"));
    all.push_back(at(method::get, "/subjects/all/history"));
    all.push_back(at(method::post, "/batches"));
    return all;
  }());
  return t;
}

// Views of the placeholders are into `segments`.
found find(method m, const std::vector<std::string_view>& segments) {
  found f;
  const auto match = table().find(m, segments, f.placeholders);
  f.name = match.route ? match.route->name : "";
  f.allow = match.allow;
  return f;
}

TEST(route_table, text_and_placeholders) {
  EXPECT_EQ(find(method::get, {}).name, "GET /");
  EXPECT_EQ(find(method::post, {"batches"}).name, "POST /batches");
  const found one = find(method::get, {"subjects", "9113", "records", "1-2"});
  EXPECT_EQ(one.name, "GET /subjects/{code}/records/{record}");
  EXPECT_THAT(one.placeholders,
              ElementsAre(name_value{"code", "9113"}, name_value{"record", "1-2"}));
}

TEST(route_table, names_of_placeholders_are_those_of_the_method) {
  EXPECT_THAT(find(method::get, {"subjects", "x"}).placeholders,
              ElementsAre(name_value{"code", "x"}));
  EXPECT_THAT(find(method::delete_, {"subjects", "x"}).placeholders,
              ElementsAre(name_value{"subject", "x"}));
}

TEST(route_table, text_goes_before_a_placeholder_and_steps_back) {
  EXPECT_EQ(find(method::post, {"subjects", "search"}).name, "POST /subjects/search");
  EXPECT_EQ(find(method::get, {"subjects", "all", "history"}).name, "GET /subjects/all/history");
  EXPECT_EQ(find(method::get, {"subjects", "all", "records", "7"}).name,
            "GET /subjects/{code}/records/{record}");
}

TEST(route_table, nothing_there) {
  for (const std::vector<std::string_view>& path : {std::vector<std::string_view>{"subjects"},
                                                    {"Subjects", "x"},
                                                    {"subjects", ""},
                                                    {"subjects", "x", "records"},
                                                    {"batches", ""},
                                                    {"batches", "1"},
                                                    {""}}) {
    const found f = find(method::get, path);
    EXPECT_EQ(f.name, "");
    EXPECT_EQ(f.allow, "");
    EXPECT_THAT(f.placeholders, IsEmpty());
  }
}

TEST(route_table, head_is_served_by_get_and_allow_tells_all) {
  EXPECT_EQ(find(method::head, {"subjects", "x"}).name, "GET /subjects/{code}");
  EXPECT_EQ(find(method::head, {"batches"}).name, "");
  EXPECT_EQ(find(method::put, {"subjects", "x"}).allow, "GET, HEAD, DELETE, OPTIONS");
  EXPECT_EQ(find(method::get, {"batches"}).allow, "POST, OPTIONS");
}

TEST(route_table, our_own_mistakes_abort) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");  // other tests leave a server running
  const auto build = [](std::vector<std::string> patterns) {
    std::vector<route> all;
    for (std::string& p : patterns) all.push_back(at(method::get, std::move(p)));
    const route_table t(std::move(all));
  };
  EXPECT_DEATH(build({"a"}), "");
  EXPECT_DEATH(build({"/a//b"}), "");
  EXPECT_DEATH(build({"/a/"}), "");
  EXPECT_DEATH(build({"/{a}/{a}"}), "");
  EXPECT_DEATH(build({"/{a"}), "");
  EXPECT_DEATH(build({"/x/{a}", "/x/{b}"}), "");
}

}  // namespace
}  // namespace lixin::http
