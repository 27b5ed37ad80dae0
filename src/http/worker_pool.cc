#include "http/worker_pool.h"

#include "base/assert.h"

namespace lixin::http {

worker_pool::worker_pool(std::size_t threads, std::size_t queue_max) : queue_max_(queue_max) {
  LIXIN_ASSERT(threads > 0);
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { work(); });
}

bool worker_pool::try_submit(job j) {
  const std::lock_guard lock(mutex_);
  if (stopped_ || fresh_.size() >= queue_max_) return false;
  fresh_.push_back(std::move(j));
  changed_.notify_one();
  return true;
}

void worker_pool::go_on(job j) {
  const std::lock_guard lock(mutex_);
  LIXIN_ASSERT(!stopped_);
  begun_.push_back(std::move(j));
  changed_.notify_one();
}

void worker_pool::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }
  threads_.clear();
}

std::size_t worker_pool::queued() const {
  const std::lock_guard lock(mutex_);
  return begun_.size() + fresh_.size();
}

void worker_pool::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return stopped_ || !begun_.empty() || !fresh_.empty(); });
    std::deque<job>& from = begun_.empty() ? fresh_ : begun_;
    if (from.empty()) return;
    job j = std::move(from.front());
    from.pop_front();
    lock.unlock();
    j();
    j = nullptr;
    lock.lock();
  }
}

}  // namespace lixin::http
