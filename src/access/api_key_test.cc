#include "access/api_key.h"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "access/access_testing.h"
#include "access/errc.h"
#include "access/key_ring.h"
#include "crypto/crypto.h"

namespace lixin::access {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_access::access_test;
using testing_access::must;

TEST(key_text, is_read_as_it_is_written_and_in_no_other_form) {
  const key_parts key{12, std::string(32, '\x7f')};
  const std::string text = key_text(key);
  EXPECT_THAT(text, testing::StartsWith("lxk_12_"));
  ASSERT_TRUE(parse_key(text));
  EXPECT_EQ(parse_key(text)->number, 12);
  EXPECT_EQ(parse_key(text)->secret, key.secret);
  // A '_' of the base64url text is no separator.
  const key_parts signs{1, std::string(32, '\xff')};
  EXPECT_EQ(parse_key(key_text(signs))->secret, signs.secret);
  const std::string secret = text.substr(7);
  for (const std::string& bad :
       {std::string(), std::string("lxk_"), std::string("lxk_12"), std::string("lxk_12_"),
        "lxk__" + secret, "lxk_0_" + secret, "lxk_012_" + secret, "lxk_-1_" + secret,
        "lxk_1x_" + secret, "LXK_12_" + secret, " " + text, text + " ", text + "A",
        text.substr(0, text.size() - 1), "lxk_9999999999999999999_" + secret,
        "lxk_12_" + secret.substr(1) + "+", std::string(100'000, 'A')}) {
    EXPECT_FALSE(parse_key(bad)) << bad.substr(0, 100);
  }
}

class api_key_test : public access_test {
 protected:
  key_terms bidding() const {
    key_terms out;
    out.name = "公共资源交易系统";
    out.authority = "ggzy";
    out.roles = {role::checker};
    out.matters = {"procurement.bid"};
    out.networks = {must(parse_network("192.0.2.0/24"))};
    out.last_day = now_.today() + 90;
    return out;
  }
  issued_key issue(const key_terms& t) { return must(issue_key(*c_, t, "root", now_)); }
  std::shared_ptr<const api_key> ask(const std::string& text, const char* from = "192.0.2.7") {
    return must(ring_.authenticate(text, *ip_address::parse(from), now_.today()));
  }
  error refused(const std::string& text, const char* from = "192.0.2.7") {
    auto r = ring_.authenticate(text, *ip_address::parse(from), now_.today());
    LIXIN_ASSERT(!r.ok());
    return r.error();
  }
  key_ring ring_;
};

TEST_F(api_key_test, is_issued_once_kept_as_a_digest_and_told_without_it) {
  const auto k = issue(bidding());
  EXPECT_EQ(k.number, 1);
  const auto parts = parse_key(k.text);
  ASSERT_TRUE(parts);
  EXPECT_FALSE(stored_anywhere(k.text.substr(6)));
  EXPECT_FALSE(stored_anywhere(crypto::to_hex(
      {reinterpret_cast<const std::uint8_t*>(parts->secret.data()), parts->secret.size()})));
  EXPECT_THAT(acts(), ElementsAre("key-issued root: key 1 (公共资源交易系统), roles checker, until "
                                  "2027-02-22, authority ggzy, 1 matters, from 192.0.2.0/24"));
  EXPECT_NE(issue(bidding()).text, k.text);
  const auto listed = must(list_keys(*c_, 0, 100));
  ASSERT_EQ(listed.size(), 2U);
  EXPECT_EQ(listed[0].terms.name, "公共资源交易系统");
  EXPECT_EQ(listed[0].terms.matters, std::vector<std::string>{"procurement.bid"});
  EXPECT_EQ(listed[0].terms.networks, bidding().networks);
  EXPECT_EQ(listed[0].made_by, "root");
  EXPECT_EQ(listed[0].made_at, "2026-11-24T02:00:00Z");
  EXPECT_EQ(listed[0].revoked_at, "");
  EXPECT_EQ(must(list_keys(*c_, 1, 100)).size(), 1U);
}

TEST_F(api_key_test, terms_that_break_a_rule_are_refused_and_leave_nothing) {
  const auto fails = [&](const message& m, auto change) {
    key_terms t = bidding();
    change(t);
    const auto r = issue_key(*c_, t, "root", now_);
    ASSERT_FALSE(r.ok()) << m.code;
    EXPECT_TRUE(r.error().is(m)) << m.code << " " << r.error().text(language::en);
  };
  fails(errc::key_role, [](key_terms& t) { t.roles = {role::admin}, t.authority.clear(); });
  fails(errc::authority_missing, [](key_terms& t) { t.authority.clear(); });
  fails(errc::no_such_authority, [](key_terms& t) { t.authority = "nobody"; });
  fails(errc::title_form, [](key_terms& t) { t.name = " "; });
  fails(errc::title_form, [](key_terms& t) { t.name = "电话 13800138000"; });
  fails(errc::key_day, [&](key_terms& t) { t.last_day = now_.today() - 1; });
  fails(errc::key_day, [&](key_terms& t) { t.last_day = now_.today() + key_days_max + 1; });
  fails(errc::key_day, [](key_terms& t) { t.last_day = date(); });
  fails(errc::key_quota, [](key_terms& t) { t.per_minute = 0; });
  fails(errc::key_quota, [](key_terms& t) { t.per_minute = key_quota_max + 1; });
  fails(errc::scope_form, [](key_terms& t) { t.matters = {"a b"}; });
  fails(errc::key_lists, [](key_terms& t) { t.datasets.assign(key_scope_max + 1, "penalty"); });
  fails(errc::key_lists, [](key_terms& t) { t.networks.resize(key_networks_max + 1); });
  EXPECT_EQ(number("SELECT count(*) FROM api_key"), 0);
  EXPECT_EQ(number("SELECT key_changes FROM access_state"), 0);
  EXPECT_THAT(acts(), ElementsAre());
}

TEST_F(api_key_test, the_ring_knows_who_calls) {
  EXPECT_TRUE(refused("lxk_1_x").is(errc::keys_not_loaded));
  const auto k = issue(bidding());
  EXPECT_TRUE(must(ring_.refresh(*c_)));
  const auto who = ask(k.text);
  EXPECT_EQ(who->number, k.number);
  EXPECT_EQ(who->terms.authority, "ggzy");
  EXPECT_EQ(who->terms.roles, role_set{role::checker});
  EXPECT_EQ(who->terms.per_minute, key_quota_usual);
  EXPECT_TRUE(who->terms.covers_matter("procurement.bid"));
  EXPECT_FALSE(who->terms.covers_matter("licence"));
  EXPECT_TRUE(who->terms.covers_dataset("penalty"));
  EXPECT_TRUE(refused(k.text, "192.0.3.7").is(errc::key_elsewhere));
  EXPECT_TRUE(refused(k.text, "2001:db8::1").is(errc::key_elsewhere));
  // Right number, wrong secret; right secret, wrong number.
  const key_parts parts = *parse_key(k.text);
  EXPECT_TRUE(refused(key_text({k.number, std::string(32, 'x')})).is(errc::key_refused));
  EXPECT_TRUE(refused(key_text({k.number + 1, parts.secret})).is(errc::key_refused));
  EXPECT_TRUE(refused("").is(errc::key_refused));
  // Nothing of a wrong key says from where it would serve.
  EXPECT_TRUE(
      refused(key_text({k.number, std::string(32, 'x')}), "192.0.3.7").is(errc::key_refused));
}

TEST_F(api_key_test, a_key_ends_with_its_last_day_without_a_refresh) {
  const auto k = issue(bidding());
  must(ring_.refresh(*c_));
  now_.pass(std::chrono::days(90));
  EXPECT_EQ(ask(k.text)->number, 1);
  now_.pass(std::chrono::hours(14));  // 2027-02-23 00:00 in the city
  EXPECT_TRUE(refused(k.text).is(errc::key_over));
  EXPECT_TRUE(refused(key_text({1, std::string(32, 'x')})).is(errc::key_refused));
}

TEST_F(api_key_test, a_revoked_key_is_gone_at_the_next_refresh) {
  const auto k = issue(bidding());
  const auto other = issue(bidding());
  must(ring_.refresh(*c_));
  EXPECT_FALSE(must(ring_.refresh(*c_))) << "nothing changed";
  const auto before = ask(k.text);
  EXPECT_TRUE(must(revoke_key(*c_, k.number, "wang", now_)));
  EXPECT_FALSE(must(revoke_key(*c_, k.number, "wang", now_)));
  EXPECT_TRUE(must(ring_.refresh(*c_)));
  EXPECT_TRUE(refused(k.text).is(errc::key_refused));
  EXPECT_EQ(ask(other.text)->number, 2);
  EXPECT_EQ(before->terms.authority, "ggzy") << "what a request holds stays";
  EXPECT_EQ(ring_.size(), 1U);
  EXPECT_TRUE(revoke_key(*c_, 99, "wang", now_).error().is(errc::no_such_key));
  const auto listed = must(list_keys(*c_, 0, 100));
  EXPECT_EQ(listed[0].revoked_by, "wang");
  EXPECT_EQ(acts(2), std::vector<std::string>{"key-revoked wang: key 1"});
}

TEST_F(api_key_test, a_refresh_that_fails_leaves_what_was_read) {
  const auto k = issue(bidding());
  must(ring_.refresh(*c_));
  auto gone = connect();
  must(gone.exec("SELECT pg_backend_pid()"));
  EXPECT_FALSE(gone.exec("SELECT pg_terminate_backend(pg_backend_pid())").ok());
  EXPECT_FALSE(ring_.refresh(gone).ok());
  EXPECT_EQ(ask(k.text)->number, 1);
  EXPECT_LT(ring_.age(), key_ring::age_max);
}

TEST_F(api_key_test, memory_that_may_be_stale_lets_nobody_in) {
  const auto k = issue(bidding());
  key_ring stale(std::chrono::nanoseconds(0));
  must(stale.refresh(*c_));
  EXPECT_TRUE(stale.authenticate(k.text, *ip_address::parse("192.0.2.7"), now_.today())
                  .error()
                  .is(errc::keys_not_loaded));
}

// Readers see a key or see that it is gone, and who issued last is seen by the last refresh.
TEST_F(api_key_test, many_threads_read_while_keys_come_and_go) {
  const auto standing = issue(bidding());
  must(ring_.refresh(*c_));
  std::atomic<bool> stop{false};
  std::atomic<int> answered{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      const ip_address from = *ip_address::parse("192.0.2.7");
      while (!stop) {
        const auto r = ring_.authenticate(standing.text, from, now_.today());
        if (r.ok() && (*r)->terms.authority == "ggzy") ++answered;
        static_cast<void>(ring_.age());
      }
    });
  }
  threads.emplace_back([&] {
    auto c = connect();
    while (!stop) EXPECT_TRUE(ring_.refresh(c).ok());
  });
  issued_key last;
  for (int i = 0; i < 10; ++i) {
    last = issue(bidding());
    if (i < 9) must(revoke_key(*c_, last.number, "root", now_));
  }
  stop = true;
  for (auto& t : threads) t.join();
  EXPECT_GT(answered, 0);
  must(ring_.refresh(*c_));
  EXPECT_EQ(ring_.size(), 2U);
  EXPECT_EQ(ask(last.text)->number, last.number);
}

}  // namespace
}  // namespace lixin::access
