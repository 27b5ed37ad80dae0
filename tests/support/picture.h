// What a database holds, said without the numbers that two runs of the same hand-ins may give
// differently: records by their document keys, subjects by their identifiers, batches by their
// order.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "pg/pg.h"

namespace lixin::testing_support {

// Lines by what they are about ("versions", "journal" ...), sorted.
using picture = std::map<std::string, std::vector<std::string>>;
picture picture_of(pg::connection& c);

// The first lines in which they differ; "" when they are equal.
std::string differences(const picture& expected, const picture& found);

// Whatever no stop may leave behind, one a line: gaps in the journal, doubled or missing versions,
// batches that are not at an end, counts that do not add up, keys without what they name.
std::string broken_promises(pg::connection& c);

}  // namespace lixin::testing_support
