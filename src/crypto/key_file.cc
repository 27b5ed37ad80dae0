// The key file: made whole, replaced whole, never read when others could have read it.
#include "crypto/key_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <thread>

#include "crypto/crypto.h"
#include "crypto/errc.h"

namespace lixin::crypto {
namespace {

// Those of a new file; the first four stand in every file.
constexpr std::array<std::string_view, 6> purposes{"receipt", "vault-digest", "vault-seal",
                                                   "record",  "audit-sign",   "staff-seal"};
constexpr std::size_t purposes_required = 4;
constexpr std::chrono::seconds lock_wait_max{10};
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

result<void> sync_folder(const std::string& path) {
  const descriptor folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0 || ::fsync(folder.get()) != 0)
    return error(errc::key_file_unwritable, {path, reason(errno)});
  return {};
}

// A new file with the content, synced. `path` is the one that messages name.
result<void> write_new(const std::string& temporary, const std::string& path,
                       std::string_view content) {
  const descriptor fd(
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (fd.get() < 0) return error(errc::key_file_unwritable, {path, reason(errno)});
  if (::fchmod(fd.get(), 0600) == 0 && write_all(fd.get(), content) && ::fsync(fd.get()) == 0)
    return {};
  const int number = errno;
  ::unlink(temporary.c_str());
  return error(errc::key_file_unwritable, {path, reason(number)});
}

// False: there was a file by then, and it stays as it is.
result<bool> put_new(const std::string& path, std::string_view content) {
  const std::string random = random_bytes(9);
  const std::string temporary = path + ".made." + to_base64url(random);
  LIXIN_CHECK(write_new(temporary, path, content));
  const bool named = name_unless_taken(temporary, path);
  const int number = errno;
  ::unlink(temporary.c_str());
  if (!named && number != EEXIST) return error(errc::key_file_unwritable, {path, reason(number)});
  LIXIN_CHECK(sync_folder(path));
  return named;
}

result<void> create(const std::string& path) {
  std::string content = new_content();
  auto done = put_new(path, content);
  wipe(content);
  if (!done.ok()) return std::move(done).error();
  return {};
}

// Under the lock of the folder, so one name is enough: what a killed change left goes first, and
// never more than one file with keys lies about.
std::string name_beside(const std::string& path) { return path + ".new"; }

result<void> replace(const std::string& path, std::string_view content) {
  const std::string temporary = name_beside(path);
  LIXIN_CHECK(write_new(temporary, path, content));
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    const int number = errno;
    ::unlink(temporary.c_str());
    return error(errc::key_file_unwritable, {path, reason(number)});
  }
  return sync_folder(path);
}

// Held while `folder` lives.
result<void> lock_folder(const descriptor& folder, const std::string& path) {
  if (folder.get() < 0) return error(errc::key_file_unwritable, {path, reason(errno)});
  const auto until = std::chrono::steady_clock::now() + lock_wait_max;
  while (::flock(folder.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR)
      return error(errc::key_file_unwritable, {path, reason(errno)});
    if (std::chrono::steady_clock::now() > until) return error(errc::key_file_busy, {path});
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
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

result<key_file> key_file::parse(const std::string& path, std::string_view content) {
  key_file out;
  out.path_ = path;
  std::string_view rest = content;
  for (int line_number = 1; !rest.empty(); ++line_number) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.empty() || line.front() == '#') continue;
    auto parsed = parse_line(line);
    if (!parsed) return error(errc::key_line_wrong, {path, std::to_string(line_number)});
    if (out.find(parsed->purpose, parsed->number) != nullptr)
      return error(errc::key_twice, {path, std::to_string(line_number)});
    out.entries_.push_back(
        {std::move(parsed->purpose), {parsed->number, std::move(parsed->secret)}});
  }
  for (std::size_t i = 0; i < purposes_required; ++i) {
    if (out.find_newest(purposes[i]) == nullptr)
      return error(errc::key_purpose_missing, {path, std::string(purposes[i])});
  }
  return out;
}

result<key_file> key_file::open(const std::string& path) {
  LIXIN_TRY(auto content, read(path));
  if (!content) return error(errc::key_file_unreadable, {path, reason(ENOENT)});
  auto out = parse(path, *content);
  wipe(*content);
  return out;
}

result<key_file> key_file::open_or_create(const std::string& path) {
  LIXIN_TRY(auto content, read(path));
  if (!content) {
    LIXIN_CHECK(create(path));
  } else {
    wipe(*content);
  }
  return open(path);
}

const key_file::key* key_file::find_newest(std::string_view purpose) const {
  const entry* best = nullptr;
  for (const entry& e : entries_) {
    if (e.purpose == purpose && (!best || e.value.number > best->value.number)) best = &e;
  }
  return best == nullptr ? nullptr : &best->value;
}

const key_file::key& key_file::newest(std::string_view purpose) const {
  const key* best = find_newest(purpose);
  LIXIN_ASSERT(best != nullptr);  // parse() saw to the purposes that the code asks for
  return *best;
}

const key_file::key* key_file::find(std::string_view purpose, int number) const {
  for (const entry& e : entries_) {
    if (e.purpose == purpose && e.value.number == number) return &e.value;
  }
  return nullptr;
}

result<key_file::key> key_file::numbered(std::string_view purpose, int number) const {
  if (const key* k = find(purpose, number)) return *k;
  return error(errc::no_such_key, {std::string(purpose), std::to_string(number)});
}

std::vector<int> key_file::numbers(std::string_view purpose) const {
  std::vector<int> out;
  for (const entry& e : entries_) {
    if (e.purpose == purpose) out.push_back(e.value.number);
  }
  std::ranges::sort(out);
  return out;
}

std::string key_file::text() const {
  std::string out;
  for (const entry& e : entries_) {
    std::string coded = to_base64url(e.value.secret);
    out += fmt::format("{} {} {}\n", e.value.number, e.purpose, coded);
    wipe(coded);
  }
  return out;
}

result<void> key_file::reload() {
  LIXIN_TRY(auto fresh, open(path_));
  *this = std::move(fresh);
  return {};
}

result<void> key_file::change(const std::function<result<void>(key_file&)>& edit) {
  const descriptor folder(::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  LIXIN_CHECK(lock_folder(folder, path_));
  ::unlink(name_beside(path_).c_str());
  LIXIN_TRY(auto fresh, open(path_));
  std::string before = fresh.text();
  LIXIN_CHECK(edit(fresh));
  std::string content = fresh.text();
  auto done = content == before ? result<void>() : replace(path_, content);
  wipe(before);
  wipe(content);
  LIXIN_CHECK(std::move(done));
  *this = std::move(fresh);
  return {};
}

result<int> key_file::add(std::string_view purpose) {
  int number = 0;
  LIXIN_CHECK(change([&](key_file& f) -> result<void> {
    const key* last = f.find_newest(purpose);
    number = last == nullptr ? 1 : last->number + 1;
    f.entries_.push_back({std::string(purpose), {number, random_bytes(key_bytes)}});
    return {};
  }));
  return number;
}

result<int> key_file::ensure(std::string_view purpose) {
  int number = 0;
  LIXIN_CHECK(change([&](key_file& f) -> result<void> {
    const key* last = f.find_newest(purpose);
    number = last == nullptr ? 1 : last->number;
    if (last == nullptr)
      f.entries_.push_back({std::string(purpose), {number, random_bytes(key_bytes)}});
    return {};
  }));
  return number;
}

result<void> key_file::remove(std::string_view purpose, int number) {
  return change([&](key_file& f) -> result<void> {
    std::erase_if(f.entries_,
                  [&](const entry& e) { return e.purpose == purpose && e.value.number == number; });
    LIXIN_ASSERT(f.find_newest(purpose) != nullptr);  // the last of a purpose stays
    return {};
  });
}

result<int> key_file::restore(const std::string& path, const key_file& backup) {
  LIXIN_TRY(auto there, read(path));
  if (!there) {
    std::string content = backup.text();
    const auto done = put_new(path, content);
    wipe(content);
    if (!done.ok()) return done.error();
    if (!*done) return error(errc::key_file_busy, {path});
    return static_cast<int>(backup.entries_.size());
  }
  wipe(*there);
  int came = 0;
  LIXIN_TRY(auto file, open(path));
  LIXIN_CHECK(file.change([&](key_file& f) -> result<void> {
    for (const entry& e : backup.entries_) {
      const key* same = f.find(e.purpose, e.value.number);
      if (same == nullptr) {
        f.entries_.push_back(e);
        ++came;
      } else if (!equal_constant_time(same->secret, e.value.secret)) {
        return error(errc::key_conflict, {path, e.purpose, std::to_string(e.value.number)});
      }
    }
    return {};
  }));
  return came;
}

}  // namespace lixin::crypto
