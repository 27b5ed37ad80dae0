#include "archive/chunk.h"
#include "archive/errc.h"
#include "text/fold.h"

namespace lixin::archive {
namespace {

// The facts that decide the terms of a version that is about to be stored.
policy::record_facts facts_of(const catalogue::dataset& d, const catalogue::checked_row& row,
                              const catalogue::class_decision& decision) {
  policy::record_facts f;
  f.decided_on = row.decided_on;
  f.valid_from = row.valid_from;
  f.valid_to = row.valid_to;
  f.published_until = row.published_until;
  f.notified_on = row.notified_on;
  f.effective_on = row.effective_on;
  f.ended_on = row.ended_on;
  const int remedy = d.field_with(catalogue::field_role::remedy);
  f.has_remedy = remedy >= 0 && !row.values[static_cast<std::size_t>(remedy)].empty();
  f.publicity = decision.publicity;
  f.class_provisional = decision.from == catalogue::class_decision::source::provisional;
  return f;
}

}  // namespace

void take_rules(hand_in& h, const catalogue::pack& pack, std::string_view dataset) {
  h.dataset = pack.dataset_named(dataset);
  LIXIN_ASSERT(h.dataset != nullptr);
  // Of several lists over one dataset the shortest term counts.
  for (const catalogue::list& l : pack.lists) {
    int& term = h.list_term_months;
    const bool shorter = l.term_months > 0 && (term == 0 || l.term_months < term);
    if (l.dataset == h.dataset->code && shorter) term = l.term_months;
  }
}

preparer::preparer(const hand_in& h, const calendar::working_days& days)
    : hand_in_(h), days_(days), checker_(*h.dataset, h.headings, h.handed_in_on) {}

void preparer::prepare(chunk& c) {
  c.size = c.block.rows.size();
  if (c.checked.size() < c.size) c.checked.resize(c.size);
  if (c.prepared.size() < c.size) c.prepared.resize(c.size);
  for (std::size_t i = 0; i < c.size; ++i) {
    const tabular::block::row& row = c.block.rows[i];
    checker_.check(row.number, c.block.cells_of(row), c.checked[i]);
    if (c.checked[i].verdict == catalogue::row_verdict::clean) {
      refuse_without_calendar(c.checked[i], row.number);
    }
    finish(c.checked[i], c.prepared[i]);
  }
}

// A row whose due day cannot be computed from the loaded tables is refused, not guessed.
void preparer::refuse_without_calendar(catalogue::checked_row& row, std::uint64_t number) {
  const catalogue::dataset& d = *hand_in_.dataset;
  if (d.hand_in_working_days == 0 || !row.decided_on) return;
  const auto [it, added] = late_.try_emplace(row.decided_on->days, false);
  if (added) {
    it->second = days_.is_late(*row.decided_on, d.hand_in_working_days, hand_in_.handed_in_on);
  }
  if (it->second.ok()) return;
  const int field = d.field_with(catalogue::field_role::decided_on);
  row.verdict = catalogue::row_verdict::refused;
  row.reasons.push_back(
      error(it->second.error())
          .at({.row = number, .column = d.fields[static_cast<std::size_t>(field)].title_zh}));
}

void preparer::finish(const catalogue::checked_row& row, prepared_row& out) {
  const catalogue::dataset& d = *hand_in_.dataset;
  out.identifiers.clear();
  out.content.clear();
  out.late = false;
  if (row.verdict == catalogue::row_verdict::refused) return;
  out.content = catalogue::content_json(d, row.values);
  if (row.verdict == catalogue::row_verdict::sealed) return;
  out.identifiers = registry::identifiers_of(row.party);
  out.name_folded = text::fold_name(row.party.name);
  out.digest = crypto::sm3(out.content);
  out.decision = catalogue::decide_class(d, row);
  const policy::record_facts facts =
      policy::with_list_term(facts_of(d, row, out.decision), hand_in_.list_term_months);
  out.effective_until = facts.valid_to;
  out.public_until = policy::publicity_of(facts, d).until;
  out.purge_at = policy::purge_date(facts, d);
  if (d.hand_in_working_days > 0 && row.decided_on) {
    out.late = late_.at(row.decided_on->days).value();
  }
}

}  // namespace lixin::archive
