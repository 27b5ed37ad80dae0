// Any bytes as a request, once whole and once in pieces: the same is read, or nothing is. The first
// byte chooses the size of the pieces.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.h"
#include "http/parser.h"

namespace {

using namespace lixin::http;

struct outcome {
  std::string head;
  std::string target;
  std::string body;
  std::string code;  // of what was refused
  bool done = false;

  bool operator==(const outcome&) const = default;
};

// The bytes arrive in pieces, and each time in another place, as a buffer that grows moves them.
outcome read(std::string_view bytes, std::size_t piece, const limits& l) {
  outcome o;
  parser p(l);
  std::size_t head = 0;
  std::size_t arrived = 0;
  while (head == 0) {
    if (arrived == bytes.size()) return o;
    arrived = std::min(arrived + piece, bytes.size());
    const std::string all(bytes.substr(0, arrived));
    auto parsed = p.parse_head(all);
    if (!parsed.ok()) {
      o.code = parsed.error().code();
      return o;
    }
    head = *parsed;
    if (head == 0) continue;
    LIXIN_ASSERT(head <= arrived && head <= l.head_bytes_max);
    o.head = all.substr(0, head);
    o.target = p.target(o.head);
    std::vector<name_value> headers;
    p.headers(o.head, headers);
    LIXIN_ASSERT(headers.size() <= l.header_count_max);
    for (const name_value& h : headers) {
      LIXIN_ASSERT(h.value.find_first_of("\r\n") == std::string_view::npos);
    }
  }
  std::string waiting(bytes.substr(head, arrived - head));
  while (!p.done()) {
    if (!waiting.empty()) {
      const auto used = p.parse_body(waiting, o.body);
      if (!used.ok()) {
        o.code = used.error().code();
        o.body.clear();  // how much came before the fault is seen depends on the pieces
        return o;
      }
      waiting.erase(0, *used);
      if (p.done()) break;
    }
    if (arrived == bytes.size()) return o;
    const std::size_t n = std::min(piece, bytes.size() - arrived);
    waiting.append(bytes.substr(arrived, n));
    arrived += n;
  }
  o.done = true;
  if (const auto length = p.content_length()) LIXIN_ASSERT(*length == o.body.size());
  return o;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const limits l{.head_bytes_max = 2048, .header_count_max = 16, .target_bytes_max = 256};
  const outcome whole = read(bytes, bytes.size(), l);
  const outcome pieces = read(bytes, data[0] % 16 + 1, l);
  // A fault may be seen sooner or later, but never instead of a request.
  LIXIN_ASSERT(whole.done == pieces.done && (!whole.done || whole == pieces));
  return 0;
}
