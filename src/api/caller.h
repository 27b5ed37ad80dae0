// Who calls, as the routes see it: found out once, before a handler runs, by the gate.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "access/key_ring.h"
#include "access/roles.h"
#include "base/date.h"
#include "base/error.h"
#include "http/rate_limiter.h"
#include "http/request.h"
#include "policy/policy.h"

namespace lixin::api {

struct caller {
  std::shared_ptr<const access::api_key> key;  // null: everyone

  bool is_everyone() const { return key == nullptr; }
  access::role_set roles() const;
  std::string actor() const;      // "key 12": for the journal, the audit chain, the inquiry log
  std::string authority() const;  // code; "" = none
  // What this caller may see. Of several roles the one that sees most: they were given together.
  // A checker sees what everyone sees: which sharing group an authority is in, no sheet says yet.
  policy::caller sees() const;
};

// errc::other_authority unless the caller may act for the authority: its own, or any as the centre.
result<void> may_act_for(const caller& who, const std::string& authority);

// Lets requests in: the key of the Authorization header, its roles against those of the route, its
// quota. Thread-safe; asks no database.
class gate {
 public:
  gate(const access::key_ring& keys, const clock& now, std::size_t keys_counted_max)
      : keys_(keys), now_(now), quotas_(keys_counted_max) {}

  // `roles` empty: everyone is let in, and a key is looked at when there is one. errc of key_ring.h
  // and errc::sign_in_needed, authorization_form, role_missing, quota_used.
  result<caller> admit(const http::request& r, access::role_set roles);

 private:
  const access::key_ring& keys_;
  const clock& now_;
  http::rate_limiter quotas_;
};

// 401, 403, 415, 429 where the kind of the failure alone would say something else; 0 = by its kind.
unsigned status_of(const error& what);

}  // namespace lixin::api
