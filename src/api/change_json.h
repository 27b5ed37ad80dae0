// One entry of the journal as JSON, for the API and the command line.
#pragma once

#include "journal/journal.h"
#include "text/json.h"

namespace lixin::api {

void write_change(text::json_writer& json, const journal::entry& e);

}  // namespace lixin::api
