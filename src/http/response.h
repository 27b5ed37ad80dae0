// What a handler answers. The engine adds Content-Length or chunks, Date, Connection and
// X-Request-Id.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace lixin::http {

// Fills a part of `into` and answers how much; 0 ends the body. Called on threads of the pool, one
// call after the other, only when the client has taken what came before, until it has ended, has
// failed or the client has gone; then it is destroyed, on such a thread too. An error of the first
// call is answered as a problem document; later the connection is cut, so that the client sees that
// the body is not whole.
using body_source = std::function<result<std::size_t>(std::span<char> into)>;

struct response {
  unsigned status = 200;
  std::string_view content_type;  // a constant of the code; "" for none
  std::string body;
  body_source source;                         // instead of `body`
  std::optional<std::uint64_t> source_bytes;  // when it is known before; it must be right
  std::vector<std::pair<std::string, std::string>> headers;

  // Control characters of the value become blanks, so that no value can begin another header.
  response& header(std::string name, std::string_view value) &;
  response&& header(std::string name, std::string_view value) &&;

  static response json(std::string body, unsigned status = 200);
  static response text(std::string body);  // UTF-8
  static response empty(unsigned status = 204);
  static response stream(std::string_view content_type, body_source source,
                         std::optional<std::uint64_t> bytes = std::nullopt);
};

// "Not Found"; "" for a number that has no phrase here.
std::string_view reason_phrase(unsigned status);

}  // namespace lixin::http
