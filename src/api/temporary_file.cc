#include "api/temporary_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "api/errc.h"

namespace lixin::api {
namespace {

error cannot_keep(int why) {
  return error(errc::cannot_keep_upload,
               {reason_of(why, language::zh), reason_of(why, language::en)});
}

}  // namespace

result<temporary_file> temporary_file::create(const std::string& folder) {
  const int fd = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0) return cannot_keep(errno);
  return temporary_file(fd);
}

temporary_file::temporary_file(temporary_file&& o) noexcept : fd_(std::exchange(o.fd_, -1)) {}

temporary_file::~temporary_file() {
  if (fd_ >= 0) ::close(fd_);
}

result<void> temporary_file::append(std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return cannot_keep(errno);
    bytes = bytes.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

std::string temporary_file::path() const { return fmt::format("/proc/self/fd/{}", fd_); }

written_file::~written_file() {
  if (fd_ >= 0) ::close(fd_);
  ::unlink(path_.c_str());
}

result<std::size_t> written_file::read(std::span<char> into) {
  ssize_t n = -1;
  do {
    n = ::read(fd_, into.data(), into.size());
  } while (n < 0 && errno == EINTR);
  if (n < 0) return cannot_keep(errno);
  return static_cast<std::size_t>(n);
}

result<http::body_source> written_file::source(std::shared_ptr<written_file> file) {
  file->fd_ = ::open(file->path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (file->fd_ < 0) return cannot_keep(errno);
  ::unlink(file->path_.c_str());
  return http::body_source(
      [file = std::move(file)](std::span<char> into) { return file->read(into); });
}

}  // namespace lixin::api
