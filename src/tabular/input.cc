#include "tabular/input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "tabular/errc.h"
#include "tabular/tabular.h"

namespace lixin::tabular {

namespace {

std::string reason(int code) { return std::generic_category().message(code); }

class file_input : public input {
 public:
  explicit file_input(int fd) : fd_(fd) {}
  ~file_input() override { ::close(fd_); }
  file_input(const file_input&) = delete;
  file_input& operator=(const file_input&) = delete;

  std::uint64_t size() const override { return size_; }
  void set_size(std::uint64_t size) { size_ = size; }
  int descriptor() const override { return fd_; }

  result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t count) override {
    std::size_t done = 0;
    while (done < count) {
      const auto got = ::pread(fd_, to + done, count - done, static_cast<::off_t>(offset + done));
      if (got == 0) break;
      if (got < 0) {
        if (errno == EINTR) continue;
        return error(errc::cannot_read, {reason(errno)});
      }
      done += static_cast<std::size_t>(got);
    }
    return done;
  }

 private:
  int fd_;
  std::uint64_t size_ = 0;
};

class bytes_input : public input {
 public:
  explicit bytes_input(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  std::string_view bytes() const override { return bytes_; }

  result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t count) override {
    if (offset >= bytes_.size()) return std::size_t{0};
    const auto part = bytes_.substr(static_cast<std::size_t>(offset), count);
    std::memcpy(to, part.data(), part.size());
    return part.size();
  }

 private:
  std::string_view bytes_;
};

result<void> check_size(std::uint64_t size) {
  if (size == 0) return error(errc::empty_file);
  if (size > limits::file_bytes_max) {
    return error(errc::too_large, {std::to_string(size), std::to_string(limits::file_bytes_max)});
  }
  return {};
}

}  // namespace

result<std::unique_ptr<input>> open_input(const std::string& path) {
  // O_NONBLOCK: a named pipe must not make us wait; it is refused below.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return error(errc::cannot_open, {path, reason(errno)});
  auto file = std::make_unique<file_input>(fd);
  struct ::stat facts{};
  if (::fstat(fd, &facts) != 0) return error(errc::cannot_open, {path, reason(errno)});
  if (!S_ISREG(facts.st_mode)) {
    return error(errc::cannot_open, {path, reason(S_ISDIR(facts.st_mode) ? EISDIR : EINVAL)});
  }
  const auto size = static_cast<std::uint64_t>(facts.st_size);
  LIXIN_CHECK(check_size(size));
  ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  file->set_size(size);
  return std::unique_ptr<input>(std::move(file));
}

result<std::unique_ptr<input>> memory_input(std::string_view bytes) {
  LIXIN_CHECK(check_size(bytes.size()));
  return std::unique_ptr<input>(std::make_unique<bytes_input>(bytes));
}

}  // namespace lixin::tabular
