// A PostgreSQL for tests: one private server for each test program, started on first use in a
// folder below /tmp, stopped and removed when the program ends in whatever way. Not durable, on
// purpose.
#pragma once

#include <string>

namespace lixin::pg {

class test_server {
 public:
  // The server's own database. Aborts with a sentence when no server can be had.
  static const std::string& conninfo();
  // Makes a new, empty database and answers its conninfo.
  static std::string fresh_database();
};

}  // namespace lixin::pg
