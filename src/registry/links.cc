#include "registry/links.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "journal/journal.h"
#include "registry/errc.h"
#include "registry/registry.h"

namespace lixin::registry {
namespace {

// Any constant that no other lock of the program uses.
constexpr std::int64_t links_lock = 0x4c58'0002;

constexpr position all_positions{std::numeric_limits<std::int64_t>::max()};

struct words {
  std::string_view code, zh, en;
};
constexpr std::array<words, 3> form_words{{
    {"none", "", ""},
    {"merger", "合并", "merger"},
    {"division", "分立", "division"},
}};
const words& of(succession_form f) { return form_words[static_cast<std::size_t>(f)]; }

bool is_alias(const link& l) {
  return l.kind == link_kind::alias || l.kind == link_kind::alias_ended;
}

// The subject of which the owner of these events is a duplicate after them; none: of no one.
std::optional<subject_id> main_after(const std::vector<link>& links) {
  std::optional<subject_id> out;
  for (const link& l : links) {
    if (!is_alias(l) || !l.is_from) continue;
    out = l.kind == link_kind::alias ? std::optional(l.other) : std::nullopt;
  }
  return out;
}

std::vector<subject_id> duplicates_after(const std::vector<link>& links) {
  std::map<subject_id, link_kind> last;
  for (const link& l : links) {
    if (is_alias(l) && !l.is_from) last[l.other] = l.kind;
  }
  std::vector<subject_id> out;
  for (const auto& [id, kind] : last) {
    if (kind == link_kind::alias) out.push_back(id);
  }
  return out;
}

// The newest event of this request's two subjects, of its kinds and its form.
const link* newest(const std::vector<link>& links_of_from, const link_request& r) {
  const bool alias = r.kind == link_kind::alias || r.kind == link_kind::alias_ended;
  const auto found = std::find_if(links_of_from.rbegin(), links_of_from.rend(), [&](const link& l) {
    return l.is_from && l.other == r.to && is_alias(l) == alias && l.form == r.form;
  });
  return found == links_of_from.rend() ? nullptr : &*found;
}

struct parties {
  subject from, to;
  std::vector<link> links_of_from, links_of_to;
};

result<void> check_alias(pg::connection& c, const parties& p) {
  for (const link& l : successions_in(p.links_of_from)) {
    if (l.other == p.to.id) {
      return error(errc::alias_in_succession, {name_of(p.from), name_of(p.to)});
    }
  }
  if (p.from.kind != p.to.kind) {
    return error(errc::alias_kinds_differ,
                 {name_of(p.from), std::string(title_zh(p.from.kind)), name_of(p.to),
                  std::string(title_zh(p.to.kind)), std::string(title_en(p.from.kind)),
                  std::string(title_en(p.to.kind))});
  }
  if (const auto main = main_after(p.links_of_from)) {
    LIXIN_TRY(const auto other, subject_with(c, *main));
    return error(errc::alias_of_another, {name_of(p.from), name_of(other)});
  }
  if (const auto main = main_after(p.links_of_to)) {
    LIXIN_TRY(const auto other, subject_with(c, *main));
    return error(errc::alias_of_alias, {name_of(p.to), name_of(other)});
  }
  const auto own = duplicates_after(p.links_of_from);
  if (!own.empty()) {
    LIXIN_TRY(const auto other, subject_with(c, own.front()));
    return error(errc::alias_has_aliases,
                 {name_of(p.from), std::to_string(own.size()), name_of(other), name_of(p.to)});
  }
  if (duplicates_after(p.links_of_to).size() >= duplicates_max) {
    return error(errc::too_many_aliases, {name_of(p.to), std::to_string(duplicates_max)});
  }
  return {};
}

result<void> check_succession(const parties& p) {
  const subject_id from = main_after(p.links_of_from).value_or(p.from.id);
  const subject_id to = main_after(p.links_of_to).value_or(p.to.id);
  if (from == to) return error(errc::succession_in_group, {name_of(p.from), name_of(p.to)});
  for (const link& l : successions_in(p.links_of_to)) {
    if (l.is_from && l.other == p.from.id) {
      return error(errc::succession_reversed,
                   {name_of(p.to), name_of(p.from), std::string(title_zh(l.form)),
                    std::string(title_en(l.form))});
    }
  }
  return {};
}

result<std::int32_t> next_number(pg::connection& c, subject_id id) {
  LIXIN_TRY(const auto r, c.exec("SELECT coalesce(max(link_number), 0) + 1 FROM subject_link WHERE "
                                 "subject_id = $1::bigint",
                                 pg::params().add(id.value)));
  return static_cast<std::int32_t>(r.int64(0, 0));
}

result<void> insert(pg::connection& c, const link_request& r, authority_id authority, bool is_from,
                    std::int32_t number, position at) {
  const subject_id id = is_from ? r.from : r.to;
  const subject_id other = is_from ? r.to : r.from;
  LIXIN_CHECK(
      c.exec("INSERT INTO subject_link (subject_id, link_number, position, kind, is_from, "
             "other_subject, form, happened_on, document, authority_id, actor, approved_by, "
             "reason) VALUES ($1::bigint, $2::integer, $3::bigint, $4::smallint, $5::boolean, "
             "$6::bigint, $7::smallint, $8::date, $9::text, $10::integer, $11::text, $12::text, "
             "$13::text)",
             pg::params()
                 .add(id.value)
                 .add(number)
                 .add(at.value)
                 .add(static_cast<int>(r.kind))
                 .add(is_from)
                 .add(other.value)
                 .add(static_cast<int>(r.form))
                 .add(r.source.happened_on)
                 .add(r.source.document)
                 .add(authority.value)
                 .add(r.source.actor)
                 .add(r.source.approved_by)
                 .add(r.source.reason)));
  return {};
}

}  // namespace

std::string_view code_of(link_kind k) {
  switch (k) {
    case link_kind::alias:
      return "alias";
    case link_kind::alias_ended:
      return "alias-ended";
    case link_kind::succession:
      return "succession";
    case link_kind::succession_ended:
      return "succession-ended";
  }
  return "unknown";
}

std::string_view code_of(succession_form f) { return of(f).code; }
std::string_view title_zh(succession_form f) { return of(f).zh; }
std::string_view title_en(succession_form f) { return of(f).en; }

std::optional<succession_form> form_named(std::string_view code) {
  for (const auto f : {succession_form::merger, succession_form::division}) {
    if (code_of(f) == code) return f;
  }
  return std::nullopt;
}

std::vector<subject_id> alias_group::members() const {
  std::vector<subject_id> out{main};
  out.insert(out.end(), duplicates.begin(), duplicates.end());
  return out;
}

bool alias_group::holds(subject_id id) const {
  return id == main || std::ranges::find(duplicates, id) != duplicates.end();
}

result<std::vector<link>> links_of(pg::connection& c, subject_id id, position known_at) {
  LIXIN_TRY(const auto r,
            c.exec("SELECT l.link_number, l.position, l.kind, l.is_from, l.other_subject, l.form, "
                   "l.happened_on, l.document, a.code, l.actor, l.approved_by, l.reason FROM "
                   "subject_link l JOIN authority a USING (authority_id) WHERE l.subject_id = "
                   "$1::bigint AND l.position <= $2::bigint ORDER BY l.link_number",
                   pg::params().add(id.value).add(known_at.value)));
  std::vector<link> out;
  for (int i = 0; i < r.size(); ++i) {
    out.push_back({.number = static_cast<std::int32_t>(r.int64(i, 0)),
                   .at = position(r.int64(i, 1)),
                   .kind = static_cast<link_kind>(r.int64(i, 2)),
                   .is_from = r.boolean(i, 3),
                   .other = subject_id(r.int64(i, 4)),
                   .form = static_cast<succession_form>(r.int64(i, 5)),
                   .source = {.happened_on = r.day(i, 6),
                              .document = std::string(r.text(i, 7)),
                              .authority = std::string(r.text(i, 8)),
                              .actor = std::string(r.text(i, 9)),
                              .approved_by = std::string(r.text(i, 10)),
                              .reason = std::string(r.text(i, 11))}});
  }
  return out;
}

std::vector<link> successions_in(const std::vector<link>& links) {
  std::vector<link> out;
  for (const link& l : links) {
    if (is_alias(l)) continue;
    std::erase_if(out, [&](const link& o) {
      return o.other == l.other && o.is_from == l.is_from && o.form == l.form;
    });
    if (l.kind == link_kind::succession) out.push_back(l);
  }
  return out;
}

result<alias_group> group_of(pg::connection& c, subject_id id, position known_at) {
  LIXIN_TRY(auto links, links_of(c, id, known_at));
  alias_group out{main_after(links).value_or(id), {}};
  if (out.main != id) {
    LIXIN_TRY(links, links_of(c, out.main, known_at));
  }
  out.duplicates = duplicates_after(links);
  return out;
}

result<void> lock_links(pg::connection& c) {
  LIXIN_CHECK(lock_registry(c));
  LIXIN_CHECK(c.exec("SELECT pg_advisory_xact_lock($1::bigint)", pg::params().add(links_lock)));
  return {};
}

result<void> share_links(pg::connection& c) {
  LIXIN_CHECK(
      c.exec("SELECT pg_advisory_xact_lock_shared($1::bigint)", pg::params().add(links_lock)));
  return {};
}

result<position> last_link(pg::connection& c) {
  LIXIN_TRY(const auto r, c.exec("SELECT coalesce(max(position), 0) FROM subject_link"));
  return position(r.int64(0, 0));
}

result<std::optional<position>> check_link(pg::connection& c, const link_request& r) {
  parties p;
  LIXIN_TRY(p.from, subject_with(c, r.from));
  LIXIN_TRY(p.to, subject_with(c, r.to));
  if (r.from == r.to) return error(errc::link_to_itself, {name_of(p.from)});
  LIXIN_TRY(p.links_of_from, links_of(c, r.from, all_positions));
  LIXIN_TRY(p.links_of_to, links_of(c, r.to, all_positions));
  const link* last = newest(p.links_of_from, r);
  if (last != nullptr && last->kind == r.kind) return std::optional(last->at);
  switch (r.kind) {
    case link_kind::alias:
      LIXIN_CHECK(check_alias(c, p));
      break;
    case link_kind::succession:
      LIXIN_CHECK(check_succession(p));
      break;
    case link_kind::alias_ended:
      if (last == nullptr) return error(errc::no_such_alias, {name_of(p.from), name_of(p.to)});
      break;
    case link_kind::succession_ended:
      if (last == nullptr) {
        return error(errc::no_such_succession,
                     {name_of(p.from), name_of(p.to), std::string(title_zh(r.form)),
                      std::string(title_en(r.form))});
      }
      break;
  }
  return std::optional<position>();
}

result<position> write_link(pg::connection& c, const link_request& r, authority_id authority,
                            std::chrono::system_clock::time_point now) {
  LIXIN_TRY(const auto of_from, next_number(c, r.from));
  LIXIN_TRY(const auto of_to, next_number(c, r.to));
  if (r.kind == link_kind::alias || r.kind == link_kind::alias_ended) {
    LIXIN_CHECK(c.exec("UPDATE subject SET alias_of = $2::bigint WHERE subject_id = $1::bigint",
                       pg::params()
                           .add(r.from.value)
                           .add(r.kind == link_kind::alias ? std::optional<std::int64_t>(r.to.value)
                                                           : std::nullopt)));
  }
  LIXIN_TRY(
      const position at,
      journal::append(
          c,
          {{.kind = journal::kind::subject_linked, .subject = r.from, .version = of_from},
           {.kind = journal::kind::subject_linked, .subject = r.to, .version = of_to}},
          {journal::action::subject_linked, r.source.actor,
           fmt::format("subject {} {} {}{}{}", r.from.value, code_of(r.kind), r.to.value,
                       r.source.approved_by.empty() ? "" : "; approved by ", r.source.approved_by)},
          now));
  LIXIN_CHECK(insert(c, r, authority, true, of_from, at));
  LIXIN_CHECK(insert(c, r, authority, false, of_to, at));
  return at;
}

}  // namespace lixin::registry
