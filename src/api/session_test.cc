// Staff in a session: signing in and out, what it takes to change something, decisions.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "access/staff.h"
#include "api/api_testing.h"

namespace lixin::api {
namespace {

using access::role;
using archive::testing::credit_code;
using testing::answered;
using ::testing::HasSubstr;
using testing::must;
using ::testing::Not;

constexpr const char* password = "correct horse battery";

// What stands between `before` and `end`.
std::string between(const std::string& text, const std::string& before, char end) {
  const auto at = text.find(before);
  if (at == std::string::npos) return "";
  const auto from = at + before.size();
  return text.substr(from, text.find(end, from) - from);
}

class session_test : public testing::api_fixture {
 protected:
  void SetUp() override {
    add("li", {role::data_officer}, "scjg");
    add("wang", {role::centre}, "");
    add("zhao", {role::centre}, "");
    serve();
  }
  void add(const std::string& name, access::role_set roles, const std::string& authority) {
    must(access::add_staff(officer.db(), {name, "", authority, roles, password}, "root", clock));
  }
  answered attempt(const std::string& name, const std::string& with) {
    return post("/api/v1/session", "",
                fmt::format(R"({{"login_name":"{}","password":"{}"}})", name, with));
  }
  struct signed_in {
    std::string token, csrf;
  };
  signed_in sign_in(const std::string& name) {
    const answered r = attempt(name, password);
    EXPECT_EQ(r.status, 201) << r.body;
    EXPECT_THAT(r.head, HasSubstr("HttpOnly; Secure; SameSite=Strict"));
    EXPECT_THAT(r.body, Not(HasSubstr(between(r.head, "lixin_session=", ';'))));
    return {between(r.head, "lixin_session=", ';'), between(r.body, R"("csrf_token":")", '"')};
  }
};

TEST_F(session_test, says_who_one_is_until_one_signs_out) {
  const auto li = sign_in("li");
  const auto who = in_session("GET", "/api/v1/session", li.token);
  EXPECT_EQ(who.status, 200) << who.body;
  EXPECT_THAT(who.body, HasSubstr(R"("actor":"li","kind":"person")"));
  EXPECT_THAT(who.body, HasSubstr(R"("roles":["data-officer"])"));
  EXPECT_THAT(who.body, HasSubstr(li.csrf));
  EXPECT_EQ(in_session("DELETE", "/api/v1/session", li.token).status, 403);
  EXPECT_EQ(in_session("DELETE", "/api/v1/session", li.token, li.csrf).status, 204);
  const auto over = in_session("GET", "/api/v1/session", li.token);
  EXPECT_EQ(over.status, 401);
  EXPECT_THAT(over.body, HasSubstr("access.session_ended"));
  EXPECT_EQ(get("/api/v1/session").status, 401);
  EXPECT_EQ(get("/api/v1/datasets").status, 200);
  EXPECT_EQ(in_session("GET", "/api/v1/datasets", li.token).status, 200);
}

TEST_F(session_test, one_answer_to_whatever_is_wrong) {
  const auto wrong = attempt("li", "not the password");
  const auto nobody = attempt("nobody", password);
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(nobody.status, 401);
  const auto without_id = [](const std::string& body) {
    return body.substr(0, body.find(R"("request_id")"));
  };
  EXPECT_EQ(without_id(wrong.body), without_id(nobody.body));
  EXPECT_THAT(wrong.body, Not(HasSubstr("not the password")));
}

TEST_F(session_test, a_change_takes_the_token_of_the_session) {
  const auto li = sign_in("li");
  const auto wang = sign_in("wang");
  const std::string path = "/api/v1/session/password";
  const std::string body =
      fmt::format(R"({{"old_password":"{}","new_password":"another long one 7"}})", password);
  EXPECT_EQ(in_session("POST", path, li.token, "", body).status, 403);
  EXPECT_EQ(in_session("POST", path, li.token, wang.csrf, body).status, 403);
  EXPECT_EQ(in_session("POST", path, li.token, li.csrf, body).status, 204);
  EXPECT_EQ(in_session("GET", "/api/v1/session", li.token).status, 401);
  EXPECT_EQ(attempt("li", password).status, 401);
  EXPECT_EQ(attempt("li", "another long one 7").status, 201);
}

TEST_F(session_test, rights_are_those_of_the_account_now) {
  const auto wang = sign_in("wang");
  EXPECT_EQ(in_session("GET", "/api/v1/changes", wang.token).status, 200);
  EXPECT_EQ(in_session("GET", "/api/v1/changes", sign_in("li").token).status, 403);
  must(access::disable_staff(officer.db(), "wang", "root", clock));
  EXPECT_EQ(in_session("GET", "/api/v1/changes", wang.token).status, 401);
}

TEST_F(session_test, two_cookies_are_none) {
  const auto li = sign_in("li");
  EXPECT_EQ(in_session("GET", "/api/v1/session", li.token + "; lixin_session=" + li.token).status,
            401);
}

// An entry of an adverse list whose subject is not registered: two persons bind it, no key does.
TEST_F(session_test, two_persons_decide_about_an_adverse_list) {
  const auto batch = officer.hand_in(
      "procurement-bad-record",
      archive::testing::procurement_entries({{.document = "采1", .code = credit_code(1)}}));
  officer.register_all({{"示例公司", credit_code(1)}});
  const std::string path = fmt::format("/api/v1/batches/{}/rows/2/decision", batch.batch.id.value);
  const std::string bind = R"({"bind":true})";
  const auto waiting = in_session("GET", "/api/v1/pending", sign_in("wang").token);
  EXPECT_EQ(waiting.status, 200) << waiting.body;
  EXPECT_THAT(waiting.body, HasSubstr(R"("two_persons":true)"));
  const auto li = sign_in("li");
  EXPECT_EQ(in_session("POST", path, li.token, li.csrf, R"({"nosuch":true})").status, 400);
  const auto wang = sign_in("wang");
  const auto first = in_session("POST", path, wang.token, wang.csrf, bind);
  EXPECT_THAT(first.body, HasSubstr(R"("state":"proposed")")) << first.body;
  const auto again = in_session("POST", path, wang.token, wang.csrf, bind);
  EXPECT_THAT(again.body, HasSubstr(R"("state":"proposed","already":true)")) << again.body;
  const auto zhao = sign_in("zhao");
  const auto second = in_session("POST", path, zhao.token, zhao.csrf, bind);
  EXPECT_THAT(second.body, HasSubstr(R"("state":"decided")")) << second.body;
  EXPECT_THAT(second.body, HasSubstr(R"("fate":"accepted")"));
  EXPECT_EQ(archive::testing::broken_rules(officer.db()), archive::testing::strings{});
}

TEST_F(session_test, a_key_decides_nothing) {
  const auto centre = key({role::centre});
  server.reset();
  serve();
  const auto r = post("/api/v1/batches/1/rows/2/decision", centre, R"({"bind":true})");
  EXPECT_EQ(r.status, 403);
  EXPECT_THAT(r.body, HasSubstr("api.person_needed"));
}

}  // namespace
}  // namespace lixin::api
