// Private to http: a body on its way from the I/O thread to the handler that reads it. Holds at
// most `bytes_max` and a piece; the I/O thread reads no more from the client until there is room.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "base/error.h"
#include "http/request.h"

namespace lixin::http {

class body_pipe final : public body_stream {
 public:
  // `room` is called on the handler's thread when there is room again after has_room() said no.
  body_pipe(std::size_t bytes_max, std::function<void()> room);

  // The I/O thread's side. After finish() or fail() nothing more is pushed.
  bool has_room();
  void push(std::string_view bytes);
  void finish();
  void fail(error why);

  // The handler's side: waits for one of the above.
  result<std::size_t> read(std::span<char> into) override;

 private:
  const std::size_t bytes_max_;
  const std::function<void()> room_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string arrived_;
  bool waits_for_room_ = false;
  bool finished_ = false;
  std::optional<error> failed_;
  std::string taken_;  // of the handler's thread alone
  std::size_t taken_at_ = 0;
};

}  // namespace lixin::http
