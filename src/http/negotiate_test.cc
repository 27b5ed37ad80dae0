// Accept-Language, addresses of clients, and problem documents.
#include <gtest/gtest.h>

#include "http/accept_language.h"
#include "http/address.h"
#include "http/errc.h"
#include "http/problem.h"

namespace lixin::http {
namespace {

TEST(accept_language, by_weight_then_by_order) {
  struct sample {
    const char* header;
    language zh_otherwise;
    language en_otherwise;
  };
  constexpr auto zh = language::zh;
  constexpr auto en = language::en;
  for (const sample& s : {
           sample{"", zh, en},
           sample{"zh", zh, zh},
           sample{"zh-CN,zh;q=0.9,en;q=0.8", zh, zh},
           sample{"en-US,en;q=0.9,zh-CN;q=0.8", en, en},
           sample{"en;q=0.5 , ZH-Hans ; q=0.51", zh, zh},
           sample{"EN", en, en},
           sample{"de, fr;q=0.9", zh, en},
           sample{"de, *;q=0.1", zh, en},
           sample{"en;q=0", zh, en},
           sample{"en;q=0, *", zh, zh},
           sample{"zh;q=0, *;q=0.1", en, en},
           sample{"en,zh", en, en},
           sample{"zh,en", zh, zh},
           sample{"en;q=0.3,*;q=0.7", zh, zh},
           sample{"en;q=2, zh;q=0.1", zh, zh},
           sample{"en;q=abc, zh;q=0.1", zh, zh},
           sample{"english, zh;q=0.1", zh, zh},
           sample{",;,q=1,;;=,", zh, en},
           sample{"en;q=1.001, zh;q=0.1", zh, zh},
           sample{"en;q=0.001", en, en},
       }) {
    EXPECT_EQ(preferred_language(s.header, zh), s.zh_otherwise) << s.header;
    EXPECT_EQ(preferred_language(s.header, en), s.en_otherwise) << s.header;
  }
}

TEST(address, reads_and_writes_both_families) {
  EXPECT_EQ(address::parse("192.0.2.7")->text(), "192.0.2.7");
  EXPECT_EQ(parse_host("[2001:db8::1]")->text(), "2001:db8::1");
  EXPECT_EQ(address::parse("::ffff:192.0.2.7"), address::parse("192.0.2.7"));
  for (const char* bad : {"", "x", "192.0.2", "192.0.2.7:80", "192.0.2.256", "[", "[]", "::g"}) {
    EXPECT_FALSE(address::parse(bad)) << bad;
  }
}

TEST(address, a_network_of_ipv6_is_one_client) {
  EXPECT_EQ(client_network(*address::parse("2001:db8::1")),
            client_network(*address::parse("2001:db8::ffff:2")));
  EXPECT_NE(client_network(*address::parse("2001:db8::1")),
            client_network(*address::parse("2001:db8:0:1::1")));
  EXPECT_NE(client_network(*address::parse("192.0.2.7")),
            client_network(*address::parse("192.0.2.8")));
}

TEST(address, only_a_trusted_proxy_names_the_client) {
  const std::vector<address> proxies{*address::parse("10.0.0.1"), *address::parse("10.0.0.2")};
  const auto of = [&](const char* peer, const char* forwarded) {
    return client_of(peer[0] ? *address::parse(peer) : address{}, forwarded, proxies).text();
  };
  EXPECT_EQ(of("192.0.2.7", "198.51.100.1"), "192.0.2.7");
  EXPECT_EQ(of("10.0.0.1", "198.51.100.1"), "198.51.100.1");
  EXPECT_EQ(of("", "198.51.100.1"), "198.51.100.1");
  EXPECT_EQ(of("10.0.0.1", "203.0.113.9, 198.51.100.1, 10.0.0.2"), "198.51.100.1");
  EXPECT_EQ(of("10.0.0.1", "198.51.100.1, nonsense"), "10.0.0.1");
  EXPECT_EQ(of("10.0.0.1", ""), "10.0.0.1");
  EXPECT_EQ(of("10.0.0.1", ",,"), "10.0.0.1");
}

TEST(problem, in_the_language_of_the_request) {
  request r;
  r.id = "00000000000000ff";
  const error what = error(errc::method_not_allowed, {"PUT", "GET, HEAD"});
  const response zh = problem(what, r);
  EXPECT_EQ(zh.status, 405U);
  EXPECT_EQ(zh.content_type, "application/problem+json");
  EXPECT_EQ(zh.body,
            "{\"type\":\"about:blank\",\"title\":\"方法不适用\",\"status\":405,"
            "\"detail\":\"这个地址不支持 PUT 方法，可用的是：GET, HEAD。\","
            "\"code\":\"http.method_not_allowed\",\"request_id\":\"00000000000000ff\"}");
  r.lang = language::en;
  const response en = problem(what, r);
  EXPECT_NE(en.body.find("\"title\":\"Method Not Allowed\""), std::string::npos);
  EXPECT_NE(en.body.find("this address does not take the method PUT"), std::string::npos);
}

TEST(problem, tells_field_and_row_and_status_by_kind) {
  constexpr message odd{"test.odd", failure::refused, "奇", "odd"};
  const response p =
      problem(error(odd, {}, {.row = 7, .column = "decided_on"}), request{.lang = language::en});
  EXPECT_EQ(p.status, 403U);
  EXPECT_NE(p.body.find("\"field\":\"decided_on\",\"row\":7"), std::string::npos);
  for (const auto& [kind, status] :
       {std::pair{failure::unusable_input, 400U}, std::pair{failure::not_found, 404U},
        std::pair{failure::unavailable, 503U}, std::pair{failure::internal, 500U}}) {
    const message m{"test.kind", kind, "", ""};
    EXPECT_EQ(status_of(error(m)), status);
  }
}

TEST(response, a_value_cannot_begin_another_header) {
  const response r = response::empty().header("Location", "/a\r\nSet-Cookie: x=1");
  EXPECT_EQ(r.headers[0].second, "/a  Set-Cookie: x=1");
}

}  // namespace
}  // namespace lixin::http
