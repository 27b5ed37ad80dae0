// Bodies of any size both ways in bounded memory, overload, and the graceful stop. Threads of the
// pool, the I/O thread and the test meet here.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "http/errc.h"
#include "http/test_client.h"

namespace lixin::http {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

// A handler waits here until the test opens it.
class gate {
 public:
  void wait() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait_for(lock, 60s, [this] { return open_; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void until_waiting(int n) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, 60s, [&] { return waiting_ >= n; }));
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

template <class F>
void eventually(F holds) {
  const auto latest = std::chrono::steady_clock::now() + 20s;
  while (!holds() && std::chrono::steady_clock::now() < latest) std::this_thread::sleep_for(1ms);
  EXPECT_TRUE(holds());
}

// What stands at byte `at` of a body that never repeats within a piece.
char byte_at(std::uint64_t at) { return static_cast<char>('a' + (at * 7 + at / 251) % 26); }

route upload(handler h, std::uint64_t bytes_max = std::uint64_t{1} << 40) {
  return {.method = method::post,
          .pattern = "/upload",
          .name = "upload",
          .handler = std::move(h),
          .runs = run::streaming,
          .body_bytes_max = bytes_max};
}

route get(std::string pattern, run where, handler h) {
  return {.method = method::get,
          .pattern = pattern,
          .name = pattern,
          .handler = std::move(h),
          .runs = where};
}

// Reads all, and answers how much it was, and whether each byte was the one that belongs there.
result<response> count_body(request& r) {
  char piece[10'000];
  std::uint64_t total = 0;
  bool right = true;
  for (;;) {
    LIXIN_TRY(const std::size_t n, r.stream->read(piece));
    if (n == 0) break;
    for (std::size_t i = 0; i < n; ++i) right = right && piece[i] == byte_at(total + i);
    total += n;
  }
  return response::text(fmt::format("{} {}", total, right));
}

std::string body_of(std::uint64_t from, std::size_t n) {
  std::string s(n, ' ');
  for (std::size_t i = 0; i < n; ++i) s[i] = byte_at(from + i);
  return s;
}

options quick() { return {.limits = quick_limits()}; }
const std::string head = "POST /upload HTTP/1.1\r\nHost: a\r\n";
const std::string get_stream = "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n";

TEST(upload, arrives_whole_by_length_and_in_chunks_on_one_connection) {
  const auto s = started(quick(), {upload(count_body)});
  client c(s->port());
  constexpr std::size_t piece = 300'001;
  constexpr int pieces = 60;
  for (int round = 0; round < 2; ++round) {
    c.send(head + fmt::format("Content-Length: {}\r\n\r\n", piece * pieces));
    for (std::size_t i = 0; i < pieces; ++i) ASSERT_TRUE(c.send(body_of(i * piece, piece)));
    EXPECT_EQ(c.receive().body, fmt::format("{} true", piece * pieces));
    c.send(head + "Transfer-Encoding: chunked\r\n\r\n");
    for (std::size_t i = 0; i < pieces; ++i) {
      ASSERT_TRUE(c.send(fmt::format("{:X}\r\n{}\r\n", piece, body_of(i * piece, piece))));
    }
    c.send("0\r\n\r\n");
    EXPECT_EQ(c.receive().body, fmt::format("{} true", piece * pieces));
  }
  EXPECT_EQ(c.ask(head + "Content-Length: 0\r\n\r\n").body, "0 true");
  EXPECT_EQ(c.ask(head + "Content-Length: 2\r\nExpect: 100-continue\r\n\r\n").status, 100);
  EXPECT_EQ(c.ask(body_of(0, 2)).body, "2 true");
}

TEST(upload, is_taken_no_faster_than_the_handler_reads) {
  gate g;
  const auto s = started(quick(), {upload([&](request& r) {
                           g.wait();
                           return count_body(r);
                         })});
  client c(s->port());
  constexpr std::size_t total = 64 << 20;
  std::atomic<std::size_t> sent = 0;
  std::jthread sender([&] {
    c.send(head + fmt::format("Content-Length: {}\r\n\r\n", total));
    for (std::size_t at = 0; at < total; at += 65'536) {
      if (!c.send(body_of(at, 65'536))) return;
      sent = at + 65'536;
    }
  });
  g.until_waiting(1);
  // The sender comes to a stand when the pieces of memory and the kernel's buffers are full.
  std::size_t before = 1;
  while (sent != before) {
    before = sent;
    std::this_thread::sleep_for(300ms);
  }
  EXPECT_LT(sent, total / 2);
  g.open();
  EXPECT_EQ(c.receive().body, fmt::format("{} true", total));
}

TEST(upload, a_handler_that_has_enough_answers_and_the_rest_is_not_read) {
  const auto s = started(quick(), {upload([](request& r) -> result<response> {
                           char first[3];
                           LIXIN_CHECK(r.stream->read(first));
                           return error(errc::unsupported_encoding);
                         })});
  client c(s->port());
  c.send(head + "Content-Length: 100000000\r\n\r\nabc");
  const reply r = c.receive();
  EXPECT_EQ(r.status, 415);
  EXPECT_EQ(r.header("Connection"), "close");
  EXPECT_TRUE(c.closed_by_server());
}

TEST(upload, a_body_that_ends_early_is_an_error_for_the_handler) {
  std::mutex mutex;
  std::vector<std::string> codes;
  const auto note = [&](request& r) -> result<response> {
    auto counted = count_body(r);
    const std::lock_guard lock(mutex);
    codes.emplace_back(counted.ok() ? "whole" : counted.error().code());
    return counted;
  };
  options o = quick();
  o.limits.body_grace_ms = 200;
  o.limits.body_streams_max = 8;
  o.limits.pool_threads = 8;
  const auto s = started(o, {upload(note, 100'000)});
  const auto seen = [&] {
    const std::lock_guard lock(mutex);
    return codes.size();
  };
  {
    client c(s->port());
    c.send(head + "Content-Length: 1000\r\n\r\nabc");
  }
  eventually([&] { return seen() == 1; });
  client slow(s->port());
  slow.send(head + "Content-Length: 1000\r\n\r\nabc");
  EXPECT_EQ(slow.receive().status, 408);
  client broken(s->port());
  broken.send(head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n");
  EXPECT_EQ(broken.receive().status, 400);
  client large(s->port());
  large.send(head + "Transfer-Encoding: chunked\r\n\r\n186a1\r\n" + std::string(100'001, 'a') +
             "\r\n0\r\n\r\n");
  EXPECT_EQ(large.receive().status, 413);
  eventually([&] { return seen() == 4; });
  EXPECT_THAT(codes, testing::ElementsAre("http.body_cut", "http.request_timeout", "http.malformed",
                                          "http.body_too_large"));
}

TEST(upload, streams_do_not_take_all_threads) {
  options o = quick();
  o.limits.pool_threads = 2;
  o.limits.body_streams_max = 1;
  const auto s = started(o, {upload(count_body), get("/other", run::blocking, [](request&) {
                               return result<response>(response::text("there"));
                             })});
  client one(s->port());
  one.send(head + "Content-Length: 3\r\n\r\na");
  client two(s->port());
  reply refused;
  eventually([&] {  // the first may not have begun yet
    client again(s->port());
    refused = again.ask(head + "Content-Length: 3\r\n\r\n");
    return refused.status == 503;
  });
  EXPECT_EQ(refused.header("Retry-After"), "1");
  EXPECT_EQ(two.ask("GET /other HTTP/1.1\r\nHost: a\r\n\r\n").body, "there");
  one.send(body_of(1, 2));
  EXPECT_EQ(one.receive().body, "3 true");
}

// A source of `total` bytes; counts the calls, and how many sources are alive.
body_source counted_source(std::uint64_t total, std::atomic<int>& calls, std::atomic<int>& alive,
                           bool fails = false) {
  ++alive;
  auto life = std::shared_ptr<int>(new int, [&alive](int* p) {
    delete p;
    --alive;
  });
  return [=, &calls, at = std::uint64_t{0}](std::span<char> into) mutable -> result<std::size_t> {
    static_cast<void>(life);
    ++calls;
    if (at == total && fails) return error(errc::handler_failed);
    const std::size_t n = std::min<std::uint64_t>(into.size(), total - at);
    for (std::size_t i = 0; i < n; ++i) into[i] = byte_at(at + i);
    at += n;
    return n;
  };
}

class download : public testing::Test {
 protected:
  std::atomic<int> calls_ = 0;
  std::atomic<int> alive_ = 0;
  std::unique_ptr<server> serve(std::uint64_t total, bool with_length, bool fails = false,
                                run where = run::blocking) {
    return started(quick(), {get("/stream", where, [=, this](request&) -> result<response> {
                     return response::stream("text/plain",
                                             counted_source(total, calls_, alive_, fails),
                                             with_length ? std::optional(total) : std::nullopt);
                   })});
  }
};

TEST_F(download, of_any_size_in_chunks_or_with_a_length) {
  constexpr std::uint64_t total = 20'000'003;
  for (const bool with_length : {false, true}) {
    for (const run where : {run::quick, run::blocking}) {
      const auto s = serve(total, with_length, false, where);
      client c(s->port());
      for (int twice = 0; twice < 2; ++twice) {
        const reply r = c.ask(get_stream);
        EXPECT_EQ(r.header("Content-Length"), with_length ? "20000003" : "");
        EXPECT_TRUE(r.whole);
        EXPECT_TRUE(r.body == body_of(0, total));
      }
      eventually([&] { return alive_ == 0; });
    }
  }
}

TEST_F(download, an_empty_one) {
  for (const bool with_length : {false, true}) {
    const auto s = serve(0, with_length);
    client c(s->port());
    for (int twice = 0; twice < 2; ++twice) {
      const reply r = c.ask(get_stream);
      EXPECT_EQ(r.status, 200);
      EXPECT_TRUE(r.whole);
      EXPECT_EQ(r.body, "");
    }
  }
}

TEST_F(download, by_http_1_0_ends_with_the_connection) {
  const auto s = serve(200'000, false);
  client c(s->port());
  const reply r = c.ask("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(r.header("Connection"), "close");
  EXPECT_TRUE(r.body == body_of(0, 200'000));
}

TEST_F(download, head_reads_nothing) {
  const auto s = serve(1'000, true);
  client c(s->port());
  const reply r = c.ask("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n", true);
  EXPECT_EQ(r.header("Content-Length"), "1000");
  EXPECT_EQ(c.ask("HEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n", true).status, 200);
  EXPECT_EQ(calls_, 0);
  eventually([&] { return alive_ == 0; });
}

TEST_F(download, an_error_at_once_is_a_problem_and_later_a_cut) {
  const auto early = serve(0, false, true);
  EXPECT_EQ(client(early->port()).ask(get_stream).status, 500);
  for (const bool with_length : {false, true}) {
    const auto s = started(
        quick(), {get("/stream", run::blocking, [=, this](request&) -> result<response> {
          return response::stream("text/plain", counted_source(100'000, calls_, alive_, true),
                                  with_length ? std::optional(200'000) : std::nullopt);
        })});
    client c(s->port());
    const reply r = c.ask(get_stream);
    EXPECT_EQ(r.status, 200);
    EXPECT_FALSE(r.whole);
    eventually([&] { return alive_ == 0; });
  }
}

TEST_F(download, more_or_less_than_was_told_is_not_sent_as_whole) {
  for (const std::uint64_t told : {99'999U, 100'001U}) {
    const auto s = started(
        quick(), {get("/stream", run::blocking, [=, this](request&) -> result<response> {
          return response::stream("text/plain", counted_source(100'000, calls_, alive_), told);
        })});
    client c(s->port());
    EXPECT_FALSE(c.ask(get_stream).whole) << told;
  }
}

TEST_F(download, is_made_no_faster_than_the_client_reads_and_holds_no_thread) {
  options o = quick();
  o.limits.pool_threads = 1;
  const auto s = started(
      o, {get("/stream", run::blocking,
              [this](request&) -> result<response> {
                return response::stream("text/plain", counted_source(1 << 30, calls_, alive_));
              }),
          get("/other", run::blocking,
              [](request&) -> result<response> { return response::text("there"); })});
  auto idle = std::make_unique<client>(s->port());
  idle->send(get_stream);
  int before = -1;
  while (calls_ != before || calls_ == 0) {
    before = calls_;
    std::this_thread::sleep_for(200ms);
  }
  EXPECT_LT(calls_, 1000);  // of more than 16,000 pieces
  EXPECT_EQ(client(s->port()).ask("GET /other HTTP/1.1\r\nHost: a\r\n\r\n").body, "there");
  idle.reset();
  eventually([&] { return alive_ == 0; });
}

// Two handlers run, two wait, and the next is refused at once; what was accepted is answered.
TEST(overload, is_answered_at_once_and_what_was_accepted_finishes) {
  gate g;
  options o = quick();
  o.limits.pool_threads = 2;
  o.limits.pool_queue_max = 2;
  o.limits.pool_wait_ms = 60'000;
  const auto s = started(o, {get("/slow", run::blocking,
                                 [&](request&) -> result<response> {
                                   g.wait();
                                   return response::text("done");
                                 }),
                             get("/quick", run::quick, [](request&) -> result<response> {
                               return response::text("quick");
                             })});
  const char* const slow = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";
  std::vector<std::unique_ptr<client>> accepted;
  for (int i = 0; i < 4; ++i) {
    accepted.push_back(std::make_unique<client>(s->port()));
    accepted.back()->send(slow);
    if (i < 2) g.until_waiting(i + 1);
  }
  eventually([&] { return s->now().queued == 2; });
  client c(s->port());
  for (int i = 0; i < 3; ++i) {
    const reply r = c.ask(slow);  // on one connection: it stays open
    EXPECT_EQ(r.status, 503);
    EXPECT_EQ(r.header("Retry-After"), "1");
    EXPECT_THAT(r.body, HasSubstr("http.overloaded"));
  }
  EXPECT_EQ(c.ask("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n").body, "quick");
  g.open();
  for (auto& a : accepted) EXPECT_EQ(a->receive().body, "done");
}

TEST(overload, who_waited_too_long_is_not_run) {
  gate g;
  std::atomic<int> ran = 0;
  options o = quick();
  o.limits.pool_threads = 1;
  o.limits.pool_wait_ms = 1000;  // the first one is in time also on a busy machine
  const auto s = started(o, {get("/slow", run::blocking, [&](request&) -> result<response> {
                           ++ran;
                           g.wait();
                           return response::text("done");
                         })});
  client one(s->port());
  one.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  g.until_waiting(1);
  client two(s->port());
  two.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  eventually([&] { return s->now().queued == 1; });
  std::this_thread::sleep_for(1200ms);
  g.open();
  EXPECT_EQ(one.receive().body, "done");
  EXPECT_EQ(two.receive().status, 503);
  EXPECT_EQ(ran, 1);
}

TEST(stop, closes_idle_connections_and_finishes_what_was_accepted) {
  gate g;
  auto s = started(quick(), {get("/slow", run::blocking, [&](request&) -> result<response> {
                     g.wait();
                     return response::text("done");
                   })});
  client idle(s->port());
  client busy(s->port());
  busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  g.until_waiting(1);
  std::atomic<bool> clean = false;
  std::jthread stopper([&] { clean = s->stop(20s); });
  EXPECT_TRUE(idle.closed_by_server());
  eventually([&] { return !client(s->port()).connected(); });
  g.open();
  const reply r = busy.receive();
  EXPECT_EQ(r.body, "done");
  EXPECT_EQ(r.header("Connection"), "close");
  EXPECT_TRUE(busy.closed_by_server());
  busy.close();
  stopper.join();
  EXPECT_TRUE(clean);
  EXPECT_TRUE(s->stop(0s));
}

TEST(stop, cuts_what_does_not_end_in_time) {
  std::atomic<bool> failed = false;
  options o = quick();
  auto s = started(o, {upload([&](request& r) -> result<response> {
                     auto counted = count_body(r);
                     failed = !counted.ok() && counted.error().is(errc::body_cut);
                     return counted;
                   })});
  client c(s->port());
  c.send(head + "Content-Length: 1000\r\n\r\nabc");
  eventually([&] { return s->now().connections == 1; });
  EXPECT_FALSE(s->stop(50ms));
  EXPECT_TRUE(failed);
  EXPECT_EQ(s->now().connections, 0U);
}

// Many clients of all kinds at once, and a stop in the middle: each answer that comes is right.
TEST(stop, under_load_gives_right_answers_or_none) {
  options o = quick();
  o.limits.pool_threads = 3;
  o.limits.pool_queue_max = 4;
  std::atomic<int> calls = 0;
  std::atomic<int> alive = 0;
  auto s =
      started(o, {upload(count_body),
                  get("/quick", run::quick,
                      [](request&) -> result<response> { return response::text("quick"); }),
                  get("/blocking", run::blocking,
                      [](request&) -> result<response> { return response::text("blocking"); }),
                  get("/stream", run::blocking, [&](request&) -> result<response> {
                    return response::stream("text/plain", counted_source(200'000, calls, alive));
                  })});
  const std::uint16_t port = s->port();
  std::atomic<int> right = 0;
  std::atomic<int> wrong = 0;
  const auto judge = [&](const reply& r, std::string_view expected) {
    if (r.status == 503 || (r.status == 0 && r.head.empty())) return;
    (r.status == 200 && r.whole && r.body == expected ? right : wrong)++;
  };
  {
    const std::string streamed = body_of(0, 200'000);
    const std::string sent = body_of(0, 100'000);
    std::vector<std::jthread> clients;  // gone before what they read
    for (int t = 0; t < 8; ++t) {
      clients.emplace_back([&, t] {
        for (int i = 0;; ++i) {
          client c(port);
          if (!c.connected()) return;
          for (int kept = 0; kept < 5; ++kept) {
            switch ((t + i + kept) % 4) {
              case 0:
                judge(c.ask("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n"), "quick");
                break;
              case 1:
                judge(c.ask("GET /blocking HTTP/1.1\r\nHost: a\r\n\r\n"), "blocking");
                break;
              case 2:
                judge(c.ask(get_stream), streamed);
                break;
              default:
                judge(c.ask(head + "Content-Length: 100000\r\n\r\n" + sent), "100000 true");
            }
          }
        }
      });
    }
    eventually([&] { return right > 300; });
    EXPECT_TRUE(s->stop(20s));
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(alive, 0);
}

}  // namespace
}  // namespace lixin::http
