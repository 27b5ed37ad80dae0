#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "pg/errc.h"
#include "pg/pg.h"
#include "pg/test_server.h"

namespace lixin::pg {
namespace {

namespace fs = std::filesystem;

connection open(const std::string& conninfo) {
  auto c = connection::open(conninfo);
  LIXIN_ASSERT(c.ok());
  return std::move(c).value();
}

const std::vector<migration> two{
    {1, "0001_a.sql", "create table a (n int); create table b (n int)"},
    {2, "0002_b.sql", "insert into a values (1)"}};

TEST(migrate, lands_each_file_once) {
  auto c = open(test_server::fresh_database());
  EXPECT_EQ(migrate(c, std::span(two).first(1)).value(), 1);
  EXPECT_EQ(migrate(c, two).value(), 1);
  EXPECT_EQ(migrate(c, two).value(), 0);
  EXPECT_EQ(c.exec("select count(*) from lixin.a")->int64(0, 0), 1);
  const auto landed = c.exec(
      "select number, name, octet_length(digest) from lixin.migration "
      "order by number");
  ASSERT_EQ(landed->size(), 2);
  EXPECT_EQ(landed->text(1, 1), "0002_b.sql");
  EXPECT_EQ(landed->int64(1, 2), 32);
}

TEST(migrate, programs_at_the_same_time_land_it_once) {
  const std::string database = test_server::fresh_database();
  std::vector<std::thread> programs;
  std::array<int, 4> applied{};
  for (int& a : applied) {
    programs.emplace_back([&a, &database] {
      auto c = open(database);
      a = migrate(c, two).value();
    });
  }
  for (auto& p : programs) p.join();
  EXPECT_EQ(applied[0] + applied[1] + applied[2] + applied[3], 2);
  EXPECT_EQ(open(database).exec("select count(*) from lixin.a")->int64(0, 0), 1);
}

TEST(migrate, refuses_a_landed_file_that_was_changed) {
  auto c = open(test_server::fresh_database());
  ASSERT_TRUE(migrate(c, two).ok());
  auto changed = two;
  changed[0].sql += " ";
  const auto done = migrate(c, changed);
  ASSERT_FALSE(done.ok());
  EXPECT_TRUE(done.error().is(errc::migration_changed));
  EXPECT_EQ(done.error().args()[0], "0001_a.sql");
}

TEST(migrate, refuses_a_database_newer_than_the_program) {
  auto c = open(test_server::fresh_database());
  ASSERT_TRUE(migrate(c, two).ok());
  const auto done = migrate(c, std::span(two).first(1));
  ASSERT_FALSE(done.ok());
  EXPECT_TRUE(done.error().is(errc::database_newer));
  EXPECT_EQ(done.error().args(), (std::vector<std::string>{"2", "1"}));
}

TEST(migrate, refuses_a_gap) {
  auto c = open(test_server::fresh_database());
  EXPECT_TRUE(migrate(c, std::span(two).subspan(1)).error().is(errc::migration_gap));
  ASSERT_TRUE(migrate(c, two).ok());
  ASSERT_TRUE(c.script("delete from lixin.migration where number = 1").ok());
  EXPECT_TRUE(migrate(c, two).error().is(errc::migration_gap));
}

TEST(migrate, a_file_that_fails_leaves_nothing_and_is_named) {
  auto c = open(test_server::fresh_database());
  auto three = two;
  three.push_back({3, "0003_c.sql", "create table c (n int); create table c (n int)"});
  const auto done = migrate(c, three);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().args()[0], "42P07");
  EXPECT_EQ(done.error().where().file, "0003_c.sql");
  EXPECT_EQ(c.exec("select count(*) from lixin.migration")->int64(0, 0), 2);
  EXPECT_TRUE(c.exec("select to_regclass('lixin.c')")->is_null(0, 0));
  // The lock is free again, and the mended file lands.
  three[2].sql = "create table c (n int)";
  EXPECT_EQ(migrate(c, three).value(), 1);
}

TEST(migrate, a_file_may_not_end_its_transaction) {
  auto c = open(test_server::fresh_database());
  const std::vector<migration> one{{1, "0001_a.sql", "create table a (n int); commit"}};
  const auto done = migrate(c, one);
  ASSERT_FALSE(done.ok());
  EXPECT_TRUE(done.error().is(errc::migration_ends_transaction));
}

class migrations_in_test : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/lixin-sql-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }
  void write(const std::string& name, const std::string& sql = "select 1") const {
    std::ofstream(folder_ + "/" + name) << sql;
  }
  std::string folder_;
};

TEST_F(migrations_in_test, come_in_order_with_their_bytes) {
  write("0002_second.sql", "b\r\n");
  write("0001_first_2.sql", "a");
  write("README.md");
  const auto all = migrations_in(folder_);
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ((*all)[0].number, 1);
  EXPECT_EQ((*all)[0].name, "0001_first_2.sql");
  EXPECT_EQ((*all)[0].sql, "a");
  EXPECT_EQ((*all)[1].sql, "b\r\n");
}

TEST_F(migrations_in_test, refuse_other_names) {
  for (const char* name : {"1_a.sql", "00001_a.sql", "0001-a.sql", "0001_A.sql", "0000_a.sql",
                           "000x_a.sql", "0001_.sql", "0001_a b.sql", "-001_a.sql"}) {
    write(name);
    const auto all = migrations_in(folder_);
    ASSERT_FALSE(all.ok()) << name;
    EXPECT_TRUE(all.error().is(errc::migration_name)) << name;
    EXPECT_EQ(all.error().args()[0], name);
    fs::remove(folder_ + "/" + name);
  }
}

TEST_F(migrations_in_test, refuse_gaps_and_twins) {
  write("0002_b.sql");
  EXPECT_TRUE(migrations_in(folder_).error().is(errc::migration_gap));
  write("0001_a.sql");
  EXPECT_TRUE(migrations_in(folder_).ok());
  write("0002_c.sql");
  const auto all = migrations_in(folder_);
  ASSERT_FALSE(all.ok());
  EXPECT_TRUE(all.error().is(errc::migration_gap));
  EXPECT_EQ(all.error().args()[1], "0002_c.sql");
}

TEST_F(migrations_in_test, have_limits_and_say_when_they_cannot_be_read) {
  EXPECT_TRUE(migrations_in(folder_ + "/none").error().is(errc::migration_unreadable));
  write("0001_a.sql", std::string(5 * 1024 * 1024, ' '));
  EXPECT_TRUE(migrations_in(folder_).error().is(errc::migration_unreadable));
}

}  // namespace
}  // namespace lixin::pg
