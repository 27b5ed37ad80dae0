#include "pg/test_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>

#include "pg/pg.h"
#include "pg/private_server.h"

namespace lixin::pg {
namespace {

constexpr const char* fast_settings =
    "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n"
    "shared_buffers = 64MB\nmax_wal_size = 1GB\nautovacuum = off\n";

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "no PostgreSQL for the tests: %s\n", why.c_str());
  std::abort();
}

// Waits, as a process of its own, until the test program is gone (the pipe closes, however it
// ended), then ends the server and removes its folder. Only calls that are safe after fork().
[[noreturn]] void watch(int pipe_end, int server, const char* folder, const char* lock_file) {
  ::setsid();
  ::dup2(pipe_end, 3);
  ::close_range(4, ~0U, 0);
  char c;
  while (::read(3, &c, 1) < 0) {
  }
  ::kill(server, SIGQUIT);
  // The lock file goes last; the number may stay for a while as that of a zombie.
  for (int i = 0; i < 500 && ::access(lock_file, F_OK) == 0; ++i) ::usleep(10'000);
  ::execl("/bin/rm", "rm", "-rf", folder, nullptr);
  ::_exit(127);
}

class running_server {
 public:
  running_server() {
    char name[] = "/tmp/lixin-test-XXXXXX";
    if (::mkdtemp(name) == nullptr || ::chmod(name, 0755) != 0) give_up("mkdtemp failed");
    folder_ = name;
    auto made = ensure_server(folder_ + "/data", {fast_settings, false});
    if (!made.ok()) give_up(made.error().text(language::en));
    conninfo_ = std::move(made).value();
    auto pid = private_server::process_id(folder_ + "/data");
    int ends[2];
    if (!pid.ok() || ::pipe(ends) != 0) give_up("the server is gone");
    const std::string lock_file = folder_ + "/data/postgres/postmaster.pid";
    watcher_ = ::fork();
    if (watcher_ == 0) {
      ::close(ends[1]);
      watch(ends[0], *pid, folder_.c_str(), lock_file.c_str());
    }
    ::close(ends[0]);
    held_open_ = ends[1];
    ::fcntl(held_open_, F_SETFD, FD_CLOEXEC);
  }
  running_server(const running_server&) = delete;
  running_server& operator=(const running_server&) = delete;
  ~running_server() {
    ::close(held_open_);
    int status = 0;
    ::waitpid(watcher_, &status, 0);
  }
  const std::string& conninfo() const { return conninfo_; }

 private:
  std::string folder_;
  std::string conninfo_;
  pid_t watcher_ = -1;
  int held_open_ = -1;
};

const running_server& server() {
  static const running_server only;
  return only;
}

}  // namespace

const std::string& test_server::conninfo() { return server().conninfo(); }

std::string test_server::fresh_database() {
  static std::atomic<int> count = 0;
  const std::string name = fmt::format("test_{}", ++count);
  auto c = connection::open(conninfo());
  if (!c.ok()) give_up(c.error().text(language::en));
  if (auto done = c->script("create database " + name); !done.ok())
    give_up(done.error().text(language::en));
  // Of a keyword that is there twice libpq takes the last.
  return conninfo() + " dbname=" + name;
}

}  // namespace lixin::pg
