#include "access/sign_in.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "access/access_testing.h"
#include "access/errc.h"
#include "access/staff.h"
#include "crypto/crypto.h"
#include "crypto/totp.h"

namespace lixin::access {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing_access::access_test;
using testing_access::must;

constexpr std::string_view password = "a long sentence";

TEST(lock_time, doubles_from_the_fifth_failure_to_an_hour) {
  const int wanted[] = {0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60};
  for (int n = 0; n < 13; ++n) EXPECT_EQ(lock_time(n).count(), wanted[n]) << n;
  EXPECT_EQ(lock_time(2'000'000'000), lock_max);
}

std::string from_base32(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    bits = bits << 5 | static_cast<std::uint32_t>(c >= 'A' ? c - 'A' : c - '2' + 26);
    held += 5;
    if (held < 8) continue;
    held -= 8;
    out += static_cast<char>(bits >> held & 255);
  }
  return out;
}

class sign_in_test : public access_test {
 protected:
  void SetUp() override {
    access_test::SetUp();
    must(add_staff(*c_, {"li", "李华", "scjg", {role::data_officer}, password}, "root", now_));
  }
  result<signed_in> attempt(std::string_view with, std::string_view code = "",
                            std::string_view name = "li") {
    return attempt_over(*c_, with, code, name);
  }
  result<signed_in> attempt_over(pg::connection& c, std::string_view with, std::string_view code,
                                 std::string_view name = "li") {
    return sign_in(c, *keys_, {name, with, code, "192.0.2.7"}, now_);
  }
  void refused(std::string_view with, std::string_view code = "", std::string_view name = "li") {
    const auto r = attempt(with, code, name);
    ASSERT_FALSE(r.ok());
    EXPECT_TRUE(r.error().is(errc::sign_in_refused)) << r.error().text(language::en);
    EXPECT_TRUE(r.error().args().empty());
  }
  std::string last_act() { return acts(number("SELECT entry_number - 1 FROM audit_head"))[0]; }
  bool stands(const std::string& token) { return find_session(*c_, token, now_).ok(); }
  void take_codes() {
    const std::string uri = must(set_totp(*c_, *keys_, "li", "boss", now_));
    const auto at = uri.find("secret=") + 7;
    secret_ = from_base32(uri.substr(at, uri.find('&') - at));
  }
  std::string code(int steps = 0) const {
    return crypto::totp_code(secret_, crypto::totp_step_at(now_.now()) + steps);
  }
  std::string secret_;
};

TEST_F(sign_in_test, gives_a_session_that_says_who_it_is) {
  const auto in = must(attempt(password));
  EXPECT_EQ(in.who.login_name, "li");
  EXPECT_EQ(last_act(), "signed-in li: staff 1 (li)");
  const auto s = must(find_session(*c_, in.session.token, now_));
  EXPECT_EQ(s.who.number, 1);
  EXPECT_EQ(s.who.display_name, "李华");
  EXPECT_EQ(s.who.authority, "scjg");
  EXPECT_EQ(s.who.roles, role_set{role::data_officer});
  EXPECT_EQ(s.ends_at, now_.now() + session_life_max);
  EXPECT_FALSE(stored_anywhere(in.session.token));
  // Roles are those of now.
  must(set_roles(*c_, "li", {role::centre}, "", "boss", now_));
  EXPECT_EQ(must(find_session(*c_, in.session.token, now_)).who.roles, role_set{role::centre});
  for (const std::string& bad : {std::string(), in.session.token + "A", std::string(43, 'A'),
                                 in.session.csrf_token, std::string(43, '\'')}) {
    EXPECT_TRUE(find_session(*c_, bad, now_).error().is(errc::session_ended)) << bad;
  }
}

TEST_F(sign_in_test, whatever_is_wrong_is_answered_alike_and_told_to_the_audit_chain) {
  refused("a wrong sentence");
  EXPECT_EQ(last_act(), "sign-in-failed li: staff 1 (li): password, failures 1, from 192.0.2.7");
  refused("");
  refused(std::string(100'000, 'x'));
  EXPECT_THAT(last_act(), HasSubstr("failures 3"));
  // A name that is not there may be a password in the wrong field: it is kept nowhere.
  refused(password, "", "my secret password");
  EXPECT_EQ(last_act(), "sign-in-failed unknown: unknown login name, from 192.0.2.7");
  refused(password, "", "nobody");
  EXPECT_FALSE(stored_anywhere("nobody"));
  EXPECT_FALSE(stored_anywhere("my secret"));
  EXPECT_EQ(number("SELECT unknown_names FROM access_state"), 2);
  must(disable_staff(*c_, "li", "boss", now_));
  refused(password);
  EXPECT_THAT(last_act(), HasSubstr("disabled, failures 3"));
  EXPECT_FALSE(sign_in(*c_, *keys_, {"li", "", "", "not an address"}, now_).ok());
  EXPECT_EQ(last_act(), "sign-in-failed li: staff 1 (li): disabled, failures 3");
}

TEST_F(sign_in_test, failures_in_a_row_lock_the_account_for_longer_each_time) {
  for (int i = 0; i < failures_before_lock; ++i) refused("a wrong sentence");
  refused(password);
  EXPECT_THAT(last_act(), HasSubstr("locked, failures 5"));
  EXPECT_EQ(must(list_staff(*c_, 0, 1))[0].locked_until, "2026-11-24T02:01:00Z");
  now_.pass(seconds(59));
  refused(password);  // what is tried meanwhile prolongs nothing
  now_.pass(seconds(1));
  refused("a wrong sentence");
  EXPECT_THAT(last_act(), HasSubstr("password, failures 6"));
  now_.pass(seconds(119));
  refused(password);
  now_.pass(seconds(1));
  must(attempt(password));
  const auto after = must(list_staff(*c_, 0, 1))[0];
  EXPECT_EQ(after.failures, 0);
  EXPECT_EQ(after.locked_until, "");
  for (int i = 0; i < failures_before_lock; ++i) refused("a wrong sentence");
  must(enable_staff(*c_, "li", "boss", now_));
  must(attempt(password));
}

TEST_F(sign_in_test, many_at_once_get_no_more_tries) {
  constexpr int threads_count = 4;
  constexpr int tries = 3;
  std::vector<std::thread> threads;
  for (int t = 0; t < threads_count; ++t) {
    threads.emplace_back([&] {
      auto c = connect();
      for (int i = 0; i < tries; ++i) EXPECT_FALSE(attempt_over(c, "a wrong sentence", "").ok());
    });
  }
  for (auto& t : threads) t.join();
  const auto all = acts(1);
  const auto count = [&](const char* why) {
    return std::ranges::count_if(
        all, [&](const std::string& a) { return a.find(why) != std::string::npos; });
  };
  EXPECT_EQ(count(": password,"), failures_before_lock);
  EXPECT_EQ(count(": locked,"), threads_count * tries - failures_before_lock);
}

TEST_F(sign_in_test, a_code_is_wanted_serves_a_while_and_once) {
  take_codes();
  refused(password);
  EXPECT_THAT(last_act(), HasSubstr(": code, failures 1"));
  refused(password, "000000");
  refused("a wrong sentence", code());
  refused(password, code(2));
  must(attempt(password, code(-1)));
  refused(password, code(-1));
  must(attempt(password, code()));
  refused(password, code());
  refused(password, code(-1));
  must(attempt(password, code(1)));
  now_.pass(crypto::totp_step);
  refused(password, code());
  now_.pass(crypto::totp_step);
  must(attempt(password, code()));
  must(clear_totp(*c_, "li", "boss", now_));
  must(attempt(password));
}

TEST_F(sign_in_test, of_two_with_one_code_one_comes_in) {
  take_codes();
  std::atomic<int> in{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      auto c = connect();
      if (attempt_over(c, password, code()).ok()) ++in;
    });
  }
  for (auto& t : threads) t.join();
  EXPECT_EQ(in, 1);
}

TEST_F(sign_in_test, a_secret_of_codes_opens_for_its_account_only) {
  take_codes();
  must(add_staff(*c_, {"wang", "", "", {role::centre}, password}, "root", now_));
  run("UPDATE staff SET totp_secret = (SELECT totp_secret FROM staff WHERE login_name = 'li'), "
      "totp_key = 1 WHERE login_name = 'wang'");
  EXPECT_EQ(attempt(password, code(), "wang").error().code(), "crypto.not_authentic");
}

TEST_F(sign_in_test, a_session_ends_when_it_is_not_used_and_after_half_a_day) {
  const auto idle = must(attempt(password)).session.token;
  now_.pass(session_idle_max - seconds(1));
  EXPECT_TRUE(stands(idle));
  now_.pass(session_idle_max - seconds(1));
  EXPECT_TRUE(stands(idle)) << "it was used";
  now_.pass(session_idle_max);
  EXPECT_FALSE(stands(idle));
  const auto busy = must(attempt(password)).session.token;
  for (int i = 0; i < 36; ++i) {
    EXPECT_TRUE(stands(busy)) << i;
    now_.pass(minutes(20));
  }
  EXPECT_FALSE(stands(busy));
  EXPECT_EQ(must(remove_ended_sessions(*c_, now_)), 1) << "signing in removed the first";
}

TEST_F(sign_in_test, a_session_ends_at_sign_out_with_another_password_and_disabling) {
  const auto a = must(attempt(password)).session.token;
  const auto b = must(attempt(password)).session.token;
  EXPECT_TRUE(must(sign_out(*c_, a, now_)));
  EXPECT_EQ(last_act(), "signed-out li: staff 1 (li)");
  EXPECT_FALSE(must(sign_out(*c_, a, now_)));
  EXPECT_FALSE(stands(a));
  EXPECT_TRUE(stands(b));
  ASSERT_TRUE(set_password(*c_, "li", "a third sentence", "boss", now_).ok());
  EXPECT_FALSE(stands(b));
  refused(password);
  const auto c = must(attempt("a third sentence")).session.token;
  must(disable_staff(*c_, "li", "boss", now_));
  EXPECT_FALSE(stands(c));
  must(enable_staff(*c_, "li", "boss", now_));
  EXPECT_FALSE(stands(c));
}

TEST_F(sign_in_test, an_account_has_so_many_sessions_and_no_more) {
  std::vector<std::string> tokens;
  for (int i = 0; i <= sessions_max; ++i) {
    tokens.push_back(must(begin_session(*c_, 1, now_)).token);
    now_.pass(seconds(1));
  }
  EXPECT_FALSE(stands(tokens[0]));
  for (int i = 1; i <= sessions_max; ++i) EXPECT_TRUE(stands(tokens[static_cast<std::size_t>(i)]));
}

TEST_F(sign_in_test, the_owner_changes_the_password_by_the_old_one) {
  const auto in = must(attempt(password));
  const auto change = [&](std::string_view old, std::string_view fresh) {
    return change_own_password(*c_, in.who, old, fresh, "192.0.2.7", now_);
  };
  EXPECT_TRUE(change("a wrong sentence", "a third sentence").error().is(errc::sign_in_refused));
  EXPECT_THAT(last_act(), HasSubstr("password, failures 1"));
  EXPECT_TRUE(change(password, "short").error().is(errc::password_length));
  EXPECT_TRUE(stands(in.session.token));
  ASSERT_TRUE(change(password, "a third sentence").ok());
  EXPECT_EQ(last_act(), "staff-changed li: staff 1 (li) password");
  EXPECT_FALSE(stands(in.session.token));
  refused(password);
  must(attempt("a third sentence"));
}

TEST(csrf, belongs_to_its_session) {
  const std::string token = crypto::to_base64url(std::string(32, 'a'));
  const std::string other = crypto::to_base64url(std::string(32, 'b'));
  EXPECT_TRUE(csrf_fits(token, csrf_token_of(token)));
  EXPECT_FALSE(csrf_fits(token, csrf_token_of(other)));
  EXPECT_FALSE(csrf_fits(token, ""));
  EXPECT_FALSE(csrf_fits("", ""));
  EXPECT_FALSE(csrf_fits(token, token));
}

}  // namespace
}  // namespace lixin::access
