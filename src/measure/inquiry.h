// The inquiry log of checks: who asked about whom, committed before an answer leaves.
#pragma once

#include <optional>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "journal/audit.h"
#include "measure/answer.h"
#include "measure/check.h"
#include "pg/pg.h"

namespace lixin::measure {

journal::inquiry inquiry_of(const answer& a, const std::optional<subject_id>& subject,
                            const asking& by);
// In one transaction of its own, with the entry of the audit chain that covers them. 1 to
// journal::inquiries_max of them.
result<void> commit_inquiries(pg::connection& c, const std::vector<journal::inquiry>& all,
                              const asking& by);

}  // namespace lixin::measure
