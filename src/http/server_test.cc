// The server as clients see it: answers, keep-alive, languages, limits of connections and rates.
#include "http/server.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/un.h>

#include <cmath>
#include <filesystem>
#include <mutex>
#include <thread>

#include "http/errc.h"
#include "http/test_client.h"

namespace lixin::http {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr message test_missing{"test.missing", failure::not_found, "没有 {0}", "no {0}"};

// What the observer was told.
struct log {
  std::mutex mutex;
  std::vector<std::string> lines;
  http::observer observer() {
    return [this](const finished& f) {
      const std::lock_guard lock(mutex);
      lines.push_back(fmt::format("{} {} {} {}>{} {}", f.route, f.method, f.status, f.bytes_in,
                                  f.bytes_out, f.whole ? "whole" : "cut"));
    };
  }
};

std::vector<route> sample_routes() {
  std::vector<route> all;
  all.push_back({.method = method::get,
                 .pattern = "/hello/{who}",
                 .name = "hello",
                 .handler = [](request& r) -> result<response> {
                   return response::text(std::string(r.placeholder("who")) + " " +
                                         std::string(r.parameter("x").value_or("-")) + " " +
                                         std::string(r.header("x-note").value_or("-")));
                 }});
  all.push_back({.method = method::post,
                 .pattern = "/echo",
                 .name = "echo",
                 .handler = [](request& r) -> result<response> {
                   return response::text(std::string(r.body));
                 },
                 .body_bytes_max = 100'000,
                 .rate_class = 0});
  all.push_back({.method = method::post,
                 .pattern = "/blocking",
                 .name = "blocking",
                 .handler = [](request& r) -> result<response> {
                   return response::text(std::string(r.body));
                 },
                 .runs = run::blocking,
                 .body_bytes_max = 100'000});
  all.push_back({.method = method::get,
                 .pattern = "/missing",
                 .name = "missing",
                 .handler = [](request&) -> result<response> {
                   return error(test_missing, {"x"}, {.column = "code"});
                 }});
  all.push_back({.method = method::get,
                 .pattern = "/throws",
                 .name = "throws",
                 .handler = [](request&) -> result<response> { throw std::bad_alloc(); }});
  return all;
}

options quick() { return {.limits = quick_limits()}; }

TEST(server, answers_quick_handlers) {
  const auto s = started(quick(), sample_routes());
  client c(s->port());
  const reply r = c.ask("GET /hello/%E4%BF%A1?x=1+2 HTTP/1.1\r\nHost: a\r\nX-Note: \t n \r\n\r\n");
  EXPECT_EQ(r.status, 200);
  EXPECT_EQ(r.body, "信 1 2 n");
  EXPECT_EQ(r.header("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(r.header("X-Request-Id").size(), 16U);
  EXPECT_THAT(r.header("Date"), testing::EndsWith(" GMT"));
  EXPECT_EQ(r.header("Connection"), "");
}

TEST(server, keeps_alive_and_counts_requests) {
  options o = quick();
  o.limits.requests_per_connection_max = 3;
  const auto s = started(o, sample_routes());
  client c(s->port());
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) {
    const reply r = c.ask("GET /hello/a HTTP/1.1\r\nHost: a\r\n\r\n");
    ASSERT_EQ(r.status, 200);
    EXPECT_EQ(r.header("Connection"), i == 2 ? "close" : "");
    ids.push_back(r.header("X-Request-Id"));
  }
  EXPECT_TRUE(c.closed_by_server());
  EXPECT_NE(ids[0], ids[1]);
}

TEST(server, http_1_0_closes_unless_asked_to_keep) {
  const auto s = started(quick(), sample_routes());
  client one(s->port());
  EXPECT_EQ(one.ask("GET /hello/a HTTP/1.0\r\n\r\n").header("Connection"), "close");
  EXPECT_TRUE(one.closed_by_server());
  client two(s->port());
  const char* const kept = "GET /hello/a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
  EXPECT_EQ(two.ask(kept).header("Connection"), "keep-alive");
  EXPECT_EQ(two.ask(kept).status, 200);
}

TEST(server, pipelined_requests_are_answered_in_order) {
  const auto s = started(quick(), sample_routes());
  client c(s->port());
  std::string all;
  for (int i = 0; i < 300; ++i) {
    const std::string n = std::to_string(i);
    const std::string path = i % 3 == 0 ? "/blocking" : "/echo";
    all += i % 2 == 0
               ? "POST " + path +
                     " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(n.size()) +
                     "\r\n\r\n" + n
               : "POST " + path + " HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" +
                     fmt::format("{:x}", n.size()) + "\r\n" + n + "\r\n0\r\n\r\n";
  }
  c.send(all);
  for (int i = 0; i < 300; ++i) {
    const reply r = c.receive();
    ASSERT_EQ(r.status, 200) << i << r.body;
    ASSERT_EQ(r.body, std::to_string(i));
  }
}

TEST(server, a_request_may_arrive_byte_by_byte) {
  const auto s = started(quick(), sample_routes());
  client c(s->port());
  const std::string request =
      "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3;x=1\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n";
  for (int twice = 0; twice < 2; ++twice) {
    for (const char b : request) ASSERT_TRUE(c.send({&b, 1}));
    EXPECT_EQ(c.receive().body, "abc0123456789");
  }
}

TEST(server, bodies_of_any_size_up_to_the_limit) {
  const auto s = started(quick(), sample_routes());
  client c(s->port());
  for (const std::size_t n : {0U, 1U, 2000U, 3000U, 65'000U, 100'000U}) {
    const std::string body(n, 'b');
    for (const char* path : {"/echo", "/blocking"}) {
      const reply r =
          c.ask(std::string("POST ") + path +
                " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(n) + "\r\n\r\n" + body);
      EXPECT_EQ(r.status, 200) << n;
      EXPECT_EQ(r.body, body);
    }
  }
  const reply large = c.ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100001\r\n\r\n");
  EXPECT_EQ(large.status, 413);
  EXPECT_EQ(large.header("Connection"), "close");
  EXPECT_TRUE(c.closed_by_server());
  client chunked(s->port());
  chunked.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  const std::string piece = "2710\r\n" + std::string(10'000, 'c') + "\r\n";
  for (int i = 0; i < 11; ++i) chunked.send(piece);
  EXPECT_EQ(chunked.receive().status, 413);
}

TEST(server, head_options_and_other_methods) {
  const auto s = started(quick(), sample_routes());
  client c(s->port());
  const reply head = c.ask("HEAD /hello/abc HTTP/1.1\r\nHost: a\r\n\r\n", true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Content-Length"), "7");
  const reply some = c.ask("OPTIONS /hello/x HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(some.status, 204);
  EXPECT_EQ(some.header("Allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(some.header("Content-Length"), "");
  EXPECT_EQ(c.ask("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").status, 204);
  const reply not_allowed = c.ask("DELETE /echo HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(not_allowed.status, 405);
  EXPECT_EQ(not_allowed.header("Allow"), "POST, OPTIONS");
  EXPECT_EQ(c.ask("GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n").status, 404);
  EXPECT_EQ(c.ask("HEAD /nowhere HTTP/1.1\r\nHost: a\r\n\r\n", true).status, 404);
  EXPECT_EQ(c.ask("GET http://a/hello/abs HTTP/1.1\r\nHost: a\r\n\r\n").body, "abs - -");
  EXPECT_EQ(c.ask("BREW /echo HTTP/1.1\r\nHost: a\r\n\r\n").status, 501);
}

TEST(server, errors_are_problem_documents_in_the_language_asked_for) {
  const auto s = started(quick(), sample_routes());
  client c(s->port());
  const reply zh = c.ask("GET /missing HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(zh.status, 404);
  EXPECT_EQ(zh.header("Content-Type"), "application/problem+json");
  EXPECT_EQ(zh.header("Content-Language"), "zh");
  EXPECT_EQ(zh.body,
            "{\"type\":\"about:blank\",\"title\":\"没有找到\",\"status\":404,\"detail\":\"没有 x\","
            "\"code\":\"test.missing\",\"field\":\"code\",\"request_id\":\"" +
                zh.header("X-Request-Id") + "\"}");
  const reply en =
      c.ask("GET /missing HTTP/1.1\r\nHost: a\r\nAccept-Language: zh;q=0.2, en\r\n\r\n");
  EXPECT_THAT(en.body, HasSubstr("\"title\":\"Not Found\""));
  EXPECT_THAT(en.body, HasSubstr("\"detail\":\"no x\""));
  const reply thrown = c.ask("GET /throws HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(thrown.status, 500);
  EXPECT_THAT(thrown.body, HasSubstr("http.handler_failed"));
}

TEST(server, a_table_above_sets_the_status_of_errors) {
  options o = quick();
  o.statuses = [](const error& e) { return e.is(test_missing) ? 410U : 0U; };
  const auto s = started(o, sample_routes());
  client c(s->port());
  EXPECT_EQ(c.ask("GET /missing HTTP/1.1\r\nHost: a\r\n\r\n").status, 410);
  EXPECT_EQ(c.ask("GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n").status, 404);
}

TEST(server, expectations) {
  const auto s = started(quick(), sample_routes());
  client c(s->port());
  const std::string post = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n";
  EXPECT_EQ(c.ask(post + "Expect: 100-Continue\r\n\r\n").status, 100);
  EXPECT_EQ(c.ask("hello").body, "hello");
  EXPECT_EQ(c.ask(post + "Expect: 100-continue\r\n\r\nhello").body, "hello");
  EXPECT_EQ(c.ask(post + "Expect: more\r\n\r\n").status, 417);
  client large(s->port());
  EXPECT_EQ(large
                .ask("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 999999999999\r\n"
                     "Expect: 100-continue\r\n\r\n")
                .status,
            413);
}

TEST(server, lengths_and_encodings_of_bodies) {
  const auto s = started(quick(), sample_routes());
  const auto status = [&](const std::string& request) {
    return client(s->port()).ask(request).status;
  };
  EXPECT_EQ(status("POST /echo HTTP/1.1\r\nHost: a\r\n\r\n"), 411);
  EXPECT_EQ(status("GET /hello/a HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx"), 413);
  EXPECT_EQ(status("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\n"
                   "Content-Length: 1\r\n\r\nx"),
            415);
  EXPECT_EQ(status("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Encoding: identity\r\n"
                   "Content-Length: 1\r\n\r\nx"),
            200);
}

TEST(server, slow_heads_bodies_and_idle_connections_are_cut) {
  options o = quick();
  o.limits.head_ms = o.limits.body_grace_ms = o.limits.idle_ms = 200;
  const auto s = started(o, sample_routes());
  client head(s->port());
  client body(s->port());
  client idle(s->port());
  client used(s->port());
  head.send("GET /hello/a HTTP/1.1\r\nHo");
  body.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nab");
  EXPECT_EQ(used.ask("GET /hello/a HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
  for (client* slow : {&head, &body}) {
    const reply r = slow->receive();
    EXPECT_EQ(r.status, 408);
    EXPECT_THAT(r.body, HasSubstr("http.request_timeout"));
    EXPECT_TRUE(slow->closed_by_server());
  }
  EXPECT_TRUE(idle.closed_by_server());
  EXPECT_TRUE(used.closed_by_server());
}

TEST(server, a_client_that_does_not_read_is_cut) {
  log told;
  options o = quick();
  o.limits.write_grace_ms = 200;
  o.observer = told.observer();
  std::vector<route> routes = sample_routes();
  routes.push_back({.method = method::get,
                    .pattern = "/large",
                    .name = "large",
                    .handler = [](request&) -> result<response> {
                      return response::text(std::string(64 << 20, 'x'));
                    }});
  auto s = started(o, std::move(routes));
  client c(s->port());
  c.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  while (s->now().connections > 0) std::this_thread::sleep_for(5ms);
  s.reset();
  EXPECT_THAT(told.lines, testing::ElementsAre("large GET 200 0>0 cut"));
}

TEST(server, connections_are_limited_in_all_and_for_each_client) {
  for (const bool per_client : {false, true}) {
    options o = quick();
    (per_client ? o.limits.connections_per_client_max : o.limits.connections_max) = 2;
    const auto s = started(o, sample_routes());
    client one(s->port());
    auto two = std::make_unique<client>(s->port());
    const char* const request = "GET /hello/a HTTP/1.1\r\nHost: a\r\n\r\n";
    ASSERT_EQ(one.ask(request).status, 200);
    ASSERT_EQ(two->ask(request).status, 200);
    client three(s->port());
    const reply r = three.receive();
    EXPECT_EQ(r.status, 503);
    EXPECT_EQ(r.header("Retry-After"), "1");
    EXPECT_THAT(r.body, HasSubstr("http.overloaded"));
    EXPECT_TRUE(three.closed_by_server());
    two.reset();
    while (s->now().connections > 1) std::this_thread::sleep_for(1ms);
    EXPECT_EQ(client(s->port()).ask(request).status, 200);
  }
}

TEST(server, rates_are_limited_for_each_client_behind_a_trusted_proxy) {
  options o = quick();
  o.rates = {{.per_second = 0.01, .burst = 2}};
  o.trusted_proxies = {*address::parse("127.0.0.1")};
  const auto s = started(o, sample_routes());
  client c(s->port());
  const auto ask = [&](const char* from) {
    return c.ask(std::string("GET /hello/a HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 203.0.113.5, ") +
                 from + "\r\n\r\n");
  };
  EXPECT_EQ(ask("198.51.100.1").status, 200);
  EXPECT_EQ(ask("198.51.100.1").status, 200);
  const reply r = ask("198.51.100.1");
  EXPECT_EQ(r.status, 429);
  EXPECT_EQ(r.header("Retry-After"), "100");
  EXPECT_EQ(ask("198.51.100.2").status, 200);
}

TEST(server, the_observer_is_told_of_every_request) {
  log told;
  options o = quick();
  o.observer = told.observer();
  auto s = started(o, sample_routes());
  {
    client c(s->port());
    c.ask("GET /hello/abc HTTP/1.1\r\nHost: a\r\n\r\n");
    c.ask("POST /blocking HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody");
    c.ask("HEAD /hello/abc HTTP/1.1\r\nHost: a\r\n\r\n", true);
    c.ask("BREW / HTTP/1.1\r\nHost: a\r\n\r\n");
    c.ask("nonsense\r\n\r\n");
  }
  s.reset();
  ASSERT_EQ(told.lines.size(), 5U);
  EXPECT_EQ(told.lines[0], "hello GET 200 0>7 whole");
  EXPECT_EQ(told.lines[1], "blocking POST 200 4>4 whole");
  EXPECT_EQ(told.lines[2], "hello HEAD 200 0>0 whole");
  EXPECT_THAT(told.lines[3], testing::StartsWith("  501 0>"));
  EXPECT_THAT(told.lines[4], testing::StartsWith("  400 0>"));
}

TEST(server, listens_on_ipv6_and_on_a_unix_socket) {
  std::string folder = (std::filesystem::temp_directory_path() / "lixin-http-XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const std::string path = folder + "/s";
  for (int twice = 0; twice < 2; ++twice) {  // the second finds the socket of the first
    options o = quick();
    o.listen = {"[::1]:0", "unix:" + path};
    const auto s = started(o, sample_routes());
    EXPECT_NE(s->port(), 0);
    ::sockaddr_storage at{};
    auto* const unix_at = reinterpret_cast<::sockaddr_un*>(&at);
    unix_at->sun_family = AF_UNIX;
    path.copy(unix_at->sun_path, sizeof unix_at->sun_path - 1);
    client by_unix(at, sizeof(::sockaddr_un));
    EXPECT_EQ(by_unix.ask("GET /hello/a HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
    at = {};
    auto* const ipv6_at = reinterpret_cast<::sockaddr_in6*>(&at);
    ipv6_at->sin6_family = AF_INET6;
    ipv6_at->sin6_port = htons(s->port());
    ipv6_at->sin6_addr = in6addr_loopback;
    client by_ipv6(at, sizeof(::sockaddr_in6));
    EXPECT_EQ(by_ipv6.ask("GET /hello/a HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
  }
  std::filesystem::remove_all(folder);
}

TEST(server, addresses_that_cannot_be_listened_on) {
  for (const char* bad : {"", "8080", "localhost:80", "127.0.0.1:", "127.0.0.1:65536", "::1:80",
                          "[127.0.0.1]:80", "127.0.0.1:80x", "unix:"}) {
    const auto s = server::start({.listen = {bad}}, route_table(sample_routes()));
    ASSERT_FALSE(s.ok()) << bad;
    EXPECT_TRUE(s.error().is(errc::bad_listen_address)) << bad;
  }
  const auto first = started(quick(), sample_routes());
  const auto second = server::start({.listen = {"127.0.0.1:" + std::to_string(first->port())}},
                                    route_table(sample_routes()));
  ASSERT_FALSE(second.ok());
  EXPECT_TRUE(second.error().is(errc::cannot_listen));
}

TEST(server, limits_and_rates_out_of_range_are_named) {
  options no_threads = quick();
  no_threads.limits.pool_threads = 0;
  options no_rate = quick();
  no_rate.limits.body_bytes_per_second_min = 0;
  options no_burst = quick();
  no_burst.rates = {{.per_second = 1, .burst = 0}};
  options no_number = quick();
  no_number.rates = {{.per_second = std::nan(""), .burst = 1}};
  for (const auto& [o, named] :
       {std::pair{no_threads, "pool_threads"}, std::pair{no_rate, "body_bytes_per_second_min"},
        std::pair{no_burst, "rate.burst"}, std::pair{no_number, "rate.per_second"}}) {
    const auto s = server::start(o, route_table(sample_routes()));
    ASSERT_FALSE(s.ok());
    EXPECT_TRUE(s.error().is(errc::bad_limit));
    EXPECT_EQ(s.error().args()[0], named);
  }
}

// The client has said that it sends no more; its answers still come.
TEST(server, half_closed_clients_are_answered) {
  const auto s = started(quick(), sample_routes());
  client c(s->port());
  c.send(
      "POST /blocking HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab"
      "GET /hello/b HTTP/1.1\r\nHost: a\r\n\r\n");
  c.end_sending();
  EXPECT_EQ(c.receive().body, "ab");
  EXPECT_EQ(c.receive().body, "b - -");
  EXPECT_TRUE(c.closed_by_server());
}

TEST(server, slow_clients_do_not_keep_others_from_being_served) {
  const auto s = started(quick(), sample_routes());
  std::vector<std::unique_ptr<client>> slow;
  for (int i = 0; i < 200; ++i) {
    slow.push_back(std::make_unique<client>(s->port()));
    slow.back()->send("GET /hello/a HTTP/1.1\r\nX: ");
  }
  client c(s->port());
  for (int i = 0; i < 50; ++i) {
    for (auto& one : slow) one->send("a");
    ASSERT_EQ(c.ask("GET /hello/a HTTP/1.1\r\nHost: a\r\n\r\n").status, 200);
  }
}

}  // namespace
}  // namespace lixin::http
