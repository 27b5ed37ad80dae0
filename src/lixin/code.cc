#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "identity/codes.h"
#include "lixin/commands.h"
#include "lixin/errc.h"

namespace lixin {
namespace {

// A line that is longer than any code is still answered, by its first bytes.
constexpr std::size_t line_bytes_max = 4096;
constexpr std::size_t buffer_bytes = 1 << 20;

class line_checker {
 public:
  void take(std::string_view piece) {
    while (!piece.empty()) {
      const std::size_t end = piece.find('\n');
      if (end == std::string_view::npos) {
        keep(piece);
        return;
      }
      if (rest_.empty()) {
        answer(piece.substr(0, end));
      } else {
        keep(piece.substr(0, end));
        answer(rest_);
        rest_.clear();
      }
      piece.remove_prefix(end + 1);
    }
  }
  void finish() {
    if (!rest_.empty()) answer(rest_);
    flush();
  }

 private:
  void keep(std::string_view piece) {
    rest_ += piece.substr(0, line_bytes_max - std::min(line_bytes_max, rest_.size()));
  }
  void answer(std::string_view line) {
    identity::append_code_line(out_, line.substr(0, line_bytes_max));
    out_ += '\n';
    if (out_.size() >= buffer_bytes) flush();
  }
  void flush() {
    std::fwrite(out_.data(), 1, out_.size(), stdout);
    out_.clear();
  }

  std::string rest_, out_;
};

}  // namespace

result<int> code_check(const std::string& path) {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> opened(nullptr, &std::fclose);
  std::FILE* in = stdin;
  if (!path.empty() && path != "-") {
    opened.reset(std::fopen(path.c_str(), "rb"));
    if (!opened) return error(errc::cannot_open, {path, std::strerror(errno)});
    in = opened.get();
  }
  line_checker lines;
  std::string buffer(buffer_bytes, '\0');
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), in)) {
    lines.take({buffer.data(), n});
  }
  if (std::ferror(in) != 0) return error(errc::cannot_open, {path, std::strerror(errno)});
  lines.finish();
  return done;
}

}  // namespace lixin
