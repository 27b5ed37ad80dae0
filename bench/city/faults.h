// What goes wrong in real hand-ins, one kind at a time, with what a receiving platform must answer.
// Pure functions over a row.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "city/draft.h"
#include "city/plan.h"
#include "city/random.h"
#include "city/records.h"

namespace lixin::city {

enum class fault : std::uint8_t {
  // refused
  wrong_check_sign,
  code_too_short,
  sign_outside_alphabet,
  placeholder_code,
  code_became_number,
  organisation_code_wrong,
  organisation_code_of_another,
  registration_number_wrong,
  not_a_date,
  no_such_day,
  decided_in_future,
  ends_before_it_begins,
  mandatory_blank,
  conditional_blank,
  too_long,
  kind_not_on_list,
  class_not_on_list,
  class_against_code,
  bad_amount,
  bad_ordinal,
  cell_beyond_heading,
  phone_in_text,
  resident_number_in_text,
  bank_card_in_text,
  plate_in_text,
  person_in_organisations_dataset,
  resident_number_as_code,
  nobody_named,
  person_number_wrong,
  person_without_number,
  class_blank,
  class_and_code_wrong,
  government_body_not_taken,
  two_faults,
  // bound otherwise than others
  subject_unknown,
  subject_ambiguous,
  other_name,
  // of two or three rows about one document
  repeated,
  repeated_with_change,
  changed_back,
  other_party,
  second_party,
};
inline constexpr int faults = static_cast<int>(fault::second_party) + 1;

std::string_view name_of(fault f);
// Kinds that need further rows; the driver makes them from a faultless first row.
constexpr bool takes_more_rows(fault f) { return f >= fault::repeated; }
// The row must be about a person for this one, about an organisation for all others.
constexpr bool needs_person(fault f) {
  return f == fault::person_number_wrong || f == fault::person_without_number;
}

// Whether this file can show this fault at all.
bool fits(fault f, const hand_in& h);
// Puts the fault into a row made for it. False, with the row unusable, when this row does not offer
// what the fault needs (no fine, no registration number ...); the driver then makes the row again.
bool apply(fault f, const hand_in& h, const record_maker& make, random& r, draft& row);

// Other content of the same document, for corrections. Different `step`s differ from each other.
void change_content(const hand_in& h, int step, draft& row);

}  // namespace lixin::city
