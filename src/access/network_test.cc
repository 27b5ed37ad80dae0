#include "access/network.h"

#include <gtest/gtest.h>

#include "access/errc.h"

namespace lixin::access {
namespace {

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
    for (const char* a : line.in) EXPECT_TRUE(n->holds(*ip_address::parse(a))) << line.network << a;
    for (const char* a : line.out)
      EXPECT_FALSE(n->holds(*ip_address::parse(a))) << line.network << a;
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
