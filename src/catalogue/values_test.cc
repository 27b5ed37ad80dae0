#include "catalogue/values.h"

#include <gtest/gtest.h>

#include "catalogue/forbidden.h"
#include "catalogue/test_packs.h"
#include "catalogue/words.h"

namespace lixin::catalogue {
namespace {

TEST(values, amounts_to_fen) {
  struct amount {
    const char* cell;
    int decimals;
    const char* fen;  // null: refused
  };
  const amount amounts[] = {
      {"0.2", 6, "200000"},
      {"0.200000", 6, "200000"},
      {"0.000001", 6, "1"},
      {"0.0000010", 6, "1"},
      {"0.0000001", 6, nullptr},
      {"0", 6, "0"},
      {"0.0", 6, "0"},
      {"00012.5", 6, "12500000"},
      {"999999999999", 6, "999999999999000000"},
      {"1000000000000", 6, nullptr},
      {"12.34", 2, "1234"},
      {"12.345", 2, nullptr},
      {"12.340", 2, "1234"},
      {"12", 2, "1200"},
      {"-1", 2, nullptr},
      {"+1", 2, nullptr},
      {"1,000", 2, nullptr},
      {"1e3", 2, nullptr},
      {"1.", 2, nullptr},
      {".5", 2, nullptr},
      {"", 2, nullptr},
      {"2000元", 2, nullptr},
      {"1.2.3", 2, nullptr},
  };
  for (const amount& a : amounts) {
    const auto fen = fen_of(a.cell, a.decimals);
    EXPECT_EQ(fen.has_value(), a.fen != nullptr) << a.cell;
    if (fen && a.fen != nullptr) {
      EXPECT_EQ(*fen, a.fen) << a.cell;
    }
  }
}

TEST(values, fen_shown_in_its_unit) {
  EXPECT_EQ(fen_in_unit("200000", 6), "0.200000");
  EXPECT_EQ(fen_in_unit("0", 6), "0.000000");
  EXPECT_EQ(fen_in_unit("1", 2), "0.01");
  EXPECT_EQ(fen_in_unit("123456789", 6), "123.456789");
  EXPECT_EQ(decimals_of("wan"), 6);
  EXPECT_EQ(decimals_of("yuan"), 2);
}

TEST(values, kinds_by_the_first_signs) {
  struct pair {
    const char* signs;
    subject_kind kind;
  };
  const pair pairs[] = {
      {"91", subject_kind::enterprise},          {"92", subject_kind::individual_business},
      {"93", subject_kind::enterprise},          {"11", subject_kind::government_body},
      {"12", subject_kind::institution},         {"13", subject_kind::institution},
      {"19", subject_kind::institution},         {"51", subject_kind::social_organisation},
      {"52", subject_kind::social_organisation}, {"53", subject_kind::social_organisation},
      {"59", subject_kind::social_organisation}, {"31", subject_kind::institution},
      {"71", subject_kind::institution},         {"81", subject_kind::institution},
      {"A1", subject_kind::institution},         {"N1", subject_kind::enterprise},
      {"N3", subject_kind::enterprise},          {"Y1", subject_kind::institution},
  };
  for (const pair& p : pairs) EXPECT_EQ(kind_of_credit_code(p.signs), p.kind) << p.signs;
}

TEST(values, several_kinds_in_one_cell) {
  const auto p = shipped_pack("double-publicity");
  ASSERT_NE(p, nullptr);
  const dataset& d = *p->dataset_named("penalty");
  const code_list& list = *d.fields[static_cast<std::size_t>(d.field_named("CF_CFLB"))].codes;
  struct cell {
    const char* written;
    const char* canonical;  // null: refused
    const char* stray;
  };
  const cell cells[] = {
      {"罚款", "罚款", ""},
      {"警告;罚款", "警告;罚款", ""},
      {"警告；罚款", "警告;罚款", ""},
      {"警告，罚款", "警告;罚款", ""},
      {"警告,罚款", "警告;罚款", ""},
      {"警告、罚款", "警告;罚款", ""},
      {"警告|罚款", "警告;罚款", ""},
      {"警告 ; 罚款 ;", "警告;罚款", ""},
      {"罚款、罚款", "罚款", ""},
      {"没收违法所得、没收非法财物", "没收违法所得、没收非法财物", ""},
      {"没收违法所得", "没收违法所得、没收非法财物", ""},
      {"罚款、没收违法所得、没收非法财物、警告", "罚款;没收违法所得、没收非法财物;警告", ""},
      {"暂扣或者吊销许可证、执照，罚款", "暂扣或者吊销许可证、执照;罚款", ""},
      {"其他-责令改正", "其他-责令改正", ""},
      {"其他-责令改正、限期整改、罚款", "其他-责令改正、限期整改;罚款", ""},
      {"其他-责令改正；限期整改", nullptr, "限期整改"},
      {"Warning;Fine", "警告;罚款", ""},
      {"警告、口头教育", nullptr, "口头教育"},
      {"口头教育", nullptr, "口头教育"},
  };
  for (const cell& c : cells) {
    std::string_view stray;
    const auto canonical = choices_of(list, c.written, stray);
    EXPECT_EQ(canonical.has_value(), c.canonical != nullptr) << c.written;
    if (canonical && c.canonical != nullptr) {
      EXPECT_EQ(*canonical, c.canonical) << c.written;
    }
    if (!canonical) {
      EXPECT_EQ(stray, c.stray) << c.written;
    }
  }
}

TEST(words, suggestion) {
  EXPECT_EQ(words::suggestion("adverze", {"neutral", "adverse"}), "adverse");
  EXPECT_EQ(words::suggestion("处罚决定日", {"处罚决定日期", "处罚机关"}), "处罚决定日期");
  EXPECT_EQ(words::suggestion("x", {}), "-");
  // A guess from far away would mislead: all are named.
  EXPECT_EQ(words::suggestion("待核", {"verified", "unverified"}), "verified, unverified");
  EXPECT_EQ(words::suggestion("dropdown", {"document", "date"}), "document, date");
}

TEST(words, every_enum_value_has_one_word) {
  for (const auto& w : words::types) EXPECT_EQ(words::code_of(words::types, w.value), w.code);
  for (const auto& w : words::roles) EXPECT_EQ(words::code_of(words::roles, w.value), w.code);
  for (const auto& w : words::kinds) {
    EXPECT_EQ(subject_kind_named(w.code), w.value);
    EXPECT_FALSE(title_zh(w.value).empty());
    EXPECT_FALSE(title_en(w.value).empty());
  }
  EXPECT_EQ(code_of(publicity_class::serious), "serious");
  EXPECT_EQ(code_of(disclosure::published), "public");
  EXPECT_EQ(code_of(effect::barred), "barred");
  EXPECT_EQ(code_of(tone::adverse), "adverse");
  EXPECT_EQ(code_of(certainty::unverified), "unverified");
  EXPECT_FALSE(subject_kind_named("natural_person").has_value());
}

TEST(forbidden, income_only_of_persons) {
  EXPECT_FALSE(forbidden_word("营业收入", false).has_value());
  EXPECT_TRUE(forbidden_word("营业收入", true).has_value());
  EXPECT_TRUE(forbidden_word("法定代表人存款", false).has_value());
  EXPECT_TRUE(forbidden_word("Real estate of the person", false).has_value());
  EXPECT_TRUE(forbidden_word("JI_YIN_GENE", false).has_value());
  EXPECT_FALSE(forbidden_word("General remarks", true).has_value());
  EXPECT_TRUE(office_holder_word("全市法官考核").has_value());
  EXPECT_FALSE(office_holder_word("法院判决").has_value());
}

}  // namespace
}  // namespace lixin::catalogue
