// Hand-ins and the fates of their rows as JSON, for the API and the command line.
#pragma once

#include "archive/batch.h"
#include "archive/withdraw.h"
#include "text/json.h"

namespace lixin::api {

void write_batch(text::json_writer& json, const archive::batch_info& b);
void write_withdrawal(text::json_writer& json, batch_id id, const archive::withdrawal& w);
// The value of a member: an array.
void write_reasons(text::json_writer& json, const std::vector<archive::row_reason>& reasons);
void write_row(text::json_writer& json, const archive::row_fate& r);

}  // namespace lixin::api
