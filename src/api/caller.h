// Who calls, as the routes see it: found out once, before a handler runs, by the gate.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "access/key_ring.h"
#include "access/roles.h"
#include "access/session.h"
#include "base/date.h"
#include "base/error.h"
#include "http/rate_limiter.h"
#include "http/request.h"
#include "policy/policy.h"

namespace lixin::api {

struct caller {
  // At most one of them; neither: everyone.
  std::shared_ptr<const access::api_key> key;          // another system
  std::shared_ptr<const access::staff_member> person;  // of staff, signed in

  access::role_set roles() const;
  // "key 12", or the login name: for the journal, the audit chain, the inquiry log.
  std::string actor() const;
  std::string authority() const;  // code; "" = none
  // A key may be tied to matters and datasets; a person is not.
  bool covers_matter(std::string_view code) const;
  bool covers_dataset(std::string_view code) const;
  // What this caller may see. Of several roles the one that sees most: they were given together.
  // A checker sees what everyone sees: which sharing group an authority is in, no sheet says yet.
  policy::caller sees() const;
};

// errc::other_authority unless the caller may act for the authority: its own, or any as the centre.
result<void> may_act_for(const caller& who, const std::string& authority);

// What takes two persons is for persons: two keys may be in one hand. errc::person_needed
result<void> check_person(const caller& who);

// The cookie of a session, "" when there is none or more than one.
inline constexpr std::string_view session_cookie = "lixin_session";
std::string_view session_token(const http::request& r);

class desks;

// Lets requests in: the key of the Authorization header or the session of the cookie, its roles
// against those of the route, the quota of a key, and for changes in a session the token against
// forged requests (header X-CSRF-Token). Thread-safe.
class gate {
 public:
  gate(const access::key_ring& keys, const clock& now, std::size_t keys_counted_max)
      : keys_(keys), now_(now), quotas_(keys_counted_max) {}

  // `roles` empty: everyone is let in, and a key or a session is looked at when there is one.
  // Sessions are asked of the database, so where that may not be waited for (`people` null) there
  // are none. errc of key_ring.h and errc::sign_in_needed, authorization_form, role_missing,
  // quota_used, csrf_missing; access::errc::session_ended.
  result<caller> admit(const http::request& r, access::role_set roles, desks* people);

 private:
  result<caller> admit_key(const http::request& r, std::string_view authorization);
  result<caller> admit_person(const http::request& r, std::string_view token, desks& people);

  const access::key_ring& keys_;
  const clock& now_;
  http::rate_limiter quotas_;
};

// 401, 403, 415, 429 where the kind of the failure alone would say something else; 0 = by its kind.
unsigned status_of(const error& what);

}  // namespace lixin::api
