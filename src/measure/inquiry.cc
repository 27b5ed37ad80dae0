#include "measure/inquiry.h"

namespace lixin::measure {

journal::inquiry inquiry_of(const answer& a, const std::optional<subject_id>& subject,
                            const asking& by) {
  return {.asked_at = by.now,
          .asker = by.asker,
          .code = a.code,
          .subject = subject.value_or(subject_id()),
          .matter = a.matter.code,
          .as_of = a.as_of,
          .at = a.known_at,
          .outcome = static_cast<std::int16_t>(a.outcome)};
}

result<void> commit_inquiries(pg::connection& c, const std::vector<journal::inquiry>& all,
                              const asking& by) {
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_CHECK(journal::log_inquiries(c, all, {journal::action::inquired, by.asker, ""}, by.now));
  return tx.commit();
}

}  // namespace lixin::measure
