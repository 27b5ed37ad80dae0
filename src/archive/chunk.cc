#include "archive/chunk.h"

#include <fmt/format.h>

#include <algorithm>

#include "archive/chunk_plan.h"
#include "archive/errc.h"
#include "archive/places.h"
#include "journal/journal.h"
#include "text/json.h"

namespace lixin::archive {
namespace {

using catalogue::row_verdict;
using registry::identifier;

// More versions of one record than anyone hands in; also what keeps the planner at the index.
constexpr int versions_max = 1'000'000;

// Subjects that a hand-in remembers from chunk to chunk: some 50 MB.
constexpr std::size_t subjects_kept_max = 200'000;

// The organisation code that a credit code contains says no more than the credit code itself, once
// that one is known.
bool is_implied(const std::vector<identifier>& of_row, const identifier& i) {
  return i.kind == registry::identifier_kind::organisation_code &&
         of_row.front().kind == registry::identifier_kind::credit_code;
}

}  // namespace

result<void> lock_documents(pg::connection& c, dataset_id dataset, authority_id authority) {
  LIXIN_CHECK(c.exec("SELECT pg_advisory_xact_lock($1::integer, $2::integer)",
                     pg::params().add(dataset.value).add(authority.value)));
  return {};
}

result<void> new_numbers::reserve(pg::connection& c, std::size_t count) {
  if (count <= left_) return {};
  LIXIN_TRY(
      const auto r,
      c.exec("SELECT nextval(s.seqrelid), s.seqincrement FROM pg_sequence s CROSS JOIN LATERAL "
             "generate_series(1, ceil($2::integer / s.seqincrement::numeric)::integer) WHERE "
             "s.seqrelid = $1::text::regclass",
             pg::params().add(sequence_).add(static_cast<int>(count - left_))));
  for (int i = 0; i < r.size(); ++i) {
    const std::int64_t first = r.int64(i, 0);
    const std::int64_t length = r.int64(i, 1);
    runs_.push_back({first, first + length});
    left_ += static_cast<std::size_t>(length);
  }
  return {};
}

std::int64_t new_numbers::next() {
  LIXIN_ASSERT(left_ > 0);
  --left_;
  run& r = runs_.front();
  const std::int64_t out = r.next++;
  if (r.next == r.end) runs_.pop_front();
  return out;
}

result<void> chunk_plan::load(pg::connection& c, const vault::vault& persons) {
  of_row_.resize(chunk_.size);
  records_.reserve(chunk_.size);
  for (std::size_t i = 0; i < chunk_.size; ++i) {
    const catalogue::checked_row& row = chunk_.checked[i];
    if (row.verdict != row_verdict::clean) continue;
    of_row_[i] = &records_[{row.document_key, row.party_ordinal}];
  }
  if (!records_.empty()) {
    LIXIN_CHECK(load_subjects(c));
    LIXIN_CHECK(load_records(c));
    LIXIN_CHECK(load_counterparts(c));
  }
  return find_purged(c, persons);
}

// Documents that come again after their content was purged. Of most sources nothing was purged yet,
// which one look at an index tells.
result<void> chunk_plan::find_purged(pg::connection& c, const vault::vault& persons) {
  const dataset_id dataset = hand_in_.dataset_number;
  const authority_id authority = hand_in_.authority_number;
  LIXIN_TRY(const auto any,
            c.exec("SELECT 1 FROM purged_document WHERE dataset_id = $1::integer AND authority_id "
                   "= $2::integer LIMIT 1",
                   pg::params().add(dataset.value).add(authority.value)));
  if (any.empty()) return {};
  std::vector<std::size_t> asked;
  std::vector<std::string> digests;
  for (std::size_t i = 0; i < chunk_.size; ++i) {
    const catalogue::checked_row& row = chunk_.checked[i];
    const bool known = of_row_[i] != nullptr && of_row_[i]->exists();
    if (row.verdict == row_verdict::refused || known) continue;
    asked.push_back(i);
    digests.push_back("\\x" + crypto::to_hex(persons.document_digest(
                                  dataset, authority, row.document_key, row.party_ordinal)));
  }
  LIXIN_TRY(
      const auto found,
      c.exec("SELECT w.number FROM unnest($3::bytea[]) WITH ORDINALITY AS w(digest, number) JOIN "
             "purged_document p ON p.dataset_id = $1::integer AND p.authority_id = $2::integer "
             "AND p.document_digest = w.digest",
             pg::params().add(dataset.value).add(authority.value).add(digests)));
  for (int k = 0; k < found.size(); ++k) {
    purged_rows_.insert(asked[static_cast<std::size_t>(found.int64(k, 0)) - 1]);
  }
  return {};
}

// A registration claims every identifier, so all are looked up; other rows ask for an implied one
// only where the credit code is unknown. Half the questions of a chunk are saved.
result<void> chunk_plan::load_subjects(pg::connection& c) {
  const bool all = hand_in_.dataset->registers;
  std::vector<const identifier*> first;
  std::vector<const identifier*> second;
  const auto each_row = [&](const auto& take) {
    for (std::size_t i = 0; i < chunk_.size; ++i) {
      if (chunk_.checked[i].verdict == row_verdict::clean) take(chunk_.prepared[i].identifiers);
    }
  };
  each_row([&](const std::vector<identifier>& ids) {
    for (const identifier& x : ids) {
      if (all || !is_implied(ids, x)) first.push_back(&x);
    }
  });
  LIXIN_CHECK(subjects_.load(c, first));
  if (all) return {};
  each_row([&](const std::vector<identifier>& ids) {
    if (ids.empty() || subjects_.known(ids.front())) return;
    for (const identifier& x : ids) {
      if (is_implied(ids, x)) second.push_back(&x);
    }
  });
  return subjects_.load(c, second);
}

result<void> chunk_plan::load_records(pg::connection& c) {
  std::vector<record_name> asked;
  std::vector<std::string> keys;
  std::vector<std::int64_t> parties;
  for (const auto& [name, r] : records_) {
    asked.push_back(name);
    keys.emplace_back(name.document_key);
    parties.push_back(name.party);
  }
  LIXIN_TRY(
      const auto keyed,
      c.exec("SELECT w.number, k.subject_id, k.record_id FROM "
             "unnest($3::text[], $4::bigint[]) WITH ORDINALITY AS w(document_key, party_ordinal, "
             "number) CROSS JOIN LATERAL (SELECT x.subject_id, x.record_id FROM "
             "record_key x WHERE x.dataset_id = $1::integer AND x.authority_id = $2::integer AND "
             "x.document_key = w.document_key AND x.party_ordinal = w.party_ordinal::integer "
             "LIMIT 1) k",
             pg::params()
                 .add(hand_in_.dataset_number.value)
                 .add(hand_in_.authority_number.value)
                 .add(keys)
                 .add(parties)));
  std::vector<known_record*> found;
  for (int i = 0; i < keyed.size(); ++i) {
    known_record& r = records_.at(asked[static_cast<std::size_t>(keyed.int64(i, 0)) - 1]);
    r.subject = subject_id(keyed.int64(i, 1));
    r.record = record_id(keyed.int64(i, 2));
    found.push_back(&r);
  }
  return load_versions(c, found);
}

result<void> chunk_plan::load_versions(pg::connection& c, const std::vector<known_record*>& found) {
  if (found.empty()) return {};
  std::vector<archive::record_name> places;
  for (const known_record* r : found) places.push_back({r->subject, r->record});
  LIXIN_TRY(const bool any_moved, read_versions(c, places, found));
  return any_moved ? load_left_places(c, found) : result<void>();
}

// Answers whether one of them went from subject to subject.
result<bool> chunk_plan::read_versions(pg::connection& c,
                                       const std::vector<archive::record_name>& places,
                                       const std::vector<known_record*>& into) {
  std::vector<std::int64_t> subjects;
  std::vector<std::int64_t> records;
  for (const archive::record_name& n : places) {
    subjects.push_back(n.subject.value);
    records.push_back(n.record.value);
  }
  LIXIN_TRY(
      const auto versions,
      c.exec("SELECT w.number, v.version, v.change, v.content_digest, b.state IN (1, 2), "
             "v.moved_subject IS NOT NULL, b.batch_id FROM "
             "unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS w(subject_id, record_id, "
             "number) CROSS JOIN LATERAL "
             "(SELECT x.version, x.change, x.content_digest, x.batch_id, x.moved_subject FROM "
             "record_version x WHERE x.subject_id = w.subject_id AND x.record_id = w.record_id "
             "ORDER BY x.version "
             "LIMIT $3::integer) v JOIN batch b USING (batch_id) ORDER BY w.number, v.version",
             pg::params().add(subjects).add(records).add(versions_max)));
  bool any_moved = false;
  for (int i = 0; i < versions.size(); ++i) {
    any_moved = any_moved || versions.boolean(i, 5);
    const auto change = static_cast<policy::record_change>(versions.int64(i, 2));
    if (change == policy::record_change::moved) continue;  // the next one is at another place
    into[static_cast<std::size_t>(versions.int64(i, 0)) - 1]->versions.push_back(
        {static_cast<std::int32_t>(versions.int64(i, 1)), change, versions.bytes(i, 3),
         versions.boolean(i, 4), batch_id(versions.int64(i, 6))});
  }
  return any_moved;
}

result<void> chunk_plan::load_left_places(pg::connection& c,
                                          const std::vector<known_record*>& moved) {
  std::unordered_map<record_id, known_record*> by_id;
  std::vector<archive::record_name> known;
  for (known_record* r : moved) {
    by_id[r->record] = r;
    known.push_back({r->subject, r->record});
  }
  LIXIN_TRY(const auto places, other_places(c, known));
  std::vector<known_record*> into;
  for (const archive::record_name& n : places) {
    into.push_back(by_id.at(n.record));
    into.back()->left.push_back(n.subject);
  }
  LIXIN_TRY(const bool any_moved, read_versions(c, places, into));
  LIXIN_ASSERT(any_moved || places.empty());
  for (known_record* r : into) {
    std::ranges::sort(r->versions, {}, &known_version::version);
  }
  return {};
}

// Subjects whose records the rows may meet though no identifier of the chunk names them.
result<void> chunk_plan::load_counterparts(pg::connection& c) {
  std::set<subject_id> wanted;
  for (const auto& [name, r] : records_) {
    if (r.exists() && subjects_.find(r.subject) == nullptr) wanted.insert(r.subject);
    wanted.insert(r.left.begin(), r.left.end());
  }
  return subjects_.load_subjects(c, wanted);
}

result<void> chunk_plan::reserve_numbers(pg::connection& c) {
  // At most: rows that meet a record that stands need no number, unless they replace it.
  const bool replaces = decision_ != nullptr && decision_->replaces;
  const auto records = static_cast<std::size_t>(std::count_if(
      of_row_.begin(), of_row_.end(),
      [&](const known_record* r) { return r != nullptr && (replaces || !r->stands()); }));
  LIXIN_CHECK(numbers_.records.reserve(c, records));
  if (!hand_in_.dataset->registers) return {};
  std::size_t subjects = 0;
  for (std::size_t i = 0; i < chunk_.size; ++i) {
    if (chunk_.checked[i].verdict != row_verdict::clean) continue;
    const auto known = subjects_.resolve(chunk_.prepared[i].identifiers);
    if (known.what == registry::resolver::outcome::unknown) ++subjects;
  }
  return numbers_.subjects.reserve(c, subjects);
}

void chunk_plan::decide() {
  fates_.resize(chunk_.size);
  for (std::size_t i = 0; i < chunk_.size; ++i) {
    if (purged_rows_.contains(i)) {
      fates_[i].why = &errc::retention_ended;
      continue;  // refused
    }
    switch (chunk_.checked[i].verdict) {
      case row_verdict::refused:
        fates_[i].what = fate::refused;
        break;
      case row_verdict::sealed:
        fates_[i].what = fate::sealed;  // the vault may say unchanged
        break;
      case row_verdict::clean:
        decide_row(i);
        break;
    }
  }
}

void chunk_plan::hold(std::size_t row, const message& why) {
  fates_[row].what = fate::pending;
  fates_[row].why = &why;
}

void chunk_plan::decide_row(std::size_t i) {
  const prepared_row& prepared = chunk_.prepared[i];
  auto found = subjects_.resolve(prepared.identifiers);
  if (decision_ != nullptr && decision_->bind_to) {
    found = {registry::resolver::outcome::found, *decision_->bind_to};
  }
  if (found.what == registry::resolver::outcome::ambiguous) {
    return hold(i, errc::subject_ambiguous);
  }
  subject_id subject = found.id;
  const bool is_new = found.what == registry::resolver::outcome::unknown;
  if (is_new && !hand_in_.dataset->registers) return hold(i, errc::subject_unknown);

  known_record& r = *of_row_[i];
  const bool other = r.exists() && (is_new || !subjects_.same_group(r.subject, subject));
  if (other && r.stands() && !take_over(r)) {
    if (is_new || !went_elsewhere(i, r, subject)) return hold(i, errc::counterpart_changed);
    fates_[i] = {fate::unchanged, nullptr, r.subject, r.record, r.versions.back().version};
    return;
  }
  if (is_new) subject = register_subject(i);
  if (r.exists() && !other) return meet_record(i, r, subject);
  // A document whose record was withdrawn is free for another counterpart: a record of its own.
  if (other) moved_keys_.push_back(i);
  r = {
      .subject = subject, .record = record_id(numbers_.records.next()), .versions = {}, .left = {}};
  added_records_.push_back(i);
  add_version(i, r, subject, policy::record_change::accepted, fate::accepted);
}

// The row says again, of the subject from which its record was moved, what the record says now.
bool chunk_plan::went_elsewhere(std::size_t i, const known_record& r, subject_id named) const {
  const bool was_there = std::ranges::any_of(
      r.left, [&](subject_id left) { return subjects_.same_group(left, named); });
  return was_there && r.versions.back().digest == crypto::bytes(chunk_.prepared[i].digest);
}

// A content is older than what stands when it came before the hand-in that stands now, since the
// record last stood at all. One that came later and was taken back is not older: it may come again.
// A record that another counterpart took over and that was given back never fell: it goes on.
bool chunk_plan::known_record::replaced(std::string_view digest) const {
  using policy::record_change;
  const auto handed_in = [](const known_version& v) {
    return v.counts &&
           (v.change == record_change::accepted || v.change == record_change::corrected);
  };
  const auto last = std::find_if(versions.rbegin(), versions.rend(), handed_in);
  if (last == versions.rend()) return false;
  auto void_until = last;
  for (bool given_back = false; void_until != versions.rend(); ++void_until) {
    if (void_until->change == record_change::withdrawn && !given_back) break;
    given_back = void_until->change == record_change::restored;
  }
  return std::any_of(last + 1, void_until,
                     [&](const known_version& v) { return v.digest == digest; });
}

// Whether someone decided that the document's record goes to another counterpart: what stands of it
// is taken down, and the row will be a record of its own.
bool chunk_plan::take_over(const known_record& r) {
  if (decision_ == nullptr || !decision_->replaces) return false;
  const std::int32_t current = r.versions.back().version;
  replaced_.push_back({r.subject, r.record, current, static_cast<std::int64_t>(changes_.size())});
  changes_.push_back({.kind = journal::kind::record_withdrawn,
                      .subject = r.subject,
                      .record = r.record,
                      .version = current + 1,
                      .dataset = hand_in_.dataset_number,
                      .batch = hand_in_.batch});
  return true;
}

// A decision may come long after its hand-in: what was handed in since is not undone unasked.
bool chunk_plan::is_overtaken(const known_record& r) const {
  return decision_ != nullptr && std::ranges::any_of(r.versions, [&](const known_version& v) {
           return v.counts && v.batch > hand_in_.batch;
         });
}

// The document is known for this subject, or for a duplicate of it: the same again, a correction,
// or an older state. `named` is the subject of the row's own identifiers.
void chunk_plan::meet_record(std::size_t i, known_record& r, subject_id named) {
  const std::string_view digest = crypto::bytes(chunk_.prepared[i].digest);
  const known_version& current = r.versions.back();
  if (!r.stands()) {
    return add_version(i, r, named, policy::record_change::accepted, fate::accepted);
  }
  if (current.digest == digest) {
    fates_[i] = {fate::unchanged, nullptr, r.subject, r.record, current.version};
    return;
  }
  const bool older = r.replaced(digest);
  if ((older || is_overtaken(r)) && (decision_ == nullptr || !decision_->accept_older)) {
    return hold(i, older ? errc::would_revert : errc::newer_stands);
  }
  took_back_ = older || is_overtaken(r);
  add_version(i, r, named, policy::record_change::corrected, fate::corrected);
}

void chunk_plan::add_version(std::size_t i, known_record& r, subject_id named,
                             policy::record_change change, fate f) {
  const prepared_row& prepared = chunk_.prepared[i];
  const std::int32_t version = r.versions.empty() ? 1 : r.versions.back().version + 1;
  r.versions.push_back(
      {version, change, std::string(crypto::bytes(prepared.digest)), true, hand_in_.batch});
  fates_[i] = {f, nullptr, r.subject, r.record, version};

  planned_version v;
  v.row = i;
  v.subject = r.subject;
  v.record = r.record;
  v.version = version;
  v.change = change;
  if (hand_in_.dataset->registers) {
    learn(i, r.subject);
  } else {
    const registry::subject* s = subjects_.find(named);
    v.name_differs = !s->name.empty() && s->name_folded != prepared.name_folded;
  }
  v.position_offset = static_cast<std::int64_t>(changes_.size());
  changes_.push_back({change == policy::record_change::corrected ? journal::kind::record_corrected
                                                                 : journal::kind::record_added,
                      v.subject, v.record, v.version, hand_in_.dataset_number, hand_in_.batch,
                      prepared.public_until, prepared.effective_until, prepared.purge_at});
  versions_.push_back(v);
}

subject_id chunk_plan::register_subject(std::size_t i) {
  const catalogue::checked_row& row = chunk_.checked[i];
  registry::subject s;
  s.id = subject_id(numbers_.subjects.next());
  s.kind = row.party.kind.value_or(catalogue::subject_kind::enterprise);
  s.credit_code = row.party.credit_code;
  subjects_.add(s, {});
  registered_.push_back({s.id, s.kind, static_cast<std::int64_t>(changes_.size())});
  changes_.push_back(
      {.kind = journal::kind::subject_registered, .subject = s.id, .batch = hand_in_.batch});
  return s.id;
}

// What a registration says of its subject: the name and the identifiers that are new.
void chunk_plan::learn(std::size_t i, subject_id id) {
  const catalogue::checked_row& row = chunk_.checked[i];
  const bool fresh =
      !registered_.empty() && registered_.back().id == id &&
      registered_.back().position_offset + 1 == static_cast<std::int64_t>(changes_.size());
  std::vector<identifier> claims;
  for (const identifier& x : chunk_.prepared[i].identifiers) {
    if (!subjects_.known(x)) claims.push_back(x);
  }
  const bool renamed = subjects_.find(id)->name != row.party.name;
  if (claims.empty() && !renamed) return;
  if (!fresh) {
    changes_.push_back(
        {.kind = journal::kind::subject_changed, .subject = id, .batch = hand_in_.batch});
  }
  const auto offset = static_cast<std::int64_t>(changes_.size()) - 1;
  for (const identifier& x : claims) claims_.push_back({id, x, offset});
  subjects_.claim(id, claims);
  if (renamed) {
    names_.push_back({id, row.party.name, row.valid_from, offset});
    subjects_.rename(id, row.party.name);
  }
  changed_subjects_.insert(id);
}

result<void> chunk_writer::write(const chunk& c) {
  stopwatch::lap binding(bind_);
  LIXIN_CHECK(lock_documents(connection_, hand_in_.dataset_number, hand_in_.authority_number));
  if (hand_in_.dataset->registers) LIXIN_CHECK(registry::lock_registry(connection_));
  LIXIN_TRY(
      const auto batch,
      connection_.exec("SELECT last_row, state FROM batch WHERE batch_id = $1::bigint FOR UPDATE",
                       pg::params().add(hand_in_.batch.value)));
  LIXIN_ASSERT(!batch.empty() && batch.int64(0, 1) == static_cast<int>(batch_state::running));
  LIXIN_ASSERT(batch.int64(0, 0) < static_cast<std::int64_t>(c.block.rows.front().number));

  // Most subjects of a hand-in come again and again. Registrations change subjects: they start
  // afresh, and so does everyone when a tie between subjects has changed.
  LIXIN_CHECK(registry::share_links(connection_));
  LIXIN_TRY(const position linked, registry::last_link(connection_));
  const bool afresh = hand_in_.dataset->registers || linked != linked_;
  subjects_.keep_credit_codes(afresh ? 0 : subjects_kept_max);
  linked_ = linked;
  chunk_plan plan(hand_in_, c, subjects_, numbers_);
  LIXIN_CHECK(plan.load(connection_, vault_));
  LIXIN_CHECK(plan.reserve_numbers(connection_));
  plan.decide();
  binding.end();
  stopwatch::lap storing(store_);
  LIXIN_CHECK(plan.seal(connection_, vault_, clock_.now()));
  LIXIN_CHECK(plan.store(connection_,
                         {journal::action::rows_handed_in, hand_in_.actor,
                          fmt::format("batch {}", hand_in_.batch.value)},
                         clock_.now()));
  const fate_counts counts = plan.counts();
  LIXIN_CHECK(connection_.exec(
      "UPDATE batch SET last_row = $2::bigint, rows_read = rows_read + $3::bigint, "
      "accepted = accepted + $4::bigint, unchanged = unchanged + $5::bigint, "
      "corrected = corrected + $6::bigint, pending = pending + $7::bigint, "
      "sealed = sealed + $8::bigint, refused = refused + $9::bigint, late = late + $10::bigint "
      "WHERE batch_id = $1::bigint",
      pg::params()
          .add(hand_in_.batch.value)
          .add(static_cast<std::int64_t>(c.block.rows.back().number))
          .add(counts.total())
          .add(counts[fate::accepted])
          .add(counts[fate::unchanged])
          .add(counts[fate::corrected])
          .add(counts[fate::pending])
          .add(counts[fate::sealed])
          .add(counts[fate::refused])
          .add(counts.late)));
  return {};
}

}  // namespace lixin::archive
