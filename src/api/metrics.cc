#include "api/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <map>
#include <mutex>

#include "api/live_city.h"

namespace lixin::api {
namespace {

// Seconds: from a check out of memory to a file that is handed in.
const prometheus::Histogram::BucketBoundaries buckets{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                                                      0.01,   0.05,    0.25,   1,     10,     60};

constexpr std::size_t outcomes = static_cast<std::size_t>(measure::outcome::content_ended) + 1;

double seconds(std::chrono::microseconds t) { return static_cast<double>(t.count()) / 1e6; }

}  // namespace

struct metrics::counters {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests =
      prometheus::BuildCounter()
          .Name("lixin_http_requests_total")
          .Help("Requests that are over, by route, method and status")
          .Register(registry);
  prometheus::Family<prometheus::Histogram>& durations =
      prometheus::BuildHistogram()
          .Name("lixin_http_request_seconds")
          .Help("From the end of a request's head to the end of its answer")
          .Register(registry);
  prometheus::Family<prometheus::Counter>& answers = prometheus::BuildCounter()
                                                         .Name("lixin_checks_total")
                                                         .Help("Checks answered, by outcome")
                                                         .Register(registry);
  prometheus::Family<prometheus::Counter>& rows =
      prometheus::BuildCounter()
          .Name("lixin_handed_in_rows_total")
          .Help("Rows handed in over the API, by authority, dataset and fate")
          .Register(registry);
  prometheus::Gauge& position = gauge("lixin_city_position", "Journal position of the image");
  prometheus::Gauge& subjects = gauge("lixin_city_subjects", "Subjects in memory");
  prometheus::Gauge& age =
      gauge("lixin_city_age_seconds", "Since the image was last compared with the database");
  prometheus::Gauge& keys_age =
      gauge("lixin_keys_age_seconds", "Since the keys of callers were last read");
  prometheus::Gauge& connections = gauge("lixin_http_connections", "Connections now");
  prometheus::Gauge& queued = gauge("lixin_http_queued", "Requests that wait for a thread");

  // By measure::outcome; each stands there from the start, with 0.
  std::array<prometheus::Counter*, outcomes> by_outcome = [this] {
    std::array<prometheus::Counter*, outcomes> out{};
    for (std::size_t o = 1; o < outcomes; ++o) {
      const auto code = measure::code_of(static_cast<measure::outcome>(o));
      out[o] = &answers.Add({{"outcome", std::string(code)}});
    }
    return out;
  }();

  // A look-up by labels takes a lock and a hash of them; the I/O thread remembers.
  struct of_route {
    prometheus::Histogram* took = nullptr;
    std::map<std::pair<std::string, unsigned>, prometheus::Counter*> by_status;
  };
  std::mutex mutex;
  std::map<std::string, of_route, std::less<>> routes;

 private:
  prometheus::Gauge& gauge(const char* name, const char* help) {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
  }
};

metrics::metrics() : all_(std::make_unique<counters>()) {}
metrics::~metrics() = default;

void metrics::request(const http::finished& f) {
  const std::string route(f.route.empty() ? "none" : f.route);
  const std::lock_guard lock(all_->mutex);
  auto& known = all_->routes[route];
  if (known.took == nullptr) known.took = &all_->durations.Add({{"route", route}}, buckets);
  auto& counter = known.by_status[{std::string(f.method), f.status}];
  if (counter == nullptr) {
    counter = &all_->requests.Add({{"route", route},
                                   {"method", std::string(f.method)},
                                   {"status", std::to_string(f.status)}});
  }
  counter->Increment();
  known.took->Observe(seconds(f.took));
}

void metrics::check(measure::outcome o) {
  all_->by_outcome[static_cast<std::size_t>(o)]->Increment();
}

void metrics::hand_in(const archive::batch_info& b) {
  for (const archive::fate f : archive::all_fates) {
    all_->rows
        .Add({{"authority", b.authority},
              {"dataset", b.dataset},
              {"fate", std::string(archive::code_of(f))}})
        .Increment(static_cast<double>(b.counts[f]));
  }
}

std::string metrics::text(const live_city& city, const http::server::gauges& http) {
  const auto fresh = city.now();
  all_->position.Set(static_cast<double>(fresh.at.value));
  all_->subjects.Set(static_cast<double>(fresh.subjects));
  all_->age.Set(static_cast<double>(fresh.age.count()) / 1e3);
  all_->keys_age.Set(std::chrono::duration<double>(city.keys().age()).count());
  all_->connections.Set(static_cast<double>(http.connections));
  all_->queued.Set(static_cast<double>(http.queued));
  return prometheus::TextSerializer().Serialize(all_->registry.Collect());
}

}  // namespace lixin::api
