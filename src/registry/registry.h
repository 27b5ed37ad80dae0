// Subjects, their identifiers and names, and the resolver that ties a row to one subject by exact
// identifiers only (a name never binds). Reads and writes inside the caller's transaction; writers
// of identifiers hold lock_registry() first, so an identifier belongs to one subject at most.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "catalogue/row_check.h"
#include "pg/pg.h"
#include "registry/links.h"

namespace lixin::registry {

enum class identifier_kind : std::int16_t {
  credit_code = 1,
  organisation_code,
  registration_number,
  tax_number,
  institution_certificate,
  social_certificate,
};
std::string_view code_of(identifier_kind k);  // "credit-code" ...
std::string_view title_zh(identifier_kind k);
std::string_view title_en(identifier_kind k);

struct identifier {
  identifier_kind kind = identifier_kind::credit_code;
  std::string value;
  bool operator==(const identifier&) const = default;
};
struct identifier_hash {
  std::size_t operator()(const identifier& i) const noexcept {
    return std::hash<std::string>{}(i.value) * 31 + static_cast<std::size_t>(i.kind);
  }
};

// The identifiers of a row, strongest first; the credit code also gives its organisation code.
std::vector<identifier> identifiers_of(const catalogue::party& p);

struct subject {
  subject_id id;
  catalogue::subject_kind kind = catalogue::subject_kind::enterprise;
  std::string credit_code;  // "" when none is known
  std::string name;         // registered now; "" when none is registered
  std::string name_folded;
  subject_id alias_of;  // the main subject of which it is a duplicate registration now; 0 = none
};
// How sentences name it: by its credit code, else by its name.
std::string name_of(const subject& s);

// Serialises everyone who adds or releases identifiers; held to the end of the transaction.
result<void> lock_registry(pg::connection& c);

// The subjects of a set of identifiers: one round trip for a whole chunk.
class resolver {
 public:
  // Asks for those that are not known yet.
  result<void> load(pg::connection& c, const std::vector<const identifier*>& wanted);
  // The same for subjects that are known by their number.
  result<void> load_subjects(pg::connection& c, const std::set<subject_id>& wanted);

  // Between the chunks of one hand-in: forgets what another writer may have given up or claimed
  // since. Credit codes stay their subject's for good, so they may be kept; of the subjects' names
  // the one at the first meeting counts. With more than `subjects_max` subjects everything is
  // forgotten.
  void keep_credit_codes(std::size_t subjects_max);

  enum class outcome : std::uint8_t { found, unknown, ambiguous };
  struct answer {
    outcome what = outcome::unknown;
    subject_id id;
  };
  // All known identifiers of the row must name the same subject, or duplicates of one: then the
  // owner of the strongest is meant. A subject that already has another credit code than the row's
  // is not meant by a shared lesser identifier: that is ambiguous too.
  answer resolve(const std::vector<identifier>& of_row) const;
  // Whether both are the same subject, or duplicates of one. Both are known here.
  bool same_group(subject_id a, subject_id b) const;

  const subject* find(subject_id id) const;
  void add(const subject& s, const std::vector<identifier>& ids);  // new in this chunk
  void claim(subject_id id, const std::vector<identifier>& ids);
  void rename(subject_id id, std::string name);
  bool known(const identifier& i) const;

 private:
  using owners = std::unordered_map<identifier, subject_id, identifier_hash>;
  owners& owners_for(identifier_kind k) {
    return k == identifier_kind::credit_code ? by_credit_code_ : by_lesser_;
  }
  const subject_id* owner(const identifier& i) const;

  owners by_credit_code_;
  owners by_lesser_;  // apart, so that forgetting them costs nothing
  std::unordered_map<subject_id, subject> subjects_;
};

// For reading commands.
struct name_entry {
  std::string name;
  position at;
  std::optional<date> valid_from;
};
struct subject_file {
  subject current;
  position registered_at;
  std::vector<std::pair<identifier, position>> identifiers;
  std::vector<name_entry> names;  // oldest first; the last is the registered one
  subject_id asked;               // the owner of the code; one of `duplicates` when not `current`
  std::vector<subject_file> duplicates;  // each by itself, in order of id

  alias_group group() const;
  bool has(const identifier& i) const;  // also of a duplicate
  bool by_duplicate() const { return asked != current.id; }
  // The owner of the code that was asked by.
  const subject& asked_subject() const;
};
// Finds by any identifier (credit code first); not_found and ambiguous are errors that say what to
// try. By a code of a duplicate it answers the main subject. Names, identifiers and ties that were
// learnt after `known_at` are left out.
result<subject_file> find_subject(pg::connection& c, std::string_view code, position known_at);

// One subject by its number, as known at a position, without its ties; not_found when it was not
// registered then.
result<subject_file> file_of(pg::connection& c, subject_id id, position known_at);

// As it stands now: the owner of a typed code itself, never the main subject of which it is a
// duplicate; and the subject of a number that was read from the database.
result<subject> subject_named(pg::connection& c, std::string_view code);
result<subject> subject_with(pg::connection& c, subject_id id);

}  // namespace lixin::registry
