// What `subject show` prints beside the records: duplicates, successions, and where records went or
// came from.
#pragma once

#include "api/ties.h"
#include "lixin/app.h"

namespace lixin {

void print_ties(const app& a, const registry::subject_file& subject, const api::ties& t);
// Every tie and every end of one: for the centre's history.
void print_events(const app& a, const api::ties& t);
void print_move(const app& a, const api::ties& t, const archive::record_view& r, bool with_origin);

}  // namespace lixin
