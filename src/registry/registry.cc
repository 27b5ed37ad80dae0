#include "registry/registry.h"

#include <algorithm>
#include <unordered_set>

#include "identity/codes.h"
#include "registry/errc.h"
#include "text/fold.h"

namespace lixin::registry {
namespace {

// Any constant that no other lock of the program uses.
constexpr std::int64_t registry_lock = 0x4c58'0001;

void add_if(std::vector<identifier>& out, identifier_kind kind, const std::string& value) {
  if (!value.empty()) out.push_back({kind, value});
}

subject subject_from(const pg::rows& r, int i) {
  subject s;
  s.id = subject_id(r.int64(i, 0));
  s.kind = static_cast<catalogue::subject_kind>(r.int64(i, 1));
  s.credit_code = r.text(i, 2);
  s.name = r.text(i, 3);
  s.name_folded = text::fold_name(s.name);
  s.alias_of = subject_id(r.int64(i, 4));
  return s;
}

error code_invalid(const error& why) {
  return error(errc::code_invalid, {why.sentence(language::zh), why.sentence(language::en)});
}

// The identifiers that a typed code may be, the one to try first in front: a credit code also means
// the organisation code that it contains.
result<std::vector<identifier>> meant_by(std::string_view typed) {
  const std::string folded = text::fold_identifier(typed);
  std::vector<identifier> out;
  if (folded.size() == 18) {
    auto check = identity::check_credit_code(typed);
    if (!check.code) return code_invalid(*check.why);
    out.push_back({identifier_kind::credit_code, std::string(check.code->text())});
    out.push_back(
        {identifier_kind::organisation_code, std::string(check.code->organisation_code())});
    return out;
  }
  if (folded.size() == 9) {
    auto code = identity::check_organisation_code(typed);
    if (!code.ok()) return code_invalid(code.error());
    out.push_back({identifier_kind::organisation_code, *code});
    return out;
  }
  auto number = identity::check_registration_number(typed);
  if (!number.ok()) return code_invalid(number.error());
  out.push_back({identifier_kind::registration_number, *number});
  return out;
}

// The subject of the first identifier that has one, 0 for none. By the code that a credit code
// contains only a subject without a credit code of its own is meant, as resolve() has it.
result<std::int64_t> owner_of(pg::connection& c, const std::vector<identifier>& meant) {
  for (std::size_t i = 0; i < meant.size(); ++i) {
    LIXIN_TRY(
        const auto keys,
        c.exec("SELECT k.subject_id FROM identifier_key k WHERE k.kind = $1::smallint AND "
               "k.value = $2::text AND ($3::boolean OR EXISTS (SELECT 1 FROM subject s WHERE "
               "s.subject_id = k.subject_id AND s.credit_code = ''))",
               pg::params().add(static_cast<int>(meant[i].kind)).add(meant[i].value).add(i == 0)));
    if (!keys.empty()) return keys.int64(0, 0);
  }
  return std::int64_t{0};
}

}  // namespace

std::string_view code_of(identifier_kind k) {
  switch (k) {
    case identifier_kind::credit_code:
      return "credit-code";
    case identifier_kind::organisation_code:
      return "organisation-code";
    case identifier_kind::registration_number:
      return "registration-number";
    case identifier_kind::tax_number:
      return "tax-number";
    case identifier_kind::institution_certificate:
      return "institution-certificate";
    case identifier_kind::social_certificate:
      return "social-certificate";
  }
  return "unknown";
}

std::string_view title_zh(identifier_kind k) {
  switch (k) {
    case identifier_kind::credit_code:
      return "统一社会信用代码";
    case identifier_kind::organisation_code:
      return "组织机构代码";
    case identifier_kind::registration_number:
      return "工商注册号";
    case identifier_kind::tax_number:
      return "税务登记号";
    case identifier_kind::institution_certificate:
      return "事业单位证书号";
    case identifier_kind::social_certificate:
      return "社会组织登记证号";
  }
  return "";
}

std::string_view title_en(identifier_kind k) {
  switch (k) {
    case identifier_kind::credit_code:
      return "unified social credit code";
    case identifier_kind::organisation_code:
      return "organisation code";
    case identifier_kind::registration_number:
      return "business registration number";
    case identifier_kind::tax_number:
      return "tax registration number";
    case identifier_kind::institution_certificate:
      return "institution certificate number";
    case identifier_kind::social_certificate:
      return "social organisation certificate number";
  }
  return "";
}

std::vector<identifier> identifiers_of(const catalogue::party& p) {
  std::vector<identifier> out;
  add_if(out, identifier_kind::credit_code, p.credit_code);
  if (p.credit_code.size() == 18) {
    out.push_back({identifier_kind::organisation_code, p.credit_code.substr(8, 9)});
  } else {
    add_if(out, identifier_kind::organisation_code, p.organisation_code);
  }
  add_if(out, identifier_kind::registration_number, p.registration_number);
  // After the merger of certificates the tax number is the credit code: it adds nothing then.
  if (p.tax_number != p.credit_code) add_if(out, identifier_kind::tax_number, p.tax_number);
  add_if(out, identifier_kind::institution_certificate, p.institution_certificate);
  add_if(out, identifier_kind::social_certificate, p.social_certificate);
  return out;
}

result<void> lock_registry(pg::connection& c) {
  LIXIN_CHECK(c.exec("SELECT pg_advisory_xact_lock($1::bigint)", pg::params().add(registry_lock)));
  return {};
}

result<void> resolver::load(pg::connection& c, const std::vector<const identifier*>& wanted) {
  std::vector<std::int64_t> kinds;
  std::vector<std::string> values;
  std::unordered_set<identifier, identifier_hash> seen;
  for (const identifier* i : wanted) {
    if (known(*i) || !seen.insert(*i).second) continue;
    kinds.push_back(static_cast<std::int64_t>(i->kind));
    values.push_back(i->value);
  }
  if (kinds.empty()) return {};
  // LIMIT keeps the planner from a join that reads the whole table for each chunk.
  LIXIN_TRY(
      const auto keys,
      c.exec("SELECT w.kind, w.value, k.subject_id FROM unnest($1::bigint[], $2::text[]) "
             "AS w(kind, value) CROSS JOIN LATERAL (SELECT x.subject_id FROM identifier_key x "
             "WHERE x.kind = w.kind::smallint AND x.value = w.value LIMIT 1) k",
             pg::params().add(kinds).add(values)));
  std::set<subject_id> ids;
  for (int i = 0; i < keys.size(); ++i) {
    const subject_id id(keys.int64(i, 2));
    const auto kind = static_cast<identifier_kind>(keys.int64(i, 0));
    owners_for(kind)[{kind, std::string(keys.text(i, 1))}] = id;
    ids.insert(id);
  }
  return load_subjects(c, ids);
}

result<void> resolver::load_subjects(pg::connection& c, const std::set<subject_id>& wanted) {
  std::vector<std::int64_t> list;
  for (const subject_id id : wanted) {
    if (find(id) == nullptr) list.push_back(id.value);
  }
  if (list.empty()) return {};
  LIXIN_TRY(
      const auto found,
      c.exec("SELECT s.subject_id, s.kind, s.credit_code, s.name, s.alias_of FROM "
             "unnest($1::bigint[]) AS w(subject_id) CROSS JOIN LATERAL (SELECT * FROM subject x "
             "WHERE x.subject_id = w.subject_id LIMIT 1) s",
             pg::params().add(list)));
  for (int i = 0; i < found.size(); ++i) {
    subject s = subject_from(found, i);
    subjects_[s.id] = std::move(s);
  }
  return {};
}

void resolver::keep_credit_codes(std::size_t subjects_max) {
  by_lesser_.clear();
  if (subjects_.size() <= subjects_max) return;
  by_credit_code_.clear();
  subjects_.clear();
}

const subject_id* resolver::owner(const identifier& i) const {
  const owners& of_kind = i.kind == identifier_kind::credit_code ? by_credit_code_ : by_lesser_;
  const auto it = of_kind.find(i);
  return it == of_kind.end() ? nullptr : &it->second;
}

resolver::answer resolver::resolve(const std::vector<identifier>& of_row) const {
  answer a;
  for (const identifier& i : of_row) {
    const subject_id* id = owner(i);
    if (id == nullptr) continue;
    if (a.what == outcome::unknown) {
      a = {outcome::found, *id};
    } else if (!same_group(*id, a.id)) {
      return {outcome::ambiguous, {}};
    }
  }
  if (a.what == outcome::found && !of_row.empty() &&
      of_row.front().kind == identifier_kind::credit_code && !known(of_row.front()) &&
      !subjects_.at(a.id).credit_code.empty()) {
    return {outcome::ambiguous, {}};
  }
  return a;
}

bool resolver::same_group(subject_id a, subject_id b) const {
  if (a == b) return true;
  const auto main = [&](subject_id id) {
    const subject_id of = subjects_.at(id).alias_of;
    return of.value == 0 ? id : of;
  };
  return main(a) == main(b);
}

const subject* resolver::find(subject_id id) const {
  const auto it = subjects_.find(id);
  return it == subjects_.end() ? nullptr : &it->second;
}

void resolver::add(const subject& s, const std::vector<identifier>& ids) {
  subjects_[s.id] = s;
  claim(s.id, ids);
}

void resolver::claim(subject_id id, const std::vector<identifier>& ids) {
  subject& s = subjects_.at(id);
  for (const identifier& i : ids) {
    owners_for(i.kind).emplace(i, id);
    if (i.kind == identifier_kind::credit_code && s.credit_code.empty()) s.credit_code = i.value;
  }
}

void resolver::rename(subject_id id, std::string name) {
  subject& s = subjects_.at(id);
  s.name_folded = text::fold_name(name);
  s.name = std::move(name);
}

bool resolver::known(const identifier& i) const { return owner(i) != nullptr; }

std::string name_of(const subject& s) { return s.credit_code.empty() ? s.name : s.credit_code; }

alias_group subject_file::group() const {
  alias_group out{current.id, {}};
  for (const subject_file& d : duplicates) out.duplicates.push_back(d.current.id);
  return out;
}

bool subject_file::has(const identifier& i) const {
  const auto own = [&](const subject_file& f) {
    return std::ranges::any_of(f.identifiers, [&](const auto& x) { return x.first == i; });
  };
  return own(*this) || std::ranges::any_of(duplicates, own);
}

const subject& subject_file::asked_subject() const {
  for (const subject_file& d : duplicates) {
    if (d.current.id == asked) return d.current;
  }
  return current;
}

result<subject> subject_with(pg::connection& c, subject_id id) {
  LIXIN_TRY(const auto r, c.exec("SELECT subject_id, kind, credit_code, name, alias_of FROM "
                                 "subject WHERE subject_id = $1::bigint",
                                 pg::params().add(id.value)));
  if (r.empty()) return error(errc::subject_unknown, {std::to_string(id.value)});
  return subject_from(r, 0);
}

result<subject> subject_named(pg::connection& c, std::string_view code) {
  LIXIN_TRY(const auto meant, meant_by(code));
  LIXIN_TRY(const std::int64_t id, owner_of(c, meant));
  if (id == 0) return error(errc::subject_unknown, {meant[0].value});
  return subject_with(c, subject_id(id));
}

result<subject_file> file_of(pg::connection& c, subject_id id, position known_at) {
  subject_file out;
  LIXIN_TRY(const auto s,
            c.exec("SELECT subject_id, kind, credit_code, name, alias_of, registered_at FROM "
                   "subject WHERE subject_id = $1::bigint",
                   pg::params().add(id.value)));
  if (s.empty() || s.int64(0, 5) > known_at.value) {
    return error(errc::subject_unknown, {std::to_string(id.value)});
  }
  out.current = subject_from(s, 0);
  out.asked = id;
  out.registered_at = position(s.int64(0, 5));
  LIXIN_TRY(const auto ids,
            c.exec("SELECT kind, value, position FROM identifier WHERE subject_id = $1::bigint AND "
                   "position <= $2::bigint AND (released IS NULL OR released > $2::bigint) "
                   "ORDER BY kind, position",
                   pg::params().add(id.value).add(known_at.value)));
  out.current.credit_code.clear();
  for (int i = 0; i < ids.size(); ++i) {
    identifier x{static_cast<identifier_kind>(ids.int64(i, 0)), std::string(ids.text(i, 1))};
    if (x.kind == identifier_kind::credit_code && out.current.credit_code.empty()) {
      out.current.credit_code = x.value;
    }
    out.identifiers.emplace_back(std::move(x), position(ids.int64(i, 2)));
  }
  LIXIN_TRY(const auto names,
            c.exec("SELECT name, position, valid_from FROM subject_name WHERE subject_id = "
                   "$1::bigint AND position <= $2::bigint ORDER BY position",
                   pg::params().add(id.value).add(known_at.value)));
  for (int i = 0; i < names.size(); ++i) {
    out.names.push_back(
        {std::string(names.text(i, 0)), position(names.int64(i, 1)), names.optional_day(i, 2)});
  }
  out.current.name = out.names.empty() ? std::string() : out.names.back().name;
  out.current.name_folded = text::fold_name(out.current.name);
  return out;
}

result<subject_file> find_subject(pg::connection& c, std::string_view code, position known_at) {
  LIXIN_TRY(const auto meant, meant_by(code));
  LIXIN_TRY(const std::int64_t id, owner_of(c, meant));
  if (id == 0) return error(errc::subject_unknown, {meant[0].value});
  const subject_id owner(id);
  LIXIN_TRY(const alias_group group, group_of(c, owner, known_at));
  auto main = file_of(c, group.main, known_at);
  if (!main.ok()) {
    if (main.error().is(errc::subject_unknown)) {
      return error(errc::subject_unknown, {meant[0].value});
    }
    return main;
  }
  subject_file out = std::move(main).value();
  out.asked = owner;
  for (const subject_id d : group.duplicates) {
    LIXIN_TRY(auto duplicate, file_of(c, d, known_at));
    out.duplicates.push_back(std::move(duplicate));
  }
  return out;
}

}  // namespace lixin::registry
