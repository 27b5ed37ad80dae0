// The drill of an operator: back up, go on working and purging, lose everything, restore. What was
// purged stays gone, what came after the backup is lost and said to be, all else is as it was.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

#include "archive/testing.h"
#include "support/home.h"

namespace lixin {
namespace {

namespace fs = std::filesystem;
using archive::testing::broken_rules;
using archive::testing::credit_code;
using archive::testing::must;
using archive::testing::penalty;
using archive::testing::strings;
using testing::HasSubstr;
using testing::Not;
using testing_support::bytes_of;
using testing_support::ended;
using testing_support::home;
using testing_support::write_bytes;

constexpr const char* planted = "埋下的事实";

class place {
 public:
  explicit place(home::server which) : home_(which) { home_.load_settings(); }

  const home& at() const { return home_; }
  ended run(std::vector<std::string> words) const { return home_.run(std::move(words)); }
  std::string good(std::vector<std::string> words, const std::string& day = "") const {
    const ended e = day.empty() ? home_.run(words) : home_.run(words, {{"LIXIN_CLOCK", day}});
    EXPECT_EQ(e.exit_code, 0) << e.all();
    return e.out;
  }
  void hand_in(const std::string& dataset, const std::string& text) {
    const std::string path = home_ / ("file-" + std::to_string(++files_) + ".csv");
    write_bytes(path, text);
    good({"batch", "import", "--dataset", dataset, "--authority", "scjg", path});
  }
  // Every row of every table, without the tables that say when something was done.
  std::set<std::string> rows() const {
    auto c = home_.connect();
    std::set<std::string> out;
    const auto tables = must(c.exec(
        "SELECT relname FROM pg_class WHERE relnamespace = 'lixin'::regnamespace AND relkind = "
        "'r' AND relname NOT IN ('inquiry', 'backup_made', 'pack_sheet', 'purge_state', "
        "'purged_record', 'purged_document', 'journal_head', 'audit', 'audit_head', "
        "'access_state') ORDER BY 1"));
    for (int i = 0; i < tables.size(); ++i) {
      const std::string table(tables.text(i, 0));
      const auto r = must(c.exec("SELECT t::text FROM " + table + " t"));
      for (int k = 0; k < r.size(); ++k) out.insert(table + " " + std::string(r.text(k, 0)));
    }
    return out;
  }

 private:
  home home_;
  int files_ = 0;
};

strings only_in(const std::set<std::string>& a, const std::set<std::string>& b) {
  strings out;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
  return out;
}

// The folder that `db backup --json` names, and the number of a member.
std::string member(const std::string& json, const std::string& name) {
  std::smatch m;
  EXPECT_TRUE(std::regex_search(json, m, std::regex("\"" + name + "\": \"?([^\",\n]*)")))
      << name << " in " << json;
  return m[1];
}

// A company with a penalty long over, one that stands, one to be withdrawn, and a list entry.
void first_year(place& p) {
  p.hand_in("registration", archive::testing::registrations(
                                {{"甲公司", credit_code(1)}, {"乙公司", credit_code(2)}}));
  p.hand_in("penalty",
            archive::testing::penalties({{.document = "旧一号",
                                          .code = credit_code(1),
                                          .facts = planted,
                                          .decided = "2019-01-10"},
                                         {.document = "新一号", .code = credit_code(1)}}));
  p.hand_in("penalty",
            archive::testing::penalties({{.document = "错一号", .code = credit_code(2)}}));
  p.hand_in("procurement-bad-record", archive::testing::procurement_entries(
                                          {{.document = "列一号", .code = credit_code(2)}}));
  p.good({"key", "add", "--name", "x", "--role", "centre", "--until", "2027-06-30"});
  p.good({"key", "add", "--name", "y", "--role", "centre", "--until", "2027-06-30"});
}

void second_year(place& p) {
  p.good({"key", "revoke", "1"});
  EXPECT_EQ(member(p.good({"--json", "purge", "--due"}), "records"), "1");
  p.good({"batch", "withdraw", "3", "--reason", "报送有误"});
  p.good({"record", "dispute",
          must(p.at().connect().exec("SELECT subject_id || '-' || record_id FROM record WHERE "
                                     "document = '列一号'"))
              .text(0, 0)
              .data(),
          "--document", "异议一号", "--authority", "scjg", "--reason", "示例"});
  p.hand_in("penalty",
            archive::testing::penalties({{.document = "后一号", .code = credit_code(1)}}));
}

void drill(place& p) {
  first_year(p);
  const auto made = p.good({"--json", "db", "backup", "--out", p.at() / "backups"});
  const std::string folder = member(made, "folder");
  const std::string position = member(made, "position");
  const auto before = p.rows();
  second_year(p);

  const ended refused = p.run({"db", "restore", "--from", folder});
  EXPECT_EQ(refused.exit_code, 5) << refused.all();
  EXPECT_THAT(refused.err, HasSubstr("--replace"));
  const auto out = p.good({"--json", "db", "restore", "--from", folder, "--replace"});
  EXPECT_EQ(member(out, "purged_again"), "1");
  EXPECT_EQ(std::stoll(member(out, "lost_from")), std::stoll(position) + 1);
  EXPECT_GT(std::stoll(member(out, "lost_through")), std::stoll(position) + 3);

  // A key that was revoked since the backup stays revoked.
  auto c = p.at().connect();
  EXPECT_EQ(must(c.exec("UPDATE api_key SET revoked_at = NULL, revoked_by = NULL WHERE revoked_at "
                        "IS NOT NULL RETURNING key_number"))
                .int64(0, 0),
            1);
  // What else is not as it was belongs to the purged record: its versions, document, key and
  // journal.
  const auto after = p.rows();
  for (const std::string& row : only_in(before, after)) {
    const bool of_it = row.starts_with("record_version ") || row.starts_with("record ") ||
                       row.starts_with("record_key ");
    EXPECT_TRUE(of_it) << row;
  }
  EXPECT_EQ(only_in(before, after).size(), 3U);
  const auto fresh = only_in(after, before);
  EXPECT_EQ(fresh.size(), 3U) << "version, record, purged position";
  for (const std::string& row : after) EXPECT_THAT(row, Not(HasSubstr(planted)));
  EXPECT_EQ(broken_rules(c), strings{});

  // It answers, the purged record says so, and its document is known.
  const auto archive = p.good({"subject", "show", credit_code(1)});
  EXPECT_THAT(archive, HasSubstr("内容保存期满，已清除"));
  EXPECT_THAT(archive, HasSubstr("新一号"));
  EXPECT_THAT(archive, Not(HasSubstr("后一号")));
  const std::string again = p.at() / "again.csv";
  write_bytes(again, archive::testing::penalties({{.document = "旧一号", .code = credit_code(1)}}));
  const ended refusal =
      p.run({"batch", "import", "--dataset", "penalty", "--authority", "scjg", again});
  EXPECT_EQ(refusal.exit_code, 3);
  EXPECT_THAT(refusal.out, HasSubstr("archive.retention_ended"));
  // A number that was given out after the backup is not given out again.
  p.hand_in("penalty",
            archive::testing::penalties({{.document = "又一号", .code = credit_code(1)}}));
  EXPECT_GT(must(c.exec("SELECT max(record_id) FROM record")).int64(0, 0), 60'000'000);
  EXPECT_EQ(p.good({"purge", "--due"}), p.good({"purge", "--due"}));
  p.good({"audit", "verify"});
  const std::string kept = member(out, "kept");
  EXPECT_THAT(p.good({"db", "status"}), HasSubstr(kept));
  EXPECT_EQ(p.run({"db", "forget", "lixin"}).exit_code, 4);
  p.good({"db", "forget", kept});
  EXPECT_THAT(p.good({"db", "status"}), Not(HasSubstr(kept)));
}

TEST(drill, on_a_server_that_is_named) {
  place p(home::server::shared);
  drill(p);
}

TEST(drill, on_the_private_server_and_its_files_hold_nothing_of_what_was_purged) {
  place p(home::server::own);
  drill(p);
  p.good({"db", "backup", "--out", p.at() / "later"});
  p.good({"db", "stop"});
  bool standing = false;  // what stands is found in the same way
  for (const auto& entry : fs::recursive_directory_iterator(p.at().data() + "/postgres/base")) {
    if (!entry.is_regular_file()) continue;
    const std::string bytes = bytes_of(entry.path().string());
    EXPECT_EQ(bytes.find(planted), std::string::npos) << entry.path();
    standing = standing || bytes.find("逾期未公示年度报告") != std::string::npos;
  }
  EXPECT_TRUE(standing);
}

TEST(drill, into_an_empty_database_with_the_ledger_of_the_lost_one) {
  place lost(home::server::shared);
  first_year(lost);
  const std::string folder =
      member(lost.good({"--json", "db", "backup", "--out", lost.at() / "backups"}), "folder");
  lost.good({"purge", "--due"});
  home fresh(home::server::shared);
  // The keys are kept apart and come back first.
  fs::create_directories(fresh.data());
  fs::copy_file(lost.at().data() + "/keys", fresh.data() + "/keys");
  const ended done = fresh.run({"--json", "db", "restore", "--from", folder},
                               {{"LIXIN_LEDGER", lost.at().data() + "/purge.ledger"}});
  ASSERT_EQ(done.exit_code, 0) << done.all();
  EXPECT_EQ(member(done.out, "purged_again"), "1");
  auto c = fresh.connect();
  EXPECT_EQ(broken_rules(c), strings{});
  EXPECT_EQ(must(c.exec("SELECT count(*) FROM record_version WHERE content::text LIKE '%" +
                        std::string(planted) + "%'"))
                .int64(0, 0),
            0);
}

// A copy that was put back by other means than ours, and a restore that was stopped.
TEST(drill, nothing_answers_before_the_ledger_was_replayed) {
  place p(home::server::shared);
  first_year(p);
  p.good({"purge", "--due"});
  auto c = p.at().connect();
  must(c.exec("UPDATE purge_state SET ledger_lines = 0"));
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"subject", "show", credit_code(1)}, {"changes"}, {"tick"}, {"batch", "list"}}) {
    const ended e = p.run(words);
    EXPECT_EQ(e.exit_code, 5) << e.all();
    EXPECT_THAT(e.err, HasSubstr("lixin purge --replay"));
    EXPECT_EQ(e.out, "");
  }
  EXPECT_THAT(p.good({"db", "status"}), HasSubstr("lixin purge --replay"));
  p.good({"purge", "--replay"});
  p.good({"subject", "show", credit_code(1)});
  const std::string folder =
      member(p.good({"--json", "db", "backup", "--out", p.at() / "backups"}), "folder");
  must(c.script("CREATE SCHEMA lixin_restoring"));
  const ended e = p.run({"subject", "show", credit_code(1)});
  EXPECT_EQ(e.exit_code, 5) << e.all();
  EXPECT_THAT(e.err, HasSubstr("lixin db restore"));
  p.good({"db", "restore", "--from", folder});
  p.good({"subject", "show", credit_code(1)});
}

TEST(drill, a_wrong_cut_or_changed_backup_is_not_restored) {
  place p(home::server::shared);
  first_year(p);
  const std::string folder =
      member(p.good({"--json", "db", "backup", "--out", p.at() / "backups"}), "folder");
  const auto before = p.rows();
  const auto refused = [&](const std::string& code) {
    const ended e = p.run({"db", "restore", "--from", folder, "--replace"});
    EXPECT_EQ(e.exit_code, 2) << e.all();
    EXPECT_THAT(e.err, HasSubstr(code));
    EXPECT_EQ(p.rows(), before);
  };
  const std::string dump = bytes_of(folder + "/lixin.dump");
  write_bytes(folder + "/lixin.dump", dump.substr(0, dump.size() / 2));
  refused("damaged");
  std::string changed = dump;
  changed[changed.size() / 2] = static_cast<char>(changed[changed.size() / 2] ^ 1);
  write_bytes(folder + "/lixin.dump", changed);
  refused("damaged");
  write_bytes(folder + "/lixin.dump", dump);
  const std::string manifest = bytes_of(folder + "/manifest.json");
  write_bytes(
      folder + "/manifest.json",
      std::regex_replace(manifest, std::regex("\"position\":\"[0-9]+"), "\"position\":\"1"));
  refused("manifest");
  fs::remove(folder + "/manifest.json");
  refused("manifest");
  write_bytes(folder + "/manifest.json", manifest);
  fs::remove(folder + "/lixin.dump");
  refused("lixin.dump");
}

TEST(drill, old_backups_go_only_when_that_is_asked_for) {
  place p(home::server::shared);
  const std::string out = p.at() / "backups";
  strings folders;
  for (const char* day : {"2026-01-01", "2026-06-01", "2026-11-01"}) {
    folders.push_back(member(p.good({"--json", "db", "backup", "--out", out}, day), "folder"));
  }
  const auto listed = p.good({"db", "backup", "--out", out, "--keep-days", "100"});
  EXPECT_THAT(listed, HasSubstr(folders[0]));
  EXPECT_THAT(listed, HasSubstr(folders[1]));
  EXPECT_THAT(listed, Not(HasSubstr(folders[2])));
  for (const auto& f : folders) EXPECT_TRUE(fs::exists(f));
  p.good({"db", "backup", "--out", out, "--keep", "2", "--prune"}, "2026-12-01");
  EXPECT_FALSE(fs::exists(folders[0]));
  EXPECT_FALSE(fs::exists(folders[1]));
  EXPECT_EQ(std::distance(fs::directory_iterator(out), fs::directory_iterator()), 2);
}

TEST(drill, a_backup_that_cannot_be_written_leaves_nothing) {
  place p(home::server::shared);
  write_bytes(p.at() / "file", "");
  const ended e = p.run({"db", "backup", "--out", p.at() / "file/backups"});
  EXPECT_EQ(e.exit_code, 69) << e.all();
  EXPECT_THAT(e.err, HasSubstr("备份无法写入"));
}

}  // namespace
}  // namespace lixin
