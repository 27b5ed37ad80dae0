#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <memory>

#include "identity/codes.h"
#include "lixin/commands.h"
#include "lixin/errc.h"
#include "text/json.h"

namespace lixin {
namespace {

// A line that is longer than any code is still answered, by its first bytes.
constexpr std::size_t line_bytes_max = 4096;
constexpr std::size_t buffer_bytes = 1 << 20;

class line_checker {
 public:
  explicit line_checker(bool json) : json_(json) {}

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
    ++number_;
    json_ ? answer_json(line.substr(0, line_bytes_max))
          : identity::append_code_line(out_, line.substr(0, line_bytes_max));
    out_ += '\n';
    if (out_.size() >= buffer_bytes) flush();
  }
  // "valid", "valid<tab>code" or "invalid<tab>layer: why" as an object.
  void answer_json(std::string_view line) {
    plain_.clear();
    identity::append_code_line(plain_, line);
    const std::string_view all = plain_;
    const auto tab = all.find('\t');
    const bool valid = all.substr(0, tab) == "valid";
    const std::string_view rest = tab == all.npos ? std::string_view() : all.substr(tab + 1);
    text::json_writer json(out_);
    json.begin_object().member("line", number_).member("valid", valid);
    if (valid && !rest.empty()) json.member("mended", rest);
    if (!valid) {
      const auto colon = rest.find(": ");
      json.member("layer", rest.substr(0, colon)).member("why", rest.substr(colon + 2));
    }
    json.end_object();
  }
  void flush() {
    fmt::print("{}", out_);
    out_.clear();
  }

  bool json_;
  std::int64_t number_ = 0;
  std::string rest_, out_, plain_;
};

}  // namespace

result<int> code_check(const app& a, const std::string& path) {
  const auto unreadable = [&](int why) {
    return error(errc::cannot_open, {path.empty() ? "-" : path, reason_of(why, language::zh),
                                     reason_of(why, language::en)});
  };
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> opened(nullptr, &std::fclose);
  std::FILE* in = stdin;
  if (!path.empty() && path != "-") {
    opened.reset(std::fopen(path.c_str(), "rb"));
    if (!opened) return unreadable(errno);
    in = opened.get();
  }
  line_checker lines(a.json());
  std::string buffer(buffer_bytes, '\0');
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), in)) {
    lines.take({buffer.data(), n});
  }
  if (std::ferror(in) != 0) return unreadable(errno);
  lines.finish();
  return done;
}

}  // namespace lixin
