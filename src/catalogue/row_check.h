// One row of a hand-in against its dataset: typed, checked, classed. No database: the same row and
// dataset always give the same answer. A row_checker belongs to one thread; make one per thread.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/error.h"
#include "catalogue/catalogue.h"
#include "tabular/tabular.h"

namespace lixin::catalogue {

// The columns that a report of refused rows has in front. A mended report is handed in as it is:
// these are known and not read.
inline constexpr std::array<std::string_view, 2> report_headings{"原行号", "退回原因"};
inline constexpr int no_field = -1;  // a column that is blank in the heading and below
inline constexpr int report_column = -2;

// Which column of the file fills which field.
struct heading_map {
  std::vector<int> field_of_column;   // no_field, report_column, or the field's index
  std::vector<int> column_of_field;   // -1: the file has no such column
  std::vector<std::string> headings;  // as written, tidied
};
// Headings are short codes, titles (zh, en) or aliases, folded. Every unknown, doubled or missing
// mandatory heading is an error of its own (with the nearest known heading as suggestion).
struct heading_check {
  heading_map map;
  std::vector<error> faults;
};
// `rows` says where each heading stands, when that is not one row (tabular::reader::heading_rows).
heading_check map_headings(const dataset& d, std::span<const tabular::cell> cells,
                           std::span<const std::uint64_t> rows = {});

enum class row_verdict : std::uint8_t {
  clean,    // may be bound and stored
  sealed,   // a personal row of a dataset that takes persons: for the vault
  refused,  // with reasons
};

// Who the row is about, as handed in. Identifiers are folded and checked; "" = absent.
struct party {
  std::string name;
  std::optional<subject_kind>
      kind;  // from the class, the credit code's first signs or the kind field
  std::string credit_code, organisation_code, registration_number, tax_number;
  std::string institution_certificate, social_certificate;
};

struct checked_row {
  row_verdict verdict = row_verdict::clean;
  // The row, or a cell where none belongs, holds a person's number: nothing of its content may be
  // stored, logged or echoed. True for every sealed row and for some refused ones.
  bool personal = false;
  std::vector<error> reasons;  // of a refusal: all of them, place has row and column
  std::vector<error> notes;    // flags that do not refuse (unlisted pair, inner check ...)

  lixin::catalogue::party party;
  std::string document;      // as written, tidied
  std::string document_key;  // folded
  int party_ordinal = 1;
  std::optional<date> decided_on, valid_from, valid_to, published_until;
  std::optional<date> notified_on, effective_on, ended_on;
  publicity_class handed_in_class = publicity_class::none;
  std::vector<std::string> values;  // by field index, canonical; discard and person_number fields
                                    // are always "" unless the verdict is sealed
  std::string sealed_person;        // sealed only: the person's number, folded, for the digest
};

class row_checker {
 public:
  // `today` bounds dates of decisions. The dataset must outlive the checker.
  row_checker(const dataset& d, heading_map map, date today);
  ~row_checker();
  row_checker(row_checker&&) noexcept;
  // `out` is overwritten (its buffers are reused).
  void check(std::uint64_t row_number, std::span<const tabular::cell> cells,
             checked_row& out) const;
  struct scratch;  // buffers that are reused from row to row; row_run.h
  const dataset& of() const { return dataset_; }
  const heading_map& map() const { return map_; }

 private:
  const dataset& dataset_;
  heading_map map_;
  date today_;
  std::unique_ptr<scratch> scratch_;
};

// Canonical content of a clean row: {"CODE":"value",...} in field order, empty fields left out.
std::string content_json(const dataset& d, const std::vector<std::string>& values);

// A cell as it is shown: fen back to its unit ("0.200000" in wan), dates and text as they are.
std::string display_value(const field& f, std::string_view canonical);

// The publicity class by the dataset's verified terms. A handed-in class goes before. Else each
// value of each `choices` field that the terms name is tried alone (the others blank), the first
// verified term in sheet order that holds decides it, and the heaviest of the trials counts; a term
// on the procedure stands first in its sheet, so `simplified` is minor whatever the kinds. A trial
// that no verified term meets is general, provisional. Datasets without terms and neutral or
// positive ones: none.
struct class_decision {
  publicity_class publicity = publicity_class::none;
  enum class source : std::uint8_t { none, handed_in, rule, provisional } from = source::none;
  const term* rule = nullptr;  // the term that decided, or the one whose months apply
  int months = 0;              // how long the record is public; 0 with minor = not published
};
class_decision decide_class(const dataset& d, const checked_row& row);
class_decision decide_class(const dataset& d, const std::vector<std::string>& values,
                            publicity_class handed_in);

}  // namespace lixin::catalogue
