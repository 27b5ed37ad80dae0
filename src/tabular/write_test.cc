#include <gmock/gmock.h>

#include <random>

#include "tabular/errc.h"
#include "tabular/test_support.h"

namespace lixin::tabular {
namespace {

using namespace testing;  // NOLINT: the helpers of test_support.h
using ::testing::HasSubstr;
using ::testing::Not;

const rows_of_text plain = {{"名称", "统一社会信用代码", "金额"},
                            {"沧州某某有限公司", "911309000000000000", "-12.5"},
                            {"a,b", "\"引号\"", "两\n行"},
                            {" 首尾 ", "_x000A_", "<&>'"},
                            {"_x000a__x005F_", "x\t_x000A_\x01", "_x00G0_"},
                            {"_x000A\x01", "_x000A\uFFFE", "_x000A"},
                            {"\U00020000", "x", "0012"}};

void write_all(const std::string& path, const rows_of_text& rows) {
  auto made = create(path);
  ASSERT_TRUE(made.ok()) << made.error().text(language::en);
  for (const auto& row : rows) ASSERT_TRUE((*made)->write(row).ok());
  ASSERT_TRUE((*made)->close().ok());
}

rows_of_text read_file(const std::string& path, const options& o = {}) {
  auto source = open(path, o);
  EXPECT_TRUE(source.ok()) << source.error().text(language::en);
  auto got = read_all(**source);
  EXPECT_TRUE(got.ok()) << got.error().text(language::en);
  return *got;
}

// One part of a workbook, unzipped.
std::string part_of(const std::string& path, const std::string& part) {
  zip_t* zip = zip_open(path.c_str(), ZIP_RDONLY, nullptr);
  zip_file_t* file = zip_fopen(zip, part.c_str(), 0);
  EXPECT_NE(file, nullptr) << part;
  std::string text(1 << 20, '\0');
  text.resize(file == nullptr ? 0
                              : static_cast<std::size_t>(zip_fread(file, text.data(), 1 << 20)));
  if (file != nullptr) zip_fclose(file);
  zip_discard(zip);
  return text;
}

TEST(Write, ReadsBackWhatItWrote) {
  const temporary_folder folder;
  for (const char* name : {"a.csv", "a.xlsx"}) {
    write_all(folder.file(name), plain);
    EXPECT_EQ(read_file(folder.file(name)), plain) << name;
  }
}

TEST(Write, ReadsBackRandomTables) {
  const temporary_folder folder;
  std::mt19937 random(7);
  const std::vector<std::string> atoms = {
      "a",  "_",    "_x",   "000A",   "_x000D_", "x",          " ",      "\t",    "\n",
      "\r", "\x01", "\x1F", "\x7F",   "\"",      ",",          "<",      "&",     "]]>",
      "'",  "=",    "中",   "\uFFFE", "\uFFFF",  "\U0010FFFF", "\u0085", "\u2028"};
  for (const char* name : {"a.csv", "a.xlsx"}) {
    rows_of_text want(300);
    for (auto& row : want) {
      row.resize(1 + random() % 5);
      for (auto& one : row) {
        for (std::size_t n = random() % 8; n > 0; --n) one += atoms[random() % atoms.size()];
      }
      for (auto& one : row) one = "v" + one;  // no formula, and no empty cell at the end
    }
    write_all(folder.file(name), want);
    EXPECT_EQ(read_file(folder.file(name)), want) << name;
  }
}

TEST(Write, CsvIsAsOfficeSoftwareExpects) {
  const temporary_folder folder;
  write_all(folder.file("a.csv"), {{"a", "b"}, {"1", ""}});
  EXPECT_EQ(bytes_of_file(folder.file("a.csv")),
            "\xEF\xBB\xBF"
            "a,b\r\n1,\r\n");
}

TEST(Write, CsvCellsThatWouldRunAreMadeText) {
  const temporary_folder folder;
  write_all(folder.file("a.csv"), {{"=1+1", "+86", "-1+2", "@x", "\tx", "\rx", "=a,b"},
                                   {"-12.5", "-3", "-", "-1.", "--1", "-.5", "a=1"}});
  EXPECT_EQ(read_file(folder.file("a.csv")),
            (rows_of_text{{"'=1+1", "'+86", "'-1+2", "'@x", "'\tx", "'\rx", "'=a,b"},
                          {"-12.5", "-3", "'-", "'-1.", "'--1", "-.5", "a=1"}}));
  write_all(folder.file("a.xlsx"), {{"=1+1", "+86"}});
  EXPECT_EQ(read_file(folder.file("a.xlsx")), (rows_of_text{{"=1+1", "+86"}}));
}

TEST(Write, MarksAreColouredAndCommented) {
  const temporary_folder folder;
  for (const char* name : {"a.csv", "a.xlsx"}) {
    auto made = create(folder.file(name));
    ASSERT_TRUE((*made)->write(std::vector<std::string>{"名称", "代码"}).ok());
    (*made)->mark(1, "应为 18 位");
    (*made)->mark(1, "校验码不对");
    (*made)->mark(4, "缺少");
    ASSERT_TRUE((*made)->write(std::vector<std::string>{"甲", "12"}).ok());
    ASSERT_TRUE((*made)->write(std::vector<std::string>{"乙", "34"}).ok());
    ASSERT_TRUE((*made)->close().ok());
    EXPECT_EQ(read_file(folder.file(name)),
              (rows_of_text{{"名称", "代码"}, {"甲", "12"}, {"乙", "34"}}));
  }
  const std::string comments = part_of(folder.file("a.xlsx"), "xl/comments1.xml");
  EXPECT_THAT(comments, HasSubstr("ref=\"B2\""));
  EXPECT_THAT(comments, HasSubstr("应为 18 位\n校验码不对"));
  EXPECT_THAT(comments, HasSubstr("ref=\"E2\""));
  const std::string sheet = part_of(folder.file("a.xlsx"), "xl/worksheets/sheet1.xml");
  EXPECT_THAT(sheet, HasSubstr("<c r=\"B2\" s=\"1\""));
  EXPECT_THAT(sheet, Not(HasSubstr("<c r=\"B3\" s=")));
  EXPECT_THAT(part_of(folder.file("a.xlsx"), "xl/styles.xml"), HasSubstr("FFFFC7CE"));
}

TEST(Write, Errors) {
  const temporary_folder folder;
  EXPECT_TRUE(create("x.txt").error().is(errc::unknown_ending));
  EXPECT_TRUE(create(folder.file("no/such/a.csv")).error().is(errc::cannot_write));
  EXPECT_TRUE(create(folder.file("no/such/a.xlsx")).error().is(errc::cannot_write));
  auto made = create(folder.file("a.xlsx"));
  const std::string han = "字";
  std::string longest;
  for (int i = 0; i < 32'767; ++i) longest += han;
  EXPECT_TRUE((*made)->write(std::vector<std::string>{longest}).ok());
  const auto too_long = (*made)->write(std::vector<std::string>{"a", longest + han});
  ASSERT_FALSE(too_long.ok());
  EXPECT_TRUE(too_long.error().is(errc::too_long_for_xlsx));
  EXPECT_EQ(too_long.error().where(), (place{"", "", 2, "B"}));
  EXPECT_TRUE((*made)->write(std::vector<std::string>(16'385)).error().is(errc::too_many_for_xlsx));
}

TEST(Write, AFullDiskIsReported) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  const temporary_folder folder;
  std::filesystem::create_symlink("/dev/full", folder.file("full.csv"));
  auto made = create(folder.file("full.csv"));
  ASSERT_TRUE(made.ok());
  ASSERT_TRUE((*made)->write(std::vector<std::string>{"a"}).ok());
  EXPECT_TRUE((*made)->close().error().is(errc::cannot_write));
}

TEST(WriteWorkbook, TemplatesReadBack) {
  const temporary_folder folder;
  const std::string path = folder.file("t.xlsx");
  sheet_spec data;
  data.name = "行政处罚";
  data.heading = {"行政相对人名称", "处罚类别", "县区"};
  data.notes = {"填全称", ""};
  std::vector<std::string> many;
  for (int i = 0; i < 60; ++i) many.push_back("沧州市某某县区第" + std::to_string(i));
  data.choices = {{}, {"警告", "罚款"}, many};
  data.rows = {{"沧州某某公司", "_x000A_", "0317"}};
  sheet_spec help;
  help.name = "填表说明";
  help.heading = {"说明"};
  help.rows = {{"逐行填写"}};
  const std::vector<sheet_spec> sheets = {data, help};
  const auto written = write_workbook(path, sheets);
  ASSERT_TRUE(written.ok()) << written.error().text(language::en);

  EXPECT_EQ(read_file(path), (rows_of_text{data.heading, data.rows[0]}));
  options o;
  o.sheet = "填表说明";
  EXPECT_EQ(read_file(path, o), (rows_of_text{{"说明"}, {"逐行填写"}}));
  o.sheet = "选项";
  EXPECT_EQ(read_file(path, o).size(), many.size());

  const std::string sheet = part_of(path, "xl/worksheets/sheet1.xml");
  EXPECT_THAT(sheet, HasSubstr("<pane ySplit=\"1\""));
  EXPECT_THAT(sheet, HasSubstr("<formula1>\"警告,罚款\"</formula1>"));
  EXPECT_THAT(sheet, HasSubstr("<formula1>'选项'!$A$1:$A$60</formula1>"));
  EXPECT_THAT(sheet, HasSubstr("sqref=\"B2:B100001\""));
  EXPECT_THAT(part_of(path, "xl/comments1.xml"), HasSubstr("填全称"));
  EXPECT_THAT(part_of(path, "xl/workbook.xml"), HasSubstr("state=\"hidden\""));
}

TEST(WriteWorkbook, RefusesBadNames) {
  const temporary_folder folder;
  const auto with = [&](std::vector<std::string> names) {
    std::vector<sheet_spec> sheets(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) sheets[i].name = names[i];
    return write_workbook(folder.file("t.xlsx"), sheets);
  };
  EXPECT_TRUE(with({"a", "b"}).ok());
  for (const char* bad : {"", "a/b", "'a", "0123456789012345678901234567890x"}) {
    const auto got = with({bad});
    ASSERT_FALSE(got.ok()) << bad;
    EXPECT_TRUE(got.error().is(errc::bad_sheet_name));
  }
  EXPECT_TRUE(with({"a", "a"}).error().is(errc::bad_sheet_name));
  EXPECT_TRUE(with({"a", "A"}).error().is(errc::bad_sheet_name));
  EXPECT_TRUE(with({}).error().is(errc::no_sheet));
  EXPECT_TRUE(write_workbook("t.csv", {}).error().is(errc::unknown_ending));
}

}  // namespace
}  // namespace lixin::tabular
