// One sheet of a pack as lines of named cells, with every fault noted and none of them fatal;
// private to the module. A reader that met a fault goes on with a neutral value so that the next
// one is found in the same run.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "catalogue/catalogue.h"
#include "catalogue/errc.h"
#include "catalogue/words.h"
#include "tabular/tabular.h"

namespace lixin::catalogue {

struct column {
  std::string_view name;
  bool filled = false;  // blank is a fault
};

class line_reader;

class sheet_reader {
 public:
  // `sheet` may be null: then there are no lines.
  sheet_reader(const sheet* s, const std::string& folder, std::span<const column> columns,
               std::vector<error>& faults);

  std::size_t size() const { return table_.lines.size(); }
  line_reader line(std::size_t i) const;
  const std::string& file() const { return file_; }
  void fault(const message& m, std::vector<std::string> args, std::uint64_t row = 0,
             std::string_view column = {}) const;

 private:
  friend class line_reader;
  void read_heading();

  std::string file_;
  std::span<const column> columns_;
  std::vector<error>* faults_;
  tabular::table table_;
  std::map<std::string, std::size_t, std::less<>> at_;
};

class line_reader {
 public:
  line_reader(const sheet_reader& sheet, const tabular::table::line& line)
      : sheet_(&sheet), line_(&line) {}

  std::uint64_t row() const { return line_->number; }
  // "" when blank or when the sheet lacks the column (noted once, at the heading).
  const std::string& text(std::string_view name) const;
  // A code of the sheet's own; "" when it is no code.
  std::string code(std::string_view name) const;
  // Blank is 0.
  int number(std::string_view name, int min, int max) const;
  date day(std::string_view name) const;
  basis basis_of(std::string_view text_column = "basis",
                 std::string_view status_column = "basis_status") const;
  std::vector<subject_kind> kinds(std::string_view name) const;

  // Blank is nothing, silently when the column may be blank.
  template <class Table>
  auto word(const Table& table, std::string_view name) const
      -> std::optional<decltype(table.front().value)> {
    const std::string& cell = text(name);
    if (cell.empty()) return std::nullopt;
    const auto value = words::value_of(table, cell);
    if (!value) unknown_word(cell, words::codes_of(table), name);
    return value;
  }

  void fault(const message& m, std::vector<std::string> args, std::string_view column) const {
    sheet_->fault(m, std::move(args), row(), column);
  }
  void unknown_word(const std::string& cell, const std::vector<std::string_view>& known,
                    std::string_view name) const;
  std::string where() const { return sheet_->file() + ":" + std::to_string(row()); }

 private:
  const sheet_reader* sheet_;
  const tabular::table::line* line_;
};

}  // namespace lixin::catalogue
