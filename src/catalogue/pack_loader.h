// Builds one pack out of its sheets, part by part, in the order in which the parts need each other;
// private to the module. Every part notes its faults and goes on.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/catalogue.h"
#include "catalogue/sheet_reader.h"

namespace lixin::catalogue {

class pack_loader {
 public:
  pack_loader(const std::vector<sheet>& sheets, std::string folder)
      : sheets_(sheets), folder_(std::move(folder)) {}

  pack_check load();

 private:
  void check_sheet_names();  // pack.cc
  void load_pack();
  const sheet* find(std::string_view name) const;
  sheet_reader open(std::string_view name, std::span<const column> columns);
  // Notes a code that stands twice in its sheet.
  void unique(std::map<std::string, std::string>& seen, const std::string& code,
              const line_reader& line) const;

  void load_codes();  // pack_codes.cc
  void index_codes(const line_reader& line, code_list& list);

  void load_datasets();  // pack_datasets.cc
  void check_dataset(const dataset& d, const line_reader& line);
  // Once all fields are known: what a dataset must have for its rows to be bound and dated.
  void check_fields_of(const dataset& d, std::uint64_t row);

  void load_fields();  // pack_fields.cc
  void load_field(const line_reader& line, dataset& d);
  void check_field_type(const line_reader& line, field& f);
  void check_field_role(const line_reader& line, const dataset& d, const field& f);
  void check_meanings(const line_reader& line, const field& f);
  void check_forbidden(const line_reader& line, const dataset& d, const field& f);
  void index_headings(const line_reader& line, const dataset& d, const field& f);
  void load_field_conditions(const sheet_reader& sheet);

  // "FIELD: tests; ..." over `d`; fields at or after `before` are later ones.     pack_rules.cc
  condition read_condition(const line_reader& line, std::string_view column, const dataset& d,
                           std::size_t before);
  void check_clause(const line_reader& line, std::string_view column, const field& f,
                    const unary_tests& tests);
  void load_terms();
  void load_lists();
  void check_list(const line_reader& line, const list& l);
  void load_matters();
  void load_measures();
  dataset* dataset_of(const line_reader& line);

  void run_samples();  // pack_samples.cc
  void run_sample(const sheet& s);

  const std::vector<sheet>& sheets_;
  std::string folder_;
  pack pack_;
  std::vector<std::uint64_t> dataset_rows_;  // beside pack_.datasets
  std::vector<error> faults_;
  std::map<std::string, std::map<std::string, std::string>>
      headings_;  // dataset -> folded -> field
};

}  // namespace lixin::catalogue
