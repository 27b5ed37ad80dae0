// Keys by which other systems call: `lxk_<number>_<base64url of 32 random bytes>`, shown once and
// kept as the SM3 of the 32 bytes. A key has an end, and may be tied to matters, datasets and
// address ranges. Each change is committed with its entry of the audit chain before it is answered.
// How a server looks a key up is in key_ring.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/network.h"
#include "access/roles.h"
#include "base/date.h"
#include "base/error.h"
#include "pg/pg.h"

namespace lixin::access {

inline constexpr int key_days_max = 366;  // from the day of issue to the last day
inline constexpr int key_quota_max = 1'000'000;
inline constexpr int key_quota_usual = 600;
inline constexpr std::size_t key_scope_max = 100;  // matters; datasets
inline constexpr std::size_t key_networks_max = 32;
inline constexpr std::size_t key_secret_bytes = 32;
inline constexpr std::size_t key_text_bytes_max = 4 + 18 + 1 + 43;

// What a key is for. Empty lists set no limit beyond that of the roles.
struct key_terms {
  std::string name;       // of the system that holds it
  std::string authority;  // code; for data officer and checker
  role_set roles;
  std::vector<std::string> matters;   // that it may check
  std::vector<std::string> datasets;  // that it may hand in
  std::vector<network> networks;      // from where
  date last_day;                      // on which it still serves
  int per_minute = key_quota_usual;   // requests; the server counts them

  bool covers_matter(std::string_view code) const;
  bool covers_dataset(std::string_view code) const;
  bool covers_address(const ip_address& from) const;
};

struct issued_key {
  std::int64_t number = 0;
  std::string text;  // the key itself, for this once
};
// errc of roles.h and errc::key_role, title_form, scope_form, key_lists, key_day, key_quota,
// no_such_authority. That matters and datasets are there is for who knows the packs to see to.
result<issued_key> issue_key(pg::connection& c, const key_terms& terms, const std::string& actor,
                             const clock& now);

// False when it was revoked before. Servers see it at their next key_ring::refresh().
// errc::no_such_key
result<bool> revoke_key(pg::connection& c, std::int64_t number, const std::string& actor,
                        const clock& now);

struct key_entry {
  std::int64_t number = 0;
  key_terms terms;
  std::string made_at, made_by;        // times as ISO 8601, UTC
  std::string revoked_at, revoked_by;  // "" = stands
};
// In the order of numbers, at most `limit` after that one.
result<std::vector<key_entry>> list_keys(pg::connection& c, std::int64_t after, int limit);

// ---- the text of a key

struct key_parts {
  std::int64_t number = 0;
  std::string secret;  // key_secret_bytes
};
// Nothing but what key_text() writes is taken.
std::optional<key_parts> parse_key(std::string_view text);
std::string key_text(const key_parts& key);
// The actor of what is done with a key, in logs and in the audit chain: "key 12".
std::string actor_of_key(std::int64_t number);

}  // namespace lixin::access
