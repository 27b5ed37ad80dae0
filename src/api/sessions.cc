// Sessions of staff: signing in and out, who one is, another password.
#include <fmt/format.h>

#include "access/sign_in.h"
#include "api/body.h"
#include "api/errc.h"
#include "api/parts.h"
#include "journal/journal.h"

namespace lixin::api {
namespace {

constexpr std::uint64_t sign_in_bytes_max = 4096;
constexpr access::role_set anybody{access::role::data_officer, access::role::centre,
                                   access::role::checker, access::role::auditor,
                                   access::role::admin};

void write_who(text::json_writer& json, const caller& who) {
  json.member("actor", who.actor()).member("kind", who.key ? "key" : "person");
  json.key("name").string(who.key ? who.key->terms.name : who.person->display_name);
  json.key("authority");
  who.authority().empty() ? json.null() : json.string(who.authority());
  json.key("roles").begin_array();
  for (const access::role r : access::all_roles) {
    if (who.roles().has(r)) json.string(access::code_of(r));
  }
  json.end_array();
}

// Scripts of a page cannot read it, other sites cannot send it, and it goes over TLS only (browsers
// count a server on the same machine as that).
std::string cookie_of(std::string_view token, std::chrono::seconds age) {
  return fmt::format("{}={}; Path=/; HttpOnly; Secure; SameSite=Strict; Max-Age={}", session_cookie,
                     token, age.count());
}

result<http::response> sign_in(parts& p, const caller&, http::request& r) {
  LIXIN_TRY(auto body, body_reader::of(r));
  LIXIN_TRY(const std::string name, body.text("login_name", "登录名", "the login name"));
  LIXIN_TRY(std::string password, body.text("password", "密码", "the password"));
  LIXIN_TRY(const std::string code, body.optional_text("code"));
  LIXIN_CHECK(body.end());
  LIXIN_TRY(auto desk, p.desks.take());
  const std::string from = r.client.empty() ? "" : r.client.text();
  auto done = access::sign_in(desk->db(), p.keys, {name, password, code, from}, p.now);
  crypto::wipe(password);
  if (!done.ok()) return std::move(done).error();
  caller who;
  who.person = std::make_shared<const access::staff_member>(std::move(done->who));
  std::string out;
  text::json_writer json(out);
  json.begin_object();
  write_who(json, who);
  json.member("csrf_token", done->session.csrf_token)
      .member("ends_at", journal::to_string(done->session.ends_at))
      .end_object();
  auto answer = http::response::json(std::move(out), 201);
  answer.header("Set-Cookie", cookie_of(done->session.token, access::session_life_max));
  return answer;
}

result<http::response> show(parts&, const caller& who, http::request& r) {
  LIXIN_CHECK(check_parameters(r, {}));
  std::string out;
  text::json_writer json(out);
  json.begin_object();
  write_who(json, who);
  json.key("csrf_token");
  who.person ? json.string(access::csrf_token_of(session_token(r))) : json.null();
  json.end_object();
  return http::response::json(std::move(out));
}

result<http::response> sign_out(parts& p, const caller& who, http::request& r) {
  LIXIN_CHECK(check_person(who));
  LIXIN_TRY(auto desk, p.desks.take());
  LIXIN_CHECK(access::sign_out(desk->db(), session_token(r), p.now));
  auto answer = http::response::empty();
  answer.header("Set-Cookie", cookie_of("", std::chrono::seconds(0)));
  return answer;
}

result<http::response> change_password(parts& p, const caller& who, http::request& r) {
  LIXIN_CHECK(check_person(who));
  LIXIN_TRY(auto body, body_reader::of(r));
  LIXIN_TRY(std::string old_one, body.text("old_password", "现在的密码", "the present password"));
  LIXIN_TRY(std::string new_one, body.text("new_password", "新密码", "the new password"));
  LIXIN_CHECK(body.end());
  LIXIN_TRY(auto desk, p.desks.take());
  const std::string from = r.client.empty() ? "" : r.client.text();
  const auto done =
      access::change_own_password(desk->db(), *who.person, old_one, new_one, from, p.now);
  crypto::wipe(old_one);
  crypto::wipe(new_one);
  if (!done.ok()) return done.error();
  auto answer = http::response::empty();
  answer.header("Set-Cookie", cookie_of("", std::chrono::seconds(0)));
  return answer;
}

}  // namespace

std::vector<endpoint> session_endpoints() {
  return {
      {.method = http::method::post,
       .pattern = "/api/v1/session",
       .name = "sign-in",
       .roles = {},
       .handler = sign_in,
       .body_bytes_max = sign_in_bytes_max,
       .pace = pace::heavy},
      {.method = http::method::get,
       .pattern = "/api/v1/session",
       .name = "session",
       .roles = anybody,
       .handler = show},
      {.method = http::method::delete_,
       .pattern = "/api/v1/session",
       .name = "sign-out",
       .roles = anybody,
       .handler = sign_out},
      {.method = http::method::post,
       .pattern = "/api/v1/session/password",
       .name = "password",
       .roles = anybody,
       .handler = change_password,
       .body_bytes_max = sign_in_bytes_max,
       .pace = pace::heavy},
  };
}

}  // namespace lixin::api
