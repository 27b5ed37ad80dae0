// Settings of the server: what is taken, and every fault with its line.
#include "lixin/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

#include "http/errc.h"
#include "lixin/errc.h"

namespace lixin {
namespace {

class config : public ::testing::Test {
 protected:
  void SetUp() override {
    const int fd = ::mkstemp(path_);
    ASSERT_GE(fd, 0);
    ::close(fd);
  }
  void TearDown() override { ::unlink(path_); }
  std::vector<error> read(const std::string& text) {
    std::ofstream(path_, std::ios::binary) << text;
    return read_settings(path_, out_);
  }
  char path_[32] = "/tmp/lixin-config-XXXXXX";
  server_settings out_;
};

TEST_F(config, takes_what_it_says) {
  EXPECT_TRUE(read("[server]\n"
                   "listen = [\"[::1]:8080\", \"unix:/run/lixin/http.sock\"]\n"
                   "trusted_proxies = [\"10.0.0.1\"]\n"
                   "language = \"en\"\nlimit_rates = false\nimage_connections = 4\n"
                   "stop_within_s = 5\nrequest_log = \"errors\"\n"
                   "[limits]\npool_threads = 3\nhead_ms = 2000\n")
                  .empty());
  EXPECT_EQ(out_.listen.size(), 2U);
  EXPECT_EQ(out_.trusted_proxies.at(0).text(), "10.0.0.1");
  EXPECT_EQ(out_.lang, language::en);
  EXPECT_FALSE(out_.limit_rates);
  EXPECT_EQ(out_.image_connections, 4);
  EXPECT_EQ(out_.stop_within.count(), 5);
  EXPECT_EQ(out_.log, request_log::errors);
  EXPECT_EQ(out_.limits.pool_threads, 3U);
  EXPECT_EQ(out_.limits.head_ms, 2000U);
}

TEST_F(config, an_empty_file_leaves_all_as_it_is) {
  EXPECT_TRUE(read("").empty());
  EXPECT_EQ(out_.listen, std::vector<std::string>{"127.0.0.1:8080"});
}

TEST_F(config, names_every_fault_with_its_line) {
  const auto faults = read(
      "[server]\n"
      "listen = \"x\"\n"
      "languge = \"zh\"\n"
      "request_log = \"some\"\n"
      "limit_rates = 1\n"
      "trusted_proxies = [\"here\"]\n"
      "image_connections = 33\n"
      "[limits]\n"
      "pool_threads = 0\n"
      "head_ms = \"a\"\n"
      "nosuch = 1\n"
      "[other]\n");
  std::vector<std::pair<std::uint64_t, std::string_view>> found;
  for (const error& e : faults) found.emplace_back(e.where().row, e.code());
  const std::vector<std::pair<std::uint64_t, std::string_view>> expected{
      {2, errc::config_wrong.code},    {3, errc::config_unknown.code},
      {4, errc::config_wrong.code},    {5, errc::config_wrong.code},
      {6, errc::config_wrong.code},    {7, errc::config_wrong.code},
      {9, http::errc::bad_limit.code}, {10, errc::config_wrong.code},
      {11, errc::config_unknown.code}, {12, errc::config_unknown.code}};
  EXPECT_EQ(found, expected);
}

TEST_F(config, what_is_no_toml_or_no_file_is_said) {
  const auto faults = read("[server]\nlisten = [\n");
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_TRUE(faults[0].is(errc::config_syntax));
  EXPECT_TRUE(read_settings("/nosuch/lixin.toml", out_).at(0).is(errc::config_unreadable));
  EXPECT_TRUE(read(std::string(2'000'000, '#')).at(0).is(errc::config_unreadable));
}

// The example that is installed has no fault.
TEST_F(config, the_example_is_right) {
  EXPECT_TRUE(read_settings(LIXIN_SOURCE_DIR "/packaging/lixin.toml", out_).empty());
}

}  // namespace
}  // namespace lixin
