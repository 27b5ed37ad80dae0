// Workbooks of several sheets, for templates.
#include <xlsxwriter.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <set>
#include <system_error>

#include "tabular/errc.h"
#include "tabular/escapes.h"
#include "tabular/sanitizer.h"
#include "tabular/tabular.h"
#include "text/fold.h"

#if defined(LIXIN_ADDRESS_SANITIZER)
#include <sanitizer/lsan_interface.h>
#endif

namespace lixin::tabular {

namespace {

constexpr std::size_t text_signs_max = 32'767;
constexpr std::size_t validated_rows = 100'000;

// Width in Latin letters; signs of three bytes and more take two.
std::size_t width_of(std::string_view text) {
  std::size_t width = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80U) width += byte >= 0xE0 ? 2 : 1;
  }
  return width;
}

bool usable_name(const std::string& name) {
  const std::size_t length = text::length(name);
  return length >= 1 && length <= 31 && name.find_first_of("[]:*?/\\") == std::string::npos &&
         name.front() != '\'' && name.back() != '\'';
}

// Names that differ in the case of Latin letters only are one name to a spreadsheet.
std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

// libxlsxwriter 1.1.4 copies the formula of a list twice and loses one copy: a few bytes for each
// drop-down, which the leak sanitizer need not tell.
lxw_error set_validation(lxw_worksheet* sheet, lxw_col_t column, lxw_data_validation& rule) {
#if defined(LIXIN_ADDRESS_SANITIZER)
  const __lsan::ScopedDisabler disabled;
#endif
  return worksheet_data_validation_range(sheet, 1, column, validated_rows, column, &rule);
}

class workbook_writer {
 public:
  explicit workbook_writer(const std::string& path)
      : path_(path), book_(workbook_new(path.c_str())) {
    text_ = workbook_add_format(book_);
    format_set_num_format(text_, "@");
    heading_ = workbook_add_format(book_);
    format_set_bold(heading_);
    format_set_num_format(heading_, "@");
    format_set_text_wrap(heading_);
    format_set_align(heading_, LXW_ALIGN_VERTICAL_CENTER);
    format_set_pattern(heading_, LXW_PATTERN_SOLID);
    constexpr lxw_color_t light_grey = 0xE7E6E6;
    format_set_bg_color(heading_, light_grey);
  }
  ~workbook_writer() {
    if (book_ != nullptr) lxw_workbook_free(book_);
  }
  workbook_writer(const workbook_writer&) = delete;
  workbook_writer& operator=(const workbook_writer&) = delete;

  result<void> add(const sheet_spec& spec) {
    names_.insert(spec.name);
    lxw_worksheet* sheet = workbook_add_worksheet(book_, spec.name.c_str());
    if (sheet == nullptr) return error(errc::bad_sheet_name, {spec.name});
    set_columns(sheet, spec);
    LIXIN_CHECK(write_row(sheet, 0, spec.heading, heading_));
    worksheet_freeze_panes(sheet, 1, 0);
    for (std::size_t i = 0; i < spec.notes.size(); ++i) {
      if (spec.notes[i].empty()) continue;
      const auto failed =
          worksheet_write_comment(sheet, 0, static_cast<lxw_col_t>(i), spec.notes[i].c_str());
      if (failed != LXW_NO_ERROR) return failure_of(failed);
    }
    for (std::size_t i = 0; i < spec.rows.size(); ++i) {
      LIXIN_CHECK(write_row(sheet, i + 1, spec.rows[i], text_));
    }
    for (std::size_t i = 0; i < spec.choices.size(); ++i) {
      if (spec.choices[i].empty()) continue;
      LIXIN_CHECK(offer(sheet, i, spec.choices[i]));
    }
    return {};
  }

  result<void> close() {
    LIXIN_CHECK(write_lists());
    const auto failed = workbook_close(book_);
    book_ = nullptr;
    if (failed != LXW_NO_ERROR) return failure_of(failed);
    return {};
  }

 private:
  void set_columns(lxw_worksheet* sheet, const sheet_spec& spec) {
    constexpr std::size_t width_min = 8;
    constexpr std::size_t width_max = 50;
    constexpr std::size_t rows_looked_at = 1000;
    for (std::size_t i = 0; i < spec.heading.size(); ++i) {
      std::size_t width = width_of(spec.heading[i]);
      for (std::size_t r = 0; r < std::min(spec.rows.size(), rows_looked_at); ++r) {
        if (i < spec.rows[r].size()) width = std::max(width, width_of(spec.rows[r][i]));
      }
      const auto column = static_cast<lxw_col_t>(i);
      worksheet_set_column(sheet, column, column,
                           static_cast<double>(std::clamp(width + 2, width_min, width_max)), text_);
    }
  }

  result<void> write_row(lxw_worksheet* sheet, std::size_t row,
                         const std::vector<std::string>& cells, lxw_format* format) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (text::length(cells[i]) > text_signs_max) {
        return error(errc::too_long_for_xlsx, {std::to_string(text_signs_max)},
                     {"", "", row + 1, ""});
      }
      const auto failed =
          worksheet_write_string(sheet, static_cast<lxw_row_t>(row), static_cast<lxw_col_t>(i),
                                 encode_escapes(cells[i], store_), format);
      if (failed != LXW_NO_ERROR) return failure_of(failed);
    }
    return {};
  }

  // A list stands in the validation itself where it fits (255 signs, no commas inside), otherwise
  // on a hidden sheet that the validation refers to.
  result<void> offer(lxw_worksheet* sheet, std::size_t column,
                     const std::vector<std::string>& choices) {
    std::size_t signs = choices.size() - 1;
    bool commas = false;
    for (const std::string& one : choices) {
      signs += text::length(one);
      commas = commas || one.find_first_of(",\"") != std::string::npos || one.empty();
    }
    lxw_data_validation rule{};
    std::vector<char*> list;
    std::string range;
    if (signs <= 255 && !commas) {
      for (const std::string& one : choices) list.push_back(const_cast<char*>(one.c_str()));
      list.push_back(nullptr);
      rule.validate = LXW_VALIDATION_TYPE_LIST;
      rule.value_list = list.data();
    } else {
      range = list_range(choices);
      rule.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
      rule.value_formula = range.data();
    }
    rule.ignore_blank = LXW_VALIDATION_ON;
    rule.dropdown = LXW_VALIDATION_ON;
    rule.error_type = LXW_VALIDATION_ERROR_TYPE_WARNING;
    const auto at = static_cast<lxw_col_t>(column);
    const auto failed = set_validation(sheet, at, rule);
    if (failed != LXW_NO_ERROR) return failure_of(failed);
    return {};
  }

  std::string list_range(const std::vector<std::string>& choices) {
    auto found = std::find(lists_.begin(), lists_.end(), choices);
    const auto index = static_cast<lxw_col_t>(found - lists_.begin());
    if (found == lists_.end()) lists_.push_back(choices);
    char from[16];
    char to[16];
    lxw_rowcol_to_cell_abs(from, 0, index, 1, 1);
    lxw_rowcol_to_cell_abs(to, static_cast<lxw_row_t>(choices.size() - 1), index, 1, 1);
    return "='" + lists_name() + "'!" + from + ":" + to;
  }

  const std::string& lists_name() {
    if (lists_name_.empty()) {
      lists_name_ = "选项";
      while (names_.contains(lists_name_)) lists_name_ += "_";
    }
    return lists_name_;
  }

  result<void> write_lists() {
    if (lists_.empty()) return {};
    lxw_worksheet* sheet = workbook_add_worksheet(book_, lists_name().c_str());
    if (sheet == nullptr) return error(errc::bad_sheet_name, {lists_name()});
    worksheet_hide(sheet);
    for (std::size_t i = 0; i < lists_.size(); ++i) {
      for (std::size_t r = 0; r < lists_[i].size(); ++r) {
        const auto failed =
            worksheet_write_string(sheet, static_cast<lxw_row_t>(r), static_cast<lxw_col_t>(i),
                                   encode_escapes(lists_[i][r], store_), text_);
        if (failed != LXW_NO_ERROR) return failure_of(failed);
      }
    }
    return {};
  }

  error failure_of(lxw_error code) const {
    return error(errc::cannot_write, {path_, lxw_strerror(code)});
  }

  std::string path_;
  lxw_workbook* book_;
  lxw_format* text_ = nullptr;
  lxw_format* heading_ = nullptr;
  std::set<std::string> names_;
  std::vector<std::vector<std::string>> lists_;
  std::string lists_name_;
  std::string store_;  // of an escaped cell
};

}  // namespace

result<void> write_workbook(const std::string& path, std::span<const sheet_spec> sheets) {
  if (!path.ends_with(".xlsx")) return error(errc::unknown_ending, {path});
  if (sheets.empty()) return error(errc::no_sheet);
  std::set<std::string> names;
  for (const sheet_spec& one : sheets) {
    if (!usable_name(one.name) || !names.insert(lower(one.name)).second) {
      return error(errc::bad_sheet_name, {one.name});
    }
  }
  std::FILE* file = std::fopen(path.c_str(), "wbe");
  if (file == nullptr) {
    return error(errc::cannot_write, {path, std::generic_category().message(errno)});
  }
  std::fclose(file);
  workbook_writer book(path);
  for (const sheet_spec& one : sheets) LIXIN_CHECK(book.add(one));
  return book.close();
}

}  // namespace lixin::tabular
