#include "base/published.h"

#include <gtest/gtest.h>

#include <thread>

namespace lixin {
namespace {

// Counts those that live, and says whether it was changed after it was freed.
struct counted {
  explicit counted(int v) : value(v), twice(2 * v) { ++living; }
  ~counted() {
    value = -1;
    --living;
  }
  int value, twice;
  static std::atomic<int> living;
};
std::atomic<int> counted::living{0};

TEST(published, keeps_what_is_pinned_and_frees_the_rest) {
  {
    published<counted> all(std::make_unique<counted>(1));
    published<counted>::reader reader(all);
    {
      const auto pinned = reader.get();
      all.publish(std::make_unique<counted>(2));
      all.publish(std::make_unique<counted>(3));
      EXPECT_EQ(pinned->value, 1);
      EXPECT_EQ(all.newest().value, 3);
      EXPECT_EQ(counted::living, 3);
    }
    EXPECT_EQ(reader.get()->value, 3);
    all.publish(std::make_unique<counted>(4));
    EXPECT_EQ(all.kept(), 0U);
    EXPECT_EQ(counted::living, 1);
  }
  EXPECT_EQ(counted::living, 0);
}

TEST(published, a_later_pin_does_not_keep_what_was_replaced_before_it) {
  published<counted> all(std::make_unique<counted>(1));
  published<counted>::reader early(all), late(all);
  const auto first = early.get();
  all.publish(std::make_unique<counted>(2));
  const auto second = late.get();
  EXPECT_EQ(second->value, 2);
  EXPECT_EQ(all.kept(), 1U);
}

TEST(published, slots_are_given_back) {
  published<counted> all(std::make_unique<counted>(1));
  for (std::size_t i = 0; i < 3 * published_readers_max; ++i) {
    published<counted>::reader reader(all);
    ASSERT_EQ(reader.get()->value, 1);
  }
}

TEST(published, threads_see_whole_values_that_never_go_back) {
  published<counted> all(std::make_unique<counted>(1));
  std::atomic<bool> done{false};
  std::atomic<int> wrong{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      published<counted>::reader reader(all);
      int before = 0;
      while (!done) {
        const auto pinned = reader.get();
        if (pinned->twice != 2 * pinned->value || pinned->value < before) ++wrong;
        before = pinned->value;
      }
    });
  }
  for (int v = 2; v < 5000; ++v) all.publish(std::make_unique<counted>(v));
  done = true;
  for (std::thread& t : readers) t.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace lixin
