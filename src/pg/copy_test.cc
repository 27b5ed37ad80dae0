#include <gtest/gtest.h>

#include <limits>

#include "pg/errc.h"
#include "pg/pg.h"
#include "pg/test_server.h"

namespace lixin::pg {
namespace {

using namespace std::chrono_literals;

class copy_test : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto c = connection::open(test_server::fresh_database());
    ASSERT_TRUE(c.ok());
    c_ = new connection(std::move(c).value());
    ASSERT_TRUE(c_->script("create schema lixin; create table t (a smallint, b int, c bigint, "
                           "d bool, e text, f bytea, g jsonb, h date, i timestamptz)")
                    .ok());
  }
  static void TearDownTestSuite() { delete c_; }
  void SetUp() override { ASSERT_TRUE(c_->script("truncate t").ok()); }

  static connection* c_;
};
connection* copy_test::c_ = nullptr;

constexpr const char* all_columns = "a, b, c, d, e, f, g, h, i";

TEST_F(copy_test, every_type_arrives_as_it_was) {
  const std::string binary("\0\1\xff\\", 4);
  copy_buffer out("t", all_columns);
  out.row(9);
  out.int2(std::numeric_limits<std::int16_t>::min());
  out.int4(std::numeric_limits<std::int32_t>::min());
  out.int8(std::numeric_limits<std::int64_t>::min());
  out.boolean(true);
  out.text("沧州\t\\N\n");
  out.bytes(binary);
  out.jsonb(R"({"b": [1, "信"], "a": null})");
  out.day(date(1969, 12, 31));
  out.timestamp(std::chrono::sys_days(std::chrono::days(0)) - 1ns);
  out.row(9);
  out.int2(1);
  out.int4(2);
  out.int8(std::numeric_limits<std::int64_t>::max());
  out.boolean(false);
  out.text("");
  out.bytes("");
  out.jsonb("[]");
  out.day(date(2000, 1, 1));
  out.timestamp(std::chrono::sys_days(date(2026, 11, 24).ymd()) + 13h + 5min + 123456us);
  out.row(9);
  for (int i = 0; i < 9; ++i) out.null();
  EXPECT_EQ(out.row_count(), 3u);
  const auto sent = out.send(*c_);
  ASSERT_TRUE(sent.ok()) << sent.error().text(language::en);

  const auto r = c_->exec("select * from t order by c");
  ASSERT_TRUE(r.ok());
  ASSERT_EQ(r->size(), 3);
  EXPECT_EQ(r->int64(0, 0), -32768);
  EXPECT_EQ(r->int64(0, 1), -2147483648);
  EXPECT_EQ(r->int64(0, 2), std::numeric_limits<std::int64_t>::min());
  EXPECT_TRUE(r->boolean(0, 3));
  EXPECT_EQ(r->text(0, 4), "沧州\t\\N\n");
  EXPECT_EQ(r->bytes(0, 5), binary);
  EXPECT_EQ(r->text(0, 6), R"({"a": null, "b": [1, "信"]})");
  EXPECT_EQ(r->day(0, 7), date(1969, 12, 31));
  EXPECT_EQ(r->text(0, 8), "1969-12-31 23:59:59.999999+00");
  EXPECT_EQ(r->int64(1, 2), std::numeric_limits<std::int64_t>::max());
  EXPECT_FALSE(r->is_null(1, 4));
  EXPECT_EQ(r->text(1, 4), "");
  EXPECT_EQ(r->bytes(1, 5), "");
  EXPECT_EQ(r->day(1, 7), date(2000, 1, 1));
  EXPECT_EQ(r->text(1, 8), "2026-11-24 13:05:00.123456+00");
  for (int i = 0; i < 9; ++i) EXPECT_TRUE(r->is_null(2, i)) << i;
}

TEST_F(copy_test, optional_values_become_null) {
  copy_buffer out("t", "e, h");
  out.row(2);
  out.text(std::optional<std::string>("x"));
  out.day(std::optional<date>(date(2024, 2, 29)));
  out.row(2);
  out.text(std::optional<std::string>());
  out.day(std::optional<date>());
  ASSERT_TRUE(out.send(*c_).ok());
  const auto r = c_->exec("select e, h from t order by e nulls last");
  EXPECT_EQ(r->text(0, 0), "x");
  EXPECT_EQ(r->day(0, 1), date(2024, 2, 29));
  EXPECT_TRUE(r->is_null(1, 0));
  EXPECT_TRUE(r->is_null(1, 1));
}

TEST_F(copy_test, many_pieces_make_one_copy) {
  copy_buffer out("t", "c, e");
  // Rows of all lengths, so that the pieces end in the middle of numbers and texts.
  std::int64_t expected = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text(static_cast<std::size_t>(i % 331), 'x');
    expected += static_cast<std::int64_t>(text.size()) + i;
    out.row(2);
    out.int8(i);
    out.text(text);
  }
  ASSERT_GT(out.byte_count(), 3u * 1024 * 1024);
  ASSERT_TRUE(out.send(*c_).ok());
  const auto r = c_->exec("select count(*), sum(c + length(e)) from t");
  EXPECT_EQ(r->int64(0, 0), 20'000);
  EXPECT_EQ(r->int64(0, 1), expected);
}

TEST_F(copy_test, the_buffer_is_empty_after_sending_and_can_be_used_again) {
  copy_buffer out("t", "a");
  for (std::int16_t i = 0; i < 3; ++i) {
    out.row(1);
    out.int2(i);
    ASSERT_TRUE(out.send(*c_).ok());
    EXPECT_EQ(out.row_count(), 0u);
    EXPECT_EQ(out.byte_count(), 0u);
  }
  EXPECT_EQ(c_->exec("select count(*) from t")->int64(0, 0), 3);
  out.row(1);
  out.clear();
  EXPECT_EQ(out.row_count(), 0u);
}

TEST_F(copy_test, nothing_is_sent_without_rows) {
  copy_buffer out("no_such_table", "a");
  EXPECT_TRUE(out.send(*c_).ok());
}

TEST_F(copy_test, errors_are_reported_and_the_connection_goes_on) {
  const auto refused = [&](copy_buffer out) {
    const auto sent = out.send(*c_);
    LIXIN_ASSERT(!sent.ok());
    EXPECT_EQ(out.row_count(), 0u);  // not sent again by mistake
    EXPECT_EQ(c_->exec("select count(*) from t")->int64(0, 0), 0);
    return sent.error();
  };
  copy_buffer table("no_such_table", "a");
  table.row(1);
  table.null();
  EXPECT_EQ(refused(table).args()[0], "42P01");

  copy_buffer count("t", "a, b");
  count.row(1);
  count.int2(1);
  EXPECT_EQ(refused(count).args()[0], "22P04");

  copy_buffer type("t", "c");
  type.row(1);
  type.int4(1);
  const error width = refused(type);
  EXPECT_EQ(width.args()[0], "08P01");
  EXPECT_TRUE(width.is(errc::database_error));

  for (const std::string& bad : {std::string("marker\0", 7), std::string("marker\xff")}) {
    copy_buffer text("t", "e");
    text.row(1);
    text.text(bad);
    const error e = refused(text);
    EXPECT_EQ(e.args()[0], "22021");
    EXPECT_EQ(e.text(language::en).find("marker"), std::string::npos);
  }
  copy_buffer json("t", "g");
  json.row(1);
  json.jsonb("{\"marker\"");
  EXPECT_EQ(refused(json).text(language::en).find("marker"), std::string::npos);
}

TEST_F(copy_test, is_part_of_the_callers_transaction) {
  copy_buffer out("t", "a");
  {
    auto t = transaction::begin(*c_);
    ASSERT_TRUE(t.ok());
    out.row(1);
    out.int2(1);
    ASSERT_TRUE(out.send(*c_).ok());
  }
  EXPECT_EQ(c_->exec("select count(*) from t")->int64(0, 0), 0);
}

}  // namespace
}  // namespace lixin::pg
