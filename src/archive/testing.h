// For tests: a city with its packs and departments in a database of its own, officers who hand in
// files of made-up companies, and what must hold in any database at any time.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "archive/archive.h"
#include "archive/batch.h"
#include "archive/events.h"
#include "archive/import.h"
#include "archive/linking.h"
#include "archive/rebind.h"
#include "archive/withdraw.h"
#include "calendar/working_days.h"
#include "catalogue/store.h"
#include "crypto/crypto.h"
#include "journal/journal.h"
#include "pg/pg.h"
#include "registry/registry.h"
#include "vault/vault.h"

namespace lixin::archive::testing {

using strings = std::vector<std::string>;

// A result's value; an error ends the test with its sentence.
template <class T>
T must(result<T> r) {
  if (!r.ok()) throw std::runtime_error(r.error().text(language::en));
  return std::move(r).value();
}
inline void must(result<void> r) {
  if (!r.ok()) throw std::runtime_error(r.error().text(language::en));
}

// The code of an error that must be there; "" when there was none.
template <class T>
std::string refused_as(const result<T>& r) {
  return r.ok() ? std::string() : std::string(r.error().code());
}

// Valid codes of nobody, by number. `signs`: 91 an enterprise, 92 an individual business.
std::string organisation_code(int n);
std::string credit_code(int n, std::string_view signs = "91");
std::string registration_number(int n);
// 18 signs of GB 11643, of an area that does not exist.
std::string resident_number(int n);

// ---- files

// Quoted where CSV wants it; the first line is the heading.
std::string csv(const std::vector<strings>& lines);

struct registration {
  std::string name;
  std::string code;
  std::string number = "";  // registration number
  std::string address = "";
};
std::string registrations(const std::vector<registration>& rows);

// `code` "" and a number: a natural person's row.
struct penalty {
  std::string document;
  std::string code;
  std::string name = "示例公司";
  std::string facts = "逾期未公示年度报告";
  std::string decided = "2026-11-20";
  std::string ordinal = "";
  std::string person = "";
  std::string kind = "罚款";
  std::string registration_number = "";
  std::string level = "";  // 失信程度
};
std::string penalties(const std::vector<penalty>& rows);

// An entry on the list of bad records in government procurement, with notice, effect and remedy.
struct procurement_entry {
  std::string document;
  std::string code;
  std::string name = "示例公司";
  std::string decided = "2026-10-08";
  std::string until = "2027-10-07";
};
std::string procurement_entries(const std::vector<procurement_entry>& rows);

// ---- the city

class trial_city {
 public:
  trial_city();
  trial_city(const trial_city&) = delete;
  trial_city& operator=(const trial_city&) = delete;
  ~trial_city();

  const std::string& conninfo() const { return conninfo_; }
  const std::string& folder() const { return folder_; }
  std::string write(const std::string& text, std::string_view ending = ".csv");

  static const crypto::key_file& keys();
  static const calendar::working_days& days();

 private:
  std::string conninfo_, folder_;
  int files_ = 0;
};

class movable_clock : public clock {
 public:
  explicit movable_clock(date today) : today_(today) {}
  std::chrono::system_clock::time_point now() const override { return fixed_clock(today_).now(); }
  date today() const override { return today_; }
  void move_to(date d) { today_ = d; }

 private:
  date today_;
};

inline constexpr date trial_today{2026, 11, 24};
inline constexpr const char* trial_authority = "scjg";  // market regulation

// One officer with a connection of her own. One thread at a time.
class desk {
 public:
  explicit desk(trial_city& city);

  pg::connection& db() { return connection_; }
  catalogue::store& packs() { return packs_; }
  movable_clock& clock() { return clock_; }
  import_context context();

  // Hands a file in and holds the counts of the batch against its rows.
  import_outcome hand_in(const std::string& dataset, const std::string& text,
                         const std::string& authority = trial_authority);
  result<import_outcome> import(const import_request& request);
  result<import_outcome> import(const import_request& request,
                                const std::function<void(const import_progress&)>& progress);
  batch_id register_all(const std::vector<registration>& rows);
  batch_id penalise(const std::vector<penalty>& rows);

  // A line for each row: fate, then the version from 2 on ("corrected v2"), codes of reasons and
  // notes, and the flags late and name-differs.
  strings fates(batch_id id);
  std::vector<row_fate> rows(batch_id id);

  withdrawal withdraw(batch_id id);
  record_name record_of(batch_id id, std::uint64_t row);
  record_view view(const record_name& n);
  result<event_outcome> event(const record_name& n, policy::event_kind kind,
                              const std::string& document, date on);

  // Ties and moves, by the code of the subjects; the officer acts.
  result<tie_outcome> tie(registry::link_kind kind, const std::string& from, const std::string& to,
                          const std::string& approved_by = "",
                          registry::succession_form form = registry::succession_form::none);
  result<tie_outcome> alias(const std::string& from, const std::string& to) {
    return tie(registry::link_kind::alias, from, to);
  }
  result<tie_outcome> unalias(const std::string& from, const std::string& to) {
    return tie(registry::link_kind::alias_ended, from, to);
  }
  result<rebind_outcome> rebind(const record_name& n, const std::string& to,
                                const std::string& approved_by = "");
  registry::tie_source source(const std::string& approved_by = "");

  position head() { return must(journal::read_head(connection_)).last; }
  std::int64_t number(const std::string& sql);
  std::string text(const std::string& sql);

 private:
  trial_city& city_;
  pg::connection connection_;
  catalogue::store packs_;
  vault::vault persons_;
  movable_clock clock_{trial_today};
};

// What holds in every database between transactions: positions dense and told by what they name,
// versions dense, keys one to one, counts equal to rows, names and codes equal to their history.
// Answers what is broken, a line each.
strings broken_rules(pg::connection& c);

// The content of the archive without numbers that differ from run to run (ids, positions, times):
// equal for two databases that took the same hand-ins.
std::string content_of(pg::connection& c);

// A fixture with one city and one officer.
class archive_fixture : public ::testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(broken_rules(officer.db()), strings{}); }

  trial_city city;
  desk officer{city};
};

}  // namespace lixin::archive::testing
