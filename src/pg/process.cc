#include "pg/process.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "pg/errc.h"
#include "pg/postmaster.h"

namespace lixin::pg {
namespace {

constexpr std::size_t output_bytes_max = 64 * 1024;
constexpr std::size_t shown_bytes_max = 600;

class pipe_ends {
 public:
  pipe_ends() {
    if (::pipe2(ends_, O_CLOEXEC) != 0) ends_[0] = ends_[1] = -1;
  }
  pipe_ends(const pipe_ends&) = delete;
  pipe_ends& operator=(const pipe_ends&) = delete;
  ~pipe_ends() {
    close_end(0);
    close_end(1);
  }
  bool open() const { return ends_[0] >= 0; }
  int reader() const { return ends_[0]; }
  int writer() const { return ends_[1]; }
  void close_writer() { close_end(1); }

 private:
  void close_end(int which) {
    if (ends_[which] >= 0) ::close(ends_[which]);
    ends_[which] = -1;
  }
  int ends_[2];
};

// Everything that a child needs, made before fork(): between fork() and exec() only calls that are
// safe in a signal handler are allowed.
struct plan {
  explicit plan(const std::vector<std::string>& arguments,
                const std::vector<std::string>& more_environment = {}) {
    for (const std::string& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
    argv.push_back(nullptr);
    for (const char* s : {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"}) {
      environment.push_back(const_cast<char*>(s));
    }
    for (const std::string& s : more_environment) {
      environment.push_back(const_cast<char*>(s.c_str()));
    }
    environment.push_back(nullptr);
  }
  std::vector<char*> argv, environment;

  void execute() const { ::execve(argv[0], argv.data(), environment.data()); }
};

bool become(const server_user& user) {
  return !user.change || (::setgroups(user.groups.size(), user.groups.data()) == 0 &&
                          ::setresgid(user.gid, user.gid, user.gid) == 0 &&
                          ::setresuid(user.uid, user.uid, user.uid) == 0);
}

// Descriptor 3 is the one that stays open until exec().
bool settle_child(const server_user& user, int kept_fd) {
  if (kept_fd != 3 && ::dup2(kept_fd, 3) < 0) return false;
  ::fcntl(3, F_SETFD, FD_CLOEXEC);
  ::close_range(4, ~0U, 0);
  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  for (int s = 1; s < NSIG; ++s) ::sigaction(s, &standard, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);  // a core file would hold rows in clear
  ::umask(077);
  return become(user) && ::chdir("/") == 0;
}

bool redirect(const char* output) {
  const int nothing = ::open("/dev/null", O_RDONLY);
  if (nothing < 0 || ::dup2(nothing, 0) < 0) return false;
  const int out = ::open(output, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600);
  return out >= 0 && ::dup2(out, 1) >= 0 && ::dup2(out, 2) >= 0 &&
         (nothing <= 2 || ::close(nothing) == 0) && (out <= 2 || ::close(out) == 0);
}

// Lines of a server's error that quote rows or statements.
std::string without_data(const std::string& output) {
  std::string out;
  std::istringstream in(output);
  for (std::string line; std::getline(in, line);) {
    const bool quotes = line.find("DETAIL:") != std::string::npos ||
                        line.find("CONTEXT:") != std::string::npos ||
                        line.find("Command was:") != std::string::npos;
    if (!quotes) out += line + "\n";
  }
  return out;
}

error failed_program(const std::string& program, std::string output) {
  output = without_data(output);
  while (!output.empty() && output.back() == '\n') output.pop_back();
  if (output.size() > shown_bytes_max) output.erase(0, output.size() - shown_bytes_max);
  for (char& c : output) {
    if (c == '\n') c = ' ';
    // A character cut in the middle would make the sentence invalid UTF-8.
    if ((c & 0x80) != 0) c = '?';
  }
  return error(errc::program_failed, {program, output});
}

// Reads until the other end is closed or the deadline passes; false on the latter.
bool read_output(int fd, std::chrono::steady_clock::time_point until, std::string& out) {
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        until - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd p{fd, POLLIN, 0};
    const int ready = ::poll(&p, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    char piece[4096];
    const ssize_t n = ::read(fd, piece, sizeof piece);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return true;
    out.append(piece, static_cast<std::size_t>(n));
    if (out.size() > output_bytes_max) out.erase(0, out.size() - output_bytes_max / 2);
  }
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

struct report {
  int pid = 0;
  int failure = 0;
};

void send(int fd, report r) {
  // 8 bytes into a pipe go whole or not at all; nobody could be told of a failure.
  if (::write(fd, &r, sizeof r) < 0) ::_exit(127);
}

}  // namespace

result<server_user> server_user_of(uid_t uid) {
  std::vector<char> space(16384);
  passwd entry{};
  passwd* found = nullptr;
  server_user out;
  out.uid = uid;
  out.gid = ::getegid();
  out.change = ::geteuid() == 0 && uid != 0;
  if (::getpwuid_r(uid, &entry, space.data(), space.size(), &found) == 0 && found != nullptr) {
    out.name = entry.pw_name;
    if (out.change) out.gid = entry.pw_gid;
  } else if (out.change) {
    return error(errc::no_server_user, {std::to_string(uid)});
  } else {
    out.name = std::to_string(uid);  // a container's user may have no name
  }
  if (out.change) {
    int count = 256;
    out.groups.resize(static_cast<std::size_t>(count));
    if (::getgrouplist(out.name.c_str(), out.gid, out.groups.data(), &count) < 0) count = 256;
    out.groups.resize(static_cast<std::size_t>(count));
  }
  return out;
}

result<server_user> default_server_user() {
  if (::geteuid() != 0) return server_user_of(::geteuid());
  std::vector<char> space(16384);
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwnam_r("postgres", &entry, space.data(), space.size(), &found) != 0 ||
      found == nullptr) {
    return error(errc::no_server_user, {"postgres"});
  }
  return server_user_of(entry.pw_uid);
}

std::string first_closed_folder(const std::string& folder, const server_user& user) {
  std::vector<std::string> way;
  for (std::size_t end = 0; end != std::string::npos;) {
    end = folder.find('/', end + 1);
    way.push_back(folder.substr(0, end));
  }
  const pid_t child = ::fork();
  if (child == 0) {
    if (!become(user)) ::_exit(0);
    for (std::size_t i = 0; i < way.size(); ++i) {
      if (::access(way[i].c_str(), X_OK) != 0) ::_exit(static_cast<int>(i) + 1);
    }
    ::_exit(0);
  }
  if (child < 0) return folder;
  const int status = wait_for(child);
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
  return code == 0 ? std::string() : way[static_cast<std::size_t>(code) - 1];
}

result<std::string> run(const std::vector<std::string>& arguments, const server_user& user,
                        std::chrono::milliseconds deadline,
                        const std::vector<std::string>& more_environment) {
  const plan what(arguments, more_environment);
  pipe_ends output;
  if (!output.open()) return failed_program(arguments[0], std::strerror(errno));
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) {
    ::setsid();
    const int nothing = ::open("/dev/null", O_RDONLY);
    if (nothing < 0 || ::dup2(nothing, 0) < 0 || ::dup2(output.writer(), 1) < 0 ||
        ::dup2(output.writer(), 2) < 0 || !settle_child(user, output.writer())) {
      ::_exit(126);
    }
    // Whoever kills us does not leave it at work (a change of user would undo this before).
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(126);
    what.execute();
    ::_exit(127);
  }
  if (child < 0) return failed_program(arguments[0], std::strerror(errno));
  output.close_writer();
  std::string said;
  const bool ended =
      read_output(output.reader(), std::chrono::steady_clock::now() + deadline, said);
  if (!ended) ::kill(-child, SIGKILL);
  const int status = wait_for(child);
  if (!ended) return failed_program(arguments[0], "deadline passed. " + said);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return failed_program(arguments[0], said);
  return said;
}

namespace {

bool holds(const std::string& folder, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (::access((folder + "/" + name).c_str(), X_OK) != 0) return false;
  }
  return true;
}

// "postgres (PostgreSQL) 15.20 (...)"
std::optional<int> major_of(const std::string& program, const server_user& user) {
  const auto said = run({program, "--version"}, user, std::chrono::seconds(10));
  if (!said.ok()) return std::nullopt;
  constexpr std::string_view before = "(PostgreSQL) ";
  const auto at = said->find(before);
  if (at == std::string::npos) return std::nullopt;
  return leading_number(std::string_view(*said).substr(at + before.size()));
}

}  // namespace

std::string programs_folder(const std::vector<std::string>& names,
                            const std::function<bool(int)>& fits, const server_user& user) {
  namespace fs = std::filesystem;
  std::optional<int> best;
  std::error_code failed;
  fs::directory_iterator entry("/usr/lib/postgresql", failed);
  for (; !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
    const auto major = leading_number(entry->path().filename().string());
    const bool fit = major && fits(*major) && (!best || *major < *best);
    if (fit && holds((entry->path() / "bin").string(), names)) best = major;
  }
  if (best) return "/usr/lib/postgresql/" + std::to_string(*best) + "/bin";
  const char* const path = std::getenv("PATH");
  std::string_view rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(':'), rest.size());
    const std::string folder(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (!folder.starts_with('/') || !holds(folder, names)) continue;
    if (const auto major = major_of(folder + "/" + names.front(), user); major && fits(*major)) {
      return folder;
    }
  }
  return {};
}

result<int> start(const std::vector<std::string>& arguments, const server_user& user,
                  const std::string& output) {
  const plan what(arguments);
  pipe_ends reports;
  if (!reports.open()) return failed_program(arguments[0], std::strerror(errno));
  const pid_t child = ::fork();
  if (child == 0) {
    // A session of its own, then an orphan: no terminal reaches it, and init buries it.
    ::setsid();
    const pid_t server = ::fork();
    if (server != 0) {
      send(reports.writer(), {server, server < 0 ? errno : 0});
      ::_exit(0);
    }
    if (settle_child(user, reports.writer()) && redirect(output.c_str())) what.execute();
    send(3, {0, errno});
    ::_exit(127);
  }
  if (child < 0) return failed_program(arguments[0], std::strerror(errno));
  reports.close_writer();
  wait_for(child);
  report total;
  report one;
  while (::read(reports.reader(), &one, sizeof one) == sizeof one) {
    if (one.pid != 0) total.pid = one.pid;
    if (one.failure != 0) total.failure = one.failure;
  }
  if (total.failure != 0) return failed_program(arguments[0], std::strerror(total.failure));
  return total.pid;
}

bool is_alive(int pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(in, line)) return false;
  // "pid (name) state": the name may hold anything, so the state is sought from the right.
  const auto end = line.rfind(')');
  return end != std::string::npos && end + 2 < line.size() && line[end + 2] != 'Z';
}

}  // namespace lixin::pg
