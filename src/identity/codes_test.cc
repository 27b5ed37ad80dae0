#include "identity/codes.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "identity/check_signs.h"
#include "identity/errc.h"
#include "text/test_table.h"

namespace lixin::identity {
namespace {

const std::string valid_code = "91130900MA9Y00A16R";

std::string line_of(std::string_view text) {
  std::string out;
  append_code_line(out, text);
  return out;
}

// "valid", "valid=FOLDED" or the layer.
std::string outcome(std::string_view text) {
  const std::string line = line_of(text);
  const std::size_t tab = line.find('\t');
  if (tab == std::string::npos) return line;
  if (line.substr(0, tab) == "valid") return "valid=" + line.substr(tab + 1);
  EXPECT_EQ(line.substr(0, tab), "invalid");
  return line.substr(tab + 1, line.find(':') - tab - 1);
}

TEST(codes, worked_cases) {
  const auto rows = text::read_test_table(LIXIN_SOURCE_DIR "/src/identity/testdata/codes.tsv", 2);
  ASSERT_GT(rows.size(), 60u);
  for (const auto& row : rows) EXPECT_EQ(outcome(row[0]), row[1]) << row[0];
}

TEST(codes, published_vectors) {
  const std::string file = LIXIN_SOURCE_DIR "/../shared/data/uscc-vectors/vectors.tsv";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no outside data: " << file;
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  int rows = 0;
  for (; std::getline(in, line); ++rows) {
    const std::size_t first = line.find('\t');
    const std::size_t second = line.find('\t', first + 1);
    const std::string text = line.substr(0, first);
    const std::string expected = line.substr(first + 1, second - first - 1);
    const auto check = check_credit_code(text);
    const std::string printed = line_of(text);
    if (expected == "valid") {
      EXPECT_TRUE(check.code && !check.mended && !check.inner_check_fails) << line;
      EXPECT_EQ(printed, "valid") << line;
    } else if (expected.starts_with("valid after ")) {
      EXPECT_TRUE(check.code && check.mended) << line;
      EXPECT_EQ(printed, "valid\t" + check.folded) << line;
    } else {
      ASSERT_EQ(expected, "invalid") << line;
      EXPECT_FALSE(check.code) << line;
      EXPECT_TRUE(check.why && check.failed != layer::none) << line;
      EXPECT_TRUE(printed.starts_with("invalid\t")) << line;
    }
  }
  EXPECT_EQ(rows, 1586);
}

TEST(codes, a_valid_code_knows_its_parts) {
  const auto check = check_credit_code("914403001922038216");
  ASSERT_TRUE(check.code);
  EXPECT_EQ(check.code->text(), "914403001922038216");
  EXPECT_EQ(check.code->organisation_code(), "192203821");
  EXPECT_EQ(check.code->division(), "440300");
  EXPECT_EQ(check.code->authority_sign(), '9');
  EXPECT_EQ(check.code->body_sign(), '1');
  EXPECT_FALSE(check.code->is_individual_business());
  EXPECT_TRUE(check_credit_code("92130902MA9Y00B20P").code->is_individual_business());
  EXPECT_FALSE(check.pair_unlisted);
  EXPECT_FALSE(check.inner_check_fails);
  EXPECT_FALSE(check.mended);
  EXPECT_FALSE(check.why);
}

TEST(codes, warnings_do_not_refuse) {
  std::string code = "99" + valid_code.substr(2);
  code.back() = credit_check_sign(code);
  EXPECT_TRUE(check_credit_code(code).code);
  EXPECT_TRUE(check_credit_code(code).pair_unlisted);

  code = valid_code;
  code[16] = code[16] == '7' ? '8' : '7';
  code.back() = credit_check_sign(code);
  EXPECT_TRUE(check_credit_code(code).code);
  EXPECT_TRUE(check_credit_code(code).inner_check_fails);
  EXPECT_EQ(line_of(code), "valid");
}

// GB 32100's modulus is a prime and its weights differ, so neither can slip through.
TEST(codes, one_changed_sign_or_a_swap_of_neighbours_is_caught) {
  for (const std::string& good :
       {valid_code, std::string("914403001922038216"), std::string("1210000042500615X0")}) {
    for (std::size_t i = 0; i < good.size(); ++i) {
      for (const char sign : credit_alphabet) {
        std::string code = good;
        code[i] = sign;
        EXPECT_EQ(check_credit_code(code).code.has_value(), sign == good[i]) << code;
      }
      if (i + 1 == good.size()) break;
      std::string code = good;
      std::swap(code[i], code[i + 1]);
      EXPECT_EQ(check_credit_code(code).code.has_value(), code == good) << code;
    }
  }
}

TEST(codes, one_wrong_digit_of_a_registration_number_is_caught) {
  const std::string good = "440301103097413";
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string number = good;
      number[i] = digit;
      EXPECT_EQ(check_registration_number(number).ok(), digit == good[i]) << number;
    }
  }
}

TEST(codes, the_check_sign_is_told_with_a_warning_not_to_take_it_on_trust) {
  const auto check = check_credit_code("91130900MA9Y00A16T");
  ASSERT_TRUE(check.why);
  EXPECT_TRUE(check.why->is(errc::code_check_sign));
  EXPECT_EQ(check.why->args(), (std::vector<std::string>{"T", "R"}));
  const std::string zh = check.why->sentence(language::zh);
  EXPECT_NE(zh.find("末位应为“R”，实际为“T”"), std::string::npos) << zh;
  EXPECT_NE(zh.find("证照原件"), std::string::npos) << zh;
  EXPECT_EQ(line_of("91130900MA9Y00A16T"),
            "invalid\tcheck_sign: " + zh + " " + check.why->sentence(language::en));
}

TEST(codes, length_errors_say_what_it_looks_like) {
  EXPECT_TRUE(check_credit_code("").why->is(errc::code_missing));
  EXPECT_TRUE(check_credit_code("440301103097413").why->is(errc::code_looks_like_registration));
  EXPECT_TRUE(check_credit_code("19220382-1").why->is(errc::code_looks_like_organisation));
  EXPECT_TRUE(check_credit_code("9.11309E+17").why->is(errc::excel_number));
  const auto chinese = check_credit_code("沧州市公司");
  EXPECT_TRUE(chinese.why->is(errc::code_length));
  EXPECT_EQ(chinese.why->args()[0], "5");
  EXPECT_EQ(line_of("").substr(0, 16), "invalid\tlength: ");
}

TEST(codes, alphabet_errors_name_the_sign) {
  EXPECT_EQ(check_credit_code("9113O900MA9Y00A16R").why->args(),
            (std::vector<std::string>{"5", "O"}));
  EXPECT_EQ(check_credit_code("91130900MA9Y00A1沧R").why->args(),
            (std::vector<std::string>{"17", "沧"}));
  EXPECT_EQ(check_credit_code("9113M900MA9Y00A16R").why->args(),
            (std::vector<std::string>{"5", "M"}));
}

TEST(codes, bytes_that_are_no_text_stay_out_of_the_answer) {
  const std::string line = line_of("91130900MA9Y00A1\xFFR");
  EXPECT_TRUE(line.starts_with("invalid\talphabet: "));
  EXPECT_EQ(line.find('\xFF'), std::string::npos);
  EXPECT_NE(line.find("16"), std::string::npos);
}

TEST(codes, organisation_codes) {
  EXPECT_EQ(*check_organisation_code("19220382-1"), "192203821");
  EXPECT_EQ(*check_organisation_code("ma9y00a16"), "MA9Y00A16");
  EXPECT_TRUE(check_organisation_code("19220382-2").error().is(errc::organisation_check_sign));
  EXPECT_EQ(check_organisation_code("19220382-2").error().args(),
            (std::vector<std::string>{"2", "1"}));
  for (const auto* wrong : {"", "1922038", "19220382-A", "1922038沧1", "1922038200"}) {
    EXPECT_TRUE(check_organisation_code(wrong).error().is(errc::organisation_form)) << wrong;
  }
  EXPECT_TRUE(check_organisation_code("000000000").error().is(errc::placeholder));
}

TEST(codes, registration_numbers) {
  EXPECT_EQ(*check_registration_number("4403 0110 3097 413"), "440301103097413");
  EXPECT_EQ(*check_registration_number("1309021000123"), "1309021000123");
  EXPECT_TRUE(
      check_registration_number("440301103097410").error().is(errc::registration_check_digit));
  for (const auto* wrong : {"", "44030110309741", "4403011030974133", "44030110309741A"}) {
    EXPECT_TRUE(check_registration_number(wrong).error().is(errc::registration_form)) << wrong;
  }
  EXPECT_TRUE(check_registration_number("0000000000000").error().is(errc::placeholder));
}

TEST(codes, excel_numbers) {
  for (const auto* yes : {"9.11309E+17", "9E+17", "9.1e17", "1.30902E+14"}) {
    EXPECT_TRUE(looks_like_excel_number(yes)) << yes;
  }
  for (const auto* no : {"", "9", "9.1", "E+17", "9.E+17", "91.1E+17", "9.1E+", "9.1E+170",
                         "9.1E+1x", "91130900MA9Y00A16R"}) {
    EXPECT_FALSE(looks_like_excel_number(no)) << no;
  }
}

}  // namespace
}  // namespace lixin::identity
