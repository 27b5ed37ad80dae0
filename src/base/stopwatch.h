// Adds up the time of laps. For telling where time goes; nothing may depend on it.
#pragma once

#include <chrono>

namespace lixin {

class stopwatch {
 public:
  class lap {
   public:
    explicit lap(stopwatch& of) : of_(&of), start_(std::chrono::steady_clock::now()) {}
    lap(const lap&) = delete;
    lap& operator=(const lap&) = delete;
    ~lap() { end(); }
    void end() {
      if (of_ != nullptr) of_->total_ += std::chrono::steady_clock::now() - start_;
      of_ = nullptr;
    }

   private:
    stopwatch* of_;
    std::chrono::steady_clock::time_point start_;
  };
  double seconds() const { return std::chrono::duration<double>(total_).count(); }

 private:
  std::chrono::steady_clock::duration total_{};
};

}  // namespace lixin
