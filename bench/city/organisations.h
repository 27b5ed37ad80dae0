// The bodies of the sample city: codes, names and when they were founded; and how often each is met
// in records. Immutable after construction; safe to read from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/date.h"
#include "city/random.h"
#include "city/words.h"

namespace lixin::city {

struct organisation {
  body kind = body::enterprise;
  const county* where = nullptr;
  std::string code;          // credit code
  std::string registration;  // old 15-digit number, "" for most
  std::string name;          // registered once all registration files are in
  std::string former_name;   // what the first registration file says; "" when never renamed
  std::string representative;
  date founded;

  std::string organisation_code() const { return code.substr(8, 9); }
  bool is_individual_business() const { return kind == body::individual_business; }
};

class population {
 public:
  population(std::uint64_t seed, std::uint32_t count, date today);

  std::uint32_t size() const { return static_cast<std::uint32_t>(bodies_.size()); }
  const organisation& at(std::uint32_t i) const { return bodies_[i]; }
  // A body for a record: few are met often (a Zipf-Mandelbrot law), most a few times.
  const organisation& pick(random& r) const;
  // As pick, but never a government body.
  const organisation& pick_private(random& r) const;
  // A body that is in no registration file; different numbers give different bodies.
  organisation stranger(std::uint32_t number) const;

 private:
  organisation make(std::uint32_t serial) const;

  std::uint64_t seed_;
  date today_;
  std::vector<organisation> bodies_;
  std::vector<std::uint64_t> reach_;  // running sum of weights
};

}  // namespace lixin::city
