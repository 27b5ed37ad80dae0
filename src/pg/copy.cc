// The binary COPY format: a signature, per row the number of its columns, per column the length of
// its bytes (-1 for null) and the bytes in network order, and -1 at the end.
#include <fmt/format.h>
#include <libpq-fe.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "pg/libpq.h"
#include "pg/pg.h"

namespace lixin::pg {
namespace {

constexpr std::size_t piece_bytes = 1024 * 1024;
constexpr std::string_view signature{"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19};
constexpr std::string_view trailer{"\377\377", 2};
constexpr date epoch(2000, 1, 1);

template <class Unsigned>
void put(char* to, Unsigned v) {
  for (std::size_t i = 0; i < sizeof v; ++i)
    to[i] = static_cast<char>(v >> (8 * (sizeof v - 1 - i)) & 0xff);
}

// Length and value in one append.
template <class Unsigned>
void append_field(std::string& out, Unsigned v) {
  char piece[4 + sizeof v];
  put(piece, std::uint32_t{sizeof v});
  put(piece + 4, v);
  out.append(piece, sizeof piece);
}

void append_length(std::string& out, std::size_t n) {
  // Cells are bounded long before; more would not fit the format.
  LIXIN_ASSERT(n <= std::size_t{std::numeric_limits<std::int32_t>::max()});
  char piece[4];
  put(piece, static_cast<std::uint32_t>(n));
  out.append(piece, sizeof piece);
}

bool send_pieces(pg_conn* c, std::string_view data) {
  while (!data.empty()) {
    const std::string_view piece = data.substr(0, piece_bytes);
    if (PQputCopyData(c, piece.data(), static_cast<int>(piece.size())) != 1) return false;
    data.remove_prefix(piece.size());
  }
  return true;
}

}  // namespace

copy_buffer::copy_buffer(std::string_view table, std::string_view columns)
    : command_(fmt::format("copy {} ({}) from stdin (format binary)", table, columns)) {}

void copy_buffer::row(int column_count) {
  char piece[2];
  put(piece, static_cast<std::uint16_t>(column_count));
  data_.append(piece, sizeof piece);
  ++rows_;
}

void copy_buffer::int2(std::int16_t v) { append_field(data_, static_cast<std::uint16_t>(v)); }
void copy_buffer::int4(std::int32_t v) { append_field(data_, static_cast<std::uint32_t>(v)); }
void copy_buffer::int8(std::int64_t v) { append_field(data_, static_cast<std::uint64_t>(v)); }
void copy_buffer::boolean(bool v) { append_field(data_, static_cast<std::uint8_t>(v)); }

void copy_buffer::text(std::string_view v) {
  append_length(data_, v.size());
  data_.append(v);
}

void copy_buffer::bytes(std::string_view v) { text(v); }

void copy_buffer::jsonb(std::string_view json) {
  append_length(data_, json.size() + 1);
  data_ += '\1';  // the version of jsonb's binary form
  data_.append(json);
}

void copy_buffer::day(date v) { int4(v - epoch); }

void copy_buffer::timestamp(std::chrono::system_clock::time_point v) {
  const auto since = v - std::chrono::sys_days(epoch.ymd());
  int8(std::chrono::floor<std::chrono::microseconds>(since).count());
}

void copy_buffer::null() { data_.append("\377\377\377\377", 4); }

void copy_buffer::clear() {
  data_.clear();
  rows_ = 0;
}

result<void> copy_buffer::send(connection& c) {
  if (rows_ == 0) return {};
  pg_conn* const pg = c.raw();
  const result_ptr answer(PQexec(pg, command_.c_str()));
  const bool begun = PQresultStatus(answer.get()) == PGRES_COPY_IN;
  const bool sent = begun && send_pieces(pg, signature) && send_pieces(pg, data_) &&
                    send_pieces(pg, trailer) && PQputCopyEnd(pg, nullptr) == 1;
  clear();
  if (!begun) return error_of(pg, answer.get());
  // Read to the end even after a failure: the connection is of no use before.
  std::optional<error> failed;
  if (!sent) failed = error_of(pg, nullptr);
  while (const result_ptr last{PQgetResult(pg)}) {
    const auto status = PQresultStatus(last.get());
    if (status == PGRES_COPY_IN) {
      if (PQputCopyEnd(pg, "given up") != 1) break;
    } else if (status != PGRES_COMMAND_OK) {
      failed = error_of(pg, last.get());
    }
  }
  if (failed) return std::move(*failed);
  return {};
}

}  // namespace lixin::pg
