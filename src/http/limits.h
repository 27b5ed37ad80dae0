// Every limit of the engine, in one place. The defaults suit a server behind a reverse proxy that
// ends TLS; an operator changes them in the configuration. Times are kept by a sweep, so that a
// connection is cut at the latest one `sweep_ms` after its time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/error.h"

namespace lixin::http {

// check() holds the range of each.
struct limits {
  // The head of a request: request line and header fields.
  std::size_t head_bytes_max = 16 * 1024;       // 512 .. 1 MiB; beyond: 431
  std::size_t header_count_max = 64;            // beyond: 431
  std::size_t target_bytes_max = 4096;          // path and query as sent; beyond: 414
  std::size_t segment_count_max = 16;           // parts of a path; beyond: 414
  std::size_t query_parameters_max = 64;        // beyond: 414
  std::size_t chunk_extension_bytes_max = 128;  // of each chunk; beyond: 400

  // Connections. A client that reached the last of these connects anew.
  std::size_t connections_max = 10'000;          // beyond: 503 and closed
  std::size_t connections_per_client_max = 256;  // of one address, proxies not counted; beyond: 503
  std::size_t requests_per_connection_max = 100'000;

  // Times.
  std::uint32_t head_ms = 10'000;                   // from the first byte of a head to its end: 408
  std::uint32_t idle_ms = 75'000;                   // kept alive without a request
  std::uint32_t body_grace_ms = 10'000;             // a body may take this, and besides
  std::uint32_t body_bytes_per_second_min = 1024;   // its size at this rate: else 408
  std::uint32_t write_grace_ms = 10'000;            // the same for what the client reads,
  std::uint32_t write_bytes_per_second_min = 1024;  // else it is cut
  std::uint32_t linger_ms = 2'000;  // how long input is thrown away after a last answer
  std::uint32_t sweep_ms = 500;     // how often times are looked at, 10 .. 5000

  // Blocking handlers.
  std::size_t pool_threads = 8;        // 1 .. 256
  std::size_t pool_queue_max = 256;    // waiting for a thread; beyond: 503 at once
  std::uint32_t pool_wait_ms = 5'000;  // who waited longer than this gets 503 and is not run
  std::size_t body_streams_max = 4;    // threads that may wait for uploads; beyond: 503
  std::uint32_t retry_after_s = 1;     // what a 503 tells the client to wait

  // Memory of one connection: what is read or written in one piece.
  std::size_t piece_bytes = 64 * 1024;  // 1 KiB .. 16 MiB
};

// errc::bad_limit names the first that is out of its range.
result<void> check(const limits& l);

}  // namespace lixin::http
