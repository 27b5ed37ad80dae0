#include "measure/compose.h"

#include <algorithm>

#include "measure/evaluate.h"

namespace lixin::measure {
namespace {

using catalogue::field_role;

// At the same place: one that was moved is in the archives of both subjects.
const archive::record_view* find(std::span<const archive::record_view> all,
                                 const archive::record_view& r) {
  const auto found = std::ranges::find_if(all, [&](const archive::record_view& x) {
    return x.record == r.record && x.subject == r.subject;
  });
  return found == all.end() ? nullptr : &*found;
}

std::vector<archive::record_view> visible_records(const composition& in) {
  std::vector<archive::record_view> out;
  for (const archive::record_view& r : in.then) {
    const archive::record_view* now = find(in.current, r);
    if (now == nullptr || !visible(*now, *in.packs_now, in.caller, in.asked_on, in.asked_at))
      continue;
    if (now->version != r.version) {
      // Corrected by the time of asking: shown to those only who may see what no longer stands.
      archive::record_view corrected = r;
      corrected.facts.superseded = true;
      if (!visible(corrected, *in.packs_now, in.caller, in.asked_on, in.asked_at)) continue;
    }
    out.push_back(r);
  }
  return out;
}

// What of one entry the caller may see, field by field, by the sheets in force when it was asked.
class field_view {
 public:
  field_view(const composition& in, const evidence& e)
      : in_(in), entry_(e), now_(in.packs_now->find_dataset(e.dataset->code)) {}

  bool sees(field_role role) const {
    const int at = entry_.dataset->field_with(role);
    if (at < 0 || now_ == nullptr) return false;
    const int there = now_->field_named(entry_.dataset->fields[static_cast<std::size_t>(at)].code);
    if (there < 0) return false;
    return policy::may_see_field(*now_, now_->fields[static_cast<std::size_t>(there)],
                                 entry_.record->authority, in_.kind, in_.caller);
  }
  std::optional<date> day(field_role role, const std::optional<date>& d) const {
    return sees(role) ? d : std::nullopt;
  }
  std::string text(field_role role) const {
    if (!sees(role)) return {};
    const int at = entry_.dataset->field_with(role);
    return std::string(
        entry_.record->value(entry_.dataset->fields[static_cast<std::size_t>(at)].code));
  }
  // A term that the list sets is not a field of the record and no secret.
  bool sees_or_lacks(field_role role) const {
    return entry_.dataset->field_with(role) < 0 || sees(role);
  }

 private:
  const composition& in_;
  const evidence& entry_;
  const catalogue::dataset* now_;
};

cited_entry cite(const composition& in, const evidence& e) {
  const archive::record_view& r = *e.record;
  const field_view view(in, e);
  cited_entry out;
  out.record = archive::to_string({r.subject, r.record});
  out.version = r.version;
  out.dataset = r.dataset;
  out.list = e.list->code;
  out.list_title_zh = e.list->title_zh;
  out.list_title_en = e.list->title_en;
  if (view.sees(field_role::document)) out.document = r.document;
  out.authority = r.authority_title;
  out.decided_on = view.day(field_role::decided_on, r.facts.decided_on);
  out.effective_on = view.day(field_role::effective_on, r.facts.effective_on);
  out.valid_to = view.day(field_role::valid_to, r.facts.valid_to);
  if (view.sees_or_lacks(field_role::effective_on)) out.from = e.from;
  if (view.sees_or_lacks(field_role::valid_to) && view.sees_or_lacks(field_role::ended_on))
    out.until = e.until;
  out.disputed = e.disputed;
  out.remedy = view.text(field_role::remedy);
  if (out.remedy.empty()) out.remedy = e.list->remedy;
  return out;
}

outcome outcome_of(const std::optional<catalogue::effect>& heaviest) {
  if (!heaviest) return outcome::clear;
  switch (*heaviest) {
    case catalogue::effect::barred:
      return outcome::barred;
    case catalogue::effect::limited:
      return outcome::limited;
    case catalogue::effect::watch:
      return outcome::watch;
    case catalogue::effect::benefit:
      break;
  }
  return outcome::clear;
}

}  // namespace

bool visible(const archive::record_view& current, const catalogue::catalogue& packs,
             const policy::caller& caller, date on, position known_at) {
  const catalogue::dataset* d = packs.find_dataset(current.dataset);
  if (d == nullptr) return false;
  policy::record_facts facts = completed_facts(current, packs);
  std::erase_if(facts.events, [&](const policy::record_event& e) { return e.at > known_at; });
  return policy::may_see_record(facts, *d, current.authority, caller, on);
}

std::vector<record_id> compose(const composition& in, answer& a) {
  const std::vector<archive::record_view> seen = visible_records(in);
  const evaluation e = evaluate(in.kind, seen, *in.packs, *in.matter, in.as_of, in.known_at);
  std::vector<record_id> cited;
  for (const applied_measure& m : e.measures) {
    answered_measure out{m.what->code, m.what->title_zh, m.what->title_en, m.what->effect,
                         m.what->body, m.what->term,     m.what->basis,    {}};
    for (const evidence& entry : m.entries) {
      out.entries.push_back(cite(in, entry));
      cited.push_back(entry.record->record);
    }
    a.measures.push_back(std::move(out));
  }
  if (in.caller.kind == policy::caller_kind::centre) {
    for (const ineffective_entry& i : e.without_effect) {
      a.without_effect.push_back({cite(in, i.entry), i.reason});
      cited.push_back(i.entry.record->record);
    }
  }
  a.outcome = outcome_of(e.heaviest);
  return cited;
}

}  // namespace lixin::measure
