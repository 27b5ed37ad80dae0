// Packs in the database: loaded once as the sheets stand, bitemporal, chosen by date and position.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/error.h"
#include "base/ids.h"
#include "catalogue/catalogue.h"
#include "pg/pg.h"

namespace lixin::catalogue {

struct pack_entry {
  pack_version_id id;
  std::string pack, version, title_zh, title_en, digest;
  date valid_from;
  position known_from;
  certainty status = certainty::unverified;
};

// All versions ever loaded, with their catalogues made on demand and kept. One thread.
class store {
 public:
  static result<store> open(pg::connection& c);

  const std::vector<pack_entry>& entries() const { return entries_; }
  // The packs in force on `on`, as known at `known_at`: of each pack the newest valid_from <= on,
  // and of those the one loaded last by then.
  std::shared_ptr<const catalogue> at(date on, position known_at);
  // The version ids behind at(), for receipts and records.
  std::vector<pack_version_id> versions_at(date on, position known_at) const;
  std::shared_ptr<const pack> by_id(pack_version_id id) const;  // never null for an id of entries()
  const pack_entry* entry(pack_version_id id) const;

 private:
  std::vector<pack_entry> entries_;
  std::map<std::int32_t, std::vector<sheet>> sheets_;
  std::map<std::int32_t, std::shared_ptr<const pack>> parsed_;
  std::map<std::vector<std::int32_t>, std::shared_ptr<const catalogue>> made_;
};

struct saved_pack {
  pack_version_id id;
  bool already = false;  // the same version with the same sheets was there; nothing was done
};
// Inside the caller's transaction, which holds the journal's head. errc::version_differs when the
// version is there with other sheets.
result<saved_pack> save_pack(pg::connection& c, const pack& p, position known_from,
                             std::string_view actor);

}  // namespace lixin::catalogue
