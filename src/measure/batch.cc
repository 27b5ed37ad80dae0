#include "measure/batch.h"

#include "measure/receipt.h"

namespace lixin::measure {

answerer::answerer(const question& q, data_source& from, const crypto::key_file& keys)
    : question_(q), from_(from), keys_(keys), content_(q.content()) {}

result<void> answerer::answer(const typed_code& code, one& out) {
  LIXIN_TRY(out.subject, question_.answer_to(code, from_, data_, out.answer, cited_));
  out.bytes = answer_json(out.answer);
  content_.code = code.code;
  content_.failed = code.failed;
  content_.answer_digest = crypto::sm3(out.bytes);
  out.receipt = sign_receipt(content_, keys_);
  return {};
}

result<batch_checker> batch_checker::open(const question& q, data_source& from,
                                          const crypto::key_file& keys, asking by) {
  LIXIN_CHECK(check_asking(by));
  return batch_checker(q, from, keys, std::move(by));
}

result<std::span<const answerer::one>> batch_checker::check(pg::connection& c,
                                                            std::span<const std::string> typed) {
  LIXIN_ASSERT(typed.size() <= codes_max);
  while (answers_.size() < typed.size()) answers_.push_back(answerer_.blank());
  for (std::size_t i = 0; i < typed.size(); ++i)
    LIXIN_CHECK(answerer_.answer(read_code(typed[i]), answers_[i]));
  const std::span<const answerer::one> all(answers_.data(), typed.size());
  LIXIN_CHECK(log(c, all));
  return all;
}

result<void> batch_checker::log(pg::connection& c, std::span<const answerer::one> all) const {
  if (all.empty()) return {};
  pg::copy_buffer rows("inquiry",
                       "asked_at, asker, code, subject_id, matter, as_of, position, outcome");
  for (const answerer::one& x : all) {
    rows.row(8);
    rows.timestamp(by_.now);
    rows.text(by_.asker);
    x.answer.code.empty() ? rows.null() : rows.text(x.answer.code);
    x.subject ? rows.int8(x.subject->value) : rows.null();
    rows.text(x.answer.matter.code);
    rows.day(x.answer.as_of);
    rows.int8(x.answer.known_at.value);
    rows.int2(static_cast<std::int16_t>(x.answer.outcome));
  }
  return rows.send(c);
}

}  // namespace lixin::measure
