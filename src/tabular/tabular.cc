#include "tabular/tabular.h"

#include <algorithm>
#include <cstring>

#include "tabular/csv.h"
#include "tabular/errc.h"
#include "tabular/input.h"
#include "tabular/json_lines.h"
#include "tabular/xlsx.h"
#include "text/fold.h"

namespace lixin::tabular {

namespace {

std::uint32_t little_endian(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = size; i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return value;
}

// An OLE container holds an encrypted .xlsx (stream EncryptedPackage) or an old .xls. The header
// names the first sector of the directory, whose entries bear the names in UTF-16 ([MS-CFB] 2.2).
result<void> refuse_ole(input& in, std::string_view head) {
  if (head.size() < 52) return error(errc::old_xls);
  const std::uint32_t shift = std::min(little_endian(head, 30, 2), 16U);
  const std::uint64_t sector = little_endian(head, 48, 4);
  char directory[4096];
  LIXIN_TRY(const std::size_t size, in.read_at((sector + 1) << shift, directory, sizeof directory));
  std::string wanted;
  for (const char c : std::string_view("EncryptedPackage")) wanted += {c, '\0'};
  const bool found = std::string_view(directory, size).find(wanted) != std::string_view::npos;
  return error(found ? errc::encrypted : errc::old_xls);
}

bool is_markup(std::string_view head) {
  text::cut_bom(head);
  const std::size_t start = head.find_first_not_of(" \t\r\n");
  if (start == std::string_view::npos || head[start] != '<') return false;
  std::string lower(head.substr(start, 16));
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  for (const std::string_view known : {"<?xml", "<html", "<!doctype", "<table", "<meta"}) {
    if (lower.starts_with(known)) return true;
  }
  return false;
}

result<std::unique_ptr<reader>> open_input_by_content(std::unique_ptr<input> in, const options& o,
                                                      const csv_tuning& tuning) {
  char buffer[512];
  LIXIN_TRY(const std::size_t size, in->read_at(0, buffer, sizeof buffer));
  const std::string_view head(buffer, size);
  if (head.starts_with("PK\x03\x04") || head.starts_with("PK\x05\x06")) {
    return open_xlsx(std::move(in), o);
  }
  if (head.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")) {
    LIXIN_CHECK(refuse_ole(*in, head));
  }
  if (head.starts_with("%PDF-")) return error(errc::pdf_file);
  if (is_markup(head)) return error(errc::markup_file);
  if (is_json(head)) return open_json_lines(std::move(in), o);
  return open_csv(std::move(in), o, tuning);
}

result<std::unique_ptr<reader>> open_bytes_tuned(std::string_view bytes, const options& o,
                                                 const csv_tuning& tuning) {
  auto in = memory_input(bytes);
  if (!in.ok()) return std::move(in).error().at({o.file_name, "", 0, ""});
  auto opened = open_input_by_content(std::move(in).value(), o, tuning);
  if (!opened.ok()) return std::move(opened).error().at({o.file_name, "", 0, ""});
  return opened;
}

}  // namespace

result<std::unique_ptr<reader>> open(const std::string& path, const options& o) {
  options named = o;
  if (named.file_name.empty()) named.file_name = path;
  auto in = open_input(path);
  if (!in.ok()) return std::move(in).error().at({named.file_name, "", 0, ""});
  auto opened = open_input_by_content(std::move(in).value(), named, {});
  if (!opened.ok()) return std::move(opened).error().at({named.file_name, "", 0, ""});
  return opened;
}

result<std::unique_ptr<reader>> open_bytes(std::string_view bytes, const options& o) {
  return open_bytes_tuned(bytes, o, {});
}

result<table> read_table(std::string_view bytes, const std::string& file) {
  options o;
  o.file_name = file;
  csv_tuning tuning;
  tuning.comments = true;
  LIXIN_TRY(auto source, open_bytes_tuned(bytes, o, tuning));
  table out;
  block rows;
  for (;;) {
    rows.clear();
    LIXIN_TRY(const bool any, source->read(rows, 1000));
    if (!any) break;
    for (const block::row& row : rows.rows) {
      std::vector<std::string> cells;
      for (const cell& one : rows.cells_of(row)) cells.push_back(text::tidy(one.text));
      while (!cells.empty() && cells.back().empty()) cells.pop_back();
      if (cells.empty() || cells.front().starts_with('#')) continue;
      if (out.heading.empty()) {
        out.heading = std::move(cells);
        continue;
      }
      if (cells.size() > out.heading.size()) {
        return error(errc::ragged_row,
                     {std::to_string(cells.size()), std::to_string(out.heading.size())},
                     {file, source->sheet_name(), row.number, ""});
      }
      cells.resize(out.heading.size());
      out.lines.push_back({row.number, std::move(cells)});
    }
  }
  if (out.heading.empty()) return error(errc::no_heading, {}, {file, "", 0, ""});
  return out;
}

}  // namespace lixin::tabular
