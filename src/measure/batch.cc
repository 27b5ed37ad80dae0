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
  if (all.empty()) return std::span<const answerer::one>();
  inquiries_.clear();
  for (const answerer::one& x : all) inquiries_.push_back(inquiry_of(x.answer, x.subject, by_));
  LIXIN_CHECK(commit_inquiries(c, inquiries_, by_));
  return std::span<const answerer::one>(all);
}

}  // namespace lixin::measure
