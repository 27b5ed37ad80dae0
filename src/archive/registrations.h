// What a withdrawn registration leaves of its subjects. Private to the archive.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/ids.h"
#include "catalogue/catalogue.h"
#include "journal/audit.h"
#include "pg/pg.h"

namespace lixin::archive {

// A dataset that registers: which of its fields hold the name and the numbers that can be given up.
// The credit code and the organisation code in it name the subject itself and stay.
struct registering {
  dataset_id dataset;
  std::string name_field;
  std::vector<std::int64_t> kinds;  // of identifiers, by field
  std::vector<std::string> fields;
};
registering registering_of(const catalogue::dataset& d, dataset_id number);

// After the versions of a withdrawal are written, under lock_registry(): the subjects get the name
// of the newest registration that stands ("" when none does), and numbers that came with a batch
// that was taken back, and that no registration states any more, are free again. Followers are told
// of each subject that changed.
result<void> follow_registrations(pg::connection& c, const registering& what, batch_id batch,
                                  const std::vector<std::int64_t>& subjects, const journal::act& by,
                                  std::chrono::system_clock::time_point now);

}  // namespace lixin::archive
