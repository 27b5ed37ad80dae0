// The private server: a cluster in `folder`/postgres, a socket, and nothing else that anybody could
// connect to. Everything that changes it happens under a lock file.
#include "pg/private_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "crypto/crypto.h"
#include "pg/errc.h"
#include "pg/pg.h"
#include "pg/postmaster.h"
#include "pg/process.h"

namespace lixin::pg {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto lock_deadline = 60s;
constexpr auto initdb_deadline = 120s;
constexpr auto stop_deadline = 90s;
// Recovery after a power cut reads up to max_wal_size of log.
constexpr auto start_deadline = 300s;
constexpr auto settle_deadline = 30s;
constexpr int oldest_major = 15;
constexpr std::size_t socket_path_bytes_max = 107;

// Durable, quiet, and without any row's data in its log: errors of statements (whose texts quote
// values) are below log_min_messages, and they reach the caller anyway.
constexpr std::string_view our_settings = R"(
listen_addresses = ''
port = 5432
unix_socket_permissions = 0700
max_connections = 50
shared_buffers = 256MB
work_mem = 32MB
maintenance_work_mem = 256MB
fsync = on
full_page_writes = on
synchronous_commit = on
wal_compression = lz4
max_wal_size = 4GB
checkpoint_timeout = 15min
autovacuum = on
jit = off
timezone = 'UTC'
logging_collector = on
log_destination = 'stderr'
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_file_mode = 0600
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
log_timezone = 'UTC'
log_min_messages = log
log_min_error_statement = panic
log_min_duration_statement = -1
log_statement = none
log_error_verbosity = terse
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
)";

error unusable(const fs::path& path, int number) {
  return error(errc::folder_unusable, {path.string(), std::strerror(number)});
}

struct site {
  fs::path folder;
  fs::path cluster;  // folder/postgres
  std::string socket_folder;
  server_user user;
};

std::string conninfo_of(const site& s, std::string_view database) {
  return fmt::format("host={} port=5432 user=lixin dbname={}", s.socket_folder, database);
}

// Makes the missing folders on the way. Those above are open to pass through; `folder` itself lets
// the server's user pass where that is not ourselves, and shows nobody what it holds.
result<fs::path> make_folder(const std::string& folder) {
  if (folder.empty() || folder.find('\0') != std::string::npos) return unusable(folder, EINVAL);
  std::error_code failed;
  const fs::path whole = fs::absolute(folder, failed).lexically_normal();
  if (failed) return unusable(folder, failed.value());
  fs::path way;
  for (const fs::path& part : whole) {
    way /= part;
    if (part.empty() || ::mkdir(way.c_str(), 0755) != 0) {
      if (part.empty() || errno == EEXIST) continue;
      return unusable(way, errno);
    }
    const bool last = way == whole || way / "" == whole;
    const mode_t mode = !last ? 0755 : ::geteuid() == 0 ? 0711 : 0700;
    if (::chmod(way.c_str(), mode) != 0) return unusable(way, errno);
  }
  fs::path out = fs::canonical(whole, failed);
  if (failed) return unusable(whole, failed.value());
  if (!fs::is_directory(out, failed)) return unusable(out, ENOTDIR);
  return out;
}

class folder_lock {
 public:
  static result<folder_lock> take(const fs::path& folder) {
    const fs::path path = folder / "postgres.lock";
    folder_lock out(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (out.fd_ < 0) return unusable(folder, errno);
    const auto until = std::chrono::steady_clock::now() + lock_deadline;
    while (::flock(out.fd_, LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK && errno != EINTR) return unusable(folder, errno);
      if (std::chrono::steady_clock::now() > until) {
        return error(errc::folder_busy, {folder.string(), std::to_string(lock_deadline / 1s)});
      }
      std::this_thread::sleep_for(20ms);
    }
    return out;
  }
  folder_lock(folder_lock&& o) noexcept : fd_(std::exchange(o.fd_, -1)) {}
  folder_lock& operator=(folder_lock&&) = delete;
  ~folder_lock() {
    if (fd_ >= 0) ::close(fd_);
  }

 private:
  explicit folder_lock(int fd) : fd_(fd) {}
  int fd_;
};

bool holds_cluster(const fs::path& cluster) {
  std::error_code ignored;
  return fs::exists(cluster / "PG_VERSION", ignored);
}

// --- PostgreSQL's programs

// The programs of the cluster's own version, or of the lowest that will do for a new one.
result<fs::path> programs_for(const site& s) {
  const std::optional<int> wanted = leading_number(first_line(s.cluster / "PG_VERSION"));
  const auto fits = [&](int major) { return wanted ? major == *wanted : major >= oldest_major; };
  const std::string folder = programs_folder({"postgres", "initdb", "pg_ctl"}, fits, s.user);
  if (!folder.empty()) return fs::path(folder);
  return error(errc::no_server_program, {std::to_string(wanted.value_or(oldest_major))});
}

// --- files in the cluster

// Writes `path` anew as the server's user would. The folder belongs to that user, so an open link
// in it must not lead us, who may be root, anywhere else.
result<void> write_file(const fs::path& path, std::string_view content, const server_user& user) {
  const std::string temporary = path.string() + ".new";
  ::unlink(temporary.c_str());
  const int fd =
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return unusable(path, errno);
  const bool written =
      ::write(fd, content.data(), content.size()) == static_cast<ssize_t>(content.size()) &&
      (!user.change || ::fchown(fd, user.uid, user.gid) == 0) && ::fsync(fd) == 0;
  const int number = errno;
  ::close(fd);
  if (!written) return unusable(path, number);
  if (::rename(temporary.c_str(), path.c_str()) != 0) return unusable(path, errno);
  return {};
}

result<void> write_settings(const site& s, const server_options& options) {
  const std::string content = fmt::format(
      "# Written by lixin at each start. Your own settings: ALTER SYSTEM SET ...{}"
      "unix_socket_directories = '{}'\n{}\n",
      our_settings, s.socket_folder, options.more_settings);
  return write_file(s.cluster / "lixin.conf", content, s.user);
}

// The cluster is made beside its place and moved there whole, so that a stop in the middle leaves
// nothing that looks like a cluster.
result<void> make_cluster(const site& s, const server_options& options) {
  std::error_code failed;
  if (fs::exists(s.cluster, failed) && !fs::is_empty(s.cluster, failed))
    return error(errc::not_a_cluster, {s.cluster.string()});
  LIXIN_TRY(const fs::path programs, programs_for(s));
  const fs::path made = s.folder / "postgres.new";
  fs::remove_all(made, failed);
  if (failed) return unusable(made, failed.value());
  if (::mkdir(made.c_str(), 0700) != 0) return unusable(made, errno);
  if (s.user.change && ::lchown(made.c_str(), s.user.uid, s.user.gid) != 0)
    return unusable(made, errno);
  std::vector<std::string> arguments{(programs / "initdb").string(),
                                     "--pgdata",
                                     made.string(),
                                     "--username",
                                     "lixin",
                                     "--encoding",
                                     "UTF8",
                                     "--locale",
                                     "C.UTF-8",
                                     "--auth-local",
                                     "trust",
                                     "--auth-host",
                                     "reject",
                                     "--data-checksums",
                                     "--no-instructions"};
  if (!options.durable) arguments.push_back("--no-sync");
  LIXIN_CHECK(run(arguments, s.user, initdb_deadline));
  const fs::path file = made / "postgresql.conf";
  std::ifstream in(file);
  std::string content((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  LIXIN_CHECK(write_file(file, content + "\ninclude 'lixin.conf'\n", s.user));
  fs::rename(made, s.cluster, failed);
  if (failed) return unusable(s.cluster, failed.value());
  return {};
}

// --- the socket's folder

result<void> make_socket_folder(const site& s) {
  const char* const path = s.socket_folder.c_str();
  const auto foreign = [&] {
    return error(errc::socket_folder_foreign, {s.socket_folder, s.user.name});
  };
  if (::mkdir(path, 0700) != 0 && errno != EEXIST) return unusable(path, errno);
  const int fd = ::open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return foreign();
  struct stat st {};
  bool ours = ::fstat(fd, &st) == 0 && (st.st_mode & 077) == 0;
  // Made a moment ago, or before a stop in the middle, by root itself: not yet handed over.
  if (ours && st.st_uid != s.user.uid)
    ours = s.user.change && st.st_uid == 0 && ::fchown(fd, s.user.uid, s.user.gid) == 0;
  ::close(fd);
  if (!ours) return foreign();
  return {};
}

// --- running

// Whether what died on starting only came too early: after a hard kill the old server's children
// need a moment to notice, and until then the memory that they share is in use.
bool came_too_early(const site& s) {
  std::ifstream in(s.cluster / "startup.log");
  const std::string said((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  return said.find("pre-existing shared memory block") != std::string::npos;
}

result<void> start_server(const site& s, const server_options& options) {
  LIXIN_TRY(const fs::path programs, programs_for(s));
  LIXIN_CHECK(make_socket_folder(s));
  LIXIN_CHECK(write_settings(s, options));
  const std::vector<std::string> arguments{(programs / "postgres").string(), "-D",
                                           s.cluster.string()};
  const std::string output = (s.cluster / "startup.log").string();
  clear_dead_locks(s.cluster, s.socket_folder, settle_deadline);
  const auto begun = std::chrono::steady_clock::now();
  LIXIN_TRY(int pid, start(arguments, s.user, output));
  while (std::chrono::steady_clock::now() - begun < start_deadline) {
    // Not always `pid`: a program that was killed a moment ago may have started one, which won.
    const bool runs = running_process(s.cluster).has_value();
    if (runs && says_ready(s.cluster)) return {};
    if (!runs && !is_alive(pid)) {
      if (std::chrono::steady_clock::now() - begun > settle_deadline || !came_too_early(s)) break;
      LIXIN_TRY(pid, start(arguments, s.user, output));
    }
    std::this_thread::sleep_for(50ms);
  }
  return error(errc::does_not_start, {s.cluster.string()});
}

result<void> make_database(const site& s) {
  LIXIN_TRY(connection c, connection::open(conninfo_of(s, "postgres")));
  LIXIN_TRY(const rows there, c.exec("select 1 from pg_database where datname = 'lixin'"));
  if (!there.empty()) return {};
  return c.script("create database lixin");
}

// The user of an existing cluster, or of the one that will be made.
result<server_user> user_for(const fs::path& cluster) {
  struct stat st {};
  if (::stat(cluster.c_str(), &st) != 0) return default_server_user();
  if (::geteuid() == 0) return st.st_uid == 0 ? default_server_user() : server_user_of(st.st_uid);
  if (st.st_uid == ::geteuid()) return server_user_of(st.st_uid);
  LIXIN_TRY(const server_user owner, server_user_of(st.st_uid));
  return error(errc::cluster_of_another, {cluster.string(), owner.name});
}

result<site> site_of(const fs::path& folder) {
  site out;
  out.folder = folder;
  out.cluster = folder / "postgres";
  out.socket_folder = socket_folder_for(folder.string());
  LIXIN_TRY(out.user, user_for(out.cluster));
  return out;
}

}  // namespace

std::string socket_folder_for(const std::string& folder) {
  const auto plain = [](char c) {
    return (c & 0x80) != 0 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || std::string_view("/._-+").find(c) != std::string_view::npos;
  };
  constexpr std::string_view name = "/.s.PGSQL.5432";
  std::string out = folder + "/run";
  if (out.size() + name.size() <= socket_path_bytes_max &&
      std::all_of(out.begin(), out.end(), plain))
    return out;
  return "/tmp/lixin-" + crypto::to_hex(crypto::sm3(folder)).substr(0, 12);
}

result<std::string> ensure_server(const std::string& folder, const server_options& options) {
  LIXIN_TRY(const fs::path whole, make_folder(folder));
  LIXIN_TRY(const site before, site_of(whole));
  if (const auto closed = first_closed_folder(whole.string(), before.user); !closed.empty())
    return error(errc::folder_not_enterable, {closed, before.user.name});
  LIXIN_TRY(const folder_lock lock, folder_lock::take(whole));
  LIXIN_TRY(const site s, site_of(whole));  // again: another program may have made the cluster
  // Several times, since a server may run and yet take nobody: one that recovers from a crash, that
  // a program started and was killed over, or that shuts down.
  const auto until = std::chrono::steady_clock::now() + start_deadline;
  while (true) {
    if (!running_process(s.cluster)) {
      if (!holds_cluster(s.cluster)) LIXIN_CHECK(make_cluster(s, options));
      LIXIN_CHECK(start_server(s, options));
    }
    const auto made = make_database(s);  // also when it runs: a stop may have come before this
    if (made.ok()) return conninfo_of(s, "lixin");
    const bool between =
        made.error().is(errc::server_gone) || !running_process(s.cluster) || !says_ready(s.cluster);
    if (!between || std::chrono::steady_clock::now() > until) return made.error();
    std::this_thread::sleep_for(50ms);
  }
}

result<std::string> private_server::ensure(const std::string& folder) {
  return ensure_server(folder, {});
}

result<void> private_server::stop(const std::string& folder, bool immediate) {
  std::error_code failed;
  const fs::path whole = fs::canonical(folder, failed);
  if (failed == std::errc::no_such_file_or_directory) return {};
  if (failed) return unusable(folder, failed.value());
  // Who may not look must not say that nothing runs.
  if (::access((whole / "postgres").c_str(), R_OK | X_OK) != 0 && errno != ENOENT) {
    return unusable(whole / "postgres", errno);
  }
  if (!running_process(whole / "postgres")) return {};
  LIXIN_TRY(const folder_lock lock, folder_lock::take(whole));
  if (!running_process(whole / "postgres")) return {};
  LIXIN_TRY(const site s, site_of(whole));
  LIXIN_TRY(const fs::path programs, programs_for(s));
  LIXIN_CHECK(run({(programs / "pg_ctl").string(), "stop", "-D", s.cluster.string(), "-w", "-t",
                   std::to_string(stop_deadline / 1s - 5), "-m", immediate ? "immediate" : "fast"},
                  s.user, stop_deadline));
  ::rmdir(s.socket_folder.c_str());  // not empty when an operator keeps something there: let it be
  return {};
}

result<int> private_server::process_id(const std::string& folder) {
  std::error_code failed;
  const fs::path whole = fs::canonical(folder, failed);
  if (!failed) {
    if (const auto pid = running_process(whole / "postgres")) return *pid;
  }
  return error(errc::not_running, {folder});
}

}  // namespace lixin::pg
