// What an operator loses or mixes up: keys, database, ledger, backups. Nothing answers with the
// wrong half of an installation, and each refusal says what to do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <set>

#include "archive/testing.h"
#include "support/home.h"

namespace lixin {
namespace {

namespace fs = std::filesystem;
using archive::testing::credit_code;
using archive::testing::must;
using testing::HasSubstr;
using testing_support::ended;
using testing_support::home;

class lost : public testing::Test {
 protected:
  void SetUp() override {
    home_.load_settings();
    hand_in("registration", archive::testing::registrations({{"甲公司", credit_code(1)}}));
    hand_in("penalty", archive::testing::penalties(
                           {{.document = "旧一号", .code = credit_code(1), .decided = "2019-01-10"},
                            {.document = "旧二号", .code = credit_code(1), .decided = "2019-02-10"},
                            {.document = "新一号", .code = credit_code(1)}}));
    good({"purge", "--due"});
  }
  std::string good(const std::vector<std::string>& words) const {
    const ended e = home_.run(words);
    EXPECT_EQ(e.exit_code, 0) << e.all();
    return e.out;
  }
  void refused(const std::vector<std::string>& words, int exit_code, const char* why) const {
    const ended e = home_.run(words);
    EXPECT_EQ(e.exit_code, exit_code) << e.all();
    EXPECT_THAT(e.err, HasSubstr(why));
  }
  void hand_in(const std::string& dataset, const std::string& text) {
    const std::string path = home_ / ("file-" + std::to_string(++files_) + ".csv");
    testing_support::write_bytes(path, text);
    good({"batch", "import", "--dataset", dataset, "--authority", "scjg", path});
  }
  std::string back_up() const {
    good({"db", "backup", "--out", home_ / "backups"});
    for (const auto& entry : fs::directory_iterator(home_ / "backups")) {
      return entry.path().string();
    }
    ADD_FAILURE() << "no backup";
    return {};
  }
  std::string keys() const { return home_.data() + "/keys"; }
  // A new key file, as another installation has it.
  void take_other_keys() const {
    const home other(home::server::shared);
    other.load_settings();
    other.run({"vault", "status"});
    fs::copy_file(other.data() + "/keys", keys(), fs::copy_options::overwrite_existing);
  }
  std::int64_t position() const {
    auto c = home_.connect();
    return must(journal::read_head(c)).last.value;
  }

  home home_{home::server::shared};
  int files_ = 0;
};

TEST_F(lost, keys_that_are_gone_are_not_made_anew) {
  fs::rename(keys(), home_ / "kept");
  refused({"check", credit_code(1), "--matter", "procurement.bid"}, 5, "vault keys restore");
  refused({"vault", "status"}, 5, "there is no key file");
  EXPECT_FALSE(fs::exists(keys()));
  EXPECT_THAT(good({"--json", "db", "status"}), HasSubstr("\"blocked\": \"vault.keys_gone\""));
  fs::rename(home_ / "kept", keys());
  EXPECT_THAT(good({"--json", "db", "status"}), HasSubstr("\"blocked\": null"));
  good({"check", credit_code(1), "--matter", "procurement.bid"});
}

TEST_F(lost, keys_of_another_installation_are_refused) {
  const std::string backup = back_up();
  const auto before = position();
  take_other_keys();
  refused({"vault", "status"}, 5, "is not the one that this database was always used with");
  EXPECT_THAT(good({"--json", "db", "status"}), HasSubstr("\"blocked\": \"vault.keys_foreign\""));
  refused({"db", "restore", "--from", backup, "--replace"}, 5, "nothing was restored");
  EXPECT_EQ(position(), before);
}

TEST_F(lost, a_lost_database_asks_for_its_backup) {
  const std::string ledger = home_.data() + "/purge.ledger";
  const home empty(home::server::shared);
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"subject", "show", credit_code(1)}, {"purge", "--replay"}, {"purge", "--due"}}) {
    const ended e = empty.run(words, {{"LIXIN_LEDGER", ledger}});
    EXPECT_EQ(e.exit_code, 5) << e.all();
    EXPECT_THAT(e.err, HasSubstr("Restore a backup (`lixin db restore`)"));
  }
}

TEST_F(lost, a_ledger_that_is_short_is_told) {
  const std::string backup = back_up();
  fs::remove(home_.data() + "/purge.ledger");
  EXPECT_THAT(good({"--json", "db", "status"}),
              HasSubstr("\"blocked\": \"keeping.ledger_behind\""));
  refused({"db", "restore", "--from", backup, "--replace"}, 5,
          "The database knows 2 lines of the ledger of purges, ");
}

TEST_F(lost, a_damaged_ledger_is_found_before_anything_is_replaced) {
  const std::string backup = back_up();
  const std::string ledger = home_.data() + "/purge.ledger";
  std::string bytes = testing_support::bytes_of(ledger);
  const auto day = bytes.find("2024-");  // the day on which the first line was due
  ASSERT_NE(day, std::string::npos);
  bytes[day] = '3';
  testing_support::write_bytes(ledger, bytes);
  const auto before = position();
  refused({"db", "restore", "--from", backup, "--replace"}, 5, "damaged or was changed from line");
  EXPECT_EQ(position(), before);
  EXPECT_THAT(good({"subject", "show", credit_code(1)}), HasSubstr("新一号"));
}

// Numbers given out after a backup are not given out again, however often it is restored.
TEST_F(lost, no_number_is_given_out_twice) {
  const std::string backup = back_up();
  std::set<std::string> given;
  for (int i = 0; i < 3; ++i) {
    hand_in("penalty", archive::testing::penalties({{.document = "后" + std::to_string(i) + "号",
                                                     .code = credit_code(1)}}));
    const auto r = must(home_.connect().exec(
        "SELECT max(record_id)::text, max(batch_id)::text FROM record_version"));
    EXPECT_TRUE(given.insert("record " + std::string(r.text(0, 0))).second);
    EXPECT_TRUE(given.insert("batch " + std::string(r.text(0, 1))).second);
    good({"db", "restore", "--from", backup, "--replace"});
  }
}

TEST_F(lost, one_restore_at_a_time) {
  const std::string backup = back_up();
  auto c = home_.connect();
  must(c.exec("SELECT pg_advisory_lock(x'6c6978696e2e7273'::bigint)"));
  refused({"db", "restore", "--from", backup, "--replace"}, 69, "Another restore is at work");
  must(c.exec("SELECT pg_advisory_unlock(x'6c6978696e2e7273'::bigint)"));
  must(c.script("CREATE SCHEMA lixin_restoring"));
  const ended e = home_.run({"--json", "db", "status"});
  EXPECT_EQ(e.exit_code, 5);
  EXPECT_THAT(e.out, HasSubstr("\"blocked\": \"keeping.restoring\""));
  EXPECT_THAT(e.out, HasSubstr("lixin db restore"));
}

TEST_F(lost, what_a_killed_backup_left_goes_with_the_next) {
  fs::create_directories(home_ / "backups/.part-killed");
  testing_support::write_bytes(home_ / "backups/.part-killed/lixin.dump", "content");
  refused({"db", "backup", "--out", home_ / "backups", "--prune"}, 2, "--keep-days or --keep");
  EXPECT_TRUE(fs::exists(home_ / "backups/.part-killed"));
  refused({"db", "backup", "--out", home_.data() + "/backups"}, 2, "into the data folder");
  back_up();
  EXPECT_FALSE(fs::exists(home_ / "backups/.part-killed"));
}

}  // namespace
}  // namespace lixin
