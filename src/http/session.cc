#include "http/session.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

#include "http/accept_language.h"
#include "http/errc.h"
#include "http/field_text.h"

namespace lixin::http {
namespace {

constexpr std::string_view go_ahead = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::size_t first_room = 2048;        // most heads fit
constexpr std::size_t kept_memory = 16 * 1024;  // what an idle connection keeps of each buffer

bool has_body(method m) { return m == method::post || m == method::put || m == method::patch; }

void write_id(char (&out)[16], std::uint64_t id) {
  for (int i = 15; i >= 0; --i, id >>= 4) out[i] = "0123456789abcdef"[id & 15];
}

// The last line of that name: the one that the nearest proxy wrote.
std::string_view forwarded_for(const std::vector<name_value>& headers) {
  for (auto h = headers.rbegin(); h != headers.rend(); ++h) {
    if (equal_names(h->name, "X-Forwarded-For")) return h->value;
  }
  return {};
}

}  // namespace

session::session(engine& e, stream_socket socket, address peer, bool counted)
    : engine_(e),
      limits_(e.set.limits),
      socket_(std::move(socket)),
      waiter_(e.io, asio::steady_timer::time_point::max()),
      peer_(peer),
      counted_(counted),
      parser_(limits_) {
  engine_.sessions.insert(this);
  ++engine_.connection_count;
  if (counted_) ++engine_.connections_of[client_network(peer_)];
}

session::~session() {
  engine_.sessions.erase(this);
  --engine_.connection_count;
  if (!counted_) return;
  const auto at = engine_.connections_of.find(client_network(peer_));
  if (--at->second == 0) engine_.connections_of.erase(at);
}

task<void> session::run(std::unique_ptr<session> s) {
  session& me = *s;
  while (co_await me.read_head()) {
    co_await me.serve();
    if (!me.keep_) break;
    me.next_request();
  }
  co_await me.linger();
}

// --- times

void session::enter(phase p, std::int64_t allowed_ms) {
  phase_ = p;
  // The clock stands still between two sweeps.
  deadline_ms_ = allowed_ms == never_ms ? never_ms : engine_.now_ms + allowed_ms + limits_.sweep_ms;
}

// A phase that may go on as long as bytes flow; receive() and send() count them.
void session::enter_paced(phase p) {
  if (phase_ != p) {
    paced_from_ms_ = engine_.now_ms;
    paced_bytes_ = 0;
  }
  phase_ = p;
  const bool in = p == phase::body;
  const std::int64_t grace = in ? limits_.body_grace_ms : limits_.write_grace_ms;
  const std::uint64_t rate =
      in ? limits_.body_bytes_per_second_min : limits_.write_bytes_per_second_min;
  const auto earned = static_cast<std::int64_t>(paced_bytes_ * 1000 / rate);
  deadline_ms_ = paced_from_ms_ + grace + earned + limits_.sweep_ms;
}

void session::sweep() {
  if (engine_.now_ms <= deadline_ms_) return;
  timed_out_ = true;
  error_code ignored;
  if (phase_ == phase::idle || phase_ == phase::head || phase_ == phase::body) {
    socket_.cancel(ignored);  // the coroutine answers, or closes
  } else {
    socket_.close(ignored);
  }
}

void session::drain() {
  error_code ignored;
  if (phase_ == phase::idle) socket_.cancel(ignored);
}

void session::cut() {
  error_code ignored;
  socket_.close(ignored);
}

// --- reading

task<bool> session::receive(input_buffer& into, std::size_t room) {
  const std::span<char> free = into.room(room);
  receiving_ = true;
  const auto [ec, n] =
      co_await socket_.async_read_some(asio::buffer(free.data(), free.size()), as_values);
  receiving_ = false;
  if (ec) co_return false;
  into.commit(n);
  paced_bytes_ += n;
  co_return true;
}

// What had come when the server began to stop is still served.
bool session::has_arrived() {
  error_code ec;
  return socket_.is_open() && socket_.available(ec) > 0 && !ec;
}

task<bool> session::read_head() {
  parser_.reset();
  timed_out_ = false;
  if (input_.empty()) {
    enter(phase::idle, limits_.idle_ms);
    if (engine_.draining && !has_arrived()) co_return false;
  } else {
    enter(phase::head, limits_.head_ms);
  }
  for (;;) {
    if (!input_.empty()) {
      auto head = parser_.parse_head(input_.view());
      began_ = std::chrono::steady_clock::now();
      if (!head.ok()) {
        read_request({});
        response_ = fail(head.error());
        co_await answer();
        co_return false;
      }
      head_bytes_ = *head;
      if (head_bytes_ > 0) co_return true;
    }
    const std::size_t left =
        limits_.head_bytes_max - std::min(input_.size(), limits_.head_bytes_max - 1);
    if (!co_await receive(input_, std::min(left, std::max(first_room, input_.size())))) {
      if (phase_ == phase::idle && !timed_out_ && has_arrived()) continue;  // drain() woke it
      if (phase_ == phase::head && timed_out_) {
        began_ = std::chrono::steady_clock::now();
        read_request({});
        response_ = fail(why_incomplete());
        co_await answer();
      }
      co_return false;
    }
    if (phase_ == phase::idle) enter(phase::head, limits_.head_ms);
  }
}

// Takes what came of the body with the head; the rest goes through body_input_.
std::optional<error> session::begin_body() {
  body_.clear();
  bytes_in_ = 0;
  const std::string_view rest = input_.view().substr(head_bytes_);
  if (parser_.done() || rest.empty()) return std::nullopt;
  auto used = parser_.parse_body(rest, body_);
  if (!used.ok()) return std::move(used).error();
  head_bytes_ += *used;
  bytes_in_ = body_.size();
  if (body_.size() > request_.route->body_bytes_max) {
    return error(errc::body_too_large, {std::to_string(request_.route->body_bytes_max)});
  }
  if (!parser_.done()) {
    body_input_.append(rest.substr(*used));
    input_.truncate(head_bytes_);
  }
  return std::nullopt;
}

// Appends to `body` what has arrived. true: the body is complete.
result<bool> session::feed_body(std::string& body) {
  if (body_input_.empty()) return parser_.done();
  const std::size_t before = body.size();
  LIXIN_TRY(const std::size_t used, parser_.parse_body(body_input_.view(), body));
  body_input_.consume(used);
  bytes_in_ += body.size() - before;
  if (bytes_in_ > request_.route->body_bytes_max) {
    return error(errc::body_too_large, {std::to_string(request_.route->body_bytes_max)});
  }
  // Beast wants the head of a chunk in one piece; nobody needs one as long as the buffer.
  if (!parser_.done() && body_input_.size() >= limits_.piece_bytes) {
    return error(errc::malformed, {"分块的开头过长", "the head of a chunk is too long"});
  }
  return parser_.done();
}

error session::why_incomplete() const {
  if (!timed_out_) return error(errc::body_cut);
  return error(errc::request_timeout, {std::to_string(limits_.head_ms),
                                       std::to_string(limits_.body_bytes_per_second_min)});
}

// Into body_. false: it was answered with an error.
task<bool> session::read_body() {
  std::optional<error> failed = begin_body();
  if (!failed && !parser_.done()) {
    if (parser_.expects_continue() && bytes_in_ == 0) {
      if (!co_await send(go_ahead)) co_return false;
    }
    for (;;) {
      enter_paced(phase::body);
      if (!co_await receive(body_input_, limits_.piece_bytes - body_input_.size())) {
        failed = why_incomplete();
        break;
      }
      const auto complete = feed_body(body_);
      if (!complete.ok()) failed = complete.error();
      if (failed || *complete) break;
    }
  }
  if (!failed) {
    request_.body = body_;
    co_return true;
  }
  keep_ = false;
  response_ = fail(*failed);
  co_await answer();
  co_return false;
}

void session::next_request() {
  input_.consume(head_bytes_);
  head_bytes_ = 0;
  input_.append(body_input_.view());
  body_input_.consume(body_input_.size());
  body_input_.shrink(0);
  input_.shrink(kept_memory);
  if (body_.capacity() > kept_memory) body_ = std::string();
  if (out_.capacity() > kept_memory) out_ = std::string();
  piece_ = std::string();
  pipe_.reset();
}

// --- answering

// With an empty head: of a request that could not be read.
void session::read_request(std::string_view head) {
  write_id(id_, engine_.next_id++);
  request_.id = {id_, sizeof id_};
  request_.route = nullptr;
  request_.body = {};
  request_.stream = nullptr;
  request_.method = parser_.method().value_or(method::get);
  request_.segments = {};
  request_.query = {};
  request_.placeholders = {};
  request_.lang = engine_.set.default_language;
  request_.client = peer_;
  bytes_in_ = bytes_out_ = 0;
  whole_ = true;
  keep_ = false;
  if (head.empty()) {
    request_.target = {};
    request_.headers = {};
    return;
  }
  request_.target = parser_.target(head);
  parser_.headers(head, headers_);
  request_.headers = headers_;
  if (const auto accept = request_.header("Accept-Language")) {
    request_.lang = preferred_language(*accept, request_.lang);
  }
  request_.client = client_of(peer_, forwarded_for(headers_), engine_.set.trusted_proxies);
  ++requests_;
  keep_ = parser_.keep_alive() && requests_ < limits_.requests_per_connection_max;
}

response session::fail(const error& what) {
  unsigned status = engine_.set.statuses ? engine_.set.statuses(what) : 0;
  if (status == 0) status = status_of(what);
  return problem(what, request_, status);
}

response session::overloaded() {
  const std::string seconds = std::to_string(limits_.retry_after_s);
  return fail(error(errc::overloaded, {seconds})).header("Retry-After", seconds);
}

// The answer that needs no handler, if there is one.
std::optional<response> session::admit() {
  if (!parser_.method()) return fail(error(errc::method_unknown));
  if (auto parsed = target_.parse(request_.target, limits_); !parsed.ok()) {
    return fail(parsed.error());
  }
  request_.segments = target_.segments();
  request_.query = target_.query();
  if (target_.is_asterisk()) {
    if (request_.method == method::options) return response::empty();
    return fail(error(errc::bad_target, {"* 只用于 OPTIONS", "* is for OPTIONS only"}));
  }
  const auto found = engine_.routes.find(request_.method, target_.segments(), placeholders_);
  request_.route = found.route;
  request_.placeholders = placeholders_;
  const std::uint8_t rate_class = found.route ? found.route->rate_class : 0;
  if (rate_class < engine_.set.rates.size()) {
    const auto wait = engine_.limiter.take(client_network(request_.client), rate_class,
                                           engine_.set.rates[rate_class], began_);
    if (wait.count() > 0) {
      const std::string seconds = std::to_string(wait.count() / 1'000'000'000 + 1);
      return fail(error(errc::too_many_requests, {seconds})).header("Retry-After", seconds);
    }
  }
  if (found.allow.empty()) return fail(error(errc::no_route));
  if (request_.method == method::options) {
    return response::empty().header("Allow", found.allow);
  }
  if (!found.route) {
    return fail(error(errc::method_not_allowed,
                      {std::string(name(request_.method)), std::string(found.allow)}))
        .header("Allow", found.allow);
  }
  return check_body(*found.route);
}

std::optional<response> session::check_body(const route& r) {
  if (parser_.has_expectation() && !parser_.expects_continue()) {
    return fail(error(errc::expectation_failed));
  }
  if (parser_.has_content_encoding()) return fail(error(errc::unsupported_encoding));
  const auto length = parser_.content_length();
  if (!length && !parser_.chunked()) {
    if (has_body(request_.method) && r.body_bytes_max > 0) {
      return fail(error(errc::length_required));
    }
    return std::nullopt;
  }
  if (length.value_or(0) > r.body_bytes_max) {
    return fail(error(errc::body_too_large, {std::to_string(r.body_bytes_max)}));
  }
  return std::nullopt;
}

response session::handled() {
  try {
    auto answer = request_.route->handler(request_);
    return answer.ok() ? std::move(answer).value() : fail(answer.error());
  } catch (...) {
    return fail(error(errc::handler_failed));
  }
}

task<void> session::serve() {
  read_request(input_.view().substr(0, head_bytes_));
  if (auto early = admit()) {
    if (!parser_.done()) keep_ = false;
    response_ = std::move(*early);
  } else if (request_.route->runs == run::streaming) {
    co_await work_on_stream();
  } else {
    if (!parser_.done() && !co_await read_body()) co_return;
    if (request_.route->runs == run::blocking) {
      co_await work();
    } else if (request_.route->runs == run::deferred) {
      co_await work_later();
    } else {
      response_ = handled();
    }
  }
  co_await answer();
}

// Called on a thread of the pool, as the last thing that a job does.
void session::done_from_pool() {
  asio::post(engine_.io, [this] {
    job_done_ = true;
    wake();
  });
}

void session::wake() {
  woken_ = true;
  waiter_.cancel();
  error_code ignored;
  if (receiving_) socket_.cancel(ignored);
}

task<void> session::wait_for_wake() {
  while (!woken_) co_await waiter_.async_wait(as_values);
  woken_ = false;
}

bool session::submit() {
  job_done_ = woken_ = false;
  const auto latest =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(limits_.pool_wait_ms);
  return engine_.pool.try_submit([this, latest] {
    response_ = std::chrono::steady_clock::now() > latest ? overloaded() : handled();
    done_from_pool();
  });
}

task<void> session::work() {
  if (!submit()) {
    response_ = overloaded();
    co_return;
  }
  enter(phase::working, never_ms);
  while (!job_done_) co_await wait_for_wake();
}

// On whatever thread the handler answers.
void session::put(result<response> answer) {
  response_ = answer.ok() ? std::move(answer).value() : fail(answer.error());
}

void session::announce(std::vector<completion::receiver*> all) {
  asio::post(engine_.io, [all = std::move(all)] {
    for (completion::receiver* r : all) {
      auto* const s = static_cast<session*>(r);
      s->job_done_ = true;
      s->wake();
    }
  });
}

task<void> session::work_later() {
  job_done_ = woken_ = false;
  try {
    request_.route->later(request_, completion(*this));
  } catch (...) {
    // The completion went with the handler, and has answered.
  }
  enter(phase::working, never_ms);
  while (!job_done_) co_await wait_for_wake();
}

// The handler reads the body while it arrives.
task<void> session::work_on_stream() {
  if (engine_.body_streams >= limits_.body_streams_max && !parser_.done()) {
    keep_ = false;
    response_ = overloaded();
    co_return;
  }
  pipe_.emplace(limits_.piece_bytes * 2, [this] { asio::post(engine_.io, [this] { wake(); }); });
  request_.stream = &*pipe_;
  bool more = true;
  std::string bytes;
  const auto take = [&](std::optional<error> failed) {
    if (failed) {
      pipe_->fail(std::move(*failed));
      keep_ = false;
    } else {
      pipe_->push(bytes);
      bytes.clear();
      if (parser_.done()) pipe_->finish();
    }
    more = !failed && !parser_.done();
  };
  auto failed = begin_body();
  bytes.swap(body_);
  take(std::move(failed));
  if (!submit()) {
    keep_ = keep_ && !more;
    response_ = overloaded();
    co_return;
  }
  ++engine_.body_streams;
  if (more && parser_.expects_continue() && bytes_in_ == 0 && !co_await send(go_ahead)) {
    take(error(errc::body_cut));
  }
  while (!job_done_) {
    if (!more || !pipe_->has_room()) {
      enter(phase::working, never_ms);
      co_await wait_for_wake();
      continue;
    }
    enter_paced(phase::body);
    const bool received = co_await receive(body_input_, limits_.piece_bytes - body_input_.size());
    if (received) {
      const auto complete = feed_body(bytes);
      take(complete.ok() ? std::nullopt : std::optional(complete.error()));
    } else if (!job_done_) {
      take(why_incomplete());
    }
  }
  --engine_.body_streams;
  if (more) keep_ = false;  // the handler had enough
}

}  // namespace lixin::http
