// Holds the schema to the rules of a cluster (docs/architecture.md, "Data") by reading PostgreSQL's
// own catalogue after all migrations. Each rule is a query for what breaks it.
#include <gtest/gtest.h>

#include "lixin/migrations.h"
#include "pg/pg.h"
#include "pg/test_server.h"

namespace lixin {
namespace {

class schema_test : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = pg::connection::open(pg::test_server::fresh_database());
    ASSERT_TRUE(opened.ok());
    c_.emplace(std::move(opened).value());
    const auto all = migrations();
    const auto applied = pg::migrate(*c_, all);
    ASSERT_TRUE(applied.ok()) << applied.error().text(language::en);
    ASSERT_EQ(static_cast<std::size_t>(*applied), all.size());
  }
  // The first column of each row, one a line: what breaks the rule.
  std::string offenders(std::string_view sql) {
    const auto r = c_->exec(sql);
    EXPECT_TRUE(r.ok()) << r.error().text(language::en);
    std::string out;
    for (int i = 0; r.ok() && i < r->size(); ++i) out += std::string(r->text(i, 0)) + "\n";
    return out;
  }
  std::optional<pg::connection> c_;
};

constexpr std::string_view tables =
    "WITH t AS (SELECT c.oid, c.relname AS name, coalesce(substring(obj_description(c.oid) FROM "
    "'^class: (\\w+)'), '') AS class FROM pg_class c WHERE c.relnamespace = 'lixin'::regnamespace "
    "AND "
    "c.relkind IN ('r', 'p') AND c.relname <> 'migration') ";

std::string over_tables(std::string_view rest) { return std::string(tables) + std::string(rest); }

TEST_F(schema_test, every_table_names_its_class) {
  EXPECT_EQ(offenders(over_tables("SELECT name FROM t WHERE class NOT IN ('subject', 'key', "
                                  "'reference', 'local')")),
            "");
}

TEST_F(schema_test, every_table_has_a_primary_key) {
  EXPECT_EQ(
      offenders(over_tables("SELECT name FROM t WHERE NOT EXISTS (SELECT 1 FROM pg_constraint k "
                            "WHERE k.conrelid = t.oid AND k.contype = 'p')")),
      "");
}

constexpr std::string_view without_subject =
    "SELECT t.name || ' ' || i.relname FROM t JOIN pg_index x ON x.indrelid = t.oid JOIN pg_class "
    "i ON "
    "i.oid = x.indexrelid WHERE t.class = 'subject' AND (x.indisunique OR x.indisexclusion) AND "
    "NOT "
    "EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'subject_id' "
    "AND "
    "a.attnum = ANY (x.indkey))";

TEST_F(schema_test, keys_of_a_subjects_table_hold_the_subject) {
  EXPECT_EQ(offenders(over_tables(without_subject)), "");
}

TEST_F(schema_test, subject_id_is_a_bigint_and_never_null_in_a_subjects_table) {
  EXPECT_EQ(
      offenders(over_tables(
          "SELECT t.name FROM t LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = "
          "'subject_id' WHERE t.class = 'subject' AND (a.attnum IS NULL OR NOT a.attnotnull OR "
          "a.atttypid <> 'bigint'::regtype)")),
      "");
}

TEST_F(schema_test, foreign_keys_stay_with_one_subject_or_go_to_reference_tables) {
  EXPECT_EQ(offenders(over_tables(
                "SELECT k.conname FROM pg_constraint k JOIN t f ON f.oid = k.conrelid JOIN t r ON "
                "r.oid = "
                "k.confrelid WHERE k.contype = 'f' AND r.class <> 'reference' AND NOT (f.class = "
                "'subject' "
                "AND r.class = 'subject' AND EXISTS (SELECT 1 FROM unnest(k.conkey, k.confkey) AS "
                "p(a, b) "
                "JOIN pg_attribute x ON x.attrelid = f.oid AND x.attnum = p.a AND x.attname = "
                "'subject_id' "
                "JOIN pg_attribute y ON y.attrelid = r.oid AND y.attnum = p.b AND y.attname = "
                "'subject_id'))")),
            "");
}

TEST_F(schema_test, no_triggers_rules_or_inheritance) {
  EXPECT_EQ(offenders(over_tables("SELECT t.name || ' ' || g.tgname FROM t JOIN pg_trigger g ON "
                                  "g.tgrelid = t.oid WHERE NOT g.tgisinternal")),
            "");
  EXPECT_EQ(offenders(over_tables("SELECT t.name FROM t JOIN pg_rewrite w ON w.ev_class = t.oid")),
            "");
  EXPECT_EQ(
      offenders(over_tables("SELECT t.name FROM t JOIN pg_inherits h ON h.inhparent = t.oid JOIN "
                            "pg_class c ON c.oid = h.inhrelid WHERE c.relkind = 'p'")),
      "");
}

TEST_F(schema_test, no_default_computes_a_time) {
  EXPECT_EQ(
      offenders(over_tables("SELECT t.name || ' ' || pg_get_expr(d.adbin, d.adrelid) FROM t JOIN "
                            "pg_attrdef d ON d.adrelid = t.oid WHERE pg_get_expr(d.adbin, "
                            "d.adrelid) ~* 'now\\(|current_|clock_|random|statement_time'")),
      "");
}

TEST_F(schema_test, numbers_that_grow_are_bigint) {
  EXPECT_EQ(offenders(over_tables("SELECT t.name || '.' || a.attname FROM t JOIN pg_attribute a ON "
                                  "a.attrelid = t.oid WHERE a.attidentity <> '' AND t.class <> "
                                  "'reference' AND a.atttypid <> 'bigint'::regtype")),
            "");
}

TEST_F(schema_test, no_column_can_hold_a_persons_score_or_number_in_clear) {
  EXPECT_EQ(offenders(over_tables("SELECT t.name || '.' || a.attname FROM t JOIN pg_attribute a ON "
                                  "a.attrelid = t.oid WHERE a.attnum > 0 AND a.attname ~* "
                                  "'score|grade|rating|resident|passport|id_number|person' AND NOT "
                                  "(t.name = 'sealed_record' AND a.attname = 'person_digest')")),
            "");
}

TEST_F(schema_test, natural_persons_are_no_kind_of_subject) {
  // The registry's own check; the kinds of catalogue::subject_kind are 1 to 5.
  ASSERT_FALSE(c_->exec("INSERT INTO subject (kind, registered_at, credit_code, name) VALUES "
                        "(6, 1, '', '')")
                   .ok());
}

TEST_F(schema_test, migrating_again_does_nothing) {
  const auto again = pg::migrate(*c_, migrations());
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(*again, 0);
}

// The rules can fail: a table that breaks them is named.
TEST_F(schema_test, a_bad_table_is_found) {
  ASSERT_TRUE(
      c_->script("CREATE TABLE bad (subject_id bigint, id bigint PRIMARY KEY); COMMENT ON TABLE "
                 "bad IS 'class: subject.'")
          .ok());
  EXPECT_EQ(offenders(over_tables(without_subject)), "bad bad_pkey\n");
}

}  // namespace
}  // namespace lixin
