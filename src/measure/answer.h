// The answer to a check as plain values, and its two faces: JSON for programs (the same answer is
// the same bytes; receipts rest on that) and text for people. Pure and thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/date.h"
#include "base/error.h"
#include "base/ids.h"
#include "catalogue/catalogue.h"
#include "policy/policy.h"

namespace lixin::measure {

// Numbers are stored in the inquiry log: add, never change.
enum class outcome : std::uint8_t {
  clear = 1,  // known subject, nothing but benefits applies
  watch,
  limited,
  barred,           // the heaviest effect in force decides between these three
  unknown_subject,  // a valid code that is not registered here
  invalid_code,
  content_ended,  // of a receipt: what it rests on was repaired, withdrawn or purged since
};
std::string_view code_of(outcome o);  // "clear" ... "unknown-subject" ...
std::string_view title_zh(outcome o);
std::string_view title_en(outcome o);

// The layers of a credit code's check, with the one that comes before all: a person's number.
// Numbers are stored in receipts.
enum class code_layer : std::uint8_t {
  none = 0,
  length,
  alphabet,
  placeholder,
  division,
  check_sign,
  personal_number,
};
std::string_view code_of(code_layer l);
// Why a code is invalid; never repeats what was given.
error reason_of(code_layer l);  // not for none

// An entry behind a measure. What the caller may not see of it is absent ("" or no date).
struct cited_entry {
  std::string record;  // "1203-88412"
  std::int32_t version = 0;
  std::string dataset, list;  // codes
  std::string list_title_zh, list_title_en;
  std::string document, authority;  // authority: its title
  std::optional<date> decided_on, effective_on, valid_to;
  std::optional<date> from, until;  // the term of this entry, the list's own term counted in
  bool disputed = false;
  std::string remedy;  // how to object
};

struct answered_measure {
  std::string code, title_zh, title_en;
  catalogue::effect effect = catalogue::effect::watch;
  std::string body, term;
  catalogue::basis basis;
  std::vector<cited_entry> entries;
};

struct idle_entry {  // without effect; only the centre is told
  cited_entry entry;
  policy::no_effect reason = policy::no_effect::none;
};

struct named_subject {
  std::string name;  // "" when none is registered
  catalogue::subject_kind kind = catalogue::subject_kind::enterprise;
  // The main subject's code, where the one asked by is a duplicate registration's; else "".
  std::string duplicate_of = {};
};

struct answer {
  measure::outcome outcome = measure::outcome::clear;
  std::string code;  // the folded credit code; "" when invalid
  code_layer failed = code_layer::none;
  std::optional<named_subject> subject;
  catalogue::matter matter;
  date as_of, asked_on;
  policy::caller_kind caller = policy::caller_kind::everyone;
  position known_at;                                               // data up to here ...
  std::optional<std::chrono::system_clock::time_point> sealed_at;  // ... sealed then; none at 0
  std::vector<std::pair<std::string, std::string>> packs;          // code, version
  std::vector<answered_measure> measures;
  std::vector<idle_entry> without_effect;
  std::string first_digest;  // content_ended: SM3 of the first answer's bytes, hex
};

// One compact object, keys in fixed order, absent members written as null.
std::string answer_json(const answer& a);
// The same for many answers to one question, with what is the same in all of them written once.
class answer_writer {
 public:
  explicit answer_writer(const answer& frame);
  // Of an answer whose matter, dates, caller, position and packs are those of the frame.
  void append(const answer& a, std::string& out) const;

 private:
  std::string frame_;
};
// Sentences and short lines, with a line end at the end.
std::string answer_text(const answer& a, language lang);

}  // namespace lixin::measure
