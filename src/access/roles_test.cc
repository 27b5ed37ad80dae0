#include "access/roles.h"

#include <gtest/gtest.h>

#include "access/errc.h"

namespace lixin::access {
namespace {

TEST(roles, are_a_set_that_the_database_keeps_as_bits) {
  const role_set some{role::centre, role::data_officer};
  EXPECT_EQ(some.bits(), 3);
  EXPECT_TRUE(some.has(role::centre));
  EXPECT_FALSE(some.has(role::admin));
  EXPECT_EQ(role_set::of_bits(3), some);
  EXPECT_EQ(role_set::of_bits(32 + 3), some) << "a bit of a newer program allows nothing";
  EXPECT_EQ(to_string(some), "data-officer, centre");
  EXPECT_EQ(to_string(role_set()), "");
}

TEST(roles, are_named_by_their_codes) {
  for (const role r : all_roles) EXPECT_EQ(role_named(code_of(r)), r);
  EXPECT_EQ(role_named("root"), std::nullopt);
  EXPECT_EQ(roles_named(std::vector<std::string>{"checker", "centre"}).value(),
            (role_set{role::centre, role::checker}));
  const auto wrong = roles_named(std::vector<std::string>{"checker", "Centre"});
  EXPECT_TRUE(wrong.error().is(errc::no_such_role));
  EXPECT_EQ(wrong.error().args()[1], "Centre");
  EXPECT_TRUE(roles_named(std::vector<std::string>{}).error().is(errc::no_such_role));
}

// Every set of roles, with and without an authority, against the rule written the other way round.
TEST(roles, every_combination) {
  for (int bits = 1; bits < 32; ++bits) {
    const role_set r = role_set::of_bits(bits);
    const bool works = bits < 8;  // none that stands alone
    const bool alone = bits == 8 || bits == 16;
    const bool bound = (bits & 5) != 0;
    for (const bool authority : {false, true}) {
      const auto checked = check_roles(r, authority);
      if (!works && !alone) {
        EXPECT_TRUE(checked.error().is(errc::role_alone)) << bits;
      } else if (bound != authority) {
        EXPECT_TRUE(checked.error().is(bound ? errc::authority_missing : errc::authority_unwanted))
            << bits;
      } else {
        EXPECT_TRUE(checked.ok()) << bits;
      }
    }
  }
}

}  // namespace
}  // namespace lixin::access
