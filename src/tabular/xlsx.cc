#include "tabular/xlsx.h"

#include <charconv>

#include "tabular/errc.h"
#include "tabular/escapes.h"
#include "tabular/number_format.h"
#include "tabular/place.h"
#include "tabular/workbook.h"

namespace lixin::tabular {

namespace {

class xlsx_reader : public reader, private xml_handler {
 public:
  xlsx_reader(workbook book, const workbook::sheet& sheet, package::stream stream, std::string file)
      : book_(std::move(book)),
        sheet_(sheet.name),
        file_(std::move(file)),
        stream_(std::move(stream)),
        parser_(*this, sheet.part) {}

  result<bool> read(block& out, std::size_t rows_max) override;
  format file_format() const override { return format::xlsx; }
  text::encoding file_encoding() const override { return text::encoding::utf8; }
  std::string sheet_name() const override { return sheet_; }
  std::uint64_t bytes_total() const override { return stream_.size(); }

 private:
  void start(std::string_view name, const xml_attributes& a) override;
  void end(std::string_view name) override;
  void text(std::string_view part) override;

  result<xml_parser::progress> go_on();
  void start_row(const xml_attributes& a);
  void start_cell(const xml_attributes& a);
  void end_cell();
  void end_row();
  cell value_of_cell();
  cell number_cell();
  cell copied(std::string_view text, cell_kind kind);
  void fail(const message& m, std::vector<std::string> args, bool in_column = false);
  error here(error e) const { return std::move(e).at({file_, sheet_, row_, ""}); }

  workbook book_;
  std::string sheet_;
  std::string file_;
  package::stream stream_;
  xml_parser parser_;
  bool paused_ = false;
  bool ended_ = false;
  std::optional<error> failed_;

  block* out_ = nullptr;  // of the read() under way
  std::size_t rows_wanted_ = 0;

  bool in_data_ = false;
  std::uint64_t row_ = 0;  // being read, or read last
  bool in_row_ = false;
  std::size_t first_cell_ = 0;
  std::size_t row_bytes_ = 0;
  bool row_has_text_ = false;

  bool in_cell_ = false;
  std::size_t column_ = 0;       // of the cell
  std::size_t next_column_ = 0;  // of one without a reference
  std::string type_;
  std::size_t style_ = 0;
  bool in_value_ = false;
  bool in_inline_ = false;
  std::string value_;
  string_item inline_;
};

result<bool> xlsx_reader::read(block& out, std::size_t rows_max) {
  LIXIN_ASSERT(rows_max > 0);
  if (failed_) return *failed_;
  const std::size_t before = out.rows.size();
  out_ = &out;
  rows_wanted_ = before + rows_max;
  while ((!ended_ || paused_) && out.rows.size() < rows_wanted_) {
    auto progress = go_on();
    if (!progress.ok()) {
      if (in_row_) out.cells.resize(first_cell_);
      failed_ = here(std::move(progress).error());
      return *failed_;
    }
    paused_ = *progress == xml_parser::progress::paused;
  }
  out_ = nullptr;
  return out.rows.size() > before;
}

result<xml_parser::progress> xlsx_reader::go_on() {
  if (paused_) return parser_.resume();
  LIXIN_TRY(const std::size_t size, stream_.read(parser_.buffer(), xml_parser::buffer_bytes));
  ended_ = size == 0;
  return parser_.parse(size, ended_);
}

void xlsx_reader::start(std::string_view name, const xml_attributes& a) {
  if (!in_data_) {
    in_data_ = name == "sheetData";
  } else if (in_cell_) {
    if (in_inline_) inline_.start(name);
    if (name == "v") in_value_ = true;
    if (name == "is") in_inline_ = true;
  } else if (name == "c" && in_row_) {
    start_cell(a);
  } else if (name == "row") {
    start_row(a);
  }
}

void xlsx_reader::end(std::string_view name) {
  if (!in_data_) return;
  if (in_cell_) {
    if (name == "is") in_inline_ = false;
    if (in_inline_) inline_.end(name);
    if (name == "v") in_value_ = false;
    if (name == "c") end_cell();
  } else if (name == "row" && in_row_) {
    end_row();
  } else if (name == "sheetData") {
    in_data_ = false;
  }
}

void xlsx_reader::text(std::string_view part) {
  if (in_inline_) inline_.text(part);
  if (in_value_ && value_.size() <= 8 * limits::cell_bytes_max) value_ += part;
}

void xlsx_reader::start_row(const xml_attributes& a) {
  std::uint64_t number = row_ + 1;
  if (const std::string_view r = a.get("r"); !r.empty()) {
    const auto parsed = std::from_chars(r.data(), r.data() + r.size(), number);
    if (parsed.ptr != r.data() + r.size() || number <= row_) {
      return fail(errc::broken_order, {});
    }
  }
  row_ = number;
  if (row_ > limits::rows_max) {
    return fail(errc::too_many_rows, {std::to_string(limits::rows_max)});
  }
  in_row_ = true;
  row_has_text_ = false;
  row_bytes_ = 0;
  next_column_ = 0;
  first_cell_ = out_->cells.size();
}

void xlsx_reader::start_cell(const xml_attributes& a) {
  column_ = next_column_;
  if (const std::string_view r = a.get("r"); !r.empty()) {
    std::size_t index = 0;
    for (std::size_t i = 0; i < r.size() && i < 4 && r[i] >= 'A' && r[i] <= 'Z'; ++i) {
      index = index * 26 + static_cast<std::size_t>(r[i] - 'A' + 1);
    }
    if (index <= next_column_) {
      return fail(errc::broken_order, {});
    }
    column_ = index - 1;
  }
  next_column_ = column_ + 1;
  in_cell_ = true;
  type_ = a.get("t");
  style_ = 0;
  const std::string_view s = a.get("s");
  std::from_chars(s.data(), s.data() + s.size(), style_);
  value_.clear();
  inline_.clear();
}

cell xlsx_reader::copied(std::string_view text, cell_kind kind) {
  // Nothing is copied beyond the limit: end_cell() refuses it.
  if (text.size() > limits::cell_bytes_max) return {text, kind};
  return {out_->store.append(text), kind};
}

// A number is shown as a number where it is one; anything else is left as the file has it.
cell xlsx_reader::number_cell() {
  double number = 0;
  const char* end = value_.data() + value_.size();
  const auto parsed = std::from_chars(value_.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end || !(number - number == 0)) {
    return copied(value_, cell_kind::text);
  }
  if (style_ < book_.date_styles.size() && book_.date_styles[style_]) {
    if (const auto date = date_text(number, book_.date1904)) return copied(*date, cell_kind::date);
  }
  return copied(number_text(number), cell_kind::number);
}

cell xlsx_reader::value_of_cell() {
  if (type_ == "inlineStr") {
    std::string text = inline_.value();
    decode_escapes(text);
    return copied(text, cell_kind::text);
  }
  if (value_.empty()) return {};
  if (type_.empty() || type_ == "n") return number_cell();
  if (type_ == "s") {
    std::size_t index = 0;
    const char* end = value_.data() + value_.size();
    const auto parsed = std::from_chars(value_.data(), end, index);
    if (parsed.ec != std::errc() || parsed.ptr != end || index >= book_.strings.size()) {
      fail(errc::unknown_string, {}, true);
      return {};
    }
    return {book_.strings.at(index), cell_kind::text};
  }
  if (type_ == "b") return {value_ == "0" ? "FALSE" : "TRUE", cell_kind::boolean};
  if (type_ == "e") return copied(value_, cell_kind::error);
  if (type_ == "d") {
    if (value_.size() >= 19 && value_[10] == 'T') value_[10] = ' ';
    std::string_view date = value_;
    if (date.substr(0, 19).ends_with(" 00:00:00")) date = date.substr(0, 10);
    return copied(date.substr(0, 19), cell_kind::date);
  }
  decode_escapes(value_);
  return copied(value_, cell_kind::text);
}

void xlsx_reader::end_cell() {
  in_cell_ = in_value_ = in_inline_ = false;
  const cell found = value_of_cell();
  if (found.text.empty()) return;
  if (found.text.size() > limits::cell_bytes_max) {
    return fail(errc::cell_too_long, {std::to_string(limits::cell_bytes_max)}, true);
  }
  const bool blank = is_blank(found.text);
  if (column_ >= limits::columns_max) {
    if (!blank) fail(errc::too_many_columns, {std::to_string(limits::columns_max)});
    return;
  }
  row_bytes_ += found.text.size();
  if (row_bytes_ > limits::row_bytes_max) {
    return fail(errc::row_too_long, {std::to_string(limits::row_bytes_max)});
  }
  row_has_text_ = row_has_text_ || !blank;
  out_->cells.resize(first_cell_ + column_);
  out_->cells.push_back(found);
}

void xlsx_reader::end_row() {
  in_row_ = false;
  if (!row_has_text_) {
    out_->cells.resize(first_cell_);
    return;
  }
  out_->rows.push_back({row_, parser_.offset(), first_cell_, out_->cells.size() - first_cell_});
  if (out_->rows.size() == rows_wanted_) parser_.pause();
}

void xlsx_reader::fail(const message& m, std::vector<std::string> args, bool in_column) {
  parser_.fail(error(m, std::move(args),
                     {file_, sheet_, row_, in_column ? column_letters(column_) : std::string()}));
}

result<const workbook::sheet*> choose_sheet(const workbook& book, const std::string& name) {
  if (name.empty()) {
    for (const auto& one : book.sheets) {
      if (one.visible) return &one;
    }
    return &book.sheets.front();
  }
  std::string all;
  for (const auto& one : book.sheets) {
    if (one.name == name) return &one;
    if (!all.empty()) all += ", ";
    all += one.name;
  }
  return error(errc::unknown_sheet, {name, all});
}

}  // namespace

result<std::unique_ptr<reader>> open_xlsx(std::unique_ptr<input> in, const options& o) {
  LIXIN_TRY(workbook book, open_workbook(std::move(in)));
  LIXIN_TRY(const workbook::sheet* chosen, choose_sheet(book, o.sheet));
  const workbook::sheet sheet = *chosen;
  LIXIN_TRY(auto stream, book.zip.open_part(sheet.part));
  return std::unique_ptr<reader>(
      std::make_unique<xlsx_reader>(std::move(book), sheet, std::move(stream), o.file_name));
}

}  // namespace lixin::tabular
