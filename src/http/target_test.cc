#include "http/target.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/errc.h"

namespace lixin::http {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct parsed {
  target t;
  result<void> r;
  explicit parsed(std::string_view raw, limits l = {}) : r(t.parse(raw, l)) {}
};

TEST(target, splits_and_decodes_the_path) {
  EXPECT_THAT(parsed("/").t.segments(), IsEmpty());
  EXPECT_THAT(parsed("/api/v1/subjects").t.segments(), ElementsAre("api", "v1", "subjects"));
  EXPECT_THAT(parsed("/%E6%B2%A7%E5%B7%9e/a%20b").t.segments(), ElementsAre("沧州", "a b"));
  EXPECT_THAT(parsed("/a+b/c%2Bd").t.segments(), ElementsAre("a+b", "c+d"));
  EXPECT_THAT(parsed("/a/").t.segments(), ElementsAre("a", ""));
}

TEST(target, splits_and_decodes_the_query) {
  const parsed p("/x?name=%E4%BF%A1%E7%94%A8+a&&empty=&bare&name=2&a=b=c%26");
  ASSERT_TRUE(p.r.ok());
  EXPECT_THAT(p.t.query(), ElementsAre(name_value{"name", "信用 a"}, name_value{"empty", ""},
                                       name_value{"bare", ""}, name_value{"name", "2"},
                                       name_value{"a", "b=c&"}));
}

TEST(target, absolute_form_loses_scheme_and_host) {
  EXPECT_THAT(parsed("http://example.org:80/a/b?x=1").t.segments(), ElementsAre("a", "b"));
  EXPECT_THAT(parsed("HTTPS://example.org/a").t.segments(), ElementsAre("a"));
  EXPECT_TRUE(parsed("http://example.org").r.ok());
  EXPECT_FALSE(parsed("http:///a").r.ok());
  EXPECT_FALSE(parsed("http://?a").r.ok());
  EXPECT_FALSE(parsed("ftp://example.org/a").r.ok());
  EXPECT_FALSE(parsed("example.org:443").r.ok());
}

TEST(target, asterisk) {
  EXPECT_TRUE(parsed("*").t.is_asterisk());
  EXPECT_FALSE(parsed("/*").t.is_asterisk());
}

class tricks : public testing::TestWithParam<const char*> {};

TEST_P(tricks, are_refused) {
  const parsed p(GetParam());
  ASSERT_FALSE(p.r.ok()) << GetParam();
  EXPECT_TRUE(p.r.error().is(errc::bad_target));
}

INSTANTIATE_TEST_SUITE_P(target, tricks,
                         testing::Values("", "a", "/..", "/a/../b", "/a/./b", "/%2e%2e/a",
                                         "/a/%2E./b", "//a", "/a//b", "/a%2fb", "/a%2Fb", "/a%5cb",
                                         "/a\\b", "/a%00", "/a%0d%0aX:1", "/a%7f", "/%", "/%4",
                                         "/%4g", "/%ff", "/%c0%af", "/%ed%a0%80", "/a b", "/\xE6",
                                         "/a#b", "/a?x=%", "/a?%zz=1", "/a?x=%ff"));

TEST(target, limits_hold) {
  const limits l{.target_bytes_max = 40, .segment_count_max = 3, .query_parameters_max = 2};
  EXPECT_TRUE(parsed("/a/b/c?x=1&y=2", l).r.ok());
  for (const char* raw : {"/a/b/c/d", "/?x&y&z", "/0123456789012345678901234567890123456789"}) {
    const parsed p(raw, l);
    ASSERT_FALSE(p.r.ok()) << raw;
    EXPECT_TRUE(p.r.error().is(errc::target_too_long)) << raw;
  }
}

TEST(target, a_second_parse_begins_anew) {
  target t;
  ASSERT_TRUE(t.parse("/a/b?x=1", {}).ok());
  ASSERT_TRUE(t.parse("/c", {}).ok());
  EXPECT_THAT(t.segments(), ElementsAre("c"));
  EXPECT_THAT(t.query(), IsEmpty());
}

}  // namespace
}  // namespace lixin::http
