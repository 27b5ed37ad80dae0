// Private to http: what all connections of a server share. Everything here belongs to the I/O
// thread but the pool and the count of connections.
#pragma once

#include <atomic>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "http/rate_limiter.h"
#include "http/route.h"
#include "http/server.h"
#include "http/worker_pool.h"

namespace lixin::http {

namespace asio = boost::asio;
using boost::system::error_code;

// A concrete executor instead of any_executor: no virtual call and no allocation for each step.
using executor = asio::io_context::executor_type;
template <class T>
using task = asio::awaitable<T, executor>;
using stream_socket = asio::basic_stream_socket<asio::generic::stream_protocol, executor>;
inline constexpr asio::as_tuple_t<asio::use_awaitable_t<executor>> as_values{};

class session;

struct engine {
  engine(options o, route_table r)
      : set(std::move(o)),
        routes(std::move(r)),
        limiter(set.rate_buckets_max),
        pool(set.limits.pool_threads, set.limits.pool_queue_max) {}

  const options set;
  const route_table routes;
  asio::io_context io{1};
  rate_limiter limiter;
  std::unordered_set<session*> sessions;
  std::unordered_map<address, std::size_t> connections_of;
  std::size_t body_streams = 0;
  bool draining = false;
  std::int64_t now_ms = 0;  // since the start, as the last sweep saw it
  std::string date;         // of the header, as the last sweep saw it
  std::uint64_t next_id = 0;
  std::atomic<std::size_t> connection_count{0};
  worker_pool pool;  // last: its threads use what is above
};

}  // namespace lixin::http
