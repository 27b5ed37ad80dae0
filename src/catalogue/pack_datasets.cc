#include <array>

#include "catalogue/forbidden.h"
#include "catalogue/pack_loader.h"

namespace lixin::catalogue {
namespace {

constexpr std::array dataset_columns{
    column{"code", true},
    column{"title_zh", true},
    column{"title_en", true},
    column{"subject_kinds", true},
    column{"persons", true},
    column{"registers", true},
    column{"tone", true},
    column{"disclosure", true},
    column{"sharing_group"},
    column{"publicity_min_months"},
    column{"publicity_max_months"},
    column{"retention_months"},
    column{"retention_basis"},
    column{"retention_basis_status"},
    column{"hand_in_working_days"},
    column{"frequency"},
    column{"basis"},
    column{"basis_status"},
};
constexpr int months_max = 1200;
constexpr int working_days_max = 250;

}  // namespace

void pack_loader::load_datasets() {
  const sheet_reader sheet = open("datasets", dataset_columns);
  std::map<std::string, std::string> seen;
  for (std::size_t i = 0; i < sheet.size(); ++i) {
    const line_reader line = sheet.line(i);
    dataset d;
    d.code = line.code("code");
    unique(seen, d.code, line);
    d.title_zh = line.text("title_zh");
    d.title_en = line.text("title_en");
    d.pack = pack_.code;
    d.kinds = line.kinds("subject_kinds");
    d.takes_persons = line.word(words::answers, "persons").value_or(false);
    d.registers = line.word(words::answers, "registers").value_or(false);
    d.tone = line.word(words::tones, "tone").value_or(tone::neutral);
    d.visible = line.word(words::disclosures, "disclosure").value_or(disclosure::source);
    d.sharing_group = line.text("sharing_group");
    d.publicity_months_min = line.number("publicity_min_months", 0, months_max);
    d.publicity_months_max = line.number("publicity_max_months", 0, months_max);
    d.retention_months = line.number("retention_months", 0, months_max);
    d.retention_basis = line.basis_of("retention_basis", "retention_basis_status");
    d.hand_in_working_days = line.number("hand_in_working_days", 0, working_days_max);
    d.frequency = line.text("frequency");
    d.basis = line.basis_of();
    check_dataset(d, line);
    pack_.datasets.push_back(std::move(d));
    dataset_rows_.push_back(line.row());
  }
}

void pack_loader::check_dataset(const dataset& d, const line_reader& line) {
  for (const char* name : {"code", "title_zh", "title_en"}) {
    if (const auto word = office_holder_word(line.text(name))) {
      line.fault(errc::office_holders, {std::string(*word)}, name);
    }
    if (const auto word = forbidden_word(line.text(name), d.takes_persons)) {
      line.fault(errc::forbidden_field, {std::string(*word)}, name);
    }
  }
  if (d.publicity_months_max != 0 && d.publicity_months_min > d.publicity_months_max) {
    line.fault(errc::minimum_above_maximum,
               {std::to_string(d.publicity_months_min), std::to_string(d.publicity_months_max)},
               "publicity_min_months");
  }
  if (d.tone != tone::adverse) return;
  if (d.basis.text.empty()) line.fault(errc::adverse_without_basis, {}, "basis");
  if (d.publicity_months_max == 0) {
    line.fault(errc::adverse_without_publicity_end, {}, "publicity_max_months");
  }
  if (d.retention_months == 0) {
    line.fault(errc::adverse_without_retention, {}, "retention_months");
  } else if (d.retention_basis.text.empty()) {
    line.fault(errc::adverse_without_retention, {}, "retention_basis");
  } else if (line.text("retention_basis_status").empty()) {
    line.fault(errc::blank_cell, {}, "retention_basis_status");
  }
}

void pack_loader::check_fields_of(const dataset& d, std::uint64_t row) {
  if (d.code.empty()) return;
  const auto fault = [&](const message& m, std::vector<std::string> args) {
    faults_.emplace_back(m, std::move(args), place{folder_ + "/datasets.csv", "", row, "code"});
  };
  if (d.fields.empty()) {
    fault(errc::dataset_without_fields, {d.code});
    return;
  }
  const auto need = [&](field_role role) {
    if (d.field_with(role) >= 0) return;
    fault(errc::missing_role, {d.code, std::string(words::code_of(words::roles, role))});
  };
  need(field_role::party_name);
  need(field_role::credit_code);
  if (!d.registers) {
    need(field_role::document);
    need(field_role::decided_on);
  }
  if (d.takes_persons) {
    need(field_role::party_class);
    need(field_role::person_id_number);
  }
}

}  // namespace lixin::catalogue
