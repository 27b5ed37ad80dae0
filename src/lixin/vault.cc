#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "crypto/passphrase.h"
#include "identity/personal.h"
#include "journal/audit.h"
#include "lixin/commands.h"
#include "lixin/errc.h"
#include "lixin/files.h"
#include "lixin/say.h"
#include "lixin/secrets.h"
#include "lixin/terminal.h"
#include "text/encoding.h"
#include "text/fold.h"
#include "text/json.h"
#include "vault/look.h"
#include "vault/rotate.h"

namespace lixin {
namespace {

constexpr std::size_t backup_bytes_max = 256 * 1024;

result<std::string> person_from_input(const app& a) {
  std::string line = unseen_line(say(a.lang(), "证件号码（不显示）：", "number (not shown): "));
  const bool readable = text::valid_utf8_prefix(line) == line.size();
  std::string folded = readable ? text::fold_identifier(line) : std::string();
  crypto::wipe(line);
  if (folded.empty()) return error(errc::no_person_given);
  // A slip of the hand must not read like "nothing about this person".
  const bool digits = folded.find_first_not_of("0123456789X") == std::string::npos;
  if (digits && folded.size() >= 15 && !identity::is_resident_number(folded)) {
    crypto::wipe(folded);
    return error(errc::person_mistyped);
  }
  return folded;
}

result<std::string> passphrase(const std::string& path) {
  if (!path.empty()) return secret_of_file(path);
  const char* value = std::getenv("LIXIN_PASSPHRASE");
  if (value == nullptr || *value == '\0') return error(errc::no_passphrase);
  return std::string(value);
}

void write_uses(text::json_writer& json, const std::vector<vault::key_use>& uses) {
  json.begin_array();
  for (const vault::key_use& u : uses) {
    json.begin_object()
        .member("purpose", u.purpose)
        .member("number", std::int64_t{u.number})
        .member("rows", u.rows)
        .member("in_use", u.in_use)
        .member("in_file", u.in_file)
        .end_object();
  }
  json.end_array();
}

void print_uses(const app& a, const std::vector<vault::key_use>& uses) {
  text_table table(
      a.zh() ? std::vector<std::string>{"用途", "编号", "行数", "使用中", "密钥文件"}
             : std::vector<std::string>{"purpose", "number", "rows", "in use", "key file"});
  const auto word = [&](bool yes) {
    return yes ? say(a.lang(), "是", "yes") : say(a.lang(), "否", "no");
  };
  for (const vault::key_use& u : uses) {
    table.add(
        {u.purpose, fmt::format("{}", u.number), grouped(u.rows), word(u.in_use), word(u.in_file)});
  }
  fmt::print("{}", table.text());
}

// A data folder without a database has no chain to write to yet.
bool has_database(const app& a) {
  return !a.options().database.empty() ||
         std::filesystem::exists(a.data_folder() + "/postgres/PG_VERSION");
}

result<void> tell(app& a, journal::action what, const std::string& object) {
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(auto tx, pg::transaction::begin(*db));
  LIXIN_CHECK(journal::append_act(*db, {what, a.actor(), object}, a.now().now()));
  return tx.commit();
}

}  // namespace

result<int> vault_status(app& a) {
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(const crypto::key_file* keys, a.keys());
  LIXIN_TRY(const auto uses, vault::key_uses(*db, *keys));
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_object().key("keys");
    write_uses(json, uses);
    json.end_object();
    fmt::print("{}\n", out);
    return done;
  }
  print_uses(a, uses);
  return done;
}

result<int> vault_rotate(app& a, bool digest, bool seal) {
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(vault::vault * v, a.persons());
  progress_line line(a.lang());
  const bool both = !digest && !seal;
  LIXIN_TRY(const auto out, vault::rotate(*db, *v,
                                          {.digest = digest || both,
                                           .seal = seal || both,
                                           .actor = a.actor(),
                                           .progress =
                                               [&](const vault::rotate_progress& p) {
                                                 line.show(
                                                     p.rows, static_cast<std::uint64_t>(p.rows),
                                                     static_cast<std::uint64_t>(p.rows_total));
                                               }},
                                          a.now()));
  line.end();
  if (a.json()) {
    std::string text;
    text::json_writer json(text, true);
    json.begin_object()
        .member("digest_key", std::int64_t{out.digest_key})
        .member("seal_key", std::int64_t{out.seal_key})
        .member("rows", out.rows)
        .member("resumed", out.resumed)
        .end_object();
    fmt::print("{}\n", text);
    return done;
  }
  if (out.resumed)
    a.print("接着完成了上次没有完成的更换。\n", "A rotation that had been stopped was finished.\n");
  a.print(
      "密钥已更换：摘要密钥第 {} 号，封存密钥第 {} 号，重新封存 {} 行。请立即备份密钥文件（lixin "
      "vault keys backup）。\n",
      "The keys are rotated: digest key {}, seal key {}, {} rows sealed anew. Back the key file up "
      "now (lixin vault keys backup).\n",
      out.digest_key, out.seal_key, grouped(out.rows));
  return done;
}

result<int> vault_retire(app& a) {
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(vault::vault * v, a.persons());
  LIXIN_TRY(const auto gone, vault::retire_keys(*db, *v, a.actor(), a.now()));
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_object().key("retired");
    write_uses(json, gone);
    json.end_object();
    fmt::print("{}\n", out);
    return done;
  }
  if (gone.empty()) {
    a.print("没有可以停用的旧密钥。\n", "There is no old key to retire.\n");
    return done;
  }
  print_uses(a, gone);
  a.print("以上旧密钥已从密钥文件中删除；较早的数据备份须用当时的密钥备份才能打开。\n",
          "These old keys are gone from the key file; older backups of the data need the backup of "
          "the keys of their time.\n");
  return done;
}

namespace {

void print_rows(const app& a, const std::vector<vault::looked_row>& rows) {
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_array();
    for (const auto& r : rows) {
      json.begin_object()
          .member("sealed_id", r.sealed_id)
          .member("dataset", r.dataset)
          .member("authority", r.authority)
          .member("document_key", r.document_key)
          .member("party_ordinal", std::int64_t{r.party_ordinal})
          .member("version", r.version)
          .member("batch", r.batch.value)
          .member("row", r.row_number)
          .member("sealed_at", r.sealed_at)
          .member("stands", r.stands)
          .key("content")
          .raw(r.content)
          .end_object();
    }
    json.end_array();
    fmt::print("{}\n", out);
    return;
  }
  for (const auto& r : rows) {
    a.print("{} {}（{}）批次 {} 第 {} 行，第 {} 版，{}\n  {}\n",
            "{} {} ({}) batch {} row {}, version {}, {}\n  {}\n", r.dataset, r.authority_title,
            r.authority, r.batch.value, r.row_number, r.version,
            r.stands ? say(a.lang(), "有效", "stands") : say(a.lang(), "已不再有效", "ended"),
            r.content);
  }
  a.print("共 {} 行；本次查阅已记入审计链。\n", "{} rows; this look is in the audit chain.\n",
          rows.size());
}

}  // namespace

result<int> vault_open(app& a, const std::string& purpose, const std::string& basis) {
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(vault::vault * v, a.persons());
  LIXIN_TRY(std::string person, person_from_input(a));
  vault::look_request request{std::move(person), purpose, basis, a.actor()};
  auto rows = vault::look(*db, *v, request, a.now());
  crypto::wipe(request.person);
  if (!rows.ok()) return std::move(rows).error();
  print_rows(a, *rows);
  for (auto& r : *rows) crypto::wipe(r.content);
  return done;
}

result<int> vault_keys_backup(app& a, const std::string& out, const std::string& passphrase_file) {
  LIXIN_TRY(std::string phrase, passphrase(passphrase_file));
  LIXIN_TRY(const crypto::key_file* keys, a.keys());
  std::string plain = keys->text();
  auto locked = crypto::seal_with_passphrase(phrase, plain);
  crypto::wipe(plain);
  crypto::wipe(phrase);
  if (!locked.ok()) return std::move(locked).error();
  LIXIN_CHECK(tell(a, journal::action::keys_backed_up, "key file"));
  LIXIN_CHECK(write_new_file(out, *locked));
  if (a.json()) {
    std::string text;
    text::json_writer json(text, true);
    json.begin_object().member("file", out).end_object();
    fmt::print("{}\n", text);
    return done;
  }
  a.print("密钥已加密备份到 {}。请与数据备份分开存放，口令另行保管。\n",
          "The keys are in {}, encrypted. Keep it apart from backups of the data, and the "
          "passphrase apart from it.\n",
          out);
  return done;
}

result<int> vault_keys_restore(app& a, const std::string& from,
                               const std::string& passphrase_file) {
  LIXIN_TRY(std::string phrase, passphrase(passphrase_file));
  LIXIN_TRY(const std::string locked, read_file(from, backup_bytes_max));
  auto plain = crypto::open_with_passphrase(phrase, locked);
  crypto::wipe(phrase);
  if (!plain.ok()) return std::move(plain).error();
  auto backup = crypto::key_file::parse(from, *plain);
  crypto::wipe(*plain);
  if (!backup.ok()) return std::move(backup).error();
  std::error_code ec;
  std::filesystem::create_directories(a.data_folder(), ec);
  LIXIN_TRY(const int came, crypto::key_file::restore(a.key_path(), *backup));
  if (has_database(a))
    LIXIN_CHECK(tell(a, journal::action::keys_restored, fmt::format("keys {}", came)));
  if (a.json()) {
    std::string text;
    text::json_writer json(text, true);
    json.begin_object().member("restored", std::int64_t{came}).end_object();
    fmt::print("{}\n", text);
    return done;
  }
  came > 0 ? a.print("已恢复密钥 {} 把。\n", "{} keys are restored.\n", came)
           : a.print("密钥文件中已有备份里的全部密钥，没有改动。\n",
                     "The key file has every key of the backup; nothing was changed.\n");
  return done;
}

}  // namespace lixin
