// What from_base64url() takes is exactly what to_base64url() writes.
#include <cstdlib>

#include "crypto/crypto.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto decoded = lixin::crypto::from_base64url(text);
  if (decoded.ok() && lixin::crypto::to_base64url(*decoded) != text) std::abort();
  const auto again = lixin::crypto::from_base64url(lixin::crypto::to_base64url(text));
  if (!again.ok() || *again != text) std::abort();
  return 0;
}
