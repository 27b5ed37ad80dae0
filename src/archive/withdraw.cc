#include "archive/withdraw.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "archive/chunk.h"
#include "archive/copies.h"
#include "archive/errc.h"
#include "archive/file_lock.h"
#include "archive/free_text.h"
#include "archive/places.h"
#include "archive/registrations.h"
#include "journal/journal.h"
#include "registry/registry.h"
#include "text/fold.h"

namespace lixin::archive {
namespace {

class withdrawer {
 public:
  withdrawer(const import_context& context, batch_id id) : context_(context), id_(id) {}

  result<withdrawal> run(const std::string& actor, const std::string& why);

 private:
  struct version {
    subject_id place;
    std::int32_t number = 0;
    policy::record_change change = policy::record_change::accepted;
    bool counts = false;  // its batch is not this one and not withdrawn
    bool ours = false;
    bool made_here = false;  // by this withdrawal, before it was stopped or in an earlier chunk
    std::optional<date> public_until, effective_until, purge_at;  // as the journal told them
  };
  struct target {
    record_id record;
    std::vector<version> versions;  // of all places where it was; the last is where it stands
  };
  struct planned {
    subject_id subject;
    record_id record;
    std::int32_t number = 0, copy_of = 0;
    subject_id copy_from;
    policy::record_change change = policy::record_change::withdrawn;
    std::optional<date> public_until, effective_until, purge_at;
  };
  result<void> start(const std::string& actor, const std::string& why);
  result<bool> next_chunk();
  result<void> lock();
  result<std::vector<target>> load(std::vector<record_name> records);
  void decide(const target& t, std::vector<planned>& out);
  result<void> give_back_replaced(std::int64_t first_row, std::vector<planned>& plan);
  result<bool> give_key_back(const target& taken, subject_id subject, record_id record);
  void restore(const target& t, std::vector<planned>& out);
  void count(policy::record_change change) {
    ++(change == policy::record_change::restored ? done_.restored : done_.withdrawn);
  }
  result<void> store(const std::vector<planned>& plan);
  result<void> finish();
  pg::connection& db() { return context_.connection; }
  journal::act act() const {
    return {journal::action::batch_withdrawn, actor_, fmt::format("batch {}", id_.value)};
  }

  const import_context& context_;
  batch_id id_;
  file_lock lock_;
  std::string actor_;
  dataset_id dataset_;
  authority_id authority_;
  std::optional<registering> registers_;
  std::int64_t after_ = 0;
  bool resumed_ = false;
  withdrawal done_;
};

result<withdrawal> withdrawer::run(const std::string& actor, const std::string& why) {
  if (why.empty())
    return error(errc::reason_missing, {"撤回原因（--reason）", "The reason (--reason)"});
  LIXIN_CHECK(refuse_personal(why, "撤回原因（--reason）", "The reason (--reason)"));
  LIXIN_CHECK(refuse_personal(actor, "经办人（--as）", "The actor (--as)"));
  actor_ = actor;
  LIXIN_CHECK(start(actor, why));
  if (done_.already) return done_;
  while (true) {
    LIXIN_TRY(const bool more, next_chunk());
    if (!more) break;
  }
  LIXIN_CHECK(finish());
  return done_;
}

result<void> withdrawer::start(const std::string& actor, const std::string& why) {
  LIXIN_TRY(auto tx, pg::transaction::begin(db()));
  LIXIN_TRY(const auto r,
            db().exec("SELECT b.state, b.dataset_id, b.authority_id, b.pack_version_id, "
                      "d.code, b.file_digest FROM batch b JOIN dataset d USING (dataset_id) "
                      "WHERE b.batch_id = $1::bigint FOR UPDATE OF b",
                      pg::params().add(id_.value)));
  const std::string name = fmt::format("{}", id_.value);
  if (r.empty()) return error(errc::no_such_batch, {name});
  const auto state = static_cast<batch_state>(r.int64(0, 0));
  done_.already = state == batch_state::withdrawn;
  if (done_.already) return {};
  resumed_ = state == batch_state::withdrawing;
  dataset_ = dataset_id(static_cast<std::int32_t>(r.int64(0, 1)));
  authority_ = authority_id(static_cast<std::int32_t>(r.int64(0, 2)));
  // A hand-in that stopped half way can be taken back too, but not while someone goes on with it.
  LIXIN_TRY(const bool locked, file_lock::take(db(), lock_, r.bytes(0, 5), dataset_, authority_));
  if (!locked) return error(errc::already_running, {name});
  const auto pack = context_.packs.by_id(pack_version_id(static_cast<std::int32_t>(r.int64(0, 3))));
  const catalogue::dataset* d = pack->dataset_named(r.text(0, 4));
  if (d->registers) registers_ = registering_of(*d, dataset_);
  if (state == batch_state::done || state == batch_state::running) {
    LIXIN_CHECK(
        db().exec("UPDATE batch SET state = 3, withdrawn_by = $2::text, withdrawn_why = "
                  "$3::text WHERE batch_id = $1::bigint",
                  pg::params().add(id_.value).add(actor).add(why)));
  }
  return tx.commit();
}

result<void> withdrawer::lock() {
  LIXIN_CHECK(lock_documents(db(), dataset_, authority_));
  if (registers_) LIXIN_CHECK(registry::lock_registry(db()));
  return {};
}

result<bool> withdrawer::next_chunk() {
  LIXIN_TRY(auto tx, pg::transaction::begin(db()));
  LIXIN_CHECK(lock());
  LIXIN_TRY(
      const auto rows,
      db().exec("SELECT row_number, record_subject, record_id FROM batch_row WHERE batch_id = "
                "$1::bigint AND row_number > $2::bigint AND fate IN (1, 3) ORDER BY row_number "
                "LIMIT $3::integer",
                pg::params().add(id_.value).add(after_).add(static_cast<int>(chunk_rows_max))));
  if (rows.empty()) return false;
  std::vector<record_name> records;
  for (int i = 0; i < rows.size(); ++i) {
    records.push_back({subject_id(rows.int64(i, 1)), record_id(rows.int64(i, 2))});
  }
  after_ = rows.int64(rows.size() - 1, 0);
  LIXIN_TRY(const auto targets, load(std::move(records)));
  std::vector<planned> plan;
  for (const target& t : targets) decide(t, plan);
  LIXIN_CHECK(give_back_replaced(rows.int64(0, 0), plan));
  LIXIN_CHECK(store(plan));
  LIXIN_CHECK(tx.commit());
  return true;
}

// A record that was bound to another subject since is followed to where it stands.
result<std::vector<withdrawer::target>> withdrawer::load(std::vector<record_name> places) {
  LIXIN_TRY(const auto others, other_places(db(), places));
  places.insert(places.end(), others.begin(), others.end());
  std::vector<std::int64_t> subjects, records;
  for (const record_name& n : places) {
    subjects.push_back(n.subject.value);
    records.push_back(n.record.value);
  }
  LIXIN_TRY(
      const auto r,
      db().exec("SELECT v.subject_id, v.record_id, v.version, v.change, v.batch_id = $3::bigint, "
                "b.state IN (1, 2) AND v.batch_id <> $3::bigint, v.change IN (3, 4) AND "
                "j.batch_id = $3::bigint, j.public_until, j.effective_until, j.purge_at FROM "
                "(SELECT DISTINCT subject_id, record_id FROM unnest($1::bigint[], $2::bigint[]) "
                "AS u(subject_id, record_id)) w JOIN record_version v USING (subject_id, "
                "record_id) JOIN batch b ON b.batch_id = v.batch_id JOIN journal j ON j.position "
                "= v.position WHERE v.change <> 5 ORDER BY v.record_id, v.version",
                pg::params().add(subjects).add(records).add(id_.value)));
  std::vector<target> out;
  for (int i = 0; i < r.size(); ++i) {
    const record_id record(r.int64(i, 1));
    if (out.empty() || out.back().record != record) out.push_back({record, {}});
    out.back().versions.push_back(
        {subject_id(r.int64(i, 0)), static_cast<std::int32_t>(r.int64(i, 2)),
         static_cast<policy::record_change>(r.int64(i, 3)), r.boolean(i, 5), r.boolean(i, 4),
         r.boolean(i, 6), r.optional_day(i, 7), r.optional_day(i, 8), r.optional_day(i, 9)});
  }
  return out;
}

void withdrawer::decide(const target& t, std::vector<planned>& out) {
  const version& current = t.versions.back();
  if (current.made_here) {
    if (resumed_) count(current.change);
    return;
  }
  if (current.change == policy::record_change::withdrawn) return;
  if (!current.ours) {
    ++done_.kept;
    return;
  }
  restore(t, out);
}

// What stood before stands again; where nothing did, the record is taken down.
void withdrawer::restore(const target& t, std::vector<planned>& out) {
  const version& current = t.versions.back();
  planned p{current.place,  t.record,      current.number + 1,
            current.number, current.place, policy::record_change::withdrawn};
  for (auto v = t.versions.rbegin(); v != t.versions.rend(); ++v) {
    if (v->counts && v->change != policy::record_change::withdrawn) {
      p.change = policy::record_change::restored;
      p.copy_of = v->number;
      p.copy_from = v->place;
      p.public_until = v->public_until;
      p.effective_until = v->effective_until;
      p.purge_at = v->purge_at;
      break;
    }
  }
  count(p.change);
  out.push_back(p);
}

// Where a decision let a row of this hand-in take a document over from another counterpart, the
// record of that one stands again, if the hand-in that it came from still counts.
result<void> withdrawer::give_back_replaced(std::int64_t first_row, std::vector<planned>& plan) {
  LIXIN_TRY(const auto taken,
            db().exec("SELECT r.record_subject, r.record_id, p.replaced_subject, p.replaced_record "
                      "FROM pending_decision p JOIN batch_row r USING (batch_id, row_number) WHERE "
                      "p.batch_id = $1::bigint AND p.row_number BETWEEN $2::bigint AND $3::bigint "
                      "AND p.state = 2 AND p.replaced_record IS NOT NULL ORDER BY p.row_number",
                      pg::params().add(id_.value).add(first_row).add(after_)));
  for (int i = 0; i < taken.size(); ++i) {
    const subject_id subject(taken.int64(i, 0));
    const record_id record(taken.int64(i, 1));
    const auto down = std::ranges::find_if(plan, [&](const planned& p) {
      return p.record == record && p.change == policy::record_change::withdrawn;
    });
    if (down == plan.end()) continue;
    LIXIN_TRY(const auto old,
              load({{subject_id(taken.int64(i, 2)), record_id(taken.int64(i, 3))}}));
    LIXIN_ASSERT(old.size() == 1);
    const auto& versions = old[0].versions;
    const bool counts = std::ranges::any_of(versions, [](const version& v) { return v.counts; });
    if (versions.back().change != policy::record_change::withdrawn || !counts) continue;
    LIXIN_TRY(const bool free, give_key_back(old[0], subject, record));
    if (free) restore(old[0], plan);
  }
  return {};
}

// False when the document is another record's by now.
result<bool> withdrawer::give_key_back(const target& taken, subject_id subject, record_id record) {
  LIXIN_TRY(
      const auto name,
      db().exec("SELECT document, party_ordinal FROM record WHERE subject_id = $1::bigint AND "
                "record_id = $2::bigint",
                pg::params().add(subject.value).add(record.value)));
  LIXIN_ASSERT(!name.empty());
  LIXIN_TRY(const auto moved,
            db().exec("UPDATE record_key SET subject_id = $5::bigint, record_id = $6::bigint WHERE "
                      "dataset_id = $1::integer AND authority_id = $2::integer AND document_key = "
                      "$3::text AND party_ordinal = $4::integer AND record_id = $7::bigint",
                      pg::params()
                          .add(dataset_.value)
                          .add(authority_.value)
                          .add(text::fold_document(name.text(0, 0)))
                          .add(name.int64(0, 1))
                          .add(taken.versions.back().place.value)
                          .add(taken.record.value)
                          .add(record.value)));
  return moved.affected() == 1;
}

result<void> withdrawer::store(const std::vector<planned>& plan) {
  if (plan.empty()) return {};
  const auto now = context_.now.now();
  LIXIN_TRY(const auto at, journal::reserve(db(), static_cast<std::int64_t>(plan.size()), now));
  version_copies copies;
  std::vector<journal::change> entries;
  for (const planned& p : plan) {
    copies.add(p.subject, p.record, p.number, p.copy_from, p.copy_of, p.change,
               at.first.value + static_cast<std::int64_t>(entries.size()));
    entries.push_back({.kind = p.change == policy::record_change::restored
                                   ? journal::kind::record_restored
                                   : journal::kind::record_withdrawn,
                       .subject = p.subject,
                       .record = p.record,
                       .version = p.number,
                       .dataset = dataset_,
                       .batch = id_,
                       .public_until = p.public_until,
                       .effective_until = p.effective_until,
                       .purge_at = p.purge_at});
  }
  LIXIN_CHECK(append(db(), copies));
  LIXIN_CHECK(journal::write(db(), at, entries, act()));
  if (!registers_) return {};
  return follow_registrations(db(), *registers_, id_, copies.subjects, act(), now);
}

result<void> withdrawer::finish() {
  const auto now = context_.now.now();
  LIXIN_TRY(auto tx, pg::transaction::begin(db()));
  LIXIN_CHECK(lock());
  LIXIN_TRY(done_.unsealed, context_.persons.withdraw(db(), id_, now));
  LIXIN_CHECK(
      db().exec("UPDATE batch SET state = 4, withdrawn_at = $2::timestamptz WHERE batch_id = "
                "$1::bigint AND state = 3",
                pg::params().add(id_.value).add(journal::to_string(now))));
  LIXIN_CHECK(journal::append(
      db(), {{.kind = journal::kind::batch_withdrawn, .dataset = dataset_, .batch = id_}}, act(),
      now));
  return tx.commit();
}

}  // namespace

result<withdrawal> withdraw_batch(const import_context& context, batch_id id,
                                  const std::string& actor, const std::string& why) {
  withdrawer w(context, id);
  return w.run(actor, why);
}

}  // namespace lixin::archive
