#include "lixin/secrets.h"

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <cstdio>

#include "crypto/crypto.h"
#include "lixin/errc.h"
#include "lixin/files.h"
#include "lixin/say.h"

namespace lixin {
namespace {

constexpr std::size_t line_bytes_max = 1024;
constexpr std::size_t file_bytes_max = 4096;

// What is typed is not shown while this lives; one within another does nothing.
class unseen {
 public:
  unseen() {
    if (::isatty(STDIN_FILENO) == 0 || ::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    if ((before_.c_lflag & ECHO) == 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    on_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
  }
  unseen(const unseen&) = delete;
  unseen& operator=(const unseen&) = delete;
  ~unseen() {
    if (on_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }

 private:
  termios before_{};
  bool on_ = false;
};

void cut_line_end(std::string& text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.pop_back();
}

}  // namespace

std::string unseen_line(std::string_view question) {
  const bool asks = ::isatty(STDIN_FILENO) != 0;
  if (asks) fmt::print(stderr, "{}", question);
  const unseen quiet;
  std::string line(line_bytes_max, '\0');
  if (std::fgets(line.data(), static_cast<int>(line.size()), stdin) == nullptr) line.clear();
  line.resize(std::char_traits<char>::length(line.c_str()));
  if (asks) fmt::print(stderr, "\n");  // the one that was typed was not shown either
  cut_line_end(line);
  return line;
}

result<std::string> secret_of_file(const std::string& path) {
  LIXIN_TRY(std::string out, read_file(path, file_bytes_max));
  cut_line_end(out);
  if (out.find('\n') == std::string::npos) return out;
  crypto::wipe(out);
  return error(errc::secret_lines, {path});
}

result<std::string> new_password(const app& a, const std::string& path) {
  if (!path.empty()) return secret_of_file(path);
  if (::isatty(STDIN_FILENO) == 0) return error(errc::no_password);
  const unseen both;
  std::string first =
      unseen_line(say(a.lang(), "新密码（不显示）：", "new password (not shown): "));
  std::string again = unseen_line(say(a.lang(), "再输入一次：", "once more: "));
  const bool same = crypto::equal_constant_time(first, again);
  crypto::wipe(again);
  if (same) return first;
  crypto::wipe(first);
  return error(errc::passwords_differ);
}

}  // namespace lixin
