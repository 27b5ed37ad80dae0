// Rows that samples cannot tell: what is kept, what is shown, and that nothing of a person is.
#include "catalogue/row_check.h"

#include <gmock/gmock.h>

#include <map>
#include <string>
#include <vector>

#include "catalogue/errc.h"
#include "catalogue/test_packs.h"

namespace lixin::catalogue {
namespace {

using row = std::map<std::string, std::string>;
constexpr date today(2026, 11, 24);
constexpr const char* resident = "11010519491231002X";  // the sample of GB 11643 itself

row penalty() {
  return {{"CF_XDR_MC", "沧州示例甲有限公司"},
          {"CF_XDR_LB", "法人及非法人组织"},
          {"CF_XDR_SHXYM", "91130900MA9Y00A16R"},
          {"CF_FRDB", "示例人"},
          {"CF_WSH", "沧示监罚字〔2026〕12号"},
          {"CF_WFXW", "未按规定公示年度报告"},
          {"CF_SY", "逾期未公示"},
          {"CF_YJ", "《企业信息公示暂行条例》"},
          {"CF_CFLB", "罚款"},
          {"CF_NR", "罚款贰仟元"},
          {"CF_NR_FK", "0.2"},
          {"CF_JDRQ", "2026-11-03"},
          {"CF_YXQ", "2099-12-31"},
          {"CF_CFJG", "示例机关"},
          {"CF_CFJGDM", "11130900009900013N"},
          {"CF_SJLY", "示例机关"},
          {"CF_SJLYDM", "11130900009900013N"}};
}

row person() {
  row r = penalty();
  r["CF_XDR_MC"] = "示例人";
  r["CF_XDR_LB"] = "自然人";
  r["CF_XDR_SHXYM"] = "";
  r["CF_FRDB"] = "";
  r["CF_XDR_ZJLX"] = "身份证";
  r["CF_XDR_ZJHM"] = resident;
  return r;
}

row registration() { return {{"QY_MC", "沧州示例甲有限公司"}, {"QY_SHXYM", "91130900MA9Y00A16R"}}; }

class row_check : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    double_publicity_ = shipped_pack("double-publicity");
    registration_ = shipped_pack("registration");
    procurement_ = shipped_pack("procurement");
  }
  void SetUp() override {
    ASSERT_TRUE(double_publicity_ != nullptr && registration_ != nullptr &&
                procurement_ != nullptr);
  }
  static const dataset& penalties() { return *double_publicity_->dataset_named("penalty"); }
  static const dataset& organisations() { return *registration_->dataset_named("registration"); }

  // Every field of the dataset is a column of the file; `kinds` says which cells are no text.
  static checked_row check(const dataset& d, const row& r,
                           const std::map<std::string, tabular::cell_kind>& kinds = {}) {
    std::vector<tabular::cell> heading;
    for (const field& f : d.fields) heading.push_back({f.code, tabular::cell_kind::text});
    heading_check map = map_headings(d, heading);
    EXPECT_EQ(in_words(map.faults), "");
    const row_checker checker(d, std::move(map.map), today);
    checked_row out;
    checker.check(7, cells_of(d, r, kinds), out);
    return out;
  }

  static std::vector<tabular::cell> cells_of(
      const dataset& d, const row& r, const std::map<std::string, tabular::cell_kind>& kinds = {}) {
    std::vector<tabular::cell> cells;
    for (const field& f : d.fields) {
      const auto text = r.find(f.code);
      const auto kind = kinds.find(f.code);
      cells.push_back({text == r.end() ? std::string_view() : std::string_view(text->second),
                       kind == kinds.end() ? tabular::cell_kind::text : kind->second});
    }
    return cells;
  }

  static std::string value(const dataset& d, const checked_row& r, const char* code) {
    return r.values[static_cast<std::size_t>(d.field_named(code))];
  }

  static std::vector<std::string> reasons(const checked_row& r) {
    std::vector<std::string> out;
    for (const error& e : r.reasons) out.emplace_back(e.code());
    return out;
  }

  // Everything that a caller could print of the row.
  static std::string all_words(const checked_row& r) {
    std::string out;
    for (const auto* list : {&r.reasons, &r.notes}) {
      for (const error& e : *list) {
        out += e.text(language::zh) + e.text(language::en);
        for (const std::string& a : e.args()) out += a;
      }
    }
    return out;
  }
  static std::string all_content(const checked_row& r) {
    std::string out = r.document + r.document_key + r.sealed_person;
    const party& p = r.party;
    for (const std::string* s :
         {&p.name, &p.credit_code, &p.organisation_code, &p.registration_number, &p.tax_number,
          &p.institution_certificate, &p.social_certificate}) {
      out += *s;
    }
    for (const std::string& v : r.values) out += v;
    return out;
  }

  static std::shared_ptr<const pack> double_publicity_, registration_, procurement_;
};
std::shared_ptr<const pack> row_check::double_publicity_;
std::shared_ptr<const pack> row_check::registration_;
std::shared_ptr<const pack> row_check::procurement_;

TEST_F(row_check, clean_row_is_canonical) {
  row r = penalty();
  r["CF_XDR_SHXYM"] = "９1130900ma9y00a16r ";
  r["CF_XDR_ZZJG"] = "MA9Y00A1-6";
  r["CF_CFLB"] = "警告\n罚款";
  r["CF_JDRQ"] = "2026年11月3日";
  r["CF_YXQ"] = "2027/5/1";
  r["CF_GSJZQ"] = "20270301";
  r["CF_NR"] = "  罚款　贰仟元 ";
  r["LX_SXDJ"] = "一般失信";
  r["LX_DSRXH"] = "3";
  r["CF_FR_ZJHM"] = resident;
  const checked_row out = check(penalties(), r);
  ASSERT_EQ(out.verdict, row_verdict::clean) << all_words(out);
  EXPECT_FALSE(out.personal);
  EXPECT_EQ(out.party.credit_code, "91130900MA9Y00A16R");
  EXPECT_EQ(out.party.organisation_code, "MA9Y00A16");
  EXPECT_EQ(out.party.kind, subject_kind::enterprise);
  EXPECT_EQ(out.party.name, "沧州示例甲有限公司");
  EXPECT_EQ(value(penalties(), out, "CF_CFLB"), "警告;罚款");
  EXPECT_EQ(value(penalties(), out, "CF_JDRQ"), "2026-11-03");
  EXPECT_EQ(value(penalties(), out, "CF_NR_FK"), "200000");
  EXPECT_EQ(value(penalties(), out, "CF_NR"), "罚款 贰仟元");
  EXPECT_EQ(value(penalties(), out, "LX_SXDJ"), "一般");
  EXPECT_EQ(value(penalties(), out, "CF_FR_ZJHM"), "");
  EXPECT_EQ(out.decided_on, date(2026, 11, 3));
  EXPECT_EQ(out.valid_to, date(2027, 5, 1));
  EXPECT_EQ(out.published_until, date(2027, 3, 1));
  EXPECT_EQ(out.handed_in_class, publicity_class::general);
  EXPECT_EQ(out.party_ordinal, 3);
  EXPECT_EQ(out.document, "沧示监罚字〔2026〕12号");
  EXPECT_FALSE(out.document_key.empty());
}

TEST_F(row_check, spellings_of_a_document_have_one_key) {
  row r = penalty();
  const std::string key = check(penalties(), r).document_key;
  r["CF_WSH"] = "沧示监罚字[2026] 12号";
  EXPECT_EQ(check(penalties(), r).document_key, key);
}

TEST_F(row_check, place_is_the_row_and_the_heading_of_the_file) {
  row r = penalty();
  r["CF_JDRQ"] = "昨天";
  const checked_row out = check(penalties(), r);
  ASSERT_EQ(out.reasons.size(), 1U);
  EXPECT_EQ(out.reasons[0].where().row, 7U);
  EXPECT_EQ(out.reasons[0].where().column, "CF_JDRQ");
  EXPECT_EQ(out.reasons[0].args().at(0), "昨天");
}

// A 15-digit registration number that could be an old resident number proves an organisation only
// beside a name that no person has; and no row is sealed under no number. The columns of 2015 have
// no class.
TEST_F(row_check, a_registration_number_that_may_be_a_birthday) {
  row r = penalty();
  for (const char* without : {"CF_XDR_LB", "CF_XDR_SHXYM", "CF_FRDB"}) r.erase(without);
  r["CF_XDR_GSZC"] = "130929600107284";  // digits 9 to 12: 7 January
  const auto checked = [&](const char* name) {
    r["CF_XDR_MC"] = name;
    std::vector<tabular::cell> heading;
    std::vector<tabular::cell> cells;
    for (const auto& [code, text] : r) {
      heading.push_back({code, tabular::cell_kind::text});
      cells.push_back({text, tabular::cell_kind::text});
    }
    heading_check map = map_headings(penalties(), heading);
    EXPECT_EQ(in_words(map.faults), "");
    checked_row out;
    row_checker(penalties(), std::move(map.map), today).check(7, cells, out);
    return out;
  };
  EXPECT_EQ(checked("沧州示例理发店").verdict, row_verdict::clean);
  for (const char* name : {"示例人", "示例人甲·示例人乙", "示例理发店"}) {
    const checked_row c = checked(name);
    EXPECT_EQ(c.verdict, row_verdict::refused) << name;
    EXPECT_TRUE(c.personal) << name;
    EXPECT_THAT(reasons(c), testing::ElementsAre("catalogue.sealed_without_identity")) << name;
  }
}

// The person could never find a row that is sealed under a mistyped number.
TEST_F(row_check, a_resident_number_with_a_wrong_check_sign_is_refused_and_stays_personal) {
  row r = person();
  r["CF_XDR_ZJHM"] = "110105194912310021";
  checked_row c = check(penalties(), r);
  EXPECT_EQ(c.verdict, row_verdict::refused);
  EXPECT_TRUE(c.personal);
  EXPECT_THAT(reasons(c), testing::ElementsAre("catalogue.person_number_invalid"));
  EXPECT_THAT(all_words(c) + all_content(c),
              testing::Not(testing::HasSubstr("110105194912310021")));
}

TEST_F(row_check, sealed_row_keeps_the_number_folded) {
  row r = person();
  r["CF_XDR_ZJHM"] = "110105 19491231 002x";
  const checked_row out = check(penalties(), r);
  ASSERT_EQ(out.verdict, row_verdict::sealed) << all_words(out);
  EXPECT_TRUE(out.personal);
  EXPECT_EQ(out.sealed_person, resident);
  EXPECT_EQ(value(penalties(), out, "CF_XDR_ZJHM"), resident);
  EXPECT_EQ(value(penalties(), out, "CF_XDR_MC"), "示例人");
  EXPECT_FALSE(out.party.kind.has_value());
}

// A person's number in any cell but a discarded one: never clean, never shown, never kept.
TEST_F(row_check, planted_numbers_do_not_come_back) {
  const char* numbers[] = {resident,
                           "１１０１０５１９４９１２３１００２Ｘ",
                           "110105 19491231 002X",
                           "440524800101001",
                           "13800138000",
                           "6222 0212 3456 7890 128"};
  const char* digits[] = {"11010519491231002", "110105", "1949", "440524",
                          "13800138000",       "6222",   "7890"};
  for (const row& base : {penalty(), person()}) {
    for (const field& f : penalties().fields) {
      if (f.type == field_type::discard || f.code == "CF_XDR_ZJHM") continue;
      for (const char* number : numbers) {
        row r = base;
        r[f.code] = number;
        r["CF_JDRQ"] = f.code == "CF_JDRQ" ? number : "昨天";  // a reason of another cell beside it
        const checked_row out = check(penalties(), r);
        const std::string where = f.code + " " + number;
        ASSERT_EQ(out.verdict, row_verdict::refused) << where;
        const std::string words = all_words(out);
        for (const char* d : digits) EXPECT_EQ(words.find(d), std::string::npos) << where << words;
        if (out.personal) {
          EXPECT_EQ(all_content(out), "") << where;
        }
        if (number == resident) {
          EXPECT_TRUE(out.personal) << where;
        }
      }
    }
  }
}

TEST_F(row_check, planted_numbers_in_datasets_without_persons) {
  for (const field& f : organisations().fields) {
    row r = registration();
    r[f.code] = resident;
    const checked_row out = check(organisations(), r);
    EXPECT_EQ(out.verdict, row_verdict::refused) << f.code;
    EXPECT_TRUE(out.personal) << f.code;
    EXPECT_EQ(all_content(out), "") << f.code;
    EXPECT_EQ(all_words(out).find("1949"), std::string::npos) << f.code;
  }
}

TEST_F(row_check, personal_rows_show_nothing_of_their_cells) {
  row r = person();
  r["CF_CFLB"] = "奇怪的类别";
  r["CF_JDRQ"] = "某一天";
  r["CF_NR_FK"] = "很多钱";
  r["CF_CFJGDM"] = "ABC";
  r["LX_DSRXH"] = "第一";
  const checked_row out = check(penalties(), r);
  EXPECT_EQ(out.verdict, row_verdict::refused);
  EXPECT_EQ(out.reasons.size(), 5U);
  for (const char* shown : {"奇怪", "某一天", "很多钱", "ABC", "第一", "示例人"}) {
    EXPECT_EQ(all_words(out).find(shown), std::string::npos) << shown;
  }
  EXPECT_EQ(all_content(out), "");
}

TEST_F(row_check, free_text_and_names_are_never_shown) {
  row r = penalty();
  r["CF_SY"] = std::string(6003, 'q');
  r["CF_FRDB"] = std::string(200, 'q');
  r["CF_XDR_ZJHM"] = "qqq";
  const checked_row out = check(penalties(), r);
  EXPECT_THAT(reasons(out),
              ::testing::UnorderedElementsAre("catalogue.too_long", "catalogue.too_long",
                                              "catalogue.class_against_identity"));
  EXPECT_EQ(all_words(out).find("qq"), std::string::npos);
}

TEST_F(row_check, shown_cells_are_cut) {
  row r = penalty();
  r["CF_JDRQ"] = std::string(3000, 'q');
  const checked_row out = check(penalties(), r);
  ASSERT_EQ(out.reasons.size(), 1U);
  EXPECT_EQ(out.reasons[0].args().at(0), std::string(40, 'q') + "…");
}

TEST_F(row_check, class_and_codes_say_whose_row_it_is) {
  struct who {
    const char *party_class, *credit_code, *organisation_code, *number;
    row_verdict verdict;
    bool personal;
  };
  const char* org = "法人及非法人组织";
  const char* e = "91130900MA9Y00A16R";
  const char* i = "92130902MA9Y00B20P";
  const who cases[] = {
      {org, e, "", "", row_verdict::clean, false},
      {"个体工商户", i, "", "", row_verdict::clean, false},
      {"自然人", "", "", resident, row_verdict::sealed, true},
      {"自然人", "", "", "", row_verdict::refused, true},
      {"自然人", e, "", resident, row_verdict::refused, true},
      {"", e, "", "", row_verdict::refused, false},  // the class is missing, not the person
      {"", "", "192203821", "", row_verdict::refused, false},
      {"", "", "", resident, row_verdict::refused, true},
      {"", "", "", "", row_verdict::refused, true},
      {"其他", e, "", "", row_verdict::refused, false},
      {"其他", "", "", "", row_verdict::refused, true},
      {"其他", "91130900MA9Y00A16T", "", "", row_verdict::refused, true},
      {org, "91130900MA9Y00A16T", "", "", row_verdict::refused, false},
      {org, resident, "", "", row_verdict::refused, true},
      {org, e, "", resident, row_verdict::refused, true},
      {org, e, "E12345678", "", row_verdict::refused, true},
  };
  for (const who& c : cases) {
    row r = penalty();
    r["CF_XDR_LB"] = c.party_class;
    r["CF_XDR_SHXYM"] = c.credit_code;
    r["CF_XDR_ZZJG"] = c.organisation_code;
    r["CF_XDR_ZJHM"] = c.number;
    if (*c.number != '\0') r["CF_XDR_ZJLX"] = "身份证";
    const checked_row out = check(penalties(), r);
    const std::string name = std::string(c.party_class) + "/" + c.credit_code + "/" +
                             c.organisation_code + "/" + c.number;
    EXPECT_EQ(out.verdict, c.verdict) << name << all_words(out);
    EXPECT_EQ(out.personal, c.personal) << name << all_words(out);
  }
}

TEST_F(row_check, kind_comes_from_class_code_or_number) {
  struct kind_case {
    const char *code, *number;
    std::optional<subject_kind> kind;
  };
  const kind_case cases[] = {
      {"11130900MA9Y00A162", "", subject_kind::government_body},
      {"12130900MA9Y00A16Y", "", subject_kind::institution},
      {"51130900MA9Y00A16X", "", subject_kind::social_organisation},
      {"93130900MA9Y00A16K", "", subject_kind::enterprise},
      {"N1130900MA9Y00A16C", "", subject_kind::enterprise},
      {"81130900MA9Y00A16T", "", subject_kind::institution},
      {"92130902MA9Y00B20P", "", subject_kind::individual_business},
  };
  for (const kind_case& c : cases) {
    row r = registration();
    r["QY_SHXYM"] = c.code;
    r["QY_GSZC"] = c.number;
    const checked_row out = check(organisations(), r);
    EXPECT_EQ(out.verdict, row_verdict::clean) << c.code << all_words(out);
    EXPECT_EQ(out.party.kind, c.kind) << c.code;
  }
}

TEST_F(row_check, codes_that_a_spreadsheet_made_numbers) {
  for (const char* code :
       {"CF_XDR_SHXYM", "CF_XDR_GSZC", "CF_XDR_ZZJG", "CF_XDR_SYDW", "CF_CFJGDM"}) {
    row r = penalty();
    r[code] = "192203821";
    const checked_row as_number = check(penalties(), r, {{code, tabular::cell_kind::number}});
    EXPECT_THAT(reasons(as_number), ::testing::Contains("catalogue.code_was_number")) << code;
    r[code] = "1.92203E+17";
    EXPECT_THAT(reasons(check(penalties(), r)), ::testing::Contains("catalogue.code_was_number"))
        << code;
  }
}

TEST_F(row_check, number_cells_shed_binary_noise) {
  row r = penalty();
  r["CF_NR_FK"] = "0.30000000000000004";
  EXPECT_EQ(check(penalties(), r).verdict, row_verdict::refused);
  const checked_row out = check(penalties(), r, {{"CF_NR_FK", tabular::cell_kind::number}});
  ASSERT_EQ(out.verdict, row_verdict::clean) << all_words(out);
  EXPECT_EQ(value(penalties(), out, "CF_NR_FK"), "300000");
}

TEST_F(row_check, unlisted_pair_and_inner_sign_are_notes) {
  row r = registration();
  r["QY_SHXYM"] = "94130900MA9Y00A16G";
  checked_row out = check(organisations(), r);
  EXPECT_EQ(out.verdict, row_verdict::clean);
  ASSERT_EQ(out.notes.size(), 1U) << all_words(out);
  EXPECT_TRUE(out.notes[0].is(errc::pair_unlisted));
  r["QY_SHXYM"] = "91130900MA9Y00A17W";
  out = check(organisations(), r);
  EXPECT_EQ(out.verdict, row_verdict::clean);
  ASSERT_EQ(out.notes.size(), 1U) << all_words(out);
  EXPECT_TRUE(out.notes[0].is(errc::inner_check));
}

TEST_F(row_check, cells_without_a_column) {
  const dataset& d = organisations();
  const std::vector<tabular::cell> heading{{"企业名称", tabular::cell_kind::text},
                                           {"统一社会信用代码", tabular::cell_kind::text},
                                           {"", tabular::cell_kind::text}};
  heading_check map = map_headings(d, heading);
  const row_checker checker(d, std::move(map.map), today);
  const auto run = [&](std::vector<std::string> texts) {
    std::vector<tabular::cell> cells;
    for (const std::string& t : texts) cells.push_back({t, tabular::cell_kind::text});
    checked_row out;
    checker.check(2, cells, out);
    return out;
  };
  EXPECT_EQ(run({"示例", "91130900MA9Y00A16R", " ", "", "　"}).verdict, row_verdict::clean);
  EXPECT_EQ(run({"示例", "91130900MA9Y00A16R"}).verdict, row_verdict::clean);
  EXPECT_THAT(reasons(run({"示例建材有限公司"})),
              ::testing::ElementsAre("catalogue.missing_mandatory"));
  // Without a class and a valid code, a short name may be a person's: nothing of it comes back.
  for (const char* code : {"", "92130900MA9Y00A16X"}) {
    const checked_row person = run({"示例人", code});
    EXPECT_THAT(reasons(person), ::testing::ElementsAre("catalogue.personal_row_not_taken"));
    EXPECT_TRUE(person.personal);
  }
  const checked_row extra = run({"示例", "91130900MA9Y00A16R", "x", "y"});
  EXPECT_THAT(reasons(extra),
              ::testing::ElementsAre("catalogue.extra_cells", "catalogue.extra_cells"));
  EXPECT_FALSE(extra.personal);
  const checked_row planted = run({"示例", "91130900MA9Y00A16R", "", resident});
  EXPECT_TRUE(planted.personal);
  EXPECT_EQ(all_content(planted), "");
}

TEST_F(row_check, buffers_carry_nothing_over) {
  const dataset& d = penalties();
  std::vector<tabular::cell> heading;
  for (const field& f : d.fields) heading.push_back({f.code, tabular::cell_kind::text});
  const row_checker checker(d, map_headings(d, heading).map, today);
  row bad = person();
  bad["CF_JDRQ"] = "昨天";
  row full = penalty();
  full["LX_SXDJ"] = "严重";
  full["LX_DSRXH"] = "9";
  full["CF_GSJZQ"] = "2026-12-31";
  checked_row out;
  const row good = penalty();
  const checked_row fresh = check(d, good);
  for (const row& before : {bad, person(), full}) {
    checker.check(2, cells_of(d, before), out);
    checker.check(7, cells_of(d, good), out);
    EXPECT_EQ(out.verdict, row_verdict::clean);
    EXPECT_FALSE(out.personal);
    EXPECT_EQ(out.values, fresh.values);
    EXPECT_EQ(all_content(out), all_content(fresh));
    EXPECT_EQ(out.party_ordinal, 1);
    EXPECT_EQ(out.handed_in_class, publicity_class::none);
    EXPECT_FALSE(out.published_until.has_value());
    EXPECT_TRUE(out.reasons.empty());
  }
}

TEST_F(row_check, entries_carry_notice_effect_and_end) {
  const dataset& d = *procurement_->dataset_named("court-defaulter");
  const row entry{{"SX_XDR_MC", "沧州示例甲有限公司"},
                  {"SX_XDR_LB", "法人及非法人组织"},
                  {"SX_XDR_SHXYM", "91130900MA9Y00A16R"},
                  {"SX_WSH", "（2026）冀09示例1号"},
                  {"SX_JDRQ", "2026-10-08"},
                  {"SX_SY", "示例情形"},
                  {"SX_YJ", "示例依据"},
                  {"SX_TZRQ", "2026-09-01"},
                  {"SX_SXRQ", "2026-10-09"},
                  {"SX_JZRQ", "2028-10-07"},
                  {"SX_JJTJ", "见决定书"},
                  {"SX_JG", "示例法院"},
                  {"SX_JGDM", "11130900009900013N"}};
  const checked_row out = check(d, entry);
  ASSERT_EQ(out.verdict, row_verdict::clean) << all_words(out);
  EXPECT_EQ(out.notified_on, date(2026, 9, 1));
  EXPECT_EQ(out.effective_on, date(2026, 10, 9));
  EXPECT_EQ(out.valid_to, date(2028, 10, 7));

  // Who is told after the effect, or not yet, could not object before it.
  row late = entry;
  late["SX_TZRQ"] = "2026-10-10";
  EXPECT_THAT(reasons(check(d, late)), ::testing::ElementsAre("catalogue.dates_out_of_order"));
  late["SX_TZRQ"] = "2026-11-25";
  late["SX_SXRQ"] = "2026-12-01";
  EXPECT_THAT(reasons(check(d, late)), ::testing::ElementsAre("catalogue.date_in_future"));
}

}  // namespace
}  // namespace lixin::catalogue
