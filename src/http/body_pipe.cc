#include "http/body_pipe.h"

#include <algorithm>

namespace lixin::http {

body_pipe::body_pipe(std::size_t bytes_max, std::function<void()> room)
    : bytes_max_(bytes_max), room_(std::move(room)) {}

bool body_pipe::has_room() {
  const std::lock_guard lock(mutex_);
  waits_for_room_ = arrived_.size() >= bytes_max_;
  return !waits_for_room_;
}

void body_pipe::push(std::string_view bytes) {
  const std::lock_guard lock(mutex_);
  arrived_.append(bytes);
  changed_.notify_one();
}

void body_pipe::finish() {
  const std::lock_guard lock(mutex_);
  finished_ = true;
  changed_.notify_one();
}

void body_pipe::fail(error why) {
  const std::lock_guard lock(mutex_);
  failed_ = std::move(why);
  changed_.notify_one();
}

result<std::size_t> body_pipe::read(std::span<char> into) {
  if (taken_at_ == taken_.size()) {
    taken_.clear();
    taken_at_ = 0;
    bool tell = false;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return finished_ || failed_ || !arrived_.empty(); });
      if (failed_) return *failed_;
      if (arrived_.empty()) return std::size_t{0};
      taken_.swap(arrived_);
      tell = std::exchange(waits_for_room_, false);
    }
    if (tell) room_();
  }
  const std::size_t n = std::min(into.size(), taken_.size() - taken_at_);
  std::copy_n(taken_.data() + taken_at_, n, into.data());
  taken_at_ += n;
  return n;
}

}  // namespace lixin::http
