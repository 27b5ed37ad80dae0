#include "archive/pending.h"

#include <algorithm>

#include "archive/chunk.h"
#include "archive/source.h"
#include "catalogue/row_check.h"
#include "crypto/crypto.h"
#include "journal/journal.h"
#include "text/json.h"

namespace lixin::archive {
namespace {

std::string value_of(const text::string_map& content, const catalogue::dataset& d,
                     catalogue::field_role role) {
  const int f = d.field_with(role);
  if (f < 0) return {};
  const std::string& code = d.fields[static_cast<std::size_t>(f)].code;
  const auto hit = std::ranges::find(content, code, &text::string_map::value_type::first);
  return hit == content.end() ? std::string() : hit->second;
}

// The content as it was digested: PostgreSQL keeps JSON in an order of its own.
std::string canonical(const text::string_map& content, const catalogue::dataset& d) {
  std::vector<std::string> values(d.fields.size());
  for (const auto& [code, value] : content) {
    const int f = d.field_named(code);
    if (f >= 0) values[static_cast<std::size_t>(f)] = value;
  }
  return catalogue::content_json(d, values);
}

result<std::vector<row_reason>> reasons_from(pg::connection& c, batch_id batch, std::uint64_t row) {
  LIXIN_TRY(auto rows, rows_of(c, batch, {.after = row - 1, .limit = 1}));
  LIXIN_ASSERT(!rows.empty());
  return std::move(rows[0].reasons);
}

result<void> add_proposal(pg::connection& c, pending_row& row) {
  LIXIN_TRY(const auto r,
            c.exec("SELECT p.kind, p.proposed_by, p.proposed_at, s.credit_code, s.name, p.reason, "
                   "p.party_ordinal FROM pending_decision p LEFT JOIN subject s ON s.subject_id = "
                   "p.to_subject WHERE p.batch_id = $1::bigint AND p.row_number = $2::bigint AND "
                   "p.state = 1",
                   pg::params().add(row.batch.value).add(static_cast<std::int64_t>(row.row))));
  if (r.empty()) return {};
  row.proposal = {static_cast<int>(r.int64(0, 0)), std::string(r.text(0, 1)),
                  std::string(r.text(0, 2)),       std::string(r.text(0, 3)),
                  std::string(r.text(0, 4)),       std::string(r.text(0, 5)),
                  static_cast<int>(r.int64(0, 6))};
  return {};
}

result<void> add_rejected_before(pg::connection& c, const crypto::digest& digest,
                                 pending_row& row) {
  LIXIN_TRY(const auto r,
            c.exec("SELECT p.batch_id, p.row_number FROM pending_decision p WHERE "
                   "p.content_digest = $1::bytea AND p.state = 2 AND p.kind = $2::smallint ORDER "
                   "BY p.decided_at DESC, p.batch_id DESC LIMIT 1",
                   pg::params()
                       .add_bytes(crypto::bytes(digest))
                       .add(static_cast<int>(decision_kind::reject))));
  if (r.empty()) return {};
  row.rejected_batch = batch_id(r.int64(0, 0));
  row.rejected_row = static_cast<std::uint64_t>(r.int64(0, 1));
  return {};
}

}  // namespace

result<std::vector<pending_row>> list_pending(const import_context& context,
                                              const pending_filter& f) {
  pg::connection& c = context.connection;
  LIXIN_TRY(
      const auto r,
      c.exec("SELECT r.batch_id, r.row_number, d.code, a.code, a.title_zh, b.handed_in_on, "
             "b.pack_version_id, n.content FROM batch_row r JOIN batch b USING (batch_id) JOIN "
             "dataset d USING (dataset_id) JOIN authority a USING (authority_id) JOIN "
             "batch_row_note n USING (batch_id, row_number) WHERE r.fate = 4 AND b.state IN (1, 2) "
             "AND (r.batch_id, r.row_number) > ($1::bigint, $2::bigint) AND ($3::text = '' OR "
             "d.code = $3::text) AND ($4::text = '' OR a.code = $4::text) AND ($5::text = '' OR "
             "n.reasons @> jsonb_build_array(jsonb_build_object('code', $5::text))) ORDER BY "
             "r.batch_id, r.row_number LIMIT $6::integer",
             pg::params()
                 .add(f.after_batch.value)
                 .add(static_cast<std::int64_t>(f.after_row))
                 .add(f.dataset)
                 .add(f.authority)
                 .add(f.reason)
                 .add(f.limit)));
  LIXIN_TRY(const auto head, journal::read_head(c));
  const auto in_force = context.packs.at(context.now.today(), head.last);
  std::vector<pending_row> out;
  for (int i = 0; i < r.size(); ++i) {
    pending_row row;
    row.batch = batch_id(r.int64(i, 0));
    row.row = static_cast<std::uint64_t>(r.int64(i, 1));
    row.dataset = r.text(i, 2);
    row.authority = r.text(i, 3);
    row.authority_title = r.text(i, 4);
    row.handed_in_on = r.day(i, 5);
    LIXIN_TRY(row.reasons, reasons_from(c, row.batch, row.row));
    LIXIN_CHECK(add_proposal(c, row));
    const auto pack =
        context.packs.by_id(pack_version_id(static_cast<std::int32_t>(r.int64(i, 6))));
    const catalogue::dataset* d = pack->dataset_named(row.dataset);
    LIXIN_ASSERT(d != nullptr);
    row.two_persons = is_adverse_entry(*in_force, row.dataset);
    row.has_content = !r.is_null(i, 7);
    if (row.has_content) {
      LIXIN_TRY(const auto content, text::parse_string_map(r.text(i, 7)));
      row.document = value_of(content, *d, catalogue::field_role::document);
      row.name = value_of(content, *d, catalogue::field_role::party_name);
      LIXIN_CHECK(add_rejected_before(c, crypto::sm3(canonical(content, *d)), row));
    }
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace lixin::archive
