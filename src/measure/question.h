// A check without its subject: what does not change from one code to the next of a question (rules
// in force, dates, caller), found out once. Then code by code: read the code, read the subject from
// a source, evaluate, compose. The one way to an answer, for a single check, a receipt and a file
// of codes. A question is immutable and may be shared; the packs that it came from must outlive it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue/store.h"
#include "measure/answer.h"
#include "measure/receipt.h"
#include "measure/source.h"

namespace lixin::measure {

struct asking;  // check.h

struct typed_code {
  std::string code;  // folded; "" when invalid
  code_layer failed = code_layer::none;
};
// A code as typed. A person's number is told from a code before all else.
typed_code read_code(std::string_view typed);

// Whether this asker may check at all, and has a name for the inquiry log.
result<void> check_asking(const asking& by);

class question {
 public:
  // The content's code, failed and answer_digest are not looked at.
  static result<question> of(const catalogue::store& packs, receipt_content content,
                             data_source& from);
  // What the packs of a date and a position say, for a new question.
  static result<question> now(const catalogue::store& packs, const asking& by,
                              std::string_view matter, date as_of, position known_at,
                              position asked_at, data_source& from);

  const receipt_content& content() const { return content_; }
  // All that every answer begins with: matter, dates, position, packs.
  const answer& frame() const { return frame_; }

  // Sets outcome, code, subject, measures and entries of `out`, which is a copy of frame() or the
  // answer of another code to this question. Answers the subject, none when unknown or invalid.
  // `cited` gets the records behind the answer.
  result<std::optional<subject_id>> answer_to(const typed_code& code, data_source& from,
                                              subject_data& data, answer& out,
                                              std::vector<record_id>& cited) const;

 private:
  question() = default;

  receipt_content content_;
  std::shared_ptr<const catalogue::catalogue> rules_, rules_now_;
  const catalogue::matter* matter_ = nullptr;
  answer frame_;
};

}  // namespace lixin::measure
