#include "measure/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "archive/archive.h"
#include "identity/codes.h"
#include "identity/personal.h"
#include "journal/journal.h"
#include "measure/compose.h"
#include "measure/errc.h"
#include "measure/evaluate.h"
#include "measure/receipt.h"
#include "registry/registry.h"
#include "text/encoding.h"
#include "text/fold.h"

namespace lixin::measure {
namespace {

constexpr std::size_t kCodeBytesMax = 128;  // as typed: 18 signs in full width and some blanks
constexpr position kAllEvents{std::numeric_limits<std::int64_t>::max()};

bool is_utf8(std::string_view s) { return text::valid_utf8_prefix(s) == s.size(); }

// ---- the question

struct typed_code {
  std::string code;  // folded; "" when invalid
  code_layer failed = code_layer::none;
};

code_layer layer_of(identity::layer l) {
  switch (l) {
    case identity::layer::length:
      return code_layer::length;
    case identity::layer::alphabet:
      return code_layer::alphabet;
    case identity::layer::placeholder:
      return code_layer::placeholder;
    case identity::layer::division:
      return code_layer::division;
    case identity::layer::check_sign:
      return code_layer::check_sign;
    case identity::layer::none:
      break;
  }
  return code_layer::none;
}

typed_code read_code(std::string_view typed) {
  if (typed.size() > kCodeBytesMax) return {{}, code_layer::length};
  if (!is_utf8(typed)) return {{}, code_layer::alphabet};
  // Before the code's own check: one in thirty resident numbers would pass its check sign.
  if (identity::identity_cell(typed) != identity::personal_number::none)
    return {{}, code_layer::personal_number};
  const auto checked = identity::check_credit_code(typed);
  if (!checked.code) return {{}, layer_of(checked.failed)};
  return {std::string(checked.code->text()), code_layer::none};
}

result<void> check_asking(const asking& by) {
  const std::size_t bytes_max = asker_length_max * 4;
  if (by.asker.empty() || by.asker.size() > bytes_max || !is_utf8(by.asker) ||
      text::tidy(by.asker) != by.asker || text::length(by.asker) > asker_length_max)
    return error(errc::asker_missing, {std::to_string(asker_length_max)});
  if (const auto kind = identity::find_in_text(by.asker); kind != identity::personal_number::none)
    return error(errc::asker_personal,
                 {std::string(identity::title_zh(kind)), std::string(identity::title_en(kind))});
  if (by.caller.kind == policy::caller_kind::auditor ||
      by.caller.kind == policy::caller_kind::admin)
    return error(errc::caller_may_not_check, {std::string(policy::code_of(by.caller.kind))});
  return {};
}

result<void> check_times(const request& r, position head) {
  if (r.as_of > r.by.today)
    return error(errc::as_of_in_future, {to_string(r.as_of), to_string(r.by.today)});
  if (!r.known_at) return {};
  if (r.by.caller.kind == policy::caller_kind::everyone) return error(errc::known_at_not_public);
  if (r.known_at->value < 0 || *r.known_at > head)
    return error(errc::known_at_ahead,
                 {std::to_string(r.known_at->value), std::to_string(head.value)});
  return {};
}

// ---- rules

// The packs of a receipt or of now, always made from ids in the same way.
result<std::shared_ptr<const catalogue::catalogue>> rules_of(
    catalogue::store& packs, const std::vector<pack_version_id>& ids) {
  std::vector<std::shared_ptr<const catalogue::pack>> all;
  for (const pack_version_id id : ids) {
    auto pack = packs.entry(id) == nullptr ? nullptr : packs.by_id(id);
    if (pack == nullptr) return error(errc::receipt_pack_missing, {std::to_string(id.value)});
    all.push_back(std::move(pack));
  }
  return std::make_shared<const catalogue::catalogue>(std::move(all));
}

result<const catalogue::matter*> matter_of(const catalogue::catalogue& packs,
                                           const std::string& code, date as_of) {
  if (const catalogue::matter* m = packs.find_matter(code)) return m;
  std::string known;
  for (const auto& pack : packs.packs())
    for (const catalogue::matter& m : pack->matters)
      known += fmt::format("{}{}", known.empty() ? "" : ", ", m.code);
  if (known.empty()) return error(errc::no_matters, {to_string(as_of)});
  // What was typed is repeated only when it can be no person's number.
  const bool plain = code.size() <= 64 && is_utf8(code) &&
                     identity::find_in_text(code) == identity::personal_number::none &&
                     identity::identity_cell(code) == identity::personal_number::none;
  return error(errc::matter_unknown, {plain ? code : "…", known});
}

// ---- the answer as a function of the receipt's content

struct computed {
  measure::answer answer;
  std::optional<subject_id> subject;
  subject_id asked;  // the owner of the code: `subject` itself or a duplicate of it
  std::vector<record_id> cited;
};

result<std::optional<std::chrono::system_clock::time_point>> sealed_at(pg::connection& c,
                                                                       position p) {
  std::optional<std::chrono::system_clock::time_point> out;
  if (p.value == 0) return out;
  LIXIN_TRY(const auto entries, journal::read_after(c, position(p.value - 1), 1));
  if (!entries.empty() && entries.front().at == p) out = entries.front().sealed_at;
  return out;
}

// None when the code was not a subject's at that position.
result<std::optional<registry::subject_file>> subject_of(pg::connection& c, const std::string& code,
                                                         position known_at) {
  auto file = registry::find_subject(c, code, known_at);
  if (!file.ok()) {
    if (file.error().kind() == failure::not_found) return std::optional<registry::subject_file>();
    return std::move(file).error();
  }
  if (file->has({registry::identifier_kind::credit_code, code}))
    return std::optional(std::move(*file));
  return std::optional<registry::subject_file>();
}

// The records that decide what may be seen when it was asked: of the subjects that were tied by
// then, and of those that were tied at known_at and are not any more, marked as somebody else's.
result<std::vector<archive::record_view>> current_records(pg::connection& c,
                                                          catalogue::store& packs,
                                                          const registry::subject_file& then,
                                                          position asked_at) {
  LIXIN_TRY(const auto now, registry::group_of(c, then.asked, asked_at));
  std::vector<subject_id> members = now.members();
  for (const subject_id id : then.group().members())
    if (!now.holds(id)) members.push_back(id);
  LIXIN_TRY(auto out, archive::records_of(c, packs, members, asked_at));
  archive::mark_parted(out, now);
  for (archive::record_view& r : out)
    if (r.parted) r.facts = archive::left_behind(r);
  return out;
}

result<void> answer_subject(pg::connection& c, catalogue::store& packs, const receipt_content& q,
                            composition& in, computed& out) {
  LIXIN_TRY(const auto file, subject_of(c, q.code, q.known_at));
  if (!file) {
    out.answer.outcome = outcome::unknown_subject;
    return {};
  }
  const registry::subject& subject = file->current;
  out.subject = subject.id;
  out.asked = file->asked;
  out.answer.subject = named_subject{subject.name, subject.kind};
  if (file->by_duplicate()) out.answer.subject->duplicate_of = registry::name_of(subject);
  LIXIN_TRY(const auto current, current_records(c, packs, *file, q.asked_at));
  std::vector<archive::record_view> then;
  if (q.known_at != q.asked_at) {
    LIXIN_TRY(then, archive::records_of(c, packs, file->group().members(), q.known_at));
  }
  in.kind = subject.kind;
  in.current = current;
  in.then =
      q.known_at == q.asked_at ? std::span(current) : std::span<const archive::record_view>(then);
  out.cited = compose(in, out.answer);
  return {};
}

result<computed> compute(pg::connection& c, catalogue::store& packs, const receipt_content& q) {
  LIXIN_TRY(const auto rules, rules_of(packs, q.packs));
  LIXIN_TRY(const auto rules_now, rules_of(packs, q.packs_now));
  LIXIN_TRY(const catalogue::matter* matter, matter_of(*rules, q.matter, q.as_of));
  computed out;
  answer& a = out.answer;
  a.code = q.code;
  a.failed = q.failed;
  a.matter = *matter;
  a.as_of = q.as_of;
  a.asked_on = q.asked_on;
  a.caller = q.caller.kind;
  a.known_at = q.known_at;
  LIXIN_TRY(a.sealed_at, sealed_at(c, q.known_at));
  for (const pack_version_id id : q.packs)
    a.packs.emplace_back(packs.entry(id)->pack, packs.entry(id)->version);
  if (q.failed != code_layer::none) {
    a.outcome = outcome::invalid_code;
    return out;
  }
  composition in;
  in.packs = rules.get();
  in.packs_now = rules_now.get();
  in.matter = matter;
  in.as_of = q.as_of;
  in.asked_on = q.asked_on;
  in.known_at = q.known_at;
  in.asked_at = q.asked_at;
  in.caller = q.caller;
  LIXIN_CHECK(answer_subject(c, packs, q, in, out));
  return out;
}

// Who asked about whom: committed before the answer leaves.
result<void> log_inquiry(pg::connection& c, const asking& by, const computed& of) {
  const answer& a = of.answer;
  LIXIN_TRY(auto tx, pg::transaction::begin(c));
  LIXIN_CHECK(journal::log_inquiries(c,
                                     {{.asked_at = by.now,
                                       .asker = by.asker,
                                       .code = a.code,
                                       .subject = of.subject.value_or(subject_id()),
                                       .matter = a.matter.code,
                                       .as_of = a.as_of,
                                       .at = a.known_at,
                                       .outcome = static_cast<std::int16_t>(a.outcome)}},
                                     {journal::action::inquired, by.asker, ""}, by.now));
  return tx.commit();
}

// ---- receipts

// Whether a record behind the answer has ended since, for the one who asked first: also when it is
// no longer in the archive that was asked about (moved, or of a duplicate that is none any more).
result<bool> ended_since(pg::connection& c, catalogue::store& packs, const receipt_content& q,
                         const computed& first, date today, position head) {
  if (first.cited.empty()) return false;
  LIXIN_TRY(const auto group, registry::group_of(c, first.asked, head));
  LIXIN_TRY(const auto records, archive::records_of(c, packs, group.members(), head));
  const auto rules = packs.at(today, head);
  for (const record_id id : first.cited) {
    const auto found = std::ranges::find_if(records, [&](const archive::record_view& r) {
      return r.record == id && r.facts.change != policy::record_change::moved;
    });
    if (found == records.end()) return true;
    const auto status = policy::status_of(found->facts, today, kAllEvents);
    if (status == policy::record_status::withdrawn || status == policy::record_status::repaired)
      return true;
    if (!visible(*found, *rules, q.caller, today, kAllEvents)) return true;
  }
  return false;
}

void end_content(computed& what, const receipt_content& q) {
  answer& a = what.answer;
  a.outcome = outcome::content_ended;
  a.subject.reset();
  a.measures.clear();
  a.without_effect.clear();
  a.first_digest = crypto::to_hex(q.answer_digest);
}

bool may_open(const receipt_content& q, const policy::caller& who) {
  if (q.caller.kind == policy::caller_kind::everyone) return true;
  if (who.kind == policy::caller_kind::centre) return true;
  return q.caller.kind == who.kind && q.caller.authority == who.authority;
}

}  // namespace

result<checked> check(pg::connection& c, catalogue::store& packs, const crypto::key_file& keys,
                      const request& r) {
  LIXIN_CHECK(check_asking(r.by));
  LIXIN_TRY(const auto head, journal::read_head(c));
  LIXIN_CHECK(check_times(r, head.last));
  const typed_code code = read_code(r.code);
  receipt_content q;
  q.code = code.code;
  q.failed = code.failed;
  q.matter = r.matter;
  q.as_of = r.as_of;
  q.asked_on = r.by.today;
  q.known_at = r.known_at.value_or(head.last);
  q.asked_at = head.last;
  q.packs = packs.versions_at(q.as_of, q.known_at);
  q.packs_now = packs.versions_at(q.asked_on, q.asked_at);
  q.asker = r.by.asker;
  q.caller = r.by.caller;
  LIXIN_TRY(computed what, compute(c, packs, q));
  checked out;
  out.bytes = answer_json(what.answer);
  q.answer_digest = crypto::sm3(out.bytes);
  out.receipt = sign_receipt(q, keys);
  LIXIN_CHECK(log_inquiry(c, r.by, what));
  out.answer = std::move(what.answer);
  return out;
}

result<checked> check_receipt(pg::connection& c, catalogue::store& packs,
                              const crypto::key_file& keys, std::string_view receipt,
                              const asking& by) {
  LIXIN_CHECK(check_asking(by));
  LIXIN_TRY(const receipt_content q, open_receipt(receipt, keys));
  if (!may_open(q, by.caller)) return error(errc::receipt_not_for_caller);
  LIXIN_TRY(const auto head, journal::read_head(c));
  if (q.asked_at > head.last)
    return error(errc::receipt_ahead,
                 {std::to_string(q.asked_at.value), std::to_string(head.last.value)});
  LIXIN_TRY(computed what, compute(c, packs, q));
  LIXIN_TRY(bool ended, ended_since(c, packs, q, what, by.today, head.last));
  ended = ended || crypto::sm3(answer_json(what.answer)) != q.answer_digest;
  if (ended) end_content(what, q);
  checked out;
  out.bytes = answer_json(what.answer);
  out.receipt = receipt;
  LIXIN_CHECK(log_inquiry(c, by, what));
  out.answer = std::move(what.answer);
  return out;
}

}  // namespace lixin::measure
