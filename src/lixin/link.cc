#include <fmt/format.h>

#include "archive/linking.h"
#include "archive/rebind.h"
#include "identity/personal.h"
#include "lixin/commands.h"
#include "lixin/errc.h"
#include "lixin/say.h"
#include "text/json.h"

namespace lixin {
namespace {

using registry::link_kind;

result<registry::tie_source> source_of(const app& a, const source_options& o) {
  registry::tie_source out{.happened_on = {},
                           .document = o.document,
                           .authority = o.authority,
                           .actor = a.actor(),
                           .approved_by = o.approved_by,
                           .reason = o.reason};
  LIXIN_TRY(out.happened_on, date_named("--on", o.on, a.now().today()));
  return out;
}

result<void> refuse_personal_codes(std::initializer_list<std::string_view> codes) {
  for (const std::string_view code : codes) {
    if (identity::identity_cell(code) != identity::personal_number::none) {
      return error(errc::personal_number);
    }
  }
  return {};
}

void print_tie_json(link_kind kind, registry::succession_form form,
                    const archive::tie_outcome& out) {
  std::string text;
  text::json_writer json(text, true);
  json.begin_object()
      .member("link", registry::code_of(kind))
      .member("form", registry::code_of(form))
      .member("from", registry::name_of(out.from))
      .member("to", registry::name_of(out.to))
      .member("already", out.already)
      .member("position", out.at.value)
      .end_object();
  fmt::print("{}\n", text);
}

void print_tie(const app& a, link_kind kind, registry::succession_form form,
               const archive::tie_outcome& out) {
  const std::string from = registry::name_of(out.from);
  const std::string to = registry::name_of(out.to);
  const auto what = title_of(a.lang(), form);
  switch (kind) {
    case link_kind::alias:
      a.print("“{}”登记为“{}”的重复登记，两处档案按同一主体查询和核查",
              "“{}” is a duplicate registration of “{}”: both archives are read as one", from, to);
      break;
    case link_kind::alias_ended:
      a.print("“{}”不再是“{}”的重复登记，两处档案分开",
              "“{}” is no duplicate of “{}” any more: their archives are apart", from, to);
      break;
    case link_kind::succession:
      a.print("“{0}”因{2}由“{1}”承继，双方档案各自保留",
              "“{}” is succeeded by “{}” ({}): each keeps its own archive", from, to, what);
      break;
    case link_kind::succession_ended:
      a.print("“{0}”因{2}由“{1}”承继的登记已撤销", "That “{}” is succeeded by “{}” ({}) is revoked",
              from, to, what);
      break;
  }
  if (out.already) {
    a.print("（日志第 {} 号已登记，没有任何改动）。\n",
            " (entered before, at position {} of the journal; nothing was changed).\n",
            out.at.value);
  } else {
    a.print("（日志第 {} 号）。\n", " (position {} of the journal).\n", out.at.value);
  }
}

result<int> tie(app& a, link_kind kind, registry::succession_form form, const tie_options& o) {
  LIXIN_CHECK(refuse_personal_codes({o.from, o.to}));
  LIXIN_TRY(auto source, source_of(a, o.source));
  LIXIN_TRY(const auto context, a.context());
  LIXIN_TRY(const auto out,
            archive::tie_subjects(context, {kind, o.from, o.to, form, std::move(source)}));
  a.json() ? print_tie_json(kind, form, out) : print_tie(a, kind, form, out);
  return done;
}

}  // namespace

result<int> subject_alias(app& a, const tie_options& o) {
  return tie(a, link_kind::alias, registry::succession_form::none, o);
}

result<int> subject_unalias(app& a, const tie_options& o) {
  return tie(a, link_kind::alias_ended, registry::succession_form::none, o);
}

result<int> subject_succession(app& a, const tie_options& o) {
  const auto form = registry::form_named(o.form);
  if (!form) return error(errc::bad_option, {"--form", "merger, division", as_typed(o.form)});
  return tie(a, o.revoke ? link_kind::succession_ended : link_kind::succession, *form, o);
}

result<int> record_rebind(app& a, const rebind_options& o) {
  LIXIN_CHECK(refuse_personal_codes({o.to}));
  LIXIN_TRY(const auto name, archive::parse_record_name(o.record));
  LIXIN_TRY(auto source, source_of(a, o.source));
  LIXIN_TRY(const auto context, a.context());
  LIXIN_TRY(const auto out, archive::rebind_record(context, {name, o.to, std::move(source)}));
  const std::string now = archive::to_string(out.now);
  if (a.json()) {
    std::string text;
    text::json_writer json(text, true);
    json.begin_object()
        .member("record", o.record)
        .member("now", now)
        .member("already", out.already)
        .member("position", out.at.value)
        .end_object();
    fmt::print("{}\n", text);
    return done;
  }
  if (out.already) {
    a.print("记录 {} 此前已改归，现为 {}（日志第 {} 号），没有任何改动。\n",
            "Record {} was moved before and is {} (position {} of the journal); nothing was "
            "changed.\n",
            o.record, now, out.at.value);
  } else {
    a.print("记录 {} 已改归，现为 {}（日志第 {} 号）；其异议、修复等一并随转。\n",
            "Record {} was moved and is {} now (position {} of the journal); its disputes and "
            "repairs went along.\n",
            o.record, now, out.at.value);
  }
  return done;
}

}  // namespace lixin
