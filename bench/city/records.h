// Rows without faults: what a department would have written. The same file and row number always
// give the same row, whichever rows were made before. Immutable; safe to use from any thread.
#pragma once

#include <cstdint>
#include <string>

#include "city/draft.h"
#include "city/organisations.h"
#include "city/plan.h"
#include "city/random.h"

namespace lixin::city {

class record_maker {
 public:
  record_maker(const settings& s, const population& bodies) : settings_(s), bodies_(bodies) {}

  // Whether a record row is about a natural person (unless a fault needs an organisation there).
  bool is_personal(const hand_in& h, std::uint64_t row) const;
  void make_record(const hand_in& h, std::uint64_t row, bool personal, draft& out) const;

  // A registration row; `first_hand` gives the former name of a renamed body.
  void make_registration(const hand_in& h, const organisation& o, bool first_hand,
                         draft& out) const;

  // Puts another body into the identity cells.
  void set_party(const hand_in& h, const organisation& o, random& r, draft& out) const;
  // A date as this file writes dates.
  std::string written(const hand_in& h, date d) const;
  std::string document(const hand_in& h, std::uint64_t row, date decided) const;

  const settings& of() const { return settings_; }
  const population& bodies() const { return bodies_; }

 private:
  void set_person(const hand_in& h, random& r, draft& out) const;
  void fill_licence(const hand_in& h, std::uint64_t row, random& r, draft& out) const;
  void fill_penalty(const hand_in& h, random& r, draft& out) const;
  void fill_entry(const hand_in& h, random& r, draft& out) const;
  const organisation& pick_body(const hand_in& h, random& r) const;
  date pick_decided(const hand_in& h, const organisation* o, random& r) const;

  const settings& settings_;
  const population& bodies_;
};

}  // namespace lixin::city
