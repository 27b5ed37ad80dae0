#include "http/rate_limiter.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace lixin::http {
namespace {

using namespace std::chrono_literals;

address numbered(std::uint32_t n) {
  address a;
  for (int i = 0; i < 4; ++i) a.bytes[static_cast<std::size_t>(i)] = (n >> (8 * i)) & 0xFF;
  return a;
}

class limiter : public testing::Test {
 protected:
  rate_limiter limiter_{1024};
  rate_limiter::time now_{100s};
  bool take(std::uint32_t client, const rate& r, std::uint8_t rate_class = 0) {
    return limiter_.take(numbered(client), rate_class, r, now_) == 0ns;
  }
};

TEST_F(limiter, lets_a_burst_pass_and_then_the_rate) {
  const rate r{.per_second = 10, .burst = 5};
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(take(1, r)) << i;
  EXPECT_FALSE(take(1, r));
  now_ += 99ms;
  EXPECT_FALSE(take(1, r));
  now_ += 1ms;
  EXPECT_TRUE(take(1, r));
  EXPECT_FALSE(take(1, r));
  now_ += 1h;
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(take(1, r)) << i;
  EXPECT_FALSE(take(1, r));
}

TEST_F(limiter, tells_how_long_to_wait) {
  const rate r{.per_second = 2, .burst = 1};
  EXPECT_EQ(limiter_.take(numbered(1), 0, r, now_), 0ns);
  EXPECT_EQ(limiter_.take(numbered(1), 0, r, now_), 500ms);
  now_ += 200ms;
  EXPECT_EQ(limiter_.take(numbered(1), 0, r, now_), 300ms);
  now_ += 300ms;
  EXPECT_EQ(limiter_.take(numbered(1), 0, r, now_), 0ns);
}

TEST_F(limiter, clients_and_classes_have_buckets_of_their_own) {
  const rate r{.per_second = 1, .burst = 1};
  EXPECT_TRUE(take(1, r));
  EXPECT_TRUE(take(2, r));
  EXPECT_TRUE(take(1, r, 1));
  EXPECT_FALSE(take(1, r));
  EXPECT_FALSE(take(1, r, 1));
}

TEST_F(limiter, no_rate_is_no_limit) {
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(take(1, {}));
}

TEST_F(limiter, a_clock_that_goes_back_gives_nothing) {
  const rate r{.per_second = 1, .burst = 1};
  EXPECT_TRUE(take(1, r));
  now_ -= 50s;
  EXPECT_FALSE(take(1, r));
}

TEST_F(limiter, newcomers_do_not_free_whom_it_limits) {
  const rate slow{.per_second = 0.001, .burst = 1};
  const rate other{.per_second = 1000, .burst = 10};
  ASSERT_TRUE(take(0, slow));
  for (std::uint32_t n = 1; n < 100'000; ++n) {
    now_ += 1us;
    take(n, other, 1);
  }
  EXPECT_FALSE(take(0, slow));
}

TEST_F(limiter, threads_share_it) {
  const rate r{.per_second = 0.001, .burst = 100};
  std::atomic<int> taken = 0;
  {
    std::vector<std::jthread> all;
    for (int t = 0; t < 4; ++t) {
      all.emplace_back([&] {
        for (int i = 0; i < 1000; ++i) {
          if (take(7, r)) ++taken;
        }
      });
    }
  }
  EXPECT_EQ(taken, 100);
}

}  // namespace
}  // namespace lixin::http
