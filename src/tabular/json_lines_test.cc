#include "tabular/json_lines.h"

#include <gmock/gmock.h>

#include <random>

#include "base/test_seed.h"
#include "tabular/errc.h"
#include "tabular/test_support.h"
#include "text/json.h"

namespace lixin::tabular {
namespace {

using namespace testing;  // NOLINT: the helpers of test_support.h
using ::testing::ElementsAre;
using ::testing::IsEmpty;

rows_of_text rows_of(std::string_view bytes, const options& o = {}) {
  const auto got = read_bytes(bytes, o);
  EXPECT_TRUE(got.ok()) << (got.ok() ? "" : got.error().text(language::en));
  return got.ok() ? *got : rows_of_text();
}

TEST(JsonLines, KeysAreTheHeadingAndMayStandInAnyOrder) {
  EXPECT_THAT(rows_of(R"({"a":"1","b":"x"})"
                      "\n"
                      R"({"b":"y","a":"2"})"
                      "\n"
                      R"({"b":"z"})"),
              ElementsAre(ElementsAre("a", "b"), ElementsAre("1", "x"), ElementsAre("2", "y"),
                          ElementsAre("", "z")));
}

// Programs leave out what is empty: the first line need not know every key.
TEST(JsonLines, ColumnsAreAllKeysOfTheFile) {
  const std::string file =
      "{\"a\":\"1\"}\n"
      "{\"b\":\"2\",\"a\":\"3\"}\n"
      "{\"c\":\"4\"}\n";
  EXPECT_THAT(rows_of(file), ElementsAre(ElementsAre("a", "b", "c"), ElementsAre("1", "", ""),
                                         ElementsAre("3", "2", ""), ElementsAre("", "", "4")));
  auto source = open_bytes(file);
  ASSERT_TRUE(source.ok());
  EXPECT_THAT((*source)->heading_rows(), ElementsAre(1, 2, 3));
  EXPECT_EQ((*source)->file_format(), format::json_lines);
}

TEST(JsonLines, ValuesComeAsWritten) {
  const auto rows = rows_of(
      "{\"t\":\"文字\",\"n\":1.10,\"long\":12345678901234567890.000000000000000001,"
      "\"neg\":-0.5e-3,\"yes\":true,\"no\":false,\"none\":null,\"empty\":\"\"}");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_THAT(rows[1], ElementsAre("文字", "1.10", "12345678901234567890.000000000000000001",
                                   "-0.5e-3", "TRUE", "FALSE", "", ""));
}

TEST(JsonLines, EscapesAreDecoded) {
  const auto rows = rows_of(R"({"\u7532\"":"\"\\\/\b\f\n\r\t\u00e9\u4e2d\ud840\udc00x"})");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_THAT(rows[0], ElementsAre("甲\""));
  EXPECT_THAT(rows[1], ElementsAre("\"\\/\b\f\n\r\té中𠀀x"));
}

TEST(JsonLines, MarkBlankLinesAndLineEnds) {
  auto source =
      open_bytes("\xEF\xBB\xBF\n \t{ \"a\" : 1 , \"b\":\"\" } \r\n\r\n{}\n{\"a\":null}\n{\"a\":2}");
  ASSERT_TRUE(source.ok());
  block b;
  ASSERT_TRUE((*source)->read(b, 10).value());
  ASSERT_EQ(b.rows.size(), 3u);
  EXPECT_EQ(b.rows[0].number, 0u);
  EXPECT_EQ(b.rows[1].number, 2u);
  EXPECT_EQ(b.rows[2].number, 6u);
  EXPECT_EQ(b.rows[2].end_offset, (*source)->bytes_total());
  EXPECT_THAT(texts(b, b.rows[2]), ElementsAre("2", ""));
  b.clear();
  EXPECT_FALSE((*source)->read(b, 10).value());
  EXPECT_THAT(b.rows, IsEmpty());
}

TEST(JsonLines, AFileWithoutKeysHasNoHeading) { EXPECT_THAT(rows_of("{}\n\n{ }\n"), IsEmpty()); }

TEST(JsonLines, TheContentDecidesAndNotTheName) {
  for (const char* json : {"{\"", " \n{ \"a", "\xEF\xBB\xBF{\"a\":1}", "{}", "[{\"a\":1}]"}) {
    EXPECT_TRUE(is_json(json)) << json;
  }
  for (const char* other : {"a,b", "{甲},b", "[1] a,b", "[\"a\"]", "", "{", "\"{\"\"a\""}) {
    EXPECT_FALSE(is_json(other)) << other;
  }
}

struct fault {
  const char* bytes;
  const message& what;
  std::uint64_t row;
  const char* sign;
};

TEST(JsonLines, FaultsNameTheirLineAndSign) {
  const fault faults[] = {
      {"[{\"a\":1}]", errc::json_array, 1, "1"},
      {"{\"a\":1}\n [1]\n", errc::json_array, 2, "2"},
      {"{\"a\":1}\n\n\"b\"\n", errc::json_not_object, 3, "1"},
      {"{\"a\":1}\n中\n", errc::json_not_object, 2, "1"},
      {"{\"甲\":\"乙\" \"b\":1}", errc::json_expected, 1, "10"},
      {"{\"甲\" 1}", errc::json_expected, 1, "6"},
      {"{\"a\":1,b:1}", errc::json_expected, 1, "8"},
      {"{\"a\":1,}", errc::json_expected, 1, "8"},
      {"{\n\"a\":1\n}\n", errc::json_cut, 1, "2"},
      {"{\"a\"", errc::json_cut, 1, "5"},
      {"{\"a\":", errc::json_cut, 1, "6"},
      {"{\"a\":1", errc::json_cut, 1, "7"},
      {"{\"a\":1},\n{\"a\":2}", errc::json_after, 1, "8"},
      {"{\"a\":1}{\"a\":2}", errc::json_after, 1, "8"},
      {"{\"a\":1}\n{\"a\":\"x\ny\"}", errc::json_unclosed, 2, "6"},
      {"{\"a\":\"x\\\n\"}", errc::json_unclosed, 1, "6"},
      {"{\"a\":x}", errc::json_bad_value, 1, "6"},
      {"{\"a\":True}", errc::json_bad_value, 1, "6"},
      {"{\"a\":NaN}", errc::json_bad_value, 1, "6"},
      {"{\"a\":'x'}", errc::json_bad_value, 1, "6"},
      {"{\"a\":}", errc::json_bad_value, 1, "6"},
      {"{\"a\":01}", errc::json_bad_number, 1, "6"},
      {"{\"a\":1.}", errc::json_bad_number, 1, "6"},
      {"{\"a\":-}", errc::json_bad_number, 1, "6"},
      {"{\"a\":1e}", errc::json_bad_number, 1, "6"},
      {"{\"a\":0x1F}", errc::json_bad_number, 1, "6"},
      {"{\"a\":1}\n{\"a\":{\"b\":1}}", errc::json_nested, 2, "6"},
      {"{\"a\":[]}", errc::json_nested, 1, "6"},
      {"{\"a\":1,\"a\":1}", errc::json_repeated_key, 1, "8"},
      {"{\"a\":1,\"\\u0061\":1}", errc::json_repeated_key, 1, "8"},
      {"{\"b\":1}\n{\"a\":1,\"b\":1,\"a\":1}", errc::json_repeated_key, 2, "14"},
      {"{\"a\":\"x\ty\"}", errc::json_control, 1, "8"},
      {"{\"a\":\"\\u0000\"}", errc::json_nul, 1, "7"},
      {"{\"a\":\"\\x\"}", errc::json_bad_escape, 1, "7"},
      {"{\"a\":\"\\u12g4\"}", errc::json_bad_escape, 1, "7"},
      {"{\"a\":\"\\u12\"}", errc::json_bad_escape, 1, "7"},
      {"{\"a\":\"\\ud800\"}", errc::json_bad_escape, 1, "7"},
      {"{\"a\":\"\\ud800\\u0041\"}", errc::json_bad_escape, 1, "7"},
      {"{\"a\":\"中\\udc00\"}", errc::json_bad_escape, 1, "8"},
  };
  for (const fault& f : faults) {
    SCOPED_TRACE(f.bytes);
    const auto got = read_bytes(f.bytes);
    ASSERT_FALSE(got.ok());
    EXPECT_EQ(got.error().code(), f.what.code);
    EXPECT_EQ(got.error().where().row, f.row);
    EXPECT_EQ(got.error().args().at(0), f.sign);
  }
}

TEST(JsonLines, BytesThatAreNoUtf8AreNamedByTheirPlace) {
  const auto gbk = read_bytes("{\"a\":\"\xD0\xA1\xC3\xF7\"}");
  ASSERT_FALSE(gbk.ok());
  EXPECT_TRUE(gbk.error().is(errc::json_bad_utf8));
  EXPECT_EQ(gbk.error().args().at(0), "8");  // the first two also are a Cyrillic letter
  options said;
  said.encoding = text::encoding::gb18030;
  EXPECT_TRUE(read_bytes("{\"a\":1}", said).error().is(errc::json_not_utf8));
  EXPECT_TRUE(read_bytes("\x84\x31\x95\x33{\"a\":1}").error().is(errc::json_not_utf8));
  const auto nul = read_bytes(std::string_view("{\"a\":\"\0\"}", 9));
  ASSERT_FALSE(nul.ok());
  EXPECT_TRUE(nul.error().is(errc::nul_byte));
}

TEST(JsonLines, Limits) {
  const std::string longest(limits::cell_bytes_max, 'x');
  EXPECT_TRUE(read_bytes("{\"a\":\"" + longest + "\"}").ok());
  EXPECT_TRUE(read_bytes("{\"a\":\"" + longest + "x\"}").error().is(errc::json_value_too_long));
  EXPECT_TRUE(read_bytes("{\"a\":" + std::string(limits::cell_bytes_max + 1, '1') + "}")
                  .error()
                  .is(errc::json_value_too_long));
  const std::string key(limits::key_bytes_max, 'k');
  EXPECT_TRUE(read_bytes("{\"" + key + "\":1}").ok());
  EXPECT_TRUE(read_bytes("{\"" + key + "k\":1}").error().is(errc::json_key_too_long));

  std::string keys;
  for (std::size_t i = 0; i < limits::columns_max; ++i) {
    keys += "{\"" + std::to_string(i) + "\":1}\n";
  }
  EXPECT_TRUE(read_bytes(keys).ok());
  const auto many = read_bytes(keys + "{\"more\":1}");
  ASSERT_FALSE(many.ok());
  EXPECT_TRUE(many.error().is(errc::json_too_many_keys));
  EXPECT_EQ(many.error().where().row, limits::columns_max + 1);

  const std::string wide = "{\"a\":1," + std::string(limits::row_bytes_max, ' ') + "\"b\":1}";
  for (const char* end : {"", "\n", "\n{\"a\":1}"}) {
    EXPECT_TRUE(read_bytes(wide + end).error().is(errc::row_too_long));
  }
  EXPECT_TRUE(read_bytes("{\"a\":1}" + std::string(2 * limits::row_bytes_max, ' '))
                  .error()
                  .is(errc::row_too_long));
}

// A file that grows between the two readings.
class growing_input : public input {
 public:
  std::uint64_t size() const override { return 8; }
  result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t count) override {
    const std::string_view all = offset == 0 && ++starts_ > 2 ? "{\"b\":1}\n" : "{\"a\":1}\n";
    const std::string_view part = all.substr(std::min<std::size_t>(offset, all.size()), count);
    part.copy(to, part.size());
    return part.size();
  }

 private:
  int starts_ = 0;
};

TEST(JsonLines, AKeyThatCameLaterIsNotGuessedAt) {
  auto source = open_json_lines(std::make_unique<growing_input>(), {});
  ASSERT_TRUE(source.ok());
  const auto got = read_all(**source);
  ASSERT_FALSE(got.ok());
  EXPECT_TRUE(got.error().is(errc::json_changed));
}

TEST(JsonLines, WhatTheWriterWritesIsReadAgain) {
  const std::uint32_t seed = test_seed();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  const std::string_view signs[] = {"\"", "\\", "\n", "\r", "\t", "\x01",
                                    "中", "𠀀", "x",  "{",  " "};
  const temporary_folder folder;
  for (int turn = 0; turn < 50; ++turn) {
    rows_of_text want{{"甲", "b\"", "c\\n"}};
    for (int r = 0; r < 20; ++r) {
      std::vector<std::string> row(3);
      for (std::string& cell : row) {
        for (auto n = random() % 5; n > 0; --n) cell += signs[random() % std::size(signs)];
      }
      row[random() % 3] += 'x';  // a row without text would be passed over
      want.push_back(row);
    }
    const std::string path = folder.file(turn % 2 == 0 ? "out.jsonl" : "out.ndjson");
    auto out = create(path);
    ASSERT_TRUE(out.ok());
    for (const auto& row : want) ASSERT_TRUE((*out)->write(row).ok());
    ASSERT_TRUE((*out)->close().ok());
    const std::string bytes = bytes_of_file(path);
    for (const std::size_t piece : {1UL, 7UL, 64UL, 256UL * 1024}) {
      auto in = memory_input(bytes);
      ASSERT_TRUE(in.ok());
      auto source = open_json_lines(std::move(in).value(), {}, piece);
      ASSERT_TRUE(source.ok());
      EXPECT_EQ(read_all(**source, 1 + random() % 9).value(), want);
    }
  }
}

TEST(JsonLines, ColumnsWithoutANameAreWrittenByTheirLetters) {
  const temporary_folder folder;
  const std::string path = folder.file("out.jsonl");
  auto out = create(path);
  ASSERT_TRUE(out.ok());
  const rows_of_text rows{{"a", "", "a"}, {"1", "", ""}, {"2", "x", "y"}, {"3"}};
  for (const auto& row : rows) ASSERT_TRUE((*out)->write(row).ok());
  ASSERT_TRUE((*out)->close().ok());
  EXPECT_EQ(bytes_of_file(path),
            "{\"a\":\"1\"}\n{\"a\":\"2\",\"(B)\":\"x\",\"(C)\":\"y\"}\n{\"a\":\"3\"}\n");
}

}  // namespace
}  // namespace lixin::tabular
