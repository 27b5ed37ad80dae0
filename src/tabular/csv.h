// The CSV reader behind tabular::open. RFC 4180, and what real files do besides: any of CRLF, LF
// and CR ends a row, the last row may lack its end, a quote inside an unquoted cell is a plain
// sign, blanks may follow a closing quote.
#pragma once

#include <memory>

#include "tabular/input.h"
#include "tabular/tabular.h"

namespace lixin::tabular {

struct csv_tuning {
  // 256 KiB stay in the second-level cache from read() to the last cell. Tests use small pieces.
  std::size_t piece_bytes = 256 * 1024;
  bool comments = false;  // rows whose first sign is # are passed over to their line's end
};

result<std::unique_ptr<reader>> open_csv(std::unique_ptr<input> in, const options& o,
                                         const csv_tuning& tuning = {});

// Bit i is set where p[i] is the separator, CR or LF, for the 64 bytes from p. Two ways to the
// same answer; the portable one is for machines without SSE2.
std::uint64_t stops_portable(const char* p, char separator);
std::uint64_t stops(const char* p, char separator);

}  // namespace lixin::tabular
