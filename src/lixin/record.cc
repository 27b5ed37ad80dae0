#include <fmt/format.h>

#include "archive/events.h"
#include "lixin/commands.h"
#include "lixin/say.h"
#include "text/json.h"

namespace lixin {

result<int> record_event(app& a, const record_event_options& o) {
  LIXIN_TRY(const auto name, archive::parse_record_name(o.record));
  LIXIN_TRY(const date on, date_named("--on", o.on, a.now().today()));
  LIXIN_TRY(const auto context, a.context());
  LIXIN_TRY(const auto out, archive::append_event(context, {.kind = o.kind,
                                                            .record = name,
                                                            .document = o.document,
                                                            .authority = o.authority,
                                                            .actor = a.actor(),
                                                            .reason = o.reason,
                                                            .happened_on = on}));
  if (a.json()) {
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
  const auto event = title_of(a.lang(), o.kind);
  const auto after = title_of(a.lang(), out.after);
  if (out.already) {
    a.print("记录 {}：同一文号、日期的“{}”此前已经登记，没有任何改动；状态为“{}”。\n",
            "Record {}: “{}” of the same document and day was entered before; nothing was changed; "
            "it is “{}”.\n",
            o.record, event, after);
    return done;
  }
  a.print(
      "记录 {}：已登记“{}”，状态由“{}”变为“{}”（日志第 {} 号）。\n",
      "Record {}: “{}” was entered; it was “{}” and is “{}” now (position {} of the journal).\n",
      o.record, event, title_of(a.lang(), out.before), after, out.at.value);
  return done;
}

}  // namespace lixin
