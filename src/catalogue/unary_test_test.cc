#include "catalogue/unary_test.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "catalogue/errc.h"

namespace lixin::catalogue {
namespace {

struct match_case {
  const char* cell;
  std::vector<const char*> hits;
  std::vector<const char*> misses;
};

TEST(unary_tests, match) {
  const match_case cases[] = {
      {"-", {"", "x", "3"}, {}},
      {" - ", {"", "x"}, {}},
      {"3", {"3", "3.0", "03"}, {"", "4", "three", "3.0000001", "-3"}},
      {"-3", {"-3"}, {"3", ""}},
      {".5", {"0.5", ".5"}, {"5"}},
      {">= 2", {"2", "2.000001", "1000000"}, {"1.999999", "", "x"}},
      {"> 2", {"2.000001"}, {"2"}},
      {"<10", {"9.999999", "-5"}, {"10"}},
      {"<= 10", {"10"}, {"10.000001"}},
      {"[1..3]", {"1", "2.5", "3"}, {"0.999999", "3.000001", ""}},
      {"(1..3)", {"1.000001", "2"}, {"1", "3"}},
      {"]1..3[", {"2"}, {"1", "3"}},
      {"[1..3)", {"1", "2.999999"}, {"3"}},
      {"[ 1 .. 3 ]", {"1", "3"}, {"4"}},
      {"[1.5..3.5]", {"1.5", "3.5"}, {"1.4", "3.6"}},
      {"\"late\",\"missed\"", {"late", "missed"}, {"", "lat", "late,missed"}},
      {"\"罚款\" , \"警告\"", {"罚款", "警告"}, {"罚", "通报批评"}},
      {"\"a,b\"", {"a,b"}, {"a", "b"}},
      {"\"say \\\"no\\\"\"", {"say \"no\""}, {"say no"}},
      {"\"back\\\\slash\"", {"back\\slash"}, {"backslash"}},
      {"not(\"a\")", {"b", "A"}, {"a", ""}},
      {"not(\"a\",\"b\")", {"c"}, {"a", "b", ""}},
      {"not(>= 2)", {"1", "x"}, {"2", ""}},
      {"1,[5..7],> 100", {"1", "6", "101"}, {"2", "8", "100"}},
      {"2024-01-01", {"2024-01-01"}, {"2024-01-02", "2024-1-1", ""}},
      {"date(\"2024-01-01\")", {"2024-01-01"}, {"2023-12-31"}},
      {">= 2024-02-29", {"2024-02-29", "2030-01-01"}, {"2024-02-28", "20240301", ""}},
      {"[2024-01-01..2024-12-31]", {"2024-06-30"}, {"2023-12-31", "2025-01-01"}},
      {"< date(\"1969-12-31\")", {"1900-01-01"}, {"1970-01-01"}},
      {"true", {"true"}, {"false", "", "1"}},
      {"false", {"false"}, {"true"}},
      {"999999999999.999999", {"999999999999.999999"}, {"999999999999.999998"}},
      {"0.1", {"0.1", "0.10"}, {"0.1000001"}},
  };
  for (const match_case& c : cases) {
    const auto tests = unary_tests::parse(c.cell);
    ASSERT_TRUE(tests.ok()) << c.cell << ": " << tests.error().text(language::en);
    for (const char* hit : c.hits) EXPECT_TRUE(tests->matches(hit)) << c.cell << " / " << hit;
    for (const char* miss : c.misses) EXPECT_FALSE(tests->matches(miss)) << c.cell << " / " << miss;
  }
}

struct fault_case {
  const char* cell;
  const char* character;
};

TEST(unary_tests, faults_name_the_character) {
  const fault_case cases[] = {
      {"", "1"},
      {"  ", "3"},
      {"abc", "1"},
      {"“罚款”", "1"},     // quotes of Chinese text
      {"\"罚款\",", "6"},  // nothing after the comma
      {"\"罚款\" \"警告\"", "6"},
      {"\"罚款", "4"},    // no closing quote
      {"\"a\\n\"", "4"},  // no such escape
      {"[1..", "5"},
      {"[1.3]", "5"},
      {"[1..3", "6"},
      {"[1..3}", "6"},
      {"[\"a\"..\"b\"]", "2"},
      {"[1..2024-01-01]", "5"},
      {">= \"a\"", "4"},
      {">=", "3"},
      {"> true", "3"},
      {"not 3", "5"},
      {"not(3", "6"},
      {"not(3) 4", "8"},
      {"not(-)", "5"},
      {"1,-", "3"},
      {"-,1", "1"},
      {"1.2345678", "1"},
      {"1234567890123", "1"},
      {"1.", "1"},
      {"2024-02-30", "1"},
      {"2024-13-01", "1"},
      {"2024-1-1", "1"},
      {"date(\"2024-02-30\")", "6"},
      {"date(2024-01-01)", "6"},
      {"date(\"2024-01-01\"", "18"},
      {"truely", "1"},
      {"3;4", "2"},
      {"== 3", "1"},
  };
  for (const fault_case& c : cases) {
    const auto tests = unary_tests::parse(c.cell);
    ASSERT_FALSE(tests.ok()) << c.cell;
    EXPECT_TRUE(tests.error().is(errc::bad_unary_test)) << c.cell;
    EXPECT_EQ(tests.error().args().at(0), c.character)
        << c.cell << ": " << tests.error().text(language::en);
    EXPECT_EQ(tests.error().args().size(), 4U);
  }
}

TEST(unary_tests, range_must_rise) {
  const auto tests = unary_tests::parse("1,[3..2]");
  ASSERT_FALSE(tests.ok());
  EXPECT_TRUE(tests.error().is(errc::range_reversed));
  EXPECT_EQ(tests.error().args().at(0), "3");
}

TEST(unary_tests, cell_is_bounded) {
  std::string cell = "1";
  while (cell.size() <= 4096) cell += ",1";
  const auto tests = unary_tests::parse(cell);
  ASSERT_FALSE(tests.ok());
  EXPECT_TRUE(tests.error().is(errc::cell_too_long));
}

}  // namespace
}  // namespace lixin::catalogue
