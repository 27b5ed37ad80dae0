#include "city/shape.h"

#include <array>
#include <string>

#include "base/assert.h"

namespace lixin::city {
namespace {

constexpr std::array<column, 19> registration_columns{{
    {"QY_MC", "企业名称"},
    {"QY_SHXYM", "统一社会信用代码"},
    {"QY_CLRQ", "成立日期"},
    {"QY_LX", "类型"},
    {"QY_SF", "省份"},
    {"QY_CS", "城市"},
    {"QY_QX", "区县"},
    {"QY_DJJG", "登记机关"},
    {"QY_DJZT", "登记状态"},
    {"QY_FDDBR", "法定代表人"},
    {"QY_ZS", "住所"},
    {"QY_ZCZB", "注册资本（万元）"},
    {"QY_JYFW", "经营范围"},
    {"QY_ZZJG", "组织机构代码"},
    {"QY_GSZC", "工商注册号"},
    {"QY_CYM", "曾用名"},
    {"QY_HZRQ", "核准日期"},
    {"QY_ZXRQ", "注销日期"},
    {"BZ", "备注"},
}};

constexpr std::array<column, 32> licence_columns{{
    {"XK_XDR_MC", "行政相对人名称"},
    {"XK_XDR_LB", "行政相对人类别"},
    {"XK_XDR_SHXYM", "行政相对人代码_1（统一社会信用代码）"},
    {"XK_XDR_GSZC", "行政相对人代码_2（工商注册号）"},
    {"XK_XDR_ZZJG", "行政相对人代码_3（组织机构代码）"},
    {"XK_XDR_SWDJ", "行政相对人代码_4（税务登记号）"},
    {"XK_XDR_SYDW", "行政相对人代码_5（事业单位证书号）"},
    {"XK_XDR_SHZZ", "行政相对人代码_6（社会组织登记证号）"},
    {"XK_FRDB", "法定代表人"},
    {"XK_FR_ZJLX", "法定代表人证件类型"},
    {"XK_FR_ZJHM", "法定代表人证件号码"},
    {"XK_XDR_ZJLX", "证件类型"},
    {"XK_XDR_ZJHM", "证件号码"},
    {"XK_XKWS", "行政许可决定文书名称"},
    {"XK_WSH", "行政许可决定文书号"},
    {"XK_XKLB", "许可类别"},
    {"XK_XKZS", "许可证书名称"},
    {"XK_XKBH", "许可编号"},
    {"XK_NR", "许可内容"},
    {"XK_JDRQ", "许可决定日期"},
    {"XK_YXQZ", "有效期自"},
    {"XK_YXQZI", "有效期至"},
    {"XK_XKJG", "许可机关"},
    {"XK_XKJGDM", "许可机关统一社会信用代码"},
    {"XK_ZT", "当前状态"},
    {"XK_LYDW", "数据来源单位"},
    {"XK_LYDWDM", "数据来源单位统一社会信用代码"},
    {"BZ", "备注"},
    {"XK_SYFW", "信息使用范围"},
    {"DFBM", "地方编码"},
    {"SJC", "数据更新时间戳"},
    {"LX_DSRXH", "当事人序号"},
}};

constexpr std::array<column, 39> penalty_columns{{
    {"CF_XDR_MC", "行政相对人名称"},
    {"CF_XDR_LB", "行政相对人类别"},
    {"CF_XDR_SHXYM", "行政相对人代码_1（统一社会信用代码）"},
    {"CF_XDR_GSZC", "行政相对人代码_2（工商注册号）"},
    {"CF_XDR_ZZJG", "行政相对人代码_3（组织机构代码）"},
    {"CF_XDR_SWDJ", "行政相对人代码_4（税务登记号）"},
    {"CF_XDR_SYDW", "行政相对人代码_5（事业单位证书号）"},
    {"CF_XDR_SHZZ", "行政相对人代码_6（社会组织登记证号）"},
    {"CF_FRDB", "法定代表人"},
    {"CF_FR_ZJLX", "法定代表人证件类型"},
    {"CF_FR_ZJHM", "法定代表人证件号码"},
    {"CF_XDR_ZJLX", "证件类型"},
    {"CF_XDR_ZJHM", "证件号码"},
    {"CF_WSH", "行政处罚决定书文号"},
    {"CF_WFXW", "违法行为类型"},
    {"CF_SY", "违法事实"},
    {"CF_YJ", "处罚依据"},
    {"CF_CFLB", "处罚类别"},
    {"CF_NR", "处罚内容"},
    {"CF_NR_FK", "罚款金额（万元）"},
    {"CF_NR_WFFF", "没收违法所得、没收非法财物的金额（万元）"},
    {"CF_NR_ZKDX", "暂扣或吊销证照名称及编号"},
    {"CF_JDRQ", "处罚决定日期"},
    {"CF_YXQ", "处罚有效期"},
    {"CF_GSJZQ", "公示截止期"},
    {"CF_CFJG", "处罚机关"},
    {"CF_CFJGDM", "处罚机关统一社会信用代码"},
    {"CF_SJLY", "数据来源单位"},
    {"CF_SJLYDM", "数据来源单位统一社会信用代码"},
    {"BZ", "备注"},
    {"CF_CFMC", "案件名称"},
    {"CF_CFLB2", "处罚类别2"},
    {"CF_ZT", "当前状态"},
    {"GSQX", "公示期限"},
    {"DFBM", "地方编码"},
    {"SJC", "数据更新时间戳"},
    {"LX_SXDJ", "失信程度"},
    {"LX_CXLX", "处罚程序"},
    {"LX_DSRXH", "当事人序号"},
}};

constexpr std::array<column, 20> procurement_columns{{
    {"ZC_XDR_MC", "供应商或代理机构名称"},
    {"ZC_XDR_LB", "主体类别"},
    {"ZC_XDR_SHXYM", "统一社会信用代码"},
    {"ZC_XDR_ZZJG", "组织机构代码"},
    {"ZC_XDR_GSZC", "工商注册号"},
    {"ZC_FRDB", "法定代表人"},
    {"ZC_FR_ZJHM", "法定代表人证件号码"},
    {"ZC_WSH", "处罚决定文书号"},
    {"ZC_JDRQ", "处罚决定日期"},
    {"ZC_SY", "严重违法失信行为的具体情形"},
    {"ZC_JGNR", "处罚结果"},
    {"ZC_YJ", "列入依据"},
    {"ZC_TZRQ", "告知日期"},
    {"ZC_SXRQ", "生效日期"},
    {"ZC_JZRQ", "截止日期"},
    {"ZC_JJTJ", "救济途径"},
    {"ZC_JG", "执法单位"},
    {"ZC_JGDM", "执法单位统一社会信用代码"},
    {"BZ", "备注"},
    {"LX_DSRXH", "当事人序号"},
}};

constexpr std::array<column, 21> court_columns{{
    {"SX_XDR_MC", "被执行人名称"},
    {"SX_XDR_LB", "主体类别"},
    {"SX_XDR_SHXYM", "统一社会信用代码"},
    {"SX_XDR_ZZJG", "组织机构代码"},
    {"SX_XDR_GSZC", "工商注册号"},
    {"SX_FRDB", "法定代表人"},
    {"SX_FR_ZJHM", "法定代表人证件号码"},
    {"SX_WSH", "案号"},
    {"SX_JDRQ", "决定日期"},
    {"SX_SY", "失信行为具体情形"},
    {"SX_ZXYJ", "执行依据文号"},
    {"SX_LXQK", "履行情况"},
    {"SX_YJ", "列入依据"},
    {"SX_TZRQ", "告知日期"},
    {"SX_SXRQ", "生效日期"},
    {"SX_JZRQ", "截止日期"},
    {"SX_JJTJ", "救济途径"},
    {"SX_JG", "执行法院"},
    {"SX_JGDM", "执行法院统一社会信用代码"},
    {"BZ", "备注"},
    {"LX_DSRXH", "当事人序号"},
}};

constexpr std::array<column, 21> tax_columns{{
    {"SS_XDR_MC", "纳税人名称"},
    {"SS_XDR_LB", "主体类别"},
    {"SS_XDR_SHXYM", "统一社会信用代码"},
    {"SS_XDR_ZZJG", "组织机构代码"},
    {"SS_XDR_GSZC", "工商注册号"},
    {"SS_FRDB", "法定代表人"},
    {"SS_FR_ZJHM", "法定代表人证件号码"},
    {"SS_WSH", "决定文书号"},
    {"SS_JDRQ", "决定日期"},
    {"SS_SY", "主要违法事实"},
    {"SS_AJXZ", "案件性质"},
    {"SS_CFQK", "处理处罚情况"},
    {"SS_YJ", "列入依据"},
    {"SS_TZRQ", "告知日期"},
    {"SS_SXRQ", "生效日期"},
    {"SS_JZRQ", "截止日期"},
    {"SS_JJTJ", "救济途径"},
    {"SS_JG", "认定税务机关"},
    {"SS_JGDM", "认定税务机关统一社会信用代码"},
    {"BZ", "备注"},
    {"LX_DSRXH", "当事人序号"},
}};

std::size_t must(const shape& s, std::string_view code) {
  const std::size_t i = s.at(code);
  LIXIN_ASSERT(i != absent);
  return i;
}

shape make_registration() {
  shape s{.dataset = "registration", .columns = registration_columns};
  s.name = must(s, "QY_MC");
  s.credit = must(s, "QY_SHXYM");
  s.organisation = must(s, "QY_ZZJG");
  s.registration = must(s, "QY_GSZC");
  s.representative = must(s, "QY_FDDBR");
  s.decided = must(s, "QY_HZRQ");
  s.facts = must(s, "QY_JYFW");
  s.amount = must(s, "QY_ZCZB");
  s.remark = must(s, "BZ");
  return s;
}

shape make_licence() {
  shape s{.dataset = "licence",
          .columns = licence_columns,
          .takes_persons = true,
          .hand_in_working_days = 7};
  s.name = must(s, "XK_XDR_MC");
  s.party_class = must(s, "XK_XDR_LB");
  s.credit = must(s, "XK_XDR_SHXYM");
  s.registration = must(s, "XK_XDR_GSZC");
  s.organisation = must(s, "XK_XDR_ZZJG");
  s.tax = must(s, "XK_XDR_SWDJ");
  s.representative = must(s, "XK_FRDB");
  s.representative_id_type = must(s, "XK_FR_ZJLX");
  s.representative_id = must(s, "XK_FR_ZJHM");
  s.person_id_type = must(s, "XK_XDR_ZJLX");
  s.person_id = must(s, "XK_XDR_ZJHM");
  s.document = must(s, "XK_WSH");
  s.decided = must(s, "XK_JDRQ");
  s.from = must(s, "XK_YXQZ");
  s.to = must(s, "XK_YXQZI");
  s.kinds = must(s, "XK_XKLB");
  s.facts = must(s, "XK_NR");
  s.ordinal = must(s, "LX_DSRXH");
  s.remark = must(s, "BZ");
  s.authority = must(s, "XK_XKJG");
  s.authority_code = must(s, "XK_XKJGDM");
  return s;
}

shape make_penalty() {
  shape s{.dataset = "penalty",
          .columns = penalty_columns,
          .takes_persons = true,
          .hand_in_working_days = 7};
  s.name = must(s, "CF_XDR_MC");
  s.party_class = must(s, "CF_XDR_LB");
  s.credit = must(s, "CF_XDR_SHXYM");
  s.registration = must(s, "CF_XDR_GSZC");
  s.organisation = must(s, "CF_XDR_ZZJG");
  s.tax = must(s, "CF_XDR_SWDJ");
  s.representative = must(s, "CF_FRDB");
  s.representative_id_type = must(s, "CF_FR_ZJLX");
  s.representative_id = must(s, "CF_FR_ZJHM");
  s.person_id_type = must(s, "CF_XDR_ZJLX");
  s.person_id = must(s, "CF_XDR_ZJHM");
  s.document = must(s, "CF_WSH");
  s.decided = must(s, "CF_JDRQ");
  s.to = must(s, "CF_YXQ");
  s.kinds = must(s, "CF_CFLB");
  s.facts = must(s, "CF_SY");
  s.fine = must(s, "CF_NR_FK");
  s.amount = s.fine;
  s.confiscated = must(s, "CF_NR_WFFF");
  s.suspended = must(s, "CF_NR_ZKDX");
  s.procedure = must(s, "LX_CXLX");
  s.publicity = must(s, "LX_SXDJ");
  s.ordinal = must(s, "LX_DSRXH");
  s.outcome = must(s, "CF_NR");
  s.basis = must(s, "CF_YJ");
  s.remark = must(s, "BZ");
  s.authority = must(s, "CF_CFJG");
  s.authority_code = must(s, "CF_CFJGDM");
  return s;
}

// The three lists have the same columns in all but name; `p` is their prefix.
shape make_list(std::string_view dataset, std::span<const column> columns, const char* p,
                const char* outcome) {
  shape s{.dataset = dataset, .columns = columns};
  const auto of = [&](const char* rest) { return must(s, std::string(p) + rest); };
  s.name = of("_XDR_MC");
  s.party_class = of("_XDR_LB");
  s.credit = of("_XDR_SHXYM");
  s.organisation = of("_XDR_ZZJG");
  s.registration = of("_XDR_GSZC");
  s.representative = of("_FRDB");
  s.representative_id = of("_FR_ZJHM");
  s.document = of("_WSH");
  s.decided = of("_JDRQ");
  s.facts = of("_SY");
  s.outcome = of(outcome);
  s.basis = of("_YJ");
  s.notified = of("_TZRQ");
  s.effective = of("_SXRQ");
  s.to = of("_JZRQ");
  s.remedy = of("_JJTJ");
  s.authority = of("_JG");
  s.authority_code = of("_JGDM");
  s.remark = must(s, "BZ");
  s.ordinal = must(s, "LX_DSRXH");
  return s;
}

}  // namespace

std::size_t shape::at(std::string_view code) const {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].code == code) return i;
  }
  return absent;
}

const shape& registration_shape() {
  static const shape s = make_registration();
  return s;
}
const shape& licence_shape() {
  static const shape s = make_licence();
  return s;
}
const shape& penalty_shape() {
  static const shape s = make_penalty();
  return s;
}
const shape& procurement_shape() {
  static const shape s = make_list("procurement-bad-record", procurement_columns, "ZC", "_JGNR");
  return s;
}
const shape& court_shape() {
  static const shape s = make_list("court-defaulter", court_columns, "SX", "_LXQK");
  return s;
}
const shape& tax_shape() {
  static const shape s = make_list("tax-violator", tax_columns, "SS", "_CFQK");
  return s;
}

}  // namespace lixin::city
