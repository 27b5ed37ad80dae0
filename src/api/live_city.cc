#include "api/live_city.h"

#include <fmt/format.h>

#include "api/errc.h"
#include "keeping/errc.h"
#include "keeping/purge.h"
#include "measure/errc.h"

namespace lixin::api {
namespace {

constexpr std::chrono::milliseconds reconnect_pause{500};

}  // namespace

result<std::unique_ptr<live_city>> live_city::open(live_city_options o) {
  LIXIN_TRY(auto image, measure::image::build(o.conninfo, o.connections));
  LIXIN_TRY(auto c, pg::connection::open(o.conninfo));
  std::unique_ptr<live_city> out(new live_city(std::move(o), std::move(image), std::move(c)));
  LIXIN_CHECK(out->follow());
  LIXIN_CHECK(out->look_around());
  out->thread_ = std::jthread([city = out.get()](std::stop_token stop) { city->run(stop); });
  return out;
}

live_city::live_city(live_city_options o, std::unique_ptr<measure::image> i, pg::connection c)
    : options_(std::move(o)), image_(std::move(i)), connection_(std::move(c)) {}

live_city::~live_city() = default;  // the thread goes first

result<void> live_city::follow() {
  const auto asked = std::chrono::steady_clock::now();
  const auto asked_at = std::chrono::system_clock::now();
  const auto before = &image_->newest();
  const auto followed = image_->follow(*connection_);
  if (!followed.ok()) {
    if (followed.error().is(measure::errc::journal_went_back)) replaced_ = true;
    return followed.error();
  }
  if (&image_->newest() != before) ++epoch_;
  const std::lock_guard lock(mutex_);
  fresh_ = {.at = *followed, .followed_at = asked_at, .subjects = image_->newest().subjects};
  fresh_since_ = asked;
  failure_.reset();
  return {};
}

result<void> live_city::look_around() {
  const auto free = keeping::check_not_restoring(*connection_);
  {
    const std::lock_guard lock(mutex_);
    blocked_.reset();
    if (!free.ok() && free.error().is(keeping::errc::restoring)) blocked_ = free.error();
  }
  LIXIN_CHECK(free);
  LIXIN_CHECK(keys_.refresh(*connection_));
  return {};
}

void live_city::run(std::stop_token stop) {
  auto keys_next = std::chrono::steady_clock::now() + options_.keys_every;
  while (!stop.stop_requested() && !replaced_) {
    auto pause = options_.follow_every;
    result<void> done;
    if (!connection_) {
      auto c = pg::connection::open(options_.conninfo);
      if (c.ok()) {
        connection_.emplace(std::move(c).value());
      } else {
        done = c.error();
      }
    }
    if (done.ok()) done = follow();
    if (done.ok() && std::chrono::steady_clock::now() >= keys_next) {
      keys_next = std::chrono::steady_clock::now() + options_.keys_every;
      done = look_around();
    }
    std::unique_lock lock(mutex_);
    if (!done.ok()) {
      failure_ = done.error();
      connection_.reset();
      pause = reconnect_pause;
    }
    wake_.wait_for(lock, stop, pause, [] { return false; });
  }
}

live_city::freshness live_city::now() const {
  const std::lock_guard lock(mutex_);
  freshness out = fresh_;
  out.age = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                  fresh_since_);
  return out;
}

result<void> live_city::check_fresh() const {
  if (replaced_) return error(errc::restart_needed);
  {
    const std::lock_guard lock(mutex_);
    if (blocked_) return *blocked_;
  }
  const auto age = now().age;
  if (age <= options_.stale_after) return {};
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(age).count();
  return error(errc::city_stale, {fmt::format("{}", seconds)});
}

std::optional<error> live_city::last_failure() const {
  const std::lock_guard lock(mutex_);
  return failure_;
}

}  // namespace lixin::api
