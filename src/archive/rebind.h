// A record that was bound to the wrong subject goes to the right one: a version with the same
// number of record there, then the mark at the old place that it went. Disputes and repairs go
// along. Reversible by doing the same the other way.
#pragma once

#include <string>

#include "archive/archive.h"
#include "archive/import.h"
#include "base/error.h"
#include "registry/links.h"

namespace lixin::archive {

struct rebind_request {
  record_name record;
  std::string to;  // code as typed; the owner of the code itself, also when it is a duplicate
  registry::tie_source source;
};

struct rebind_outcome {
  position at;           // of the version at the new place
  record_name now;       // where the record stands
  bool already = false;  // it went there before; nothing was done
};

// errc::no_such_record, errc::rebind_to_itself. Refused by rule: a record that went elsewhere or is
// withdrawn, a registration (it names its subject itself), a subject of a kind that the dataset
// does not take, an entry of an adverse list without a second person.
result<rebind_outcome> rebind_record(const import_context& context, const rebind_request& request);

}  // namespace lixin::archive
