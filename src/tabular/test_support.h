// What the tests of this module share.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>
#include <zip.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "tabular/csv.h"
#include "tabular/tabular.h"

namespace lixin::tabular::testing {

using rows_of_text = std::vector<std::vector<std::string>>;

inline std::string bytes_of_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::vector<std::string> texts(const block& b, const block::row& row) {
  std::vector<std::string> out;
  for (const cell& one : b.cells_of(row)) out.emplace_back(one.text);
  return out;
}

// All rows, read `rows_max` at a time.
inline result<rows_of_text> read_all(reader& source, std::size_t rows_max = 7) {
  rows_of_text out;
  block b;
  for (;;) {
    b.clear();
    LIXIN_TRY(const bool any, source.read(b, rows_max));
    if (!any) return out;
    EXPECT_LE(b.rows.size(), rows_max);
    for (const auto& row : b.rows) out.push_back(texts(b, row));
  }
}

inline result<std::unique_ptr<reader>> open_csv_bytes(std::string_view bytes, const options& o = {},
                                                      const csv_tuning& tuning = {}) {
  LIXIN_TRY(auto in, memory_input(bytes));
  return open_csv(std::move(in), o, tuning);
}

inline result<rows_of_text> read_bytes(std::string_view bytes, const options& o = {}) {
  LIXIN_TRY(auto source, open_bytes(bytes, o));
  return read_all(*source);
}

// A folder of its own that goes with the test.
class temporary_folder {
 public:
  temporary_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "tabular_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~temporary_folder() { std::filesystem::remove_all(path_); }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// A ZIP archive of these parts, deflated.
inline std::string zip_of(const std::vector<std::pair<std::string, std::string>>& parts) {
  zip_error_t failure;
  zip_error_init(&failure);
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, &failure);
  zip_source_keep(target);
  zip_t* zip = zip_open_from_source(target, ZIP_TRUNCATE, &failure);
  for (const auto& [name, text] : parts) {
    zip_source_t* part = zip_source_buffer(zip, text.data(), text.size(), 0);
    EXPECT_GE(zip_file_add(zip, name.c_str(), part, ZIP_FL_ENC_UTF_8), 0) << name;
  }
  EXPECT_EQ(zip_close(zip), 0);
  zip_stat_t facts;
  zip_source_stat(target, &facts);
  std::string bytes(facts.size, '\0');
  zip_source_open(target);
  zip_source_read(target, bytes.data(), bytes.size());
  zip_source_close(target);
  zip_source_free(target);
  return bytes;
}

// The parts of a workbook, as text to be changed by a test.
struct book {
  std::string rows;  // inside <sheetData>
  std::string strings;
  std::string styles;
  std::string workbook_extra;  // before <sheets>
  std::string sheet_head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
  std::string sheets =
      "<sheet name=\"数据\" sheetId=\"1\" r:id=\"rId1\"/>"
      "<sheet name=\"说明\" sheetId=\"2\" r:id=\"rId2\"/>";
  std::vector<std::pair<std::string, std::string>> more;

  std::string zipped() const {
    const std::string relation =
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
    std::vector<std::pair<std::string, std::string>> parts = {
        {"[Content_Types].xml", "<Types/>"},
        {"_rels/.rels", "<Relationships><Relationship Id=\"a\" Type=\"" + relation +
                            "officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"},
        {"xl/workbook.xml", "<workbook xmlns:r=\"r\">" + workbook_extra + "<sheets>" + sheets +
                                "</sheets></workbook>"},
        {"xl/_rels/workbook.xml.rels",
         "<Relationships><Relationship Id=\"rId1\" Type=\"" + relation +
             "worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"" +
             relation +
             "worksheet\" Target=\"/xl/worksheets/sheet2.xml\"/><Relationship "
             "Id=\"rId3\" Type=\"" +
             relation +
             "sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"rId4\" Type=\"" +
             relation + "styles\" Target=\"../xl/styles.xml\"/></Relationships>"},
        {"xl/worksheets/sheet1.xml",
         sheet_head + "<worksheet><sheetData>" + rows + "</sheetData></worksheet>"},
        {"xl/worksheets/sheet2.xml",
         "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>二</t></is></c></row></sheetData>"
         "</worksheet>"},
        {"xl/sharedStrings.xml", "<sst>" + strings + "</sst>"},
        {"xl/styles.xml", "<styleSheet>" + styles + "</styleSheet>"}};
    parts.insert(parts.end(), more.begin(), more.end());
    return zip_of(parts);
  }
};

}  // namespace lixin::tabular::testing
