#include "access/staff.h"

#include <gmock/gmock.h>

#include "access/access_testing.h"
#include "access/errc.h"
#include "access/names.h"

namespace lixin::access {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing_access::access_test;
using testing_access::must;

TEST(names, a_password_is_long_and_more_than_the_names) {
  const auto check = [](std::string_view password) {
    return check_password(password, "lihua", "李华明");
  };
  for (const std::string_view good :
       {"correct horse", "aaaaaaaaaaaa", "今天的天气真的很不错啊对吗", "lixin and eight more"}) {
    EXPECT_TRUE(check(good).ok()) << good;
  }
  EXPECT_TRUE(check(std::string(128, 'x')).ok());
  for (const std::string& bad : {std::string(), std::string("short"), std::string("elevensigns"),
                                 std::string("一二三四五六七八九十一"), std::string(129, 'x'),
                                 std::string("not utf-8 \xff\xff\xff\xff")}) {
    EXPECT_TRUE(check(bad).error().is(errc::password_length)) << bad;
  }
  for (const std::string_view bad : {"lihua1234567", "LiHuaLixin2026", "李华明李华明李华明李华明",
                                     "lixinlixinlixin", "立信lixin123456"}) {
    EXPECT_TRUE(check(bad).error().is(errc::password_of_names)) << bad;
    EXPECT_EQ(check(bad).error().text(language::en).find(bad), std::string::npos);
  }
}

TEST(names, of_accounts) {
  for (const std::string_view good : {"li", "wang.fang", "scjg-2", "a_b"}) {
    EXPECT_TRUE(check_login_name(good).ok()) << good;
  }
  for (const std::string_view bad : {"", "l", "Li", "2li", "li hua", "李华", "li@x", "li'--",
                                     "a-13800138000", "abcdefghijklmnopqrstuvwxyz1234567"}) {
    EXPECT_TRUE(check_login_name(bad).error().is(errc::login_name_form)) << bad;
  }
  EXPECT_EQ(must(checked_title("  李华 ")), "李华");
  EXPECT_TRUE(checked_title(std::string(65, 'x')).error().is(errc::title_form));
  EXPECT_TRUE(checked_title("bad \xff").error().is(errc::title_form));
}

class staff_test : public access_test {
 protected:
  new_staff officer() const {
    return {"li", "李华", "scjg", {role::data_officer}, "a long sentence"};
  }
};

TEST_F(staff_test, is_added_listed_and_told_without_the_password) {
  EXPECT_EQ(must(add_staff(*c_, officer(), "root", now_)), 1);
  EXPECT_EQ(must(add_staff(*c_, {"boss", "", "", {role::admin}, "another long one"}, "root", now_)),
            2);
  EXPECT_FALSE(stored_anywhere("long sentence"));
  EXPECT_THAT(
      acts(),
      ElementsAre("staff-changed root: staff 1 (li) added, roles data-officer, authority scjg",
                  "staff-changed root: staff 2 (boss) added, roles admin"));
  const auto all = must(list_staff(*c_, 0, 100));
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].display_name, "李华");
  EXPECT_EQ(all[0].authority, "scjg");
  EXPECT_EQ(all[0].roles, role_set{role::data_officer});
  EXPECT_FALSE(all[0].has_totp);
  EXPECT_EQ(all[0].disabled_at, "");
  EXPECT_EQ(all[1].display_name, "boss");
  EXPECT_EQ(all[1].made_at, "2026-11-24T02:00:00Z");
}

TEST_F(staff_test, what_breaks_a_rule_is_refused_and_leaves_nothing) {
  const auto fails = [&](const message& m, auto change) {
    new_staff s = officer();
    change(s);
    const auto r = add_staff(*c_, s, "root", now_);
    ASSERT_FALSE(r.ok()) << m.code;
    EXPECT_TRUE(r.error().is(m)) << m.code << " " << r.error().text(language::en);
  };
  fails(errc::login_name_form, [](new_staff& s) { s.login_name = "Li"; });
  fails(errc::title_form, [](new_staff& s) { s.display_name = "130901199001010015"; });
  fails(errc::password_length, [](new_staff& s) { s.password = "short"; });
  fails(errc::no_such_authority, [](new_staff& s) { s.authority = "nobody"; });
  fails(errc::authority_unwanted, [](new_staff& s) { s.roles = {role::centre}; });
  fails(errc::role_alone, [](new_staff& s) { s.roles = {role::admin, role::data_officer}; });
  EXPECT_EQ(number("SELECT count(*) FROM staff"), 0);
  EXPECT_THAT(acts(), ElementsAre());
  must(add_staff(*c_, officer(), "root", now_));
  fails(errc::login_taken, [](new_staff&) {});
  EXPECT_EQ(acts().size(), 1U);
}

TEST_F(staff_test, changes_say_whether_there_was_something_to_change) {
  must(add_staff(*c_, officer(), "root", now_));
  EXPECT_FALSE(must(enable_staff(*c_, "li", "boss", now_)));
  EXPECT_TRUE(must(disable_staff(*c_, "li", "boss", now_)));
  EXPECT_FALSE(must(disable_staff(*c_, "li", "boss", now_)));
  EXPECT_EQ(must(list_staff(*c_, 0, 1))[0].disabled_by, "boss");
  EXPECT_TRUE(must(enable_staff(*c_, "li", "boss", now_)));
  EXPECT_EQ(must(list_staff(*c_, 0, 1))[0].disabled_at, "");
  EXPECT_FALSE(must(set_roles(*c_, "li", {role::data_officer}, "scjg", "boss", now_)));
  EXPECT_TRUE(must(set_roles(*c_, "li", {role::data_officer}, "ggzy", "boss", now_)));
  EXPECT_TRUE(must(set_roles(*c_, "li", {role::centre}, "", "boss", now_)));
  EXPECT_EQ(must(list_staff(*c_, 0, 1))[0].authority, "");
  EXPECT_FALSE(must(clear_totp(*c_, "li", "boss", now_)));
  const std::string uri = must(set_totp(*c_, *keys_, "li", "boss", now_));
  EXPECT_THAT(uri, HasSubstr("otpauth://totp/Lixin:li?secret="));
  EXPECT_FALSE(stored_anywhere(uri.substr(uri.find('=') + 1, 32)));
  EXPECT_TRUE(must(list_staff(*c_, 0, 1))[0].has_totp);
  EXPECT_TRUE(must(clear_totp(*c_, "li", "boss", now_)));
  EXPECT_TRUE(set_password(*c_, "li", "a third sentence", "boss", now_).ok());
  EXPECT_THAT(acts(1), ElementsAre("staff-changed boss: staff 1 (li) disabled",
                                   "staff-changed boss: staff 1 (li) enabled",
                                   "staff-changed boss: staff 1 (li) roles data-officer, authority "
                                   "ggzy",
                                   "staff-changed boss: staff 1 (li) roles centre",
                                   "staff-changed boss: staff 1 (li) takes codes",
                                   "staff-changed boss: staff 1 (li) takes no codes",
                                   "staff-changed boss: staff 1 (li) password"));
  EXPECT_TRUE(disable_staff(*c_, "nobody", "boss", now_).error().is(errc::no_such_staff));
  EXPECT_TRUE(set_password(*c_, "li", "li", "boss", now_).error().is(errc::password_length));
}

}  // namespace
}  // namespace lixin::access
