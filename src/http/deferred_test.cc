// Handlers that answer later, from another thread.
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "http/errc.h"
#include "http/test_client.h"

namespace lixin::http {
namespace {

using namespace std::chrono_literals;

// What was asked and not answered yet.
class waiting {
 public:
  void add(std::string said, completion c) {
    const std::lock_guard lock(mutex_);
    all_.push_back({std::move(said), std::move(c)});
    changed_.notify_all();
  }
  // The first `n`, when there are so many.
  std::vector<std::pair<std::string, completion>> take(std::size_t n) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, 10s, [&] { return all_.size() >= n; }));
    return std::exchange(all_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::pair<std::string, completion>> all_;
};

std::vector<route> routes_of(waiting& w) {
  std::vector<route> all;
  all.push_back(
      {.method = method::post,
       .pattern = "/later",
       .name = "later",
       .runs = run::deferred,
       .later = [&w](request& r, completion c) { w.add(std::string(r.body), std::move(c)); },
       .body_bytes_max = 100'000});
  all.push_back({.method = method::get,
                 .pattern = "/at-once",
                 .name = "at-once",
                 .runs = run::deferred,
                 .later = [](request&, completion c) { c(response::text("now")); }});
  all.push_back({.method = method::get,
                 .pattern = "/forgets",
                 .name = "forgets",
                 .runs = run::deferred,
                 .later = [](request&, completion) {}});
  all.push_back({.method = method::get,
                 .pattern = "/throws",
                 .name = "throws",
                 .runs = run::deferred,
                 .later = [](request&, completion) { throw std::bad_alloc(); }});
  return all;
}

std::string post(std::string_view body) {
  return "POST /later HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + std::string(body);
}
std::string get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"; }

TEST(deferred, one_thread_answers_many_requests) {
  waiting w;
  const auto s = started({.limits = quick_limits()}, routes_of(w));
  std::vector<std::unique_ptr<client>> clients;
  for (int i = 0; i < 50; ++i) {
    clients.push_back(std::make_unique<client>(s->port()));
    ASSERT_TRUE(clients.back()->send(post("body " + std::to_string(i))));
  }
  std::thread other([&] {
    auto all = w.take(50);
    completion::together leave;
    for (auto at = all.rbegin(); at != all.rend(); ++at) {
      leave.add(at->second, response::text(at->first));
    }
  });
  for (int i = 0; i < 50; ++i) {
    const reply r = clients[static_cast<std::size_t>(i)]->receive();
    EXPECT_EQ(r.status, 200);
    EXPECT_EQ(r.body, "body " + std::to_string(i));
  }
  other.join();
}

TEST(deferred, the_connection_goes_on_afterwards) {
  waiting w;
  const auto s = started({.limits = quick_limits()}, routes_of(w));
  client c(s->port());
  ASSERT_TRUE(c.send(get("/at-once") + get("/at-once")));  // the second came with the first
  EXPECT_EQ(c.receive().body, "now");
  EXPECT_EQ(c.receive().body, "now");
  ASSERT_TRUE(c.send(post("x")));
  w.take(1)[0].second(error(errc::no_route));
  EXPECT_EQ(c.receive().status, 404);
  ASSERT_TRUE(c.send(get("/at-once")));
  EXPECT_EQ(c.receive().body, "now");
}

TEST(deferred, a_completion_that_was_let_go_is_an_answer) {
  waiting w;
  const auto s = started({.limits = quick_limits()}, routes_of(w));
  client c(s->port());
  for (const char* path : {"/forgets", "/throws"}) {
    ASSERT_TRUE(c.send(get(path)));
    const reply r = c.receive();
    EXPECT_EQ(r.status, 500);
    EXPECT_NE(r.body.find("http.handler_failed"), std::string::npos);
  }
}

TEST(deferred, the_client_may_go_before_the_answer) {
  waiting w;
  const auto s = started({.limits = quick_limits()}, routes_of(w));
  auto gone = std::make_unique<client>(s->port());
  ASSERT_TRUE(gone->send(post("x")));
  auto held = w.take(1);
  gone.reset();
  held[0].second(response::text("nobody reads it"));
  client c(s->port());
  ASSERT_TRUE(c.send(get("/at-once")));
  EXPECT_EQ(c.receive().body, "now");
}

TEST(deferred, a_stop_waits_for_what_was_accepted) {
  waiting w;
  const auto s = started({.limits = quick_limits()}, routes_of(w));
  client c(s->port());
  ASSERT_TRUE(c.send(post("x")));
  auto held = w.take(1);
  std::thread stopper([&] { EXPECT_TRUE(s->stop(10s)); });
  std::this_thread::sleep_for(50ms);
  held[0].second(response::text("in time"));
  EXPECT_EQ(c.receive().body, "in time");
  stopper.join();
}

}  // namespace
}  // namespace lixin::http
