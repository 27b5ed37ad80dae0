// Any text at all as a receipt: never accepted unless it was signed here, and what is accepted is
// written back as the same text. The first byte chooses whether the rest is the receipt itself or a
// content that gets a right signature, so that the reader of contents is reached.
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/assert.h"
#include "measure/receipt.h"

namespace {

const lixin::crypto::key_file& keys() {
  static const lixin::crypto::key_file all = [] {
    std::string folder =
        (std::filesystem::temp_directory_path() / "lixin-receipt-fuzz-XXXXXX").string();
    LIXIN_ASSERT(::mkdtemp(folder.data()) != nullptr);
    auto made = lixin::crypto::key_file::open_or_create(folder + "/keys");
    std::filesystem::remove_all(folder);
    LIXIN_ASSERT(made.ok());
    return std::move(made).value();
  }();
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::string text(rest);
  if (data[0] == 's') {
    text = "LXR1." + lixin::crypto::to_base64url(rest);
    text += "." + lixin::crypto::to_base64url(lixin::crypto::bytes(
                      lixin::crypto::hmac_sm3(keys().newest("receipt").secret, text)));
  }
  const auto content = lixin::measure::open_receipt(text, keys());
  if (!content.ok()) return 0;
  LIXIN_ASSERT(data[0] == 's');
  const auto back =
      lixin::measure::open_receipt(lixin::measure::sign_receipt(*content, keys()), keys());
  LIXIN_ASSERT(back.ok() && *back == *content);
  return 0;
}
