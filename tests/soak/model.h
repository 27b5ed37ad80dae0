// What the archive must hold after a sequence of hand-ins, withdrawals, events, moves and purges,
// said by a few plain rules and without a database: the other side of the soak test. One
// department, one dataset (penalties); documents and contents are numbers.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/date.h"

namespace lixin::soak {

struct row {
  enum class kind { organisation, person, unknown_subject, broken } what = kind::organisation;
  int document = 0;
  int subject = 0;
  int content = 0;
};

enum class event { dispute, settle, repair };

// When the retention of a document ends, whatever is said in it; none: not while the test lasts.
std::optional<date> retention_ends(int document);
inline constexpr date last_end{2027, 1, 28};

class model {
 public:
  explicit model(int subjects) : subjects_(subjects) {}

  // Both answer nothing: the sequence of batches is that of the calls.
  void import(const std::vector<row>& rows);
  void withdraw(int nth);  // from 0
  // Whether the rules allow it, and if so its effect.
  bool happen(int document, event what);
  bool rebind(int document, int to);
  void purge(date today);

  int subjects() const { return subjects_; }
  int batches() const { return static_cast<int>(batches_.size()); }
  int purged() const;  // records, as in "p" of lines()
  bool withdrawn(int nth) const { return batches_[static_cast<std::size_t>(nth)].withdrawn; }
  // A document whose record stands, by the nth of them; -1 when there is none.
  int standing_document(std::size_t nth) const;

  // Sorted lines: "v document nth-record subject version change batch content",
  // "b batch state accepted unchanged corrected pending sealed refused", of the record that a
  // document's key names "e document nth-record kind nth-event", and of what was purged
  // "p subject records", where a record counts in every archive in which it was.
  std::vector<std::string> lines() const;

 private:
  enum class change { accepted = 1, corrected, restored, withdrawn, moved, arrived };
  struct version {
    change how = change::accepted;
    int place = 0;  // the subject in whose archive it is
    int batch = 0;
    int content = 0, named = 0;  // what the row said, and of whom
    bool says(const row& r) const { return content == r.content && named == r.subject; }
  };
  struct record {
    int subject = 0;
    std::set<int> left;             // subjects from which it was moved
    std::vector<version> versions;  // of all places; moved ones lie beside their arrivals
    std::vector<event> events;
    bool stands() const { return versions.back().how != change::withdrawn; }
  };
  struct batch {
    bool withdrawn = false;
    std::array<int, 6> fates{};  // accepted unchanged corrected pending sealed refused
    std::vector<std::pair<int, std::size_t>> touched;  // document, record: rows that made versions
  };
  enum fate { accepted, unchanged, corrected, pending, sealed, refused };

  fate meet(int nth, const row& r);
  bool replaced(const record& it, const row& r) const;
  static bool disputed(const record& r);

  int subjects_;
  std::vector<batch> batches_;
  std::map<int, std::vector<record>> records_;  // the last is the one that the key names
  std::map<int, int> persons_;                  // document -> batch whose sealed row stands
  std::set<int> persons_once_;                  // documents that ever had one that was not purged
  std::set<int> purged_documents_, purged_persons_;  // these are not taken in again
  std::map<int, int> purged_records_;                // by subject
};

}  // namespace lixin::soak
