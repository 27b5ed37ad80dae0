#include "measure/evaluate.h"

#include <algorithm>

namespace lixin::measure {
namespace {

using catalogue::effect;

bool meets_kind(const catalogue::measure& m, catalogue::subject_kind kind) {
  return std::ranges::find(m.kinds, kind) != m.kinds.end();
}

bool meets_condition(const catalogue::measure& m, const catalogue::dataset& d,
                     const archive::record_view& r) {
  if (m.when.clauses.empty()) return true;
  std::vector<std::string> values;
  values.reserve(d.fields.size());
  for (const catalogue::field& f : d.fields) values.emplace_back(r.value(f.code));
  return m.when.holds(d, values);
}

// What the entry is worth: a benefit needs no notice and no remedy, only to be in force.
policy::no_effect worth(const policy::record_facts& facts, catalogue::tone tone, date as_of,
                        position known_at) {
  if (tone == catalogue::tone::adverse) return policy::effect_of(facts, as_of, known_at);
  switch (policy::status_of(facts, as_of, known_at)) {
    case policy::record_status::in_force:
    case policy::record_status::disputed:
      return policy::no_effect::none;
    case policy::record_status::not_yet:
      return policy::no_effect::not_yet;
    case policy::record_status::expired:
    case policy::record_status::withdrawn:
    case policy::record_status::corrected:
    case policy::record_status::repaired:
      return policy::no_effect::ended;
  }
  return policy::no_effect::ended;
}

std::optional<date> last_day(const policy::record_facts& facts) {
  std::optional<date> out = facts.valid_to;
  if (facts.ended_on && (!out || *facts.ended_on - 1 < *out)) out = *facts.ended_on - 1;
  return out;
}

evidence evidence_of(const archive::record_view& r, const catalogue::dataset& d,
                     const catalogue::list& l, const policy::record_facts& facts, date as_of,
                     position known_at) {
  evidence e;
  e.record = &r;
  e.dataset = &d;
  e.list = &l;
  e.from = facts.effective_on ? facts.effective_on
                              : (facts.valid_from ? facts.valid_from : facts.decided_on);
  e.until = last_day(facts);
  e.disputed = policy::status_of(facts, as_of, known_at) == policy::record_status::disputed;
  return e;
}

bool listed(const std::vector<ineffective_entry>& all, const evidence& e) {
  return std::ranges::any_of(all, [&](const ineffective_entry& i) {
    return i.entry.record == e.record && i.entry.list == e.list;
  });
}

// The heaviest effect first, and of one effect in the order of the packs.
void insert(std::vector<applied_measure>& measures, applied_measure m) {
  const auto before = std::ranges::upper_bound(
      measures, m.what->effect, {}, [](const applied_measure& a) { return a.what->effect; });
  measures.insert(before, std::move(m));
}

// The heaviest is the first of the enumeration; benefits do not weigh.
std::optional<effect> heaviest_of(const std::vector<applied_measure>& measures) {
  std::optional<effect> out;
  for (const applied_measure& m : measures)
    if (m.what->effect != effect::benefit && (!out || m.what->effect < *out)) out = m.what->effect;
  return out;
}

}  // namespace

policy::record_facts completed_facts(const archive::record_view& r,
                                     const catalogue::catalogue& packs) {
  int months = 0;
  for (const catalogue::list* l : packs.lists_of(r.dataset))
    if (l->term_months > 0 && (months == 0 || l->term_months < months)) months = l->term_months;
  return policy::with_list_term(r.facts, months);
}

evaluation evaluate(catalogue::subject_kind kind, std::span<const archive::record_view> records,
                    const catalogue::catalogue& packs, const catalogue::matter& matter, date as_of,
                    position known_at) {
  evaluation out;
  if (records.empty()) return out;
  for (const catalogue::measure* m : packs.measures_of(matter.code)) {
    if (!meets_kind(*m, kind)) continue;
    const catalogue::list* l = packs.find_list(m->trigger_list);
    const catalogue::dataset* d = l == nullptr ? nullptr : packs.find_dataset(l->dataset);
    if (d == nullptr) continue;  // a pack that was loaded without the one it leans on
    applied_measure met{m, {}};
    for (const archive::record_view& r : records) {
      if (r.dataset != d->code || !meets_condition(*m, *d, r)) continue;
      const policy::record_facts facts = policy::with_list_term(r.facts, l->term_months);
      const policy::no_effect reason = worth(facts, d->tone, as_of, known_at);
      if (reason == policy::no_effect::ended) continue;
      evidence e = evidence_of(r, *d, *l, facts, as_of, known_at);
      if (reason == policy::no_effect::none) {
        met.entries.push_back(e);
      } else if (!listed(out.without_effect, e)) {
        out.without_effect.push_back({e, reason});
      }
    }
    if (!met.entries.empty()) insert(out.measures, std::move(met));
  }
  out.heaviest = heaviest_of(out.measures);
  return out;
}

}  // namespace lixin::measure
