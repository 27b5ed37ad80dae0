// Private to pg: what its .cc files share about libpq.
#pragma once

#include <memory>

#include "pg/pg.h"

namespace lixin::pg {

struct result_closer {
  void operator()(pg_result* r) const;
};
using result_ptr = std::unique_ptr<pg_result, result_closer>;

// The error that a failed call left on the connection and, where there is one, in its result.
error error_of(pg_conn* c, const pg_result* r);

}  // namespace lixin::pg
