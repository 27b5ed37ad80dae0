#include "measure/check.h"

#include <algorithm>
#include <limits>

#include "archive/archive.h"
#include "journal/journal.h"
#include "measure/compose.h"
#include "measure/errc.h"
#include "measure/inquiry.h"
#include "measure/question.h"
#include "measure/receipt.h"

namespace lixin::measure {
namespace {

constexpr position kAllEvents{std::numeric_limits<std::int64_t>::max()};

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

// ---- the answer as a function of the receipt's content

struct computed {
  measure::answer answer;
  std::optional<subject_id> subject;
  subject_id asked;  // the owner of the code: `subject` itself or a duplicate of it
  std::vector<record_id> cited;
};

result<computed> compute(const question& q, const typed_code& code, data_source& from) {
  computed out;
  out.answer = q.frame();
  subject_data data;
  LIXIN_TRY(out.subject, q.answer_to(code, from, data, out.answer, out.cited));
  out.asked = data.asked;
  return out;
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
  database_source from(c, packs);
  LIXIN_TRY(const question asked, question::now(packs, r.by, r.matter, r.as_of,
                                                r.known_at.value_or(head.last), head.last, from));
  const typed_code code = read_code(r.code);
  LIXIN_TRY(computed what, compute(asked, code, from));
  receipt_content q = asked.content();
  q.code = code.code;
  q.failed = code.failed;
  checked out;
  out.bytes = answer_json(what.answer);
  q.answer_digest = crypto::sm3(out.bytes);
  out.receipt = sign_receipt(q, keys);
  LIXIN_CHECK(commit_inquiries(c, {inquiry_of(what.answer, what.subject, r.by)}, r.by));
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
  database_source from(c, packs);
  LIXIN_TRY(const question asked, question::of(packs, q, from));
  LIXIN_TRY(computed what, compute(asked, {q.code, q.failed}, from));
  LIXIN_TRY(bool ended, ended_since(c, packs, q, what, by.today, head.last));
  ended = ended || crypto::sm3(answer_json(what.answer)) != q.answer_digest;
  if (ended) end_content(what, q);
  checked out;
  out.bytes = answer_json(what.answer);
  out.receipt = receipt;
  LIXIN_CHECK(commit_inquiries(c, {inquiry_of(what.answer, what.subject, by)}, by));
  out.answer = std::move(what.answer);
  return out;
}

}  // namespace lixin::measure
