// Private to policy: the terms of one record before the question who asks.
#pragma once

#include "policy/policy.h"

namespace lixin::policy {

// A dataset whose records say when the subject was notified or from when they have effect.
bool is_list_entry(const catalogue::dataset& d);

struct regime {
  bool open = false;          // has a term at all; minor classes have none
  std::optional<date> until;  // last day; none = no end
  std::optional<date> repair_from;
  const catalogue::term* rule = nullptr;
};
regime regime_of(const record_facts& r, const catalogue::dataset& d);
// The shorter of both in everything.
regime regime_of(const record_facts& r, const catalogue::dataset& now,
                 const catalogue::dataset* then);

}  // namespace lixin::policy
