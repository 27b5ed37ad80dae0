// What options mean, and what the exit code says.
#include "lixin/app.h"

#include <gtest/gtest.h>

#include <fstream>

#include "archive/testing.h"
#include "lixin/commands.h"

namespace lixin {
namespace {

using archive::testing::credit_code;
using archive::testing::desk;
using archive::testing::must;
using archive::testing::refused_as;
using archive::testing::trial_city;

// The template's packs stand at positions 1 to 3, sealed at noon (city time) of 2026-01-01; the
// rest comes at noon of 2026-11-24.
class position_named_test : public testing::Test {
 protected:
  void SetUp() override { officer_.register_all({{"甲公司", credit_code(1)}}); }
  std::int64_t at(const std::string& text) {
    return must(position_named(officer_.db(), text)).value;
  }
  std::string error_of(const std::string& text) {
    return refused_as(position_named(officer_.db(), text));
  }
  trial_city city_;
  desk officer_{city_};
};

TEST_F(position_named_test, numbers_are_positions_that_are_there) {
  const std::int64_t head = officer_.head().value;
  EXPECT_EQ(at(""), head);
  EXPECT_EQ(at("0"), 0);
  EXPECT_EQ(at("2"), 2);
  EXPECT_EQ(at(std::to_string(head)), head);
  EXPECT_EQ(error_of(std::to_string(head + 1)), "lixin.position_ahead");
  EXPECT_EQ(error_of("99999999999999999999"), "lixin.bad_position");
}

// A journal of a million rows a day has positions of eight digits soon.
TEST_F(position_named_test, so_are_eight_digits) {
  must(officer_.db().exec("UPDATE journal_head SET position = 30000000"));
  EXPECT_EQ(at("12345678"), 12'345'678);
  EXPECT_EQ(at("20261124"), 20'261'124);
  EXPECT_EQ(error_of("30000001"), "lixin.position_ahead");
}

TEST_F(position_named_test, a_day_means_its_end_in_the_city) {
  const std::int64_t head = officer_.head().value;
  EXPECT_EQ(at("2025-12-31"), 0);
  EXPECT_EQ(at("2026-01-01"), 3);
  EXPECT_EQ(at("2026-11-23"), 3);
  EXPECT_EQ(at("2026-11-24"), head);
  EXPECT_EQ(at("2026/11/24"), head);
  EXPECT_EQ(at("2099-01-01"), head);
}

TEST_F(position_named_test, a_time_is_utc) {
  EXPECT_EQ(at("2026-11-24T03:59:59Z"), 3);
  EXPECT_EQ(at("2026-11-24T04:00:00Z"), officer_.head().value);
  EXPECT_EQ(at("2026-01-01T03:59:59Z"), 0);
}

TEST_F(position_named_test, anything_else_is_told) {
  for (const char* bad :
       {"x", "-1", "1.5", "12 ", "2026-13-01", "2026-11-24T04:00:00", "2026-11-24T04:00:00Zx",
        "2026-11-24T25:00:00Z", "2026-11-24T04:60:00Z", "2026-11-24T", "T04:00:00Z", "昨天"}) {
    EXPECT_EQ(error_of(bad), "lixin.bad_position") << bad;
  }
}

TEST(date_named, takes_a_date_or_the_fallback) {
  const date fallback(2026, 11, 24);
  EXPECT_EQ(must(date_named("--on", "", fallback)), fallback);
  EXPECT_EQ(must(date_named("--on", "2024-02-29", fallback)), date(2024, 2, 29));
  EXPECT_EQ(must(date_named("--on", "2024年2月29日", fallback)), date(2024, 2, 29));
  const auto bad = date_named("--on", "2023-02-29", fallback);
  EXPECT_EQ(refused_as(bad), "lixin.bad_date");
  for (const language lang : {language::zh, language::en}) {
    EXPECT_NE(bad.error().sentence(lang).find("--on"), std::string::npos);
    EXPECT_NE(bad.error().sentence(lang).find("2023-02-29"), std::string::npos);
  }
}

TEST(viewer_named, knows_every_caller) {
  using policy::caller_kind;
  EXPECT_EQ(must(viewer_named("everyone")).kind, caller_kind::everyone);
  EXPECT_EQ(must(viewer_named("subject-itself")).kind, caller_kind::subject_itself);
  EXPECT_EQ(must(viewer_named("centre")).kind, caller_kind::centre);
  EXPECT_EQ(must(viewer_named("auditor")).kind, caller_kind::auditor);
  const auto source = must(viewer_named("source-authority:scjg"));
  EXPECT_EQ(source.kind, caller_kind::source_authority);
  EXPECT_EQ(source.authority, "scjg");
  EXPECT_EQ(must(viewer_named("sharing-group:procurement")).authority, "procurement");
  for (const char* bad : {"", "Everyone", "source-authority", "source-authority:", "sharing-group:",
                          "everyone:scjg", ":scjg", "boss"}) {
    const auto r = viewer_named(bad);
    EXPECT_EQ(refused_as(r), "lixin.bad_viewer") << bad;
    EXPECT_NE(r.error().sentence(language::en).find("source-authority"), std::string::npos);
  }
}

class exit_code_test : public testing::Test {
 protected:
  int import(const std::string& text) {
    app a({.data_folder = city_.folder() + "/data",
           .database = city_.conninfo(),
           .actor = "officer",
           .clock = "2026-11-24"});
    testing::internal::CaptureStdout();
    const auto code = batch_import(
        a, {.dataset = "registration", .authority = "scjg", .path = city_.write(text)});
    testing::internal::GetCapturedStdout();
    return must(code);
  }
  trial_city city_;
};

TEST_F(exit_code_test, says_whether_rows_were_refused) {
  using archive::testing::registrations;
  EXPECT_EQ(import(registrations({{"甲公司", credit_code(1)}})), done);
  EXPECT_EQ(import(registrations({{"", credit_code(2)}, {"丙公司", credit_code(3)}})),
            done_with_refused);
  // The same file again: its refused rows are still to be mended.
  EXPECT_EQ(import(registrations({{"", credit_code(2)}, {"丙公司", credit_code(3)}})),
            done_with_refused);
}

std::vector<std::string> checked(const std::string& bytes, bool json = false) {
  const trial_city city;
  const std::string path = city.folder() + "/codes.txt";
  std::ofstream(path, std::ios::binary) << bytes;
  app a({.data_folder = city.folder(), .actor = "officer", .json = json});
  testing::internal::CaptureStdout();
  const auto code = code_check(a, path);
  std::string out = testing::internal::GetCapturedStdout();
  EXPECT_EQ(must(code), done);
  std::vector<std::string> lines;
  while (!out.empty()) {
    const auto end = out.find('\n');
    lines.push_back(out.substr(0, end));
    out.erase(0, end == std::string::npos ? out.size() : end + 1);
  }
  return lines;
}

TEST(code_check, one_line_for_each_line) {
  const std::string code = credit_code(1);
  const auto lines = checked(code + "\r\n\n " + code + "\nabc\n" + code);
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines[0], "valid");
  EXPECT_EQ(lines[1].substr(0, 8), "invalid\t");
  EXPECT_EQ(lines[2], "valid\t" + code);
  EXPECT_EQ(lines[3].substr(0, 15), "invalid\tlength:");
  EXPECT_EQ(lines[4], "valid");  // without a line end
  EXPECT_TRUE(checked("").empty());
}

TEST(code_check, lines_across_pieces_and_lines_without_end) {
  const std::string code = credit_code(1);
  std::string text;
  std::size_t expected = 0;
  while (text.size() < (3U << 20)) {
    text += code + "\n";
    ++expected;
  }
  text += std::string(5U << 20, '9') + "\n" + code;
  const auto lines = checked(text);
  ASSERT_EQ(lines.size(), expected + 2);
  for (std::size_t i = 0; i < expected; ++i) ASSERT_EQ(lines[i], "valid") << i;
  EXPECT_EQ(lines[expected].substr(0, 15), "invalid\tlength:");
  EXPECT_LT(lines[expected].size(), 20'000U);
  EXPECT_EQ(lines.back(), "valid");
}

}  // namespace
}  // namespace lixin
