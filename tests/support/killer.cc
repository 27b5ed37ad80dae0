#include "support/killer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <signal.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

namespace lixin::testing_support {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr int tries_max = 400;

}  // namespace

bool kill_server(const home& h) {
  const auto server = pg::private_server::process_id(h.data());
  if (!server.ok()) return false;
  std::vector<int> all{*server};
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    int pid = 0;
    const auto [end, failed] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (failed != std::errc() || end != name.data() + name.size()) continue;
    std::ifstream in(entry.path() / "stat");
    std::string line;
    std::getline(in, line);
    // "pid (name) state parent ...": the name may hold anything, so from the last bracket on.
    const auto bracket = line.rfind(')');
    if (bracket == std::string::npos) continue;
    int parent = 0;
    if (std::sscanf(line.c_str() + bracket + 1, " %*c %d", &parent) == 1 && parent == *server) {
      all.push_back(pid);
    }
  }
  for (const int pid : all) ::kill(pid, SIGKILL);
  return true;
}

ended killer::run(const home& h, const std::vector<std::string>& words, double seconds,
                  int kills_max, const std::vector<int>& fine) {
  int kills_here = 0;
  ended e;
  for (int tries = 0; tries < tries_max; ++tries) {
    const auto program = h.start(words);
    bool struck = false;
    if (kills_here < kills_max && kills() < kills_wanted_) {
      const double delay = std::uniform_real_distribution(0.0, seconds)(chance_);
      if (!program->ends_within(std::chrono::milliseconds(static_cast<int>(delay * 1000)))) {
        struck = strike(h, *program);
        kills_here += struck ? 1 : 0;
      }
    }
    e = program->wait();
    if (std::ranges::find(fine, e.exit_code) != fine.end()) return e;
    if (e.signal == SIGKILL && struck) continue;
    // A killed program's connection is still working for a moment, or another one is at the same:
    // its file, purge or rotation is locked.
    if (e.exit_code == 69 && (e.err.find("Another p") != std::string::npos ||
                              e.err.find("another program") != std::string::npos)) {
      std::this_thread::sleep_for(50ms);
      continue;
    }
    // The server was killed under it: told as such, in both languages.
    if (struck && e.exit_code == 69) {
      EXPECT_THAT(e.err, testing::HasSubstr("错误："));
      EXPECT_THAT(e.err, testing::HasSubstr("error: "));
      continue;
    }
    ADD_FAILURE() << fmt::format("exit {} signal {} of: {}\n{}", e.exit_code, e.signal,
                                 fmt::join(words, " "), e.err);
    return e;
  }
  ADD_FAILURE() << "never ended: " << fmt::format("{}", fmt::join(words, " "));
  return e;
}

bool killer::strike(const home& h, child& program) {
  constexpr std::array choices{victim::program, victim::server, victim::program, victim::server,
                               victim::both};
  const victim v = choices[turn_ % choices.size()];
  if (v != victim::program && !kill_server(h)) return false;  // it is not up yet
  if (v != victim::server) program.kill(SIGKILL);
  ++turn_;  // only now: every victim gets its share, also when a server was not up in time
  ++counts_[static_cast<std::size_t>(v)];
  return true;
}

}  // namespace lixin::testing_support
