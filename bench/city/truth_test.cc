#include "city/truth.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace lixin::city {
namespace {

constexpr const char* truth_text =
    "file\trow\tfate\treasons\tflags\tdocument\tcode\n"
    "a.csv\t2\taccepted\t\tlate\t1号\t91\n"
    "a.csv\t3\trefused\tx|y\t\t2号\t\n"
    "b.csv\t2\tpending\tz\t\t3号\t\n";

comparison must_compare(const char* found) {
  std::istringstream truth(truth_text);
  std::istringstream in(found);
  auto answer = compare(truth, in);
  EXPECT_TRUE(answer.ok());
  return answer.ok() ? std::move(answer).value() : comparison{};
}

TEST(truth, equal) {
  const auto c = must_compare(
      "b.csv\t2\tpending\tz\t\na.csv\t3\trefused\tx|y\t\na.csv\t2\taccepted\t\tlate\n");
  EXPECT_TRUE(c.equal());
  EXPECT_EQ(c.compared, 3u);
}

TEST(truth, each_kind_of_difference) {
  const auto c = must_compare(
      "a.csv\t2\taccepted\t\t\n"    // not late
      "a.csv\t3\trefused\tx\t\n"    // a reason less
      "a.csv\t9\taccepted\t\t\n");  // not in the truth; b.csv 2 is not in the import
  EXPECT_FALSE(c.equal());
  const std::map<std::string, std::uint64_t> expected{
      {"flags", 1}, {"reasons", 1}, {"invented", 1}, {"missing", 1}};
  EXPECT_EQ(c.differences_of, expected);
  ASSERT_EQ(c.first.size(), 4u);
  EXPECT_EQ(c.first[0].kind, "flags");
  EXPECT_EQ(c.first[0].expected.flags, "late");
  EXPECT_EQ(c.first[3].kind, "missing");
  EXPECT_EQ(c.first[3].file, "b.csv");
}

TEST(truth, another_fate_is_said_once) {
  const auto c =
      must_compare("a.csv\t2\trefused\tx\t\na.csv\t3\trefused\tx|y\t\nb.csv\t2\tpending\tz\t\n");
  EXPECT_EQ(c.differences_of, (std::map<std::string, std::uint64_t>{{"fate", 1}}));
}

TEST(truth, shows_twenty_of_each_kind_and_counts_all) {
  std::string found;
  for (int row = 100; row < 150; ++row)
    found += "c.csv\t" + std::to_string(row) + "\taccepted\t\t\n";
  const auto c = must_compare(found.c_str());
  EXPECT_EQ(c.differences_of.at("invented"), 50u);
  EXPECT_EQ(std::ranges::count(c.first, "invented", &difference::kind), 20);
}

TEST(truth, unusable_lines_are_errors) {
  for (const char* found : {"a.csv\t2\taccepted\n", "a.csv\ttwo\taccepted\t\t\n",
                            "a.csv\t2\taccepted\t\tlate\na.csv\t2\taccepted\t\tlate\n"}) {
    std::istringstream truth(truth_text);
    std::istringstream in(found);
    EXPECT_FALSE(compare(truth, in).ok()) << found;
  }
}

}  // namespace
}  // namespace lixin::city
