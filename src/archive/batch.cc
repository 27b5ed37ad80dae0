#include "archive/batch.h"

#include <fmt/format.h>

#include <numeric>

#include "archive/archive.h"
#include "archive/errc.h"
#include "crypto/crypto.h"
#include "text/json.h"

namespace lixin::archive {
namespace {

constexpr std::string_view batch_select =
    "SELECT b.batch_id, d.code, a.code, a.title_zh, p.pack, p.version, b.file_name, b.actor, "
    "b.file_digest, b.file_bytes, b.started_at, b.finished_at, b.withdrawn_at, b.withdrawn_by, "
    "b.withdrawn_why, b.handed_in_on, b.state, b.headings, b.last_row, b.accepted, b.unchanged, "
    "b.corrected, b.pending, b.sealed, b.refused, b.late FROM batch b JOIN dataset d USING "
    "(dataset_id) JOIN authority a USING (authority_id) JOIN pack_version p USING "
    "(pack_version_id) ";

result<batch_info> batch_from(const pg::rows& r, int i) {
  batch_info b;
  b.id = batch_id(r.int64(i, 0));
  b.dataset = r.text(i, 1);
  b.authority = r.text(i, 2);
  b.authority_title = r.text(i, 3);
  b.pack = r.text(i, 4);
  b.pack_version = r.text(i, 5);
  b.file_name = r.text(i, 6);
  b.actor = r.text(i, 7);
  const std::string digest = r.bytes(i, 8);
  b.file_digest =
      crypto::to_hex({reinterpret_cast<const std::uint8_t*>(digest.data()), digest.size()});
  b.file_bytes = r.int64(i, 9);
  b.started_at = r.text(i, 10);
  b.finished_at = r.text(i, 11);
  b.withdrawn_at = r.text(i, 12);
  b.withdrawn_by = r.text(i, 13);
  b.withdrawn_why = r.text(i, 14);
  b.handed_in_on = r.day(i, 15);
  b.state = static_cast<batch_state>(r.int64(i, 16));
  LIXIN_TRY(b.headings, text::parse_string_array(r.text(i, 17)));
  b.last_row = r.int64(i, 18);
  for (std::size_t f = 0; f < all_fates.size(); ++f) {
    b.counts.of[f] = r.int64(i, 19 + static_cast<int>(f));
  }
  b.counts.late = r.int64(i, 25);
  return b;
}

}  // namespace

std::string_view code_of(batch_state s) {
  switch (s) {
    case batch_state::running:
      return "running";
    case batch_state::done:
      return "done";
    case batch_state::withdrawing:
      return "withdrawing";
    case batch_state::withdrawn:
      return "withdrawn";
  }
  return "unknown";
}

std::string_view title_zh(batch_state s) {
  switch (s) {
    case batch_state::running:
      return "未完成";
    case batch_state::done:
      return "已完成";
    case batch_state::withdrawing:
      return "撤回中";
    case batch_state::withdrawn:
      return "已撤回";
  }
  return "";
}

std::string_view title_en(batch_state s) {
  return s == batch_state::running ? "unfinished" : code_of(s);
}

std::string_view code_of(fate f) {
  switch (f) {
    case fate::accepted:
      return "accepted";
    case fate::unchanged:
      return "unchanged";
    case fate::corrected:
      return "corrected";
    case fate::pending:
      return "pending";
    case fate::sealed:
      return "sealed";
    case fate::refused:
      return "refused";
  }
  return "unknown";
}

std::string_view title_zh(fate f) {
  switch (f) {
    case fate::accepted:
      return "接收";
    case fate::unchanged:
      return "无变化";
    case fate::corrected:
      return "更正";
    case fate::pending:
      return "待定";
    case fate::sealed:
      return "封存";
    case fate::refused:
      return "退回";
  }
  return "";
}

std::string_view title_en(fate f) { return code_of(f); }

std::int64_t fate_counts::total() const {
  return std::accumulate(of.begin(), of.end(), std::int64_t{0});
}

result<std::vector<batch_info>> list_batches(pg::connection& c, batch_id before, int limit,
                                             const std::string& authority) {
  static const std::string sql =
      std::string(batch_select) +
      "WHERE ($1::bigint = 0 OR b.batch_id < $1::bigint) AND ($3::text = '' OR a.code = $3::text) "
      "ORDER BY b.batch_id DESC LIMIT $2::integer";
  LIXIN_TRY(const auto r, c.exec(sql, pg::params().add(before.value).add(limit).add(authority)));
  std::vector<batch_info> out;
  for (int i = 0; i < r.size(); ++i) {
    LIXIN_TRY(auto b, batch_from(r, i));
    out.push_back(std::move(b));
  }
  return out;
}

result<batch_info> find_batch(pg::connection& c, batch_id id) {
  static const std::string sql = std::string(batch_select) + "WHERE b.batch_id = $1::bigint";
  LIXIN_TRY(const auto r, c.exec(sql, pg::params().add(id.value)));
  if (r.empty()) return error(errc::no_such_batch, {fmt::format("{}", id.value)});
  return batch_from(r, 0);
}

namespace {

// The reasons of rows first..last, laid into `rows` (ordered by row number).
result<void> add_reasons(pg::connection& c, batch_id id, std::vector<row_fate>& rows) {
  if (rows.empty()) return {};
  LIXIN_TRY(
      const auto r,
      c.exec("SELECT n.row_number, x.code, x.column, x.zh, x.en FROM batch_row_note n, ROWS FROM "
             "(jsonb_to_recordset(n.reasons) AS (code text, \"column\" text, zh text, en text)) "
             "WITH ORDINALITY AS x(code, \"column\", zh, en, place) WHERE n.batch_id = "
             "$1::bigint AND n.row_number BETWEEN $2::bigint AND $3::bigint "
             "ORDER BY n.row_number, x.place",
             pg::params()
                 .add(id.value)
                 .add(static_cast<std::int64_t>(rows.front().row_number))
                 .add(static_cast<std::int64_t>(rows.back().row_number))));
  std::size_t at = 0;
  for (int i = 0; i < r.size(); ++i) {
    const auto number = static_cast<std::uint64_t>(r.int64(i, 0));
    while (at < rows.size() && rows[at].row_number < number) ++at;
    if (at == rows.size() || rows[at].row_number != number) continue;  // filtered out
    rows[at].reasons.push_back({std::string(r.text(i, 1)), std::string(r.text(i, 2)),
                                std::string(r.text(i, 3)), std::string(r.text(i, 4))});
  }
  return {};
}

}  // namespace

result<std::vector<row_fate>> rows_of(pg::connection& c, batch_id id, const row_filter& f) {
  const auto what = f.what ? std::optional<std::int64_t>(static_cast<int>(*f.what)) : std::nullopt;
  LIXIN_TRY(
      const auto r,
      c.exec("SELECT b.row_number, b.fate, b.record_subject, b.record_id, b.version, n.cells, "
             "v.is_late, v.name_differs, v.version IS NOT NULL AND v.content IS NULL OR b.fate IN "
             "(4, 6) "
             "AND n.cells IS NULL AND h.staging_ended_at IS NOT NULL FROM batch_row b JOIN batch h "
             "USING (batch_id) LEFT JOIN batch_row_note n USING "
             "(batch_id, row_number) LEFT JOIN record_version v ON v.subject_id = "
             "b.record_subject AND v.record_id = b.record_id AND v.version = b.version "
             "WHERE b.batch_id = $1::bigint AND b.row_number > $2::bigint AND "
             "($3::smallint IS NULL OR b.fate = $3::smallint) AND (NOT $4::boolean OR "
             "n.row_number IS NOT NULL) ORDER BY b.row_number LIMIT $5::integer",
             pg::params()
                 .add(id.value)
                 .add(static_cast<std::int64_t>(f.after))
                 .add(what)
                 .add(f.noted)
                 .add(f.limit)));
  std::vector<row_fate> out;
  out.reserve(static_cast<std::size_t>(r.size()));
  for (int i = 0; i < r.size(); ++i) {
    row_fate row;
    row.row_number = static_cast<std::uint64_t>(r.int64(i, 0));
    row.what = static_cast<fate>(r.int64(i, 1));
    if (!r.is_null(i, 3)) {
      row.record = to_string(record_name{subject_id(r.int64(i, 2)), record_id(r.int64(i, 3))});
    }
    row.version = static_cast<std::int32_t>(r.int64(i, 4));
    row.late = r.boolean(i, 6);
    row.name_differs = r.boolean(i, 7);
    row.content_ended = r.boolean(i, 8);
    if (!r.is_null(i, 5)) {
      LIXIN_TRY(row.cells, text::parse_string_array(r.text(i, 5)));
    }
    out.push_back(std::move(row));
  }
  LIXIN_CHECK(add_reasons(c, id, out));
  return out;
}

}  // namespace lixin::archive
