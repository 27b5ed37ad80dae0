// The catalogue: what packs say, typed. A pack is a folder of CSV sheets (docs/packs.md) that an
// officer keeps in Excel; everything below is read from them, nothing of a domain is in C++.
// Plain values, immutable once loaded, safe to share between threads.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/date.h"
#include "base/error.h"
#include "base/ids.h"
#include "catalogue/unary_test.h"

namespace lixin::catalogue {

enum class subject_kind : std::uint8_t {
  enterprise = 1,
  individual_business,
  institution,
  social_organisation,
  government_body,
};  // natural persons are not in the catalogue: `takes_persons` seals their rows
std::string_view code_of(subject_kind k);   // "enterprise" ...
std::string_view title_zh(subject_kind k);  // "企业" ...
std::string_view title_en(subject_kind k);
std::optional<subject_kind> subject_kind_named(std::string_view code);

enum class tone : std::uint8_t { adverse = 1, positive, neutral };
// Strictest last. `published`: everybody; `shared`: authorities of the sharing group; `consent`: by
// the subject's consent; `source`: the source authority and the centre only; `hidden`: nobody
// (discard).
enum class disclosure : std::uint8_t { published = 1, shared, consent, source, hidden };
enum class certainty : std::uint8_t { verified = 1, unverified };
enum class publicity_class : std::uint8_t { none = 0, minor, general, serious };  // 轻微 一般 严重
std::string_view code_of(publicity_class c);  // "none" "minor" "general" "serious"
std::string_view code_of(tone t);
std::string_view code_of(disclosure d);  // sheet words: public shared consent source hidden
std::string_view code_of(certainty c);

struct basis {
  std::string text;  // law, number, article
  certainty status = certainty::unverified;
};

enum class field_type : std::uint8_t {
  text,     // free text: searched for personal numbers
  name,     // of an organisation
  choice,   // one value of a code list
  choices,  // several values of a code list in one cell, separated by ; ； , ， 、 | or line break
  date,
  fen,  // money; `unit` says what the cell counts: yuan or wan (10,000 yuan); kept in fen
  integer,
  credit_code,
  organisation_code,
  registration_number,
  identifier,     // any other number of an organisation: tax number, certificate number
  document,       // a document number (文号)
  person_name,    // never searched, sorted, joined or exported in bulk
  person_number,  // a natural person's ID number: makes the row personal, goes to the vault only
  discard,        // not stored, not digested, not echoed
};

// What a field is for; at most one field of a dataset has each role except `none`.
enum class field_role : std::uint8_t {
  none,
  party_name,
  party_class,
  credit_code,
  organisation_code,
  registration_number,
  tax_number,
  institution_certificate,
  social_certificate,
  person_id_type,
  person_id_number,
  document,
  party_ordinal,
  decided_on,
  valid_from,
  valid_to,
  published_until,
  publicity_class,
  procedure,
  authority_code,
  notified_on,
  effective_on,
  ended_on,
  remedy,
  kind,
  former_name,
  county,
};

// Words of the sheet: M, C, O, MH, CH. The two that end in H bind only rows of files that have the
// column, because an older layout without it is still handed in.
enum class presence : std::uint8_t {
  mandatory,
  conditional,
  optional,
  mandatory_if_column,
  conditional_if_column,
};

struct code_value {
  std::string code;  // canonical, what is stored; "其他*" takes any value that begins with 其他
  std::string title_zh, title_en;
  std::vector<std::string> aliases;
  int order = 0;
  std::string meaning;  // for lists the program must understand: party-class has organisation,
                        // person, individual_business; publicity-class minor, general, serious;
  // procedure has simplified, ordinary; subject-kind the codes of subject_kind
};
struct code_list {
  std::string code;
  std::vector<code_value> values;
  // By canonical code, title or alias (all folded as headings are); null when not on the list.
  const code_value* find(std::string_view value) const;
  std::map<std::string, std::size_t, std::less<>> index;  // folded -> values

  // The same by the text as it stands: the fast way in for rows.
  struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
  };
  std::unordered_map<std::string, std::size_t, text_hash, std::equal_to<>> exact;
  int wildcard = -1;  // index of the value that ends in *, -1 when none
};

// "FIELD: tests; FIELD: tests": all must hold. A `choices` field meets a test when any value does;
// a `fen` field is compared in yuan.
struct condition {
  struct clause {
    int field = -1;  // index in dataset.fields
    unary_tests tests;
  };
  std::vector<clause> clauses;
  std::string source;
  // `values` by field index, canonical text ("" = absent).
  bool holds(const struct dataset& d, const std::vector<std::string>& values) const;
};

struct field {
  std::string code, title_zh, title_en;
  field_type type = field_type::text;
  field_role role = field_role::none;
  presence required = presence::optional;
  condition when;      // for conditional
  int length_max = 0;  // code points; 0 = the type's own limit
  const code_list* codes = nullptr;
  std::string unit;  // fen only: "yuan" or "wan"
  lixin::catalogue::disclosure visible = disclosure::published;
  std::vector<std::string> aliases;
};

struct term {
  condition when;
  lixin::catalogue::publicity_class publicity = publicity_class::none;
  int months_min = 0, months_max = 0;  // months_max 0 = not published
  lixin::catalogue::basis basis;
};

struct dataset {
  std::string code, title_zh, title_en, pack;
  std::vector<subject_kind> kinds;
  bool takes_persons = false;  // personal rows are sealed; otherwise refused
  bool registers = false;      // a row makes its subject when the subject is not known yet
  lixin::catalogue::tone tone = tone::neutral;
  lixin::catalogue::disclosure visible = disclosure::published;
  std::string sharing_group;
  int publicity_months_min = 0;
  int publicity_months_max = 0;  // 0 with tone adverse is refused; 0 otherwise = no end
  int retention_months = 0;      // 0 = no end; adverse datasets must have one
  lixin::catalogue::basis retention_basis;
  int hand_in_working_days = 0;  // 0 = no limit
  std::string frequency;
  lixin::catalogue::basis basis;
  std::vector<field> fields;
  std::vector<term> terms;

  int field_with(field_role r) const;            // index, -1 when none
  int field_named(std::string_view code) const;  // by short code; -1 when none
};

struct list {
  std::string code, title_zh, title_en, dataset;
  std::string kind;  // serious, honour, abnormal, record
  std::string authority, notice, remedy, early_exit;
  int term_months = 0;  // 0: the entry's own valid_to
  lixin::catalogue::basis basis;
};

struct matter {
  std::string code, title_zh, title_en, scope;
  lixin::catalogue::basis basis;
};

enum class effect : std::uint8_t { barred = 1, limited, watch, benefit };
std::string_view code_of(effect e);

struct measure {
  std::string code, matter, title_zh, title_en;
  lixin::catalogue::effect effect = effect::watch;
  std::string body;  // who applies it
  std::vector<subject_kind> kinds;
  std::string trigger_list;  // a list's code
  condition when;            // over the fields of the list's dataset; empty = always
  std::string term;          // in words: "while the entry is in force"
  lixin::catalogue::basis basis;
};

struct sheet {
  std::string name;  // "fields", "samples/penalty-good"
  std::string body;  // CSV text as it stands
};

struct pack {
  std::string code, title_zh, title_en, authority, version;
  date valid_from;
  lixin::catalogue::basis basis;
  std::vector<std::unique_ptr<code_list>> codes;
  std::vector<dataset> datasets;
  std::vector<list> lists;
  std::vector<matter> matters;
  std::vector<measure> measures;
  std::vector<sheet> sheets;  // the source, stored when the pack is loaded
  std::string digest;         // SM3 of the sheets, hex

  const dataset* dataset_named(std::string_view code) const;
};

// Reads the sheets of one pack and lists EVERY fault: file, row, column, expected, found,
// suggestion. On success `pack` is set and `faults` is empty. Samples are run too: a row whose fate
// or reasons differ from what the sample expects is a fault.
struct pack_check {
  std::optional<lixin::catalogue::pack> pack;
  std::vector<error> faults;
};
pack_check check_pack(std::vector<sheet> sheets, const std::string& folder);
// All *.csv below `folder` (samples too), as sheets. Limits: 64 sheets, 4 MiB each.
result<std::vector<sheet>> read_sheets(const std::string& folder);

// Several packs that are in force together. Codes of datasets, lists, matters and measures are
// unique over all packs; a measure may name a list of another pack.
class catalogue {
 public:
  // Faults across packs: doubled codes, measures that name an unknown list or matter.
  static std::vector<error> cross_check(const std::vector<std::shared_ptr<const pack>>& packs);
  explicit catalogue(std::vector<std::shared_ptr<const pack>> packs);

  const dataset* find_dataset(std::string_view code) const;
  const list* find_list(std::string_view code) const;
  const matter* find_matter(std::string_view code) const;
  const pack* pack_of(const dataset& d) const;
  std::vector<const list*> lists_of(std::string_view dataset_code) const;
  std::vector<const measure*> measures_of(std::string_view matter_code) const;
  const std::vector<std::shared_ptr<const pack>>& packs() const { return packs_; }

 private:
  std::vector<std::shared_ptr<const pack>> packs_;
};

}  // namespace lixin::catalogue
