// A schema into a file and back, by PostgreSQL's own pg_dump and pg_restore as child processes. The
// password of the address goes by their environment, not by their arguments.
#pragma once

#include <string>

#include "base/error.h"

namespace lixin::pg {

// Writes the schema, as the exported snapshot sees it, to `file` (made anew, for the owner only) in
// pg_dump's custom form. `server_major` is the version of the server.
result<void> dump_schema(const std::string& conninfo, int server_major, const std::string& schema,
                         const std::string& snapshot, const std::string& file);

// Brings back everything that the file holds, in one transaction: all of it or nothing.
result<void> restore_dump(const std::string& conninfo, int server_major, const std::string& file);

}  // namespace lixin::pg
