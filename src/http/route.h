// The one table of routes: what is served, by whom, and how much of it. Built once at start-up,
// then only read, from any thread. A look-up allocates nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "http/completion.h"
#include "http/request.h"
#include "http/response.h"

namespace lixin::http {

// An error becomes a problem document (problem.h). An exception becomes errc::handler_failed.
using handler = std::function<result<response>(request&)>;
// The request lives until the completion is called or let go. An exception is errc::handler_failed.
using deferred_handler = std::function<void(request&, completion)>;

enum class run : std::uint8_t {
  quick,      // on the I/O thread, with the whole body; may not wait for anything
  blocking,   // on a thread of the pool, with the whole body
  streaming,  // on a thread of the pool as soon as the head is there; reads the body from
              // request::stream
  deferred,   // `later` on the I/O thread, with the whole body; it may not wait, and answers when
              // it can. Every completion is called or let go before the server stops.
};

struct route {
  http::method method;  // GET also serves HEAD; OPTIONS is answered by the engine
  std::string pattern;  // "/api/v1/subjects/{code}": whole segments, each text or {name}
  std::string name;     // for logs and metrics
  http::handler handler;
  run runs = run::quick;
  deferred_handler later = {};       // instead of `handler`, for run::deferred
  std::uint64_t body_bytes_max = 0;  // beyond: 413
  std::uint8_t rate_class = 0;       // index into options::rates (server.h)
  std::uint64_t roles = 0;           // not looked at by the engine: for the handler's own check
};

class route_table {
 public:
  // A pattern that does not begin with "/", holds an empty segment or the same placeholder twice,
  // and a second route of the same method and shape, are our own mistakes: it aborts.
  explicit route_table(std::vector<route> routes);
  ~route_table();
  route_table(route_table&&) noexcept;
  route_table& operator=(route_table&&) noexcept;

  struct match {
    const http::route* route = nullptr;  // null: 405 when `methods` is not empty, else 404
    std::string_view allow;              // of the path: "GET, HEAD, OPTIONS"
  };
  // Text goes before a placeholder, segment by segment; a placeholder takes any segment but an
  // empty one. `placeholders` gets names and values, which view the table and `segments`.
  match find(method m, const std::vector<std::string_view>& segments,
             std::vector<name_value>& placeholders) const;

  const std::vector<route>& routes() const { return routes_; }

 private:
  struct node;
  const node* walk(const node& from, const std::vector<std::string_view>& segments,
                   std::size_t at) const;

  std::vector<route> routes_;
  std::unique_ptr<node> root_;
};

}  // namespace lixin::http
