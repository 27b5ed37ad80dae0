#include <algorithm>
#include <array>

#include "policy/policy.h"

namespace lixin::policy {
namespace {

struct words {
  std::string_view code, zh, en;
};

constexpr std::array<words, 4> kEventWords{{
    {"dispute", "提出异议", "dispute"},
    {"dispute-settled", "异议办结", "dispute settled"},
    {"repair", "信用修复", "repair"},
    {"withdraw", "撤销", "withdrawal"},
}};

constexpr std::array<words, 7> kStatusWords{{
    {"in-force", "有效", "in force"},
    {"not-yet", "尚未生效", "not yet in force"},
    {"expired", "已到期", "expired"},
    {"withdrawn", "已撤销", "withdrawn"},
    {"corrected", "已更正", "corrected"},
    {"repaired", "已修复", "repaired"},
    {"disputed", "异议处理中", "disputed"},
}};

constexpr std::array<std::string_view, 6> kNoEffectCodes{"none",      "no-notice", "no-effect-date",
                                                         "no-remedy", "not-yet",   "ended"};

const words& of(event_kind k) { return kEventWords[static_cast<std::size_t>(k) - 1]; }
const words& of(record_status s) { return kStatusWords[static_cast<std::size_t>(s) - 1]; }

bool counts(const record_event& e, date as_of, position known_at) {
  return e.at <= known_at && e.happened_on <= as_of;
}

bool happened(const record_facts& r, event_kind kind, date as_of, position known_at) {
  return std::ranges::any_of(r.events, [&](const record_event& e) {
    return e.kind == kind && counts(e, as_of, known_at);
  });
}

// Each settlement answers one dispute; two open disputes need two.
bool dispute_open(const record_facts& r, date as_of, position known_at) {
  int open = 0;
  for (const record_event& e : r.events) {
    if (!counts(e, as_of, known_at)) continue;
    if (e.kind == event_kind::dispute) ++open;
    if (e.kind == event_kind::dispute_settled && open > 0) --open;
  }
  return open > 0;
}

bool after(const std::optional<date>& d, date as_of) { return d.has_value() && *d > as_of; }

}  // namespace

std::string_view code_of(event_kind k) { return of(k).code; }
std::string_view title_zh(event_kind k) { return of(k).zh; }
std::string_view title_en(event_kind k) { return of(k).en; }
std::string_view code_of(record_status s) { return of(s).code; }
std::string_view title_zh(record_status s) { return of(s).zh; }
std::string_view title_en(record_status s) { return of(s).en; }
std::string_view code_of(no_effect n) { return kNoEffectCodes[static_cast<std::size_t>(n)]; }

record_status status_of(const record_facts& r, date as_of, position known_at) {
  if (r.change == record_change::withdrawn || r.change == record_change::moved ||
      happened(r, event_kind::withdraw, as_of, known_at))
    return record_status::withdrawn;
  if (r.superseded) return record_status::corrected;
  if (happened(r, event_kind::repair, as_of, known_at)) return record_status::repaired;
  // valid_to is the last day in force; on ended_on it is over already.
  if (r.content_ended || (r.valid_to && *r.valid_to < as_of) ||
      (r.ended_on && *r.ended_on <= as_of))
    return record_status::expired;
  if (after(r.decided_on, as_of) || after(r.valid_from, as_of) || after(r.effective_on, as_of))
    return record_status::not_yet;
  if (dispute_open(r, as_of, known_at)) return record_status::disputed;
  return record_status::in_force;
}

record_facts with_list_term(record_facts r, int term_months) {
  if (term_months > 0 && !r.valid_to && r.effective_on)
    r.valid_to = add_months(*r.effective_on, term_months);
  return r;
}

no_effect effect_of(const record_facts& r, date as_of, position known_at) {
  const record_status status = status_of(r, as_of, known_at);
  switch (status) {
    case record_status::withdrawn:
    case record_status::corrected:
    case record_status::repaired:
    case record_status::expired:
      return no_effect::ended;
    case record_status::in_force:
    case record_status::not_yet:
    case record_status::disputed:
      break;
  }
  // What is missing from the record comes before what only has to be waited for.
  if (!r.notified_on) return no_effect::no_notice;
  if (!r.effective_on) return no_effect::no_effect_date;
  if (!r.has_remedy) return no_effect::no_remedy;
  if (status == record_status::not_yet || *r.notified_on > as_of) return no_effect::not_yet;
  return no_effect::none;
}

}  // namespace lixin::policy
