// Rows that no one here made: published credit codes and their corruptions, and the real bodies
// whose codes are on public record, as registration hand-ins.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "catalogue/row_check.h"
#include "catalogue/test_packs.h"

namespace lixin::catalogue {
namespace {

class registration_rows : public ::testing::Test {
 protected:
  void SetUp() override {
    pack_ = shipped_pack("registration");
    ASSERT_NE(pack_, nullptr);
    const dataset& d = *pack_->dataset_named("registration");
    const std::vector<tabular::cell> heading{{"企业名称", tabular::cell_kind::text},
                                             {"统一社会信用代码", tabular::cell_kind::text}};
    checker_ = std::make_unique<row_checker>(d, map_headings(d, heading).map, date(2026, 11, 24));
  }
  const checked_row& check(const std::string& name, const std::string& code) {
    const std::vector<tabular::cell> cells{{name, tabular::cell_kind::text},
                                           {code, tabular::cell_kind::text}};
    checker_->check(2, cells, row_);
    return row_;
  }

  std::shared_ptr<const pack> pack_;
  std::unique_ptr<row_checker> checker_;
  checked_row row_;
};

TEST_F(registration_rows, published_codes_and_their_corruptions) {
  std::ifstream in(LIXIN_SOURCE_DIR "/../shared/data/uscc-vectors/vectors.tsv");
  if (!in) GTEST_SKIP() << "the code vectors are not beside this clone";
  std::string line;
  std::getline(in, line);
  int rows = 0;
  while (std::getline(in, line)) {
    std::istringstream parts(line);
    std::string code;
    std::string expected;
    std::getline(parts, code, '\t');
    std::getline(parts, expected, '\t');
    const checked_row& r = check("示例公司", code);
    EXPECT_EQ(r.verdict == row_verdict::clean, expected.starts_with("valid"))
        << line << "\n"
        << in_words(r.reasons);
    ++rows;
  }
  EXPECT_EQ(rows, 1586);
}

TEST_F(registration_rows, real_bodies) {
  struct body {
    const char *name, *code;
    subject_kind kind;
  };
  const body bodies[] = {
      {"华为技术有限公司", "914403001922038216", subject_kind::enterprise},
      {"腾讯科技(深圳)有限公司", "9144030071526726XG", subject_kind::enterprise},
      {"阿里巴巴(中国)有限公司", "91330100799655058B", subject_kind::enterprise},
      {"小米科技有限责任公司", "91110108551385082Q", subject_kind::enterprise},
      {"南京钢铁联合有限公司", "91320100748204660Q", subject_kind::enterprise},
      {"住房和城乡建设部", "11100000000013338W", subject_kind::government_body},
      {"民政部", "111000000000131433", subject_kind::government_body},
      {"湖北省药品监督管理局", "11420000MB15291767", subject_kind::government_body},
      {"天津市文化和旅游局", "11120000MB1529459B", subject_kind::government_body},
      {"双鸭山市公安局", "11230500001755309F", subject_kind::government_body},
      {"慈溪市浒欣谊渔具配件厂", "91330282L07196379D", subject_kind::enterprise},
      {"中国工商银行", "91100000100003962T", subject_kind::enterprise},
      {"中国建设银行", "911100001000044477", subject_kind::enterprise},
      {"中国银行", "911000001000013428", subject_kind::enterprise},
      {"比亚迪", "91440300192317458F", subject_kind::enterprise},
      {"格力电器", "91440400192548256N", subject_kind::enterprise},
      {"美的集团", "91440606722473344C", subject_kind::enterprise},
      {"贵州茅台", "9152000071430580XT", subject_kind::enterprise},
      {"招商银行", "9144030010001686XA", subject_kind::enterprise},
      {"北京大学", "12100000400002259P", subject_kind::institution},
      {"清华大学", "12100000400000624D", subject_kind::institution},
      {"上海交通大学", "1210000042500615X0", subject_kind::institution},
  };
  for (const body& b : bodies) {
    const checked_row& r = check(b.name, b.code);
    EXPECT_EQ(r.verdict, row_verdict::clean) << b.name << "\n" << in_words(r.reasons);
    EXPECT_EQ(r.party.kind, b.kind) << b.name;
    EXPECT_TRUE(r.notes.empty()) << b.name;
  }
}

}  // namespace
}  // namespace lixin::catalogue
