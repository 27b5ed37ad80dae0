#include "keeping/status.h"

namespace lixin::keeping {
namespace {

// A table of this size is counted in some tens of milliseconds.
constexpr std::int64_t counted_bytes_max = 32 << 20;

// The statements that count, by table: a table's name is no parameter.
struct counted {
  const char* name;
  const char* sql;
};
constexpr counted tables[] = {
    {"subject", "SELECT count(*) FROM subject"},
    {"record", "SELECT count(*) FROM record"},
    {"record_version", "SELECT count(*) FROM record_version"},
    {"batch", "SELECT count(*) FROM batch"},
    {"journal", "SELECT count(*) FROM journal"},
};
constexpr counted purged_table{"purged_record", "SELECT count(*) FROM purged_record"};
constexpr counted told_table{
    "told_end",
    "SELECT count(DISTINCT (t.subject_id, t.record_id)) FROM told_end t WHERE t.kind = 16 AND "
    "t.ended_on <= $1::date AND NOT "
    "EXISTS (SELECT 1 FROM purged_record p WHERE p.subject_id = t.subject_id AND p.record_id = "
    "t.record_id)"};

result<table_size> size_of(pg::connection& c, const counted& t,
                           const pg::params& with = pg::params()) {
  LIXIN_TRY(const auto r,
            c.exec("SELECT pg_relation_size(oid), reltuples::bigint, pg_total_relation_size(oid) "
                   "FROM pg_class WHERE oid = ('lixin.' || $1::text)::regclass",
                   pg::params().add(t.name)));
  table_size out{t.name, r.int64(0, 1), false, r.int64(0, 2)};
  if (r.int64(0, 0) > counted_bytes_max && out.rows >= 0) return out;
  LIXIN_TRY(const auto n, c.exec(t.sql, with));
  out.rows = n.int64(0, 0);
  out.exact = true;
  return out;
}

}  // namespace

result<database_state> state_of(pg::connection& c, date today) {
  database_state out;
  LIXIN_TRY(
      const auto r,
      c.exec("SELECT (SELECT max(number) FROM migration), pg_database_size(current_database()), "
             "current_setting('server_version'), p.ran_at, p.ledger_lines, t.ran_at, "
             "t.told_through FROM purge_state p, ticker t"));
  out.migration = r.int64(0, 0);
  out.bytes = r.int64(0, 1);
  out.server = r.text(0, 2);
  out.purged_at = r.text(0, 3);
  out.ledger_lines = r.int64(0, 4);
  out.ticked_at = r.text(0, 5);
  out.told_through = r.optional_day(0, 6);
  for (const counted& t : tables) {
    LIXIN_TRY(auto size, size_of(c, t));
    out.tables.push_back(std::move(size));
  }
  LIXIN_TRY(const auto purged, size_of(c, purged_table));
  out.purged = purged.rows;
  LIXIN_TRY(const auto told, size_of(c, told_table, pg::params().add(today)));
  if (told.exact) out.due = told.rows;
  LIXIN_TRY(const auto b, c.exec("SELECT made_at, folder, position FROM backup_made ORDER BY "
                                 "backup_number DESC LIMIT 1"));
  if (!b.empty()) {
    out.backup_at = b.text(0, 0);
    out.backup_folder = b.text(0, 1);
    out.backup_position = b.int64(0, 2);
  }
  LIXIN_TRY(out.kept, kept_schemas(c));
  return out;
}

}  // namespace lixin::keeping
