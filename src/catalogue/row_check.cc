#include "catalogue/row_check.h"

#include <algorithm>

#include "catalogue/row_run.h"
#include "text/fold.h"

namespace lixin::catalogue {
namespace {

constexpr std::size_t echo_signs_max = 40;

void reset(checked_row& out, std::size_t fields) {
  out.verdict = row_verdict::clean;
  out.personal = false;
  out.reasons.clear();
  out.notes.clear();
  party& p = out.party;
  p.kind.reset();
  for (std::string* s : {&p.name, &p.credit_code, &p.organisation_code, &p.registration_number,
                         &p.tax_number, &p.institution_certificate, &p.social_certificate,
                         &out.document, &out.document_key, &out.sealed_person}) {
    s->clear();
  }
  out.party_ordinal = 1;
  for (std::optional<date>* day :
       {&out.decided_on, &out.valid_from, &out.valid_to, &out.published_until, &out.notified_on,
        &out.effective_on, &out.ended_on}) {
    day->reset();
  }
  out.handed_in_class = publicity_class::none;
  out.values.resize(fields);
  for (std::string& v : out.values) v.clear();
}

}  // namespace

row_checker::row_checker(const dataset& d, heading_map map, date today)
    : dataset_(d), map_(std::move(map)), today_(today), scratch_(std::make_unique<scratch>()) {
  LIXIN_ASSERT(map_.column_of_field.size() == d.fields.size());
  LIXIN_ASSERT(map_.field_of_column.size() == map_.headings.size());
  for (std::size_t r = 0; r < role_count; ++r) {
    scratch_->field_of_role[r] = d.field_with(static_cast<field_role>(r));
  }
}
row_checker::~row_checker() = default;
row_checker::row_checker(row_checker&&) noexcept = default;

void row_checker::check(std::uint64_t row_number, std::span<const tabular::cell> cells,
                        checked_row& out) const {
  row_run(dataset_, map_, today_, *scratch_, row_number, cells, out).run();
}

void row_run::run() {
  read();
  find_person();
  redacted_ = out_.personal;
  judge();
  if (!out_.personal && !out_.reasons.empty() && any_cell_personal()) {
    // A person's number in a cell that is not searched as a rule: the reasons must not show it.
    redacted_ = true;
    read();
    find_person();
    out_.personal = true;
    judge();
  }
  finish();
}

// Tidied cells by field. Cells of discard fields are not kept.
void row_run::read() {
  reset(out_, d_.fields.size());
  s_.filled.assign(d_.fields.size(), 0);
  s_.kinds.assign(d_.fields.size(), tabular::cell_kind::text);
  const std::size_t columns = map_.field_of_column.size();
  for (std::size_t c = 0; c < cells_.size(); ++c) {
    const int f = c < columns ? map_.field_of_column[c] : no_field;
    std::string_view raw = cells_[c].text;
    if (raw.empty() || f == report_column) continue;
    const field* of = f < 0 ? nullptr : &d_.fields[static_cast<std::size_t>(f)];
    if (of != nullptr && of->type == field_type::choices && raw.find('\n') != raw.npos) {
      s_.lines.assign(raw);  // a line break parts two values; tidying would make it a blank
      std::replace(s_.lines.begin(), s_.lines.end(), '\n', ';');
      raw = s_.lines;
    }
    const std::string_view tidied = text::tidy(raw, s_.store);
    if (tidied.empty()) continue;
    if (of == nullptr) {
      out_.reasons.emplace_back(errc::extra_cells, std::vector{std::to_string(c + 1)},
                                place{"", "", row_, c < columns ? map_.headings[c] : ""});
      continue;
    }
    s_.filled[static_cast<std::size_t>(f)] = 1;
    s_.kinds[static_cast<std::size_t>(f)] = cells_[c].kind;
    if (of->type != field_type::discard) value(f).assign(tidied);
  }
}

void row_run::judge() {
  if (about_person_ && !d_.takes_persons) {
    out_.reasons.clear();
    out_.reasons.emplace_back(errc::personal_row_not_taken, std::vector<std::string>{},
                              place{"", "", row_, ""});
    return;
  }
  for (const auto& [f, kind] : s_.hits) {
    refuse(errc::personal_number_in_text, f,
           {std::string(identity::title_zh(kind)), std::string(identity::title_en(kind))});
    out_.values[f].clear();  // that is what is wrong with the cell, whatever else it is not
  }
  for (std::size_t f = 0; f < d_.fields.size(); ++f) {
    if (!out_.values[f].empty()) type_cell(f);
  }
  judge_presence();
  judge_dates();
  judge_party();
}

void row_run::finish() {
  if (!out_.reasons.empty()) {
    out_.verdict = row_verdict::refused;
    if (out_.personal) clear_content();
    return;
  }
  if (about_person_) {
    out_.verdict = row_verdict::sealed;
    return;
  }
  for (std::size_t f = 0; f < d_.fields.size(); ++f) {
    if (d_.fields[f].type == field_type::person_number) out_.values[f].clear();
  }
  if (d_.field_with(field_role::document) < 0) name_by_identifier();
}

// A registration has no document number: the subject's strongest identifier stands for it.
void row_run::name_by_identifier() {
  for (const std::string* id :
       {&out_.party.credit_code, &out_.party.organisation_code, &out_.party.registration_number,
        &out_.party.institution_certificate, &out_.party.social_certificate}) {
    if (id->empty()) continue;
    out_.document = *id;
    out_.document_key = *id;
    return;
  }
}

void row_run::clear_content() {
  std::vector<error> reasons = std::move(out_.reasons);
  reset(out_, d_.fields.size());
  out_.reasons = std::move(reasons);
  out_.verdict = row_verdict::refused;
  out_.personal = true;
}

place row_run::place_of(std::size_t f) const {
  const int column = map_.column_of_field[f];
  return {"", "", row_,
          column < 0 ? d_.fields[f].title_zh : map_.headings[static_cast<std::size_t>(column)]};
}

void row_run::refuse(const message& m, std::size_t f, std::vector<std::string> args) {
  out_.reasons.emplace_back(m, std::move(args), place_of(f));
}

void row_run::note(const message& m, std::size_t f, std::vector<std::string> args) {
  out_.notes.emplace_back(m, std::move(args), place_of(f));
}

bool row_run::refused_for(const message& m, int f) const {
  if (f < 0) return false;
  const place where = place_of(static_cast<std::size_t>(f));
  return std::any_of(out_.reasons.begin(), out_.reasons.end(),
                     [&](const error& e) { return e.is(m) && e.where() == where; });
}

std::string row_run::echo(std::string_view text) const {
  if (redacted_) return "…";
  if (text::length(text) <= echo_signs_max) return std::string(text);
  std::size_t end = 0;
  for (std::size_t signs = 0; end < text.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(text[end]) >> 6) != 2;
    if (begins && ++signs > echo_signs_max) break;
  }
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace lixin::catalogue
