// Each fault that a pack can have: one good small pack, and one change to it per case.
#include <gmock/gmock.h>

#include <algorithm>
#include <string>
#include <vector>

#include "catalogue/test_packs.h"

namespace lixin::catalogue {
namespace {

using sheets_by_name = std::vector<sheet>;

sheets_by_name good_pack() {
  return {
      {"pack",
       "code,title_zh,title_en,authority,version,valid_from,basis,basis_status\n"
       "demo,示例,Demo,示例单位,1,2024-01-01,示例依据,verified\n"},
      {"datasets",
       "code,title_zh,title_en,subject_kinds,persons,registers,tone,disclosure,sharing_group,"
       "publicity_min_months,publicity_max_months,retention_months,retention_basis,"
       "retention_basis_status,hand_in_working_days,frequency,basis,basis_status\n"
       "fines,示例处罚,Fines,enterprise|individual_business,no,no,adverse,public,,3,36,60,依据,"
       "unverified,7,每日,示例依据,verified\n"},
      {"fields",
       "dataset,code,title_zh,title_en,type,length,required,condition,code_list,unit,disclosure,"
       "role,aliases\n"
       "fines,MC,名称,Name,name,200,M,,,,public,party_name,单位名称\n"
       "fines,SHXYM,信用代码,Credit code,credit_code,18,M,,,,public,credit_code,\n"
       "fines,WSH,文号,Number,document,128,M,,,,public,document,\n"
       "fines,JDRQ,决定日期,Decided,date,,M,,,,public,decided_on,\n"
       "fines,LB,类别,Kinds,choices,255,M,,kinds,,public,,\n"
       "fines,JE,金额,Amount,fen,,C,\"LB: \"\"罚款\"\"\",,yuan,public,,\n"
       "fines,GZ,告知日期,Notified,date,,O,,,,public,notified_on,\n"
       "fines,SX,生效日期,Effect,date,,O,,,,public,effective_on,\n"
       "fines,JJ,救济途径,Remedy,text,500,O,,,,public,remedy,\n"
       "fines,ZJ,证件号码,ID number,person_number,64,O,,,,consent,person_id_number,\n"
       "fines,QT,其他证件,Other ID,discard,64,O,,,,hidden,,\n"},
      {"codes",
       "list,code,title_zh,title_en,aliases,order,meaning\n"
       "kinds,警告,警告,Warning,,1,\n"
       "kinds,罚款,罚款,Fine,罚金,2,\n"
       "kinds,其他*,其他,Other,,3,\n"},
      {"terms",
       "dataset,when,class,months_min,months_max,basis,basis_status\n"
       "fines,\"LB: \"\"警告\"\"\",minor,0,0,依据,verified\n"
       "fines,\"JE: > 10000\",general,3,12,依据,unverified\n"},
      {"lists",
       "code,title_zh,title_en,dataset,kind,authority,notice,remedy,early_exit,term_months,basis,"
       "basis_status\n"
       "blacklist,示例名单,List,fines,serious,示例单位,书面告知,申请复议,修复,36,依据,verified\n"},
      {"matters",
       "code,title_zh,title_en,scope,basis,basis_status\n"
       "bid,参加采购,Bidding,仅采购,依据,verified\n"},
      {"measures",
       "code,matter,title_zh,title_en,effect,body,subject_kinds,trigger_list,condition,term,basis,"
       "basis_status\n"
       "bid.bar,bid,禁止,Barred,barred,采购人,enterprise,blacklist,\"JE: >= 1000\",期间,依据,"
       "verified\n"},
      {"samples/fines.rows",
       "expect,reasons,名称,信用代码,文号,决定日期,类别,金额\n"
       "# today: 2026-11-24\n"
       "clean,,示例公司,91130900MA9Y00A16R,示1号,2026-11-01,罚款,200\n"
       "refused,missing_conditional,示例公司,91130900MA9Y00A16R,示1号,2026-11-01,罚款,\n"},
  };
}

struct fault_case {
  const char* sheet;
  const char* from;
  const char* to;
  const char* code;  // without "catalogue."
  std::uint64_t row;
  const char* column;
};

void PrintTo(const fault_case& c, std::ostream* out) { *out << c.code << ": " << c.to; }

constexpr fault_case cases[] = {
    // Sheets and columns.
    {"pack", "code,title_zh", "cod,title_zh", "unknown_column", 1, "cod"},
    {"pack", "code,title_zh", "cod,title_zh", "missing_column", 1, "code"},
    {"matters", "scope,basis,", "scope,scope,", "doubled_column", 1, "scope"},
    {"pack", "demo,示例,", "demo,,", "blank_cell", 2, "title_zh"},
    {"pack", "demo,示例", "a,a,a,a,1,2024-01-01,b,verified\ndemo,示例", "one_line_expected", 0, ""},
    {"pack", "2024-01-01", "2024-02-30", "bad_pack_date", 2, "valid_from"},
    {"pack", "demo,", "示例,", "bad_code", 2, "code"},
    {"pack", "verified", "sure", "unknown_word", 2, "basis_status"},
    // Datasets.
    {"datasets", "enterprise|", "entreprise|", "unknown_word", 2, "subject_kinds"},
    {"datasets", "enterprise|", "natural_person|", "natural_person_kind", 2, "subject_kinds"},
    {"datasets", "示例处罚", "公务员考核", "office_holders", 2, "title_zh"},
    {"datasets", "Fines,", "Judges,", "office_holders", 2, "title_en"},
    {"datasets", "示例处罚", "疾病记录", "forbidden_field", 2, "title_zh"},
    {"datasets", "adverse", "bad", "unknown_word", 2, "tone"},
    {"datasets", ",no,no,", ",perhaps,no,", "unknown_word", 2, "persons"},
    {"datasets", "每日,示例依据", "每日,", "adverse_without_basis", 2, "basis"},
    {"datasets", ",3,36,60,", ",0,0,60,", "adverse_without_publicity_end", 2,
     "publicity_max_months"},
    {"datasets", ",3,36,60,", ",3,,60,", "adverse_without_publicity_end", 2,
     "publicity_max_months"},
    {"datasets", ",3,36,60,", ",3,36,,", "adverse_without_retention", 2, "retention_months"},
    {"datasets", ",60,依据,", ",60,,", "adverse_without_retention", 2, "retention_basis"},
    {"datasets", "依据,unverified,7", "依据,,7", "blank_cell", 2, "retention_basis_status"},
    {"datasets", ",3,36,", ",37,36,", "minimum_above_maximum", 2, "publicity_min_months"},
    {"datasets", ",3,36,", ",3,three,", "bad_number", 2, "publicity_max_months"},
    {"datasets", ",7,每日", ",-7,每日", "bad_number", 2, "hand_in_working_days"},
    {"datasets", "fines,示例处罚",
     "fines,甲,A,enterprise,no,no,neutral,public,,,,,,,,,,\nfines,示例处罚", "doubled_code", 3,
     "code"},
    {"datasets", "fines,示例处罚",
     "more,甲,A,enterprise,no,no,neutral,public,,,,,,,,,,\nfines,示例处罚",
     "dataset_without_fields", 2, "code"},
    {"datasets", ",no,no,adverse", ",yes,no,adverse", "missing_role", 2, "code"},
    // Fields.
    {"fields", "fines,MC", "fine,MC", "unknown_dataset", 2, "dataset"},
    {"fields", "fines,MC,", "fines,SHXYM,", "doubled_code", 3, "code"},
    {"fields", "Name,name,", "Name,nam,", "unknown_word", 2, "type"},
    {"fields", "party_name,", "party_nam,", "unknown_word", 2, "role"},
    {"fields", "public,party_name,", "public,,", "missing_role", 2, "code"},
    {"fields", "public,document,", "public,,", "missing_role", 2, "code"},
    {"fields", "public,decided_on,", "public,,", "missing_role", 2, "code"},
    {"fields", "effective_on,", "notified_on,", "doubled_role", 9, "role"},
    {"fields", "Decided,date,,", "Decided,text,,", "role_needs_type", 5, "role"},
    {"fields", "名称,Name,name,200,M", "名称,Name,name,200,X", "unknown_word", 2, "required"},
    {"fields", "name,200,", "name,20000,", "length_above_cap", 2, "length"},
    {"fields", "name,200,", "name,-1,", "bad_number", 2, "length"},
    {"fields", ",255,M,,kinds,", ",255,M,,,", "choice_without_list", 6, "code_list"},
    {"fields", ",255,M,,kinds,", ",255,M,,kindz,", "unknown_code_list", 6, "code_list"},
    {"fields", "name,200,M,,,", "name,200,M,,kinds,", "list_without_choice", 2, "code_list"},
    {"fields", ",yuan,", ",,", "fen_without_unit", 7, "unit"},
    {"fields", ",yuan,", ",jiao,", "fen_without_unit", 7, "unit"},
    {"fields", "name,200,M,,,,", "name,200,M,,,wan,", "unit_without_fen", 2, "unit"},
    {"fields", "C,\"LB: \"\"罚款\"\"\"", "C,", "condition_missing", 7, "condition"},
    {"fields", "C,\"LB: \"\"罚款\"\"\"", "M,\"LB: \"\"罚款\"\"\"", "condition_unexpected", 7,
     "condition"},
    {"fields", "64,O,,,,hidden", "64,O,,,,public", "discard_not_hidden", 12, "disclosure"},
    {"fields", "64,O,,,,consent", "64,O,,,,shared", "person_number_public", 11, "disclosure"},
    {"fields", "party_name,单位名称", "party_name,文号", "doubled_heading_word", 4, "title_zh"},
    {"fields", "party_name,单位名称", "party_name,血型", "forbidden_field", 2, "aliases"},
    {"fields", "fines,QT,其他证件,Other ID", "fines,QT,宗教信仰,Other ID", "forbidden_field", 12,
     "title_zh"},
    {"fields", "fines,QT,其他证件,Other ID", "fines,QT,其他,Fingerprints", "forbidden_field", 12,
     "title_en"},
    {"fields", "fines,QT,其他证件,Other ID", "fines,QT,个人收入,Other ID", "forbidden_field", 12,
     "title_zh"},
    // Conditions.
    {"fields", "\"LB: \"\"罚款\"\"\"", "\"LB \"\"罚款\"\"\"", "condition_without_colon", 7,
     "condition"},
    {"fields", "\"LB: \"\"罚款\"\"\"", "\"LX: \"\"罚款\"\"\"", "condition_unknown_field", 7,
     "condition"},
    {"fields", "\"LB: \"\"罚款\"\"\"", "GZ: > 2024-01-01", "condition_later_field", 7, "condition"},
    {"fields", "\"LB: \"\"罚款\"\"\"", "JE: > 1", "condition_later_field", 7, "condition"},
    {"fields", "\"LB: \"\"罚款\"\"\"", "LB: 罚款", "bad_unary_test", 7, "condition"},
    {"fields", "\"LB: \"\"罚款\"\"\"", "LB: > 3", "condition_wrong_type", 7, "condition"},
    {"fields", "\"LB: \"\"罚款\"\"\"", "\"LB: \"\"罚钱\"\"\"", "condition_value_unlisted", 7,
     "condition"},
    {"fields", "\"LB: \"\"罚款\"\"\"", "\"LB: \"\"罚金\"\"\"", "condition_value_unlisted", 7,
     "condition"},
    {"fields", "\"LB: \"\"罚款\"\"\"", "JDRQ: > 3", "condition_wrong_type", 7, "condition"},
    // Codes.
    {"codes", "kinds,罚款,罚款,Fine,罚金", "kinds,罚款,罚款,Fine,警告", "doubled_value", 3,
     "aliases"},
    {"codes", "kinds,警告,警告", "kinds,别的*,警告", "wildcard_twice", 4, "code"},
    {"codes", "Warning,,1,", "Warning,,first,", "bad_number", 2, "order"},
    // Terms.
    {"terms", "fines,\"LB", "fine,\"LB", "unknown_dataset", 2, "dataset"},
    {"terms", "minor", "light", "unknown_word", 2, "class"},
    {"terms", "minor", "none", "term_class_none", 2, "class"},
    {"terms", "general,3,12", "general,13,12", "minimum_above_maximum", 3, "months_min"},
    {"terms", "general,3,12", "general,3,37", "term_above_dataset", 3, "months_max"},
    {"terms", "JE: > 10000", "JE: > lots", "bad_unary_test", 3, "when"},
    {"terms", "JE: > 10000", "JJ: \"\"x\"\"", "condition_closed_field", 3, "when"},
    {"terms", "JE: > 10000", "ZJ: \"\"x\"\"", "condition_closed_field", 3, "when"},
    {"terms", "JE: > 10000", "JE: [5..2]", "range_reversed", 3, "when"},
    // Lists, matters, measures.
    {"lists", "fines,serious", "fine,serious", "unknown_dataset", 2, "dataset"},
    {"lists", "serious", "black", "unknown_word", 2, "kind"},
    {"lists", "书面告知", "", "list_incomplete", 2, "notice"},
    {"lists", "申请复议", "", "list_incomplete", 2, "remedy"},
    {"lists", ",36,依据", ",36,", "blank_cell", 2, "basis"},
    {"lists", ",36,依据", ",0,依据", "list_without_end", 2, "term_months"},
    {"lists", ",36,依据", ",,依据", "list_without_end", 2, "term_months"},
    {"fields", "public,notified_on,", "public,,", "list_dataset_lacks_role", 2, "dataset"},
    {"fields", "public,effective_on,", "public,,", "list_dataset_lacks_role", 2, "dataset"},
    {"fields", "public,remedy,", "public,,", "list_dataset_lacks_role", 2, "dataset"},
    {"matters", "仅采购", "", "blank_cell", 2, "scope"},
    {"measures", "采购人", "", "measure_incomplete", 2, "body"},
    {"measures", "期间,依据", "期间,", "measure_incomplete", 2, "basis"},
    {"measures", "Barred,barred", "Barred,banned", "unknown_word", 2, "effect"},
    {"measures", "blacklist,", "otherlist,", "condition_needs_own_list", 2, "condition"},
    {"measures", "JE: >= 1000", "JE: >=", "bad_unary_test", 2, "condition"},
    // Samples.
    {"samples/fines.rows", "# today: 2026-11-24", "# no day", "sample_without_today", 0, ""},
    {"samples/fines.rows", "expect,reasons", "fate,reasons", "sample_heading", 1, ""},
    {"samples/fines.rows", "clean,", "good,", "unknown_word", 3, "expect"},
    {"samples/fines.rows", "clean,,", "refused,bad_date,", "sample_differs", 3, "expect"},
    {"samples/fines.rows", "missing_conditional", "missing_mandatory", "sample_differs", 4,
     "expect"},
    {"samples/fines.rows", "文号", "文书", "unknown_heading", 1, "文书"},
};

class pack_fault : public ::testing::TestWithParam<fault_case> {};

TEST_P(pack_fault, is_found_at_its_place) {
  const fault_case& c = GetParam();
  sheets_by_name sheets = good_pack();
  for (sheet& s : sheets) {
    if (s.name != c.sheet) continue;
    const std::size_t at = s.body.find(c.from);
    ASSERT_NE(at, std::string::npos) << c.from;
    s.body.replace(at, std::string(c.from).size(), c.to);
  }
  const pack_check check = check_pack(std::move(sheets), "packs/demo");
  EXPECT_FALSE(check.pack.has_value());
  const bool found = std::any_of(check.faults.begin(), check.faults.end(), [&](const error& e) {
    return e.code() == "catalogue." + std::string(c.code) && e.where().row == c.row &&
           e.where().column == c.column && e.where().file.starts_with("packs/demo/") &&
           e.where().file.ends_with(".csv");
  });
  EXPECT_TRUE(found) << in_words(check.faults);
  for (const error& e : check.faults) {
    EXPECT_EQ(e.sentence(language::zh).find('{'), std::string::npos) << e.code();
    EXPECT_EQ(e.sentence(language::en).find('{'), std::string::npos) << e.code();
  }
}

INSTANTIATE_TEST_SUITE_P(catalogue, pack_fault, ::testing::ValuesIn(cases));

TEST(pack_check_test, good_pack_is_good) {
  const pack_check check = check_pack(good_pack(), "packs/demo");
  EXPECT_EQ(in_words(check.faults), "");
  ASSERT_TRUE(check.pack.has_value());
  EXPECT_EQ(check.pack->code, "demo");
  EXPECT_EQ(check.pack->valid_from, date(2024, 1, 1));
  EXPECT_EQ(check.pack->datasets.size(), 1U);
  EXPECT_EQ(check.pack->sheets.size(), good_pack().size());
  EXPECT_EQ(check.pack->datasets[0].fields[5].when.clauses.size(), 1U);
}

TEST(pack_check_test, digest_follows_content_not_order) {
  sheets_by_name turned = good_pack();
  std::reverse(turned.begin(), turned.end());
  const auto a = check_pack(good_pack(), "a");
  const auto b = check_pack(std::move(turned), "b");
  ASSERT_TRUE(a.pack && b.pack);
  EXPECT_EQ(a.pack->digest, b.pack->digest);
  sheets_by_name other = good_pack();
  other[0].body.replace(other[0].body.find("Demo"), 4, "demo");
  EXPECT_NE(check_pack(std::move(other), "a").pack->digest, a.pack->digest);
}

TEST(pack_check_test, all_faults_in_one_run) {
  sheets_by_name sheets = good_pack();
  sheets[1].body.replace(sheets[1].body.find("adverse"), 7, "bad");
  sheets[2].body.replace(sheets[2].body.find("fines,MC"), 8, "fine,MC");
  sheets[4].body.replace(sheets[4].body.find("minor"), 5, "light");
  sheets[7].body.replace(sheets[7].body.find("采购人"), std::string("采购人").size(), "");
  const pack_check check = check_pack(std::move(sheets), "p");
  std::vector<std::string> files;
  for (const error& e : check.faults) files.push_back(e.where().file);
  EXPECT_THAT(files, ::testing::IsSupersetOf(
                         {"p/datasets.csv", "p/fields.csv", "p/terms.csv", "p/measures.csv"}));
}

TEST(pack_check_test, sheets_missing_unknown_doubled) {
  const auto codes = [](std::vector<sheet> sheets) {
    std::vector<std::string> out;
    for (const error& e : check_pack(std::move(sheets), "p").faults) out.emplace_back(e.code());
    return out;
  };
  sheets_by_name without = good_pack();
  without.erase(without.begin());
  EXPECT_THAT(codes(without), ::testing::Contains("catalogue.missing_sheet"));
  sheets_by_name unknown = good_pack();
  unknown.push_back({"feilds", "a,b\n"});
  EXPECT_THAT(codes(unknown), ::testing::Contains("catalogue.unknown_sheet"));
  sheets_by_name doubled = good_pack();
  doubled.push_back(doubled[0]);
  EXPECT_THAT(codes(doubled), ::testing::Contains("catalogue.doubled_sheet"));
  sheets_by_name bytes = good_pack();
  bytes[3].body += "kinds,\xC4\xE3,x,y,,4,\n";
  EXPECT_THAT(codes(bytes), ::testing::Contains("catalogue.sheet_not_utf8"));
  sheets_by_name large = good_pack();
  large[3].body.append(5 * 1024 * 1024, ' ');
  EXPECT_THAT(codes(large), ::testing::Contains("catalogue.sheet_too_large"));
  sheets_by_name many = good_pack();
  while (many.size() <= 64) many.push_back({"samples/fines." + std::to_string(many.size()), "x\n"});
  EXPECT_THAT(codes(many), ::testing::Contains("catalogue.too_many_sheets"));
  sheets_by_name sample = good_pack();
  sample.back().name = "samples/fine.rows";
  EXPECT_THAT(codes(sample), ::testing::Contains("catalogue.unknown_dataset"));
  EXPECT_THAT(codes({}), ::testing::Contains("catalogue.missing_sheet"));
}

TEST(pack_check_test, marks_are_cut) {
  sheets_by_name sheets = good_pack();
  sheets[0].body.insert(0, "\xEF\xBB\xBF");
  EXPECT_EQ(in_words(check_pack(std::move(sheets), "p").faults), "");
}

TEST(pack_check_test, character_of_a_later_clause) {
  sheets_by_name sheets = good_pack();
  std::string& terms = sheets[4].body;
  terms.replace(terms.find("JE: > 10000"), 11, "JE: > 1; JDRQ: > 2024-02-30");
  const pack_check check = check_pack(std::move(sheets), "p");
  ASSERT_EQ(check.faults.size(), 1U) << in_words(check.faults);
  EXPECT_EQ(check.faults[0].args().at(0), "18");
}

TEST(pack_check_test, words_of_bodies_are_not_forbidden) {
  for (const char* title : {"宗教活动场所登记证号", "疾病预防控制机构代码", "General information",
                            "营业收入", "社会保险登记号"}) {
    sheets_by_name sheets = good_pack();
    std::string& fields = sheets[2].body;
    const std::string from = "其他证件,Other ID";
    fields.replace(fields.find(from), from.size(), std::string(title) + ",Other ID");
    EXPECT_EQ(in_words(check_pack(std::move(sheets), "p").faults), "") << title;
  }
}

TEST(cross_check, unknown_and_doubled_codes) {
  const auto load = [](std::vector<sheet> sheets) {
    pack_check check = check_pack(std::move(sheets), "p");
    EXPECT_EQ(in_words(check.faults), "");
    return std::make_shared<const pack>(std::move(*check.pack));
  };
  const auto good = load(good_pack());
  EXPECT_TRUE(catalogue::cross_check({good}).empty());

  sheets_by_name second = good_pack();
  second[0].body.replace(second[0].body.find("demo,"), 5, "other,");
  const auto faults = catalogue::cross_check({good, load(second)});
  EXPECT_EQ(faults.size(), 4U) << in_words(faults);  // dataset, list, matter, measure
  for (const error& e : faults) {
    EXPECT_EQ(e.code(), "catalogue.code_of_other_pack");
    EXPECT_EQ(e.where().row, 2U);
  }

  sheets_by_name lost = good_pack();
  std::string& measures = lost[7].body;
  measures.replace(measures.find("bid.bar,bid,"), 12, "bid.bar,bide,");
  measures.replace(measures.find("\"JE: >= 1000\""), 13, "");
  measures.replace(measures.find("blacklist"), 9, "blocklist");
  const auto unknown = catalogue::cross_check({load(lost)});
  ASSERT_EQ(unknown.size(), 2U) << in_words(unknown);
  EXPECT_EQ(unknown[0].code(), "catalogue.unknown_matter");
  EXPECT_EQ(unknown[0].args().at(1), "bid");
  EXPECT_EQ(unknown[1].code(), "catalogue.unknown_list");
  EXPECT_EQ(unknown[1].args().at(1), "blacklist");
  EXPECT_EQ(unknown[1].where().column, "trigger_list");

  auto idle = good_pack();
  std::string& kinds = idle[7].body;
  kinds.replace(kinds.find("enterprise"), 10, "institution");
  const auto never = catalogue::cross_check({load(idle)});
  ASSERT_EQ(never.size(), 1U) << in_words(never);
  EXPECT_EQ(never[0].code(), "catalogue.measure_kind_not_taken");
  EXPECT_EQ(never[0].where().column, "subject_kinds");
}

TEST(read_sheets_test, folder_that_is_not_there) {
  const auto sheets = read_sheets(LIXIN_SOURCE_DIR "/packs/none");
  ASSERT_FALSE(sheets.ok());
  EXPECT_EQ(sheets.error().code(), "catalogue.cannot_read_folder");
}

}  // namespace
}  // namespace lixin::catalogue
