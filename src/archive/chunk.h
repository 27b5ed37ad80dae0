// One chunk of a hand-in: up to 10,000 rows that commit together. prepare() does all that needs no
// database and may run in another thread than write(), which binds the rows to subjects, decides
// each row's fate and stores what follows, in one transaction. A chunk that committed is never done
// again: the batch row holds the last row done and is locked first.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "archive/batch.h"
#include "base/date.h"
#include "base/error.h"
#include "base/ids.h"
#include "base/stopwatch.h"
#include "calendar/working_days.h"
#include "catalogue/catalogue.h"
#include "catalogue/row_check.h"
#include "crypto/crypto.h"
#include "pg/pg.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "tabular/tabular.h"
#include "vault/vault.h"

namespace lixin::archive {

inline constexpr std::size_t chunk_rows_max = 10'000;

// What write() needs of a row beside its check.
struct prepared_row {
  std::vector<registry::identifier> identifiers;
  std::string name_folded;
  std::string content;      // JSON; "" unless clean or sealed
  crypto::digest digest{};  // of content, clean rows only
  catalogue::class_decision decision;
  std::optional<date> public_until, effective_until, purge_at;
  bool late = false;
};

struct chunk {
  tabular::block block;  // the cells as handed in; checked rows point into it
  std::vector<catalogue::checked_row> checked;
  std::vector<prepared_row> prepared;
  std::size_t size = 0;  // rows in use; the vectors keep their capacity
  void clear() {
    block.clear();
    size = 0;
  }
};

// Of one hand-in; the same for all its chunks.
struct hand_in {
  const catalogue::dataset* dataset = nullptr;
  catalogue::heading_map headings;
  batch_id batch;
  dataset_id dataset_number;
  authority_id authority_number;
  pack_version_id pack_version;
  date handed_in_on;
  std::string actor;         // who hands in now; a resumed batch may have begun with another
  int list_term_months = 0;  // of entries without an end of their own; 0 = none
};

// The rules by which the rows are checked: the dataset, and the term of its lists. The pack must
// outlive the hand-in and hold the dataset.
void take_rules(hand_in& h, const catalogue::pack& pack, std::string_view dataset);

// Serialises everyone who writes records of one dataset and authority, so that a document key is
// read and written without a race. Held to the end of the transaction.
result<void> lock_documents(pg::connection& c, dataset_id dataset, authority_id authority);

// Checks and prepares the rows of chunk.block. One per thread.
class preparer {
 public:
  preparer(const hand_in& h, const calendar::working_days& days);
  void prepare(chunk& c);

 private:
  void finish(const catalogue::checked_row& row, prepared_row& out);
  void refuse_without_calendar(catalogue::checked_row& row, std::uint64_t number);

  const hand_in& hand_in_;
  const calendar::working_days& days_;
  catalogue::row_checker checker_;
  std::unordered_map<std::int32_t, result<bool>> late_;  // by day of decision
};

// Ids that no one else gets: a sequence's value stands for as many ids as its increment says. Kept
// from chunk to chunk; what is left over at the end is a gap, which means nothing.
class new_numbers {
 public:
  explicit new_numbers(std::string_view sequence) : sequence_(sequence) {}
  result<void> reserve(pg::connection& c, std::size_t count);  // next() may be called so often
  std::int64_t next();

 private:
  struct run {
    std::int64_t next, end;
  };
  std::string_view sequence_;
  std::deque<run> runs_;
  std::size_t left_ = 0;
};

struct numbers_of_hand_in {
  new_numbers subjects{"subject_subject_id_seq"};
  new_numbers records{"record_record_id_seq"};
};

// Writes prepared chunks. Belongs to one thread with its connection.
class chunk_writer {
 public:
  chunk_writer(pg::connection& c, const hand_in& h, vault::vault& persons, const clock& now)
      : connection_(c), hand_in_(h), vault_(persons), clock_(now) {}
  // Inside the caller's transaction, which holds what must not change beside it until it ends.
  result<void> write(const chunk& c);

  // Seconds spent so far.
  double bind_s() const { return bind_.seconds(); }
  double store_s() const { return store_.seconds(); }

 private:
  stopwatch bind_, store_;
  registry::resolver subjects_;
  position linked_;  // the last tie that subjects_ knows of
  numbers_of_hand_in numbers_;
  pg::connection& connection_;
  const hand_in& hand_in_;
  vault::vault& vault_;
  const clock& clock_;
};

}  // namespace lixin::archive
