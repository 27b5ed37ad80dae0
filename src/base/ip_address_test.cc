#include "base/ip_address.h"

#include <gtest/gtest.h>

namespace lixin {
namespace {

TEST(ip_address, what_is_written_comes_back_in_one_form) {
  const std::pair<const char*, const char*> lines[] = {
      {"192.0.2.7", "192.0.2.7"},
      {"0.0.0.0", "0.0.0.0"},
      {"2001:DB8:0:0::7", "2001:db8::7"},
      {"::", "::"},
      {"::1", "::1"},
      {"::ffff:192.0.2.7", "192.0.2.7"},
      {"::ffff:c000:207", "192.0.2.7"},
      {"64:ff9b::192.0.2.7", "64:ff9b::c000:207"},
      {"1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"},
  };
  for (const auto& [text, written] : lines) {
    const auto a = ip_address::parse(text);
    ASSERT_TRUE(a) << text;
    EXPECT_EQ(a->text(), written);
  }
  EXPECT_TRUE(ip_address::parse("::ffff:192.0.2.7")->is_ipv4());
}

TEST(ip_address, anything_else_is_none) {
  for (const std::string_view bad :
       {"", " ", "192.0.2", "192.0.2.256", "192.0.2.07", "192.0.2.7 ", "192.0.2.7:80", "0x7f.1",
        "2130706433", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::1::", "[::1]", "fe80::1%eth0",
        ":::", "12345::", "::192.0.2.7.1", "localhost"}) {
    EXPECT_FALSE(ip_address::parse(bad)) << bad;
  }
  EXPECT_FALSE(ip_address::parse(std::string_view("192.0.2.7\0", 10)));
  EXPECT_FALSE(ip_address::parse(std::string(1000, '1')));
}

}  // namespace
}  // namespace lixin
