#include "api/caller.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "access/errc.h"
#include "api/desks.h"
#include "api/errc.h"
#include "keeping/errc.h"

namespace lixin::api {
namespace {

constexpr std::string_view scheme = "Bearer ";

// The limiter takes any 16 bytes; those of a key are its number.
http::address bucket_of(std::int64_t key) {
  http::address out;
  std::memcpy(out.bytes.data(), &key, sizeof key);
  return out;
}

}  // namespace

access::role_set caller::roles() const {
  if (key) return key->terms.roles;
  return person ? person->roles : access::role_set();
}

std::string caller::actor() const {
  if (key) return access::actor_of_key(key->number);
  return person ? person->login_name : "";
}

std::string caller::authority() const {
  if (key) return key->terms.authority;
  return person ? person->authority : "";
}

bool caller::covers_matter(std::string_view code) const {
  return !key || key->terms.covers_matter(code);
}
bool caller::covers_dataset(std::string_view code) const {
  return !key || key->terms.covers_dataset(code);
}

policy::caller caller::sees() const {
  using access::role;
  const access::role_set has = roles();
  if (has.has(role::centre)) return {policy::caller_kind::centre, ""};
  if (has.has(role::data_officer)) return {policy::caller_kind::source_authority, authority()};
  if (has.has(role::auditor)) return {policy::caller_kind::auditor, ""};
  if (has.has(role::admin)) return {policy::caller_kind::admin, ""};
  return {policy::caller_kind::everyone, ""};
}

result<void> may_act_for(const caller& who, const std::string& authority) {
  if (who.roles().has(access::role::centre) || who.authority() == authority) return {};
  return error(errc::other_authority, {who.authority()});
}

result<void> check_person(const caller& who) {
  if (who.person) return {};
  return error(errc::person_needed);
}

std::string_view session_token(const http::request& r) {
  std::string_view rest = r.header("Cookie").value_or("");
  std::string_view found;
  while (!rest.empty()) {
    const auto end = std::min(rest.find(';'), rest.size());
    std::string_view one = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    while (one.starts_with(' ')) one.remove_prefix(1);
    if (!one.starts_with(session_cookie) || one.substr(session_cookie.size(), 1) != "=") continue;
    if (!found.empty()) return {};
    found = one.substr(session_cookie.size() + 1);
  }
  return found;
}

result<caller> gate::admit_key(const http::request& r, std::string_view authorization) {
  const bool bearer = authorization.size() > scheme.size() &&
                      std::ranges::equal(authorization.substr(0, scheme.size()), scheme,
                                         [](char a, char b) { return (a | 0x20) == (b | 0x20); });
  if (!bearer) return error(errc::authorization_form);
  caller out;
  LIXIN_TRY(out.key,
            keys_.authenticate(authorization.substr(scheme.size()), r.client, now_.today()));
  return out;
}

result<caller> gate::admit_person(const http::request& r, std::string_view token, desks& people) {
  LIXIN_TRY(auto desk, people.take());
  LIXIN_TRY(auto session, access::find_session(desk->db(), token, now_));
  const bool reads = r.method == http::method::get || r.method == http::method::head;
  if (!reads && !access::csrf_fits(token, r.header("X-CSRF-Token").value_or(""))) {
    return error(errc::csrf_missing);
  }
  caller out;
  out.person = std::make_shared<const access::staff_member>(std::move(session.who));
  return out;
}

result<caller> gate::admit(const http::request& r, access::role_set roles, desks* people) {
  caller out;
  if (const auto authorization = r.header("Authorization")) {
    LIXIN_TRY(out, admit_key(r, *authorization));
  } else if (const auto token = session_token(r); people != nullptr && !token.empty()) {
    auto person = admit_person(r, token, *people);
    // Who is not signed in any more still sees what everyone sees, and may sign in again.
    const bool none = !person.ok() && (person.error().is(access::errc::session_ended) ||
                                       person.error().is(errc::csrf_missing));
    if (!person.ok() && !(none && roles.empty())) return std::move(person).error();
    if (person.ok()) out = std::move(person).value();
  }
  if (roles.empty()) {
    if (!out.key) return out;
  } else if (!out.key && !out.person) {
    return error(errc::sign_in_needed);
  } else if (!out.roles().has_any(roles)) {
    return error(errc::role_missing, {to_string(roles), to_string(out.roles())});
  }
  if (!out.key) return out;
  const int per_minute = out.key->terms.per_minute;
  const auto wait =
      quotas_.take(bucket_of(out.key->number), 0, {per_minute / 60.0, double(per_minute)},
                   std::chrono::steady_clock::now());
  if (wait.count() > 0) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
    return error(errc::quota_used, {fmt::format("{}", per_minute), fmt::format("{}", seconds)});
  }
  return out;
}

unsigned status_of(const error& what) {
  struct row {
    const message* what;
    unsigned status;
  };
  static constexpr std::array rows{
      row{&errc::sign_in_needed, 401},          row{&errc::authorization_form, 401},
      row{&access::errc::key_refused, 401},     row{&access::errc::key_over, 403},
      row{&access::errc::key_elsewhere, 403},   row{&errc::quota_used, 429},
      row{&access::errc::sign_in_refused, 401}, row{&errc::json_expected, 415},
      row{&access::errc::session_ended, 401},   row{&access::errc::keys_not_loaded, 503},
      row{&keeping::errc::restoring, 503},
  };
  for (const row& one : rows) {
    if (what.is(*one.what)) return one.status;
  }
  return 0;
}

}  // namespace lixin::api
