// What the server counts, in Prometheus' text form. Thread-safe. No label holds anything that a
// client may choose: routes, methods, status classes, outcomes, departments.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "archive/batch.h"
#include "http/server.h"
#include "measure/answer.h"

namespace lixin::api {

class live_city;

class metrics {
 public:
  metrics();
  ~metrics();

  void request(const http::finished& f);
  void check(measure::outcome o);
  void hand_in(const archive::batch_info& b);

  // Everything, with what is asked of the others at this moment.
  std::string text(const live_city& city, const http::server::gauges& http);

 private:
  struct counters;
  std::unique_ptr<counters> all_;
};

}  // namespace lixin::api
