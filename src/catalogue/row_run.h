// One row on its way through the checks; private to the module. row_check.cc orders the steps,
// row_party.cc says who the row is about, row_cells.cc types its cells.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catalogue/errc.h"
#include "catalogue/row_check.h"
#include "identity/codes.h"
#include "identity/personal.h"

namespace lixin::catalogue {

constexpr std::size_t role_count = static_cast<std::size_t>(field_role::county) + 1;

struct row_checker::scratch {
  std::array<int, role_count> field_of_role{};
  std::vector<char> filled;               // by field: the cell holds something
  std::vector<tabular::cell_kind> kinds;  // by field
  std::vector<std::pair<std::size_t, identity::personal_number>>
      hits;  // personal numbers out of place
  std::string store;
  std::string lines;
};

class row_run {
 public:
  row_run(const dataset& d, const heading_map& map, date today, row_checker::scratch& s,
          std::uint64_t row, std::span<const tabular::cell> cells, checked_row& out)
      : d_(d), map_(map), today_(today), s_(s), row_(row), cells_(cells), out_(out) {}

  void run();

 private:
  // Steps.
  void read();
  void judge();
  void finish();
  void clear_content();
  void name_by_identifier();

  // row_party.cc
  void find_person();
  bool has_organisation_code() const;
  bool is_identity_field(std::size_t f) const;
  bool any_cell_personal();
  void judge_party();
  void judge_class();
  void judge_person();
  void judge_kind();
  bool any_organisation_cell() const;

  // row_cells.cc
  void type_cell(std::size_t f);
  void type_choice(std::size_t f, std::string& value);
  void type_choices(std::size_t f, std::string& value);
  void type_date(std::size_t f, std::string& value);
  void type_amount(std::size_t f, std::string& value);
  void type_integer(std::size_t f, std::string& value);
  void type_credit_code(std::size_t f, std::string& value);
  void type_other_code(std::size_t f, std::string& value);
  bool too_long(std::size_t f, const std::string& value);
  void judge_presence();
  void judge_dates();

  int at(field_role r) const { return s_.field_of_role[static_cast<std::size_t>(r)]; }
  std::string& value(int f) { return out_.values[static_cast<std::size_t>(f)]; }
  const std::string& value(int f) const { return out_.values[static_cast<std::size_t>(f)]; }
  bool filled(int f) const { return f >= 0 && s_.filled[static_cast<std::size_t>(f)] != 0; }
  bool has(field_role r) const { return filled(at(r)); }
  // The canonical text of the field with a role, "" when there is none.
  std::string_view canonical(field_role r) const {
    return at(r) < 0 ? std::string_view() : std::string_view(value(at(r)));
  }

  place place_of(std::size_t f) const;
  void refuse(const message& m, std::size_t f, std::vector<std::string> args = {});
  void note(const message& m, std::size_t f, std::vector<std::string> args = {});
  bool refused_for(const message& m, int f) const;
  // What of a cell may be shown: 40 signs at most, nothing of a personal row.
  std::string echo(std::string_view text) const;

  const dataset& d_;
  const heading_map& map_;
  date today_;
  row_checker::scratch& s_;
  std::uint64_t row_;
  std::span<const tabular::cell> cells_;
  checked_row& out_;
  const code_value* class_ = nullptr;  // of the party, when on its list
  std::optional<identity::credit_code_check> credit_;
  bool about_person_ = false;  // DESIGN 2.4
  bool redacted_ = false;      // nothing of the row may be shown
};

}  // namespace lixin::catalogue
