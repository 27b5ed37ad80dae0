#include "city/organisations.h"

#include <algorithm>
#include <unordered_set>

#include "city/codes.h"

namespace lixin::city {
namespace {

constexpr std::uint64_t stream = 0x6f72'67;  // of the random numbers of bodies
// Strangers take their serials from the far end.
constexpr std::uint32_t stranger_base = 20'000'000;

body pick_body(random& r) {
  const std::uint32_t n = r.below(1000);
  if (n < 470) return body::enterprise;
  if (n < 900) return body::individual_business;
  if (n < 930) return body::cooperative;
  if (n < 960) return body::institution;
  if (n < 987) return body::social_organisation;
  return body::government_body;
}

std::string_view prefix_of(body kind) {
  switch (kind) {
    case body::institution:
    case body::government_body:
      return "MB9";
    case body::social_organisation:
      return "MJ9";
    default:
      return "MA9";
  }
}

std::string_view signs_of(random& r, body kind) {
  switch (kind) {
    case body::enterprise:
      return "91";
    case body::individual_business:
      return "92";
    case body::cooperative:
      return "93";
    case body::institution:
      return "12";
    case body::social_organisation:
      return r.permille(500) ? "51" : "52";
    case body::government_body:
      return "11";
  }
  return "91";
}

// How much more often than an individual business.
std::uint64_t weight_of(body kind) {
  switch (kind) {
    case body::enterprise:
      return 4;
    case body::individual_business:
      return 2;
    case body::cooperative:
      return 2;
    default:
      return 1;
  }
}

}  // namespace

organisation population::make(std::uint32_t serial) const {
  random r(seed_, stream, serial);
  organisation o;
  o.kind = pick_body(r);
  o.where = &pick_county(r);
  const std::string_view signs = signs_of(r, o.kind);
  o.code = credit_code(signs, o.where->division, organisation_code(prefix_of(o.kind), serial));
  const bool trades = o.kind == body::enterprise || o.kind == body::individual_business;
  if (trades && r.permille(300)) {
    // GS 15-2006: domestic enterprises begin with 0-3, individual businesses with 6-9.
    const std::uint32_t first = o.kind == body::enterprise ? 0 : 60'000'000;
    o.registration = registration_number(o.where->division, first + serial);
  }
  o.representative = compose_person(r);
  o.founded = today_ - r.between(400, 9000);
  o.name = compose_name(r, o.kind, *o.where, 0);
  return o;
}

population::population(std::uint64_t seed, std::uint32_t count, date today)
    : seed_(seed), today_(today) {
  bodies_.reserve(count);
  reach_.reserve(count);
  std::unordered_set<std::string> names;
  names.reserve(count + count / 50);
  const std::uint64_t offset = count / 100 + 1;
  std::uint64_t sum = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    organisation o = make(i);
    random r(seed_, stream + 1, i);
    for (int more = 1; !names.insert(o.name).second; ++more) {
      o.name = compose_name(r, o.kind, *o.where, more);
    }
    // Only the market regulators hand in changes.
    const bool market = o.kind == body::enterprise || o.kind == body::individual_business ||
                        o.kind == body::cooperative;
    if (market && r.permille(15)) {
      do {
        o.former_name = compose_name(r, o.kind, *o.where, 1);
      } while (!names.insert(o.former_name).second);
    }
    sum += weight_of(o.kind) * ((std::uint64_t{1} << 32) / (i + offset));
    reach_.push_back(sum);
    bodies_.push_back(std::move(o));
  }
}

const organisation& population::pick(random& r) const {
  // The sum stays below 2^52 for any size that fits into memory, so % is even enough.
  const std::uint64_t n = r.next() % reach_.back();
  const auto it = std::upper_bound(reach_.begin(), reach_.end(), n);
  return bodies_[static_cast<std::size_t>(it - reach_.begin())];
}

const organisation& population::pick_private(random& r) const {
  for (int tries = 0; tries < 1000; ++tries) {
    const organisation& o = pick(r);
    if (o.kind != body::government_body) return o;
  }
  return bodies_.front();
}

organisation population::stranger(std::uint32_t number) const {
  organisation o = make(stranger_base + number % (organisation_serials - stranger_base));
  o.registration.clear();
  return o;
}

}  // namespace lixin::city
