// A request as a handler sees it. All views live until the handler has returned its response; what
// is needed longer (also by the source of a streamed answer) is copied. It belongs to the thread
// that runs the handler.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/error.h"
#include "http/address.h"
#include "http/target.h"

namespace lixin::http {

struct route;

enum class method : std::uint8_t { get, head, post, put, patch, delete_, options };
std::string_view name(method m);  // "GET"

// The body as it arrives, for handlers of run::streaming.
class body_stream {
 public:
  virtual ~body_stream() = default;
  // Waits for bytes, at most until the times of `limits` are over. 0: the body is complete.
  // errc::body_cut, errc::request_timeout, errc::malformed or errc::body_too_large: it never will
  // be, and whatever was made of it must be undone.
  virtual result<std::size_t> read(std::span<char> into) = 0;
};

struct request {
  http::method method = method::get;
  const http::route* route = nullptr;
  std::string_view target;                     // as sent; may hold what must not be logged
  std::span<const std::string_view> segments;  // of the path, decoded
  std::span<const name_value> query;           // decoded, in order
  std::span<const name_value> placeholders;    // of the route's pattern
  std::span<const name_value> headers;
  std::string_view body;          // whole; empty for run::streaming
  body_stream* stream = nullptr;  // only for run::streaming
  address client;                 // behind a trusted proxy: whom the proxy names
  std::string_view id;            // of this request, 16 hexadecimal digits; made by the engine
  language lang = language::zh;   // what the client reads best

  // The first of that name, without regard to case.
  std::optional<std::string_view> header(std::string_view name) const;
  // The first of that name.
  std::optional<std::string_view> parameter(std::string_view name) const;
  // The segment that stands for {name} in the pattern of the route, which must have it.
  std::string_view placeholder(std::string_view name) const;
};

}  // namespace lixin::http
