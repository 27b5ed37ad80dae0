#include <fmt/format.h>

#include "keeping/errc.h"
#include "keeping/purge.h"
#include "keeping/ticker.h"
#include "lixin/commands.h"
#include "lixin/say.h"
#include "lixin/terminal.h"
#include "text/json.h"

namespace lixin {
namespace {

void print_purge_json(const app& a, const purge_options& o, const keeping::purge_outcome& out) {
  std::string text;
  text::json_writer json(text, true);
  json.begin_object()
      .member("dry_run", o.dry_run)
      .member("on", to_string(a.now().today()))
      .member("records", out.record_count())
      .key("by_dataset")
      .begin_object();
  for (const auto& [dataset, n] : out.records) json.member(dataset, n);
  json.end_object()
      .member("sealed", out.sealed)
      .member("unreadable", out.unreadable)
      .member("staging_rows", out.staging_rows)
      .member("staging_days", std::int64_t{out.staging_days})
      .member("replayed", out.replayed)
      .member("every_record_looked_at", out.whole)
      .member("ledger", a.ledger_path())
      .end_object();
  fmt::print("{}\n", text);
}

void print_purge(const app& a, const purge_options& o, const keeping::purge_outcome& out) {
  if (out.replayed > 0) {
    a.print("先按台账补做了 {} 条。\n", "Done once more from the ledger: {}.\n",
            grouped(out.replayed));
  }
  if (o.replay) {
    a.print("数据库已与清除台账一致：{}\n", "The database is as the ledger of purges says: {}\n",
            a.ledger_path());
    return;
  }
  if (o.dry_run) {
    a.print("到 {} 保存期满、尚未清除：记录 {} 条\n",
            "Retention ended by {} and not purged yet: {} records\n", to_string(a.now().today()),
            grouped(out.record_count()));
  } else {
    a.print("到 {} 保存期满、已清除：记录 {} 条\n", "Retention ended by {}, purged: {} records\n",
            to_string(a.now().today()), grouped(out.record_count()));
  }
  for (const auto& [dataset, n] : out.records) fmt::print("  {}  {}\n", dataset, grouped(n));
  a.print("封存的自然人行 {} 行；退回和待定行的暂存内容（超过 {} 天）{} 行。\n",
          "{0} sealed rows; what {2} refused and pending rows older than {1} days kept.\n",
          grouped(out.sealed), out.staging_days, grouped(out.staging_rows));
  if (out.unreadable > 0) {
    a.print("有 {} 行封存数据没有密钥可开，未能判断是否到期。\n",
            "{} sealed rows open with no key that is here; whether they are due is not known.\n",
            grouped(out.unreadable));
  }
}

}  // namespace

result<int> purge(app& a, const purge_options& o) {
  if (o.due == o.replay) return error(keeping::errc::nothing_to_purge);
  a.keeping();
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_CHECK(keeping::check_not_empty(*db, a.ledger_path()));
  LIXIN_TRY(const auto context, a.context());
  progress_line progress(a.lang());
  const auto show = [&](std::int64_t n) { progress.show(n, 0, 0); };
  auto out = o.replay ? keeping::replay_ledger(context, a.actor(), a.ledger_path())
                      : keeping::purge_due(context, a.actor(), a.ledger_path(), o.dry_run, show);
  progress.end();
  if (!out.ok()) return std::move(out).error();
  if (o.rewrite && !o.dry_run) LIXIN_CHECK(keeping::rewrite_tables(context.connection));
  a.json() ? print_purge_json(a, o, *out) : print_purge(a, o, *out);
  return done;
}

result<int> tick(app& a) {
  LIXIN_TRY(const auto context, a.context());
  LIXIN_TRY(const auto out, keeping::tick(context, a.actor()));
  if (a.json()) {
    std::string text;
    text::json_writer json(text, true);
    json.begin_object().key("from");
    out.from ? json.string(to_string(*out.from)) : json.null();
    json.member("through", to_string(out.through))
        .member("publicity_ended", out.publicity)
        .member("effect_ended", out.effect)
        .member("retention_ended", out.retention)
        .member("every_record_looked_at", out.whole)
        .end_object();
    fmt::print("{}\n", text);
    return done;
  }
  if (!out.from) {
    a.print("到 {} 为止的到期事项已全部提示过。\n",
            "What has ended by {} was told before; nothing is left to tell.\n",
            to_string(out.through));
    return done;
  }
  a.print("已提示 {} 至 {} 的到期事项：公示到期 {} 条，效力到期 {} 条，保存期满 {} 条。\n",
          "Told what ended from {} to {}: publicity {}, effect {}, retention {}.\n",
          to_string(*out.from), to_string(out.through), grouped(out.publicity), grouped(out.effect),
          grouped(out.retention));
  return done;
}

}  // namespace lixin
