#include "api/desks.h"

#include <fmt/format.h>

#include "api/errc.h"
#include "catalogue/city.h"

namespace lixin::api {

result<std::unique_ptr<desk>> desk::open(const std::string& conninfo, const crypto::key_file& keys,
                                         const clock& now) {
  LIXIN_TRY(auto c, pg::connection::open(conninfo));
  LIXIN_TRY(auto packs, catalogue::store::open(c));
  return std::unique_ptr<desk>(new desk(std::move(c), std::move(packs), keys, now));
}

result<bool> desk::check() {
  auto newest = connection_.exec("SELECT coalesce(max(pack_version_id), 0) FROM pack_version");
  if (!newest.ok()) return false;
  const auto& known = packs_.entries();
  const std::int64_t last = known.empty() ? 0 : known.back().id.value;
  if (newest->int64(0, 0) == last) return true;
  LIXIN_TRY(packs_, catalogue::store::open(connection_));
  return true;
}

result<archive::import_context> desk::context() {
  LIXIN_TRY(days_, catalogue::load_calendar(connection_));
  return archive::import_context{connection_, packs_, *days_, vault_, now_};
}

result<desks::lease> desks::take() {
  std::unique_lock lock(mutex_);
  const auto ready = [&] { return !free_.empty() || made_ < options_.count_max; };
  if (!changed_.wait_for(lock, options_.wait, ready)) {
    return error(errc::no_connection_free, {fmt::format("{}", options_.count_max)});
  }
  if (!free_.empty()) {
    std::unique_ptr<desk> d = std::move(free_.back());
    free_.pop_back();
    lock.unlock();
    auto usable = d->check();
    if (usable.ok() && *usable) return lease(this, std::move(d));
    // The server went away since; the place is taken by a new connection.
  } else {
    ++made_;
    lock.unlock();
  }
  auto fresh = desk::open(options_.conninfo, keys_, now_);
  if (fresh.ok()) return lease(this, std::move(fresh).value());
  forget();
  return std::move(fresh).error();
}

void desks::forget() {
  const std::lock_guard lock(mutex_);
  --made_;
  changed_.notify_one();
}

void desks::give_back(std::unique_ptr<desk> d) {
  if (!d->connection_.alive()) {
    d.reset();
    forget();
    return;
  }
  d->connection_.rollback();  // what a failed handler left open
  const std::lock_guard lock(mutex_);
  free_.push_back(std::move(d));
  changed_.notify_one();
}

}  // namespace lixin::api
