#include <fmt/format.h>

#include "archive/archive.h"
#include "journal/journal.h"
#include "lixin/commands.h"
#include "lixin/terminal.h"
#include "text/json.h"

namespace lixin {

result<int> database_stop(app& a) {
  LIXIN_CHECK(pg::private_server::stop(a.data_folder()));
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_object().member("stopped", a.data_folder()).end_object();
    fmt::print("{}\n", out);
    return done;
  }
  a.print("数据库已停止：{}\n", "The database is stopped: {}\n", a.data_folder());
  return done;
}

result<int> changes(app& a, std::int64_t after, int limit) {
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(const auto entries, journal::read_after(*db, position(after), limit));
  for (const auto& e : entries) {
    std::string out;
    text::json_writer json(out);
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
    fmt::print("{}\n", out);
  }
  return done;
}

}  // namespace lixin
