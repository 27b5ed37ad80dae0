// Where a check reads what is known of a subject: the database, or the city in memory (image.h).
// All else of a check is the same code, so both give the same bytes. An object belongs to one
// thread at a time.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archive/archive.h"
#include "base/error.h"
#include "base/ids.h"
#include "catalogue/store.h"
#include "pg/pg.h"

namespace lixin::measure {

// Used again from check to check, so that its memory is.
struct subject_data {
  subject_id id;     // whose archive answers
  subject_id asked;  // the owner of the code: `id` itself or a duplicate of it
  catalogue::subject_kind kind = catalogue::subject_kind::enterprise;
  std::string name;
  std::string duplicate_of;  // how the answer names `id` when a duplicate's code was asked by
  // Versions that stood at asked_at, and at known_at: empty when that is the same position. May
  // leave out what no list of any pack speaks of.
  std::vector<archive::record_view> current, then;
};

class data_source {
 public:
  virtual ~data_source() = default;
  // False when the credit code was nobody's at known_at; `out` says nothing then.
  virtual result<bool> read(std::string_view code, position known_at, position asked_at,
                            subject_data& out) = 0;
  // When a position was sealed; none at 0.
  virtual result<std::optional<std::chrono::system_clock::time_point>> sealed_at(position p) = 0;
};

class database_source : public data_source {
 public:
  database_source(pg::connection& c, catalogue::store& packs) : c_(c), packs_(packs) {}
  result<bool> read(std::string_view code, position known_at, position asked_at,
                    subject_data& out) override;
  result<std::optional<std::chrono::system_clock::time_point>> sealed_at(position p) override;

 private:
  pg::connection& c_;
  catalogue::store& packs_;
};

}  // namespace lixin::measure
