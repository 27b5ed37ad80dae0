#include <gmock/gmock.h>

#include "catalogue/errc.h"
#include "catalogue/row_check.h"
#include "catalogue/test_packs.h"

namespace lixin::catalogue {
namespace {

class heading : public ::testing::Test {
 protected:
  heading_check map(const std::vector<std::string>& texts) {
    if (pack_ == nullptr) pack_ = shipped_pack("registration");
    std::vector<tabular::cell> cells;
    for (const std::string& t : texts) cells.push_back({t, tabular::cell_kind::text});
    return map_headings(*pack_->dataset_named("registration"), cells);
  }

  std::shared_ptr<const pack> pack_;
};

TEST_F(heading, any_order_width_case_and_language) {
  const heading_check c =
      map({"ｑｙ＿ｓｈｘｙｍ", " 企业 名称 ", "注册资本(万元)", "Established on"});
  EXPECT_EQ(in_words(c.faults), "");
  EXPECT_THAT(c.map.field_of_column, ::testing::ElementsAre(1, 0, 11, 2));
  EXPECT_EQ(c.map.column_of_field[0], 1);
  EXPECT_EQ(c.map.column_of_field[1], 0);
  EXPECT_EQ(c.map.column_of_field[3], -1);
}

TEST_F(heading, unknown_doubled_and_missing_are_all_named) {
  const heading_check c = map({"企业名称", "单位名称", "成立日", "状态值"});
  ASSERT_EQ(c.faults.size(), 4U) << in_words(c.faults);
  EXPECT_TRUE(c.faults[0].is(errc::doubled_heading));
  EXPECT_EQ(c.faults[0].where().column, "单位名称");
  EXPECT_TRUE(c.faults[1].is(errc::unknown_heading));
  EXPECT_EQ(c.faults[1].args().at(3), "成立日期");
  EXPECT_TRUE(c.faults[2].is(errc::unknown_heading));
  EXPECT_TRUE(c.faults[3].is(errc::missing_heading));
  EXPECT_EQ(c.faults[3].where().column, "统一社会信用代码");
}

TEST_F(heading, blank_columns_are_let_pass) {
  const heading_check c = map({"企业名称", "", "统一社会信用代码", "", ""});
  EXPECT_EQ(in_words(c.faults), "");
  EXPECT_THAT(c.map.field_of_column, ::testing::ElementsAre(0, -1, 1, -1, -1));
}

TEST_F(heading, file_without_a_heading_shows_none_of_its_data) {
  const heading_check c = map({"张某", "11010519491231002X", "13800138000"});
  ASSERT_EQ(c.faults.size(), 1U);
  EXPECT_TRUE(c.faults[0].is(errc::no_heading));
  EXPECT_EQ(c.faults[0].text(language::zh).find("1101"), std::string::npos);
  EXPECT_EQ(map({}).faults.size(), 1U);
}

TEST_F(heading, unknown_heading_that_holds_a_number_is_not_shown) {
  const heading_check c =
      map({"企业名称", "统一社会信用代码", "11010519491231002X", "电话13800138000"});
  ASSERT_EQ(c.faults.size(), 2U);
  for (const error& e : c.faults) {
    EXPECT_TRUE(e.is(errc::unknown_heading));
    EXPECT_EQ(e.text(language::zh).find("1101"), std::string::npos);
    EXPECT_EQ(e.text(language::en).find("138"), std::string::npos);
  }
  EXPECT_EQ(c.faults[0].where().column, "#3");
}

}  // namespace
}  // namespace lixin::catalogue
