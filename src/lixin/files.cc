#include "lixin/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>

#include "lixin/errc.h"

namespace lixin {
namespace {

error failed(const message& m, const std::string& path, int number) {
  return error(m, {path, reason_of(number, language::zh), reason_of(number, language::en)});
}

struct closer {
  void operator()(std::FILE* f) const { std::fclose(f); }
};

}  // namespace

result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
  const std::unique_ptr<std::FILE, closer> file(std::fopen(path.c_str(), "rbe"));
  if (!file) return failed(errc::cannot_open, path, errno);
  std::string out(bytes_max + 1, '\0');
  out.resize(std::fread(out.data(), 1, out.size(), file.get()));
  if (std::ferror(file.get()) != 0) return failed(errc::cannot_open, path, errno);
  if (out.size() > bytes_max)
    return error(errc::file_too_long, {path, fmt::format("{}", bytes_max)});
  return out;
}

result<void> write_new_file(const std::string& path, std::string_view content) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) {
    return failed(errno == EEXIST ? errc::cannot_write_new : errc::cannot_write, path, errno);
  }
  std::string_view rest = content;
  int number = 0;
  while (!rest.empty() && number == 0) {
    const ssize_t n = ::write(fd, rest.data(), rest.size());
    if (n > 0) rest.remove_prefix(static_cast<std::size_t>(n));
    if (n < 0 && errno != EINTR) number = errno;
  }
  if (number == 0 && ::fsync(fd) != 0) number = errno;
  if (::close(fd) != 0 && number == 0) number = errno;
  if (number == 0) return {};
  ::unlink(path.c_str());
  return failed(errc::cannot_write, path, number);
}

}  // namespace lixin
