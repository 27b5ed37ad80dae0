// The city in memory, kept: a thread of its own follows the journal, reads the keys of callers
// again, and sees whether the database is still the one that it was. When the database is gone it
// connects anew and goes on where it stood; meanwhile the image grows older and says so.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "access/key_ring.h"
#include "base/date.h"
#include "base/error.h"
#include "measure/image.h"

namespace lixin::api {

struct live_city_options {
  std::string conninfo;
  int connections = 2;                         // to build by, 1 to measure::image_connections_max
  std::chrono::milliseconds follow_every{50};  // 1 ms .. 10 s
  std::chrono::milliseconds keys_every{1000};  // 10 ms .. 10 s: how long a revoked key may serve
  std::chrono::seconds stale_after{60};        // beyond, no check is answered
};

class live_city {
 public:
  // Builds the image, and answers when it stands at the journal's head and the keys are read.
  static result<std::unique_ptr<live_city>> open(live_city_options o);
  ~live_city();
  live_city(const live_city&) = delete;
  live_city& operator=(const live_city&) = delete;

  measure::image::states& states() { return image_->published_states(); }
  const access::key_ring& keys() const { return keys_; }

  struct freshness {
    position at;  // of the journal: all up to here is in the image
    // Nothing that was committed before this moment is missing.
    std::chrono::system_clock::time_point followed_at;
    std::chrono::milliseconds age{0};  // since then, by a clock that nobody sets
    std::size_t subjects = 0;
  };
  freshness now() const;
  // errc::city_stale, errc::restart_needed, keeping::errc::restoring, or nothing: checks may be
  // answered.
  result<void> check_fresh() const;
  // Counts the states that were published; a reader that finds it as it was may keep its pin.
  std::uint64_t epoch() const { return epoch_.load(); }
  std::optional<error> last_failure() const;

 private:
  live_city(live_city_options o, std::unique_ptr<measure::image> i, pg::connection c);
  void run(std::stop_token stop);
  result<void> follow();
  result<void> look_around();  // keys, and whether it is the same database

  const live_city_options options_;
  std::unique_ptr<measure::image> image_;
  std::optional<pg::connection> connection_;  // of the thread alone
  access::key_ring keys_;
  std::atomic<std::uint64_t> epoch_{1};
  std::atomic<bool> replaced_{false};
  mutable std::mutex mutex_;  // of what follows
  freshness fresh_;
  std::chrono::steady_clock::time_point fresh_since_;
  std::optional<error> failure_;
  std::optional<error> blocked_;  // a restore is under way: what is logged now could be lost
  std::condition_variable_any wake_;
  std::jthread thread_;
};

}  // namespace lixin::api
