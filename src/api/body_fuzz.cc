// Any bytes as the body of a request, its cookies, and the name of a row: every reader answers or
// refuses, and what it refuses it does not repeat beyond a name's length.
#include "api/body.h"
#include "api/caller.h"
#include "api/pending_json.h"
#include "base/assert.h"

using namespace lixin;

namespace {

constexpr std::size_t sentence_bytes_max = 4096;

template <class T>
void look(const result<T>& r) {
  if (!r.ok()) LIXIN_ASSERT(r.error().sentence(language::zh).size() < sentence_bytes_max);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data),
                               std::min<std::size_t>(size, 2048));
  const http::name_value headers[] = {{"Content-Type", "application/json; charset=utf-8"},
                                      {"Cookie", bytes}};
  http::request r;
  r.headers = headers;
  r.body = bytes;
  auto body = api::body_reader::of(r);
  look(body);
  if (body.ok()) {
    look(body->text("code", "代码", "a code"));
    look(body->optional_day("as_of"));
    look(body->texts("codes", "代码", "codes"));
    look(body->flag("bind"));
    look(body->optional_number("another_party", 9999));
    look(body->end());
  }
  const std::string_view token = api::session_token(r);
  LIXIN_ASSERT(token.find(';') == std::string_view::npos);
  LIXIN_ASSERT(token.empty() || bytes.find(token) != std::string_view::npos);
  archive::pending_filter f;
  if (api::read_row_name(bytes, f)) LIXIN_ASSERT(f.after_batch.value > 0);
  return 0;
}
