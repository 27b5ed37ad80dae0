#include "crypto/totp.h"

#include <gtest/gtest.h>

namespace lixin::crypto {
namespace {

using std::chrono::system_clock;

// RFC 6238, appendix B, the lines of SHA1.
TEST(totp, examples_of_the_rfc) {
  const struct {
    std::int64_t at_s;
    std::string_view code;
  } lines[] = {{59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
               {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"}};
  for (const auto& line : lines) {
    const std::int64_t step = line.at_s / totp_step.count();
    EXPECT_EQ(totp_code("12345678901234567890", step, 8), line.code);
    EXPECT_EQ(totp_code("12345678901234567890", step), line.code.substr(2));
  }
}

TEST(totp, a_step_is_half_a_minute) {
  const auto step_of = [](std::int64_t ms) {
    return totp_step_at(system_clock::time_point(std::chrono::milliseconds(ms)));
  };
  EXPECT_EQ(step_of(59'999), 1);
  EXPECT_EQ(step_of(60'000), 2);
  EXPECT_EQ(step_of(1'111'111'109'000), 37'037'036);
}

// RFC 4226, appendix D.
TEST(totp, examples_of_the_counter) {
  constexpr std::string_view codes[] = {"755224", "287082", "359152", "969429", "338314",
                                        "254676", "287922", "162583", "399871", "520489"};
  for (int i = 0; i < 10; ++i) EXPECT_EQ(totp_code("12345678901234567890", i), codes[i]);
}

// RFC 4648, section 10, without the padding.
TEST(base32, examples_of_the_rfc) {
  const std::pair<std::string_view, std::string_view> lines[] = {{"", ""},
                                                                 {"f", "MY"},
                                                                 {"fo", "MZXQ"},
                                                                 {"foo", "MZXW6"},
                                                                 {"foob", "MZXW6YQ"},
                                                                 {"fooba", "MZXW6YTB"},
                                                                 {"foobar", "MZXW6YTBOI"}};
  for (const auto& [bytes, text] : lines) EXPECT_EQ(to_base32(bytes), text);
}

}  // namespace
}  // namespace lixin::crypto
