// Private to http: one connection. A coroutine reads a request, has it answered, and begins again.
// It lives on the I/O thread; a job of the pool that works for it uses `request_`, `response_` and
// `source_` while the coroutine waits for its end and leaves them alone.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "http/body_pipe.h"
#include "http/engine.h"
#include "http/input_buffer.h"
#include "http/parser.h"

namespace lixin::http {

class session final : private completion::receiver {
 public:
  // `counted`: the peer's place in engine::connections_of was taken.
  session(engine& e, stream_socket socket, address peer, bool counted);
  ~session();
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  static task<void> run(std::unique_ptr<session> s);

  void sweep();  // cuts or ends what is over its time
  void drain();  // closes it when it is idle
  void cut();    // closes it whatever it does

 private:
  // What a connection waits for; each but `working` has a time.
  enum class phase { idle, head, body, working, writing, closing };

  static constexpr std::int64_t never_ms = std::numeric_limits<std::int64_t>::max();
  void enter(phase p, std::int64_t allowed_ms);
  void enter_paced(phase p);

  // Reading. false: nothing more will come.
  task<bool> receive(input_buffer& into, std::size_t room);
  bool has_arrived();
  task<bool> read_head();
  task<bool> read_body();
  result<bool> feed_body(std::string& body);
  std::optional<error> begin_body();
  error why_incomplete() const;
  void next_request();

  // Answering.
  void read_request(std::string_view head);
  std::optional<response> admit();
  std::optional<response> check_body(const route& r);
  response fail(const error& what);
  response overloaded();
  response handled();
  task<void> serve();
  task<void> work();
  task<void> work_later();
  void put(result<response> answer) override;
  void announce(std::vector<completion::receiver*> all) override;
  task<void> work_on_stream();
  bool submit();
  void done_from_pool();
  void wake();
  task<void> wait_for_wake();

  void write_head(std::optional<std::uint64_t> body_bytes, bool chunked);
  task<bool> send(std::string_view first, std::string_view second = {},
                  std::string_view third = {});
  task<void> answer();  // with response_
  task<void> answer_source();
  task<bool> send_source(bool chunked);
  task<void> pull();  // into pulled_ and piece_
  task<void> linger();
  void finish(unsigned status);

  engine& engine_;
  const limits& limits_;
  stream_socket socket_;
  asio::steady_timer waiter_;
  const address peer_;
  const bool counted_;

  phase phase_ = phase::idle;
  std::int64_t deadline_ms_ = 0;
  std::int64_t paced_from_ms_ = 0;
  std::uint64_t paced_bytes_ = 0;
  bool timed_out_ = false;
  bool receiving_ = false;
  bool woken_ = false;
  bool job_done_ = false;

  input_buffer input_;       // heads, and what came with them
  input_buffer body_input_;  // the rest of a body
  parser parser_;
  http::target target_;
  std::vector<name_value> headers_;
  std::vector<name_value> placeholders_;
  request request_;
  char id_[16];
  std::string body_;
  std::size_t head_bytes_ = 0;  // of input_, with the part of the body behind it that was used
  std::uint64_t bytes_in_ = 0;
  std::uint64_t bytes_out_ = 0;
  std::size_t requests_ = 0;
  bool keep_ = false;
  bool whole_ = true;
  std::chrono::steady_clock::time_point began_;
  std::optional<body_pipe> pipe_;
  response response_;
  body_source source_;
  result<std::size_t> pulled_{std::size_t{0}};
  std::string out_;
  std::string piece_;
};

}  // namespace lixin::http
