#include "measure/batch.h"

namespace lixin::measure {

answerer::answerer(const question& q, data_source& from, const crypto::key_file& keys)
    : question_(q), from_(from), writer_(q.frame()), signer_(q.content(), keys) {}

result<void> answerer::answer(std::span<const typed_code> codes, std::span<one> out) {
  LIXIN_ASSERT(codes.size() == out.size());
  for (std::size_t i = 0; i < codes.size(); ++i) {
    one& x = out[i];
    LIXIN_TRY(x.subject, question_.answer_to(codes[i], from_, data_, x.answer, cited_));
    x.bytes.clear();
    writer_.append(x.answer, x.bytes);
  }
  return {};
}

void answerer::sign(std::span<one> answers) {
  items_.clear();
  for (one& x : answers) items_.push_back({x.answer.code, x.answer.failed, x.bytes, &x.receipt});
  signer_.sign(items_);
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
  codes_.clear();
  for (const std::string& code : typed) codes_.push_back(read_code(code));
  const std::span<answerer::one> all(answers_.data(), typed.size());
  LIXIN_CHECK(answerer_.answer(codes_, all));
  answerer_.sign(all);
  LIXIN_CHECK(log(c, all));
  return std::span<const answerer::one>(all);
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
