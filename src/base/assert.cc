#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace lixin {

void assert_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "lixin: assertion failed: %s (%s:%d)\n", expression, file, line);
  std::abort();
}

}  // namespace lixin
