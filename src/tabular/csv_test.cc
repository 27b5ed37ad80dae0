#include "tabular/csv.h"

#include <gmock/gmock.h>

#include <random>
#include <thread>

#include "tabular/errc.h"
#include "tabular/test_support.h"
#include "tabular/text_source.h"
#include "text/json.h"

namespace lixin::tabular {
namespace {

using namespace testing;  // NOLINT: the helpers of test_support.h
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::filesystem::path spectrum() { return LIXIN_SOURCE_DIR "/../shared/data/csv-spectrum"; }

// The objects of an array of flat objects.
std::vector<text::string_map> objects_of(const std::string& json) {
  std::vector<text::string_map> all;
  bool quoted = false;
  std::size_t from = 0;
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (quoted && json[i] == '\\') {
      ++i;
    } else if (json[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && json[i] == '{') {
      from = i;
    } else if (!quoted && json[i] == '}') {
      auto one = text::parse_string_map(std::string_view(json).substr(from, i + 1 - from));
      EXPECT_TRUE(one.ok());
      all.push_back(std::move(one).value());
    }
  }
  return all;
}

TEST(Csv, ReadsTheSpectrumAsItsJsonSays) {
  if (!std::filesystem::exists(spectrum())) GTEST_SKIP() << "no csv-spectrum here";
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(spectrum() / "csvs")) {
    SCOPED_TRACE(entry.path().filename());
    const auto want =
        objects_of(bytes_of_file(spectrum() / "json" / (entry.path().stem().string() + ".json")));
    auto source = open(entry.path().string());
    ASSERT_TRUE(source.ok());
    const auto got = read_all(**source);
    ASSERT_TRUE(got.ok());
    ASSERT_EQ(got->size(), want.size() + 1);
    for (std::size_t i = 0; i < want.size(); ++i) {
      text::string_map row;
      for (std::size_t c = 0; c < got->at(i + 1).size(); ++c) {
        row.emplace_back(got->at(0).at(c), got->at(i + 1).at(c));
      }
      EXPECT_EQ(row, want[i]);
    }
    ++files;
  }
  EXPECT_EQ(files, 11U);
}

TEST(Csv, RowsEndInCrlfLfCrOrTheFilesEnd) {
  const rows_of_text want = {{"a", "b"}, {"1", "2"}, {"3", "4"}};
  for (const std::string& end : std::vector<std::string>{"\r\n", "\n", "\r"}) {
    for (const std::string& last : std::vector<std::string>{end, ""}) {
      EXPECT_EQ(*read_bytes("a,b" + end + "1,2" + end + "3,4" + last), want);
    }
  }
}

TEST(Csv, CutsTheMark) {
  EXPECT_EQ(*read_bytes("\xEF\xBB\xBF\"a\",b\n"), (rows_of_text{{"a", "b"}}));
}

TEST(Csv, FindsTheSeparatorFromTheHeading) {
  EXPECT_EQ(*read_bytes("a;b;c,d\n1;2;3\n"), (rows_of_text{{"a", "b", "c,d"}, {"1", "2", "3"}}));
  EXPECT_EQ(*read_bytes("a\tb\n1,5\t2\n"), (rows_of_text{{"a", "b"}, {"1,5", "2"}}));
  EXPECT_EQ(*read_bytes("\n\"a;b;c\",d\n"), (rows_of_text{{"a;b;c", "d"}}));
  EXPECT_EQ(*read_bytes("only\nx;y\n"), (rows_of_text{{"only"}, {"x;y"}}));
  options o;
  o.separator = ';';
  EXPECT_EQ(*read_bytes("a,b;c\n", o), (rows_of_text{{"a,b", "c"}}));
  o.separator = '"';
  EXPECT_TRUE(read_bytes("a", o).error().is(errc::bad_separator));
}

TEST(Csv, SkipsRowsWithoutTextButCountsThem) {
  auto source = open_csv_bytes("a,b\n\n , \n\xE3\x80\x80,\"\"\n1,2\n");
  block b;
  ASSERT_TRUE(*(*source)->read(b, 10));
  ASSERT_EQ(b.rows.size(), 2U);
  EXPECT_EQ(b.rows[0].number, 1U);
  EXPECT_EQ(b.rows[1].number, 5U);
  EXPECT_FALSE(*(*source)->read(b, 10));
  EXPECT_EQ(b.rows.size(), 2U);
}

TEST(Csv, RowsMayBeRagged) {
  EXPECT_EQ(*read_bytes("a,b\n1\n1,2,3\n1,\n"),
            (rows_of_text{{"a", "b"}, {"1"}, {"1", "2", "3"}, {"1", ""}}));
}

TEST(Csv, StrayQuotesAreText) {
  EXPECT_EQ(*read_bytes("a,b\n5\" pipe,x\"y\"\n"),
            (rows_of_text{{"a", "b"}, {"5\" pipe", "x\"y\""}}));
  EXPECT_EQ(*read_bytes("a, \"b\"\n"), (rows_of_text{{"a", " \"b\""}}));
}

TEST(Csv, BlanksMayFollowAClosingQuote) {
  EXPECT_EQ(*read_bytes("\"a\" ,\"b\"\t\n"), (rows_of_text{{"a", "b"}}));
}

TEST(Csv, OffsetsCountBytesOfTheFile) {
  const std::string bytes = "\xEF\xBB\xBF列,b\r\n1,2\r\n";
  auto source = open_csv_bytes(bytes);
  block b;
  ASSERT_TRUE(*(*source)->read(b, 10));
  EXPECT_EQ(b.rows[0].end_offset, 10U);
  EXPECT_EQ(b.rows[1].end_offset, bytes.size());
  EXPECT_EQ((*source)->bytes_total(), bytes.size());
}

TEST(Csv, AFileCutInsideARowJustEnds) {
  EXPECT_EQ(*read_bytes("a,b\n1,2\n3"), (rows_of_text{{"a", "b"}, {"1", "2"}, {"3"}}));
}

TEST(Csv, BlankFileHasNoRows) { EXPECT_THAT(*read_bytes("\n\n\r\n"), IsEmpty()); }

TEST(Gb18030, ReadsTwoAndFourByteSigns) {
  // 中, U+20000 (four bytes, a surrogate pair in UTF-16), U+00E0 (two bytes in UTF-8).
  const std::string text = "标题,b\r\n中文\U00020000,\"\u00E0\"\"\n龘\"\r\n";
  const std::string bytes = text::utf8_to_gb18030(text);
  ASSERT_NE(bytes, text);
  const rows_of_text want = {{"标题", "b"}, {"中文\U00020000", "\u00E0\"\n龘"}};
  options said;
  said.encoding = text::encoding::gb18030;
  for (std::size_t piece = 1; piece < 40; ++piece) {
    csv_tuning tuning;
    tuning.piece_bytes = piece;
    auto source = open_csv_bytes(bytes, said, tuning);
    ASSERT_TRUE(source.ok());
    EXPECT_EQ(*read_all(**source), want) << piece;
  }
  auto source = open_bytes("\x84\x31\x95\x33" + bytes);
  ASSERT_TRUE(source.ok());
  EXPECT_EQ((*source)->file_encoding(), text::encoding::gb18030);
  EXPECT_EQ(*read_all(**source), want);
}

TEST(Gb18030, IsFoundLongAfterAnAsciiStart) {
  std::string bytes;
  while (bytes.size() < 3'000'000) bytes += "1,2,3\n";
  const std::size_t rows = bytes.size() / 6;
  bytes += text::utf8_to_gb18030("沧州市,运河区,行政处罚决定书\n");
  auto source = open_bytes(bytes);
  const auto got = read_all(**source, 5000);
  ASSERT_TRUE(got.ok());
  EXPECT_EQ(got->size(), rows + 1);
  EXPECT_THAT(got->back(), ElementsAre("沧州市", "运河区", "行政处罚决定书"));
  EXPECT_EQ((*source)->file_encoding(), text::encoding::gb18030);
}

// What cutting pieces rests on: bytes below 0x30 (line ends, separators, quotes) are never part
// of a longer sign, so cutting anywhere gives the same signs.
TEST(Gb18030, NoSignHoldsAByteBelow0x30) {
  for (char32_t c = 0x80; c < 0x110000; c += c < 0x10000 ? 1 : 0x101) {
    if (c >= 0xD800 && c < 0xE000) continue;
    std::string utf8;
    if (c < 0x800) {
      utf8 = {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
    } else if (c < 0x10000) {
      utf8 = {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)),
              static_cast<char>(0x80 | (c & 0x3F))};
    } else {
      utf8 = {static_cast<char>(0xF0 | c >> 18), static_cast<char>(0x80 | (c >> 12 & 0x3F)),
              static_cast<char>(0x80 | (c >> 6 & 0x3F)), static_cast<char>(0x80 | (c & 0x3F))};
    }
    const std::string bytes = text::utf8_to_gb18030(utf8);
    ASSERT_GE(bytes.size(), 2U) << std::hex << static_cast<std::uint32_t>(c);
    for (const char byte : bytes) {
      ASSERT_GE(static_cast<unsigned char>(byte), 0x30)
          << std::hex << static_cast<std::uint32_t>(c);
    }
    ASSERT_EQ(whole_gb18030_prefix(bytes), bytes.size());
    ASSERT_EQ(whole_gb18030_prefix("," + bytes.substr(0, bytes.size() - 1)), 1U);
  }
}

TEST(Csv, BothWaysOfFindingStopsAgree) {
  std::mt19937 random(5);
  for (int round = 0; round < 2000; ++round) {
    char bytes[64];
    for (char& c : bytes) c = "ab,;\t\r\n\"\xE4"[random() % 9];
    for (const char separator : {',', ';', '\t'}) {
      ASSERT_EQ(stops(bytes, separator), stops_portable(bytes, separator));
    }
  }
}

// The plainest writer that RFC 4180 allows, to hold the reader against.
std::string naive_csv(const rows_of_text& rows, char separator, const std::string& end,
                      std::mt19937& random) {
  std::string out;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (i > 0) out += separator;
      const bool must = row[i].find_first_of("\",;\t\r\n") != std::string::npos;
      if (!must && random() % 3 > 0) {
        out += row[i];
        continue;
      }
      out += '"';
      for (const char c : row[i]) out += c == '"' ? std::string("\"\"") : std::string(1, c);
      out += '"';
    }
    out += end;
  }
  return out;
}

rows_of_text random_table(std::mt19937& random) {
  const std::vector<std::string> atoms = {"a",    "7",  " ",  ",", ";",          "\t", "\n", "\r",
                                          "\r\n", "\"", "中", "é", "\U00020000", "〔", "x"};
  rows_of_text rows(1 + random() % 12);
  const std::size_t columns = 1 + random() % 6;
  for (auto& row : rows) {
    row.resize(columns);
    for (auto& one : row) {
      for (std::size_t n = random() % 9; n > 0; --n) one += atoms[random() % atoms.size()];
    }
    row[random() % columns] += "v";  // rows without text are skipped
  }
  return rows;
}

TEST(Csv, ReadsBackRandomTables) {
  std::mt19937 random(20261124);
  for (int round = 0; round < 3000; ++round) {
    const rows_of_text want = random_table(random);
    options o;
    o.separator = ",;\t"[random() % 3];
    const std::string end = std::vector<std::string>{"\n", "\r\n", "\r"}[random() % 3];
    std::string bytes = naive_csv(want, *o.separator, end, random);
    if (random() % 4 == 0) bytes.resize(bytes.size() - end.size());
    if (random() % 2 == 0) {
      bytes = text::utf8_to_gb18030(bytes);
      o.encoding = text::encoding::gb18030;
    } else {
      if (random() % 2 == 0) bytes = "\xEF\xBB\xBF" + bytes;
      o.encoding = text::encoding::utf8;
    }
    csv_tuning tuning;
    tuning.piece_bytes = 1 + random() % 300;
    auto source = open_csv_bytes(bytes, o, tuning);
    ASSERT_TRUE(source.ok()) << source.error().text(language::en);
    const auto got = read_all(**source, 1 + random() % 5);
    ASSERT_TRUE(got.ok()) << got.error().text(language::en);
    ASSERT_EQ(*got, want) << "round " << round;
  }
}

TEST(Csv, MemoryIsBoundedByTheBlockAndNotByTheFile) {
  const temporary_folder folder;
  const std::string path = folder.file("big.csv");
  std::string row = "沧州市运河区某某商贸有限公司";
  while (row.size() < 600) row += ",\"行政\"\"处罚\"";
  constexpr std::size_t rows = 100'000;
  {
    std::ofstream out(path, std::ios::binary);
    for (std::size_t i = 0; i < rows; ++i) out << row << "\r\n";
  }
  auto source = open(path);
  ASSERT_TRUE(source.ok());
  block b;
  std::size_t count = 0;
  std::size_t peak = 0;
  std::uint64_t offset = 0;
  for (;;) {
    b.clear();
    const auto any = (*source)->read(b, 1000);
    ASSERT_TRUE(any.ok());
    if (!*any) break;
    count += b.rows.size();
    peak = std::max(peak, b.store.capacity());
    EXPECT_GT(b.rows.back().end_offset, offset);
    offset = b.rows.back().end_offset;
  }
  EXPECT_EQ(count, rows);
  EXPECT_EQ(offset, (*source)->bytes_total());
  EXPECT_EQ(offset, std::filesystem::file_size(path));
  EXPECT_LE(peak, 8U << 20);  // 1,000 rows of 600 bytes, in whole pieces
}

TEST(Csv, ViewsStayGoodWhileTheBlockIsFilledFurther) {
  std::string bytes;
  for (int i = 0; i < 5000; ++i) bytes += std::to_string(i) + ",\"a\"\"b\"\n";
  csv_tuning tuning;
  tuning.piece_bytes = 100;
  auto source = open_csv_bytes(bytes, {}, tuning);
  block b;
  while (*(*source)->read(b, 3)) continue;
  ASSERT_EQ(b.rows.size(), 5000U);
  for (std::size_t i = 0; i < 5000; ++i) {
    ASSERT_THAT(texts(b, b.rows[i]), ElementsAre(std::to_string(i), "a\"b"));
  }
}

TEST(Csv, BlocksMayBeHandedToAnotherThread) {
  std::string bytes;
  for (int i = 0; i < 20'000; ++i) bytes += std::to_string(i) + ",\"a\"\"b\"\n";
  csv_tuning tuning;
  tuning.piece_bytes = 1000;
  auto source = open_csv_bytes(bytes, {}, tuning);
  std::size_t next = 0;
  std::thread reading;
  for (;;) {
    auto filled = std::make_unique<block>();
    if (!*(*source)->read(*filled, 100)) break;
    if (reading.joinable()) reading.join();
    reading = std::thread([&next, b = std::move(filled)]() mutable {
      for (const auto& row : b->rows) {
        EXPECT_THAT(texts(*b, row), ElementsAre(std::to_string(next), "a\"b"));
        ++next;
      }
      b.reset();
    });
  }
  reading.join();
  EXPECT_EQ(next, 20'000U);
}

TEST(Csv, AFileThatShrinksWhileReadJustEnds) {
  const temporary_folder folder;
  const std::string path = folder.file("shrinks.csv");
  {
    std::ofstream out(path, std::ios::binary);
    for (int i = 0; i < 500'000; ++i) out << "1,2,3\n";
  }
  auto source = open(path);
  block b;
  ASSERT_TRUE(*(*source)->read(b, 1));
  std::filesystem::resize_file(path, 600'000);
  const auto rest = read_all(**source, 1000);
  ASSERT_TRUE(rest.ok());
  EXPECT_EQ(rest->size() + 1, 100'000U);
}

TEST(ReadTable, TidiesPadsAndPassesOverComments) {
  const auto got = read_table(
      "# 说明, \"一; 二; 三\n编码,名称,备注\n#,\"不成对\nA1,\xE3\x80\x80甲 "
      ",\n\nB2\n,,\nC3,丙,x,,\n",
      "codes.csv");
  ASSERT_TRUE(got.ok()) << got.error().text(language::en);
  EXPECT_THAT(got->heading, ElementsAre("编码", "名称", "备注"));
  ASSERT_EQ(got->lines.size(), 3U);
  EXPECT_EQ(got->lines[0].number, 4U);
  EXPECT_THAT(got->lines[0].cells, ElementsAre("A1", "甲", ""));
  EXPECT_EQ(got->lines[1].number, 6U);
  EXPECT_THAT(got->lines[1].cells, ElementsAre("B2", "", ""));
  EXPECT_THAT(got->lines[2].cells, ElementsAre("C3", "丙", "x"));
}

TEST(ReadTable, RefusesLongerRowsAndAMissingHeading) {
  const auto ragged = read_table("a,b\n1,2\n1,2,3\n", "x.csv");
  ASSERT_FALSE(ragged.ok());
  EXPECT_TRUE(ragged.error().is(errc::ragged_row));
  EXPECT_EQ(ragged.error().where(), (place{"x.csv", "", 3, ""}));
  EXPECT_EQ(ragged.error().text(language::zh),
            "x.csv，第 3 行：本行有 3 个单元格，表头只有 2 列。含逗号的内容请加引号，"
            "或删去多余的单元格。");
  EXPECT_TRUE(read_table("# nothing\n", "x.csv").error().is(errc::no_heading));
  EXPECT_EQ(read_table("", "x.csv").error().where().file, "x.csv");
}

}  // namespace
}  // namespace lixin::tabular
