#include "pg/private_server.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "pg/errc.h"
#include "pg/pg.h"
#include "pg/process.h"

namespace lixin::pg {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

// Below /tmp, where the server's user can enter.
class temporary_folder {
 public:
  temporary_folder() {
    char name[] = "/tmp/lixin-server-XXXXXX";
    LIXIN_ASSERT(::mkdtemp(name) != nullptr && ::chmod(name, 0755) == 0);
    path_ = name;
  }
  ~temporary_folder() {
    static_cast<void>(private_server::stop(path_ + "/data", true));
    fs::remove_all(path_);
  }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

std::string read(const fs::path& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

connection open(const std::string& conninfo) {
  auto c = connection::open(conninfo);
  LIXIN_ASSERT(c.ok());
  return std::move(c).value();
}

std::string run_ensure(const std::string& folder) {
  const auto made = private_server::ensure(folder);
  if (!made.ok()) return "error: " + made.error().text(language::en);
  return *made;
}

TEST(private_server, lives_from_the_first_start_to_the_restart_after_a_crash) {
  const temporary_folder temporary;
  const std::string folder = temporary / "data";
  EXPECT_TRUE(private_server::process_id(folder).error().is(errc::not_running));
  EXPECT_TRUE(private_server::stop(folder).ok());  // nothing to stop is no failure

  const std::string conninfo = run_ensure(folder);
  ASSERT_EQ(conninfo, "host=" + folder + "/run port=5432 user=lixin dbname=lixin");
  const auto pid = private_server::process_id(folder);
  ASSERT_TRUE(pid.ok());
  {
    auto c = open(conninfo);
    const auto setting = [&](const char* name) {
      return std::string(
          c.exec("select current_setting($1::text)", params().add(name))->text(0, 0));
    };
    // Durable, alone, and quiet.
    EXPECT_EQ(setting("fsync"), "on");
    EXPECT_EQ(setting("synchronous_commit"), "on");
    EXPECT_EQ(setting("full_page_writes"), "on");
    EXPECT_EQ(setting("data_checksums"), "on");
    EXPECT_EQ(setting("listen_addresses"), "");
    EXPECT_EQ(setting("server_encoding"), "UTF8");
    EXPECT_EQ(setting("shared_buffers"), "256MB");
    EXPECT_EQ(setting("jit"), "off");

    // No statement and no value of a failed one comes into the log.
    EXPECT_FALSE(c.exec("select 'marker-in-error'::bigint").ok());
    EXPECT_FALSE(c.exec("select $1::bigint", params().add("marker-in-parameter")).ok());
    EXPECT_FALSE(c.script("do $$ begin raise exception 'marker-raised'; end $$").ok());
    EXPECT_FALSE(c.script("do $$ begin raise warning 'marker-warned'; end $$; select 1/0").ok());
    ASSERT_TRUE(c.script("create schema lixin; create table kept (a int); "
                         "insert into kept values (7)")
                    .ok());
  }
  std::string logs = read(folder + "/postgres/startup.log");
  int files = 0;
  for (const auto& entry : fs::directory_iterator(folder + "/postgres/log")) {
    logs += read(entry.path());
    ++files;
  }
  EXPECT_GE(files, 1);
  EXPECT_THAT(logs, HasSubstr("ready to accept connections"));
  EXPECT_THAT(logs, Not(HasSubstr("marker")));

  // The caller's terminal is not the server's, and it leaves no core file.
  EXPECT_NE(::getsid(*pid), ::getsid(0));
  EXPECT_THAT(read("/proc/" + std::to_string(*pid) + "/limits"),
              testing::ContainsRegex("Max core file size +0 +0 "));
  struct stat st{};
  ASSERT_EQ(::stat((folder + "/run").c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 07777, 0700u);
  if (::geteuid() == 0) {
    EXPECT_EQ(st.st_uid, ::getpwnam("postgres")->pw_uid);
    ASSERT_EQ(::stat(("/proc/" + std::to_string(*pid)).c_str(), &st), 0);
    EXPECT_EQ(st.st_uid, ::getpwnam("postgres")->pw_uid);
  }

  // A second call finds it running.
  EXPECT_EQ(run_ensure(folder), conninfo);
  EXPECT_EQ(private_server::process_id(folder).value(), *pid);

  // Killed hard: the stale postmaster.pid does not hinder, and nothing committed is lost.
  ASSERT_EQ(::kill(*pid, SIGKILL), 0);
  for (int i = 0; i < 500 && is_alive(*pid); ++i) ::usleep(10'000);
  EXPECT_TRUE(fs::exists(folder + "/postgres/postmaster.pid"));
  EXPECT_TRUE(private_server::process_id(folder).error().is(errc::not_running));
  ASSERT_EQ(run_ensure(folder), conninfo);
  EXPECT_EQ(open(conninfo).exec("select a from kept")->int64(0, 0), 7);

  ASSERT_TRUE(private_server::stop(folder).ok());
  EXPECT_TRUE(private_server::process_id(folder).error().is(errc::not_running));
  EXPECT_FALSE(fs::exists(folder + "/postgres/postmaster.pid"));
}

TEST(private_server, callers_at_the_same_time_get_the_same_server) {
  const temporary_folder temporary;
  const std::string folder = temporary / "data";
  // What an initdb that was killed leaves behind is cleared away.
  fs::create_directories(folder + "/postgres.new/base");
  std::ofstream(folder + "/postgres.new/PG_VERSION") << "15\n";
  std::vector<pid_t> children;
  for (int i = 0; i < 3; ++i) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(private_server::ensure(folder).ok() ? 0 : 1);
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  EXPECT_TRUE(private_server::process_id(folder).ok());
  EXPECT_FALSE(fs::exists(folder + "/postgres.new"));
  ASSERT_TRUE(private_server::stop(folder, true).ok());
}

TEST(private_server, a_long_or_odd_path_gets_a_short_socket) {
  const temporary_folder temporary;
  const std::string folder = temporary / "data";
  const std::string odd = folder + "/" + std::string(90, 'x') + "/数据, \"a\" $(b) '";
  const auto made = ensure_server(odd, {"fsync = off", false});
  ASSERT_TRUE(made.ok()) << made.error().text(language::en);
  EXPECT_THAT(*made, testing::MatchesRegex("host=/tmp/lixin-[0-9a-f]{12} port.*"));
  EXPECT_EQ(open(*made).exec("select 1")->int64(0, 0), 1);
  const std::string socket = socket_folder_for(odd);
  EXPECT_TRUE(fs::exists(socket));
  ASSERT_TRUE(private_server::stop(odd, true).ok());
  EXPECT_FALSE(fs::exists(socket));
}

TEST(private_server, a_foreign_socket_folder_is_refused) {
  const temporary_folder temporary;
  const std::string folder = temporary / (std::string("data/") + std::string(100, 'y'));
  const std::string socket = socket_folder_for(folder);
  ASSERT_TRUE(socket.starts_with("/tmp/lixin-"));
  fs::create_directory(socket);  // others may enter
  fs::permissions(socket, fs::perms(0755));
  const auto made = ensure_server(folder, {"fsync = off", false});
  ASSERT_FALSE(made.ok());
  EXPECT_TRUE(made.error().is(errc::socket_folder_foreign));
  EXPECT_EQ(made.error().args()[0], socket);
  fs::remove(socket);
  fs::create_directory_symlink(temporary / "data", socket);
  EXPECT_TRUE(
      ensure_server(folder, {"fsync = off", false}).error().is(errc::socket_folder_foreign));
  fs::remove(socket);
}

TEST(private_server, a_folder_that_its_user_cannot_enter_is_named) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root runs the server as another user";
  const temporary_folder temporary;
  fs::create_directories(temporary / "home/inner");
  fs::permissions(temporary / "home", fs::perms(0700));
  const auto made = private_server::ensure(temporary / "home/inner/data");
  ASSERT_FALSE(made.ok());
  EXPECT_TRUE(made.error().is(errc::folder_not_enterable));
  EXPECT_EQ(made.error().args()[0], temporary / "home");
  EXPECT_EQ(made.error().kind(), failure::unusable_input);
}

TEST(private_server, foreign_content_is_left_alone) {
  const temporary_folder temporary;
  fs::create_directories(temporary / "data/postgres");
  std::ofstream(temporary / "data/postgres/letter.txt") << "mine";
  const auto made = private_server::ensure(temporary / "data");
  ASSERT_FALSE(made.ok());
  EXPECT_TRUE(made.error().is(errc::not_a_cluster));
  EXPECT_EQ(read(temporary / "data/postgres/letter.txt"), "mine");
  EXPECT_TRUE(private_server::ensure(temporary / "data/postgres/letter.txt")
                  .error()
                  .is(errc::folder_unusable));
  EXPECT_TRUE(private_server::ensure("").error().is(errc::folder_unusable));
}

TEST(private_server, says_where_to_look_when_it_does_not_start) {
  const temporary_folder temporary;
  const auto made = ensure_server(temporary / "data", {"no_such_setting = 1", false});
  ASSERT_FALSE(made.ok());
  EXPECT_TRUE(made.error().is(errc::does_not_start));
  EXPECT_THAT(read(temporary / "data/postgres/startup.log"), HasSubstr("no_such_setting"));
  // The cluster stands, and a good start goes on with it.
  EXPECT_TRUE(ensure_server(temporary / "data", {"fsync = off", false}).ok());
}

// A server that runs but is still recovering (here: one of its processes was killed, and all
// sessions start anew) is waited for.
TEST(private_server, waits_while_the_server_recovers) {
  const temporary_folder temporary;
  const std::string folder = temporary / "data";
  ASSERT_TRUE(ensure_server(folder, {"fsync = off", false}).ok());
  for (int i = 0; i < 5; ++i) {
    {
      auto c = open(run_ensure(folder));
      const auto pid = c.exec("select pg_backend_pid()")->int64(0, 0);
      ASSERT_EQ(::kill(static_cast<pid_t>(pid), SIGKILL), 0);
      EXPECT_FALSE(c.exec("select 1").ok());
    }
    EXPECT_THAT(run_ensure(folder), testing::StartsWith("host="));
  }
}

// The number in postmaster.pid may be another program's by now.
TEST(private_server, a_recycled_process_number_is_not_taken_for_the_server) {
  const temporary_folder temporary;
  fs::create_directories(temporary / "data/postgres");
  std::ofstream(temporary / "data/postgres/postmaster.pid") << ::getpid() << "\n";
  EXPECT_TRUE(private_server::process_id(temporary / "data").error().is(errc::not_running));
  EXPECT_TRUE(private_server::stop(temporary / "data", true).ok());
}

// The lock file of a dead server whose number a living program has got meanwhile.
TEST(private_server, starts_although_the_old_number_lives_on) {
  const temporary_folder temporary;
  const std::string folder = temporary / "data";
  ASSERT_TRUE(ensure_server(folder, {"fsync = off", false}).ok());
  ASSERT_TRUE(private_server::stop(folder).ok());
  fs::create_directory(folder + "/run");
  fs::permissions(folder + "/run", fs::perms(0700));
  const fs::path lock = folder + "/postgres/postmaster.pid";
  std::ofstream(lock) << ::getpid() << "\n" << folder << "/postgres\n0\n5432\n\n\n  1 2147483647\n";
  std::ofstream(folder + "/run/.s.PGSQL.5432.lock") << ::getpid() << "\n";
  if (::geteuid() == 0) {
    const passwd* const user = ::getpwnam("postgres");
    ASSERT_EQ(::chown(lock.c_str(), user->pw_uid, user->pw_gid), 0);
  }
  EXPECT_TRUE(ensure_server(folder, {"fsync = off", false}).ok());
}

TEST(process, a_program_that_fails_or_hangs_is_reported) {
  const auto user = server_user_of(::geteuid());
  ASSERT_TRUE(user.ok());
  using namespace std::chrono_literals;
  EXPECT_EQ(run({"/bin/echo", "$(x)", "a b"}, *user, 10s).value(), "$(x) a b\n");
  const auto failed = run({"/bin/ls", "/nonexistent"}, *user, 10s);
  ASSERT_FALSE(failed.ok());
  EXPECT_TRUE(failed.error().is(errc::program_failed));
  EXPECT_THAT(failed.error().args()[1], HasSubstr("nonexistent"));
  EXPECT_THAT(run({"/bin/sleep", "100"}, *user, 50ms).error().args()[1], HasSubstr("deadline"));
  EXPECT_FALSE(run({"/nonexistent"}, *user, 10s).ok());
  EXPECT_THAT(start({"/nonexistent"}, *user, "/dev/null").error().args()[1],
              HasSubstr("No such file"));
  EXPECT_FALSE(is_alive(0));
}

}  // namespace
}  // namespace lixin::pg
