// What two readers of HTTP could understand differently, and what is too large: refused, answered,
// and the connection closed, so that nothing behind it is read as a request.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "http/test_client.h"

namespace lixin::http {
namespace {

using testing::HasSubstr;

struct shape {
  const char* what;
  std::string bytes;
  int status;
  const char* code;
};

class malformed : public testing::TestWithParam<shape> {
 protected:
  static server& one() {
    static const auto s = started(
        {.limits = quick_limits()},
        {{.method = method::post,
          .pattern = "/echo",
          .name = "echo",
          .handler = [](request& r) -> result<response> {
            return response::text(std::string(r.body));
          },
          .body_bytes_max = 1000},
         {.method = method::get,
          .pattern = "/smuggled",
          .name = "smuggled",
          .handler = [](request&) -> result<response> { return response::text("smuggled"); }}});
    return *s;
  }
};

TEST_P(malformed, is_refused_and_nothing_behind_it_is_read) {
  client c(one().port());
  c.send(GetParam().bytes);
  c.send("GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
  const reply r = c.receive();
  EXPECT_EQ(r.status, GetParam().status) << GetParam().what << r.body;
  EXPECT_THAT(r.body, HasSubstr(GetParam().code)) << GetParam().what;
  EXPECT_EQ(r.header("Connection"), "close");
  EXPECT_TRUE(c.closed_by_server()) << GetParam().what;
}

std::string post(const std::string& headers, const std::string& body = "") {
  return "POST /echo HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n" + body;
}

std::string many(const std::string& text, int n) {
  std::string all;
  for (int i = 0; i < n; ++i) all += text;
  return all;
}

constexpr const char* bad = "http.malformed";

INSTANTIATE_TEST_SUITE_P(
    lengths, malformed,
    testing::Values(
        shape{"length and chunks",
              post("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400, bad},
        shape{"chunks and length",
              post("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "0\r\n\r\n"), 400, bad},
        shape{"two lengths", post("Content-Length: 3\r\nContent-Length: 4\r\n", "abc"), 400, bad},
        shape{"the same length twice", post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"),
              400, bad},
        shape{"a list of lengths", post("Content-Length: 3, 3\r\n", "abc"), 400, bad},
        shape{"a signed length", post("Content-Length: +3\r\n", "abc"), 400, bad},
        shape{"a negative length", post("Content-Length: -3\r\n", "abc"), 400, bad},
        shape{"a hexadecimal length", post("Content-Length: 0x3\r\n", "abc"), 400, bad},
        shape{"an empty length", post("Content-Length: \r\n", "abc"), 400, bad},
        shape{"a length past 64 bits", post("Content-Length: 18446744073709551617\r\n", "a"), 400,
              bad},
        shape{"twice chunked", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
              400, bad},
        shape{"chunked twice in one line", post("Transfer-Encoding: chunked, chunked\r\n"), 501,
              "http.transfer_coding_unknown"},
        shape{"another coding", post("Transfer-Encoding: gzip, chunked\r\n"), 501,
              "http.transfer_coding_unknown"},
        shape{"chunked is not the last", post("Transfer-Encoding: chunked, gzip\r\n"), 501,
              "http.transfer_coding_unknown"},
        shape{"identity", post("Transfer-Encoding: identity\r\nContent-Length: 3\r\n", "abc"), 501,
              "http.transfer_coding_unknown"},
        shape{"disguised chunked",
              post("Transfer-Encoding: \x0b"
                   "chunked\r\n"),
              400, bad},
        shape{"chunks in HTTP/1.0",
              "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, bad}));

const std::string chunked = "Transfer-Encoding: chunked\r\n";

INSTANTIATE_TEST_SUITE_P(
    chunks, malformed,
    testing::Values(
        shape{"no number", post(chunked, "x\r\nabc\r\n0\r\n\r\n"), 400, bad},
        shape{"a sign", post(chunked, "+3\r\nabc\r\n0\r\n\r\n"), 400, bad},
        shape{"a blank first", post(chunked, " 3\r\nabc\r\n0\r\n\r\n"), 400, bad},
        shape{"0x", post(chunked, "0x3\r\nabc\r\n0\r\n\r\n"), 400, bad},
        shape{"past 64 bits", post(chunked, "10000000000000003\r\nabc\r\n0\r\n\r\n"), 400, bad},
        shape{"longer than told", post(chunked, "3\r\nabcd\r\n0\r\n\r\n"), 400, bad},
        shape{"LF alone", post(chunked, "3\nabc\n0\n\n"), 400, bad},
        shape{"CR alone", post(chunked, "3\rabc\r\n0\r\n\r\n"), 400, bad},
        shape{"a bad extension", post(chunked, "3;\x01\r\nabc\r\n0\r\n\r\n"), 400, bad},
        shape{"a long extension", post(chunked, "3;x=" + many("y", 200) + "\r\nabc\r\n0\r\n\r\n"),
              400, bad},
        shape{"an endless chunk head", post(chunked, many("0", 200'000)), 400, bad},
        shape{"a length in the trailer", post(chunked, "0\r\nContent-Length: 3\r\n\r\n"), 400, bad},
        shape{"more than the route takes",
              post(chunked, "3e9\r\n" + many("a", 1001) + "\r\n0\r\n\r\n"), 413,
              "http.body_too_large"}));

INSTANTIATE_TEST_SUITE_P(
    heads, malformed,
    testing::Values(
        shape{"folded", post("X: a\r\n b\r\nContent-Length: 0\r\n"), 400, bad},
        shape{"folded with a tab", post("X: a\r\n\tb\r\nContent-Length: 0\r\n"), 400, bad},
        shape{"a blank before the colon", post("Content-Length : 3\r\n", "abc"), 400, bad},
        shape{"no name", post(": x\r\n"), 400, bad}, shape{"no colon", post("X\r\n"), 400, bad},
        shape{"a line that begins blank", "POST /echo HTTP/1.1\r\n Host: a\r\n\r\n", 400, bad},
        shape{"LF alone", "POST /echo HTTP/1.1\nHost: a\nContent-Length: 0\n\n", 400, bad},
        shape{"LF alone in a field", post("X: a\nContent-Length: 3\r\n", "abc"), 400, bad},
        shape{"CR alone in a field", post("X: a\rContent-Length: 3\r\n", "abc"), 400, bad},
        shape{"NUL in a field", post(std::string("X: a\0b\r\n", 8)), 400, bad},
        shape{"no host", "GET /smuggled HTTP/1.1\r\n\r\n", 400, bad},
        shape{"two hosts", "GET /smuggled HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, bad},
        shape{"two blanks", "GET  /smuggled HTTP/1.1\r\nHost: a\r\n\r\n", 400, bad},
        shape{"no version", "GET /smuggled\r\nHost: a\r\n\r\n", 400, bad},
        shape{"no protocol", "GET /smuggled XTTP/1.1\r\nHost: a\r\n\r\n", 400, bad},
        shape{"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "http.version_not_supported"},
        shape{"HTTP/0.9", "GET /smuggled HTTP/0.9\r\n\r\n", 505, "http.version_not_supported"},
        shape{"a TLS hello",
              std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + "\r\n", 400, bad},
        shape{"a method of blanks", " / HTTP/1.1\r\nHost: a\r\n\r\n", 400, bad}));

INSTANTIATE_TEST_SUITE_P(
    sizes, malformed,
    testing::Values(
        shape{"a long target", "GET /" + many("a", 5000) + " HTTP/1.1\r\nHost: a\r\n\r\n", 414,
              "http.target_too_long"},
        shape{"an endless target", "GET /" + many("a", 1'000'000), 414, "http.target_too_long"},
        shape{"a long field", post("X: " + many("a", 20'000) + "\r\n"), 431, "http.head_too_large"},
        shape{"an endless field", post("X: " + many("a", 1'000'000)), 431, "http.head_too_large"},
        shape{"many fields", post(many("X: a\r\n", 100)), 431, "http.head_too_large"},
        shape{"endless fields", post(many("X-1234567890: abc\r\n", 50'000)), 431,
              "http.head_too_large"}));

// A client that sends the end of its chunks byte by byte (or stops within) must not end the server.
TEST(malformed, the_last_chunk_in_pieces) {
  std::vector<route> routes;
  routes.push_back({.method = method::post,
                    .pattern = "/echo",
                    .name = "echo",
                    .handler = [](request& r) -> result<response> {
                      return response::text(std::string(r.body));
                    },
                    .body_bytes_max = 1000});
  const auto s = started({.limits = quick_limits()}, std::move(routes));
  const std::string head = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const std::string& body : {std::string("0\r\n\r\n"), std::string("2\r\nab\r\n0\r\n\r\n")}) {
    for (std::size_t stop = 1; stop < body.size(); ++stop) {
      client cut(s->port());
      cut.send(head);
      for (std::size_t i = 0; i < stop; ++i) {
        cut.send(body.substr(i, 1));
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
      }
    }
    client whole(s->port());
    whole.send(head);
    for (const char c : body) {
      whole.send({&c, 1});
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    const reply r = whole.receive();
    EXPECT_EQ(r.status, 200);
    EXPECT_EQ(r.body, body.size() > 5 ? "ab" : "");
  }
}

}  // namespace
}  // namespace lixin::http
