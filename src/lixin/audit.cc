#include <fmt/format.h>

#include "crypto/errc.h"
#include "crypto/sm2.h"
#include "journal/audit_verify.h"
#include "journal/journal.h"
#include "lixin/commands.h"
#include "lixin/errc.h"
#include "lixin/files.h"
#include "lixin/say.h"
#include "lixin/terminal.h"
#include "text/json.h"

namespace lixin {
namespace {

constexpr std::size_t pem_bytes_max = 16 * 1024;

// The key file with a signing key in it; older files get one.
result<crypto::key_file> signing_keys(app& a) {
  LIXIN_TRY(const crypto::key_file* keys, a.keys());
  crypto::key_file out = *keys;
  if (out.find_newest(journal::sign_purpose) == nullptr)
    LIXIN_CHECK(out.ensure(journal::sign_purpose));
  return out;
}

result<journal::signed_head> exported_head(app& a, const audit_verify_options& o) {
  LIXIN_TRY(const std::string text, read_file(o.head, journal::head_bytes_max));
  LIXIN_TRY(auto head, journal::parse_head(text));
  std::string point;
  if (!o.key.empty()) {
    LIXIN_TRY(const std::string pem, read_file(o.key, pem_bytes_max));
    LIXIN_TRY(point, crypto::sm2_from_pem(pem));
  } else {
    LIXIN_TRY(const crypto::key_file* keys, a.keys());
    LIXIN_TRY(const auto key, keys->numbered(journal::sign_purpose, head.key_number));
    point = crypto::sm2_public_point(key.secret);
  }
  LIXIN_CHECK(journal::check_signature(head, point));
  return head;
}

void print_json(const journal::verify_outcome& v) {
  std::string out;
  text::json_writer json(out, true);
  json.begin_object()
      .member("sound", v.faults_found == 0)
      .member("entries", v.entries)
      .member("last_entry", v.last_entry)
      .member("digest", crypto::to_hex(v.head))
      .member("journal_rows", v.journal_rows)
      .member("journal_from", v.journal_from)
      .member("inquiries", v.inquiries)
      .member("inquiries_from", v.inquiries_from)
      .member("faults_found", v.faults_found)
      .key("faults")
      .begin_array();
  for (const error& e : v.faults) {
    json.begin_object()
        .member("code", e.code())
        .member("zh", e.sentence(language::zh))
        .member("en", e.sentence(language::en))
        .end_object();
  }
  json.end_array().end_object();
  fmt::print("{}\n", out);
}

void write_entry(text::json_writer& json, const journal::audit_entry& e) {
  json.begin_object()
      .member("entry", e.number)
      .member("written_at", journal::to_string(e.written_at))
      .member("action", journal::code_of(e.what.action))
      .member("actor", e.what.actor)
      .member("object", e.what.object)
      .member("first", e.first)
      .member("last", e.last)
      .member("content_digest", crypto::to_hex(e.content))
      .member("digest", crypto::to_hex(e.digest))
      .end_object();
}

}  // namespace

result<int> audit_verify(app& a, const audit_verify_options& o) {
  journal::verify_request request{.from = o.from};
  if (!o.head.empty()) {
    LIXIN_TRY(request.head, exported_head(a, o));
  }
  LIXIN_TRY(pg::connection * db, a.database());
  progress_line line(a.lang());
  request.progress = [&](const journal::verify_progress& p) {
    line.show(p.entries, static_cast<std::uint64_t>(p.entries),
              static_cast<std::uint64_t>(p.entries_total));
  };
  LIXIN_TRY(const auto v, journal::verify_audit(*db, request));
  line.end();
  if (a.json()) {
    print_json(v);
    return v.faults_found == 0 ? done : exit_code(failure::refused);
  }
  a.print("已核对审计条目 {} 条（到第 {} 条），变更日志 {} 行，核查记录 {} 条\n链首摘要 {}\n",
          "checked {} entries (up to number {}), {} rows of the journal, {} inquiries\n"
          "digest of the head {}\n",
          grouped(v.entries), v.last_entry, grouped(v.journal_rows), grouped(v.inquiries),
          crypto::to_hex(v.head));
  if (o.from == 1 && v.journal_from > 1)
    a.print("变更日志第 1 至 {} 号早于审计链，不在核对范围内\n",
            "positions 1 to {} of the journal are older than the chain and were not checked\n",
            v.journal_from - 1);
  if (v.faults_found > 0) {
    for (const error& e : v.faults) print_error(e);
    return error(errc::audit_faults, {fmt::format("{}", v.faults_found)});
  }
  if (request.head)
    a.print("与 {} 导出的链首（第 {} 条）一致\n",
            "it goes through the head exported at {} (entry {})\n", request.head->exported_at,
            request.head->entry);
  a.print("没有发现改动\n", "nothing was tampered with\n");
  return done;
}

result<int> audit_head(app& a, const std::string& path) {
  LIXIN_TRY(const auto keys, signing_keys(a));
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(const std::string text, journal::export_head(*db, keys, a.now().now()));
  LIXIN_CHECK(write_new_file(path, text));
  LIXIN_TRY(const auto head, journal::parse_head(text));
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_object()
        .member("file", path)
        .member("entry", head.entry)
        .member("digest", crypto::to_hex(head.digest))
        .member("position", head.at.value)
        .member("exported_at", head.exported_at)
        .member("key", std::int64_t{head.key_number})
        .end_object();
    fmt::print("{}\n", out);
    return done;
  }
  a.print("链首已导出到 {}：第 {} 条，日志位置 {}。请存放在本系统之外。\n",
          "The head is in {}: entry {}, position {} of the journal. Keep it outside this system.\n",
          path, head.entry, head.at.value);
  return done;
}

result<int> audit_key(app& a, const std::string& path) {
  LIXIN_TRY(const auto keys, signing_keys(a));
  const auto* key = keys.find_newest(journal::sign_purpose);
  LIXIN_CHECK(write_new_file(path, crypto::sm2_to_pem(crypto::sm2_public_point(key->secret))));
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_object().member("file", path).member("key", std::int64_t{key->number}).end_object();
    fmt::print("{}\n", out);
    return done;
  }
  a.print("第 {} 号签名公钥已导出到 {}\n", "The public key number {} is in {}\n", key->number,
          path);
  return done;
}

result<int> audit_list(app& a, const audit_list_options& o) {
  journal::audit_filter filter{.after = o.after, .limit = o.limit, .actor = o.actor};
  if (!o.action.empty()) {
    filter.what = journal::action_named(o.action);
    if (!filter.what) {
      std::string known;
      for (int i = 1; i <= journal::actions; ++i)
        known += fmt::format("{}{}", i == 1 ? "" : ", ",
                             journal::code_of(static_cast<journal::action>(i)));
      return error(errc::bad_option, {"--action", known, as_typed(o.action)});
    }
  }
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(const auto entries, journal::read_audit(*db, filter));
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_array();
    for (const auto& e : entries) write_entry(json, e);
    json.end_array();
    fmt::print("{}\n", out);
    return done;
  }
  text_table table(
      a.zh() ? std::vector<std::string>{"条目", "时间", "操作", "经办人", "范围", "对象"}
             : std::vector<std::string>{"entry", "time", "action", "actor", "covers", "object"});
  for (const auto& e : entries) {
    table.add({fmt::format("{}", e.number), journal::to_string(e.written_at),
               std::string(title_of(a.lang(), e.what.action)), e.what.actor,
               e.first == 0 ? "" : fmt::format("{}-{}", e.first, e.last), e.what.object});
  }
  fmt::print("{}", table.text());
  return done;
}

}  // namespace lixin
