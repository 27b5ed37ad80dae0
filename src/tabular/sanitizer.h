// LIXIN_ADDRESS_SANITIZER is defined in builds with the address sanitizer, of either compiler.
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define LIXIN_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LIXIN_ADDRESS_SANITIZER 1
#endif
#endif
