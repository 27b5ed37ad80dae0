#include "keeping/ledger.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <fstream>
#include <sstream>

#include "calendar/parse.h"
#include "crypto/crypto.h"
#include "keeping/errc.h"

namespace lixin::keeping {
namespace {

constexpr std::size_t check_signs = 32;
constexpr std::int64_t line_bytes_max = 512;
constexpr std::size_t piece_lines = 1000;

error unwritable(const std::string& path, int number) {
  return error(errc::ledger_unwritable,
               {path, reason_of(number, language::zh), reason_of(number, language::en)});
}

std::string check_of(std::string_view before, std::string_view text) {
  std::string all(before);
  all += text;
  return crypto::to_hex(crypto::sm3(all)).substr(0, check_signs);
}

std::string text_of(std::int64_t number, const ledger_line& x) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(x.document_digest.data());
  return fmt::format("{} {} {} {} {} {} {} {} {}", number, x.sealed ? 'S' : 'R', x.subject,
                     x.record, x.dataset.value, x.authority.value,
                     crypto::to_hex({bytes, x.document_digest.size()}), to_string(x.due_on),
                     to_string(x.purged_on));
}

std::string from_hex(std::string_view hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    unsigned byte = 0;
    std::from_chars(hex.data() + i, hex.data() + i + 2, byte, 16);
    out += static_cast<char>(byte);
  }
  return out;
}

// The parts of a line whose check held: it is as we wrote it.
bool parse(std::string_view text, std::int64_t& number, ledger_line& x) {
  std::istringstream in{std::string(text)};
  std::string kind, digest, due, purged;
  in >> number >> kind >> x.subject >> x.record >> x.dataset.value >> x.authority.value >> digest >>
      due >> purged;
  if (!in || (kind != "R" && kind != "S") || digest.size() != 64) return false;
  x.sealed = kind == "S";
  x.document_digest = from_hex(digest);
  const auto due_on = calendar::parse_date(due);
  const auto purged_on = calendar::parse_date(purged);
  if (!due_on.ok() || !purged_on.ok()) return false;
  x.due_on = *due_on;
  x.purged_on = *purged_on;
  return true;
}

// "text check" -> both; the check itself is not looked at.
bool cut(std::string_view line, std::string_view& text, std::string_view& check) {
  const auto blank = line.rfind(' ');
  if (blank == std::string_view::npos || line.size() - blank - 1 != check_signs) return false;
  text = line.substr(0, blank);
  check = line.substr(blank + 1);
  return true;
}

}  // namespace

result<ledger> ledger::open(const std::string& path) {
  ledger out;
  out.path_ = path;
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) return out;
  const std::int64_t bytes = in.tellg();
  const std::int64_t from = std::max<std::int64_t>(0, bytes - 2 * line_bytes_max);
  in.seekg(from);
  std::string tail(static_cast<std::size_t>(bytes - from), '\0');
  in.read(tail.data(), static_cast<std::streamsize>(tail.size()));
  const auto end = tail.rfind('\n');
  if (end == std::string::npos) {
    if (from > 0) return error(errc::ledger_broken, {path, "?"});
    return out;  // the first line was cut off
  }
  const auto before = end == 0 ? std::string::npos : tail.rfind('\n', end - 1);
  const std::size_t begin = before == std::string::npos ? 0 : before + 1;
  std::string_view text, check;
  ledger_line last;
  if (!cut(std::string_view(tail).substr(begin, end - begin), text, check) ||
      !parse(text, out.lines_, last)) {
    return error(errc::ledger_broken, {path, "?"});
  }
  out.check_ = check;
  out.whole_bytes_ = from + static_cast<std::int64_t>(end) + 1;
  return out;
}

result<void> ledger::append(const std::vector<ledger_line>& lines) {
  std::string text;
  std::string check = check_;
  std::int64_t number = lines_;
  for (const ledger_line& x : lines) {
    const std::string line = text_of(++number, x);
    check = check_of(check, line);
    text += line + " " + check + "\n";
  }
  const int fd = ::open(path_.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0) return unwritable(path_, errno);
  std::size_t done = 0;
  int failed = ::ftruncate(fd, whole_bytes_) == 0 ? 0 : errno;
  while (failed == 0 && done < text.size()) {
    const ssize_t n = ::pwrite(fd, text.data() + done, text.size() - done,
                               whole_bytes_ + static_cast<std::int64_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      failed = n < 0 ? errno : ENOSPC;
      break;
    }
    done += static_cast<std::size_t>(n);
  }
  if (failed == 0 && ::fsync(fd) != 0) failed = errno;
  if (failed != 0 && ::ftruncate(fd, whole_bytes_) != 0) failed = errno;
  ::close(fd);
  if (failed == 0 && lines_ == 0) {
    // A new file: its name must outlast a power cut too.
    const auto slash = path_.rfind('/');
    const int folder = ::open(slash == std::string::npos ? "." : path_.substr(0, slash + 1).c_str(),
                              O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0 || ::fsync(folder) != 0) failed = errno;
    if (folder >= 0) ::close(folder);
  }
  if (failed != 0) return unwritable(path_, failed);
  lines_ = number;
  check_ = check;
  whole_bytes_ += static_cast<std::int64_t>(text.size());
  return {};
}

result<void> ledger::read(
    std::int64_t after,
    const std::function<result<void>(const std::vector<ledger_line>&)>& take) const {
  std::ifstream in(path_, std::ios::binary);
  std::string line, check;
  std::vector<ledger_line> piece;
  for (std::int64_t number = 1; number <= lines_; ++number) {
    std::string_view text, written;
    ledger_line x;
    std::int64_t said = 0;
    if (!std::getline(in, line) || !cut(line, text, written) || check_of(check, text) != written ||
        !parse(text, said, x) || said != number) {
      return error(errc::ledger_broken, {path_, std::to_string(number)});
    }
    check = written;
    if (number > after) piece.push_back(std::move(x));
    if (piece.size() == piece_lines || (number == lines_ && !piece.empty())) {
      LIXIN_CHECK(take(piece));
      piece.clear();
    }
  }
  return {};
}

}  // namespace lixin::keeping
