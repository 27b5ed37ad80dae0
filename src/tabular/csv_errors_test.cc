#include <gmock/gmock.h>

#include <cstring>

#include "tabular/csv.h"
#include "tabular/errc.h"
#include "tabular/test_support.h"

namespace lixin::tabular {
namespace {

using namespace testing;  // NOLINT: the helpers of test_support.h
using ::testing::HasSubstr;

error error_of(std::string_view bytes, const options& o = {}) {
  const auto got = read_bytes(bytes, o);
  EXPECT_FALSE(got.ok());
  return got.ok() ? error(errc::no_heading) : got.error();
}

TEST(CsvErrors, QuotesNameTheirRowAndColumn) {
  const error after = error_of("a,b\n\n\"x\ny\",\"z\"z\n");
  EXPECT_TRUE(after.is(errc::text_after_quote));
  EXPECT_EQ(after.where().row, 3U);
  EXPECT_EQ(after.where().column, "B");
  const error open = error_of("a,b\n1,2\n3,\"4\n5,6\n");
  EXPECT_TRUE(open.is(errc::unclosed_quote));
  EXPECT_EQ(open.where().row, 3U);
  const error runs = error_of("a,b\n\"" + std::string(200'000, 'x') + "\n");
  EXPECT_TRUE(runs.is(errc::quote_runs_on));
  EXPECT_EQ(runs.where().row, 2U);
}

TEST(CsvErrors, LengthsAndCounts) {
  const std::size_t longest = limits::cell_bytes_max;
  EXPECT_TRUE(read_bytes("a\n" + std::string(longest, 'x')).ok());
  EXPECT_TRUE(error_of("a\n" + std::string(longest + 1, 'x') + "\n").is(errc::cell_too_long));
  EXPECT_TRUE(error_of("a\n\"\"\"" + std::string(longest, 'x') + "\"\n").is(errc::cell_too_long));

  std::string wide = "a\n";
  for (std::size_t i = 1; i < limits::columns_max; ++i) wide += "x,";
  EXPECT_TRUE(read_bytes(wide + "x,,,\n").ok());
  const error columns = error_of(wide + "x,x\n");
  EXPECT_TRUE(columns.is(errc::too_many_columns));
  EXPECT_EQ(columns.where().row, 2U);

  std::string row = "a\n";
  for (int i = 0; i < 17; ++i) row += std::string(longest - 1, 'x') + ",";
  const error long_row = error_of(row + "\n1\n");
  EXPECT_TRUE(long_row.is(errc::row_too_long));
  EXPECT_EQ(long_row.where().row, 2U);
}

// A row that never ends is given up at the limit, long before the file's end.
class endless_input : public input {
 public:
  explicit endless_input(std::uint64_t& read) : read_(read) {}
  std::uint64_t size() const override { return 1ull << 30; }
  result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t count) override {
    for (std::size_t i = 0; i < count; ++i) to[i] = (offset + i) % 10'000 == 9'999 ? ',' : 'x';
    read_ = std::max(read_, offset + count);
    return count;
  }

 private:
  std::uint64_t& read_;
};

TEST(CsvErrors, OneLineOfAGigabyteIsNotReadThrough) {
  std::uint64_t read = 0;
  auto source = open_csv(std::make_unique<endless_input>(read), {});
  ASSERT_TRUE(source.ok());
  block b;
  const auto got = (*source)->read(b, 1);
  ASSERT_FALSE(got.ok());
  EXPECT_LE(read, 4 * limits::row_bytes_max);
  EXPECT_TRUE(got.error().is(errc::row_too_long));
  EXPECT_EQ(got.error().where().row, 1U);
}

// Blank lines up to the limit, then a row with text.
class blank_lines_input : public input {
 public:
  explicit blank_lines_input(std::uint64_t lines) : lines_(lines) {}
  std::uint64_t size() const override { return lines_ + 1; }
  result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t count) override {
    if (offset >= size()) return std::size_t{0};
    count = std::min<std::uint64_t>(count, size() - offset);
    std::memset(to, '\n', count);
    if (offset + count == size()) to[count - 1] = 'x';
    return count;
  }

 private:
  std::uint64_t lines_;
};

TEST(CsvErrors, TooManyRows) {
  block b;
  auto just = open_csv(std::make_unique<blank_lines_input>(limits::rows_max - 1), {});
  ASSERT_TRUE(*(*just)->read(b, 1));
  EXPECT_EQ(b.rows.at(0).number, limits::rows_max);
  auto more = open_csv(std::make_unique<blank_lines_input>(limits::rows_max), {});
  EXPECT_TRUE((*more)->read(b, 1).error().is(errc::too_many_rows));
}

TEST(CsvErrors, BytesThatAreNoText) {
  const error nul = error_of(std::string("a,b\n1,\0\n", 8));
  EXPECT_TRUE(nul.is(errc::nul_byte));
  EXPECT_EQ(nul.args().at(0), "6");
  EXPECT_EQ(nul.where().row, 2U);

  options o;
  o.encoding = text::encoding::utf8;
  const error utf8 = error_of("列,b\n1,2\n\xC4\xE3,2\n3,4\n", o);
  EXPECT_TRUE(utf8.is(errc::bad_utf8));
  EXPECT_EQ(utf8.args().at(0), "10");
  EXPECT_EQ(utf8.where().row, 3U);
  EXPECT_THAT(utf8.sentence(language::zh), HasSubstr("GB18030"));
  EXPECT_TRUE(error_of("a\n\xE5\x88", o).is(errc::bad_utf8));

  o.encoding = text::encoding::gb18030;
  const error gb = error_of("\xC4\xE3,b\n1,2\n\xC4\x20,4\n", o);
  EXPECT_TRUE(gb.is(errc::bad_gb18030));
  EXPECT_EQ(gb.args().at(0), "9");
  EXPECT_EQ(gb.where().row, 3U);
  // 84 31 D5 33 has the form of a sign but is none; a broken form follows.
  EXPECT_EQ(error_of("a\n\x84\x31\xD5\x33\n\xC4\x20\n", o).args().at(0), "2");
}

TEST(CsvErrors, RowsBeforeTheErrorStayAndTheErrorIsFinal) {
  auto source = open_csv_bytes("a\n1\n\"2\"x\n3\n");
  block b;
  EXPECT_FALSE((*source)->read(b, 10).ok());
  EXPECT_EQ(b.rows.size(), 2U);
  EXPECT_EQ(b.cells.size(), 2U);
  EXPECT_TRUE((*source)->read(b, 10).error().is(errc::text_after_quote));
  EXPECT_EQ(b.rows.size(), 2U);
}

TEST(CsvErrors, OtherFormats) {
  EXPECT_TRUE(error_of("").is(errc::empty_file));
  EXPECT_TRUE(error_of("\xEF\xBB\xBF").is(errc::empty_file));
  EXPECT_TRUE(error_of("\xFF\xFE"
                       "a\0,\0")
                  .is(errc::utf16));
  EXPECT_TRUE(error_of(std::string("\xFE\xFF\0a\0,", 6)).is(errc::utf16));
  EXPECT_TRUE(error_of(std::string("a\0,\0b\0\n\0", 8)).is(errc::utf16));
  EXPECT_TRUE(error_of("%PDF-1.7\n").is(errc::pdf_file));
  EXPECT_TRUE(error_of("\xEF\xBB\xBF\n<HTML><table>").is(errc::markup_file));
  EXPECT_TRUE(error_of("<?xml version=\"1.0\"?>").is(errc::markup_file));
  EXPECT_TRUE(open("/nowhere/at/all.csv").error().is(errc::cannot_open));
  EXPECT_TRUE(open("/").error().is(errc::cannot_open));
}

TEST(CsvErrors, EveryFileErrorBearsTheNameGiven) {
  options o;
  o.file_name = "处罚.csv";
  EXPECT_EQ(error_of("a\n\"", o).where().file, "处罚.csv");
  EXPECT_EQ(error_of("", o).where().file, "处罚.csv");
  EXPECT_EQ(open("/nowhere.csv").error().where().file, "/nowhere.csv");
}

}  // namespace
}  // namespace lixin::tabular
