#include <fmt/format.h>

#include "api/change_json.h"
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
    api::write_change(json, e);
    fmt::print("{}\n", out);
  }
  return done;
}

}  // namespace lixin
