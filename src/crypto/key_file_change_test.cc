#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "crypto/crypto.h"
#include "crypto/errc.h"

namespace lixin::crypto {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

class key_file_change_test : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/lixin-keys-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string path(const std::string& name = "keys") const { return folder_ + "/" + name; }
  key_file make(const std::string& name = "keys") const {
    auto out = key_file::open_or_create(path(name));
    LIXIN_ASSERT(out.ok());
    return std::move(out).value();
  }
  std::ptrdiff_t files() const {
    return std::distance(fs::directory_iterator(folder_), fs::directory_iterator());
  }
  std::string folder_;
};

TEST_F(key_file_change_test, a_new_key_has_the_next_number_and_the_old_ones_stay) {
  auto f = make();
  const std::string first = f.newest("vault-seal").secret;
  EXPECT_EQ(f.add("vault-seal").value(), 2);
  EXPECT_EQ(f.newest("vault-seal").number, 2);
  const auto again = make();
  EXPECT_EQ(again.text(), f.text());
  EXPECT_EQ(again.numbered("vault-seal", 1)->secret, first);
  EXPECT_NE(again.newest("vault-seal").secret, first);
  EXPECT_THAT(again.numbers("vault-seal"), ElementsAre(1, 2));
  struct stat st {};
  ASSERT_EQ(::stat(path().c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 07777, 0600U);
  EXPECT_EQ(files(), 1);
}

TEST_F(key_file_change_test, what_a_killed_change_left_goes_with_the_next) {
  auto f = make();
  std::ofstream(path("keys.new")) << f.text().substr(0, 30);
  ASSERT_TRUE(f.add("vault-seal").ok());
  EXPECT_EQ(files(), 1);
  std::ofstream(path("keys.new")) << f.text();
  ASSERT_TRUE(f.ensure("vault-seal").ok());  // changes nothing
  EXPECT_EQ(files(), 1);
}

TEST_F(key_file_change_test, reads_what_another_one_wrote_when_asked) {
  auto mine = make();
  auto theirs = make();
  ASSERT_TRUE(theirs.add("vault-digest").ok());
  EXPECT_EQ(mine.newest("vault-digest").number, 1);
  ASSERT_TRUE(mine.reload().ok());
  EXPECT_EQ(mine.newest("vault-digest").number, 2);
}

TEST_F(key_file_change_test, ensure_makes_a_key_once) {
  auto f = make();
  ASSERT_NE(f.find_newest("audit-sign"), nullptr);
  EXPECT_EQ(f.find_newest("other"), nullptr);
  EXPECT_EQ(f.ensure("other").value(), 1);
  EXPECT_EQ(f.ensure("other").value(), 1);
  EXPECT_THAT(make().numbers("other"), ElementsAre(1));
}

TEST_F(key_file_change_test, removes_one_key) {
  auto f = make();
  ASSERT_TRUE(f.add("vault-seal").ok());
  ASSERT_TRUE(f.remove("vault-seal", 1).ok());
  EXPECT_THAT(make().numbers("vault-seal"), ElementsAre(2));
  EXPECT_EQ(f.find("vault-seal", 1), nullptr);
}

TEST_F(key_file_change_test, writers_at_once_lose_nothing) {
  make();
  std::vector<std::thread> threads;
  std::atomic<int> failures = 0;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      auto f = make();
      for (int i = 0; i < 10; ++i) {
        if (!f.add("vault-seal").ok()) ++failures;
      }
    });
  }
  for (auto& t : threads) t.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(make().newest("vault-seal").number, 41);
  EXPECT_EQ(files(), 1);
}

// Killed at any moment: the file is the old one or a new one, never a part.
TEST_F(key_file_change_test, killed_while_it_writes_the_file_is_whole) {
  make();
  for (int round = 0; round < 15; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      auto f = make();
      while (f.add("vault-seal").ok()) {
        if (f.numbers("vault-seal").size() > 200) break;
      }
      ::_exit(0);
    }
    ::usleep(static_cast<useconds_t>(round * 1500));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    const auto f = key_file::open(path());
    ASSERT_TRUE(f.ok()) << f.error().text(language::en);
    const auto numbers = f->numbers("vault-seal");
    EXPECT_EQ(numbers.back(), static_cast<int>(numbers.size()));
  }
}

TEST_F(key_file_change_test, a_backup_comes_back_where_nothing_is) {
  const auto f = make();
  EXPECT_EQ(key_file::restore(path("new"), f).value(), 6);
  EXPECT_EQ(key_file::open(path("new"))->text(), f.text());
  struct stat st {};
  ASSERT_EQ(::stat(path("new").c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 07777, 0600U);
}

TEST_F(key_file_change_test, a_backup_completes_what_is_there_and_changes_nothing_else) {
  auto f = make();
  const auto early = f;
  ASSERT_TRUE(f.add("vault-seal").ok());
  EXPECT_EQ(key_file::restore(path(), early).value(), 0);
  const auto late = f;
  ASSERT_TRUE(f.remove("vault-seal", 1).ok());
  EXPECT_EQ(key_file::restore(path(), late).value(), 1);
  EXPECT_THAT(make().numbers("vault-seal"), ElementsAre(1, 2));
}

TEST_F(key_file_change_test, a_backup_of_another_installation_is_refused_whole) {
  const auto f = make();
  auto foreign = make("other");
  ASSERT_TRUE(foreign.add("record").ok());
  const auto out = key_file::restore(path(), foreign);
  ASSERT_FALSE(out.ok());
  EXPECT_TRUE(out.error().is(errc::key_conflict));
  EXPECT_EQ(make().text(), f.text());
}

}  // namespace
}  // namespace lixin::crypto
