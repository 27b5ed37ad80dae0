#include <algorithm>

#include "policy/regime.h"

namespace lixin::policy {
namespace {

using catalogue::publicity_class;

struct months {
  int min = 0, max = 0;
  const catalogue::term* rule = nullptr;
};

// Of several rows of one class the one with the shortest term: which of them hit is not kept with
// the record, and a doubt is not held against the subject.
months months_of(const catalogue::dataset& d, publicity_class c) {
  const catalogue::term* best = nullptr;
  for (const catalogue::term& t : d.terms) {
    if (t.publicity != c) continue;
    if (best == nullptr || t.months_max < best->months_max) best = &t;
  }
  if (best != nullptr) return {best->months_min, best->months_max, best};
  if (c == publicity_class::minor) return {};  // as a rule not published (order 36)
  return {d.publicity_months_min, d.publicity_months_max, nullptr};
}

void shorten(std::optional<date>& until, const std::optional<date>& end) {
  if (end && (!until || *end < *until)) until = end;
}

// The handed-in and later ends that hold under every regime.
void shorten_by_facts(std::optional<date>& until, const record_facts& r, bool list_entry) {
  shorten(until, r.published_until);
  if (list_entry) shorten(until, r.valid_to);
  if (r.ended_on) shorten(until, *r.ended_on - 1);
  for (const record_event& e : r.events)
    if (e.kind == event_kind::repair || e.kind == event_kind::withdraw)
      shorten(until, e.happened_on - 1);
}

std::optional<date> later(const std::optional<date>& a, const std::optional<date>& b) {
  if (!a || !b) return a ? a : b;
  return std::max(*a, *b);
}

}  // namespace

bool is_list_entry(const catalogue::dataset& d) {
  return std::ranges::any_of(d.fields, [](const catalogue::field& f) {
    return f.role == catalogue::field_role::effective_on ||
           f.role == catalogue::field_role::notified_on;
  });
}

regime regime_of(const record_facts& r, const catalogue::dataset& d) {
  const months m = months_of(d, r.publicity);
  const bool adverse = d.tone == catalogue::tone::adverse;
  regime out;
  out.rule = m.rule;
  if (m.max == 0) {
    // An adverse dataset without a term is refused when its pack is loaded; were one here, nothing
    // of it would be shown.
    out.open = m.rule == nullptr && !adverse && r.publicity != publicity_class::minor;
    shorten_by_facts(out.until, r, is_list_entry(d));
    return out;
  }
  const std::optional<date> start =
      r.decided_on ? r.decided_on : (r.effective_on ? r.effective_on : r.valid_from);
  if (!start) return out;  // an end that cannot be computed must not become "no end"
  const int length = r.class_provisional && m.min > 0 ? m.min : m.max;
  out.open = true;
  out.until = add_months(*start, length);
  out.repair_from = add_months(*start, m.min) + 1;
  shorten_by_facts(out.until, r, is_list_entry(d));
  return out;
}

regime regime_of(const record_facts& r, const catalogue::dataset& now,
                 const catalogue::dataset* then) {
  regime out = regime_of(r, now);
  if (then == nullptr) return out;
  const regime old = regime_of(r, *then);
  if (!old.open || (old.until && (!out.until || *old.until < *out.until))) out.rule = old.rule;
  out.open = out.open && old.open;
  shorten(out.until, old.until);
  shorten(out.repair_from, old.repair_from);
  return out;
}

publicity publicity_of(const record_facts& r, const catalogue::dataset& now,
                       const catalogue::dataset* then) {
  const regime g = regime_of(r, now, then);
  publicity out;
  out.published = !r.content_ended && g.open && now.visible == catalogue::disclosure::published &&
                  (then == nullptr || then->visible == catalogue::disclosure::published);
  out.until = g.until;
  out.repair_from = g.repair_from;
  out.rule = g.rule;
  out.provisional = r.class_provisional;
  return out;
}

std::optional<date> purge_date(const record_facts& r, const catalogue::dataset& now) {
  if (now.retention_months == 0) return std::nullopt;
  const regime g = regime_of(r, now, nullptr);
  if (g.open && !g.until) return std::nullopt;
  std::optional<date> effect_end;
  shorten(effect_end, r.valid_to);
  if (r.ended_on) shorten(effect_end, *r.ended_on - 1);
  const bool has_effect = effect_end || (is_list_entry(now) && r.effective_on);
  // Of a record without an effect nothing ends by a repair, which must not prolong its keeping.
  for (const record_event& e : r.events)
    if (has_effect && (e.kind == event_kind::repair || e.kind == event_kind::withdraw))
      shorten(effect_end, e.happened_on - 1);
  // An entry that has effect without an end is kept while it has.
  if (has_effect && !effect_end) return std::nullopt;
  std::optional<date> last = later(g.open ? g.until : std::nullopt, effect_end);
  if (!last) last = r.decided_on;
  if (!last) return std::nullopt;
  return add_months(*last, now.retention_months);
}

}  // namespace lixin::policy
