// For the tests of access: a migrated database with two authorities, a clock that is moved, keys.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "crypto/key_file.h"
#include "journal/audit.h"
#include "pg/test_server.h"

namespace lixin::access::testing_access {

class moved_clock : public clock {
 public:
  std::chrono::system_clock::time_point now() const override { return now_; }
  void pass(std::chrono::system_clock::duration time) { now_ += time; }

 private:
  std::chrono::system_clock::time_point now_ =
      std::chrono::sys_days(std::chrono::year(2026) / 11 / 24) + std::chrono::hours(2);
};

template <class T>
T must(result<T> r) {
  EXPECT_TRUE(r.ok()) << (r.ok() ? "" : r.error().text(language::en));
  LIXIN_ASSERT(r.ok());
  return std::move(r).value();
}

class access_test : public ::testing::Test {
 protected:
  void SetUp() override {
    conninfo_ = pg::test_server::fresh_database();
    c_.emplace(connect());
    const auto all = must(pg::migrations_in(LIXIN_SOURCE_DIR "/sql"));
    ASSERT_TRUE(pg::migrate(*c_, all).ok());
    run("INSERT INTO authority (code, title_zh, title_en) VALUES ('scjg', '市场监管局', ''), "
        "('ggzy', '公共资源交易中心', '')");
    char name[] = "/tmp/lixin-access-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    folder_ = name;
    keys_.emplace(must(crypto::key_file::open_or_create(folder_ + "/keys")));
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  pg::connection connect() const { return must(pg::connection::open(conninfo_)); }
  void run(const std::string& sql) {
    const auto done = c_->script(sql);
    ASSERT_TRUE(done.ok()) << done.error().text(language::en);
  }
  std::int64_t number(std::string_view sql) {
    const auto r = must(c_->exec(sql));
    return r.int64(0, 0);
  }
  // "action actor: object" of the entries after that one.
  std::vector<std::string> acts(std::int64_t after = 0) {
    std::vector<std::string> out;
    for (const auto& e : must(journal::read_audit(*c_, {.after = after, .limit = 1000}))) {
      out.push_back(std::string(journal::code_of(e.what.action)) + " " + e.what.actor + ": " +
                    e.what.object);
    }
    return out;
  }
  // Whether any row of any table of accounts, or of the audit chain, holds the text.
  bool stored_anywhere(const std::string& text) {
    return number(
               "SELECT count(*) FROM (SELECT s::text AS t FROM staff s UNION ALL SELECT "
               "n::text FROM staff_session n UNION ALL SELECT k::text FROM api_key k UNION ALL "
               "SELECT a::text FROM audit a) rows WHERE position('" +
               text + "' IN t) > 0") > 0;
  }

  std::string conninfo_, folder_;
  std::optional<pg::connection> c_;
  std::optional<crypto::key_file> keys_;
  moved_clock now_;
};

}  // namespace lixin::access::testing_access
