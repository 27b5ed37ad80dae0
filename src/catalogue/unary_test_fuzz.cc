// S-FEEL cells: any bytes parse or fail with a place inside the cell, and matching never goes
// wrong.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "catalogue/unary_test.h"
#include "text/encoding.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lixin;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  // The first line is the cell, the rest is the value.
  const std::size_t end = bytes.find('\n');
  const std::string_view cell = bytes.substr(0, end);
  const std::string_view value = end == bytes.npos ? std::string_view() : bytes.substr(end + 1);
  if (text::valid_utf8_prefix(bytes) != size) return 0;
  const auto tests = catalogue::unary_tests::parse(cell);
  if (!tests.ok()) {
    if (tests.error().text(language::zh).empty() || tests.error().args().empty()) std::abort();
    return 0;
  }
  if (tests->tests().empty()) std::abort();
  const bool matches = tests->matches(value);
  if (matches != tests->matches(std::string(value))) std::abort();
  // An absent value meets nothing but "-".
  const bool any = tests->tests().front().kind == catalogue::unary_tests::test::op::any;
  if (tests->matches("") && !any) std::abort();
  return 0;
}
