// Many codes, one question: the same answers and receipts as single checks give, with what does not
// change from code to code found once. An object belongs to one thread; question, source and keys
// must outlive it.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "crypto/crypto.h"
#include "measure/check.h"
#include "measure/inquiry.h"
#include "measure/question.h"
#include "measure/receipt.h"
#include "measure/source.h"
#include "pg/pg.h"

namespace lixin::measure {

// Computes; logs nothing. Whoever gives its answers away logs the inquiry first (batch_checker).
class answerer {
 public:
  answerer(const question& q, data_source& from, const crypto::key_file& keys);

  struct one {
    measure::answer answer;  // begins as a copy of the question's frame
    std::optional<subject_id> subject;
    std::string bytes, receipt;
  };
  one blank() const { return {question_.frame(), {}, {}, {}}; }
  // Overwrites `out`, which blank() made, as many as there are codes; its memory is used again.
  // The receipts are left as they were.
  result<void> answer(std::span<const typed_code> codes, std::span<one> out);
  // The receipts of answers that answer() gave.
  void sign(std::span<one> answers);

 private:
  const question& question_;
  data_source& from_;
  answer_writer writer_;
  receipt_signer signer_;
  subject_data data_;
  std::vector<record_id> cited_;
  std::vector<receipt_signer::item> items_;
};

class batch_checker {
 public:
  static constexpr std::size_t codes_max = 5000;  // of a group
  static_assert(codes_max <= journal::inquiries_max);

  // errc of check_asking().
  static result<batch_checker> open(const question& q, data_source& from,
                                    const crypto::key_file& keys, asking by);

  // Up to codes_max codes, as typed. All inquiries of the group are committed before the answers
  // are returned; they are good until the next call. Call it outside a transaction.
  result<std::span<const answerer::one>> check(pg::connection& c,
                                               std::span<const std::string> typed);

 private:
  batch_checker(const question& q, data_source& from, const crypto::key_file& keys, asking by)
      : answerer_(q, from, keys), by_(std::move(by)) {}

  answerer answerer_;
  asking by_;
  std::vector<typed_code> codes_;
  std::vector<answerer::one> answers_;
  std::vector<journal::inquiry> inquiries_;
};

}  // namespace lixin::measure
