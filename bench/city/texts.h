// What licences, penalties and list entries of the sample city are about. Constants.
#pragma once

#include <span>
#include <string_view>

namespace lixin::city {

struct licence_kind {
  std::string_view authority, title, kind, certificate, content;
  int years;  // 0: long term
};
std::span<const licence_kind> licences_of(std::string_view authority);

struct offence {
  std::string_view authority, kind, facts, basis;
  int fine_low, fine_high;  // in 100 yuan
};
std::span<const offence> offences_of(std::string_view authority);

struct entry_kind {
  std::string_view dataset, facts, outcome, basis, nature;
  int months;
};
std::span<const entry_kind> entries_of(std::string_view dataset);

}  // namespace lixin::city
