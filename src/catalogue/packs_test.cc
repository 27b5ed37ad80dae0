// The packs that Lixin ships: clean, whole, and as the facts of the field have them.
#include <gmock/gmock.h>

#include <vector>

#include "catalogue/row_check.h"
#include "catalogue/test_packs.h"

namespace lixin::catalogue {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

std::vector<std::string> codes_until(const dataset& d, std::size_t n) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < n && i < d.fields.size(); ++i) out.push_back(d.fields[i].code);
  return out;
}

std::vector<tabular::cell> cells_of(const std::vector<std::string>& texts) {
  std::vector<tabular::cell> out;
  for (const std::string& t : texts) out.push_back({t, tabular::cell_kind::text});
  return out;
}

TEST(shipped_packs, are_clean_together) {
  const std::vector<std::shared_ptr<const pack>> packs{
      shipped_pack("registration"), shipped_pack("double-publicity"), shipped_pack("procurement")};
  for (const auto& p : packs) {
    ASSERT_NE(p, nullptr);
    EXPECT_EQ(p->digest.size(), 64U);
    bool samples = false;
    for (const sheet& s : p->sheets) samples = samples || s.name.starts_with("samples/");
    EXPECT_TRUE(samples) << p->code;
  }
  EXPECT_EQ(in_words(catalogue::cross_check(packs)), "");
  const catalogue c(packs);
  for (const char* code : {"registration", "licence", "penalty", "procurement-bad-record",
                           "court-defaulter", "tax-violator"}) {
    const dataset* d = c.find_dataset(code);
    ASSERT_NE(d, nullptr) << code;
    EXPECT_EQ(c.pack_of(*d)->code, d->pack);
  }
  ASSERT_NE(c.find_matter("procurement.bid"), nullptr);
  const auto measures = c.measures_of("procurement.bid");
  EXPECT_EQ(measures.size(), 3U);
  for (const measure* m : measures) {
    EXPECT_EQ(m->effect, effect::barred);
    EXPECT_NE(c.find_list(m->trigger_list), nullptr);
    EXPECT_EQ(m->basis.status, certainty::unverified);  // 财库〔2016〕125号 was not read
  }
  EXPECT_EQ(c.lists_of("court-defaulter").size(), 1U);
  EXPECT_EQ(c.find_dataset("nothing"), nullptr);
  EXPECT_EQ(c.find_list("nothing"), nullptr);
}

TEST(shipped_packs, licence_columns_of_2018_in_order) {
  const auto p = shipped_pack("double-publicity");
  ASSERT_NE(p, nullptr);
  const char* expected[] = {
      "XK_XDR_MC",   "XK_XDR_LB",   "XK_XDR_SHXYM", "XK_XDR_GSZC", "XK_XDR_ZZJG", "XK_XDR_SWDJ",
      "XK_XDR_SYDW", "XK_XDR_SHZZ", "XK_FRDB",      "XK_FR_ZJLX",  "XK_FR_ZJHM",  "XK_XDR_ZJLX",
      "XK_XDR_ZJHM", "XK_XKWS",     "XK_WSH",       "XK_XKLB",     "XK_XKZS",     "XK_XKBH",
      "XK_NR",       "XK_JDRQ",     "XK_YXQZ",      "XK_YXQZI",    "XK_XKJG",     "XK_XKJGDM",
      "XK_ZT",       "XK_LYDW",     "XK_LYDWDM",    "BZ"};
  EXPECT_THAT(codes_until(*p->dataset_named("licence"), 28), ElementsAreArray(expected));
}

TEST(shipped_packs, penalty_columns_of_2018_in_order) {
  const auto p = shipped_pack("double-publicity");
  ASSERT_NE(p, nullptr);
  const char* expected[] = {
      "CF_XDR_MC",   "CF_XDR_LB",   "CF_XDR_SHXYM", "CF_XDR_GSZC", "CF_XDR_ZZJG", "CF_XDR_SWDJ",
      "CF_XDR_SYDW", "CF_XDR_SHZZ", "CF_FRDB",      "CF_FR_ZJLX",  "CF_FR_ZJHM",  "CF_XDR_ZJLX",
      "CF_XDR_ZJHM", "CF_WSH",      "CF_WFXW",      "CF_SY",       "CF_YJ",       "CF_CFLB",
      "CF_NR",       "CF_NR_FK",    "CF_NR_WFFF",   "CF_NR_ZKDX",  "CF_JDRQ",     "CF_YXQ",
      "CF_GSJZQ",    "CF_CFJG",     "CF_CFJGDM",    "CF_SJLY",     "CF_SJLYDM",   "BZ"};
  const dataset& d = *p->dataset_named("penalty");
  EXPECT_THAT(codes_until(d, 30), ElementsAreArray(expected));
  EXPECT_EQ(d.hand_in_working_days, 7);
  EXPECT_EQ(d.basis.status, certainty::verified);
  EXPECT_EQ(d.retention_basis.status, certainty::unverified);
  EXPECT_TRUE(d.takes_persons);
}

TEST(shipped_packs, both_layouts_map_to_the_same_fields) {
  const auto p = shipped_pack("double-publicity");
  ASSERT_NE(p, nullptr);
  struct layout {
    const char* dataset;
    std::vector<std::string> headings;
    std::vector<std::string> fields;
  };
  const layout layouts[] = {
      {"licence",
       {"XK_WSH", "XK_XMMC", "XK_SPLB", "XK_NR", "XK_XDR", "XK_XDR_SHXYM", "XK_XDR_ZDM",
        "XK_XDR_GSDJ", "XK_XDR_SWDJ", "XK_XDR_SFZ", "XK_FR", "XK_JDRQ", "XK_JZQ", "XK_XZJG",
        "XK_ZT", "DFBM", "SJC", "BZ", "XK_SYFW"},
       {"XK_WSH", "XK_XKWS", "XK_XKLB", "XK_NR", "XK_XDR_MC", "XK_XDR_SHXYM", "XK_XDR_ZZJG",
        "XK_XDR_GSZC", "XK_XDR_SWDJ", "XK_XDR_ZJHM", "XK_FRDB", "XK_JDRQ", "XK_YXQZI", "XK_XKJG",
        "XK_ZT", "DFBM", "SJC", "BZ", "XK_SYFW"}},
      {"penalty",
       {"CF_WSH",       "CF_CFMC",    "CF_CFLB1",    "CF_CFLB2",    "CF_SY",      "CF_YJ", "CF_XDR",
        "CF_XDR_SHXYM", "CF_XDR_ZDM", "CF_XDR_GSDJ", "CF_XDR_SWDJ", "CF_XDR_SFZ", "CF_FR", "CF_JG",
        "CF_JDRQ",      "CF_XZJG",    "CF_ZT",       "DFBM",        "SJC",        "BZ",    "GSQX"},
       {"CF_WSH",    "CF_CFMC",      "CF_CFLB",     "CF_CFLB2",    "CF_SY",       "CF_YJ",
        "CF_XDR_MC", "CF_XDR_SHXYM", "CF_XDR_ZZJG", "CF_XDR_GSZC", "CF_XDR_SWDJ", "CF_XDR_ZJHM",
        "CF_FRDB",   "CF_NR",        "CF_JDRQ",     "CF_CFJG",     "CF_ZT",       "DFBM",
        "SJC",       "BZ",           "GSQX"}},
      {"penalty",
       {"行政相对人名称", "行政相对人类别", "行政相对人代码_1(统一社会信用代码)", "法定代表人",
        "行政处罚决定书文号", "违法行为类型", "违法事实", "处罚依据", "处罚类别", "处罚内容",
        "罚款金额(万元)", "处罚决定日期", "处罚有效期", "处罚机关", "处罚机关统一社会信用代码",
        "数据来源单位", "数据来源单位统一社会信用代码", "CF_FR_SFZH"},
       {"CF_XDR_MC", "CF_XDR_LB", "CF_XDR_SHXYM", "CF_FRDB", "CF_WSH", "CF_WFXW", "CF_SY", "CF_YJ",
        "CF_CFLB", "CF_NR", "CF_NR_FK", "CF_JDRQ", "CF_YXQ", "CF_CFJG", "CF_CFJGDM", "CF_SJLY",
        "CF_SJLYDM", "CF_FR_ZJHM"}},
  };
  for (const layout& l : layouts) {
    const dataset& d = *p->dataset_named(l.dataset);
    const heading_check check = map_headings(d, cells_of(l.headings));
    EXPECT_EQ(in_words(check.faults), "");
    for (std::size_t i = 0; i < l.headings.size(); ++i) {
      const int f = check.map.field_of_column[i];
      ASSERT_GE(f, 0) << l.headings[i];
      EXPECT_EQ(d.fields[static_cast<std::size_t>(f)].code, l.fields[i]);
    }
  }
}

TEST(shipped_packs, registration_takes_the_headings_of_open_registers) {
  const auto p = shipped_pack("registration");
  ASSERT_NE(p, nullptr);
  const dataset& d = *p->dataset_named("registration");
  const heading_check check = map_headings(
      d, cells_of({"企业名称", "统一社会信用代码", "成立日期", "类型", "省份", "城市"}));
  EXPECT_EQ(in_words(check.faults), "");
  EXPECT_TRUE(d.registers);
  EXPECT_EQ(d.field_with(field_role::party_class), -1);
}

TEST(shipped_packs, adverse_entries_can_take_effect_and_end) {
  const auto p = shipped_pack("procurement");
  ASSERT_NE(p, nullptr);
  for (const list& l : p->lists) {
    const dataset& d = *p->dataset_named(l.dataset);
    EXPECT_EQ(d.tone, tone::adverse);
    EXPECT_FALSE(d.takes_persons);
    EXPECT_GT(d.publicity_months_max, 0);
    EXPECT_GT(d.retention_months, 0);
    for (const field_role r : {field_role::notified_on, field_role::effective_on,
                               field_role::remedy, field_role::valid_to}) {
      EXPECT_GE(d.field_with(r), 0) << d.code;
    }
  }
  EXPECT_THAT(p->lists, ::testing::SizeIs(3));
}

}  // namespace
}  // namespace lixin::catalogue
