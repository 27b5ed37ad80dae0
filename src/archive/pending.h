// Pending rows: those that no rule may decide. They keep their checked content until a person
// decides; then they take the fate that they would have had, with the terms, lateness and flags of
// the day of their hand-in, by the same code as the hand-in. Decisions are remembered to show what
// was decided before, never to bind by themselves.
//
// A natural person's pending row keeps no content: it can only be rejected, and handed in again.
//
// Failures are values (errc.h). Each decision is one transaction; deciding the same again answers
// what was done. One thread per context.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "archive/batch.h"
#include "archive/import.h"

namespace lixin::archive {

// What was decided, as stored: flags that add up.
enum class decision_kind : std::int16_t {
  bind_own = 1,       // by the row's own identifiers, as they are registered now
  bind_named = 2,     // to the subject that was named by a code and a second fact
  replaces = 4,       // the document's record goes over from its old counterpart
  another_party = 8,  // another party of the same document
  accept_older = 16,  // an older content shall stand again
  reject = 32,
};
enum class decision_state : std::int16_t { proposed = 1, performed, superseded, withdrawn };

inline constexpr int party_ordinal_max = 9'999;
inline constexpr std::size_t decision_text_signs_max = 500;

struct decide_request {
  batch_id batch;
  std::uint64_t row = 0;
  bool bind = false;
  std::string code, fact;  // with bind; both or none
  bool replaces = false;
  int another_party = 0;  // the ordinal; 0 = not decided so
  bool accept = false;
  bool reject = false;
  bool withdraw_proposal = false;
  std::string reason;  // must be given with reject
  std::string actor;
};

struct decide_outcome {
  bool already = false;   // decided or proposed so before; nothing was done
  bool proposed = false;  // waits for another person's same decision
  bool proposal_withdrawn = false;
  fate what = fate::pending;
  std::string record;  // "<subject>-<record>", "" when none
  std::int32_t version = 0;
};

// An entry of an adverse list takes two persons: the first call proposes, a second one by another
// actor with the same content performs; another content takes the proposal's place. Rejecting takes
// one. errc: no_such_batch, no_such_row, row_not_pending, batch_taken_back, pending_no_content,
// decision_unclear, fact_missing, fact_not_held, bind_elsewhere, still_pending (with the question
// that is left), decision_not_asked ...
result<decide_outcome> decide_pending(const import_context& context, const decide_request& request);

struct pending_proposal {
  int kind = 0;  // flags of decision_kind
  std::string by, at, subject_code, subject_name, reason;
  int party_ordinal = 0;
};
struct pending_row {
  batch_id batch;
  std::uint64_t row = 0;
  std::string dataset, authority, authority_title;
  date handed_in_on;
  std::vector<row_reason> reasons;  // the first says why the row is pending
  bool has_content = false;         // false: a natural person's
  std::string document, name;       // "" without content
  bool two_persons = false;         // an entry of an adverse list
  std::optional<pending_proposal> proposal;
  // The newest row with the same content that was rejected; 0 = none.
  batch_id rejected_batch;
  std::uint64_t rejected_row = 0;
};
struct pending_filter {
  std::string dataset, authority, reason;  // codes; "" = any
  batch_id after_batch;                    // rows after this one
  std::uint64_t after_row = 0;
  int limit = 50;
};
// In the order of batches and rows; rows of withdrawn batches are left out.
result<std::vector<pending_row>> list_pending(const import_context& context,
                                              const pending_filter& f);

}  // namespace lixin::archive
