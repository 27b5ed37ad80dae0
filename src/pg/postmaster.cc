#include "pg/postmaster.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <fstream>
#include <sstream>
#include <thread>

#include "pg/process.h"

namespace lixin::pg {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

// Lines count from 1. PostgreSQL writes: 1 process id, 2 data folder, 3 start, 4 port, 5 socket
// folder, 6 address, 7 key and number of the shared memory, 8 status.
std::string line_of(const fs::path& path, int number) {
  std::ifstream in(path);
  std::string line;
  for (int i = 0; i < number; ++i) {
    if (!std::getline(in, line)) return {};
  }
  return line;
}

bool is_memory_in_use(const fs::path& lock_file) {
  std::istringstream in(line_of(lock_file, 7));
  unsigned long key = 0;
  int number = -1;
  if (!(in >> key >> number)) return false;  // the server stopped before it made any
  shmid_ds state{};
  if (::shmctl(number, IPC_STAT, &state) != 0) return errno != EINVAL && errno != EIDRM;
  return state.shm_nattch > 0;
}

}  // namespace

std::string first_line(const fs::path& path) { return line_of(path, 1); }

std::optional<int> leading_number(std::string_view text) {
  int out = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failure != std::errc() || out < 1) return std::nullopt;
  return out;
}

std::optional<int> running_process(const fs::path& cluster) {
  const auto pid = leading_number(first_line(cluster / "postmaster.pid"));
  if (!pid || !is_alive(*pid)) return std::nullopt;
  // The number alone could have gone to another program; a postmaster works in its cluster's
  // folder.
  struct stat ours{};
  struct stat theirs{};
  const std::string cwd = fmt::format("/proc/{}/cwd", *pid);
  if (::stat(cluster.c_str(), &ours) != 0 || ::stat(cwd.c_str(), &theirs) != 0) return std::nullopt;
  if (ours.st_dev != theirs.st_dev || ours.st_ino != theirs.st_ino) return std::nullopt;
  return pid;
}

bool says_ready(const fs::path& cluster) {
  return line_of(cluster / "postmaster.pid", 8).starts_with("ready");
}

void clear_dead_locks(const fs::path& cluster, const fs::path& socket_folder,
                      std::chrono::milliseconds deadline) {
  if (running_process(cluster)) return;
  const auto until = std::chrono::steady_clock::now() + deadline;
  const fs::path lock_file = cluster / "postmaster.pid";
  while (is_memory_in_use(lock_file)) {
    if (std::chrono::steady_clock::now() > until) return;
    std::this_thread::sleep_for(50ms);
  }
  for (const fs::path& file : {lock_file, socket_folder / ".s.PGSQL.5432.lock"}) {
    const auto pid = leading_number(first_line(file));
    // Where no process has the number, PostgreSQL sees by itself that the file is stale.
    if (pid && (::kill(*pid, 0) == 0 || errno != ESRCH)) ::unlink(file.c_str());
  }
}

}  // namespace lixin::pg
