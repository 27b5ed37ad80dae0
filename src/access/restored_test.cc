#include "access/restored.h"

#include <gmock/gmock.h>

#include "access/access_testing.h"
#include "access/api_key.h"
#include "access/errc.h"
#include "access/key_ring.h"
#include "access/sign_in.h"
#include "access/staff.h"

namespace lixin::access {
namespace {

using testing_access::access_test;
using testing_access::must;

class restored_test : public access_test {
 protected:
  issued_key issue() {
    key_terms t;
    t.name = "x";
    t.roles = {role::centre};
    t.last_day = now_.today() + 90;
    return must(issue_key(*c_, t, "root", now_));
  }
  void add(const std::string& login_name) {
    must(add_staff(*c_, {login_name, "", "", {role::centre}, "a long sentence"}, "root", now_));
  }
  bool comes_in(const std::string& login_name, std::string_view password) {
    return sign_in(*c_, *keys_, {login_name, password, "", ""}, now_).ok();
  }
  // The tables of accounts as they stand now, kept aside as a restore does.
  void keep_aside() {
    run("CREATE SCHEMA \"lixin_before_x\"; CREATE TABLE \"lixin_before_x\".api_key AS SELECT * "
        "FROM api_key; CREATE TABLE \"lixin_before_x\".staff AS SELECT * FROM staff");
  }
};

TEST_F(restored_test, what_was_taken_away_since_the_backup_stays_away) {
  const auto revoked = issue();
  const auto standing = issue();
  for (const char* name : {"disabled", "changed", "same"}) add(name);
  const auto in = must(sign_in(*c_, *keys_, {"same", "a long sentence", "", ""}, now_));
  key_ring ring;
  must(ring.refresh(*c_));
  // After the backup:
  now_.pass(std::chrono::hours(1));
  must(revoke_key(*c_, revoked.number, "boss", now_));
  must(disable_staff(*c_, "disabled", "boss", now_));
  ASSERT_TRUE(set_password(*c_, "changed", "another sentence", "boss", now_).ok());
  keep_aside();
  // The backup comes back.
  run("UPDATE api_key SET revoked_at = NULL, revoked_by = NULL; UPDATE staff SET disabled_at = "
      "NULL, disabled_by = NULL; UPDATE staff SET password_hash = (SELECT password_hash FROM staff "
      "WHERE login_name = 'same'), password_at = made_at WHERE login_name = 'changed'");
  ASSERT_TRUE(comes_in("changed", "a long sentence"));
  ASSERT_TRUE(after_restore(*c_, "lixin_before_x").ok());

  EXPECT_TRUE(must(ring.refresh(*c_)));
  const ip_address from = *ip_address::parse("::1");
  EXPECT_TRUE(ring.authenticate(revoked.text, from, now_.today()).error().is(errc::key_refused));
  EXPECT_TRUE(ring.authenticate(standing.text, from, now_.today()).ok());
  EXPECT_FALSE(comes_in("disabled", "a long sentence"));
  EXPECT_FALSE(comes_in("changed", "a long sentence"));
  EXPECT_TRUE(comes_in("changed", "another sentence"));
  EXPECT_FALSE(find_session(*c_, in.session.token, now_).ok());
  EXPECT_TRUE(comes_in("same", "a long sentence"));
}

TEST_F(restored_test, without_what_stood_there_sessions_end_and_keys_are_read_again) {
  const auto k = issue();
  add("li");
  const auto in = must(sign_in(*c_, *keys_, {"li", "a long sentence", "", ""}, now_));
  key_ring ring;
  must(ring.refresh(*c_));
  for (const char* kept : {"", "no_such_schema"}) {
    ASSERT_TRUE(after_restore(*c_, kept).ok());
    EXPECT_TRUE(must(ring.refresh(*c_)));
  }
  EXPECT_FALSE(find_session(*c_, in.session.token, now_).ok());
  EXPECT_TRUE(ring.authenticate(k.text, *ip_address::parse("::1"), now_.today()).ok());
}

}  // namespace
}  // namespace lixin::access
