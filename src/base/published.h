// One value that a writer replaces and many threads read without waiting (read-copy-update). A
// reader pins what stands, reads it as long as it likes, and lets go; what was replaced is freed
// when nobody has it pinned any more. publish() is for one thread at a time; each reader belongs to
// one thread, and all readers are gone before the object is. Readers never wait and never retry;
// publish() never waits either: what is still pinned is freed by a later one.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/assert.h"

namespace lixin {

inline constexpr std::size_t published_readers_max = 128;

template <class T>
class published {
  // 0: nothing pinned; else the epoch that the reader saw before it took the pointer.
  struct alignas(64) slot {
    std::atomic<std::uint64_t> epoch{0};
    std::atomic<bool> taken{false};
  };

 public:
  explicit published(std::unique_ptr<const T> first) : current_(first.release()) {}
  published(const published&) = delete;
  published& operator=(const published&) = delete;
  ~published() {
    for (const slot& s : slots_) LIXIN_ASSERT(!s.taken.load());
    delete current_.load();
  }

  class reader;
  // Good until it goes out of scope; one at a time for a reader.
  class pin {
   public:
    pin(const pin&) = delete;
    pin& operator=(const pin&) = delete;
    ~pin() { slot_.epoch.store(0); }
    const T& operator*() const { return *value_; }
    const T* operator->() const { return value_; }

   private:
    friend class reader;
    pin(slot& s, const T* value) : slot_(s), value_(value) {}
    slot& slot_;
    const T* value_;
  };

  class reader {
   public:
    explicit reader(published& of) : of_(of), slot_(of.take_slot()) {}
    reader(const reader&) = delete;
    reader& operator=(const reader&) = delete;
    ~reader() { slot_.taken.store(false); }

    pin get() {
      LIXIN_ASSERT(slot_.epoch.load() == 0);
      // A publish() between the two loads has a higher epoch, so it keeps its predecessor for us.
      slot_.epoch.store(of_.epoch_.load());
      return pin(slot_, of_.current_.load());
    }

   private:
    published& of_;
    slot& slot_;
  };

  void publish(std::unique_ptr<const T> next) {
    std::unique_ptr<const T> old(current_.exchange(next.release()));
    replaced_.push_back({epoch_.fetch_add(1) + 1, std::move(old)});
    // Free what was replaced before the oldest pin: whoever pins from now on sees what is newer.
    std::uint64_t oldest = epoch_.load();
    for (const slot& s : slots_) {
      const std::uint64_t pinned = s.epoch.load();
      if (pinned != 0 && pinned < oldest) oldest = pinned;
    }
    std::erase_if(replaced_, [&](const replaced& r) { return r.epoch <= oldest; });
  }

  // For the writer, who alone may replace it.
  const T& newest() const { return *current_.load(); }
  std::size_t kept() const { return replaced_.size(); }  // replaced, but perhaps still pinned

 private:
  struct replaced {
    std::uint64_t epoch;
    std::unique_ptr<const T> value;
  };

  slot& take_slot() {
    for (slot& s : slots_) {
      bool free = false;
      if (s.taken.compare_exchange_strong(free, true)) return s;
    }
    LIXIN_ASSERT(false);  // more threads than published_readers_max
  }

  std::atomic<const T*> current_;
  std::atomic<std::uint64_t> epoch_{1};
  std::array<slot, published_readers_max> slots_;
  std::vector<replaced> replaced_;
};

}  // namespace lixin
