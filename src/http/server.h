// The HTTP/1.1 server: one thread does all input and output of all connections and runs the quick
// handlers; a bounded pool runs those that may wait. TLS is ended by a reverse proxy in front.
// start(), stop(), port() and gauges() may be called from any thread; the observer is called on the
// I/O thread and must not wait.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "http/address.h"
#include "http/limits.h"
#include "http/problem.h"
#include "http/rate_limiter.h"
#include "http/route.h"

namespace lixin::http {

// One request that is over, also one that was refused or could not be read. The views live until
// the observer returns.
struct finished {
  std::string_view route;             // name of the route; "" when none was found
  std::string_view method;            // "" when the request could not be read
  unsigned status = 0;                // 0: the client had gone before an answer began
  std::uint64_t bytes_in = 0;         // of the body, as far as it was read
  std::uint64_t bytes_out = 0;        // of the body
  bool whole = true;                  // false: the client did not get all of the answer
  std::chrono::microseconds took{0};  // from the end of the head to the end of the answer
  std::string_view id;
  address client;
};
using observer = std::function<void(const finished&)>;

struct options {
  // "127.0.0.1:8080", "[::1]:8080", "unix:/run/lixin/http.sock" (mode 0660). Port 0 takes any free.
  std::vector<std::string> listen{"127.0.0.1:0"};
  http::limits limits;
  // Tokens of each client address, by route::rate_class. What has no route counts as class 0.
  // Empty: nothing is limited.
  std::vector<rate> rates;
  std::size_t rate_buckets_max = 65'536;
  // Peers whose X-Forwarded-For is believed; a peer on a Unix socket always is.
  std::vector<address> trusted_proxies;
  language default_language = language::zh;
  status_table statuses;    // of the errors of handlers; may be empty
  http::observer observer;  // may be empty
};

class server {
 public:
  // Binds and listens before it returns. errc::bad_limit,
  // errc::bad_listen_address, errc::cannot_listen.
  static result<std::unique_ptr<server>> start(options o, route_table routes);
  ~server();  // as stop() without time

  // Of the first TCP address.
  std::uint16_t port() const;

  // Takes no more connections, closes idle ones, lets what was accepted finish, and after `within`
  // cuts what is left. Handlers cannot be cut: it waits for those that run (their body streams
  // fail). Answers whether nothing had to be cut. The second call answers as the first.
  bool stop(std::chrono::milliseconds within);

  struct gauges {
    std::size_t connections = 0;
    std::size_t queued = 0;  // waiting for a thread of the pool
  };
  gauges now() const;

 private:
  class impl;
  explicit server(std::unique_ptr<impl> i);
  std::unique_ptr<impl> impl_;
};

}  // namespace lixin::http
