// The check image: all subjects of the city in memory, with what of their records a check can need.
// It is built from the database by several connections that read one moment, and follow() brings it
// to the journal's head: whatever a change says of a subject, that subject is read again. Readers
// pin a state and never wait for anybody; a state stands at one position and answers as the
// database does when it is asked as known at that position.
//
// build() and follow() are for one thread at a time; each reader belongs to one thread, and readers
// go before the image does. A failed follow() leaves the image as it was; call it again.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/error.h"
#include "base/ids.h"
#include "base/published.h"
#include "measure/image_state.h"
#include "measure/source.h"
#include "pg/pg.h"

namespace lixin::measure {

inline constexpr int image_connections_max = 32;

class image {
 public:
  using states = published<image_state>;
  using reader = states::reader;

  // From the database that `conninfo` names, by 1 to image_connections_max connections at once.
  static result<std::unique_ptr<image>> build(const std::string& conninfo, int connections);

  // Reads the journal to its head as the connection sees it and answers that position, at which the
  // image stands then. Outside a transaction. errc::journal_went_back: another database.
  result<position> follow(pg::connection& c);

  states& published_states() { return states_; }
  // The thread that follows may ask; others pin a state.
  const image_state& newest() const { return states_.newest(); }

  struct size {
    std::size_t subjects = 0, records = 0;
    std::size_t bytes = 0;  // of all that is kept
  };
  static size size_of(const image_state& s);

 private:
  image(std::string conninfo, int connections, std::unique_ptr<const image_state> first)
      : conninfo_(std::move(conninfo)), connections_(connections), states_(std::move(first)) {}

  std::string conninfo_;
  int connections_;
  states states_;
};

// Answers from a pinned state, which must outlive it. Only as known and asked at its position.
class image_source : public data_source {
 public:
  explicit image_source(const image_state& s) : state_(s) {}
  result<bool> read(std::string_view code, position known_at, position asked_at,
                    subject_data& out) override;
  result<std::optional<std::chrono::system_clock::time_point>> sealed_at(position p) override;

 private:
  const image_state& state_;
};

}  // namespace lixin::measure
