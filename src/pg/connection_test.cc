#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pg/errc.h"
#include "pg/pg.h"
#include "pg/test_server.h"

namespace lixin::pg {
namespace {

using testing::HasSubstr;
using testing::Not;

class connection_test : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    conninfo_ = new std::string(test_server::fresh_database());
    ASSERT_TRUE(open().script("create schema lixin").ok());
  }
  static void TearDownTestSuite() { delete conninfo_; }
  static connection open(const std::string& more = "") {
    auto c = connection::open(*conninfo_ + more);
    LIXIN_ASSERT(c.ok());
    return std::move(c).value();
  }
  // The error of a statement that must fail.
  static error failing(connection& c, std::string_view sql, const params& p = {}) {
    auto r = c.exec(sql, p);
    LIXIN_ASSERT(!r.ok());
    return std::move(r).error();
  }
  static void terminate(connection& victim) {
    const auto pid = victim.exec("select pg_backend_pid()")->int64(0, 0);
    auto other = open();
    // Waits until it is gone.
    ASSERT_TRUE(other.exec("select pg_terminate_backend($1::int, 10000)", params().add(pid))
                    ->boolean(0, 0));
  }

  static std::string* conninfo_;
};
std::string* connection_test::conninfo_ = nullptr;

TEST_F(connection_test, sets_up_the_session) {
  auto c = open();
  const auto setting = [&](const char* name) {
    return std::string(c.exec("select current_setting($1::text)", params().add(name))->text(0, 0));
  };
  EXPECT_EQ(setting("search_path"), "lixin");
  EXPECT_EQ(setting("TimeZone"), "UTC");
  EXPECT_EQ(setting("DateStyle"), "ISO, YMD");
  EXPECT_EQ(setting("client_encoding"), "UTF8");
  EXPECT_EQ(setting("client_min_messages"), "warning");
  EXPECT_EQ(setting("statement_timeout"), "10min");
  EXPECT_EQ(setting("lock_timeout"), "1min");
  EXPECT_EQ(setting("idle_in_transaction_session_timeout"), "10min");
  EXPECT_EQ(setting("application_name"), "lixin");
}

TEST_F(connection_test, keeps_what_the_caller_sets) {
  auto c = open(" application_name=other options='-c statement_timeout=7s' client_encoding=GBK");
  EXPECT_EQ(c.exec("show statement_timeout")->text(0, 0), "7s");
  EXPECT_EQ(c.exec("show application_name")->text(0, 0), "other");
  EXPECT_EQ(c.exec("show client_encoding")->text(0, 0), "UTF8");  // not the caller's to choose
}

TEST_F(connection_test, says_why_it_cannot_connect) {
  const auto none = connection::open("host=/nonexistent dbname=x");
  ASSERT_FALSE(none.ok());
  EXPECT_TRUE(none.error().is(errc::cannot_connect));
  EXPECT_EQ(none.error().kind(), failure::unavailable);
  EXPECT_THAT(none.error().args()[1], HasSubstr("/nonexistent"));
  EXPECT_THAT(none.error().args()[1], Not(HasSubstr("\n")));
  EXPECT_TRUE(connection::open(*conninfo_ + " dbname=none").error().is(errc::cannot_connect));
}

TEST_F(connection_test, a_wrong_address_is_not_repeated) {
  for (const char* address : {"host=x passwort=geheim", "postgresql://u:geheim@[", "= geheim"}) {
    const auto c = connection::open(address);
    ASSERT_FALSE(c.ok()) << address;
    EXPECT_TRUE(c.error().is(errc::bad_conninfo)) << address;
    EXPECT_THAT(c.error().text(language::en), Not(HasSubstr("geheim")));
  }
}

TEST_F(connection_test, refuses_a_database_that_is_not_utf8) {
  ASSERT_TRUE(
      open().script("create database latin encoding 'LATIN1' locale 'C' template template0").ok());
  const auto c = connection::open(*conninfo_ + " dbname=latin");
  ASSERT_FALSE(c.ok());
  EXPECT_TRUE(c.error().is(errc::not_utf8));
  EXPECT_EQ(c.error().args()[1], "LATIN1");
}

TEST_F(connection_test, parameters_arrive_as_they_were) {
  auto c = open();
  const std::string quoted = "' \" \\ $1 -- 沧州\n\t{},NULL";
  const std::string binary("\0\1\xff'\\", 5);
  const std::vector<std::int64_t> numbers{1, -2, INT64_MIN, INT64_MAX};
  const std::vector<std::string> texts{"", "NULL", "a,b", "{x}", quoted};
  const auto r = c.exec(
      "select $1::bigint, $2::text, $3::bool, $4::date, $5::bytea, $6::text, $7::bigint[], "
      "$8::text[], $9::bigint, $10::text",
      params()
          .add(INT64_MIN)
          .add(quoted)
          .add(false)
          .add(date(2024, 2, 29))
          .add_bytes(binary)
          .add_null()
          .add(numbers)
          .add(texts)
          .add(std::optional<std::int64_t>())
          .add(std::optional<std::string>("")));
  ASSERT_TRUE(r.ok()) << r.error().text(language::en);
  EXPECT_EQ(r->size(), 1);
  EXPECT_EQ(r->int64(0, 0), INT64_MIN);
  EXPECT_EQ(r->text(0, 1), quoted);
  EXPECT_FALSE(r->boolean(0, 2));
  EXPECT_EQ(r->day(0, 3), date(2024, 2, 29));
  EXPECT_EQ(r->bytes(0, 4), binary);
  EXPECT_TRUE(r->is_null(0, 5));
  EXPECT_EQ(r->text(0, 5), "");
  EXPECT_EQ(r->text(0, 6), "{1,-2,-9223372036854775808,9223372036854775807}");
  EXPECT_EQ(r->optional_int64(0, 8), std::nullopt);
  EXPECT_EQ(r->int64(0, 8), 0);
  EXPECT_EQ(r->optional_day(0, 8), std::nullopt);
  EXPECT_FALSE(r->is_null(0, 9));

  const auto elements = c.exec(
      "select t from unnest($1::text[]) with ordinality u(t, n) order by n", params().add(texts));
  ASSERT_TRUE(elements.ok());
  ASSERT_EQ(elements->size(), static_cast<int>(texts.size()));
  for (int i = 0; i < elements->size(); ++i)
    EXPECT_EQ(elements->text(i, 0), texts[static_cast<std::size_t>(i)]);
  EXPECT_EQ(
      c.exec("select cardinality($1::bigint[])", params().add(std::span<const std::int64_t>()))
          ->int64(0, 0),
      0);
}

TEST_F(connection_test, a_zero_byte_in_text_is_refused_and_not_cut) {
  auto c = open();
  const error e =
      failing(c, "select $1::int, $2::text", params().add(1).add(std::string_view("a\0b", 3)));
  EXPECT_TRUE(e.is(errc::zero_byte));
  EXPECT_EQ(e.args(), (std::vector<std::string>{"22021", "2"}));
}

TEST_F(connection_test, dates_of_all_years_are_read) {
  auto c = open();
  const auto r = c.exec("select '0044-03-15 BC'::date, '0001-01-01'::date, '12024-12-31'::date");
  ASSERT_TRUE(r.ok());
  EXPECT_EQ(r->day(0, 0), date(-43, 3, 15));
  EXPECT_EQ(r->day(0, 1), date(1, 1, 1));
  EXPECT_EQ(r->day(0, 2), date(12024, 12, 31));
  EXPECT_EQ(r->optional_day(0, 1), date(1, 1, 1));
}

TEST_F(connection_test, counts_the_rows_it_touched) {
  auto c = open();
  ASSERT_TRUE(c.script("create table counted (a int); insert into counted select 1 from "
                       "generate_series(1, 5)")
                  .ok());
  EXPECT_EQ(c.exec("update counted set a = 2")->affected(), 5);
  EXPECT_EQ(c.exec("delete from counted where a = 1")->affected(), 0);
  EXPECT_TRUE(c.exec("select 1 where false")->empty());
}

TEST_F(connection_test, one_statement_only_where_parameters_may_be) {
  auto c = open();
  EXPECT_EQ(failing(c, "select 1; select 2").args()[0], "42601");
}

TEST_F(connection_test, errors_never_hold_a_rows_data) {
  auto c = open();
  ASSERT_TRUE(c.script("create table careful (a bigint primary key, b text unique not null, "
                       "c varchar(3), constraint careful_c check (c <> 'bad'))")
                  .ok());
  ASSERT_TRUE(c.script("insert into careful values (1, 'marker', 'x')").ok());
  struct failing_case {
    std::string_view sql;
    std::string_view sqlstate;
    std::string_view says;
  };
  const std::vector<failing_case> cases{
      {"select 'marker'::bigint", "22P02", "form of its type"},
      {"select 'marker'::date", "22007", "not a date"},
      {"select 'marker'::jsonb", "22P02", "form of its type"},
      {"select '{\"marker\"'::jsonb", "22P02", "form of its type"},
      {"select to_date('marker', 'YYYY')", "22007", "not a date"},
      {"insert into careful values (2, 'marker', 'y')", "23505", "constraint careful_b_key"},
      {"insert into careful values (2, null, 'marker')", "22001", "longer"},
      {"insert into careful values (2, null, 'mar')", "23502", "column b"},
      {"insert into careful values (2, 'marker2', 'bad')", "23514", "constraint careful_c"},
      {"do $$ begin raise exception 'marker' using detail = 'marker', hint = 'marker'; end $$",
       "P0001", "a rule of the database is broken"},
  };
  for (const failing_case& f : cases) {
    const error e = failing(c, f.sql);
    ASSERT_GE(e.args().size(), 2u);
    EXPECT_EQ(e.args()[0], f.sqlstate) << f.sql;
    EXPECT_THAT(e.args()[1], HasSubstr(std::string(f.says))) << f.sql;
    for (const language lang : {language::zh, language::en})
      EXPECT_THAT(e.text(lang), Not(HasSubstr("mar"))) << f.sql;
  }
  EXPECT_THAT(failing(c, "select nothing_such").args()[1], HasSubstr("nothing_such"));
}

TEST_F(connection_test, kinds_of_errors_are_told_apart) {
  auto c = open();
  const auto raised = [&](const std::string& sqlstate) {
    auto done = c.script("do $$ begin raise exception using errcode = '" + sqlstate + "'; end $$");
    return std::move(done).error();
  };
  const std::vector<std::pair<std::string, const message*>> cases{
      {"23505", &errc::duplicate}, {"40001", &errc::try_again},   {"40P01", &errc::try_again},
      {"55P03", &errc::locked},    {"57014", &errc::cancelled},   {"53100", &errc::disk_full},
      {"25006", &errc::read_only}, {"08006", &errc::server_gone}, {"42883", &errc::database_error}};
  for (const auto& [sqlstate, expected] : cases) {
    const error e = raised(sqlstate);
    EXPECT_TRUE(e.is(*expected)) << sqlstate << ": " << e.code();
    EXPECT_EQ(e.args()[0], sqlstate);
  }
}

TEST_F(connection_test, waiting_ends) {
  auto holder = open();
  auto waiter = open(" options='-c statement_timeout=100'");
  ASSERT_TRUE(holder.script("create table held (a int)").ok());
  ASSERT_TRUE(holder.begin().ok());
  ASSERT_TRUE(holder.script("lock table held").ok());
  ASSERT_TRUE(waiter.script("set lock_timeout to '20ms'").ok());
  EXPECT_TRUE(failing(waiter, "select * from held").is(errc::locked));
  EXPECT_TRUE(failing(waiter, "select pg_sleep(20)").is(errc::cancelled));
  holder.rollback();
}

TEST_F(connection_test, a_lost_server_is_noticed) {
  auto c = open();
  terminate(c);
  const error e = failing(c, "select 1");
  EXPECT_TRUE(e.is(errc::server_gone)) << e.code();
  EXPECT_EQ(e.kind(), failure::unavailable);
  EXPECT_FALSE(c.alive());
  EXPECT_TRUE(failing(c, "select 1").is(errc::server_gone));
  c.rollback();  // quiet
}

TEST_F(connection_test, a_lost_answer_to_commit_is_not_called_a_failure) {
  auto c = open();
  ASSERT_TRUE(c.begin().ok());
  terminate(c);
  const auto done = c.commit();
  ASSERT_FALSE(done.ok());
  EXPECT_TRUE(done.error().is(errc::commit_unknown)) << done.error().code();
}

TEST_F(connection_test, transactions_commit_or_roll_back) {
  auto c = open();
  ASSERT_TRUE(c.script("create table kept (a int)").ok());
  {
    auto t = transaction::begin(c);
    ASSERT_TRUE(t.ok());
    ASSERT_TRUE(c.exec("insert into kept values (1)").ok());
  }
  EXPECT_EQ(c.exec("select count(*) from kept")->int64(0, 0), 0);
  {
    auto t = transaction::begin(c);
    ASSERT_TRUE(t.ok());
    ASSERT_TRUE(c.exec("insert into kept values (1)").ok());
    ASSERT_TRUE(t->commit().ok());
  }
  EXPECT_EQ(c.exec("select count(*) from kept")->int64(0, 0), 1);
  c.rollback();
  EXPECT_EQ(c.exec("select count(*) from kept")->int64(0, 0), 1);
}

// PostgreSQL answers such a COMMIT without an error.
TEST_F(connection_test, commit_of_a_failed_transaction_fails) {
  auto c = open();
  auto t = transaction::begin(c);
  ASSERT_TRUE(t.ok());
  EXPECT_FALSE(c.exec("select 1 / 0").ok());
  const auto done = t->commit();
  ASSERT_FALSE(done.ok());
  EXPECT_TRUE(done.error().is(errc::rolled_back));
}

TEST_F(connection_test, a_moved_connection_goes_on) {
  auto a = open();
  connection b = std::move(a);
  EXPECT_FALSE(a.alive());  // NOLINT: what is left of it must be harmless
  EXPECT_FALSE(a.exec("select 1").ok());
  EXPECT_TRUE(b.exec("select 1").ok());
}

}  // namespace
}  // namespace lixin::pg
