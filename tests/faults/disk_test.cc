// The disk of the data folder runs full under hand-ins, a purge and a backup: each command says so
// and keeps its promise, and is done when it is given again after there is room. The disk is a
// small tmpfs in a mount namespace of this program's own; where that cannot be had, the test says
// that it was not done.
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include "support/home.h"
#include "support/killer.h"
#include "support/picture.h"

namespace lixin {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing_support::ended;
using testing_support::hand_in_file;
using testing_support::home;

constexpr const char* disk_size = "size=640m,mode=0755";
constexpr std::uint64_t room_of_a_row = 2'500;  // more than it takes, with the log of PostgreSQL
constexpr int tries_max = 200;  // while PostgreSQL recovers, a twentieth of a second apart

// Root only makes a mount namespace; others a user namespace of their own first, in which they
// keep their number. Answers why not.
std::string take_own_mounts() {
  const uid_t uid = ::geteuid();
  const gid_t gid = ::getegid();
  if (::unshare(uid == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER) != 0) {
    return fmt::format("no mount namespace: {}", std::strerror(errno));
  }
  if (uid != 0) {
    std::ofstream("/proc/self/setgroups") << "deny";
    std::ofstream("/proc/self/uid_map") << fmt::format("{} {} 1", uid, uid);
    std::ofstream("/proc/self/gid_map") << fmt::format("{} {} 1", gid, gid);
  }
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr) != 0) {
    return fmt::format("mounts cannot be kept apart: {}", std::strerror(errno));
  }
  return {};
}

// A home whose data folder is a small disk.
class small_home {
 public:
  small_home() : home_(home::server::own) {
    fs::create_directory(home_.data());
    if (::mount("tmpfs", home_.data().c_str(), "tmpfs", 0, disk_size) != 0) {
      failed_ = std::strerror(errno);
    }
  }
  small_home(const small_home&) = delete;
  small_home& operator=(const small_home&) = delete;
  ~small_home() {
    testing_support::kill_server(home_);
    ::umount2(home_.data().c_str(), MNT_DETACH);
  }

  const std::string& failed() const { return failed_; }
  const home& at() const { return home_; }

  // Leaves so many bytes of the disk.
  void fill(std::uint64_t left) {
    struct statvfs s {};
    ASSERT_EQ(::statvfs(home_.data().c_str(), &s), 0);
    const std::uint64_t there = s.f_bavail * s.f_bsize;
    if (there <= left) return;
    const int fd = ::open(ballast().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    ASSERT_GE(fd, 0);
    EXPECT_EQ(::posix_fallocate(fd, 0, static_cast<off_t>(there - left)), 0);
    ::close(fd);
  }
  void make_room() const { fs::remove(ballast()); }

 private:
  std::string ballast() const { return home_.data() + "/ballast"; }

  home home_;
  std::string failed_;
};

bool did_it(const ended& e) { return e.exit_code == 0 || e.exit_code == 3; }

void expect_told(const ended& e, const std::string& what) {
  EXPECT_EQ(e.exit_code, 69) << what << ": " << e.all();
  EXPECT_THAT(e.err, testing::HasSubstr("错误：")) << what;
  EXPECT_THAT(e.err, testing::HasSubstr("error: ")) << what;
}

// With room again: what the server's own recovery takes is waited for.
ended run_with_room(const home& h, const std::vector<std::string>& words) {
  ended e;
  for (int tries = 0; tries < tries_max; ++tries) {
    e = h.run(words);
    if (e.exit_code != 69 && e.exit_code != 5) return e;
    std::this_thread::sleep_for(50ms);
  }
  return e;
}

class disk : public testing::Test {
 protected:
  static void SetUpTestSuite() { why_not_ = take_own_mounts(); }
  void SetUp() override {
    if (!why_not_.empty()) GTEST_SKIP() << "not done, " << why_not_;
  }
  static std::string why_not_;
};
std::string disk::why_not_;

TEST_F(disk, full_is_told_and_loses_nothing) {
  small_home small;
  if (!small.failed().empty()) GTEST_SKIP() << "not done, no tmpfs: " << small.failed();
  const home calm(home::server::own);
  city::settings s;
  s.seed = 11;
  s.organisations = 1'500;
  s.records = 20'000;
  const auto files = small.at().make_city(s);
  ASSERT_FALSE(files.empty());
  small.at().load_settings();
  calm.load_settings();

  std::mt19937 chance(20261130);
  int full = 0;
  for (const hand_in_file& f : files) {
    const auto words = testing_support::import_words(f, small.at() / ("city/" + f.file));
    // From nothing to more than the file needs.
    small.fill(std::uniform_int_distribution<std::uint64_t>(0, f.rows * room_of_a_row)(chance));
    const ended e = small.at().run(words);
    full += did_it(e) ? 0 : 1;
    if (!did_it(e)) expect_told(e, f.file);
    small.make_room();
    EXPECT_TRUE(did_it(run_with_room(small.at(), words))) << f.file;
    // The same keys, so that the digests of sealed rows can be compared.
    if (&f == files.data()) fs::copy_file(small.at().data() + "/keys", calm.data() + "/keys");
    EXPECT_TRUE(did_it(calm.run(words))) << f.file;
    if (HasFailure()) return;
  }
  fmt::print("{} of {} hand-ins found the disk full\n", full, files.size());
  EXPECT_GE(full, 5);

  {
    pg::connection a = calm.connect();
    pg::connection b = small.at().connect();
    EXPECT_EQ(testing_support::broken_promises(b), "");
    const auto changed = testing_support::differences(testing_support::picture_of(a),
                                                      testing_support::picture_of(b));
    EXPECT_TRUE(changed.empty()) << changed;
  }

  // A backup that finds no room leaves none.
  const std::string backups = small.at() / "backups";
  fs::create_directory(backups);
  ASSERT_EQ(::mount("tmpfs", backups.c_str(), "tmpfs", 0, "size=256k,mode=0755"), 0);
  expect_told(small.at().run({"db", "backup", "--out", backups}), "backup");
  EXPECT_TRUE(fs::is_empty(backups));
  ASSERT_EQ(::umount2(backups.c_str(), MNT_DETACH), 0);
  EXPECT_EQ(small.at().run({"db", "backup", "--out", backups}).exit_code, 0);

  // A purge that finds none says so, and is whole when it is given again.
  const testing_support::environment later{{"LIXIN_CLOCK", "2033-01-01"}};
  small.fill(0);
  expect_told(small.at().run({"purge", "--due"}, later), "purge");
  small.make_room();
  EXPECT_TRUE(did_it(run_with_room(small.at(), {"db", "status"})));
  const ended purged = small.at().run({"--json", "purge", "--due"}, later);
  EXPECT_EQ(purged.exit_code, 0) << purged.all();
  EXPECT_THAT(purged.out, testing::Not(testing::HasSubstr("\"records\": 0,")));
  pg::connection c = small.at().connect();
  EXPECT_EQ(testing_support::broken_promises(c), "");
}

}  // namespace
}  // namespace lixin
