// The second half of session: what goes to the client.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <iterator>
#include <tuple>

#include "http/errc.h"
#include "http/session.h"

namespace lixin::http {
namespace {

constexpr std::size_t linger_room = 4096;

asio::const_buffer buffer_of(std::string_view s) { return {s.data(), s.size()}; }

bool may_have_body(unsigned status) { return status >= 200 && status != 204 && status != 304; }

void append_number(std::string& out, std::uint64_t n) {
  const fmt::format_int digits(n);
  out.append(digits.data(), digits.size());
}

}  // namespace

// Sends all, or answers false. The first try needs no turn of the event loop.
task<bool> session::send(std::string_view first, std::string_view second, std::string_view third) {
  error_code ec;
  for (;;) {
    const std::array<asio::const_buffer, 3> rest{buffer_of(first), buffer_of(second),
                                                 buffer_of(third)};
    std::size_t n = socket_.write_some(rest, ec);
    if (ec == asio::error::would_block || ec == asio::error::try_again) {
      enter_paced(phase::writing);
      std::tie(ec, n) = co_await socket_.async_write_some(rest, as_values);
    }
    if (ec) co_return false;
    paced_bytes_ += n;
    for (std::string_view* part : {&first, &second, &third}) {
      const std::size_t of_part = std::min(n, part->size());
      part->remove_prefix(of_part);
      n -= of_part;
    }
    if (first.empty() && second.empty() && third.empty()) co_return true;
  }
}

void session::write_head(std::optional<std::uint64_t> body_bytes, bool chunked) {
  const response& r = response_;
  keep_ = keep_ && !engine_.draining;
  out_.clear();
  out_ += "HTTP/1.1 ";
  append_number(out_, r.status);
  out_.append(" ").append(reason_phrase(r.status)).append("\r\nDate: ").append(engine_.date);
  out_.append("\r\nX-Request-Id: ").append(request_.id);
  if (!r.content_type.empty()) out_.append("\r\nContent-Type: ").append(r.content_type);
  if (body_bytes) {
    out_ += "\r\nContent-Length: ";
    append_number(out_, *body_bytes);
  } else if (chunked) {
    out_ += "\r\nTransfer-Encoding: chunked";
  }
  for (const auto& [name, value] : r.headers) {
    out_.append("\r\n").append(name).append(": ").append(value);
  }
  if (!keep_) {
    out_ += "\r\nConnection: close";
  } else if (!parser_.version_1_1()) {
    out_ += "\r\nConnection: keep-alive";
  }
  out_ += "\r\n\r\n";
}

void session::finish(unsigned status) {
  if (!engine_.set.observer) return;
  const auto took = std::chrono::steady_clock::now() - began_;
  engine_.set.observer({
      .route = request_.route ? std::string_view(request_.route->name) : std::string_view(),
      .method = parser_.method() ? name(*parser_.method()) : std::string_view(),
      .status = status,
      .bytes_in = bytes_in_,
      .bytes_out = bytes_out_,
      .whole = whole_,
      .took = std::chrono::duration_cast<std::chrono::microseconds>(took),
      .id = request_.id,
      .client = request_.client,
  });
}

task<void> session::answer() {
  const response& r = response_;
  const bool head_only = request_.method == method::head;
  if (r.source) {
    co_await answer_source();
    co_return;
  }
  const bool with_body = may_have_body(r.status);
  std::optional<std::uint64_t> body_bytes;
  if (with_body) body_bytes = r.body.size();
  write_head(body_bytes, false);
  const std::string_view body = with_body && !head_only ? std::string_view(r.body) : "";
  whole_ = co_await send(out_, body);
  if (whole_) bytes_out_ = body.size();
  if (!whole_) keep_ = false;
  finish(r.status);
}

// One call of the source on the pool.
task<void> session::pull() {
  job_done_ = woken_ = false;
  engine_.pool.go_on([this] {
    try {
      pulled_ = source_(std::span<char>(piece_));
    } catch (...) {
      pulled_ = error(errc::handler_failed);
    }
    if (!pulled_.ok() || *pulled_ == 0) source_ = nullptr;
    done_from_pool();
  });
  enter(phase::working, never_ms);
  while (!job_done_) co_await wait_for_wake();
}

task<void> session::answer_source() {
  const bool head_only = request_.method == method::head;
  source_ = std::exchange(response_.source, nullptr);
  if (!head_only) {
    piece_.resize(limits_.piece_bytes);
    co_await pull();
    if (!pulled_.ok()) {
      response_ = fail(pulled_.error());
      co_await answer();
      co_return;
    }
  }
  const auto length = response_.source_bytes;
  const bool chunked = !length && parser_.version_1_1();
  if (!length && !chunked) keep_ = false;  // HTTP/1.0: the end of the connection ends the body
  write_head(length, chunked);
  if (head_only) {
    whole_ = co_await send(out_);
  } else {
    whole_ = co_await send_source(chunked);
  }
  // Whoever made the source may wait for something when it goes.
  if (source_) engine_.pool.go_on([s = std::move(source_)]() mutable { s = nullptr; });
  source_ = nullptr;
  if (!whole_) keep_ = false;
  if (!whole_ && !chunked && !length) {
    // Only a reset tells this client that the body is not whole.
    error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    cut();
  }
  finish(response_.status);
}

// The head in out_, then piece by piece what the source gives. false: not all of it.
task<bool> session::send_source(bool chunked) {
  const auto length = response_.source_bytes;
  const std::string_view after = chunked ? "\r\n" : "";
  while (pulled_.ok() && *pulled_ > 0) {
    const std::string_view piece(piece_.data(), *pulled_);
    if (length && piece.size() > *length - bytes_out_) co_return false;
    if (chunked) fmt::format_to(std::back_inserter(out_), "{:x}\r\n", piece.size());
    if (!co_await send(out_, piece, after)) co_return false;
    out_.clear();
    bytes_out_ += piece.size();
    co_await pull();
  }
  if (!pulled_.ok() || (length && bytes_out_ != *length)) co_return false;
  if (chunked) out_ += "0\r\n\r\n";
  co_return co_await send(out_);
}

// Ends our side first, and reads on for a while: closing with unread input would reset the
// connection, and the client could lose the answer that it was about to read.
task<void> session::linger() {
  error_code ignored;
  socket_.shutdown(asio::socket_base::shutdown_send, ignored);
  enter(phase::closing, limits_.linger_ms);
  do {
    body_input_.consume(body_input_.size());
  } while (socket_.is_open() && co_await receive(body_input_, linger_room));
  socket_.close(ignored);
}

}  // namespace lixin::http
