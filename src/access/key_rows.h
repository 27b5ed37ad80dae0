// Keys as rows of the database. Private to the module.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "access/api_key.h"

namespace lixin::access {

// Codes as the queries give them, a blank between two.
std::vector<std::string> words_of(std::string_view text);
// The columns name, authority code, roles, matters, datasets, networks, last_day, per_minute, from
// `column` on. Our own code wrote them; a range that cannot be read is an error, not left out.
result<key_terms> terms_of(const pg::rows& r, int row, int column);

}  // namespace lixin::access
