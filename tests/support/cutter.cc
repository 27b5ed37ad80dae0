#include "support/cutter.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

namespace lixin::testing_support {
namespace {

constexpr std::string_view port = "5432";
// CommandComplete of the protocol: 'C', its length, the tag.
constexpr std::string_view commit_done(
    "C\0\0\0\x0b"
    "COMMIT\0",
    12);

[[noreturn]] void give_up(std::string_view why) {
  std::fprintf(stderr, "cutter: %.*s\n", static_cast<int>(why.size()), why.data());
  std::abort();
}

std::string option(const std::string& conninfo, std::string_view name) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> all(
      PQconninfoParse(conninfo.c_str(), nullptr), &PQconninfoFree);
  if (all == nullptr) give_up("the conninfo cannot be read");
  for (const PQconninfoOption* o = all.get(); o->keyword != nullptr; ++o) {
    if (name == o->keyword && o->val != nullptr) return o->val;
  }
  return {};
}

sockaddr_un address_of(const std::string& path) {
  sockaddr_un out{};
  out.sun_family = AF_UNIX;
  if (path.size() >= sizeof(out.sun_path)) give_up("the path of the socket is too long");
  path.copy(out.sun_path, path.size());
  return out;
}

int make_socket() {
  const int s = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (s < 0) give_up("no socket");
  return s;
}

bool write_all(int to, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::send(to, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

struct cutter::pair {
  pair(int program_end, int server_end) : program(program_end), server(server_end) {}
  pair(const pair&) = delete;
  pair& operator=(const pair&) = delete;
  ~pair() {
    ::close(program);
    ::close(server);
  }
  int program, server;
  std::string held;  // the end of what the server said, which may be the beginning of an answer
};

cutter::cutter(std::string server, std::string folder)
    : server_(std::move(server)),
      folder_(std::move(folder)),
      server_socket_(
          fmt::format("{}/.s.PGSQL.{}", option(server_, "host"), option(server_, "port"))),
      listener_(make_socket()) {
  std::filesystem::create_directory(folder_);
  const sockaddr_un here = address_of(fmt::format("{}/.s.PGSQL.{}", folder_, port));
  if (::bind(listener_, reinterpret_cast<const sockaddr*>(&here), sizeof(here)) != 0 ||
      ::listen(listener_, 8) != 0 || ::pipe2(wake_, O_CLOEXEC) != 0) {
    give_up("cannot listen");
  }
  thread_ = std::thread([this] { work(); });
}

cutter::~cutter() {
  ::close(wake_[1]);
  thread_.join();
  ::close(wake_[0]);
  ::close(listener_);
}

std::string cutter::conninfo() const {
  return fmt::format("{} host={} port={}", server_, folder_, port);
}

void cutter::cut_at(int nth) {
  has_cut_ = false;
  commits_left_ = nth;
}

// False: this connection is over. `watched`: what was held back of the server's bytes.
bool cutter::pass(int from, int to, std::string* watched) {
  std::array<char, 65536> buffer;
  const ssize_t n = ::recv(from, buffer.data(), buffer.size(), 0);
  if (n <= 0) return false;
  const std::string_view got(buffer.data(), static_cast<std::size_t>(n));
  if (watched == nullptr) return write_all(to, got);
  watched->append(got);
  std::size_t sent = 0;
  for (auto at = watched->find(commit_done); at != std::string::npos;
       at = watched->find(commit_done, sent)) {
    if (commits_left_ > 0 && --commits_left_ == 0) {
      has_cut_ = true;
      return false;
    }
    const std::size_t end = at + commit_done.size();
    if (!write_all(to, std::string_view(*watched).substr(sent, end - sent))) return false;
    sent = end;
  }
  watched->erase(0, sent);
  // An answer is held back only where it may be one to a commit, cut in two by the socket.
  std::size_t keep = std::min(watched->size(), commit_done.size() - 1);
  while (keep > 0 &&
         !commit_done.starts_with(std::string_view(*watched).substr(watched->size() - keep))) {
    --keep;
  }
  const std::size_t pass_on = watched->size() - keep;
  if (!write_all(to, std::string_view(*watched).substr(0, pass_on))) return false;
  watched->erase(0, pass_on);
  return true;
}

void cutter::work() {
  std::vector<std::unique_ptr<pair>> pairs;
  while (true) {
    std::vector<pollfd> waiting{{wake_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const auto& p : pairs) {
      waiting.push_back({p->program, POLLIN, 0});
      waiting.push_back({p->server, POLLIN, 0});
    }
    if (::poll(waiting.data(), waiting.size(), -1) < 0) continue;
    if (waiting[0].revents != 0) return;
    for (std::size_t i = pairs.size(); i-- > 0;) {
      const bool from_program = waiting[2 + 2 * i].revents != 0;
      const bool from_server = waiting[3 + 2 * i].revents != 0;
      pair& p = *pairs[i];
      const bool goes_on = (!from_program || pass(p.program, p.server, nullptr)) &&
                           (!from_server || pass(p.server, p.program, &p.held));
      if (!goes_on) pairs.erase(pairs.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if (waiting[1].revents == 0) continue;
    const int program = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (program < 0) continue;
    const int server = make_socket();
    const sockaddr_un there = address_of(server_socket_);
    pairs.push_back(std::make_unique<pair>(program, server));
    if (::connect(server, reinterpret_cast<const sockaddr*>(&there), sizeof(there)) != 0) {
      pairs.pop_back();
    }
  }
}

}  // namespace lixin::testing_support
