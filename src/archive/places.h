// Where a record has been that went from subject to subject. Its versions are numbered through, so
// that those of all places in order of number (without the marks that it went) are its history.
// For the archive and for what empties it.
#pragma once

#include <vector>

#include "archive/archive.h"
#include "base/error.h"
#include "pg/pg.h"

namespace lixin::archive {

// The places of these records that are not among `known`; none for a record that never moved.
result<std::vector<record_name>> other_places(pg::connection& c,
                                              const std::vector<record_name>& known);

}  // namespace lixin::archive
