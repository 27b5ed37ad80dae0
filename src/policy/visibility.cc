#include <algorithm>
#include <array>
#include <limits>

#include "policy/regime.h"

namespace lixin::policy {
namespace {

using catalogue::disclosure;

struct words {
  std::string_view code, zh, en;
};

constexpr std::array<words, 8> kCallers{{
    {"everyone", "社会公众", "everyone"},
    {"subject-itself", "主体本人", "the subject itself"},
    {"consent-holder", "主体授权的查询人", "holder of a consent"},
    {"source-authority", "信源单位", "source authority"},
    {"sharing-group", "共享组单位", "sharing group"},
    {"centre", "信用中心", "credit centre"},
    {"auditor", "审计人员", "auditor"},
    {"admin", "系统管理员", "administrator"},
}};

const words& of(caller_kind k) { return kCallers[static_cast<std::size_t>(k)]; }

constexpr position kAllEvents{std::numeric_limits<std::int64_t>::max()};

// How much the caller is to this record. An authority that did not hand it in, and a group that the
// dataset does not name, are everyone.
enum class standing : std::uint8_t { everyone, group, consent, full, log_only, nothing };

standing standing_of(const catalogue::dataset& d, std::string_view source, const caller& who) {
  switch (who.kind) {
    case caller_kind::everyone:
      return standing::everyone;
    case caller_kind::consent_holder:
      return standing::consent;
    case caller_kind::subject_itself:
    case caller_kind::centre:
      return standing::full;
    case caller_kind::source_authority:
      return !source.empty() && who.authority == source ? standing::full : standing::everyone;
    case caller_kind::sharing_group:
      return !d.sharing_group.empty() && who.authority == d.sharing_group ? standing::group
                                                                          : standing::everyone;
    case caller_kind::auditor:
      return standing::log_only;
    case caller_kind::admin:
      return standing::nothing;
  }
  return standing::nothing;
}

// The table of policy.h, by disclosure.
bool admits(disclosure level, standing s) {
  if (s == standing::log_only || s == standing::nothing) return false;
  switch (level) {
    case disclosure::published:
      return true;
    case disclosure::shared:
      return s == standing::group || s == standing::full;
    case disclosure::consent:
      return s == standing::consent || s == standing::full;
    case disclosure::source:
      return s == standing::full;
    case disclosure::hidden:
      return false;
  }
  return false;
}

// Whether the record still stands for those who only may use what is in force (order 36 art. 3: a
// repaired record is no longer published, shared or used).
bool stands(const record_facts& r, const catalogue::dataset& d, date today) {
  if (r.content_ended) return false;
  switch (status_of(r, today, kAllEvents)) {
    case record_status::withdrawn:
    case record_status::corrected:
    case record_status::repaired:
      return false;
    case record_status::in_force:
    case record_status::not_yet:
    case record_status::expired:
    case record_status::disputed:
      break;
  }
  if (r.ended_on && *r.ended_on <= today) return false;
  if (d.tone == catalogue::tone::adverse && is_list_entry(d) &&
      effect_of(r, today, kAllEvents) != no_effect::none)
    return false;
  const regime g = regime_of(r, d);
  return g.open && (!g.until || today <= *g.until);
}

// Where a person lives or trades. Packs mark such fields `shared`; this holds when one forgot.
bool is_address(const catalogue::field& f) {
  constexpr std::array<std::string_view, 6> kWords{"地址",     "住所",    "住址",
                                                   "经营场所", "address", "Address"};
  return std::ranges::any_of(kWords, [&](std::string_view word) {
    return f.title_zh.find(word) != std::string::npos || f.title_en.find(word) != std::string::npos;
  });
}

}  // namespace

std::string_view code_of(caller_kind k) { return of(k).code; }
std::string_view title_zh(caller_kind k) { return of(k).zh; }
std::string_view title_en(caller_kind k) { return of(k).en; }

std::optional<caller_kind> caller_named(std::string_view code) {
  const auto found = std::ranges::find(kCallers, code, &words::code);
  if (found == kCallers.end()) return std::nullopt;
  return static_cast<caller_kind>(found - kCallers.begin());
}

bool may_see_record(const record_facts& r, const catalogue::dataset& d, std::string_view source,
                    const caller& who, date real_today) {
  if (d.visible == disclosure::hidden) return false;
  const standing s = standing_of(d, source, who);
  if (s == standing::log_only) return true;
  if (!admits(d.visible, s)) return false;
  // A record that was moved is about somebody else.
  if (who.kind == caller_kind::subject_itself) return r.change != record_change::moved;
  return s == standing::full || stands(r, d, real_today);
}

bool may_see_field(const catalogue::dataset& d, const catalogue::field& f, std::string_view source,
                   catalogue::subject_kind kind, const caller& who) {
  if (f.type == catalogue::field_type::discard || f.type == catalogue::field_type::person_number)
    return false;
  const standing s = standing_of(d, source, who);
  if (!admits(std::max(d.visible, f.visible), s)) return false;
  const bool of_a_half_person = kind == catalogue::subject_kind::individual_business &&
                                (f.type == catalogue::field_type::person_name || is_address(f));
  return !(of_a_half_person && s == standing::everyone);
}

}  // namespace lixin::policy
