// For tests: a database with the trial pack, and the few writes that a check reads.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "catalogue/store.h"
#include "crypto/crypto.h"
#include "identity/codes.h"
#include "journal/journal.h"
#include "measure/case_testing.h"
#include "measure/check.h"
#include "pg/pg.h"
#include "pg/test_server.h"
#include "policy/policy.h"
#include "text/json.h"

namespace lixin::measure::testing {

// A result's value, or a failed test that says why.
template <class T>
T must(result<T> r) {
  if (!r.ok()) throw std::runtime_error(r.error().text(language::en));
  return std::move(r).value();
}
inline void must(result<void> r) {
  if (!r.ok()) throw std::runtime_error(r.error().text(language::en));
}

// A code of no real body: 17 signs and the check sign that makes it valid.
inline std::string credit_code(std::string_view organisation) {
  for (const char sign : std::string_view("0123456789ABCDEFGHJKLMNPQRTUWXY")) {
    std::string code = "91130900" + std::string(organisation) + sign;
    if (identity::check_credit_code(code).code) return code;
  }
  throw std::runtime_error("no check sign for " + std::string(organisation));
}

// The sheets of the trial pack with another version in force from a day.
inline catalogue::pack trial_pack_version(const std::string& version, const std::string& from) {
  auto sheets = must(catalogue::read_sheets(folder() + "pack"));
  for (catalogue::sheet& s : sheets) {
    if (s.name != "pack") continue;
    const std::string old = ",1,2016-01-01,";
    s.body.replace(s.body.find(old), old.size(), "," + version + "," + from + ",");
  }
  auto check = catalogue::check_pack(std::move(sheets), "pack");
  if (!check.pack) throw std::runtime_error("the trial pack has faults");
  return std::move(*check.pack);
}

struct stored_record {
  subject_id subject;
  record_id id;
  std::int32_t dataset = 0;
};

class trial_database {
 public:
  trial_database()
      : conninfo_(pg::test_server::fresh_database()), c_(must(pg::connection::open(conninfo_))) {
    const auto all = must(pg::migrations_in(std::string(LIXIN_SOURCE_DIR) + "/sql"));
    must(pg::migrate(c_, all));
    must(
        c_.exec("INSERT INTO authority (code, title_zh, title_en) VALUES ('au1', '测试机关', "
                "'Test authority')"));
  }

  pg::connection& connection() { return c_; }
  const std::string& conninfo() const { return conninfo_; }

  pack_version_id load(const catalogue::pack& p) {
    must(c_.begin());
    const position at = append({.kind = journal::kind::pack_loaded});
    const auto saved = must(catalogue::save_pack(c_, p, at, "tester"));
    must(c_.commit());
    return saved.id;
  }

  subject_id subject(const std::string& code, const std::string& name,
                     catalogue::subject_kind kind = catalogue::subject_kind::enterprise) {
    must(c_.begin());
    const subject_id id(must(c_.exec("SELECT nextval('subject_subject_id_seq')")).int64(0, 0));
    const position at = append({.kind = journal::kind::subject_registered, .subject = id});
    must(c_.exec(
        "INSERT INTO subject (subject_id, kind, registered_at, credit_code, name) VALUES "
        "($1::bigint, $2::smallint, $3::bigint, $4::text, $5::text)",
        pg::params().add(id.value).add(static_cast<int>(kind)).add(at.value).add(code).add(name)));
    write_name(id, name, at);
    if (!code.empty()) write_code(id, code, at);
    must(c_.commit());
    return id;
  }

  void learn_code(subject_id id, const std::string& code) {
    must(c_.begin());
    write_code(id, code, append({.kind = journal::kind::subject_changed, .subject = id}));
    must(c_.commit());
  }

  void rename(subject_id id, const std::string& name) {
    must(c_.begin());
    write_name(id, name, append({.kind = journal::kind::subject_changed, .subject = id}));
    must(c_.exec("UPDATE subject SET name = $2::text WHERE subject_id = $1::bigint",
                 pg::params().add(id.value).add(name)));
    must(c_.commit());
  }

  stored_record record(subject_id id, const std::string& dataset, const std::string& document,
                       const text::string_map& content) {
    must(c_.exec("INSERT INTO dataset (code) VALUES ($1::text) ON CONFLICT DO NOTHING",
                 pg::params().add(dataset)));
    stored_record out;
    out.subject = id;
    out.dataset = static_cast<std::int32_t>(
        must(c_.exec("SELECT dataset_id FROM dataset WHERE code = $1::text",
                     pg::params().add(dataset)))
            .int64(0, 0));
    out.id = record_id(
        must(c_.exec("INSERT INTO record (subject_id, dataset_id, authority_id, party_ordinal, "
                     "document) VALUES ($1::bigint, $2::integer, 1, 1, $3::text) RETURNING "
                     "record_id",
                     pg::params().add(id.value).add(out.dataset).add(document)))
            .int64(0, 0));
    version(out, 1, policy::record_change::accepted, content);
    return out;
  }

  void version(const stored_record& r, int number, policy::record_change change,
               const text::string_map& content) {
    must(c_.begin());
    const position at = append({.kind = journal::kind::record_added,
                                .subject = r.subject,
                                .record = r.id,
                                .version = number});
    const auto value = [&](std::string_view suffix) {
      std::optional<std::string_view> found;
      for (const auto& [code, text] : content)
        if (code.ends_with(suffix)) found = text;
      return found;
    };
    must(c_.exec(
        "INSERT INTO record_version (subject_id, record_id, version, position, change, batch_id, "
        "row_number, pack_version_id, handed_in_on, decided_on, valid_to, publicity_class, "
        "class_source, is_late, name_differs, content_digest, content) VALUES ($1::bigint, "
        "$2::bigint, $3::integer, $4::bigint, $5::smallint, 1, 2, 1, '2025-03-01', $6::date, "
        "$7::date, 0, 0, false, false, '', $8::jsonb)",
        pg::params()
            .add(r.subject.value)
            .add(r.id.value)
            .add(number)
            .add(at.value)
            .add(static_cast<int>(change))
            .add(value("_JDRQ"))
            .add(value("_JZRQ"))
            .add(text::to_json(content))));
    must(c_.commit());
  }

  void event(const stored_record& r, policy::event_kind kind, date happened_on) {
    must(c_.begin());
    const position at =
        append({.kind = journal::kind::record_event, .subject = r.subject, .record = r.id});
    must(
        c_.exec("INSERT INTO record_event (subject_id, record_id, event_number, position, kind, "
                "happened_on, document, authority_id, actor, reason) VALUES ($1::bigint, "
                "$2::bigint, $3::integer, $3::bigint, $4::smallint, $5::date, '决定书', 1, "
                "'tester', 'trial')",
                pg::params()
                    .add(r.subject.value)
                    .add(r.id.value)
                    .add(at.value)
                    .add(static_cast<int>(kind))
                    .add(happened_on)));
    must(c_.commit());
  }

  void purge(const stored_record& r) {
    const auto both = pg::params().add(r.subject.value).add(r.id.value);
    must(c_.begin());
    append({.kind = journal::kind::record_purged, .subject = r.subject, .record = r.id});
    must(
        c_.exec("DELETE FROM record_version WHERE subject_id = $1::bigint AND record_id = "
                "$2::bigint",
                both));
    must(c_.exec("DELETE FROM record WHERE subject_id = $1::bigint AND record_id = $2::bigint",
                 both));
    must(c_.commit());
  }

  // As purge leaves it: that a record was there, and its dates.
  void end_content(const stored_record& r) {
    must(c_.begin());
    append({.kind = journal::kind::record_purged, .subject = r.subject, .record = r.id});
    must(
        c_.exec("UPDATE record_version SET content = NULL WHERE subject_id = $1::bigint AND "
                "record_id = $2::bigint",
                pg::params().add(r.subject.value).add(r.id.value)));
    must(c_.commit());
  }

  std::string all_inquiries() {
    const auto r =
        must(c_.exec("SELECT string_agg(i::text, '; ' ORDER BY inquiry_id) FROM inquiry i"));
    return std::string(r.text(0, 0));
  }

 private:
  position append(const journal::change& what) {
    return must(journal::append(c_, {what}, {journal::action::rows_handed_in, "tester", "trial"},
                                std::chrono::sys_days(std::chrono::year(2026) / 1 / 1)));
  }
  void write_name(subject_id id, const std::string& name, position at) {
    must(
        c_.exec("INSERT INTO subject_name (subject_id, position, name) VALUES ($1::bigint, "
                "$2::bigint, $3::text)",
                pg::params().add(id.value).add(at.value).add(name)));
  }
  void write_code(subject_id id, const std::string& code, position at) {
    must(
        c_.exec("INSERT INTO identifier (subject_id, kind, value, position) VALUES ($1::bigint, 1, "
                "$2::text, $3::bigint)",
                pg::params().add(id.value).add(code).add(at.value)));
    must(
        c_.exec("INSERT INTO identifier_key (kind, value, subject_id) VALUES (1, $2::text, "
                "$1::bigint)",
                pg::params().add(id.value).add(code)));
  }

  std::string conninfo_;
  pg::connection c_;
};

// A folder of its own for a key file; gone with it.
class trial_keys {
 public:
  trial_keys() : folder_((std::filesystem::temp_directory_path() / "lixin-check-XXXXXX").string()) {
    if (::mkdtemp(folder_.data()) == nullptr) throw std::runtime_error("no folder for keys");
    keys_.emplace(must(crypto::key_file::open_or_create(folder_ + "/keys")));
  }
  trial_keys(const trial_keys&) = delete;
  trial_keys& operator=(const trial_keys&) = delete;
  ~trial_keys() { std::filesystem::remove_all(folder_); }
  const crypto::key_file& get() const { return *keys_; }

 private:
  std::string folder_;
  std::optional<crypto::key_file> keys_;
};

}  // namespace lixin::measure::testing
