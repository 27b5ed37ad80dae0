// A file that begins with PK is read as it is. Anything else is the text of a workbook's parts,
// parted by bytes 0x01, which are zipped here: sheet, shared strings, styles, workbook, relations.
#include <zip.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tabular/tabular.h"
#include "text/encoding.h"

namespace {

using namespace lixin;           // NOLINT: one page of code
using namespace lixin::tabular;  // NOLINT

void require(bool condition) {
  if (!condition) std::abort();
}

constexpr std::string_view default_parts[] = {
    "<worksheet><sheetData/></worksheet>", "<sst/>", "<styleSheet/>",
    "<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" r:id=\"1\"/></sheets></workbook>",
    "<Relationships><Relationship Id=\"1\" Type=\"/worksheet\" Target=\"s\"/>"
    "<Relationship Id=\"2\" Type=\"/sharedStrings\" Target=\"t\"/>"
    "<Relationship Id=\"3\" Type=\"/styles\" Target=\"f\"/></Relationships>"};
constexpr const char* part_names[] = {"s", "t", "f", "w", "_rels/w.rels"};

std::string zipped(std::string_view text) {
  std::vector<std::pair<const char*, std::string_view>> parts = {
      {"[Content_Types].xml", "<Types/>"},
      {"_rels/.rels",
       "<Relationships><Relationship Type=\"/officeDocument\" Target=\"w\"/></Relationships>"}};
  for (std::size_t i = 0; i < 5; ++i) {
    const std::size_t end = text.find('\x01');
    const std::string_view part = text.substr(0, end);
    parts.emplace_back(part_names[i], part.empty() ? default_parts[i] : part);
    text = end == text.npos ? std::string_view() : text.substr(end + 1);
  }
  zip_source_t* target = zip_source_buffer_create(nullptr, 0, 0, nullptr);
  zip_source_keep(target);
  zip_t* zip = zip_open_from_source(target, ZIP_TRUNCATE, nullptr);
  for (const auto& [name, content] : parts) {
    const auto at = zip_file_add(
        zip, name, zip_source_buffer(zip, content.data(), content.size(), 0), ZIP_FL_ENC_UTF_8);
    zip_set_file_compression(zip, static_cast<zip_uint64_t>(at), ZIP_CM_STORE, 0);
  }
  require(zip_close(zip) == 0);
  zip_stat_t facts;
  zip_source_stat(target, &facts);
  std::string bytes(facts.size, '\0');
  zip_source_open(target);
  zip_source_read(target, bytes.data(), bytes.size());
  zip_source_close(target);
  zip_source_free(target);
  return bytes;
}

std::string digest(std::string_view bytes, std::size_t rows_max) {
  auto source = open_bytes(bytes);
  if (!source.ok()) {
    return source.error().text(language::zh) + source.error().text(language::en);
  }
  std::string all = (*source)->sheet_name();
  std::uint64_t number = 0;
  block b;
  for (;;) {
    b.clear();
    const auto any = (*source)->read(b, rows_max);
    for (const block::row& row : b.rows) {
      require(row.number > number && row.cell_count > 0);
      require(row.cell_count <= limits::columns_max);
      number = row.number;
      all += std::to_string(number) + ":";
      for (const cell& one : b.cells_of(row)) {
        require(one.text.size() <= limits::cell_bytes_max);
        require(text::valid_utf8_prefix(one.text) == one.text.size());
        require(one.text.find('\0') == std::string_view::npos);
        all.append(one.text).append(1, '\0').append(1, static_cast<char>(one.kind));
      }
    }
    if (!any.ok()) {
      return all + any.error().text(language::zh) + any.error().text(language::en);
    }
    require(*any == !b.rows.empty());
    if (!*any) return all;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view raw(reinterpret_cast<const char*>(data), size);
  const std::string bytes = raw.starts_with("PK") ? std::string(raw) : zipped(raw);
  require(digest(bytes, 1) == digest(bytes, 1000));
  return 0;
}
