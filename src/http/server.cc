#include "http/server.h"

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <charconv>
#include <condition_variable>
#include <cstring>
#include <ctime>
#include <mutex>
#include <thread>

#include "crypto/crypto.h"
#include "http/errc.h"
#include "http/session.h"

namespace lixin::http {
namespace {

using acceptor = asio::basic_socket_acceptor<asio::generic::stream_protocol, executor>;
using endpoint = asio::generic::stream_protocol::endpoint;
constexpr std::string_view unix_prefix = "unix:";
constexpr auto accept_pause = std::chrono::milliseconds(100);
constexpr auto stop_pause = std::chrono::milliseconds(2);

error bad_listen_address(const std::string& text) {
  return error(errc::bad_listen_address, {text});
}

result<endpoint> endpoint_of(const std::string& text) {
  if (text.starts_with(unix_prefix)) {
    const std::string path = text.substr(unix_prefix.size());
    if (path.empty() || path.size() >= sizeof(::sockaddr_un::sun_path)) {
      return bad_listen_address(text);
    }
    return endpoint(asio::local::stream_protocol::endpoint(path));
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return bad_listen_address(text);
  std::uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, ec] = std::from_chars(text.data() + colon + 1, end, port);
  const bool bracketed = colon > 0 && text[colon - 1] == ']';
  const auto host = parse_host(std::string_view(text).substr(0, colon));
  if (ec != std::errc() || stopped != end || !host || host->is_ipv4() == bracketed) {
    return bad_listen_address(text);
  }
  if (!host->is_ipv4()) {
    return endpoint(asio::ip::tcp::endpoint(asio::ip::address_v6(host->bytes), port));
  }
  std::array<std::uint8_t, 4> ipv4;
  std::copy(host->bytes.begin() + 12, host->bytes.end(), ipv4.begin());
  return endpoint(asio::ip::tcp::endpoint(asio::ip::address_v4(ipv4), port));
}

// A socket file that nobody listens on is left over from a server that was killed.
void remove_left_over(const std::string& path, const endpoint& at) {
  struct ::stat s;
  if (::lstat(path.c_str(), &s) != 0 || !S_ISSOCK(s.st_mode)) return;
  asio::io_context io;
  asio::generic::stream_protocol::socket probe(io);
  error_code ec;
  probe.connect(at, ec);
  if (ec == asio::error::connection_refused) ::unlink(path.c_str());
}

result<acceptor> listen_on(asio::io_context& io, const std::string& text) {
  LIXIN_TRY(const endpoint at, endpoint_of(text));
  const bool is_unix = at.protocol().family() == AF_UNIX;
  const std::string path = is_unix ? text.substr(unix_prefix.size()) : "";
  acceptor a(io);
  error_code ec;
  a.open(at.protocol(), ec);
  if (!ec && is_unix) remove_left_over(path, at);
  if (!ec && !is_unix) a.set_option(asio::socket_base::reuse_address(true), ec);
  if (!ec) a.bind(at, ec);
  if (!ec && is_unix) ::chmod(path.c_str(), 0660);
  if (!ec) a.listen(asio::socket_base::max_listen_connections, ec);
  if (!ec) a.non_blocking(true, ec);
  if (!ec) return a;
  // reason_of() knows only files; for sockets the system's own words are told in both languages.
  return error(errc::cannot_listen, {text, reason_of(ec.value(), language::en)});
}

address peer_of(const stream_socket& s) {
  error_code ec;
  const endpoint at = s.remote_endpoint(ec);
  address a;
  if (ec) return a;
  if (at.protocol().family() == AF_INET) {
    ::sockaddr_in in;
    std::memcpy(&in, at.data(), sizeof in);
    std::array<std::uint8_t, 4> bytes;
    std::memcpy(bytes.data(), &in.sin_addr, bytes.size());
    return address::of_ipv4(bytes);
  }
  if (at.protocol().family() == AF_INET6) {
    ::sockaddr_in6 in;
    std::memcpy(&in, at.data(), sizeof in);
    std::memcpy(a.bytes.data(), &in.sin6_addr, a.bytes.size());
  }
  return a;
}

std::string date_now() {
  const std::time_t now = std::time(nullptr);
  struct ::tm utc;
  ::gmtime_r(&now, &utc);
  char text[32];
  // Names of days and months are those of locale "C", which a program has unless it chose another.
  const std::size_t n = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc);
  return {text, n};
}

}  // namespace

class server::impl {
 public:
  impl(options o, route_table routes) : engine_(std::move(o), std::move(routes)) {
    const std::string random = crypto::random_bytes(sizeof engine_.next_id);
    std::memcpy(&engine_.next_id, random.data(), random.size());
    engine_.next_id &= ~std::uint64_t{0xFFFF'FFFF};  // room to count
    for (const route& r : engine_.routes.routes()) {
      LIXIN_ASSERT(engine_.set.rates.empty() || r.rate_class < engine_.set.rates.size());
    }
  }
  ~impl() { stop(std::chrono::milliseconds(0)); }
  impl(const impl&) = delete;
  impl& operator=(const impl&) = delete;

  result<void> start() {
    for (const std::string& text : engine_.set.listen) {
      LIXIN_TRY(acceptor a, listen_on(engine_.io, text));
      const endpoint at = a.local_endpoint();
      if (port_ == 0 && at.protocol().family() != AF_UNIX) port_ = port_of(at);
      acceptors_.push_back(std::move(a));
    }
    look_at_clock();
    accepting_ = acceptors_.size();
    for (acceptor& a : acceptors_) spawn(accept(a));
    spawn(sweep());
    thread_ = std::jthread([this] { engine_.io.run(); });
    return {};
  }

  bool stop(std::chrono::milliseconds within) {
    const std::lock_guard lock(stopping_);
    if (!thread_.joinable()) return clean_;
    asio::post(engine_.io, [this] { drain(); });
    clean_ = wait_until_empty(std::chrono::steady_clock::now() + within);
    if (!clean_) {
      asio::post(engine_.io, [this] { cut_all(); });
      wait_until_empty(std::chrono::steady_clock::time_point::max());
    }
    engine_.pool.stop();
    engine_.io.stop();
    thread_.join();
    return clean_;
  }

  std::uint16_t port() const { return port_; }
  gauges now() const {
    return {.connections = engine_.connection_count, .queued = engine_.pool.queued()};
  }

 private:
  static std::uint16_t port_of(const endpoint& at) {
    ::sockaddr_in6 in{};  // the port is at the same place in both families
    std::memcpy(&in, at.data(), std::min(at.size(), sizeof in));
    return ntohs(in.sin6_port);
  }

  // What a coroutine throws is memory that is not there; only its connection ends by it.
  void spawn(task<void> t) {
    asio::co_spawn(engine_.io.get_executor(), std::move(t), [](std::exception_ptr) {});
  }

  task<void> accept(acceptor& a) {
    asio::steady_timer pause(engine_.io);
    while (!engine_.draining) {
      stream_socket peer(engine_.io);
      const auto [ec] = co_await a.async_accept(peer, as_values);
      if (!ec) {
        admit(std::move(peer));
      } else if (!engine_.draining) {
        pause.expires_after(accept_pause);  // no more files, or the like
        co_await pause.async_wait(as_values);
      }
    }
    // Whoever the kernel has accepted for us is served, too.
    for (error_code ec; !ec;) {
      stream_socket peer(engine_.io);
      a.accept(peer, ec);
      if (!ec) admit(std::move(peer));
    }
    a.close();
    --accepting_;
  }

  void admit(stream_socket peer) {
    error_code ec;
    peer.non_blocking(true, ec);
    const address from = peer_of(peer);
    const auto& trusted = engine_.set.trusted_proxies;
    const bool counted = !from.empty() && std::ranges::find(trusted, from) == trusted.end();
    const limits& l = engine_.set.limits;
    const auto of_client = engine_.connections_of.find(client_network(from));
    if (engine_.sessions.size() >= l.connections_max ||
        (counted && of_client != engine_.connections_of.end() &&
         of_client->second >= l.connections_per_client_max)) {
      return refuse(peer);
    }
    peer.set_option(asio::ip::tcp::no_delay(true), ec);
    spawn(session::run(std::make_unique<session>(engine_, std::move(peer), from, counted)));
  }

  // Nothing of it was read, so nobody waits for the answer to leave.
  void refuse(stream_socket& peer) {
    request nobody;
    nobody.lang = engine_.set.default_language;
    const std::string seconds = std::to_string(engine_.set.limits.retry_after_s);
    const response r = problem(error(errc::overloaded, {seconds}), nobody);
    const std::string text =
        "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/problem+json\r\n"
        "Connection: close\r\nRetry-After: " +
        seconds + "\r\nContent-Length: " + std::to_string(r.body.size()) + "\r\n\r\n" + r.body;
    error_code ec;
    peer.write_some(asio::buffer(text), ec);
    peer.shutdown(asio::socket_base::shutdown_send, ec);
  }

  void look_at_clock() {
    const auto since = std::chrono::steady_clock::now() - started_;
    engine_.now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
    engine_.date = date_now();
  }

  task<void> sweep() {
    asio::steady_timer timer(engine_.io);
    for (;;) {
      timer.expires_after(std::chrono::milliseconds(engine_.set.limits.sweep_ms));
      co_await timer.async_wait(as_values);
      look_at_clock();
      for (session* s : engine_.sessions) s->sweep();
    }
  }

  void drain() {
    engine_.draining = true;
    for (acceptor& a : acceptors_) a.cancel();
    for (session* s : engine_.sessions) s->drain();
  }

  void cut_all() {
    for (session* s : engine_.sessions) s->cut();
  }

  // True: there is no connection any more, and none will come.
  bool wait_until_empty(std::chrono::steady_clock::time_point latest) const {
    while (accepting_ > 0 || engine_.connection_count > 0) {
      if (std::chrono::steady_clock::now() >= latest) return false;
      std::this_thread::sleep_for(stop_pause);
    }
    return true;
  }

  engine engine_;
  const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  std::vector<acceptor> acceptors_;
  std::atomic<std::size_t> accepting_{0};  // how many still do
  std::uint16_t port_ = 0;
  std::mutex stopping_;
  bool clean_ = true;
  std::jthread thread_;
};

server::server(std::unique_ptr<impl> i) : impl_(std::move(i)) {}
server::~server() = default;

result<std::unique_ptr<server>> server::start(options o, route_table routes) {
  LIXIN_CHECK(check(o.limits));
  for (const rate& r : o.rates) LIXIN_CHECK(check(r));
  auto made = std::make_unique<impl>(std::move(o), std::move(routes));
  LIXIN_CHECK(made->start());
  return std::unique_ptr<server>(new server(std::move(made)));
}

std::uint16_t server::port() const { return impl_->port(); }
bool server::stop(std::chrono::milliseconds within) { return impl_->stop(within); }
server::gauges server::now() const { return impl_->now(); }

}  // namespace lixin::http
