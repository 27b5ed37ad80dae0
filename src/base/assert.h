// LIXIN_ASSERT states what only a programmer's error can break. It stays on in release and aborts
// without printing any data. Never use it on anything that comes from outside.
#pragma once

namespace lixin {
[[noreturn]] void assert_failed(const char* expression, const char* file, int line);
}

#define LIXIN_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::lixin::assert_failed(#condition, __FILE__, __LINE__))
