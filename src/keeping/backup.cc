#include "keeping/backup.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>

#include "calendar/parse.h"
#include "crypto/crypto.h"
#include "journal/audit.h"
#include "journal/journal.h"
#include "keeping/errc.h"
#include "pg/dump.h"
#include "text/json.h"
#include "vault/key_mark.h"

namespace lixin::keeping {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view name_begin = "lixin-";
constexpr std::string_view part_begin = ".part-";
constexpr int same_name_max = 1000;
constexpr std::size_t manifest_bytes_max = 64 * 1024;

error unwritable(const std::string& folder, int number) {
  return error(errc::folder_unwritable,
               {folder, reason_of(number, language::zh), reason_of(number, language::en)});
}

error no_backup(const std::string& folder, const char* zh, const char* en) {
  return error(errc::not_a_backup, {folder, zh, en});
}

result<std::string> digest_of(const std::string& path, std::int64_t& bytes) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return unwritable(path, errno);
  crypto::sm3_stream digest;
  std::string piece(1 << 20, '\0');
  bytes = 0;
  while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())), in.gcount() > 0) {
    digest.update({piece.data(), static_cast<std::size_t>(in.gcount())});
    bytes += in.gcount();
  }
  return crypto::to_hex(digest.finish());
}

result<void> sync(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool done = fd >= 0 && ::fsync(fd) == 0;
  const int number = errno;
  if (fd >= 0) ::close(fd);
  if (!done) return unwritable(path, number);
  return {};
}

// Flat and in a fixed order; the last member is the digest of the text without it.
std::string text_of(const manifest& m) {
  text::string_map all{{"format", "1"},
                       {"made_at", m.made_at},
                       {"made_by", m.made_by},
                       {"program", m.program},
                       {"server", m.server},
                       {"server_major", std::to_string(m.server_major)},
                       {"migration", std::to_string(m.migration)},
                       {"position", std::to_string(m.position.value)},
                       {"sealed_at", m.sealed_at},
                       {"ledger_lines", std::to_string(m.ledger_lines)},
                       {"dump", dump_name},
                       {"bytes", std::to_string(m.bytes)},
                       {"sm3", m.digest},
                       {"keys", "not included"},
                       {"key_mark", m.key_mark}};
  const std::string digest = crypto::to_hex(crypto::sm3(text::to_json(all)));
  all.emplace_back("manifest_sm3", digest);
  return text::to_json(all) + "\n";
}

template <class Number>
bool read_number(std::string_view text, Number& out) {
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), out);
  return ec == std::errc() && end == text.data() + text.size() && out >= 0;
}

std::optional<manifest> manifest_of(const std::string& text) {
  auto all = text::parse_string_map(text);
  if (!all.ok() || all->empty() || all->back().first != "manifest_sm3") return std::nullopt;
  const std::string digest = all->back().second;
  all->pop_back();
  if (crypto::to_hex(crypto::sm3(text::to_json(*all))) != digest) return std::nullopt;
  const auto value = [&](std::string_view name) -> std::string {
    for (const auto& [key, v] : *all) {
      if (key == name) return v;
    }
    return {};
  };
  manifest m;
  m.made_at = value("made_at");
  m.made_by = value("made_by");
  m.program = value("program");
  m.server = value("server");
  m.sealed_at = value("sealed_at");
  m.digest = value("sm3");
  m.key_mark = value("key_mark");
  const bool good = value("format") == "1" && value("dump") == dump_name &&
                    read_number(value("server_major"), m.server_major) &&
                    read_number(value("migration"), m.migration) &&
                    read_number(value("position"), m.position.value) &&
                    read_number(value("ledger_lines"), m.ledger_lines) &&
                    read_number(value("bytes"), m.bytes);
  if (!good) return std::nullopt;
  return m;
}

result<manifest> read_manifest(const std::string& folder) {
  std::ifstream in(fs::path(folder) / manifest_name, std::ios::binary);
  if (!in) return no_backup(folder, "缺少清单", "the manifest is missing");
  std::string text(manifest_bytes_max, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  auto m = manifest_of(text);
  if (!m) return no_backup(folder, "清单无法识别或被改动", "the manifest cannot be read");
  return std::move(*m);
}

result<void> describe(pg::connection& c, const backup_request& r, manifest& m) {
  LIXIN_TRY(const auto head, journal::read_head(c));
  LIXIN_TRY(const auto s,
            c.exec("SELECT (SELECT max(number) FROM migration), current_setting('server_version'), "
                   "current_setting('server_version_num')::integer / 10000, (SELECT ledger_lines "
                   "FROM purge_state)"));
  m.made_at = journal::to_string(r.now);
  m.made_by = r.actor;
  m.program = r.program;
  m.migration = static_cast<int>(s.int64(0, 0));
  m.server = s.text(0, 1);
  m.server_major = static_cast<int>(s.int64(0, 2));
  m.ledger_lines = s.int64(0, 3);
  m.position = head.last;
  m.sealed_at = journal::to_string(head.sealed_at);
  LIXIN_TRY(const auto mark, vault::known_mark(c));
  m.key_mark = mark.value_or("");
  return {};
}

// The dump and its manifest in a folder that nobody takes for a backup yet.
result<manifest> write_backup(pg::connection& c, const backup_request& r, const std::string& part) {
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_CHECK(
      c.script("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL "
               "idle_in_transaction_session_timeout = 0"));
  LIXIN_TRY(const auto snapshot, c.exec("SELECT pg_export_snapshot()"));
  manifest m;
  LIXIN_CHECK(describe(c, r, m));
  const std::string dump = part + "/" + dump_name;
  LIXIN_CHECK(
      pg::dump_schema(r.conninfo, m.server_major, "lixin", std::string(snapshot.text(0, 0)), dump));
  LIXIN_CHECK(tx.commit());
  LIXIN_CHECK(sync(dump));
  LIXIN_TRY(m.digest, digest_of(dump, m.bytes));
  const std::string path = part + "/" + manifest_name;
  std::ofstream out(path, std::ios::binary);
  out << text_of(m);
  out.close();
  if (!out) return unwritable(path, errno);
  LIXIN_CHECK(sync(path));
  LIXIN_CHECK(sync(part));
  return m;
}

// While it lives nobody else takes the part for a leftover.
class part_lock {
 public:
  explicit part_lock(const std::string& part)
      : fd_(::open(part.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    held_ = fd_ >= 0 && ::flock(fd_, LOCK_EX | LOCK_NB) == 0;
  }
  part_lock(const part_lock&) = delete;
  part_lock& operator=(const part_lock&) = delete;
  ~part_lock() {
    if (fd_ >= 0) ::close(fd_);
  }
  bool held() const { return held_; }

 private:
  int fd_;
  bool held_ = false;
};

// A backup that was killed leaves content behind; the next one removes it.
void remove_leftovers(const std::string& folder) {
  std::error_code failed;
  std::vector<fs::path> parts;
  for (fs::directory_iterator entry(folder, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    if (entry->path().filename().string().starts_with(part_begin)) parts.push_back(entry->path());
  }
  for (const fs::path& part : parts) {
    const part_lock dead(part.string());
    if (dead.held()) fs::remove_all(part, failed);
  }
}

// "lixin-20261124T080000Z-p1200"
std::string name_of(const manifest& m) {
  std::string time = m.made_at.substr(0, 19) + "Z";
  std::erase_if(time, [](char ch) { return ch == '-' || ch == ':'; });
  return fmt::format("{}{}-p{}", name_begin, time, m.position.value);
}

}  // namespace

result<backup> make_backup(pg::connection& c, const backup_request& r) {
  std::error_code failed;
  fs::create_directories(r.folder, failed);
  if (failed) return unwritable(r.folder, failed.value());
  const std::string folder = fs::absolute(r.folder, failed).lexically_normal().string();
  remove_leftovers(folder);
  const std::string part =
      fmt::format("{}/{}{}", folder, part_begin, crypto::to_base64url(crypto::random_bytes(9)));
  if (::mkdir(part.c_str(), 0700) != 0) return unwritable(folder, errno);
  const part_lock mine(part);
  auto made = write_backup(c, r, part);
  if (!made.ok()) {
    fs::remove_all(part, failed);
    return std::move(made).error();
  }
  backup out{folder + "/" + name_of(*made), *made};
  // A second one within a second and without a change between gets a number.
  const std::string name = out.folder;
  for (int n = 2; ::rename(part.c_str(), out.folder.c_str()) != 0; ++n) {
    const int number = errno;
    if ((number == ENOTEMPTY || number == EEXIST) && n <= same_name_max) {
      out.folder = fmt::format("{}-{}", name, n);
      continue;
    }
    fs::remove_all(part, failed);
    return unwritable(out.folder, number);
  }
  LIXIN_CHECK(sync(folder));
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_CHECK(
      c.exec("INSERT INTO backup_made (made_at, made_by, folder, position, bytes) VALUES "
             "($1::timestamptz, $2::text, $3::text, $4::bigint, $5::bigint)",
             pg::params()
                 .add(out.what.made_at)
                 .add(r.actor)
                 .add(out.folder)
                 .add(out.what.position.value)
                 .add(out.what.bytes)));
  LIXIN_CHECK(
      journal::append_act(c,
                          {journal::action::backup_made, r.actor,
                           fmt::format("backup up to position {}", out.what.position.value)},
                          r.now));
  LIXIN_CHECK(tx.commit());
  return out;
}

result<std::vector<backup>> list_backups(const std::string& folder) {
  std::vector<backup> out;
  std::error_code failed;
  fs::directory_iterator entry(folder, failed);
  for (; !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
    if (!entry->path().filename().string().starts_with(name_begin)) continue;
    auto m = read_manifest(entry->path().string());
    if (m.ok()) out.push_back({entry->path().string(), std::move(m).value()});
  }
  if (failed) return unwritable(folder, failed.value());
  std::ranges::sort(out, [](const backup& a, const backup& b) {
    return std::tie(a.what.made_at, a.folder) > std::tie(b.what.made_at, b.folder);
  });
  return out;
}

result<backup> open_backup(const std::string& folder) {
  LIXIN_TRY(auto m, read_manifest(folder));
  std::int64_t bytes = 0;
  const std::string dump = folder + "/" + dump_name;
  const auto digest = digest_of(dump, bytes);
  if (!digest.ok()) return no_backup(folder, "缺少 lixin.dump", "lixin.dump is missing");
  if (bytes != m.bytes || *digest != m.digest) {
    return error(errc::backup_damaged, {folder, dump_name});
  }
  return backup{folder, std::move(m)};
}

std::vector<backup> too_old(const std::vector<backup>& all, const keep_rule& rule, date today) {
  std::vector<backup> out;
  for (std::size_t i = 1; i < all.size(); ++i) {
    const auto made = calendar::parse_date(all[i].what.made_at.substr(0, 10));
    const bool over_age = rule.days && made.ok() && today - *made > *rule.days;
    const bool over_count = rule.count && i >= static_cast<std::size_t>(*rule.count);
    if (over_age || over_count) out.push_back(all[i]);
  }
  return out;
}

result<void> remove_backup(const backup& b) {
  std::error_code failed;
  fs::remove_all(b.folder, failed);
  if (failed) return unwritable(b.folder, failed.value());
  return {};
}

}  // namespace lixin::keeping
