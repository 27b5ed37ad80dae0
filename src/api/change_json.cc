#include "api/change_json.h"

#include "archive/archive.h"

namespace lixin::api {

void write_change(text::json_writer& json, const journal::entry& e) {
  const auto optional_day = [&](std::string_view name, const std::optional<date>& d) {
    if (d) json.member(name, to_string(*d));
  };
  json.begin_object()
      .member("position", e.at.value)
      .member("sealed_at", journal::to_string(e.sealed_at))
      .member("kind", journal::code_of(e.what.kind));
  if (e.what.record.value != 0) {
    json.member("record", archive::to_string({e.what.subject, e.what.record}));
  } else if (e.what.subject.value != 0) {
    json.member("subject", e.what.subject.value);
  }
  if (e.what.version != 0) json.member("version", std::int64_t{e.what.version});
  if (e.what.batch.value != 0) json.member("batch", e.what.batch.value);
  optional_day("public_until", e.what.public_until);
  optional_day("effective_until", e.what.effective_until);
  optional_day("purge_at", e.what.purge_at);
  json.end_object();
}

}  // namespace lixin::api
