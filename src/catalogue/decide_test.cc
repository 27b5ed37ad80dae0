#include <gtest/gtest.h>

#include <map>

#include "catalogue/row_check.h"
#include "catalogue/test_packs.h"

namespace lixin::catalogue {
namespace {

using source = class_decision::source;
using values_by_code = std::map<std::string, std::string>;

std::vector<std::string> values_of(const dataset& d, const values_by_code& by_code) {
  std::vector<std::string> out(d.fields.size());
  for (const auto& [code, value] : by_code) {
    const int f = d.field_named(code);
    EXPECT_GE(f, 0) << code;
    out[static_cast<std::size_t>(f)] = value;
  }
  return out;
}

TEST(decide_class, penalties_by_rule_hand_in_or_provisionally) {
  const auto p = shipped_pack("double-publicity");
  ASSERT_NE(p, nullptr);
  const dataset& d = *p->dataset_named("penalty");
  struct decision_case {
    values_by_code values;
    publicity_class handed_in;
    publicity_class expected;
    source from;
    int months;
  };
  constexpr auto no_class = publicity_class::none;
  constexpr auto minor = publicity_class::minor;
  constexpr auto general = publicity_class::general;
  constexpr auto serious = publicity_class::serious;
  const decision_case cases[] = {
      {{{"CF_CFLB", "警告"}}, no_class, minor, source::rule, 0},
      {{{"CF_CFLB", "通报批评"}}, no_class, minor, source::rule, 0},
      {{{"CF_CFLB", "警告;通报批评"}}, no_class, minor, source::rule, 0},
      {{{"CF_CFLB", "罚款"}, {"CF_NR_FK", "200000"}}, no_class, general, source::provisional, 3},
      {{{"CF_CFLB", "罚款"}, {"CF_NR_FK", "99999999999999"}},
       no_class,
       general,
       source::provisional,
       3},
      {{{"CF_CFLB", "警告;罚款"}}, no_class, general, source::provisional, 3},
      {{{"CF_CFLB", "罚款;警告"}}, no_class, general, source::provisional, 3},
      {{{"CF_CFLB", "暂扣或者吊销许可证、执照"}}, no_class, general, source::provisional, 3},
      {{{"CF_CFLB", "其他-责令改正"}}, no_class, general, source::provisional, 3},
      {{}, no_class, general, source::provisional, 3},
      {{{"CF_CFLB", "罚款"}, {"LX_CXLX", "简易程序"}}, no_class, minor, source::rule, 0},
      {{{"CF_CFLB", "警告;罚款"}, {"LX_CXLX", "简易程序"}}, no_class, minor, source::rule, 0},
      {{{"CF_CFLB", "罚款"}, {"LX_CXLX", "普通程序"}}, no_class, general, source::provisional, 3},
      {{{"CF_CFLB", "警告"}, {"CF_CFLB2", "罚款"}}, no_class, general, source::provisional, 3},
      {{{"CF_CFLB", "警告"}, {"CF_CFLB2", "通报批评"}}, no_class, minor, source::rule, 0},
      {{{"CF_CFLB", "罚款"}, {"LX_SXDJ", "一般"}}, general, general, source::handed_in, 12},
      {{{"CF_CFLB", "罚款"}, {"LX_SXDJ", "严重"}}, serious, serious, source::handed_in, 36},
      {{{"CF_CFLB", "罚款"}, {"LX_SXDJ", "轻微"}}, minor, minor, source::handed_in, 0},
      {{{"CF_CFLB", "警告"}, {"LX_SXDJ", "一般"}}, general, general, source::handed_in, 12},
  };
  for (const decision_case& c : cases) {
    std::string name;
    for (const auto& [code, value] : c.values) name += code + "=" + value + " ";
    const class_decision decided = decide_class(d, values_of(d, c.values), c.handed_in);
    EXPECT_EQ(decided.publicity, c.expected) << name;
    EXPECT_EQ(decided.from, c.from) << name;
    EXPECT_EQ(decided.months, c.months) << name;
    ASSERT_NE(decided.rule, nullptr) << name;
    EXPECT_EQ(decided.rule->basis.status, certainty::verified) << name;
  }
}

TEST(decide_class, datasets_without_terms_have_no_class) {
  const auto p = shipped_pack("double-publicity");
  const auto q = shipped_pack("procurement");
  ASSERT_TRUE(p != nullptr && q != nullptr);
  for (const dataset* d : {p->dataset_named("licence"), q->dataset_named("court-defaulter")}) {
    const class_decision decided =
        decide_class(*d, std::vector<std::string>(d->fields.size()), publicity_class::none);
    EXPECT_EQ(decided.publicity, publicity_class::none);
    EXPECT_EQ(decided.from, source::none);
    EXPECT_EQ(decided.rule, nullptr);
  }
}

TEST(content, is_canonical_json_in_field_order) {
  const auto p = shipped_pack("double-publicity");
  ASSERT_NE(p, nullptr);
  const dataset& d = *p->dataset_named("penalty");
  const auto values =
      values_of(d, {{"CF_NR_FK", "200000"}, {"CF_XDR_MC", "示例\"甲\""}, {"BZ", "一\\二"}});
  EXPECT_EQ(content_json(d, values),
            "{\"CF_XDR_MC\":\"示例\\\"甲\\\"\",\"CF_NR_FK\":\"200000\",\"BZ\":\"一\\\\二\"}");
  EXPECT_EQ(content_json(d, std::vector<std::string>(d.fields.size())), "{}");
  const field& fine = d.fields[static_cast<std::size_t>(d.field_named("CF_NR_FK"))];
  EXPECT_EQ(display_value(fine, "200000"), "0.200000");
  EXPECT_EQ(display_value(fine, ""), "");
  EXPECT_EQ(display_value(d.fields[0], "示例"), "示例");
}

}  // namespace
}  // namespace lixin::catalogue
