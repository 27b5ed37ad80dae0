// The columns that the sample city fills, dataset by dataset, in the order of the packs, and which
// of them a fault can touch. The test holds them against packs/. Constants.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace lixin::city {

struct column {
  std::string_view code;   // short code
  std::string_view title;  // Chinese heading
};

inline constexpr std::size_t absent = static_cast<std::size_t>(-1);

struct shape {
  std::string_view dataset;
  std::span<const column> columns;
  bool takes_persons = false;
  int hand_in_working_days = 0;  // 0: never late

  // Columns by what they are for; `absent` where the dataset has none.
  std::size_t name = absent, party_class = absent, credit = absent, organisation = absent,
              registration = absent, tax = absent, representative = absent,
              representative_id_type = absent, representative_id = absent, person_id_type = absent,
              person_id = absent, document = absent, decided = absent, from = absent, to = absent,
              ordinal = absent, remark = absent, facts = absent, kinds = absent, fine = absent,
              confiscated = absent, suspended = absent, procedure = absent, publicity = absent,
              outcome = absent, authority = absent, authority_code = absent, notified = absent,
              effective = absent, remedy = absent, basis = absent, amount = absent;

  std::size_t at(std::string_view code) const;  // `absent` when there is no such column
};

const shape& registration_shape();
const shape& licence_shape();
const shape& penalty_shape();
const shape& procurement_shape();
const shape& court_shape();
const shape& tax_shape();

}  // namespace lixin::city
