#include "access/key_ring.h"

#include <unordered_map>

#include "access/errc.h"
#include "access/key_rows.h"
#include "crypto/crypto.h"

namespace lixin::access {

struct key_ring::state {
  struct standing {
    api_key key;
    std::string digest;
  };
  std::int64_t changes = 0;
  std::unordered_map<std::int64_t, standing> keys;
};

key_ring::key_ring(std::chrono::steady_clock::duration stale_after) : stale_after_(stale_after) {}
key_ring::~key_ring() = default;

key_ring::held key_ring::now() const {
  const std::lock_guard lock(mutex_);
  return held_;
}

void key_ring::put(held next) {
  const std::lock_guard lock(mutex_);
  std::swap(held_, next);  // the old state is let go after the lock
}

result<bool> key_ring::refresh(pg::connection& c) {
  const std::lock_guard one(refreshing_);
  const auto asked_at = std::chrono::steady_clock::now();
  const auto before = now().keys;
  if (before) {
    LIXIN_TRY(const auto r, c.exec("SELECT key_changes FROM access_state"));
    if (!r.empty() && r.int64(0, 0) == before->changes) {
      put({before, asked_at});
      return false;
    }
  }
  // One statement: the counter and the keys are of one moment.
  LIXIN_TRY(const auto r,
            c.exec("SELECT s.key_changes, k.key_number, k.secret_digest, k.name, a.code, k.roles, "
                   "array_to_string(k.matters, ' '), array_to_string(k.datasets, ' '), "
                   "array_to_string(k.networks, ' '), k.last_day, k.per_minute FROM access_state s "
                   "LEFT JOIN api_key k ON k.revoked_at IS NULL LEFT JOIN authority a USING "
                   "(authority_id)"));
  auto next = std::make_shared<state>();
  for (int i = 0; i < r.size(); ++i) {
    next->changes = r.int64(i, 0);
    if (r.is_null(i, 1)) continue;
    state::standing s;
    s.key.number = r.int64(i, 1);
    s.digest = r.bytes(i, 2);
    LIXIN_TRY(s.key.terms, terms_of(r, i, 3));
    next->keys.emplace(s.key.number, std::move(s));
  }
  put({std::move(next), asked_at});
  return true;
}

result<std::shared_ptr<const api_key>> key_ring::authenticate(std::string_view text,
                                                              const ip_address& from,
                                                              date today) const {
  const held h = now();
  if (!h.keys || std::chrono::steady_clock::now() - h.asked_at > stale_after_)
    return error(errc::keys_not_loaded);
  auto given = parse_key(text);
  if (!given) return error(errc::key_refused);
  const crypto::digest digest = crypto::sm3(given->secret);
  crypto::wipe(given->secret);
  const auto found = h.keys->keys.find(given->number);
  if (found == h.keys->keys.end() ||
      !crypto::equal_constant_time(crypto::bytes(digest), found->second.digest)) {
    return error(errc::key_refused);
  }
  const api_key& key = found->second.key;
  if (today > key.terms.last_day) return error(errc::key_over, {to_string(key.terms.last_day)});
  if (!key.terms.covers_address(from)) return error(errc::key_elsewhere);
  return std::shared_ptr<const api_key>(h.keys, &key);
}

std::chrono::steady_clock::duration key_ring::age() const {
  const held h = now();
  if (!h.keys) return std::chrono::steady_clock::duration::max();
  return std::chrono::steady_clock::now() - h.asked_at;
}

std::size_t key_ring::size() const {
  const held h = now();
  return h.keys ? h.keys->keys.size() : 0;
}

}  // namespace lixin::access
