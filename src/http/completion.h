// The answer of a handler of run::deferred, given later and from any thread, so that many requests
// can wait for one thing (a commit that they share) without a thread each.
#pragma once

#include <utility>
#include <vector>

#include "base/error.h"
#include "http/response.h"

namespace lixin::http {

// Move-only; called once. Who lets it go without a call answers errc::handler_failed.
class completion {
 public:
  class receiver {
   public:
    virtual void put(result<response> answer) = 0;
    // Tells the server that these have their answers; called on one of them.
    virtual void announce(std::vector<receiver*> all) = 0;

   protected:
    ~receiver() = default;
  };

  explicit completion(receiver& to) : to_(&to) {}
  completion(completion&& o) noexcept : to_(std::exchange(o.to_, nullptr)) {}
  completion& operator=(completion&& o) noexcept {
    std::swap(to_, o.to_);
    return *this;
  }
  ~completion();

  // The request and all that it views are gone when this returns.
  void operator()(result<response> answer);

  // Answers that leave together: the server's thread is woken once for all of them. Of one server.
  class together {
   public:
    ~together() { leave(); }
    void add(completion& to, result<response> answer);
    void leave();

   private:
    std::vector<receiver*> all_;
  };

 private:
  receiver* to_;
};

}  // namespace lixin::http
