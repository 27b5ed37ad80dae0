// Hand-ins: their states, the fates of their rows, and reading both.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/error.h"
#include "base/ids.h"
#include "pg/pg.h"

namespace lixin::archive {

enum class batch_state : std::int16_t { running = 1, done, withdrawing, withdrawn };
std::string_view code_of(batch_state s);
std::string_view title_zh(batch_state s);
std::string_view title_en(batch_state s);

enum class fate : std::int16_t { accepted = 1, unchanged, corrected, pending, sealed, refused };
inline constexpr std::array<fate, 6> all_fates{fate::accepted, fate::unchanged, fate::corrected,
                                               fate::pending,  fate::sealed,    fate::refused};
std::string_view code_of(fate f);
std::string_view title_zh(fate f);
std::string_view title_en(fate f);

// Rows by fate; their sum is the rows read.
struct fate_counts {
  std::array<std::int64_t, 6> of{};
  std::int64_t late = 0;  // among accepted and corrected

  std::int64_t& operator[](fate f) { return of[static_cast<std::size_t>(f) - 1]; }
  std::int64_t operator[](fate f) const { return of[static_cast<std::size_t>(f) - 1]; }
  std::int64_t total() const;
};

struct batch_info {
  batch_id id;
  std::string dataset, authority, authority_title, pack, pack_version, file_name, actor;
  std::string file_digest;  // SM3, hex
  std::int64_t file_bytes = 0;
  std::string started_at, finished_at, withdrawn_at;  // UTC; "" = not yet
  std::string withdrawn_by, withdrawn_why;
  date handed_in_on;
  batch_state state = batch_state::running;
  std::vector<std::string> headings;
  std::int64_t last_row = 0;  // of the file, done so far
  fate_counts counts;
};

// Newest first; `before` pages (0 = from the newest); of one authority (its code), or of all ("").
result<std::vector<batch_info>> list_batches(pg::connection& c, batch_id before, int limit,
                                             const std::string& authority = "");
result<batch_info> find_batch(pg::connection& c, batch_id id);

// A reason or flag of a row, as stored: the message's code, column and sentences.
struct row_reason {
  std::string code, column, zh, en;
};
struct row_fate {
  std::uint64_t row_number = 0;
  fate what = fate::accepted;
  std::string record;  // "<subject>-<record>", "" when none
  std::int32_t version = 0;
  bool late = false, name_differs = false;  // of the version that the row made or met
  bool content_ended = false;               // that version, or what was kept of the row, was purged
  std::vector<row_reason> reasons;
  std::vector<std::string> cells;  // as handed in; empty when nothing may be kept
};
// Rows after `after` in row order; only those of one fate when given; only rows with reasons
// when `noted` (late rows and other names are flags, not reasons).
struct row_filter {
  std::uint64_t after = 0;
  std::optional<fate> what;
  bool noted = false;
  int limit = 1000;
};
result<std::vector<row_fate>> rows_of(pg::connection& c, batch_id id, const row_filter& f);

// The refused rows as a table to mend and hand in again: the headings of the hand-in and 退回原因
// (reasons) in front, one line per refused row, .csv or .xlsx by the path's ending (cells at fault
// are marked there). A row whose content may not be kept comes back as number, column and reason
// only. Answers how many rows were written.
result<std::int64_t> write_refused(pg::connection& c, batch_id id, const std::string& path);

}  // namespace lixin::archive
