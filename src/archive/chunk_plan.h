// What one chunk will change: read the state under the locks, decide the fate of each row in order,
// then store everything at once. Private to the archive.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "archive/archive.h"
#include "archive/chunk.h"
#include "journal/journal.h"

namespace lixin::archive {

// What a person decided about the one row of a chunk, beyond what the rules decide.
struct row_decision {
  std::optional<subject_id> bind_to;  // known to the resolver
  bool replaces = false;              // the document's record goes over to this row's subject
  bool accept_older = false;          // although it takes a newer content back
};

class chunk_plan {
 public:
  struct row_outcome {
    fate what = fate::refused;
    const message* why = nullptr;  // of a pending row
    subject_id subject;
    record_id record;
    std::int32_t version = 0;
  };
  // A record that is taken down for another counterpart's.
  struct replaced_record {
    subject_id subject;
    record_id record;
    std::int32_t version = 0;  // that stood
    std::int64_t position_offset = 0;
  };

  chunk_plan(const hand_in& h, const chunk& c, registry::resolver& subjects,
             numbers_of_hand_in& numbers)
      : hand_in_(h), chunk_(c), subjects_(subjects), numbers_(numbers) {}

  // Subjects and records that the rows may meet, and documents that were purged.
  result<void> load(pg::connection& c, const vault::vault& persons);
  result<void> reserve_numbers(pg::connection& c);
  // Before decide(); must outlive the plan.
  void follow(const row_decision& d) { decision_ = &d; }
  void decide();
  const row_outcome& outcome_of(std::size_t row) const { return fates_[row]; }
  const std::vector<replaced_record>& replaced() const { return replaced_; }
  bool took_back() const { return took_back_; }  // an older content stands again
  result<void> seal(pg::connection& c, vault::vault& persons,
                    std::chrono::system_clock::time_point now);
  // The journal's head is locked in here, after everything that does not need a position. Answers
  // the first position; 0 when nothing changed.
  result<position> store(pg::connection& c, const journal::act& by,
                         std::chrono::system_clock::time_point now);
  fate_counts counts() const;

 private:
  struct known_version {
    std::int32_t version = 0;
    policy::record_change change = policy::record_change::accepted;
    std::string digest;
    bool counts = true;  // its hand-in was not withdrawn
    batch_id batch;
  };
  // What a document key of the chunk names.
  struct known_record {
    subject_id subject;
    record_id record;                     // 0: no record yet
    std::vector<known_version> versions;  // of all its places, in order
    std::vector<subject_id> left;         // the subjects from which it was moved to this one
    bool exists() const { return record.value != 0; }
    bool stands() const {
      return !versions.empty() && versions.back().change != policy::record_change::withdrawn;
    }
    // Whether what stands now took the place of this content.
    bool replaced(std::string_view digest) const;
  };
  struct record_name {
    std::string_view document_key;  // of a checked row
    std::int32_t party = 0;
    bool operator==(const record_name&) const = default;
  };
  struct record_name_hash {
    std::size_t operator()(const record_name& n) const noexcept {
      return std::hash<std::string_view>{}(n.document_key) * 31 + static_cast<std::size_t>(n.party);
    }
  };
  struct planned_version {
    std::size_t row = 0;
    subject_id subject;
    record_id record;
    std::int32_t version = 0;
    policy::record_change change = policy::record_change::accepted;
    bool name_differs = false;
    std::int64_t position_offset = 0;
  };
  struct new_subject {
    subject_id id;
    catalogue::subject_kind kind;
    std::int64_t position_offset;
  };
  struct new_claim {
    subject_id id;
    registry::identifier what;
    std::int64_t position_offset;
  };
  struct new_name {
    subject_id id;
    std::string name;
    std::optional<date> valid_from;
    std::int64_t position_offset;
  };

  result<void> load_subjects(pg::connection& c);
  result<void> load_records(pg::connection& c);
  result<void> find_purged(pg::connection& c, const vault::vault& persons);
  result<void> load_versions(pg::connection& c, const std::vector<known_record*>& found);
  result<bool> read_versions(pg::connection& c, const std::vector<archive::record_name>& places,
                             const std::vector<known_record*>& into);
  result<void> load_left_places(pg::connection& c, const std::vector<known_record*>& moved);
  result<void> load_counterparts(pg::connection& c);
  void decide_row(std::size_t i);
  void hold(std::size_t row, const message& why);
  bool went_elsewhere(std::size_t i, const known_record& r, subject_id named) const;
  void meet_record(std::size_t i, known_record& r, subject_id named);
  void add_version(std::size_t i, known_record& r, subject_id named, policy::record_change change,
                   fate f);
  bool take_over(const known_record& r);
  bool is_overtaken(const known_record& r) const;
  subject_id register_subject(std::size_t i);
  void learn(std::size_t i, subject_id id);

  result<void> store_records(pg::connection& c);
  result<void> move_keys(pg::connection& c);
  result<void> store_rows(pg::connection& c);
  result<void> store_decided_row(pg::connection& c);
  result<void> store_replaced(pg::connection& c, position first);
  result<void> store_versions(pg::connection& c, position first);
  result<void> store_subjects(pg::connection& c, position first);
  std::string reasons_json(std::size_t row) const;
  std::string cells_json(std::size_t row) const;

  const hand_in& hand_in_;
  const chunk& chunk_;
  registry::resolver& subjects_;
  numbers_of_hand_in& numbers_;
  std::unordered_map<record_name, known_record, record_name_hash> records_;
  std::vector<known_record*> of_row_;  // by row of the chunk; null unless the row is clean
  std::set<std::size_t> purged_rows_;  // rows whose document was purged

  const row_decision* decision_ = nullptr;
  std::vector<replaced_record> replaced_;
  bool took_back_ = false;
  std::vector<row_outcome> fates_;          // by row of the chunk
  std::vector<std::size_t> added_records_;  // rows that made a record
  std::vector<std::size_t> moved_keys_;     // of these: the key named a withdrawn record
  std::vector<planned_version> versions_;
  std::vector<journal::change> changes_;  // in order; offsets above count from the first
  std::vector<new_subject> registered_;
  std::vector<new_claim> claims_;
  std::vector<new_name> names_;
  std::set<subject_id> changed_subjects_;
};

}  // namespace lixin::archive
