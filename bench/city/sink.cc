#include "city/sink.h"

#include <xlsxwriter.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "city/errc.h"
#include "text/encoding.h"

namespace lixin::city {
namespace {

// The columns of 2015, as two cities' schemas name them, by short code of 2018.
struct old_column {
  std::string_view code, heading;
};
constexpr std::array<old_column, 21> penalty_2015{{
    {"CF_WSH", "CF_WSH"},
    {"CF_CFMC", "CF_CFMC"},
    {"CF_CFLB", "CF_CFLB1"},
    {"CF_CFLB2", "CF_CFLB2"},
    {"CF_SY", "CF_SY"},
    {"CF_YJ", "CF_YJ"},
    {"CF_XDR_MC", "CF_XDR"},
    {"CF_XDR_SHXYM", "CF_XDR_SHXYM"},
    {"CF_XDR_ZZJG", "CF_XDR_ZDM"},
    {"CF_XDR_GSZC", "CF_XDR_GSDJ"},
    {"CF_XDR_SWDJ", "CF_XDR_SWDJ"},
    {"CF_XDR_ZJHM", "CF_XDR_SFZ"},
    {"CF_FRDB", "CF_FR"},
    {"CF_NR", "CF_JG"},
    {"CF_JDRQ", "CF_JDRQ"},
    {"CF_CFJG", "CF_XZJG"},
    {"CF_ZT", "CF_ZT"},
    {"DFBM", "DFBM"},
    {"SJC", "SJC"},
    {"BZ", "BZ"},
    {"GSQX", "GSQX"},
}};

constexpr std::array<old_column, 19> licence_2015{{
    {"XK_WSH", "XK_WSH"},
    {"XK_XKWS", "XK_XMMC"},
    {"XK_XKLB", "XK_SPLB"},
    {"XK_NR", "XK_NR"},
    {"XK_XDR_MC", "XK_XDR"},
    {"XK_XDR_SHXYM", "XK_XDR_SHXYM"},
    {"XK_XDR_ZZJG", "XK_XDR_ZDM"},
    {"XK_XDR_GSZC", "XK_XDR_GSDJ"},
    {"XK_XDR_SWDJ", "XK_XDR_SWDJ"},
    {"XK_XDR_ZJHM", "XK_XDR_SFZ"},
    {"XK_FRDB", "XK_FR"},
    {"XK_JDRQ", "XK_JDRQ"},
    {"XK_YXQZI", "XK_JZQ"},
    {"XK_XKJG", "XK_XZJG"},
    {"XK_ZT", "XK_ZT"},
    {"DFBM", "DFBM"},
    {"SJC", "SJC"},
    {"BZ", "BZ"},
    {"XK_SYFW", "XK_SYFW"},
}};

std::span<const old_column> old_columns_of(const hand_in& h) {
  if (h.columns == &licence_shape()) return licence_2015;
  return penalty_2015;
}

// Only the layout of 2015 has these.
constexpr std::array<std::string_view, 7> only_2015{"CF_CFMC", "CF_CFLB2", "CF_ZT",  "GSQX",
                                                    "DFBM",    "SJC",      "XK_SYFW"};

std::vector<std::string> headings_of(const hand_in& h) {
  std::vector<std::string> out;
  if (h.heading == layout::year_2015) {
    for (const old_column& c : old_columns_of(h)) out.emplace_back(c.heading);
    return out;
  }
  for (const std::size_t i : columns_of(h)) {
    const column& c = h.columns->columns[i];
    out.emplace_back(h.heading == layout::short_codes ? c.code : c.title);
  }
  return out;
}

error cannot_write(const std::string& path, const char* why) {
  return error(errc::cannot_write, {path, why});
}

class csv_sink final : public sink {
 public:
  csv_sink(const hand_in& h, std::string path)
      : path_(std::move(path)),
        columns_(columns_of(h)),
        gb18030_(h.format == file_format::gb18030),
        separator_(h.format == file_format::utf8_semicolon ? ';' : ','),
        line_end_(h.format == file_format::utf8_semicolon ? "\n" : "\r\n") {}
  ~csv_sink() override {
    if (file_ != nullptr) std::fclose(file_);
  }

  result<void> open(const hand_in& h) {
    file_ = std::fopen(path_.c_str(), "wb");
    if (file_ == nullptr) return cannot_write(path_, std::strerror(errno));
    if (h.format == file_format::utf8_comma) buffer_ = "\xEF\xBB\xBF";
    bool first = true;
    for (const std::string& heading : headings_of(h)) {
      if (!first) buffer_.push_back(separator_);
      first = false;
      put(heading);
    }
    buffer_.append(line_end_);
    return {};
  }

  result<void> write(const draft& row) override {
    bool first = true;
    for (const std::size_t i : columns_) {
      if (!first) buffer_.push_back(separator_);
      first = false;
      put(row.cells[i]);
    }
    if (!row.beyond.empty()) {
      buffer_.push_back(separator_);
      put(row.beyond);
    }
    buffer_.append(line_end_);
    return buffer_.size() < buffer_bytes_max ? result<void>() : flush();
  }

  result<void> write_blank() override {
    buffer_.append(columns_.size() - 1, separator_).append(line_end_);
    return {};
  }

  result<void> close() override {
    LIXIN_CHECK(flush());
    std::FILE* const file = std::exchange(file_, nullptr);
    if (std::fclose(file) != 0) return cannot_write(path_, std::strerror(errno));
    return {};
  }

 private:
  static constexpr std::size_t buffer_bytes_max = 1 << 20;

  void put(std::string_view cell) {
    const bool quoted = cell.find_first_of("\",;\r\n") != std::string_view::npos;
    if (!quoted) {
      buffer_.append(cell);
      return;
    }
    buffer_.push_back('"');
    for (const char c : cell) {
      if (c == '"') buffer_.push_back('"');
      buffer_.push_back(c);
    }
    buffer_.push_back('"');
  }

  // Only ever at the end of a row, so that no sign is cut for the encoder.
  result<void> flush() {
    if (gb18030_) buffer_ = text::utf8_to_gb18030(buffer_);
    const bool ok = std::fwrite(buffer_.data(), 1, buffer_.size(), file_) == buffer_.size();
    buffer_.clear();
    if (!ok) return cannot_write(path_, std::strerror(errno));
    return {};
  }

  std::string path_;
  std::vector<std::size_t> columns_;
  bool gb18030_;
  char separator_;
  std::string_view line_end_;
  std::FILE* file_ = nullptr;
  std::string buffer_;
};

// "2024-05-01" as Excel's serial day; 0 when the text is no such day.
int serial_of(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return 0;
  const auto number = [&](std::size_t at, std::size_t count) {
    int n = 0;
    for (const char c : text.substr(at, count))
      n = c >= '0' && c <= '9' ? n * 10 + (c - '0') : 99999;
    return n;
  };
  const std::chrono::year_month_day ymd(std::chrono::year(number(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                        std::chrono::day(static_cast<unsigned>(number(8, 2))));
  return ymd.ok() ? date(ymd) - date(1899, 12, 30) : 0;
}

class xlsx_sink final : public sink {
 public:
  xlsx_sink(const hand_in& h, std::string path)
      : shape_(*h.columns),
        path_(std::move(path)),
        columns_(columns_of(h)),
        serial_dates_(h.dates == date_style::serial),
        state_(shape_.at("XK_ZT")) {}
  ~xlsx_sink() override {
    if (book_ != nullptr) workbook_close(book_);
  }

  result<void> open(const hand_in& h) {
    // Temporary files beside the answer: /tmp may be small.
    folder_ = path_.substr(0, path_.find_last_of('/'));
    lxw_workbook_options options{};
    // Small workbooks have shared strings, as office software writes them; large ones have inline
    // strings.
    options.constant_memory = h.rows > shared_strings_rows_max ? LXW_TRUE : LXW_FALSE;
    options.tmpdir = folder_.data();
    book_ = workbook_new_opt(path_.c_str(), &options);
    if (book_ == nullptr) return cannot_write(path_, "workbook_new");
    lxw_doc_properties properties{};
    properties.created = 1'700'000'000;  // the same bytes each time
    workbook_set_properties(book_, &properties);
    sheet_ = workbook_add_worksheet(book_, "Sheet1");
    if (sheet_ == nullptr) return cannot_write(path_, "workbook_add_worksheet");
    date_format_ = workbook_add_format(book_);
    format_set_num_format(date_format_, "yyyy-mm-dd");
    lxw_col_t at = 0;
    for (const std::string& heading : headings_of(h)) {
      LIXIN_CHECK(done(worksheet_write_string(sheet_, 0, at++, heading.c_str(), nullptr)));
    }
    return {};
  }

  result<void> write(const draft& row) override {
    ++row_;
    lxw_col_t at = 0;
    for (const std::size_t i : columns_) {
      const std::string& cell = row.cells[i];
      if (!cell.empty()) LIXIN_CHECK(done(put(row, i, at, cell)));
      ++at;
    }
    return {};
  }

  result<void> write_blank() override {
    ++row_;
    return {};
  }

  result<void> close() override { return done(workbook_close(std::exchange(book_, nullptr))); }

 private:
  static constexpr std::uint64_t shared_strings_rows_max = 25'000;

  result<void> done(lxw_error code) const {
    if (code != LXW_NO_ERROR) return cannot_write(path_, lxw_strerror(code));
    return {};
  }

  lxw_error put(const draft& row, std::size_t i, lxw_col_t at, const std::string& cell) {
    if (row.code_as_number && i == shape_.credit) {
      return worksheet_write_number(sheet_, row_, at, std::strtod(cell.c_str(), nullptr), nullptr);
    }
    const bool is_date = i == shape_.decided || i == shape_.from || i == shape_.to;
    if (serial_dates_ && is_date) {
      const int serial = serial_of(cell);
      if (serial > 0) return worksheet_write_number(sheet_, row_, at, serial, date_format_);
    }
    if (serial_dates_ && i == state_ && cell == "1") {
      return worksheet_write_number(sheet_, row_, at, 1, nullptr);
    }
    return worksheet_write_string(sheet_, row_, at, cell.c_str(), nullptr);
  }

  const shape& shape_;
  std::string path_, folder_;
  std::vector<std::size_t> columns_;
  bool serial_dates_;
  std::size_t state_;
  lxw_workbook* book_ = nullptr;
  lxw_worksheet* sheet_ = nullptr;
  lxw_format* date_format_ = nullptr;
  lxw_row_t row_ = 0;
};

}  // namespace

std::vector<std::size_t> columns_of(const hand_in& h) {
  std::vector<std::size_t> out;
  if (h.heading == layout::year_2015) {
    for (const old_column& c : old_columns_of(h)) out.push_back(h.columns->at(c.code));
    return out;
  }
  for (std::size_t i = 0; i < h.columns->columns.size(); ++i) {
    if (std::ranges::find(only_2015, h.columns->columns[i].code) == only_2015.end())
      out.push_back(i);
  }
  return out;
}

result<std::unique_ptr<sink>> open_sink(const hand_in& h, const std::string& path) {
  if (h.format == file_format::xlsx) {
    auto s = std::make_unique<xlsx_sink>(h, path);
    LIXIN_CHECK(s->open(h));
    return std::unique_ptr<sink>(std::move(s));
  }
  auto s = std::make_unique<csv_sink>(h, path);
  LIXIN_CHECK(s->open(h));
  return std::unique_ptr<sink>(std::move(s));
}

}  // namespace lixin::city
