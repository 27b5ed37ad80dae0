#include "catalogue/sheet_reader.h"

#include <algorithm>
#include <charconv>

#include "calendar/parse.h"

namespace lixin::catalogue {
namespace {

constexpr std::size_t code_signs_max = 64;
constexpr std::size_t echo_bytes_max = 120;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_code(std::string_view s) {
  if (s.empty() || s.size() > code_signs_max || !is_letter(s.front())) return false;
  return std::all_of(s.begin(), s.end(), [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
}

// Enough of a cell to find it again, cut between signs.
std::string echo(std::string_view cell) {
  if (cell.size() <= echo_bytes_max) return std::string(cell);
  std::size_t end = echo_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(cell[end]) >> 6) == 2) --end;
  return std::string(cell.substr(0, end)) + "…";
}

}  // namespace

sheet_reader::sheet_reader(const sheet* s, const std::string& folder,
                           std::span<const column> columns, std::vector<error>& faults)
    : columns_(columns), faults_(&faults) {
  if (s == nullptr) return;
  file_ = folder + "/" + s->name + ".csv";
  auto table = tabular::read_table(s->body, file_);
  if (!table.ok()) {
    faults_->push_back(std::move(table).error().at({file_, "", 0, ""}));
    return;
  }
  table_ = std::move(table).value();
  read_heading();
  for (std::size_t i = 0; i < size(); ++i) {
    for (const column& c : columns_) {
      if (c.filled && at_.contains(c.name) && line(i).text(c.name).empty()) {
        fault(errc::blank_cell, {}, line(i).row(), c.name);
      }
    }
  }
}

void sheet_reader::read_heading() {
  std::vector<std::string_view> known;
  for (const column& c : columns_) known.push_back(c.name);
  for (std::size_t i = 0; i < table_.heading.size(); ++i) {
    const std::string& name = table_.heading[i];
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      fault(errc::unknown_column, {echo(name), words::suggestion(name, known)}, 1, echo(name));
    } else if (!at_.emplace(name, i).second) {
      fault(errc::doubled_column, {name}, 1, name);
    }
  }
  for (const std::string_view name : known) {
    if (!at_.contains(name)) fault(errc::missing_column, {std::string(name)}, 1, name);
  }
}

line_reader sheet_reader::line(std::size_t i) const { return {*this, table_.lines[i]}; }

void sheet_reader::fault(const message& m, std::vector<std::string> args, std::uint64_t row,
                         std::string_view column) const {
  faults_->emplace_back(m, std::move(args), place{file_, "", row, std::string(column)});
}

const std::string& line_reader::text(std::string_view name) const {
  static const std::string blank;
  const auto at = sheet_->at_.find(name);
  if (at == sheet_->at_.end() || at->second >= line_->cells.size()) return blank;
  return line_->cells[at->second];
}

std::string line_reader::code(std::string_view name) const {
  const std::string& cell = text(name);
  if (cell.empty()) return {};
  if (is_code(cell)) return cell;
  fault(errc::bad_code, {echo(cell), std::to_string(code_signs_max)}, name);
  return {};
}

int line_reader::number(std::string_view name, int min, int max) const {
  const std::string& cell = text(name);
  if (cell.empty()) return 0;
  int value = 0;
  const char* end = cell.data() + cell.size();
  const auto r = std::from_chars(cell.data(), end, value);
  if (r.ec == std::errc{} && r.ptr == end && value >= min && value <= max) return value;
  fault(errc::bad_number, {echo(cell), std::to_string(min), std::to_string(max)}, name);
  return 0;
}

date line_reader::day(std::string_view name) const {
  const std::string& cell = text(name);
  if (cell.empty()) return {};
  if (const auto d = calendar::parse_date(cell); d.ok()) return d.value();
  fault(errc::bad_pack_date, {echo(cell)}, name);
  return {};
}

basis line_reader::basis_of(std::string_view text_column, std::string_view status_column) const {
  basis out;
  out.text = text(text_column);
  out.status = word(words::certainties, status_column).value_or(certainty::unverified);
  return out;
}

std::vector<subject_kind> line_reader::kinds(std::string_view name) const {
  std::vector<subject_kind> out;
  for (const std::string& part : words::split_bar(text(name))) {
    if (part == "natural_person" || part == "person" || part == "自然人") {
      fault(errc::natural_person_kind, {}, name);
    } else if (const auto k = subject_kind_named(part)) {
      if (std::find(out.begin(), out.end(), *k) == out.end()) out.push_back(*k);
    } else {
      unknown_word(part, words::codes_of(words::kinds), name);
    }
  }
  return out;
}

void line_reader::unknown_word(const std::string& cell, const std::vector<std::string_view>& known,
                               std::string_view name) const {
  fault(errc::unknown_word, {echo(cell), words::suggestion(cell, known)}, name);
}

}  // namespace lixin::catalogue
