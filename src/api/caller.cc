#include "api/caller.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "access/errc.h"
#include "api/errc.h"

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

access::role_set caller::roles() const { return key ? key->terms.roles : access::role_set(); }
std::string caller::actor() const { return key ? access::actor_of_key(key->number) : ""; }
std::string caller::authority() const { return key ? key->terms.authority : ""; }

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

result<caller> gate::admit(const http::request& r, access::role_set roles) {
  const auto header = r.header("Authorization");
  if (!header) {
    if (roles.empty()) return caller();
    return error(errc::sign_in_needed);
  }
  const std::string_view text = *header;
  const bool bearer = text.size() > scheme.size() &&
                      std::ranges::equal(text.substr(0, scheme.size()), scheme,
                                         [](char a, char b) { return (a | 0x20) == (b | 0x20); });
  if (!bearer) return error(errc::authorization_form);
  caller out;
  LIXIN_TRY(out.key, keys_.authenticate(text.substr(scheme.size()), r.client, now_.today()));
  if (!roles.empty() && !out.roles().has_any(roles)) {
    return error(errc::role_missing, {to_string(roles), to_string(out.roles())});
  }
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
      row{&errc::json_expected, 415},           row{&access::errc::session_ended, 401},
      row{&access::errc::keys_not_loaded, 503},
  };
  for (const row& one : rows) {
    if (what.is(*one.what)) return one.status;
  }
  return 0;
}

}  // namespace lixin::api
