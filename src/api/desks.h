// Connections to the database for the threads of the pool, each with what belongs to one thread:
// the packs, the keys, the vault. Bounded; who finds none free waits a little and is told.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "archive/import.h"
#include "calendar/working_days.h"
#include "catalogue/store.h"
#include "crypto/key_file.h"
#include "pg/pg.h"
#include "vault/vault.h"

namespace lixin::api {

class desk {
 public:
  static result<std::unique_ptr<desk>> open(const std::string& conninfo,
                                            const crypto::key_file& keys, const clock& now);

  pg::connection& db() { return connection_; }
  catalogue::store& packs() { return packs_; }
  // Reads the working days: a city may have loaded others.
  result<archive::import_context> context();

 private:
  friend class desks;
  desk(pg::connection c, catalogue::store packs, const crypto::key_file& keys, const clock& now)
      : connection_(std::move(c)), packs_(std::move(packs)), vault_(keys), now_(now) {}
  // Whether it can still be used; reads packs again that were loaded since.
  result<bool> check();

  pg::connection connection_;
  catalogue::store packs_;
  vault::vault vault_;
  std::optional<calendar::working_days> days_;
  const clock& now_;
};

class desks {
 public:
  struct options {
    std::string conninfo;
    std::size_t count_max = 8;
    std::chrono::milliseconds wait{2000};
  };
  // Keys and clock outlive it.
  desks(options o, const crypto::key_file& keys, const clock& now)
      : options_(std::move(o)), keys_(keys), now_(now) {}

  // A desk that goes back by itself.
  class lease {
   public:
    lease(lease&&) noexcept = default;
    lease& operator=(lease&&) = delete;
    ~lease() {
      if (desk_) of_->give_back(std::move(desk_));
    }
    desk* operator->() { return desk_.get(); }
    desk& operator*() { return *desk_; }

   private:
    friend class desks;
    lease(desks* of, std::unique_ptr<desk> d) : of_(of), desk_(std::move(d)) {}
    desks* of_;
    std::unique_ptr<desk> desk_;
  };
  // errc::no_connection_free; errc of pg when the database cannot be reached.
  result<lease> take();

 private:
  void give_back(std::unique_ptr<desk> d);
  void forget();

  const options options_;
  const crypto::key_file& keys_;
  const clock& now_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::unique_ptr<desk>> free_;
  std::size_t made_ = 0;  // free and lent
};

}  // namespace lixin::api
