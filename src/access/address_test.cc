#include "access/address.h"

#include <gtest/gtest.h>

#include "access/errc.h"

namespace lixin::access {
namespace {

TEST(address, what_is_written_comes_back_in_one_form) {
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
    const auto a = parse_address(text);
    ASSERT_TRUE(a) << text;
    EXPECT_EQ(to_string(*a), written);
  }
  EXPECT_TRUE(parse_address("::ffff:192.0.2.7")->v4);
}

TEST(address, anything_else_is_none) {
  for (const std::string_view bad :
       {"", " ", "192.0.2", "192.0.2.256", "192.0.2.07", "192.0.2.7 ", "192.0.2.7:80", "0x7f.1",
        "2130706433", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::1::", "[::1]", "fe80::1%eth0",
        ":::", "12345::", "::192.0.2.7.1", "localhost"}) {
    EXPECT_FALSE(parse_address(bad)) << bad;
  }
  EXPECT_FALSE(parse_address(std::string_view("192.0.2.7\0", 10)));
  EXPECT_FALSE(parse_address(std::string(1000, '1')));
}

TEST(network, holds_what_has_its_prefix) {
  const struct {
    const char *network, *written;
    std::vector<const char*> in, out;
  } lines[] = {
      {"192.0.2.0/24",
       "192.0.2.0/24",
       {"192.0.2.0", "192.0.2.255", "::ffff:192.0.2.9"},
       {"192.0.3.0", "192.0.1.255", "::c000:207"}},
      {"10.0.0.0/9", "10.0.0.0/9", {"10.127.255.255"}, {"10.128.0.0"}},
      {"192.0.2.7", "192.0.2.7/32", {"192.0.2.7"}, {"192.0.2.6"}},
      {"0.0.0.0/0", "0.0.0.0/0", {"255.255.255.255", "0.0.0.0"}, {"::", "::1"}},
      {"::/0", "::/0", {"::1", "2001:db8::"}, {"192.0.2.7", "::ffff:192.0.2.7"}},
      {"2001:db8::/33", "2001:db8::/33", {"2001:db8:7fff::1"}, {"2001:db8:8000::"}},
      {"2001:db8::7", "2001:db8::7/128", {"2001:db8::7"}, {"2001:db8::6"}},
      {"::ffff:10.0.0.0/104", "10.0.0.0/8", {"10.1.2.3"}, {"11.0.0.0", "::1"}},
      {"::ffff:0:0/96", "0.0.0.0/0", {"192.0.2.7"}, {"::1"}},
  };
  for (const auto& line : lines) {
    const auto n = parse_network(line.network);
    ASSERT_TRUE(n.ok()) << line.network;
    EXPECT_EQ(to_string(*n), line.written);
    EXPECT_EQ(parse_network(to_string(*n)).value(), *n);
    for (const char* a : line.in) EXPECT_TRUE(n->holds(*parse_address(a))) << line.network << a;
    for (const char* a : line.out) EXPECT_FALSE(n->holds(*parse_address(a))) << line.network << a;
  }
}

TEST(network, says_what_is_wrong) {
  for (const std::string_view bad : {"", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1",
                                     "10.0.0.0/08", "10.0.0.0/8 ", "10.0.0.0/+8", "10.0.0.0/8/8",
                                     "::/129", "::/99999999999999", "10.0.0.0/255.0.0.0", "any"}) {
    const auto n = parse_network(bad);
    ASSERT_FALSE(n.ok()) << bad;
    EXPECT_TRUE(n.error().is(errc::not_a_network)) << bad;
  }
  const auto wide = parse_network("10.1.2.3/8");
  ASSERT_FALSE(wide.ok());
  EXPECT_TRUE(wide.error().is(errc::network_host_bits));
  EXPECT_EQ(wide.error().args()[1], "10.0.0.0/8");
  EXPECT_TRUE(parse_network("::ffff:10.0.0.0/80").error().is(errc::network_host_bits));
  // What was typed comes back short and without signs that a terminal obeys.
  const auto odd = parse_network("\x1b[31m" + std::string(200, 'x'));
  EXPECT_LT(odd.error().args()[0].size(), 60U);
  EXPECT_EQ(odd.error().args()[0].front(), '?');
}

}  // namespace
}  // namespace lixin::access
