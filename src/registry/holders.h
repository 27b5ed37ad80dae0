// Who holds which credit code, for many subjects at once: for whoever keeps a copy of the city in
// memory. Reads inside the caller's transaction.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "catalogue/catalogue.h"
#include "pg/pg.h"

namespace lixin::registry {

// One credit code of one subject; a subject without any is left out.
struct code_holder {
  subject_id subject;
  catalogue::subject_kind kind = catalogue::subject_kind::enterprise;
  std::string name;  // registered now
  std::string code;
  bool holds = true;  // false: the code was given up since
  bool tied = false;  // it is or was one of several registrations of the same subject
};

// Of the subjects from `first` to before `end`, in order of subject.
result<std::vector<code_holder>> holders_between(pg::connection& c, subject_id first,
                                                 subject_id end);
result<std::vector<code_holder>> holders_of(pg::connection& c,
                                            const std::vector<std::int64_t>& subjects);
// The largest number that a subject has; 0 when there is none.
result<subject_id> last_subject(pg::connection& c);

// These subjects and all that are or were registrations of the same subject as one of them.
result<std::vector<std::int64_t>> with_tied(pg::connection& c, std::vector<std::int64_t> subjects);

}  // namespace lixin::registry
