// The key file: made once and whole, never overwritten, never read when others could have read it.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>

#include "crypto/crypto.h"
#include "crypto/errc.h"

namespace lixin::crypto {
namespace {

constexpr std::array<std::string_view, 4> purposes{"receipt", "vault-digest", "vault-seal",
                                                   "record"};
constexpr std::size_t key_bytes = 32;
constexpr off_t file_bytes_max = 64 * 1024;

class descriptor {
 public:
  explicit descriptor(int fd) : fd_(fd) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

std::string reason(int number) { return std::strerror(number); }

bool write_all(int fd, std::string_view data) {
  while (!data.empty()) {
    const ssize_t n = ::write(fd, data.data(), data.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    data.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string new_content() {
  std::string out;
  for (const std::string_view purpose : purposes) {
    std::string secret = random_bytes(key_bytes);
    std::string coded = to_base64url(secret);
    out += fmt::format("1 {} {}\n", purpose, coded);
    wipe(secret);
    wipe(coded);
  }
  return out;
}

// Gives the finished file its name unless the name is taken: of two makers one wins, and the other
// reads the winner's keys.
bool name_unless_taken(const std::string& from, const std::string& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno == EEXIST) return false;
  // A file system without RENAME_NOREPLACE: a hard link refuses a taken name as well.
  return ::link(from.c_str(), to.c_str()) == 0;
}

result<void> create(const std::string& path) {
  const std::string random = random_bytes(9);
  const std::string temporary = path + ".new." + to_base64url(random);
  const auto failed = [&](int number) {
    ::unlink(temporary.c_str());
    return error(errc::key_file_unwritable, {path, reason(number)});
  };
  {
    const descriptor fd(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (fd.get() < 0) return error(errc::key_file_unwritable, {path, reason(errno)});
    std::string content = new_content();
    const bool written =
        ::fchmod(fd.get(), 0600) == 0 && write_all(fd.get(), content) && ::fsync(fd.get()) == 0;
    const int number = errno;
    wipe(content);
    if (!written) return failed(number);
  }
  if (!name_unless_taken(temporary, path) && errno != EEXIST) return failed(errno);
  ::unlink(temporary.c_str());
  const descriptor folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || ::fsync(folder.get()) != 0)
    return error(errc::key_file_unwritable, {path, reason(errno)});
  return {};
}

// The file's text, or nothing when there is no file.
result<std::optional<std::string>> read(const std::string& path) {
  const descriptor fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
  if (fd.get() < 0) {
    if (errno == ENOENT) return std::optional<std::string>();
    if (errno == ELOOP) return error(errc::key_file_foreign, {path});
    return error(errc::key_file_unreadable, {path, reason(errno)});
  }
  struct stat st{};
  if (::fstat(fd.get(), &st) != 0) return error(errc::key_file_unreadable, {path, reason(errno)});
  if (!S_ISREG(st.st_mode) || st.st_uid != ::geteuid())
    return error(errc::key_file_foreign, {path});
  if ((st.st_mode & 077) != 0)
    return error(errc::key_file_exposed, {path, fmt::format("{:04o}", st.st_mode & 07777)});
  if (st.st_size > file_bytes_max) return error(errc::key_file_unreadable, {path, reason(EFBIG)});
  std::string out(static_cast<std::size_t>(st.st_size), '\0');
  std::size_t done = 0;
  while (done < out.size()) {
    const ssize_t n = ::read(fd.get(), out.data() + done, out.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return error(errc::key_file_unreadable, {path, reason(errno)});
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  out.resize(done);
  return std::optional(std::move(out));
}

std::string_view cut_word(std::string_view& line) {
  const auto end = std::min(line.find(' '), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return word;
}

struct parsed_line {
  int number = 0;
  std::string purpose;
  std::string secret;
};

std::optional<parsed_line> parse_line(std::string_view line) {
  parsed_line out;
  const std::string_view number = cut_word(line);
  const auto [end, failure] =
      std::from_chars(number.data(), number.data() + number.size(), out.number);
  if (failure != std::errc() || end != number.data() + number.size() || out.number < 1)
    return std::nullopt;
  out.purpose = cut_word(line);
  auto secret = from_base64url(line);
  if (out.purpose.empty() || !secret.ok() || secret->size() != key_bytes) return std::nullopt;
  out.secret = std::move(secret).value();
  return out;
}

}  // namespace

result<key_file> key_file::open_or_create(const std::string& path) {
  LIXIN_TRY(auto content, read(path));
  if (!content) {
    LIXIN_CHECK(create(path));
    LIXIN_TRY(content, read(path));
    if (!content) return error(errc::key_file_unreadable, {path, reason(ENOENT)});
  }
  key_file out;
  std::string_view rest = *content;
  for (int line_number = 1; !rest.empty(); ++line_number) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty() || line.front() == '#') continue;
    auto parsed = parse_line(line);
    if (!parsed) return error(errc::key_line_wrong, {path, std::to_string(line_number)});
    if (out.numbered(parsed->purpose, parsed->number).ok())
      return error(errc::key_twice, {path, std::to_string(line_number)});
    out.entries_.push_back(
        {std::move(parsed->purpose), {parsed->number, std::move(parsed->secret)}});
  }
  wipe(*content);
  for (const std::string_view purpose : purposes) {
    const auto serves = [&](const entry& e) { return e.purpose == purpose; };
    if (std::none_of(out.entries_.begin(), out.entries_.end(), serves))
      return error(errc::key_purpose_missing, {path, std::string(purpose)});
  }
  return out;
}

const key_file::key& key_file::newest(std::string_view purpose) const {
  const entry* best = nullptr;
  for (const entry& e : entries_) {
    if (e.purpose == purpose && (!best || e.value.number > best->value.number)) best = &e;
  }
  LIXIN_ASSERT(best != nullptr);  // open_or_create() saw to the purposes that the code asks for
  return best->value;
}

result<key_file::key> key_file::numbered(std::string_view purpose, int number) const {
  for (const entry& e : entries_) {
    if (e.purpose == purpose && e.value.number == number) return e.value;
  }
  return error(errc::no_such_key, {std::string(purpose), std::to_string(number)});
}

}  // namespace lixin::crypto
