// Any bytes as a line of codes and as free text that may hold personal numbers.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "identity/codes.h"
#include "identity/personal.h"
#include "text/encoding.h"

using namespace lixin;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  std::string line;
  identity::append_code_line(line, bytes);
  LIXIN_ASSERT(text::valid_utf8_prefix(line) == line.size());
  LIXIN_ASSERT(line.find('\n') == std::string::npos);
  LIXIN_ASSERT(line.starts_with("valid") || line.starts_with("invalid\t"));

  const std::string_view utf8 = bytes.substr(0, text::valid_utf8_prefix(bytes));
  const auto check = identity::check_credit_code(utf8);
  LIXIN_ASSERT(check.code.has_value() != check.why.has_value());
  if (check.code) {
    // A code that holds holds again, unmended.
    const auto again = identity::check_credit_code(check.code->text());
    LIXIN_ASSERT(again.code && !again.mended);
  }
  static_cast<void>(identity::check_organisation_code(utf8));
  static_cast<void>(identity::check_registration_number(utf8));

  static_cast<void>(identity::find_in_text(bytes));
  const bool whole = identity::identity_cell(utf8) == identity::personal_number::resident_number;
  if (identity::is_resident_number(utf8)) {
    LIXIN_ASSERT(whole || identity::check_credit_code(utf8).code.has_value());
    LIXIN_ASSERT(!whole ||
                 identity::find_in_text(utf8) == identity::personal_number::resident_number);
  }
  return 0;
}
