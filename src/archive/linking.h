// Duplicate registrations and what became of companies, with the second person that a change of who
// is barred takes. The ties themselves are in registry/links.h.
#pragma once

#include <string>

#include "archive/import.h"
#include "base/error.h"
#include "base/ids.h"
#include "registry/links.h"
#include "registry/registry.h"

namespace lixin::archive {

struct tie_request {
  registry::link_kind kind = registry::link_kind::alias;
  std::string from, to;                                              // codes as typed
  registry::succession_form form = registry::succession_form::none;  // of a succession
  registry::tie_source source;
};

struct tie_outcome {
  position at;
  registry::subject from, to;
  bool already = false;  // it stands (or ended) already; nothing was done
};

// What registry::check_link() refuses; an alias or the end of one without a second person where a
// subject of the group has an entry of an adverse list: by either code, who is barred changes.
result<tie_outcome> tie_subjects(const import_context& context, const tie_request& request);

}  // namespace lixin::archive
