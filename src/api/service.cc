#include "api/service.h"

#include <atomic>

#include "api/parts.h"

namespace lixin::api {
namespace {

constexpr std::size_t keys_counted_max = 16'384;

// Tokens of a client address by pace: a person with a browser, a system that checks, a department
// that hands in. Keys have quotas of their own.
const std::vector<http::rate> usual_rates{{20, 200}, {2000, 20'000}, {2, 60}};

}  // namespace

class service::impl {
 public:
  impl(service_options o, std::unique_ptr<live_city> city, const crypto::key_file& keys,
       const clock& now)
      : city_(std::move(city)),
        desks_({.conninfo = o.conninfo, .count_max = o.limits.pool_threads}, keys, now),
        checks_(
            {.conninfo = o.conninfo, .counted = [this](measure::outcome x) { metrics_.check(x); }},
            *city_, keys, now),
        gate_(city_->keys(), now, keys_counted_max),
        parts_{*city_, desks_, checks_,  metrics_,
               keys,   now,    o.folder, [this] { return gauges(); }} {}

  result<void> start(service_options o) {
    http::options http{.listen = std::move(o.listen),
                       .limits = o.limits,
                       .rates = o.limit_rates ? usual_rates : std::vector<http::rate>{},
                       .trusted_proxies = std::move(o.trusted_proxies),
                       .default_language = o.default_language,
                       .statuses = status_of};
    http.observer = [this, then = std::move(o.observer)](const http::finished& f) {
      metrics_.request(f);
      if (then) then(f);
    };
    LIXIN_TRY(server_, http::server::start(std::move(http), guarded(endpoints(), parts_, gate_)));
    serving_ = server_.get();
    return {};
  }

  // The engine first: until it is empty its requests need all the others.
  ~impl() {
    if (server_) stop(std::chrono::milliseconds(0));
  }
  bool stop(std::chrono::milliseconds within) {
    serving_ = nullptr;
    return server_->stop(within);
  }
  std::uint16_t port() const { return server_->port(); }
  service::started state() const {
    const auto fresh = city_->now();
    return {fresh.subjects, fresh.at};
  }

 private:
  http::server::gauges gauges() const {
    const http::server* s = serving_;
    return s != nullptr ? s->now() : http::server::gauges{};
  }

  metrics metrics_;
  std::unique_ptr<live_city> city_;
  desks desks_;
  checker checks_;
  gate gate_;
  parts parts_;
  std::unique_ptr<http::server> server_;
  std::atomic<const http::server*> serving_{nullptr};
};

service::service(std::unique_ptr<impl> i) : impl_(std::move(i)) {}
service::~service() = default;

result<std::unique_ptr<service>> service::start(service_options o, const crypto::key_file& keys,
                                                const clock& now) {
  LIXIN_TRY(auto city,
            live_city::open({.conninfo = o.conninfo, .connections = o.image_connections}));
  auto made = std::make_unique<impl>(o, std::move(city), keys, now);
  LIXIN_CHECK(made->start(std::move(o)));
  return std::unique_ptr<service>(new service(std::move(made)));
}

std::uint16_t service::port() const { return impl_->port(); }
service::started service::state() const { return impl_->state(); }
bool service::stop(std::chrono::milliseconds within) { return impl_->stop(within); }

}  // namespace lixin::api
