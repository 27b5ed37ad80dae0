#include "support/child.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

namespace lixin::testing_support {
namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

std::string all_of(int fd) {
  std::string out;
  char piece[1 << 16];
  ::lseek(fd, 0, SEEK_SET);
  for (ssize_t n; (n = ::read(fd, piece, sizeof piece)) > 0;) {
    out.append(piece, static_cast<std::size_t>(n));
  }
  return out;
}

std::vector<std::string> whole_environment(const environment& more) {
  std::vector<std::string> out;
  for (char** e = environ; *e != nullptr; ++e) {
    const std::string entry(*e);
    if (!more.contains(entry.substr(0, entry.find('=')))) out.push_back(entry);
  }
  for (const auto& [name, value] : more) out.push_back(name + "=" + value);
  return out;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (std::string& t : texts) out.push_back(t.data());
  out.push_back(nullptr);
  return out;
}

}  // namespace

child::child(const std::vector<std::string>& arguments, const environment& more, int input) {
  for (const std::string& a : arguments) name_ += (name_.empty() ? "" : " ") + a;
  out_ = ::memfd_create("out", MFD_CLOEXEC);
  err_ = ::memfd_create("err", MFD_CLOEXEC);
  std::vector<std::string> words = arguments;
  std::vector<std::string> settings = whole_environment(more);
  const auto argv = pointers(words);
  const auto envp = pointers(settings);
  pid_ = ::fork();
  if (pid_ == 0) {
    const int in = input >= 0 ? input : ::open("/dev/null", O_RDONLY);
    ::dup2(in, STDIN_FILENO);
    ::dup2(out_, STDOUT_FILENO);
    ::dup2(err_, STDERR_FILENO);
    // A program that forbids crash files must do so itself.
    rlimit core{};
    ::getrlimit(RLIMIT_CORE, &core);
    core.rlim_cur = core.rlim_max;
    ::setrlimit(RLIMIT_CORE, &core);
    ::execve(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
  EXPECT_GT(pid_, 0) << "fork";
}

child::~child() {
  if (!waited_ && pid_ > 0) {
    kill(SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(out_);
  ::close(err_);
}

void child::kill(int signal) { ::kill(pid_, signal); }

bool child::ends_within(std::chrono::milliseconds time) {
  const auto until = steady::now() + time;
  while (true) {
    siginfo_t info{};
    if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        info.si_pid == pid_) {
      return true;
    }
    if (steady::now() >= until) return false;
    std::this_thread::sleep_for(1ms);
  }
}

ended child::wait(std::chrono::seconds deadline) {
  if (!ends_within(deadline)) {
    ADD_FAILURE() << "still running after " << deadline.count() << " s: " << name_;
    kill(SIGKILL);
  }
  ended out;
  int status = 0;
  rusage used{};
  ::wait4(pid_, &status, 0, &used);
  waited_ = true;
  if (WIFEXITED(status)) out.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) {
    out.signal = WTERMSIG(status);
    out.left_core = WCOREDUMP(status);
  }
  out.peak_kb = used.ru_maxrss;
  out.out = all_of(out_);
  out.err = all_of(err_);
  return out;
}

std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ::sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::socklen_t size = sizeof at;
  EXPECT_EQ(::bind(fd, reinterpret_cast<const ::sockaddr*>(&at), size), 0);
  EXPECT_EQ(::getsockname(fd, reinterpret_cast<::sockaddr*>(&at), &size), 0);
  ::close(fd);
  return ntohs(at.sin_port);
}

}  // namespace lixin::testing_support
