// A password typed at a terminal: asked for twice, shown never.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "support/home.h"

namespace lixin {
namespace {

using testing_support::ended;
using testing_support::home;

// Both ends of a terminal that is nobody's controlling one.
class terminal {
 public:
  terminal() : keyboard_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)) {
    EXPECT_EQ(::grantpt(keyboard_), 0);
    EXPECT_EQ(::unlockpt(keyboard_), 0);
    program_ = ::open(::ptsname(keyboard_), O_RDWR | O_NOCTTY | O_CLOEXEC);
    EXPECT_GE(program_, 0);
  }
  terminal(const terminal&) = delete;
  terminal& operator=(const terminal&) = delete;
  ~terminal() {
    ::close(program_);
    ::close(keyboard_);
  }

  int program() const { return program_; }
  bool shows() const {
    termios now{};
    EXPECT_EQ(::tcgetattr(program_, &now), 0);
    return (now.c_lflag & ECHO) != 0;
  }
  void type(std::string_view text) const {
    EXPECT_EQ(::write(keyboard_, text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  std::string shown() const {
    std::string out(4096, '\0');
    const ssize_t n = ::read(keyboard_, out.data(), out.size());
    out.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return out;
  }

 private:
  int keyboard_;
  int program_ = -1;
};

ended answered(const home& h, const terminal& t, std::string_view typed) {
  auto program = h.start({"user", "add", "boss", "--role", "admin"}, t.program());
  // At most a minute; what is typed before the program has asked is dropped.
  for (int i = 0; i < 60'000 && t.shows(); ++i) ::usleep(1000);
  EXPECT_FALSE(t.shows());
  t.type(typed);
  return program->wait();
}

TEST(password, is_asked_for_twice_and_not_shown) {
  const home h(home::server::shared);
  const terminal t;
  const ended e = answered(h, t, "a long sentence\na long sentence\n");
  EXPECT_EQ(e.exit_code, 0) << e.all();
  EXPECT_NE(e.err.find("新密码（不显示）：\n再输入一次：\n"), std::string::npos) << e.err;
  EXPECT_TRUE(t.shows()) << "as it was before";
  EXPECT_EQ(t.shown().find("sentence"), std::string::npos);
  EXPECT_EQ(e.all().find("sentence"), std::string::npos);
}

TEST(password, typed_in_two_ways_changes_nothing) {
  const home h(home::server::shared);
  const terminal t;
  const ended e = answered(h, t, "a long sentence\na long sentense\n");
  EXPECT_EQ(e.exit_code, 2);
  EXPECT_NE(e.err.find("两次输入的密码不一致"), std::string::npos) << e.err;
  EXPECT_EQ(h.run({"--json", "user", "list"}).out, "[]\n");
}

}  // namespace
}  // namespace lixin
