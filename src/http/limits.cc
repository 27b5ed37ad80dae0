#include "http/limits.h"

#include <string_view>

#include "http/errc.h"

namespace lixin::http {
namespace {

struct bounded {
  std::string_view name;
  std::uint64_t value;
  std::uint64_t min;
  std::uint64_t max;
};

}  // namespace

result<void> check(const limits& l) {
  constexpr std::uint64_t million = 1'000'000;
  constexpr std::uint64_t day_ms = 86'400'000;
  constexpr std::uint64_t kib = 1024;
  for (const bounded& b : {
           bounded{"head_bytes_max", l.head_bytes_max, 512, kib * kib},
           bounded{"header_count_max", l.header_count_max, 1, 1000},
           bounded{"target_bytes_max", l.target_bytes_max, 64, 64 * kib},
           bounded{"segment_count_max", l.segment_count_max, 1, 64},
           bounded{"query_parameters_max", l.query_parameters_max, 0, 1000},
           bounded{"chunk_extension_bytes_max", l.chunk_extension_bytes_max, 0, kib},
           bounded{"connections_max", l.connections_max, 1, million},
           bounded{"connections_per_client_max", l.connections_per_client_max, 1, million},
           bounded{"requests_per_connection_max", l.requests_per_connection_max, 1,
                   million * million},
           bounded{"head_ms", l.head_ms, 1, day_ms},
           bounded{"idle_ms", l.idle_ms, 1, day_ms},
           bounded{"body_grace_ms", l.body_grace_ms, 1, day_ms},
           bounded{"body_bytes_per_second_min", l.body_bytes_per_second_min, 1, kib * million},
           bounded{"write_grace_ms", l.write_grace_ms, 1, day_ms},
           bounded{"write_bytes_per_second_min", l.write_bytes_per_second_min, 1, kib * million},
           bounded{"linger_ms", l.linger_ms, 0, 60'000},
           bounded{"sweep_ms", l.sweep_ms, 10, 5'000},
           bounded{"pool_threads", l.pool_threads, 1, 256},
           bounded{"pool_queue_max", l.pool_queue_max, 0, million},
           bounded{"pool_wait_ms", l.pool_wait_ms, 1, day_ms},
           bounded{"body_streams_max", l.body_streams_max, 0, 256},
           bounded{"retry_after_s", l.retry_after_s, 1, 86'400},
           bounded{"piece_bytes", l.piece_bytes, kib, 16 * kib * kib},
       }) {
    if (b.value >= b.min && b.value <= b.max) continue;
    return error(errc::bad_limit, {std::string(b.name), std::to_string(b.min),
                                   std::to_string(b.max), std::to_string(b.value)});
  }
  return {};
}

}  // namespace lixin::http
