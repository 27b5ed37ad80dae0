#include "lixin/ties.h"

#include <fmt/format.h>

#include "lixin/say.h"

namespace lixin {
namespace {

using archive::record_view;

// "CODE name", or what of it there is.
std::string full_name(const registry::subject& s) {
  return s.credit_code.empty() || s.name.empty() ? s.credit_code + s.name
                                                 : s.credit_code + " " + s.name;
}

}  // namespace

void print_ties(const app& a, const registry::subject_file& subject, const api::ties& t) {
  if (subject.by_duplicate()) {
    a.print("所查代码“{}”为重复登记，以下为主登记的档案\n",
            "The code asked by is a duplicate registration ({}); this is the main one's archive\n",
            registry::name_of(subject.asked_subject()));
  }
  for (const registry::subject_file& d : subject.duplicates) {
    a.print("重复登记：{}（{}）\n", "Duplicate registration: {} ({})\n", full_name(d.current),
            t.aliases.at(d.current.id).source.document);
  }
  for (const registry::link& l : t.successions) {
    const std::string other = full_name(t.others.at(l.other));
    const auto form = title_of(a.lang(), l.form);
    if (l.is_from) {
      a.print("{} 因{}由 {} 承继（{}），双方档案各自保留\n",
              "{}: {}, succeeded by {} ({}); each keeps its own archive\n",
              to_string(l.source.happened_on), form, other, l.source.document);
    } else {
      a.print("{} 因{}承继 {}（{}），双方档案各自保留\n",
              "{}: {}, successor of {} ({}); each keeps its own archive\n",
              to_string(l.source.happened_on), form, other, l.source.document);
    }
  }
}

void print_events(const app& a, const api::ties& t) {
  using registry::link_kind;
  for (const auto& [id, l] : t.events) {
    const std::string from = registry::name_of(t.others.at(l.is_from ? id : l.other));
    const std::string to = registry::name_of(t.others.at(l.is_from ? l.other : id));
    std::string what;
    switch (l.kind) {
      case link_kind::alias:
        what = say(a.lang(), "“{}”登记为“{}”的重复登记", "“{}” entered as a duplicate of “{}”",
                   from, to);
        break;
      case link_kind::alias_ended:
        what = say(a.lang(), "“{}”不再是“{}”的重复登记", "“{}” no duplicate of “{}” any more", from,
                   to);
        break;
      case link_kind::succession:
      case link_kind::succession_ended:
        what = say(a.lang(), "“{0}”因{2}由“{1}”承继{3}", "“{}” succeeded by “{}” ({}){}", from, to,
                   title_of(a.lang(), l.form),
                   l.kind == link_kind::succession ? ""
                   : a.zh()                        ? "的登记撤销"
                                                   : ": revoked");
        break;
    }
    a.print("▸ {} {}，{}，{}：{}\n", "▸ {} {}, {}, {}: {}\n", to_string(l.source.happened_on), what,
            l.source.authority, l.source.document, l.source.reason);
  }
}

void print_move(const app& a, const api::ties& t, const record_view& r, bool with_origin) {
  const api::shown_move m = api::move_of(r, with_origin);
  if (m.move == nullptr) return;
  const registry::tie_source& s = m.move->source;
  const std::string other = full_name(t.others.at(m.move->other));
  if (m.move->is_from) {
    a.print("      ▸ {} 改归 {}（记录 {}），{}，{}：{}\n",
            "      ▸ {} went to {} (record {}), {}, {}: {}\n", to_string(s.happened_on), other,
            m.record, s.authority, s.document, s.reason);
  } else {
    a.print("      ▸ {} 由 {} 改归而来（原记录 {}），{}，{}：{}\n",
            "      ▸ {} came from {} (record {} there), {}, {}: {}\n", to_string(s.happened_on),
            other, m.record, s.authority, s.document, s.reason);
  }
}

}  // namespace lixin
