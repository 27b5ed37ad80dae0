#include <fmt/format.h>

#include "archive/events.h"
#include "lixin/commands.h"
#include "text/json.h"

namespace lixin {

result<int> record_event(app& a, const record_event_options& o) {
  LIXIN_TRY(const auto name, archive::parse_record_name(o.record));
  LIXIN_TRY(const date on, date_named(o.on, a.now().today()));
  LIXIN_TRY(const auto context, a.context());
  LIXIN_TRY(const auto out, archive::append_event(context, {.kind = o.kind,
                                                           .record = name,
                                                           .document = o.document,
                                                           .authority = o.authority,
                                                           .actor = a.actor(),
                                                           .reason = o.reason,
                                                           .happened_on = on}));
  if (a.options().json) {
    std::string text;
    text::json_writer json(text, true);
    json.begin_object()
        .member("record", o.record)
        .member("event", policy::code_of(o.kind))
        .member("already", out.already)
        .member("position", out.at.value)
        .member("before", policy::code_of(out.before))
        .member("after", policy::code_of(out.after))
        .end_object();
    fmt::print("{}\n", text);
    return done;
  }
  fmt::print("记录 {}：{}{}，状态由“{}”变为“{}”（日志位置 {}）。\n", o.record, policy::title_zh(o.kind),
             out.already ? "此前已登记" : "已登记", policy::title_zh(out.before),
             policy::title_zh(out.after), out.at.value);
  return done;
}

}  // namespace lixin
