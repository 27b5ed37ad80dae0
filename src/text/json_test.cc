#include "text/json.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "text/errc.h"

namespace lixin::text {
namespace {

TEST(json, writes_in_the_order_of_the_calls) {
  std::string out;
  json_writer w(out);
  w.begin_object().member("name", "沧州").member("rows", std::int64_t{-12}).member("ok", true);
  w.key("none").null().key("list").begin_array().number(1).string("b").begin_object().end_object();
  w.begin_array().end_array().end_array().key("raw").raw("[1,2]").end_object();
  EXPECT_EQ(out,
            R"({"name":"沧州","rows":-12,"ok":true,"none":null,"list":[1,"b",{},[]],"raw":[1,2]})");
}

TEST(json, pretty_breaks_lines) {
  std::string out;
  json_writer w(out, true);
  w.begin_object().member("a", std::int64_t{1}).key("b").begin_array().string("x").number(2);
  w.end_array().key("c").begin_object().end_object().end_object();
  EXPECT_EQ(out, "{\n  \"a\": 1,\n  \"b\": [\n    \"x\",\n    2\n  ],\n  \"c\": {}\n}");
}

TEST(json, widest_numbers) {
  std::string out;
  json_writer w(out);
  w.begin_array();
  w.number(std::numeric_limits<std::int64_t>::min());
  w.number(std::numeric_limits<std::int64_t>::max());
  w.end_array();
  EXPECT_EQ(out, "[-9223372036854775808,9223372036854775807]");
}

TEST(json, strings_are_escaped) {
  std::string out;
  append_json_string(out, std::string_view("a\"b\\c/\n\r\t\x01\x1F\0\x7F沧", 16));
  EXPECT_EQ(out, "\"a\\\"b\\\\c/\\n\\r\\t\\u0001\\u001f\\u0000\x7F沧\"");
}

TEST(json, maps_come_back_in_order) {
  const string_map map{{"b", "2"}, {"a", "\"\\\n"}, {"", ""}, {"沧", "州\x01"}};
  const auto back = parse_string_map(to_json(map));
  ASSERT_TRUE(back.ok()) << back.error().text(language::en);
  EXPECT_EQ(*back, map);
  EXPECT_EQ(*parse_string_map(" { } "), string_map{});
  EXPECT_EQ(*parse_string_map(R"({"a":"\u6ca7\ud842\udfb7"})"), (string_map{{"a", "沧𠮷"}}));
}

TEST(json, arrays_come_back) {
  const std::vector<std::string> array{"", "a\"b", "沧州"};
  EXPECT_EQ(*parse_string_array(to_json(array)), array);
  EXPECT_EQ(*parse_string_array("[]"), std::vector<std::string>{});
}

TEST(json, refuses_what_is_no_flat_map) {
  const auto code = [](std::string_view json) {
    const auto answer = parse_string_map(json);
    return answer.ok() ? std::string("ok") : std::string(answer.error().code());
  };
  EXPECT_EQ(code(R"({"a":1})"), "text.not_string_map");
  EXPECT_EQ(code(R"({"a":null})"), "text.not_string_map");
  EXPECT_EQ(code(R"({"a":{"b":"c"}})"), "text.not_string_map");
  EXPECT_EQ(code(R"(["a"])"), "text.not_object");
  EXPECT_EQ(code(R"("a")"), "text.not_object");
  EXPECT_EQ(code(R"({"a":"b","c":"d","a":"b"})"), "text.repeated_member");
  for (const std::string_view broken :
       {"", "{", R"({"a")", R"({"a":"b")", R"({"a":"b"} x)", R"({"a":"b"}{})", R"({"a":"b",})",
        R"({a:"b"})", R"({"a":"\ud800"})", R"({"a":"\x"})", "{\"a\":\"\xFF\"}", "{\"a\":\"\n\"}"}) {
    EXPECT_EQ(code(broken), "text.not_json") << broken;
  }
}

TEST(json, refuses_what_is_no_array_of_strings) {
  const auto third = parse_string_array(R"(["a","b",3])");
  ASSERT_FALSE(third.ok());
  EXPECT_TRUE(third.error().is(errc::not_string_array));
  EXPECT_EQ(third.error().args()[0], "3");
  EXPECT_TRUE(parse_string_array("{}").error().is(errc::not_string_array));
  EXPECT_TRUE(parse_string_array("[1").error().is(errc::not_json));
  EXPECT_TRUE(parse_string_array(R"(["a"]])").error().is(errc::not_json));
}

TEST(json, members_of_a_request_keep_their_kinds) {
  using kind = json_member::value_kind;
  const auto all =
      parse_members(R"({"a":"沧","b":-7,"c":true,"d":null,"e":["x",""],"f":[],"g":false})");
  ASSERT_TRUE(all.ok()) << all.error().text(language::en);
  ASSERT_EQ(all->size(), 7u);
  EXPECT_EQ((*all)[0].name, "a");
  EXPECT_EQ((*all)[0].kind, kind::string);
  EXPECT_EQ((*all)[0].text, "沧");
  EXPECT_EQ((*all)[1].kind, kind::integer);
  EXPECT_EQ((*all)[1].number, -7);
  EXPECT_EQ((*all)[2].kind, kind::boolean);
  EXPECT_TRUE((*all)[2].truth);
  EXPECT_EQ((*all)[3].kind, kind::null);
  EXPECT_EQ((*all)[4].kind, kind::strings);
  EXPECT_EQ((*all)[4].items, (std::vector<std::string>{"x", ""}));
  EXPECT_TRUE((*all)[5].items.empty());
  EXPECT_FALSE((*all)[6].truth);
}

TEST(json, refuses_what_is_no_request) {
  const auto code = [](std::string_view json) {
    const auto answer = parse_members(json);
    return answer.ok() ? std::string("ok") : std::string(answer.error().code());
  };
  EXPECT_EQ(code("[]"), "text.not_object");
  EXPECT_EQ(code(R"({"a":1.5})"), "text.member_type");
  EXPECT_EQ(code(R"({"a":99999999999999999999})"), "text.not_json");
  EXPECT_EQ(code(R"({"a":{}})"), "text.member_type");
  EXPECT_EQ(code(R"({"a":["x",1]})"), "text.member_type");
  EXPECT_EQ(code(R"({"a":1,"a":1})"), "text.repeated_member");
  EXPECT_EQ(code(R"({"a":1)"), "text.not_json");
  // The parser that is used again keeps nothing of what it read before.
  EXPECT_EQ(code(R"({"a":"b"})"), "ok");
  EXPECT_EQ(parse_members(R"({"x":)" + std::string(100'000, ' ') + "1}")->at(0).number, 1);
  EXPECT_EQ(parse_members("{}")->size(), 0u);
}

TEST(json, limits_hold) {
  std::string huge(16 * 1024 * 1024, ' ');
  EXPECT_TRUE(parse_string_array(huge + "[]").error().is(errc::json_too_large));
  EXPECT_TRUE(parse_string_array(std::string(100000, '[')).error().is(errc::not_json));
}

// Every sentence must format with the arguments that the code gives it.
TEST(json, sentences_name_what_stands_there) {
  EXPECT_EQ(parse_string_map(R"({"金额":1})").error().sentence(language::zh),
            "应为一个 JSON 对象，且各成员的值都是字符串；成员“金额”不是。数字和日期也要加引号。");
  EXPECT_NE(parse_string_map("[]").error().sentence(language::zh).find("{\"名称\": \"值\"}"),
            std::string::npos);
}

}  // namespace
}  // namespace lixin::text
