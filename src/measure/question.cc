#include "measure/question.h"

#include <fmt/format.h>

#include "identity/codes.h"
#include "identity/personal.h"
#include "measure/check.h"
#include "measure/compose.h"
#include "measure/errc.h"
#include "text/encoding.h"
#include "text/fold.h"

namespace lixin::measure {
namespace {

constexpr std::size_t kCodeBytesMax = 128;  // as typed: 18 signs in full width and some blanks

bool is_utf8(std::string_view s) { return text::valid_utf8_prefix(s) == s.size(); }

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

// The packs of a receipt or of now, always made from ids in the same way.
result<std::shared_ptr<const catalogue::catalogue>> rules_of(
    const catalogue::store& packs, const std::vector<pack_version_id>& ids) {
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

}  // namespace

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

result<question> question::of(const catalogue::store& packs, receipt_content content,
                              data_source& from) {
  question q;
  LIXIN_TRY(q.rules_, rules_of(packs, content.packs));
  LIXIN_TRY(q.rules_now_, rules_of(packs, content.packs_now));
  LIXIN_TRY(q.matter_, matter_of(*q.rules_, content.matter, content.as_of));
  answer& a = q.frame_;
  a.matter = *q.matter_;
  a.as_of = content.as_of;
  a.asked_on = content.asked_on;
  a.caller = content.caller.kind;
  a.known_at = content.known_at;
  LIXIN_TRY(a.sealed_at, from.sealed_at(content.known_at));
  for (const pack_version_id id : content.packs)
    a.packs.emplace_back(packs.entry(id)->pack, packs.entry(id)->version);
  q.content_ = std::move(content);
  return q;
}

result<question> question::now(const catalogue::store& packs, const asking& by,
                               std::string_view matter, date as_of, position known_at,
                               position asked_at, data_source& from) {
  receipt_content q;
  q.matter = matter;
  q.as_of = as_of;
  q.asked_on = by.today;
  q.known_at = known_at;
  q.asked_at = asked_at;
  q.packs = packs.versions_at(q.as_of, q.known_at);
  q.packs_now = packs.versions_at(q.asked_on, q.asked_at);
  q.asker = by.asker;
  q.caller = by.caller;
  return of(packs, std::move(q), from);
}

result<std::optional<subject_id>> question::answer_to(const typed_code& code, data_source& from,
                                                      subject_data& data, answer& out,
                                                      std::vector<record_id>& cited) const {
  out.code = code.code;
  out.failed = code.failed;
  out.measures.clear();
  out.without_effect.clear();
  cited.clear();
  if (code.failed != code_layer::none) {
    out.subject.reset();
    out.outcome = outcome::invalid_code;
    return std::optional<subject_id>();
  }
  LIXIN_TRY(const bool known, from.read(code.code, content_.known_at, content_.asked_at, data));
  if (!known) {
    out.subject.reset();
    out.outcome = outcome::unknown_subject;
    return std::optional<subject_id>();
  }
  if (!out.subject) out.subject.emplace();
  out.subject->name = data.name;
  out.subject->kind = data.kind;
  out.subject->duplicate_of = data.duplicate_of;
  composition in;
  in.kind = data.kind;
  in.current = data.current;
  in.then = content_.known_at == content_.asked_at ? data.current : data.then;
  in.packs = rules_.get();
  in.packs_now = rules_now_.get();
  in.matter = matter_;
  in.as_of = content_.as_of;
  in.asked_on = content_.asked_on;
  in.known_at = content_.known_at;
  in.asked_at = content_.asked_at;
  in.caller = content_.caller;
  cited = compose(in, out);
  return std::optional(data.id);
}

}  // namespace lixin::measure
