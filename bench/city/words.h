// What names and texts are made of. Brands come from a list of syllables, not from real firms;
// people are called 测试 and two numbering signs. Constants only.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "city/random.h"

namespace lixin::city {

enum class body : std::uint8_t {
  enterprise,
  individual_business,
  cooperative,
  institution,
  social_organisation,
  government_body,
};

struct county {
  std::string_view division;  // GB/T 2260
  std::string_view title;
  std::string_view in_names;  // how names of bodies there begin
  std::uint32_t weight;       // by rough size
};
std::span<const county> counties();
const county& pick_county(random& r);

// A name as a register would have it; `more` adds that many syllables to the brand.
std::string compose_name(random& r, body kind, const county& where, int more);
std::string compose_person(random& r);
std::string compose_address(random& r, const county& where);
std::string_view type_of(random& r, body kind);  // 有限责任公司, 个体工商户 ...
std::string_view trade_scope(random& r);         // a line of a scope of business

}  // namespace lixin::city
