#include "tabular/xlsx.h"

#include <gmock/gmock.h>

#include "tabular/errc.h"
#include "tabular/test_support.h"

namespace lixin::tabular {
namespace {

using namespace testing;  // NOLINT: the helpers of test_support.h
using ::testing::ElementsAre;
using ::testing::HasSubstr;

error error_of(const std::string& bytes, const options& o = {}) {
  const auto got = read_bytes(bytes, o);
  EXPECT_FALSE(got.ok());
  return got.ok() ? error(errc::no_heading) : got.error();
}

std::string inline_cell(const std::string& text) {
  return "<c t=\"inlineStr\"><is><t>" + text + "</t></is></c>";
}

TEST(Xlsx, ReadsSharedAndInlineTexts) {
  book b;
  b.strings =
      "<si><t>名称</t></si>"
      "<si><r><rPr><b/></rPr><t xml:space=\"preserve\">沧州 </t></r><r><t>市</t></r>"
      "<rPh sb=\"0\" eb=\"1\"><t>cang</t></rPh><phoneticPr fontId=\"1\"/></si>"
      "<si><t/></si>";
  b.rows =
      "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c></row>"
      "<row r=\"2\"><c r=\"A2\" t=\"inlineStr\"><is><r><t>a&amp;b</t></r><r><t>&lt;c</t></r>"
      "<rPh><t>x</t></rPh></is></c><c r=\"B2\" t=\"s\"><v>2</v></c>"
      "<c r=\"C2\" t=\"str\"><f>A1&amp;\"x\"</f><v>计算</v></c></row>";
  EXPECT_EQ(*read_bytes(b.zipped()), (rows_of_text{{"名称", "沧州 市"}, {"a&b<c", "", "计算"}}));
}

TEST(Xlsx, KindsOfCells) {
  book b;
  b.styles =
      "<numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d\"/>"
      "<numFmt numFmtId=\"165\" formatCode=\"0.00&quot;d&quot;\"/></numFmts>"
      "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
      "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"164\"/>"
      "<xf numFmtId=\"165\"/></cellXfs>";
  b.rows =
      "<row><c><v>12.50</v></c><c s=\"1\"><v>45413</v></c><c s=\"2\"><v>45413.354166666664</v></c>"
      "<c s=\"3\"><v>45413</v></c><c t=\"b\"><v>1</v></c><c t=\"b\"><v>0</v></c>"
      "<c t=\"e\"><v>#N/A</v></c><c t=\"n\"><v>1.5E3</v></c><c "
      "t=\"d\"><v>2024-05-01T00:00:00</v></c>"
      "<c t=\"d\"><v>2024-05-01T08:30:00Z</v></c><c><v>n/a</v></c><c s=\"1\"><v>-3</v></c>"
      "<c><f>1+1</f></c><c s=\"99\"><v>7</v></c></row>";
  const std::string bytes = b.zipped();
  auto source = open_bytes(bytes);
  ASSERT_TRUE(source.ok()) << source.error().text(language::en);
  block out;
  ASSERT_TRUE(*(*source)->read(out, 10));
  ASSERT_EQ(out.rows.size(), 1U);
  std::vector<std::pair<std::string, cell_kind>> got;
  for (const cell& c : out.cells_of(out.rows[0])) got.emplace_back(c.text, c.kind);
  const std::vector<std::pair<std::string, cell_kind>> want = {
      {"12.5", cell_kind::number},
      {"2024-05-01", cell_kind::date},
      {"2024-05-01 08:30:00", cell_kind::date},
      {"45413", cell_kind::number},
      {"TRUE", cell_kind::boolean},
      {"FALSE", cell_kind::boolean},
      {"#N/A", cell_kind::error},
      {"1500", cell_kind::number},
      {"2024-05-01", cell_kind::date},
      {"2024-05-01 08:30:00", cell_kind::date},
      {"n/a", cell_kind::text},
      {"-3", cell_kind::number},
      {"", cell_kind::text},
      {"7", cell_kind::number}};
  EXPECT_EQ(got, want);
}

TEST(Xlsx, DatesOf1904) {
  book b;
  b.workbook_extra = "<workbookPr date1904=\"1\"/>";
  b.styles = "<cellXfs><xf numFmtId=\"14\"/></cellXfs>";
  b.rows = "<row><c s=\"0\"><v>43951</v></c></row>";
  EXPECT_EQ(*read_bytes(b.zipped()), (rows_of_text{{"2024-05-01"}}));
}

TEST(Xlsx, FillsGapsAndKeepsTheNumbering) {
  book b;
  b.rows =
      "<row r=\"2\"><c r=\"B2\"><v>1</v></c><c><v>2</v></c><c r=\"AA2\"><v>3</v></c>"
      "<c r=\"AB2\" s=\"1\"/></row>"
      "<row/><row r=\"7\"><c r=\"A7\" t=\"inlineStr\"><is><t>  </t></is></c></row>"
      "<row r=\"9\"><c r=\"A9\"><v>9</v></c></row>";
  const std::string bytes = b.zipped();
  auto source = open_bytes(bytes);
  ASSERT_TRUE(source.ok());
  block out;
  ASSERT_TRUE(*(*source)->read(out, 10));
  ASSERT_EQ(out.rows.size(), 2U);
  EXPECT_EQ(out.rows[0].number, 2U);
  const auto first = texts(out, out.rows[0]);
  ASSERT_EQ(first.size(), 27U);
  EXPECT_EQ(first[0], "");
  EXPECT_EQ(first[1], "1");
  EXPECT_EQ(first[2], "2");
  EXPECT_EQ(first[26], "3");
  EXPECT_EQ(out.rows[1].number, 9U);
}

TEST(Xlsx, NamesWithPrefixesAreTheSame) {
  book b;
  b.rows = "<x:row r=\"1\" xmlns:x=\"x\"><x:c r=\"A1\"><x:v>5</x:v></x:c></x:row>";
  EXPECT_EQ(*read_bytes(b.zipped()), (rows_of_text{{"5"}}));
}

TEST(Xlsx, DecodesEscapes) {
  book b;
  b.rows =
      "<row>" + inline_cell("a_x000A_b_x005F_x000A__x00e9__x4E2D__x0000__xD800__x12_") + "</row>";
  EXPECT_EQ(*read_bytes(b.zipped()), (rows_of_text{{"a\nb_x000A_\u00E9中_x0000__xD800__x12_"}}));
}

TEST(Xlsx, ChoosesSheets) {
  book b;
  b.rows = "<row>" + inline_cell("一") + "</row>";
  EXPECT_EQ(*read_bytes(b.zipped()), (rows_of_text{{"一"}}));
  options o;
  o.sheet = "说明";
  EXPECT_EQ(*read_bytes(b.zipped(), o), (rows_of_text{{"二"}}));
  o.sheet = "名单";
  const error unknown = error_of(b.zipped(), o);
  EXPECT_TRUE(unknown.is(errc::unknown_sheet));
  EXPECT_THAT(unknown.sentence(language::zh), HasSubstr("数据, 说明"));

  b.sheets =
      "<sheet name=\"h\" sheetId=\"1\" state=\"hidden\" r:id=\"rId1\"/>"
      "<sheet name=\"v\" sheetId=\"2\" r:id=\"rId2\"/>";
  const std::string bytes = b.zipped();
  auto source = open_bytes(bytes);
  EXPECT_EQ((*source)->sheet_name(), "v");
  b.sheets = "<sheet name=\"chart\" sheetId=\"1\" r:id=\"rId3\"/>";
  EXPECT_TRUE(error_of(b.zipped()).is(errc::no_sheet));
}

TEST(Xlsx, ReadsInAnyPortions) {
  book b;
  for (int i = 1; i <= 5000; ++i) {
    b.rows += "<row r=\"" + std::to_string(i) + "\"><c><v>" + std::to_string(i) + "</v></c>" +
              inline_cell("甲" + std::to_string(i)) + "</row>";
  }
  const std::string bytes = b.zipped();
  for (const std::size_t portion : {1U, 2U, 999U, 5000U, 9999U}) {
    auto source = open_bytes(bytes);
    const auto got = read_all(**source, portion);
    ASSERT_TRUE(got.ok());
    ASSERT_EQ(got->size(), 5000U) << portion;
    EXPECT_THAT(got->back(), ElementsAre("5000", "甲5000"));
  }
}

TEST(Xlsx, MemoryIsBoundedByTheBlockAndOffsetsRise) {
  book b;
  const std::string text = inline_cell(std::string(300, 'x')) + inline_cell("沧州市");
  for (unsigned i = 0; i < 60'000; ++i)
    b.rows += "<row>" + text + "<c><v>" + std::to_string(i * 7919) + "</v></c></row>";
  const std::string bytes = b.zipped();
  auto source = open_bytes(bytes);
  ASSERT_TRUE(source.ok()) << source.error().text(language::en);
  block out;
  std::size_t peak = 0;
  std::size_t count = 0;
  std::uint64_t offset = 0;
  for (;;) {
    out.clear();
    const auto any = (*source)->read(out, 1000);
    ASSERT_TRUE(any.ok()) << any.error().text(language::en);
    if (!*any) break;
    count += out.rows.size();
    peak = std::max(peak, out.store.capacity());
    ASSERT_GT(out.rows.back().end_offset, offset);
    offset = out.rows.back().end_offset;
  }
  EXPECT_EQ(count, 60'000U);
  EXPECT_LE(offset, (*source)->bytes_total());
  EXPECT_GT(offset, (*source)->bytes_total() - 100);
  EXPECT_LE(peak, 1U << 20);
}

TEST(XlsxErrors, OtherContainers) {
  std::string ole("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
  ole.resize(2048, '\0');
  ole[30] = 9;  // sectors of 512 bytes; the directory is sector 0, at byte 512
  EXPECT_TRUE(error_of(ole).is(errc::old_xls));
  std::string name;
  for (const char c : std::string("EncryptedPackage")) name += {c, '\0'};
  ole.replace(512 + 256, name.size(), name);
  EXPECT_TRUE(error_of(ole).is(errc::encrypted));
  EXPECT_TRUE(error_of(ole.substr(0, 40)).is(errc::old_xls));

  EXPECT_TRUE(error_of(zip_of({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
                               {"content.xml", "<x/>"}}))
                  .is(errc::ods));
  EXPECT_TRUE(error_of(zip_of({{"data.csv", "a,b"}})).is(errc::not_workbook));
  const std::string type =
      "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument";
  const auto package_with = [&](const std::string& target, const std::string& text) {
    return zip_of({{"[Content_Types].xml", "<Types/>"},
                   {"_rels/.rels", "<Relationships><Relationship Type=\"" + type + "\" Target=\"" +
                                       target + "\"/></Relationships>"},
                   {target, text}});
  };
  EXPECT_TRUE(error_of(package_with("word/document.xml", "<document/>")).is(errc::not_workbook));
  EXPECT_TRUE(error_of(package_with("xl/workbook.bin", "x")).is(errc::binary_workbook));
  EXPECT_TRUE(error_of(package_with("xl/workbook.xml", "<workbook/>")).is(errc::missing_part));
}

TEST(XlsxErrors, EncryptedEntries) {
  zip_error_t failure;
  zip_error_init(&failure);
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &failure);
  zip_source_keep(target);
  zip_t* zip = zip_open_from_source(target, ZIP_TRUNCATE, &failure);
  const std::string text = "<Types/>";
  for (const char* name : {"[Content_Types].xml", "_rels/.rels"}) {
    const auto at = zip_file_add(zip, name, zip_source_buffer(zip, text.data(), text.size(), 0), 0);
    ASSERT_EQ(zip_file_set_encryption(zip, static_cast<zip_uint64_t>(at), ZIP_EM_AES_256, "x"), 0);
  }
  ASSERT_EQ(zip_close(zip), 0);
  zip_stat_t facts;
  zip_source_stat(target, &facts);
  std::string bytes(facts.size, '\0');
  zip_source_open(target);
  zip_source_read(target, bytes.data(), bytes.size());
  zip_source_close(target);
  zip_source_free(target);
  EXPECT_TRUE(error_of(bytes).is(errc::encrypted));
}

TEST(XlsxErrors, Damage) {
  book b;
  b.rows = "<row><c><v>1</v></c></row>";
  const std::string bytes = b.zipped();
  EXPECT_TRUE(error_of(bytes.substr(0, bytes.size() / 2)).is(errc::broken_zip));
  EXPECT_TRUE(error_of("PK\x03\x04").is(errc::broken_zip));

  b.rows = "<row><c><v>1</v></row>";
  EXPECT_TRUE(error_of(b.zipped()).is(errc::broken_xml));
  b.rows = "<row><c t=\"s\"><v>3</v></c></row>";
  EXPECT_TRUE(error_of(b.zipped()).is(errc::unknown_string));
  b.rows = "<row r=\"3\"/><row r=\"3\"/>";
  EXPECT_TRUE(error_of(b.zipped()).is(errc::broken_order));
  b.rows = "<row r=\"1\"><c r=\"B1\"/><c r=\"B1\"/></row>";
  EXPECT_TRUE(error_of(b.zipped()).is(errc::broken_order));
  b.rows = "<row r=\"1\"><c r=\"11\"/></row>";
  EXPECT_TRUE(error_of(b.zipped()).is(errc::broken_order));
}

TEST(XlsxErrors, NameThePlace) {
  book b;
  b.rows = "<row r=\"4\"><c><v>1</v></c></row><row r=\"8\"><c><v>1</v></c>" +
           inline_cell(std::string(limits::cell_bytes_max + 1, 'x')) + "</row>";
  const std::string bytes = b.zipped();
  options o;
  o.file_name = "名单.xlsx";
  auto source = open_bytes(bytes, o);
  block out;
  const auto got = (*source)->read(out, 10);
  ASSERT_FALSE(got.ok());
  EXPECT_TRUE(got.error().is(errc::cell_too_long));
  EXPECT_EQ(got.error().where(), (place{"名单.xlsx", "数据", 8, "B"}));
  EXPECT_EQ(out.rows.size(), 1U);
  EXPECT_EQ(out.cells.size(), 1U);
  EXPECT_TRUE((*source)->read(out, 10).error().is(errc::cell_too_long));
}

TEST(XlsxErrors, Limits) {
  book b;
  b.strings = "<si><t>" + std::string(limits::cell_bytes_max + 1, 'x') + "</t></si>";
  b.rows = "<row><c t=\"s\"><v>0</v></c></row>";
  EXPECT_TRUE(error_of(b.zipped()).is(errc::cell_too_long));
  b.rows = "<row><c r=\"SR1\"><v>1</v></c></row>";
  EXPECT_TRUE(read_bytes(b.zipped()).ok());
  b.rows = "<row><c r=\"SS1\"><v>1</v></c></row>";
  EXPECT_TRUE(error_of(b.zipped()).is(errc::too_many_columns));
  b.rows = "<row><c><v>1</v></c><c r=\"SS1\" s=\"1\"/></row>";
  EXPECT_TRUE(read_bytes(b.zipped()).ok());
  b.rows = "<row r=\"100000001\"/>";
  EXPECT_TRUE(error_of(b.zipped()).is(errc::too_many_rows));
  b.rows = "<row r=\"1\">";
  for (int i = 0; i < 17; ++i) b.rows += inline_cell(std::string(limits::cell_bytes_max, 'x'));
  b.rows += "</row>";
  EXPECT_TRUE(error_of(b.zipped()).is(errc::row_too_long));
}

TEST(XlsxErrors, HostileXml) {
  book b;
  b.sheet_head =
      "<!DOCTYPE w [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
  b.rows = "<row>" + inline_cell("&b;") + "</row>";
  EXPECT_TRUE(error_of(b.zipped()).is(errc::doctype));
  b.sheet_head = "";
  b.rows = "<row>" + inline_cell("&b;") + "</row>";
  EXPECT_TRUE(error_of(b.zipped()).is(errc::broken_xml));
  b.rows = "<row a=\"";
  for (unsigned i = 0; i < 300'000; ++i) b.rows += std::to_string(i * 7919);
  b.rows += "\"/>";
  EXPECT_TRUE(error_of(b.zipped()).is(errc::broken_xml));
  b.rows.clear();
  for (int i = 0; i < 100; ++i) b.rows += "<a>";
  for (int i = 0; i < 100; ++i) b.rows += "</a>";
  EXPECT_TRUE(error_of(b.zipped()).is(errc::broken_xml));
}

TEST(XlsxErrors, Bombs) {
  book b;
  b.rows.assign(32U << 20, ' ');
  EXPECT_TRUE(error_of(b.zipped()).is(errc::zip_bomb));
  book strings;
  strings.strings.assign(32U << 20, ' ');
  EXPECT_TRUE(error_of(strings.zipped()).is(errc::zip_bomb));

  book many;
  for (int i = 0; i < 10'001; ++i) many.more.emplace_back("x/" + std::to_string(i), "");
  EXPECT_TRUE(error_of(many.zipped()).is(errc::too_many_entries));
}

}  // namespace
}  // namespace lixin::tabular
