#include "api/pending_json.h"

#include <fmt/format.h>

#include <charconv>

#include "api/batch_json.h"

namespace lixin::api {
namespace {

using archive::decide_outcome;
using archive::pending_row;

void write_optional(text::json_writer& json, std::string_view key, const std::string& value) {
  json.key(key);
  value.empty() ? json.null() : json.string(value);
}

void write_proposal(text::json_writer& json, const pending_row& r) {
  json.key("proposal");
  if (!r.proposal) {
    json.null();
    return;
  }
  json.begin_object().member("by", r.proposal->by).member("at", r.proposal->at);
  json.key("decision").begin_array();
  each_decision(r.proposal->kind, [&](const decision_words& k) { json.string(k.code); });
  json.end_array();
  write_optional(json, "subject", r.proposal->subject_code);
  json.key("party");
  r.proposal->party_ordinal == 0 ? json.null() : json.number(r.proposal->party_ordinal);
  json.member("reason", r.proposal->reason).end_object();
}

}  // namespace

bool read_row_name(std::string_view text, archive::pending_filter& f) {
  const char* const end = text.data() + text.size();
  const auto batch = std::from_chars(text.data(), end, f.after_batch.value);
  if (batch.ec != std::errc() || batch.ptr == end || *batch.ptr != '-' || f.after_batch.value < 1) {
    return false;
  }
  const auto row = std::from_chars(batch.ptr + 1, end, f.after_row);
  return row.ec == std::errc() && row.ptr == end;
}

std::string row_name(const archive::pending_row& r) {
  return fmt::format("{}-{}", r.batch.value, r.row);
}

void write_pending(text::json_writer& json, const pending_row& r) {
  json.begin_object()
      .member("batch", r.batch.value)
      .member("row", static_cast<std::int64_t>(r.row))
      .member("dataset", r.dataset)
      .member("authority", r.authority)
      .member("authority_title", r.authority_title)
      .member("handed_in_on", to_string(r.handed_in_on))
      .member("has_content", r.has_content);
  write_optional(json, "document", r.document);
  write_optional(json, "name", r.name);
  json.member("two_persons", r.two_persons).key("reasons");
  write_reasons(json, r.reasons);
  write_proposal(json, r);
  json.key("rejected_before");
  if (r.rejected_row == 0) {
    json.null();
  } else {
    json.begin_object()
        .member("batch", r.rejected_batch.value)
        .member("row", static_cast<std::int64_t>(r.rejected_row))
        .end_object();
  }
  json.end_object();
}

void write_outcome(text::json_writer& json, std::uint64_t row, const decide_outcome& o) {
  json.begin_object()
      .member("row", static_cast<std::int64_t>(row))
      .member("state", o.proposal_withdrawn ? "proposal-withdrawn"
                       : o.proposed         ? "proposed"
                                            : "decided")
      .member("already", o.already)
      .member("fate", archive::code_of(o.what));
  write_optional(json, "record", o.record);
  json.key("version");
  o.record.empty() ? json.null() : json.number(o.version);
  json.end_object();
}

}  // namespace lixin::api
