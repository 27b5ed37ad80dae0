// Private to http: threads for what may wait. The queue of new work is bounded, and refuses when it
// is full; work that goes on with what was accepted before goes first and is never refused (there
// is at most one such piece for each connection). Thread-safe.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace lixin::http {

class worker_pool {
 public:
  using job = std::function<void()>;  // throws nothing

  worker_pool(std::size_t threads, std::size_t queue_max);
  ~worker_pool() { stop(); }
  worker_pool(const worker_pool&) = delete;
  worker_pool& operator=(const worker_pool&) = delete;

  bool try_submit(job j);  // false: full, or stopped
  void go_on(job j);       // not after stop()
  // Runs what is queued and joins the threads.
  void stop();
  std::size_t queued() const;

 private:
  void work();

  const std::size_t queue_max_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<job> begun_;
  std::deque<job> fresh_;
  bool stopped_ = false;
  std::vector<std::jthread> threads_;
};

}  // namespace lixin::http
