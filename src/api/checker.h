// Checks over the API. Those that wait at one moment are answered together by one thread, from the
// city in memory, and share one commit of the inquiry log, which is on disk before any of their
// answers leaves. So the cost of a commit is divided among whoever asks at the same time.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "api/live_city.h"
#include "base/date.h"
#include "crypto/key_file.h"
#include "http/completion.h"
#include "measure/answer.h"
#include "measure/check.h"

namespace lixin::api {

class checker {
 public:
  static constexpr std::size_t group_max = 2000;      // of one commit
  static constexpr std::size_t waiting_max = 20'000;  // beyond: errc::too_many_checks at once

  struct options {
    std::string conninfo;
    // Told of each answer that leaves; on the checker's thread.
    std::function<void(measure::outcome)> counted;
  };
  // Key file, clock and city outlive it.
  checker(options o, live_city& city, const crypto::key_file& keys, const clock& now);
  ~checker();  // answers errc::stopping to whoever still waits
  checker(const checker&) = delete;
  checker& operator=(const checker&) = delete;

  struct asked {
    std::string code, matter;
    std::optional<date> as_of;  // none: today
    std::string asker;
    policy::caller caller;
  };
  // Never waits; `done` gets the answer, or why there is none.
  void ask(asked what, http::completion done);

 private:
  struct waiting {
    asked what;
    http::completion done;
  };
  class session;
  void run(std::stop_token stop);

  const options options_;
  live_city& city_;
  const crypto::key_file& keys_;
  const clock& now_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<waiting> waiting_;
  bool stopped_ = false;
  std::jthread thread_;
};

// {"answer": ..., "receipt": "...", "city": {"position": n, "followed_at": "..."}}: what a check
// answers, by whatever way.
void write_checked(std::string& out, std::string_view answer, std::string_view receipt, position at,
                   std::chrono::system_clock::time_point followed_at);

}  // namespace lixin::api
