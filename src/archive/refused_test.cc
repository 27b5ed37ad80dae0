// The report of refused rows: mended, it is handed in as it is.
#include <fmt/format.h>

#include <filesystem>

#include "archive/testing.h"
#include "tabular/tabular.h"

namespace lixin::archive::testing {
namespace {

std::vector<strings> read_all(const std::string& path) {
  auto reader = must(tabular::open(path));
  tabular::block block;
  std::vector<strings> out;
  while (must(reader->read(block, 1000))) {
  }
  for (const auto& row : block.rows) {
    strings line;
    for (const tabular::cell& c : block.cells_of(row)) line.emplace_back(c.text);
    while (!line.empty() && line.back().empty()) line.pop_back();
    out.push_back(std::move(line));
  }
  return out;
}

void write_all(const std::string& path, const std::vector<strings>& lines) {
  auto out = must(tabular::create(path));
  for (const strings& line : lines) must(out->write(line));
  must(out->close());
}

class refused_test : public archive_fixture, public ::testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    officer.register_all({{"甲公司", credit_code(1)}, {"乙公司", credit_code(2)}});
  }
  std::string path(const std::string& name) { return city.folder() + "/" + name + GetParam(); }
  static bool is_json() { return GetParam() == std::string(".jsonl"); }
  batch_id import_path(const std::string& file) {
    const auto out = must(officer.import(
        {.dataset = "penalty", .authority = trial_authority, .path = file, .actor = "officer"}));
    EXPECT_TRUE(out.heading_faults.empty());
    return out.batch.id;
  }
};

INSTANTIATE_TEST_SUITE_P(formats, refused_test, ::testing::Values(".csv", ".xlsx", ".jsonl"),
                         [](const auto& f) { return std::string(f.param).substr(1); });

TEST_P(refused_test, mended_it_is_accepted) {
  const batch_id b = officer.penalise({
      {.document = "罚1", .code = credit_code(1), .name = "甲公司"},
      {.document = "罚2", .code = credit_code(1), .name = "甲公司", .facts = ""},
      {.document = "罚3,\"附\"", .code = credit_code(2), .name = "乙公司", .decided = "昨天"},
  });
  const std::string report = path("report");
  EXPECT_EQ(must(write_refused(officer.db(), b, report)), 2);
  auto lines = read_all(report);
  ASSERT_EQ(lines.size(), 3U);
  ASSERT_EQ(lines[0].size(), 20U);
  EXPECT_EQ(lines[0][0], "原行号");
  EXPECT_EQ(lines[0][1], "退回原因");
  EXPECT_EQ(lines[0][2], "CF_XDR_MC");
  EXPECT_EQ(lines[1][0], "3");
  EXPECT_NE(lines[1][1].find("【CF_SY】"), std::string::npos);
  EXPECT_EQ(lines[2][0], "4");
  EXPECT_NE(lines[2][1].find("昨天"), std::string::npos);
  EXPECT_EQ(lines[2][10], "罚3,\"附\"");

  // Handed in as it came, the rows are refused again; the second report has no more columns.
  const batch_id again = import_path(report);
  EXPECT_EQ(must(find_batch(officer.db(), again)).counts[fate::refused], 2);
  const std::string second = path("second");
  EXPECT_EQ(must(write_refused(officer.db(), again, second)), 2);
  lines = read_all(second);
  ASSERT_EQ(lines[0].size(), 20U);
  EXPECT_EQ(lines[1][2], "甲公司");

  lines[1][11] = "补上的事实";
  lines[2][16] = "2026-11-20";
  const std::string mended = path("mended");
  write_all(mended, lines);
  const batch_id c = import_path(mended);
  EXPECT_EQ(officer.fates(c), (strings{"accepted", "accepted"}));
  const std::uint64_t first = is_json() ? 1 : 2;
  EXPECT_EQ(officer.view(officer.record_of(c, first)).value("CF_SY"), "补上的事实");
  EXPECT_EQ(officer.view(officer.record_of(c, first + 1)).document, "罚3,\"附\"");
  EXPECT_EQ(must(write_refused(officer.db(), c, path("none"))), 0);
  // JSON lines have no heading of their own: without rows the file is empty.
  if (is_json()) {
    EXPECT_EQ(std::filesystem::file_size(path("none")), 0U);
  } else {
    EXPECT_EQ(read_all(path("none")).size(), 1U);
  }
}

TEST_P(refused_test, a_personal_row_comes_back_as_number_and_reason) {
  const std::string number = resident_number(1);
  const batch_id b = officer.penalise({
      {.document = "罚1", .name = "示例人甲乙", .facts = "", .person = number},
      {.document = "罚2", .code = credit_code(1), .name = "甲公司", .facts = "身份证" + number},
      {.document = "罚3", .code = credit_code(1), .name = "甲公司", .facts = ""},
  });
  EXPECT_EQ(must(find_batch(officer.db(), b)).counts[fate::refused], 3);
  const std::string report = path("report");
  EXPECT_EQ(must(write_refused(officer.db(), b, report)), 3);
  const auto lines = read_all(report);
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[1].size(), 2U);
  EXPECT_EQ(lines[1][0], "2");
  EXPECT_FALSE(lines[1][1].empty());
  EXPECT_EQ(lines[2].size(), 2U);
  EXPECT_GT(lines[3].size(), 2U);
  for (const strings& line : lines) {
    for (const std::string& cell : line) {
      EXPECT_EQ(cell.find(number), std::string::npos);
      EXPECT_EQ(cell.find("示例人甲乙"), std::string::npos);
    }
  }
}

TEST_P(refused_test, fields_that_are_never_kept_come_back_blank) {
  std::string text =
      penalties({{.document = "罚1", .code = credit_code(1), .name = "甲公司", .facts = ""}});
  const std::string from = "示例人,,";
  text.replace(text.find(from), from.size(), "示例人,秘密号码,");  // the representative's ID number
  const batch_id b = import_path(city.write(text));
  must(write_refused(officer.db(), b, path("report")));
  const auto lines = read_all(path("report"));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[1][6], "示例人");
  EXPECT_EQ(lines[1][7], "");
  EXPECT_EQ(officer.number("SELECT count(*) FROM batch_row_note n WHERE n::text LIKE '%秘密号码%'"),
            0);
}

TEST_P(refused_test, more_rows_than_a_page) {
  std::vector<penalty> rows;
  for (int i = 0; i < 2'500; ++i) {
    rows.push_back({.document = i % 2 == 0 ? "" : fmt::format("罚{}", i),
                    .code = credit_code(1),
                    .name = "甲公司"});
  }
  EXPECT_EQ(must(write_refused(officer.db(), officer.penalise(rows), path("report"))), 1'250);
  EXPECT_EQ(read_all(path("report")).size(), 1'251U);
}

TEST_P(refused_test, needs_a_batch_and_a_place) {
  EXPECT_EQ(refused_as(write_refused(officer.db(), batch_id(99), path("report"))),
            "archive.no_such_batch");
  EXPECT_FALSE(write_refused(officer.db(), batch_id(1), city.folder() + "/none/x.csv").ok());
}

}  // namespace
}  // namespace lixin::archive::testing
