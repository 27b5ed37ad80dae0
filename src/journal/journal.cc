#include "journal/journal.h"

#include <fmt/format.h>

#include "journal/audit_bytes.h"
#include "journal/errc.h"

namespace lixin::journal {
namespace {

using std::chrono::microseconds;
using std::chrono::system_clock;

std::int64_t micros(system_clock::time_point t) {
  return std::chrono::duration_cast<microseconds>(t.time_since_epoch()).count();
}

system_clock::time_point from_micros(std::int64_t us) {
  return system_clock::time_point(
      std::chrono::duration_cast<system_clock::duration>(microseconds(us)));
}

template <class Id>
void put_id(pg::copy_buffer& out, Id id) {
  if (id.value == 0) {
    out.null();
  } else if constexpr (sizeof(id.value) == 4) {
    out.int4(id.value);
  } else {
    out.int8(id.value);
  }
}

}  // namespace

std::string_view code_of(kind k) {
  switch (k) {
    case kind::pack_loaded:
      return "pack-loaded";
    case kind::subject_registered:
      return "subject-registered";
    case kind::subject_changed:
      return "subject-changed";
    case kind::record_added:
      return "record-added";
    case kind::record_corrected:
      return "record-corrected";
    case kind::record_restored:
      return "record-restored";
    case kind::record_withdrawn:
      return "record-withdrawn";
    case kind::record_event:
      return "record-event";
    case kind::batch_finished:
      return "batch-finished";
    case kind::batch_withdrawn:
      return "batch-withdrawn";
    case kind::subject_linked:
      return "subject-linked";
    case kind::record_moved:
      return "record-moved";
    case kind::record_purged:
      return "record-purged";
    case kind::publicity_ended:
      return "publicity-ended";
    case kind::effect_ended:
      return "effect-ended";
    case kind::retention_ended:
      return "retention-ended";
  }
  return "unknown";
}

std::string to_string(system_clock::time_point t) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const auto us = std::chrono::duration_cast<microseconds>(t - day).count();
  const date d(static_cast<std::int32_t>(day.time_since_epoch().count()));
  return fmt::format("{}T{:02}:{:02}:{:02}.{:06}Z", lixin::to_string(d), us / 3'600'000'000,
                     us / 60'000'000 % 60, us / 1'000'000 % 60, us % 1'000'000);
}

result<head> read_head(pg::connection& c) {
  LIXIN_TRY(const auto r,
            c.exec("SELECT position, CASE WHEN position = 0 THEN 0 ELSE "
                   "(extract(epoch FROM sealed_at) * 1000000)::bigint END FROM journal_head"));
  if (r.empty()) return error(errc::no_head);
  return head{position(r.int64(0, 0)), from_micros(r.int64(0, 1))};
}

result<reservation> reserve(pg::connection& c, std::int64_t count, system_clock::time_point now) {
  LIXIN_ASSERT(count > 0);
  LIXIN_TRY(const auto r,
            c.exec("UPDATE journal_head SET position = position + $1::bigint, sealed_at = "
                   "greatest(sealed_at, $2::timestamptz) RETURNING position, "
                   "(extract(epoch FROM sealed_at) * 1000000)::bigint",
                   pg::params().add(count).add(to_string(from_micros(micros(now))))));
  if (r.empty()) return error(errc::no_head);
  return reservation{position(r.int64(0, 0) - count + 1), from_micros(r.int64(0, 1))};
}

result<void> write(pg::connection& c, const reservation& at, const std::vector<change>& changes,
                   const act& by) {
  LIXIN_ASSERT(covers_journal(by.action));
  pg::copy_buffer out("journal",
                      "position, sealed_at, kind, subject_id, record_id, version, dataset_id, "
                      "batch_id, public_until, effective_until, purge_at");
  covered_rows rows;
  rows.add_time(at.sealed_at);
  std::int64_t next = at.first.value;
  for (const change& x : changes) {
    rows.add(x);
    out.row(11);
    out.int8(next++);
    out.timestamp(at.sealed_at);
    out.int2(static_cast<std::int16_t>(x.kind));
    put_id(out, x.subject);
    put_id(out, x.record);
    x.version == 0 ? out.null() : out.int4(x.version);
    put_id(out, x.dataset);
    put_id(out, x.batch);
    out.day(x.public_until);
    out.day(x.effective_until);
    out.day(x.purge_at);
  }
  LIXIN_CHECK(out.send(c));
  LIXIN_TRY(const auto head, lock_audit(c));
  LIXIN_CHECK(
      append_under_lock(c, head, by, {at.first.value, next - 1, rows.finish()}, at.sealed_at));
  return {};
}

result<position> append(pg::connection& c, const std::vector<change>& changes, const act& by,
                        system_clock::time_point now) {
  LIXIN_TRY(const auto at, reserve(c, static_cast<std::int64_t>(changes.size()), now));
  LIXIN_CHECK(write(c, at, changes, by));
  return at.first;
}

result<std::vector<entry>> read_after(pg::connection& c, position after, int limit) {
  LIXIN_TRY(const auto r,
            c.exec("SELECT position, (extract(epoch FROM sealed_at) * 1000000)::bigint, kind, "
                   "subject_id, record_id, version, dataset_id, batch_id, public_until, "
                   "effective_until, purge_at FROM journal WHERE position > $1::bigint "
                   "ORDER BY position LIMIT $2::integer",
                   pg::params().add(after.value).add(limit)));
  std::vector<entry> out;
  out.reserve(static_cast<std::size_t>(r.size()));
  for (int i = 0; i < r.size(); ++i) {
    entry e;
    e.at = position(r.int64(i, 0));
    e.sealed_at = from_micros(r.int64(i, 1));
    e.what.kind = static_cast<kind>(r.int64(i, 2));
    e.what.subject = subject_id(r.int64(i, 3));
    e.what.record = record_id(r.int64(i, 4));
    e.what.version = static_cast<std::int32_t>(r.int64(i, 5));
    e.what.dataset = dataset_id(static_cast<std::int32_t>(r.int64(i, 6)));
    e.what.batch = batch_id(r.int64(i, 7));
    e.what.public_until = r.optional_day(i, 8);
    e.what.effective_until = r.optional_day(i, 9);
    e.what.purge_at = r.optional_day(i, 10);
    out.push_back(std::move(e));
  }
  return out;
}

result<position> position_at(pg::connection& c, system_clock::time_point t) {
  // sealed_at never goes back along positions, so a search by halves finds the last one.
  LIXIN_TRY(const auto h, read_head(c));
  std::int64_t low = 0;  // sealed at or before t (or none)
  std::int64_t high = h.last.value + 1;
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    LIXIN_TRY(const auto r, c.exec("SELECT sealed_at <= $2::timestamptz FROM journal "
                                   "WHERE position = $1::bigint",
                                   pg::params().add(middle).add(to_string(t))));
    (!r.empty() && r.boolean(0, 0) ? low : high) = middle;
  }
  return position(low);
}

}  // namespace lixin::journal
