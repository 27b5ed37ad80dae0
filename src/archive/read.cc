#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <limits>
#include <map>

#include "archive/archive.h"
#include "archive/errc.h"
#include "catalogue/row_check.h"

namespace lixin::archive {
namespace {

using catalogue::field_role;

std::string_view value_in(const text::string_map& content, std::string_view short_code) {
  for (const auto& [code, text] : content) {
    if (code == short_code) return text;
  }
  return {};
}

std::string_view value_of(const text::string_map& content, const catalogue::dataset& d,
                          field_role role) {
  const int f = d.field_with(role);
  if (f < 0) return {};
  return value_in(content, d.fields[static_cast<std::size_t>(f)].code);
}

// $1 subject, $2 known_at, $3 record (null = all). Versions later than known_at come too, without
// `known`: what is known by now decides who may see the earlier ones. The order is the caller's.
constexpr std::string_view version_select =
    "SELECT * FROM (SELECT v.subject_id, v.record_id, v.version, v.position, v.change, d.code, "
    "a.code, a.title_zh, "
    "r.document, r.party_ordinal, v.batch_id, v.row_number, v.pack_version_id, v.handed_in_on, "
    "v.is_late, v.name_differs, v.publicity_class, v.class_source, v.decided_on, v.valid_from, "
    "v.valid_to, v.content, max(v.version) FILTER (WHERE v.position <= $2::bigint) OVER w AS "
    "last_known, "
    "max(v.version) OVER w AS newest, first_value(v.change) OVER (w ORDER BY v.version DESC) AS "
    "newest_change, bool_or(v.moved_subject IS NOT NULL) OVER w FROM record_version v JOIN record "
    "r USING (subject_id, record_id) JOIN dataset "
    "d "
    "USING (dataset_id) JOIN authority a USING (authority_id) WHERE v.subject_id = $1::bigint AND "
    "($3::bigint IS NULL OR v.record_id = $3::bigint) WINDOW w AS (PARTITION BY v.record_id)) AS "
    "s ";

// Of many subjects: the newest version of each record, with the columns of version_select. $1 and
// $2 bound the subjects, $3 lists them (null = all between), $4 names the datasets.
constexpr std::string_view newest_of_subjects =
    "SELECT v.subject_id, v.record_id, v.version, v.position, v.change, d.code, a.code, "
    "a.title_zh, r.document, r.party_ordinal, v.batch_id, v.row_number, v.pack_version_id, "
    "v.handed_in_on, v.is_late, v.name_differs, v.publicity_class, v.class_source, v.decided_on, "
    "v.valid_from, v.valid_to, v.content, v.version, v.version, v.change FROM record r JOIN "
    "dataset d USING (dataset_id) JOIN authority a USING (authority_id) CROSS JOIN LATERAL "
    "(SELECT x.* FROM record_version x WHERE x.subject_id = r.subject_id AND x.record_id = "
    "r.record_id ORDER BY x.version DESC LIMIT 1) v WHERE r.subject_id >= $1::bigint AND "
    "r.subject_id < $2::bigint AND ($3::bigint[] IS NULL OR r.subject_id = ANY ($3::bigint[])) "
    "AND d.code = ANY ($4::text[]) ORDER BY v.subject_id, d.code, v.decided_on DESC NULLS LAST, "
    "v.record_id";
// $1 subjects, $2 records: the newest version of each, with the columns of version_select.
constexpr std::string_view newest_select =
    "SELECT v.subject_id, v.record_id, v.version, v.position, v.change, d.code, a.code, "
    "a.title_zh, r.document, r.party_ordinal, v.batch_id, v.row_number, v.pack_version_id, "
    "v.handed_in_on, v.is_late, v.name_differs, v.publicity_class, v.class_source, v.decided_on, "
    "v.valid_from, v.valid_to, v.content, v.version AS last_known, v.version AS newest, v.change "
    "AS newest_change FROM (SELECT DISTINCT subject_id, record_id FROM unnest($1::bigint[], "
    "$2::bigint[]) AS u(subject_id, record_id)) w CROSS JOIN LATERAL (SELECT x.* FROM "
    "record_version x WHERE x.subject_id = w.subject_id AND x.record_id = w.record_id ORDER BY "
    "x.version DESC LIMIT 1) v JOIN record r ON r.subject_id = v.subject_id AND r.record_id = "
    "v.record_id JOIN dataset d USING (dataset_id) JOIN authority a USING (authority_id) ORDER BY "
    "v.subject_id, v.record_id";

// A date that only the content holds; it was checked at hand-in.
std::optional<date> day_of(const text::string_map& content, const catalogue::dataset& d,
                           field_role role) {
  const std::string_view text = value_of(content, d, role);
  if (text.size() != 10) return std::nullopt;
  int y = 0;
  unsigned m = 0;
  unsigned day = 0;
  std::from_chars(text.data(), text.data() + 4, y);
  std::from_chars(text.data() + 5, text.data() + 7, m);
  std::from_chars(text.data() + 8, text.data() + 10, day);
  return date(y, m, day);
}

void fill_from_content(policy::record_facts& f, const text::string_map& content,
                       const catalogue::dataset& d) {
  f.published_until = day_of(content, d, field_role::published_until);
  f.notified_on = day_of(content, d, field_role::notified_on);
  f.effective_on = day_of(content, d, field_role::effective_on);
  f.ended_on = day_of(content, d, field_role::ended_on);
  f.has_remedy = !value_of(content, d, field_role::remedy).empty();
}

void fill_facts(record_view& v, const catalogue::dataset& d, const pg::rows& r, int i) {
  policy::record_facts& f = v.facts;
  f.change = static_cast<policy::record_change>(r.int64(i, 4));
  f.superseded = r.int64(i, 22) > v.version;
  f.decided_on = r.optional_day(i, 18);
  f.valid_from = r.optional_day(i, 19);
  f.valid_to = r.optional_day(i, 20);
  fill_from_content(f, v.content, d);
  f.publicity = static_cast<catalogue::publicity_class>(r.int64(i, 16));
  using source = catalogue::class_decision::source;
  const auto from = static_cast<source>(r.int64(i, 17));
  f.class_provisional = from == source::provisional;
  v.class_by_rule = from == source::rule;
  v.class_handed_in = from == source::handed_in;
}

result<record_view> view_from(const pg::rows& r, int i, catalogue::store& packs) {
  record_view v;
  v.subject = subject_id(r.int64(i, 0));
  v.record = record_id(r.int64(i, 1));
  v.version = static_cast<std::int32_t>(r.int64(i, 2));
  v.at = position(r.int64(i, 3));
  v.dataset = r.text(i, 5);
  v.authority = r.text(i, 6);
  v.authority_title = r.text(i, 7);
  v.document = r.text(i, 8);
  v.party_ordinal = static_cast<std::int32_t>(r.int64(i, 9));
  v.batch = batch_id(r.int64(i, 10));
  v.row_number = static_cast<std::uint64_t>(r.int64(i, 11));
  v.handed_in_on = r.day(i, 13);
  v.late = r.boolean(i, 14);
  v.name_differs = r.boolean(i, 15);
  // Null only when the record was purged.
  v.facts.content_ended = r.is_null(i, 21);
  auto content = v.facts.content_ended ? result<text::string_map>(text::string_map())
                                       : text::parse_string_map(r.text(i, 21));
  const pack_version_id pack(static_cast<std::int32_t>(r.int64(i, 12)));
  const auto source = packs.by_id(pack);
  const catalogue::dataset* d = source ? source->dataset_named(v.dataset) : nullptr;
  if (!content.ok() || d == nullptr) {
    return error(errc::content_broken,
                 {to_string(record_name{v.subject, v.record}), fmt::format("{}", v.version)});
  }
  v.content = std::move(content).value();
  v.pack = packs.entry(pack)->pack;
  v.pack_version = packs.entry(pack)->version;
  fill_facts(v, *d, r, i);
  v.replaced_since = r.int64(i, 23) > v.version;
  v.newest_change = static_cast<policy::record_change>(r.int64(i, 24));
  return v;
}

result<void> add_events(pg::connection& c, const std::vector<std::int64_t>& subjects,
                        std::vector<record_view>& views) {
  LIXIN_TRY(
      const auto r,
      c.exec("SELECT e.record_id, e.position, e.kind, e.happened_on, e.document, a.code, e.actor, "
             "e.reason, e.subject_id FROM record_event e JOIN authority a USING (authority_id) "
             "WHERE e.subject_id = ANY ($1::bigint[]) ORDER BY e.position",
             pg::params().add(subjects)));
  using record_key = std::pair<std::int64_t, std::int64_t>;  // subject, record
  std::map<record_key, std::vector<policy::record_event>> by_record;
  for (int i = 0; i < r.size(); ++i) {
    by_record[{r.int64(i, 8), r.int64(i, 0)}].push_back(
        {static_cast<policy::event_kind>(r.int64(i, 2)), position(r.int64(i, 1)), r.day(i, 3),
         std::string(r.text(i, 4)), std::string(r.text(i, 5)), std::string(r.text(i, 6)),
         std::string(r.text(i, 7))});
  }
  for (record_view& v : views) {
    if (const auto it = by_record.find({v.subject.value, v.record.value}); it != by_record.end()) {
      v.facts.events = it->second;
    }
  }
  return {};
}

result<void> add_moves(pg::connection& c, subject_id id, std::vector<record_view>& views) {
  LIXIN_TRY(
      const auto r,
      c.exec("SELECT m.record_id, m.version, m.is_from, m.other_subject, m.happened_on, "
             "m.document, a.code, m.actor, m.approved_by, m.reason FROM record_move m JOIN "
             "authority a USING (authority_id) WHERE m.subject_id = $1::bigint ORDER BY m.version",
             pg::params().add(id.value)));
  std::map<std::int64_t, std::vector<record_move>> by_record;
  for (int i = 0; i < r.size(); ++i) {
    by_record[r.int64(i, 0)].push_back({.version = static_cast<std::int32_t>(r.int64(i, 1)),
                                        .is_from = r.boolean(i, 2),
                                        .other = subject_id(r.int64(i, 3)),
                                        .source = {.happened_on = r.day(i, 4),
                                                   .document = std::string(r.text(i, 5)),
                                                   .authority = std::string(r.text(i, 6)),
                                                   .actor = std::string(r.text(i, 7)),
                                                   .approved_by = std::string(r.text(i, 8)),
                                                   .reason = std::string(r.text(i, 9))}});
  }
  for (record_view& v : views) {
    const auto it = by_record.find(v.record.value);
    if (it == by_record.end()) continue;
    for (const record_move& m : it->second) {
      if (m.version <= v.version) v.moves.push_back(m);
    }
  }
  return {};
}

result<std::vector<record_view>> versions_of(pg::connection& c, catalogue::store& packs,
                                             subject_id id, std::optional<record_id> record,
                                             position known_at, const std::string& sql) {
  LIXIN_TRY(const auto r, c.exec(sql, pg::params()
                                          .add(id.value)
                                          .add(known_at.value)
                                          .add(record ? std::optional<std::int64_t>(record->value)
                                                      : std::nullopt)));
  std::vector<record_view> out;
  out.reserve(static_cast<std::size_t>(r.size()));
  bool any_moved = false;
  for (int i = 0; i < r.size(); ++i) {
    LIXIN_TRY(auto v, view_from(r, i, packs));
    out.push_back(std::move(v));
    any_moved = any_moved || r.boolean(i, 25);
  }
  LIXIN_CHECK(add_events(c, {id.value}, out));
  if (any_moved) LIXIN_CHECK(add_moves(c, id, out));
  return out;
}

const std::string& standing_sql() {
  static const std::string sql =
      std::string(version_select) +
      "WHERE version = last_known ORDER BY 6, decided_on DESC NULLS LAST, "
      "record_id";
  return sql;
}

}  // namespace

std::string_view record_view::value(std::string_view short_code) const {
  return value_in(content, short_code);
}

const record_move* record_view::went() const {
  return facts.change == policy::record_change::moved && !moves.empty() ? &moves.back() : nullptr;
}

const record_move* record_view::came() const {
  const auto last =
      std::find_if(moves.rbegin(), moves.rend(), [](const record_move& m) { return !m.is_from; });
  return last == moves.rend() ? nullptr : &*last;
}

void mark_parted(std::vector<record_view>& views, const registry::alias_group& now) {
  for (record_view& v : views) v.parted = !now.holds(v.subject);
}

policy::record_facts left_behind(const record_view& v) {
  policy::record_facts f = v.facts;
  f.change = policy::record_change::moved;
  return f;
}

policy::record_facts facts_now(const record_view& v) {
  if (v.parted) return left_behind(v);
  policy::record_facts f = v.facts;
  f.superseded = v.replaced_since;
  if (v.newest_change == policy::record_change::withdrawn ||
      v.newest_change == policy::record_change::moved) {
    f.change = v.newest_change;
  }
  return f;
}

std::string to_string(const record_name& n) {
  return fmt::format("{}-{}", n.subject.value, n.record.value);
}

result<record_name> parse_record_name(std::string_view text) {
  record_name n;
  const auto* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, n.subject.value);
  if (first.ec == std::errc() && first.ptr != end && *first.ptr == '-') {
    const auto second = std::from_chars(first.ptr + 1, end, n.record.value);
    if (second.ec == std::errc() && second.ptr == end && n.subject.value > 0 &&
        n.record.value > 0) {
      return n;
    }
  }
  return error(errc::bad_record_name, {std::string(text.substr(0, 40))});
}

result<std::vector<record_view>> records_of(pg::connection& c, catalogue::store& packs,
                                            subject_id id, position known_at) {
  return versions_of(c, packs, id, std::nullopt, known_at, standing_sql());
}

result<std::vector<record_view>> records_of(pg::connection& c, catalogue::store& packs,
                                            const std::vector<subject_id>& members,
                                            position known_at) {
  std::vector<record_view> out;
  for (const subject_id id : members) {
    LIXIN_TRY(auto own, records_of(c, packs, id, known_at));
    std::ranges::move(own, std::back_inserter(out));
  }
  if (members.size() == 1) return out;
  std::ranges::sort(out, [](const record_view& a, const record_view& b) {
    constexpr date never(1, 1, 1);
    if (a.dataset != b.dataset) return a.dataset < b.dataset;
    const date day_a = a.facts.decided_on.value_or(never);
    const date day_b = b.facts.decided_on.value_or(never);
    if (day_a != day_b) return day_a > day_b;
    return std::pair(a.record, a.subject) < std::pair(b.record, b.subject);
  });
  return out;
}

result<std::vector<record_view>> history_of(pg::connection& c, catalogue::store& packs,
                                            const std::vector<subject_id>& members,
                                            position known_at) {
  std::vector<record_view> out;
  for (const subject_id id : members) {
    LIXIN_TRY(auto own, history_of(c, packs, id, known_at));
    std::ranges::move(own, std::back_inserter(out));
  }
  std::ranges::sort(out, {}, [](const record_view& v) { return std::pair(v.record, v.at); });
  return out;
}

result<std::vector<record_view>> standing_of(pg::connection& c, catalogue::store& packs,
                                             const subject_set& of,
                                             const std::vector<std::string>& datasets) {
  const bool listed = !of.list.empty();
  pg::params p;
  p.add(listed ? 0 : of.first.value)
      .add(listed ? std::numeric_limits<std::int64_t>::max() : of.end.value);
  listed ? p.add(of.list) : p.add_null();
  LIXIN_TRY(const auto r, c.exec(newest_of_subjects, p.add(datasets)));
  std::vector<record_view> out;
  out.reserve(static_cast<std::size_t>(r.size()));
  std::vector<std::int64_t> subjects;
  for (int i = 0; i < r.size(); ++i) {
    LIXIN_TRY(auto v, view_from(r, i, packs));
    if (subjects.empty() || subjects.back() != v.subject.value) subjects.push_back(v.subject.value);
    out.push_back(std::move(v));
  }
  if (!out.empty()) LIXIN_CHECK(add_events(c, subjects, out));
  return out;
}

result<std::vector<record_view>> history_of(pg::connection& c, catalogue::store& packs,
                                            subject_id id, position known_at) {
  static const std::string sql =
      std::string(version_select) + "WHERE position <= $2::bigint ORDER BY record_id, version";
  return versions_of(c, packs, id, std::nullopt, known_at, sql);
}

result<std::vector<record_view>> newest_of(pg::connection& c, catalogue::store& packs,
                                           std::span<const record_name> names) {
  std::vector<std::int64_t> subjects, records;
  for (const record_name& n : names) {
    subjects.push_back(n.subject.value);
    records.push_back(n.record.value);
  }
  std::vector<record_view> out;
  if (names.empty()) return out;
  LIXIN_TRY(const auto r, c.exec(newest_select, pg::params().add(subjects).add(records)));
  out.reserve(static_cast<std::size_t>(r.size()));
  for (int i = 0; i < r.size(); ++i) {
    LIXIN_TRY(auto v, view_from(r, i, packs));
    out.push_back(std::move(v));
  }
  LIXIN_CHECK(add_events(c, subjects, out));
  return out;
}

policy::record_facts facts_of_content(const catalogue::dataset& d,
                                      const text::string_map& content) {
  policy::record_facts f;
  f.decided_on = day_of(content, d, field_role::decided_on);
  f.valid_from = day_of(content, d, field_role::valid_from);
  f.valid_to = day_of(content, d, field_role::valid_to);
  fill_from_content(f, content, d);
  std::vector<std::string> values;
  for (const catalogue::field& x : d.fields) values.emplace_back(value_in(content, x.code));
  const auto decision = catalogue::decide_class(d, values, catalogue::publicity_class::none);
  f.publicity = decision.publicity;
  f.class_provisional = decision.from == catalogue::class_decision::source::provisional;
  return f;
}

result<record_view> find_record(pg::connection& c, catalogue::store& packs, const record_name& n) {
  LIXIN_TRY(auto found,
            versions_of(c, packs, n.subject, n.record,
                        position(std::numeric_limits<std::int64_t>::max()), standing_sql()));
  if (found.empty()) return error(errc::no_such_record, {to_string(n)});
  return std::move(found.front());
}

error moved_to(const record_name& n, const record_move& went) {
  return error(errc::record_moved, {to_string(n), to_string(record_name{went.other, n.record})});
}

}  // namespace lixin::archive
