#include "archive/terms.h"

#include "archive/source.h"

namespace lixin::archive {

policy::record_facts with_list_end(const record_view& v, const catalogue::catalogue& packs) {
  int months = 0;
  for (const catalogue::list* l : packs.lists_of(v.dataset)) {
    if (l->term_months > 0 && (months == 0 || l->term_months < months)) months = l->term_months;
  }
  return policy::with_list_term(v.facts, months);
}

ends ends_by(const catalogue::catalogue& packs, const catalogue::dataset& d, const record_view& v) {
  ends out;
  const policy::record_facts f = with_list_end(v, packs);
  const policy::publicity terms = policy::publicity_of(f, d);
  if (terms.published) out.public_until = terms.until;
  out.effective_until = f.valid_to;
  out.purge_at = policy::purge_date(f, d);
  return out;
}

ends ends_of(catalogue::store& packs, const record_view& v, date today, position known_at) {
  const catalogue::dataset* d = dataset_of(packs, v, today, known_at);
  return d == nullptr ? ends() : ends_by(*packs.at(today, known_at), *d, v);
}

}  // namespace lixin::archive
