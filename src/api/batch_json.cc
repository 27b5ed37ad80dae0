#include "api/batch_json.h"

namespace lixin::api {
namespace {

using archive::all_fates;
using archive::batch_info;
using archive::fate;
using archive::row_fate;

void write_counts(text::json_writer& json, const archive::fate_counts& c) {
  json.begin_object().member("read", c.total());
  for (const fate f : all_fates) json.member(archive::code_of(f), c[f]);
  json.member("late", c.late).end_object();
}

// "2026-11-24 08:00:00.5+00", as the database says it, to 2026-11-24T08:00:00.5Z; null when not
// yet.
void write_time(text::json_writer& json, std::string_view key, std::string text) {
  json.key(key);
  if (text.empty()) {
    json.null();
    return;
  }
  if (text.size() > 10 && text[10] == ' ') text[10] = 'T';
  if (text.ends_with("+00")) text.replace(text.size() - 3, 3, "Z");
  json.string(text);
}

}  // namespace

void write_batch(text::json_writer& json, const batch_info& b) {
  json.begin_object()
      .member("batch", b.id.value)
      .member("state", archive::code_of(b.state))
      .member("dataset", b.dataset)
      .member("authority", b.authority)
      .member("authority_title", b.authority_title)
      .member("file", b.file_name)
      .member("file_bytes", b.file_bytes)
      .member("file_sm3", b.file_digest)
      .member("pack", b.pack)
      .member("pack_version", b.pack_version)
      .member("actor", b.actor)
      .member("handed_in_on", to_string(b.handed_in_on));
  write_time(json, "started_at", b.started_at);
  write_time(json, "finished_at", b.finished_at);
  write_time(json, "withdrawn_at", b.withdrawn_at);
  json.member("withdrawn_by", b.withdrawn_by)
      .member("withdrawn_why", b.withdrawn_why)
      .key("counts");
  write_counts(json, b.counts);
  json.end_object();
}

void write_reasons(text::json_writer& json, const std::vector<archive::row_reason>& reasons) {
  json.begin_array();
  for (const auto& x : reasons) {
    json.begin_object()
        .member("code", x.code)
        .member("column", x.column)
        .member("zh", x.zh)
        .member("en", x.en)
        .end_object();
  }
  json.end_array();
}

void write_row(text::json_writer& json, const row_fate& r) {
  json.begin_object()
      .member("row", static_cast<std::int64_t>(r.row_number))
      .member("fate", archive::code_of(r.what))
      .key("record");
  r.record.empty() ? json.null() : json.string(r.record);
  json.key("version");
  r.record.empty() ? json.null() : json.number(r.version);
  json.member("late", r.late)
      .member("name_differs", r.name_differs)
      .member("content_ended", r.content_ended)
      .key("reasons");
  write_reasons(json, r.reasons);
  json.end_object();
}

void write_withdrawal(text::json_writer& json, batch_id id, const archive::withdrawal& w) {
  json.begin_object()
      .member("batch", id.value)
      .member("already", w.already)
      .member("restored", w.restored)
      .member("withdrawn", w.withdrawn)
      .member("kept", w.kept)
      .member("unsealed", w.unsealed)
      .end_object();
}

}  // namespace lixin::api
