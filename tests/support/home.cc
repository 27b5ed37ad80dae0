#include "support/home.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "city/city.h"
#include "pg/test_server.h"

namespace lixin::testing_support {
namespace {

namespace fs = std::filesystem;

// As a process of its own: waits until the test program is gone (the pipe closes), then ends the
// server of the data folder and removes the folder.
[[noreturn]] void watch(int pipe_end, const std::string& folder) {
  ::setsid();
  ::dup2(pipe_end, 3);
  ::close_range(4, ~0U, 0);
  char c;
  while (::read(3, &c, 1) < 0) {
  }
  const std::string lock_file = folder + "/data/postgres/postmaster.pid";
  if (FILE* in = std::fopen(lock_file.c_str(), "r"); in != nullptr) {
    int server = 0;
    if (std::fscanf(in, "%d", &server) == 1 && server > 1) ::kill(server, SIGQUIT);
    std::fclose(in);
    for (int i = 0; i < 1000 && ::access(lock_file.c_str(), F_OK) == 0; ++i) ::usleep(10'000);
  }
  ::execl("/bin/rm", "rm", "-rf", folder.c_str(), nullptr);
  ::_exit(127);
}

}  // namespace

home::home(server which) {
  char name[] = "/tmp/lixin-e2e-XXXXXX";
  EXPECT_NE(::mkdtemp(name), nullptr);
  EXPECT_EQ(::chmod(name, 0755), 0);  // PostgreSQL's own user passes
  folder_ = name;
  fs::create_directory(folder_ + "/tmp");
  if (which == server::shared) database_ = pg::test_server::fresh_database();
  int ends[2];
  EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  watcher_ = ::fork();
  if (watcher_ == 0) {
    ::close(ends[1]);
    watch(ends[0], folder_);
  }
  ::close(ends[0]);
  held_open_ = ends[1];
}

home::~home() {
  ::close(held_open_);
  int status = 0;
  ::waitpid(watcher_, &status, 0);
}

environment home::settings() const {
  return {{"LIXIN_DATA", data()},
          {"LIXIN_CLOCK", to_string(clock_)},
          {"LIXIN_DATABASE", database_},
          {"TMPDIR", folder_ + "/tmp"}};
}

std::unique_ptr<child> home::start(std::vector<std::string> arguments, int input) const {
  arguments.insert(arguments.begin(), LIXIN_PROGRAM);
  return std::make_unique<child>(arguments, settings(), input);
}

ended home::run(std::vector<std::string> arguments) const {
  return start(std::move(arguments))->wait();
}

ended home::run(std::vector<std::string> arguments, const environment& instead) const {
  environment all = settings();
  for (const auto& [name, value] : instead) all[name] = value;
  arguments.insert(arguments.begin(), LIXIN_PROGRAM);
  return child(arguments, all).wait();
}

std::vector<std::vector<std::string>> home::words_of_settings() {
  const std::string source = LIXIN_SOURCE_DIR;
  std::vector<std::string> packs{"pack", "load"};
  for (const auto& entry : fs::directory_iterator(source + "/packs")) {
    if (entry.is_directory()) packs.push_back(entry.path().string());
  }
  std::sort(packs.begin() + 2, packs.end());
  return {{"city", "load", source + "/cities/cangzhou"}, packs};
}

void home::load_settings() const {
  for (const auto& words : words_of_settings()) {
    const ended e = run(words);
    ASSERT_EQ(e.exit_code, 0) << e.err;
  }
}

std::string home::conninfo() const {
  if (!database_.empty()) return database_;
  auto made = pg::private_server::ensure(data());
  if (made.ok()) return *made;
  std::fprintf(stderr, "%s\n", made.error().text(language::en).c_str());
  std::abort();
}

pg::connection home::connect() const {
  auto c = pg::connection::open(conninfo());
  if (c.ok()) return std::move(c).value();
  std::fprintf(stderr, "%s\n", c.error().text(language::en).c_str());
  std::abort();
}

std::vector<hand_in_file> home::make_city(city::settings s) const {
  s.out = folder_ + "/city";
  s.calendar = std::string(LIXIN_SOURCE_DIR) + "/cities/calendar.csv";
  s.today = today;
  const auto made = city::write_city(s, 2);
  EXPECT_TRUE(made.ok()) << made.error().text(language::en);
  std::vector<hand_in_file> out;
  if (!made.ok()) return out;
  for (const auto& f : *made) {
    out.push_back({f.file.file, std::string(f.file.columns->dataset),
                   std::string(f.file.from->code), f.rows()});
  }
  return out;
}

std::vector<std::string> import_words(const hand_in_file& f, const std::string& path) {
  return {"batch",   "import",      "--dataset",
          f.dataset, "--authority", f.authority,
          path,      "--as",        f.authority + "-officer"};
}

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write_bytes(const std::string& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  EXPECT_TRUE(out.flush().good()) << path;
}

}  // namespace lixin::testing_support
