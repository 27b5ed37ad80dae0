// The row writers behind tabular::create.
#include <xlsxwriter.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <map>
#include <memory>
#include <set>
#include <system_error>

#include "tabular/errc.h"
#include "tabular/escapes.h"
#include "tabular/place.h"
#include "tabular/tabular.h"
#include "text/fold.h"
#include "text/json.h"

namespace lixin::tabular {

namespace {

error cannot_write(const std::string& path, int code) {
  return error(errc::cannot_write, {path, std::generic_category().message(code)});
}

bool is_json_lines(std::string_view path) {
  return path.ends_with(".jsonl") || path.ends_with(".ndjson");
}

// -12.5 is a number to every spreadsheet and runs nothing.
bool is_negative_number(std::string_view text) {
  if (!text.starts_with('-')) return false;
  std::size_t digits = 0;
  std::size_t points = 0;
  for (const char c : text.substr(1)) {
    digits += c >= '0' && c <= '9';
    points += c == '.';
  }
  return digits > 0 && points <= 1 && digits + points + 1 == text.size() && text.back() != '.';
}

// Rows as lines of text.
class text_writer : public writer {
 public:
  text_writer(std::FILE* file, std::string path) : file_(file), path_(std::move(path)) {}

  void mark(std::size_t, const std::string&) override {}

  result<void> close() override {
    LIXIN_ASSERT(file_ != nullptr);
    LIXIN_CHECK(flush());
    if (std::fclose(file_.release()) != 0) return cannot_write(path_, errno);
    return {};
  }

 protected:
  result<void> end_line() { return text_.size() < buffer_bytes ? result<void>() : flush(); }

  std::string text_;  // not yet in the file

 private:
  static constexpr std::size_t buffer_bytes = 64 * 1024;

  result<void> flush() {
    if (std::fwrite(text_.data(), 1, text_.size(), file_.get()) != text_.size() ||
        std::fflush(file_.get()) != 0) {
      return cannot_write(path_, errno);
    }
    text_.clear();
    return {};
  }

  struct closer {
    void operator()(std::FILE* f) const { std::fclose(f); }
  };
  std::unique_ptr<std::FILE, closer> file_;
  std::string path_;
};

class csv_writer : public text_writer {
 public:
  csv_writer(std::FILE* file, std::string path) : text_writer(file, std::move(path)) {
    text_ = "\xEF\xBB\xBF";
  }

  result<void> write(std::span<const std::string> cells) override {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) text_ += ',';
      append(cells[i]);
    }
    text_ += "\r\n";
    return end_line();
  }

 private:
  void append(std::string_view cell) {
    const bool runs = !cell.empty() &&
                      std::string_view("=+-@\t\r").find(cell[0]) != std::string_view::npos &&
                      !is_negative_number(cell);
    const bool quote = cell.find_first_of(",\"\r\n") != std::string_view::npos ||
                       (!cell.empty() && (cell.front() == ' ' || cell.back() == ' '));
    if (quote) text_ += '"';
    if (runs) text_ += '\'';
    for (std::size_t at = 0; at < cell.size();) {
      const std::size_t found = quote ? cell.find('"', at) : cell.npos;
      const std::size_t end = found == cell.npos ? cell.size() : found + 1;
      text_ += cell.substr(at, end - at);
      if (found != cell.npos) text_ += '"';
      at = end;
    }
    if (quote) text_ += '"';
  }
};

class json_lines_writer : public text_writer {
 public:
  using text_writer::text_writer;

  result<void> write(std::span<const std::string> cells) override {
    if (keys_.empty()) {
      name_keys(cells);
      return {};
    }
    LIXIN_ASSERT(cells.size() <= keys_.size());
    text::json_writer json(text_);
    json.begin_object();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (!named_[i] && cells[i].empty()) continue;
      json.member(keys_[i], cells[i]);
    }
    json.end_object();
    text_ += '\n';
    return end_line();
  }

 private:
  // A column without a heading, or with another's, is told by its letters where it holds something.
  void name_keys(std::span<const std::string> cells) {
    LIXIN_ASSERT(!cells.empty());
    std::set<std::string_view> seen;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      named_.push_back(!cells[i].empty() && seen.insert(cells[i]).second);
      keys_.push_back(named_.back() ? cells[i] : "(" + column_letters(i) + ")");
    }
  }

  std::vector<std::string> keys_;
  std::vector<bool> named_;
};

class xlsx_writer : public writer {
 public:
  // Rows go to a temporary file in the folder of `path`, not in the system's.
  explicit xlsx_writer(std::string path)
      : path_(std::move(path)), folder_(path_.substr(0, path_.rfind('/') + 1)) {
    if (folder_.empty()) folder_ = "./";
    lxw_workbook_options o{};
    o.constant_memory = LXW_TRUE;
    o.tmpdir = folder_.data();
    book_ = workbook_new_opt(path_.c_str(), &o);
    sheet_ = workbook_add_worksheet(book_, nullptr);
    marked_ = workbook_add_format(book_);
    constexpr lxw_color_t light_red = 0xFFC7CE;
    format_set_pattern(marked_, LXW_PATTERN_SOLID);
    format_set_bg_color(marked_, light_red);
  }
  ~xlsx_writer() override {
    if (book_ != nullptr) lxw_workbook_free(book_);
  }
  xlsx_writer(const xlsx_writer&) = delete;
  xlsx_writer& operator=(const xlsx_writer&) = delete;

  result<void> write(std::span<const std::string> cells) override {
    LIXIN_ASSERT(book_ != nullptr);
    if (row_ >= rows_max || cells.size() > columns_max) {
      return error(errc::too_many_for_xlsx,
                   {std::to_string(rows_max), std::to_string(columns_max)});
    }
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (text::length(cells[i]) > text_signs_max) {
        return error(errc::too_long_for_xlsx, {std::to_string(text_signs_max)},
                     {"", "", row_ + 1, column_letters(i)});
      }
      const auto note = marks_.find(i);
      const auto column = static_cast<lxw_col_t>(i);
      const auto failed =
          worksheet_write_string(sheet_, row_, column, encode_escapes(cells[i], store_),
                                 note == marks_.end() ? nullptr : marked_);
      if (failed != LXW_NO_ERROR) return failure_of(failed);
    }
    for (const auto& [column, note] : marks_) {
      if (column >= cells.size()) {
        worksheet_write_blank(sheet_, row_, static_cast<lxw_col_t>(column), marked_);
      }
      if (note.empty() || notes_++ >= notes_max) continue;
      const auto failed =
          worksheet_write_comment(sheet_, row_, static_cast<lxw_col_t>(column), note.c_str());
      if (failed != LXW_NO_ERROR) return failure_of(failed);
    }
    marks_.clear();
    ++row_;
    return {};
  }

  void mark(std::size_t column, const std::string& note) override {
    if (column >= columns_max) return;
    std::string& all = marks_[column];
    if (!all.empty() && !note.empty()) all += '\n';
    all += note;
  }

  result<void> close() override {
    LIXIN_ASSERT(book_ != nullptr);
    const auto failed = workbook_close(book_);
    book_ = nullptr;
    if (failed != LXW_NO_ERROR) return failure_of(failed);
    return {};
  }

 private:
  static constexpr lxw_row_t rows_max = 1'048'576;
  static constexpr std::size_t columns_max = 16'384;
  static constexpr std::size_t text_signs_max = 32'767;

  error failure_of(lxw_error code) const {
    return error(errc::cannot_write, {path_, lxw_strerror(code)});
  }

  std::string path_;
  std::string folder_;
  lxw_workbook* book_ = nullptr;
  lxw_worksheet* sheet_ = nullptr;
  lxw_format* marked_ = nullptr;
  lxw_row_t row_ = 0;
  std::size_t notes_ = 0;
  std::string store_;                         // of an escaped cell
  std::map<std::size_t, std::string> marks_;  // column -> note, of the next row
};

}  // namespace

bool can_create(std::string_view path) {
  return path.ends_with(".csv") || path.ends_with(".xlsx") || is_json_lines(path);
}

result<std::unique_ptr<writer>> create(const std::string& path) {
  if (!can_create(path)) return error(errc::unknown_ending, {path});
  // libxlsxwriter opens its file only at the end; whoever waits for a million rows must not learn
  // then that the folder was wrong.
  std::FILE* file = std::fopen(path.c_str(), "wbe");
  if (file == nullptr) return cannot_write(path, errno);
  if (path.ends_with(".csv")) {
    return std::unique_ptr<writer>(std::make_unique<csv_writer>(file, path));
  }
  if (is_json_lines(path)) {
    return std::unique_ptr<writer>(std::make_unique<json_lines_writer>(file, path));
  }
  std::fclose(file);
  return std::unique_ptr<writer>(std::make_unique<xlsx_writer>(path));
}

}  // namespace lixin::tabular
