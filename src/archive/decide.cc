#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "archive/archive.h"
#include "archive/chunk_plan.h"
#include "archive/errc.h"
#include "archive/free_text.h"
#include "archive/pending.h"
#include "archive/source.h"
#include "journal/journal.h"
#include "text/fold.h"
#include "text/json.h"

namespace lixin::archive {
namespace {

using registry::identifier;

constexpr int flag(decision_kind k) { return static_cast<int>(k); }

class decider {
 public:
  decider(const import_context& context, const decide_request& request)
      : context_(context), request_(request) {}
  result<decide_outcome> run();

 private:
  // What makes two decisions the same.
  struct content {
    int kind = 0;
    std::int64_t to_subject = 0;
    int party_ordinal = 0;
    bool operator==(const content&) const = default;
  };
  struct past {
    int number = 0;
    decision_state state = decision_state::proposed;
    content what;
    std::string proposed_by;
  };

  result<void> check_request() const;
  result<void> check_texts() const;
  result<void> load_batch();
  result<void> lock();
  result<void> load_row();
  result<void> load_past();
  result<void> name_subject();
  result<decide_outcome> answer_decided() const;
  result<decide_outcome> withdraw_proposal();
  result<decide_outcome> reject();
  result<decide_outcome> perform();
  result<void> rebuild();
  void set_party();
  void add_cell(const std::string& text);
  result<void> check_bind() const;
  bool fact_holds() const;
  result<void> check_outcome(const chunk_plan& plan) const;
  result<void> finish_batch(fate f, bool late);
  result<void> remember(decision_state s, const chunk_plan* plan, position first);
  result<void> note(std::string_view what);
  std::string row_name() const {
    return fmt::format("batch {} row {}", request_.batch.value, request_.row);
  }
  result<void> settle_proposal(decision_state s);
  result<decide_outcome> propose();
  pg::params row_key() const {
    pg::params p;
    p.add(request_.batch.value).add(static_cast<std::int64_t>(request_.row));
    return p;
  }
  error at_row(const message& m) const {
    return error(m, {fmt::format("{}", request_.batch.value), fmt::format("{}", request_.row)});
  }
  pg::connection& db() const { return context_.connection; }

  const import_context& context_;
  const decide_request& request_;
  std::shared_ptr<const catalogue::pack> pack_;
  hand_in hand_in_;
  std::vector<std::string> headings_;
  chunk chunk_;
  fate fate_ = fate::pending;
  std::string record_;
  std::int32_t version_ = 0;
  std::optional<std::string> cells_, stored_content_;
  std::string first_reason_;  // code
  content what_;
  std::optional<registry::subject_file> named_;
  std::vector<past> past_;
};

result<decide_outcome> decider::run() {
  LIXIN_CHECK(check_request());
  LIXIN_CHECK(check_texts());
  LIXIN_CHECK(load_batch());
  LIXIN_TRY(auto tx, pg::transaction::begin(db()));
  LIXIN_CHECK(lock());
  LIXIN_CHECK(load_row());
  LIXIN_CHECK(load_past());
  LIXIN_CHECK(name_subject());
  auto out = fate_ != fate::pending       ? answer_decided()
             : request_.withdraw_proposal ? withdraw_proposal()
             : request_.reject            ? reject()
                                          : perform();
  if (!out.ok()) return out;
  LIXIN_CHECK(tx.commit());
  return out;
}

result<void> decider::check_request() const {
  const decide_request& r = request_;
  const int ways = r.replaces + (r.another_party != 0) + r.accept;
  const bool binds = r.bind || ways > 0;
  const bool accept_with = r.accept && (r.replaces || r.another_party != 0);
  const bool both_parties = r.replaces && r.another_party != 0;
  if (binds + r.reject + r.withdraw_proposal != 1 || both_parties || (ways > 1 && !accept_with)) {
    return error(errc::decision_unclear);
  }
  if (r.bind && r.code.empty() != r.fact.empty()) return error(errc::fact_missing);
  if (!r.bind && !(r.code.empty() && r.fact.empty())) return error(errc::decision_unclear);
  if (r.reject && r.reason.empty()) {
    return error(errc::reason_missing, {"退回原因（--reason）", "The reason (--reason)"});
  }
  return {};
}

result<void> decider::check_texts() const {
  struct given {
    const std::string& text;
    const char *zh, *en;
  };
  const given all[] = {{request_.reason, "理由（--reason）", "The reason (--reason)"},
                       {request_.fact, "依据（--fact）", "The fact (--fact)"},
                       {request_.actor, "经办人（--as）", "The actor (--as)"}};
  for (const given& g : all) {
    if (text::length(g.text) > decision_text_signs_max) {
      return error(errc::decision_text_too_long,
                   {g.zh, fmt::format("{}", decision_text_signs_max), g.en});
    }
    LIXIN_CHECK(refuse_personal(g.text, g.zh, g.en));
  }
  if (request_.actor.empty()) {
    return error(errc::reason_missing, {"经办人（--as）", "The actor (--as)"});
  }
  return {};
}

// What never changes of a batch; its state is read under the locks.
result<void> decider::load_batch() {
  LIXIN_TRY(const auto r,
            db().exec("SELECT b.dataset_id, b.authority_id, b.pack_version_id, b.handed_in_on, "
                      "b.headings, d.code FROM batch b JOIN dataset d USING (dataset_id) WHERE "
                      "b.batch_id = $1::bigint",
                      pg::params().add(request_.batch.value)));
  if (r.empty()) return error(errc::no_such_batch, {fmt::format("{}", request_.batch.value)});
  hand_in_.batch = request_.batch;
  hand_in_.dataset_number = dataset_id(static_cast<std::int32_t>(r.int64(0, 0)));
  hand_in_.authority_number = authority_id(static_cast<std::int32_t>(r.int64(0, 1)));
  hand_in_.pack_version = pack_version_id(static_cast<std::int32_t>(r.int64(0, 2)));
  hand_in_.handed_in_on = r.day(0, 3);
  LIXIN_TRY(headings_, text::parse_string_array(r.text(0, 4)));
  pack_ = context_.packs.by_id(hand_in_.pack_version);
  take_rules(hand_in_, *pack_, r.text(0, 5));
  return {};
}

// In the order of a chunk of a hand-in.
result<void> decider::lock() {
  LIXIN_CHECK(lock_documents(db(), hand_in_.dataset_number, hand_in_.authority_number));
  if (hand_in_.dataset->registers) LIXIN_CHECK(registry::lock_registry(db()));
  LIXIN_TRY(const auto r,
            db().exec("SELECT state FROM batch WHERE batch_id = $1::bigint FOR UPDATE",
                      pg::params().add(request_.batch.value)));
  LIXIN_ASSERT(!r.empty());
  const auto state = static_cast<batch_state>(r.int64(0, 0));
  if (state == batch_state::withdrawing || state == batch_state::withdrawn) {
    return error(errc::batch_taken_back, {fmt::format("{}", request_.batch.value)});
  }
  return {};
}

result<void> decider::load_row() {
  LIXIN_TRY(const auto r,
            db().exec("SELECT r.fate, r.record_subject, r.record_id, r.version, n.cells, "
                      "n.content, n.reasons -> 0 ->> 'code' FROM batch_row r LEFT JOIN "
                      "batch_row_note n USING (batch_id, row_number) WHERE r.batch_id = "
                      "$1::bigint AND r.row_number = $2::bigint",
                      row_key()));
  if (r.empty()) return at_row(errc::no_such_row);
  fate_ = static_cast<fate>(r.int64(0, 0));
  if (!r.is_null(0, 2)) {
    record_ = to_string(record_name{subject_id(r.int64(0, 1)), record_id(r.int64(0, 2))});
    version_ = static_cast<std::int32_t>(r.int64(0, 3));
  }
  if (!r.is_null(0, 4)) cells_ = r.text(0, 4);
  if (!r.is_null(0, 5)) stored_content_ = r.text(0, 5);
  first_reason_ = r.text(0, 6);
  return {};
}

result<void> decider::load_past() {
  LIXIN_TRY(const auto r,
            db().exec("SELECT decision_number, state, kind, to_subject, party_ordinal, proposed_by "
                      "FROM pending_decision WHERE batch_id = $1::bigint AND row_number = "
                      "$2::bigint ORDER BY decision_number",
                      row_key()));
  for (int i = 0; i < r.size(); ++i) {
    past_.push_back({static_cast<int>(r.int64(i, 0)),
                     static_cast<decision_state>(r.int64(i, 1)),
                     {static_cast<int>(r.int64(i, 2)), r.is_null(i, 3) ? 0 : r.int64(i, 3),
                      r.is_null(i, 4) ? 0 : static_cast<int>(r.int64(i, 4))},
                     std::string(r.text(i, 5))});
  }
  return {};
}

result<void> decider::name_subject() {
  const decide_request& r = request_;
  if (!r.code.empty()) {
    LIXIN_TRY(const auto head, journal::read_head(db()));
    LIXIN_TRY(named_, registry::find_subject(db(), r.code, head.last));
    what_.to_subject = named_->asked.value;
  }
  if (r.bind) {
    what_.kind |= flag(r.code.empty() ? decision_kind::bind_own : decision_kind::bind_named);
  }
  if (r.replaces) what_.kind |= flag(decision_kind::replaces);
  if (r.another_party != 0) what_.kind |= flag(decision_kind::another_party);
  if (r.accept) what_.kind |= flag(decision_kind::accept_older);
  if (r.reject) what_.kind |= flag(decision_kind::reject);
  what_.party_ordinal = r.another_party;
  return {};
}

// The same decision again is answered by what it did.
result<decide_outcome> decider::answer_decided() const {
  const bool same = !past_.empty() && !request_.withdraw_proposal &&
                    past_.back().state == decision_state::performed && past_.back().what == what_;
  if (!same) {
    return error(errc::row_not_pending,
                 {fmt::format("{}", request_.batch.value), fmt::format("{}", request_.row),
                  std::string(title_zh(fate_)), std::string(title_en(fate_))});
  }
  return decide_outcome{.already = true, .what = fate_, .record = record_, .version = version_};
}

result<void> decider::settle_proposal(decision_state s) {
  LIXIN_CHECK(
      db().exec("UPDATE pending_decision SET state = $3::smallint, decided_by = $4::text, "
                "decided_at = $5::timestamptz WHERE batch_id = $1::bigint AND row_number = "
                "$2::bigint AND state = 1",
                row_key()
                    .add(static_cast<int>(s))
                    .add(request_.actor)
                    .add(journal::to_string(context_.now.now()))));
  return {};
}

bool is_open(decision_state s) { return s == decision_state::proposed; }

result<decide_outcome> decider::withdraw_proposal() {
  if (past_.empty() || !is_open(past_.back().state)) return at_row(errc::no_proposal);
  LIXIN_CHECK(settle_proposal(decision_state::withdrawn));
  LIXIN_CHECK(note("proposal taken back"));
  return decide_outcome{.proposal_withdrawn = true};
}

result<void> decider::finish_batch(fate f, bool late) {
  const auto one_if = [&](fate x) { return f == x ? 1 : 0; };
  LIXIN_CHECK(
      db().exec("UPDATE batch SET pending = pending - 1, accepted = accepted + $2::bigint, "
                "unchanged = unchanged + $3::bigint, corrected = corrected + $4::bigint, refused = "
                "refused + $5::bigint, late = late + $6::bigint WHERE batch_id = $1::bigint",
                pg::params()
                    .add(request_.batch.value)
                    .add(one_if(fate::accepted))
                    .add(one_if(fate::unchanged))
                    .add(one_if(fate::corrected))
                    .add(one_if(fate::refused))
                    .add(late ? 1 : 0)));
  return {};
}

// Writes the decision; one that was proposed by another is told as his, decided by this actor.
result<void> decider::remember(decision_state s, const chunk_plan* plan, position first) {
  const bool replaced = plan != nullptr && !plan->replaced().empty();
  const auto optional = [](bool given, std::int64_t v) {
    return given ? std::optional(v) : std::nullopt;
  };
  const bool performed = s == decision_state::performed;
  const std::string now = journal::to_string(context_.now.now());
  const bool confirms =
      performed && !past_.empty() && is_open(past_.back().state) && past_.back().what == what_;
  auto p = row_key();
  p.add(confirms ? past_.back().number : static_cast<int>(past_.size()) + 1)
      .add(what_.kind)
      .add(static_cast<int>(s))
      .add(optional(what_.to_subject != 0, what_.to_subject))
      .add(optional(what_.party_ordinal != 0, what_.party_ordinal))
      .add(request_.fact)
      .add(request_.actor)
      .add(now)
      .add(performed ? std::optional(request_.actor) : std::nullopt)
      .add(performed ? std::optional(now) : std::nullopt)
      .add(request_.reason);
  if (chunk_.size == 1) {
    p.add_bytes(crypto::bytes(chunk_.prepared[0].digest));
  } else {
    p.add(std::optional<std::string>());
  }
  p.add(optional(replaced, replaced ? plan->replaced()[0].subject.value : 0))
      .add(optional(replaced, replaced ? plan->replaced()[0].record.value : 0))
      .add(optional(first.value != 0, first.value));
  if (!confirms) LIXIN_CHECK(settle_proposal(decision_state::superseded));
  LIXIN_CHECK(db().exec(
      "INSERT INTO pending_decision (batch_id, row_number, decision_number, kind, state, "
      "to_subject, party_ordinal, fact, proposed_by, proposed_at, decided_by, decided_at, reason, "
      "content_digest, replaced_subject, replaced_record, position) VALUES ($1::bigint, "
      "$2::bigint, $3::integer, $4::smallint, $5::smallint, $6::bigint, $7::integer, $8::text, "
      "$9::text, $10::timestamptz, $11::text, $12::timestamptz, $13::text, $14::bytea, "
      "$15::bigint, $16::bigint, $17::bigint) ON CONFLICT (batch_id, row_number, decision_number) "
      "DO UPDATE SET state = excluded.state, decided_by = excluded.decided_by, decided_at = "
      "excluded.decided_at, content_digest = excluded.content_digest, replaced_subject = "
      "excluded.replaced_subject, replaced_record = excluded.replaced_record, position = "
      "excluded.position",
      p));
  if (first.value != 0) return {};  // the journal's entry says it
  return note(s == decision_state::proposed ? "proposed" : "decided without a change");
}

// What no position of the journal tells stands in the audit chain all the same.
result<void> decider::note(std::string_view what) {
  LIXIN_CHECK(journal::append_act(
      db(),
      {journal::action::pending_noted, request_.actor, fmt::format("{} {}", row_name(), what)},
      context_.now.now()));
  return {};
}

result<decide_outcome> decider::reject() {
  if (cells_) {
    if (auto rebuilt = rebuild(); !rebuilt.ok()) {
      if (!rebuilt.error().is(errc::pending_content_differs)) return std::move(rebuilt).error();
      chunk_.clear();  // it is rejected without being remembered by its content
    }
  }
  const error why(errc::pending_rejected, {request_.reason});
  LIXIN_CHECK(
      db().exec("UPDATE batch_row SET fate = 6 WHERE batch_id = $1::bigint AND row_number "
                "= $2::bigint",
                row_key()));
  LIXIN_CHECK(db().exec(
      "UPDATE batch_row_note SET content = NULL, reasons = jsonb_build_array(jsonb_build_object("
      "'code', $3::text, 'column', '', 'zh', $4::text, 'en', $5::text)) || reasons WHERE batch_id "
      "= $1::bigint AND row_number = $2::bigint",
      row_key().add(why.code()).add(why.sentence(language::zh)).add(why.sentence(language::en))));
  LIXIN_CHECK(finish_batch(fate::refused, false));
  LIXIN_CHECK(remember(decision_state::performed, nullptr, position(0)));
  return decide_outcome{.what = fate::refused};
}

void decider::add_cell(const std::string& text) {
  chunk_.block.cells.push_back({chunk_.block.store.append(text), tabular::cell_kind::text});
}

// The row as it was handed in, checked again by the rules of that day. What comes out must be what
// was checked then: cells that may not be kept came back blank.
result<void> decider::rebuild() {
  LIXIN_TRY(const auto cells, text::parse_string_array(*cells_));
  std::vector<tabular::cell> heading;
  for (const std::string& h : headings_) heading.push_back({h, tabular::cell_kind::text});
  hand_in_.headings = catalogue::map_headings(*hand_in_.dataset, heading).map;
  for (const std::string& cell : cells) add_cell(cell);
  chunk_.block.rows.push_back({request_.row, 0, 0, cells.size()});
  preparer(hand_in_, context_.days).prepare(chunk_);
  if (chunk_.checked[0].verdict != catalogue::row_verdict::clean || !stored_content_) {
    return at_row(errc::pending_content_differs);
  }
  LIXIN_TRY(const auto same,
            db().exec("SELECT $1::jsonb = $2::jsonb",
                      pg::params().add(*stored_content_).add(chunk_.prepared[0].content)));
  if (!same.boolean(0, 0)) return at_row(errc::pending_content_differs);
  return {};
}

// The ordinal is part of what the row says, where the dataset has a field for it.
void decider::set_party() {
  const std::string ordinal = fmt::format("{}", request_.another_party);
  const int f = hand_in_.dataset->field_with(catalogue::field_role::party_ordinal);
  if (f < 0) {
    chunk_.checked[0].party_ordinal = request_.another_party;
    return;
  }
  int& column = hand_in_.headings.column_of_field[static_cast<std::size_t>(f)];
  auto& headings = hand_in_.headings;
  if (column < 0) {
    column = static_cast<int>(headings.field_of_column.size());
    headings.field_of_column.push_back(f);
    headings.headings.push_back(hand_in_.dataset->fields[static_cast<std::size_t>(f)].code);
  }
  while (chunk_.block.cells.size() <= static_cast<std::size_t>(column)) add_cell("");
  chunk_.block.rows[0].cell_count = chunk_.block.cells.size();
  chunk_.block.cells[static_cast<std::size_t>(column)].text = chunk_.block.store.append(ordinal);
  preparer(hand_in_, context_.days).prepare(chunk_);
}

bool decider::fact_holds() const {
  const std::string folded = text::fold_identifier(request_.fact);
  const std::string code = text::fold_identifier(request_.code);
  const auto& row = chunk_.prepared[0];
  // A credit code and the organisation code that it contains are one fact.
  const bool another =
      code.find(folded) == std::string::npos && folded.find(code) == std::string::npos;
  if (another && std::ranges::any_of(row.identifiers, [&](const identifier& x) {
        return x.value == folded && named_->has(x);
      })) {
    return true;
  }
  const std::string name = text::fold_name(request_.fact);
  if (name.empty() || name != row.name_folded) return false;
  const auto had = [&](const registry::subject_file& f) {
    return std::ranges::any_of(
        f.names, [&](const registry::name_entry& n) { return text::fold_name(n.name) == name; });
  };
  return had(*named_) || std::ranges::any_of(named_->duplicates, had);
}

result<void> decider::check_bind() const {
  if (!named_) return {};
  if (!fact_holds()) return error(errc::fact_not_held);
  std::vector<std::int64_t> kinds;
  std::vector<std::string> values;
  for (const identifier& x : chunk_.prepared[0].identifiers) {
    kinds.push_back(static_cast<std::int64_t>(x.kind));
    values.push_back(x.value);
  }
  // Duplicates of one subject are that subject.
  LIXIN_TRY(const auto owners,
            db().exec("SELECT count(*), count(*) FILTER (WHERE coalesce(s.alias_of, "
                      "s.subject_id) = $3::bigint) FROM unnest($1::bigint[], $2::text[]) AS "
                      "w(kind, value) JOIN identifier_key k ON k.kind = w.kind::smallint AND "
                      "k.value = w.value JOIN subject s USING (subject_id)",
                      pg::params().add(kinds).add(values).add(named_->current.id.value)));
  if (owners.int64(0, 0) > 0 && owners.int64(0, 1) == 0) return error(errc::bind_elsewhere);
  const std::string& credit_code = chunk_.checked[0].party.credit_code;
  const bool second = !credit_code.empty() && !named_->asked_subject().credit_code.empty() &&
                      credit_code != named_->asked_subject().credit_code;
  if (hand_in_.dataset->registers && second) return error(errc::bind_second_code);
  return {};
}

// The decision must answer what was open, all of it and nothing else.
result<void> decider::check_outcome(const chunk_plan& plan) const {
  const auto& out = plan.outcome_of(0);
  if (out.why == &errc::retention_ended) return error(errc::retention_ended);
  if (out.what == fate::pending) {
    const error left(*out.why);
    const bool older = out.why == &errc::would_revert || out.why == &errc::newer_stands;
    return error(errc::still_pending,
                 {left.sentence(language::zh), older ? "如确认如此，请加 --accept。" : "",
                  left.sentence(language::en), older ? " Add --accept to confirm that." : ""});
  }
  const auto not_asked = [](const char* option, const char* zh, const char* en) {
    return error(errc::decision_not_asked, {option, zh, en});
  };
  if (request_.replaces && plan.replaced().empty()) {
    return not_asked("--replaces", "同一文号目前不在其他主体名下",
                     "the document is not another subject's now");
  }
  if (request_.accept && !plan.took_back()) {
    return not_asked("--accept", "接受本行不会覆盖更新的内容",
                     "accepting the row takes nothing newer back");
  }
  return {};
}

result<decide_outcome> decider::propose() {
  if (!past_.empty() && is_open(past_.back().state) && past_.back().what == what_) {
    return decide_outcome{.already = true, .proposed = true};
  }
  LIXIN_CHECK(remember(decision_state::proposed, nullptr, position(0)));
  return decide_outcome{.proposed = true};
}

result<decide_outcome> decider::perform() {
  if (!cells_) return at_row(errc::pending_no_content);
  LIXIN_CHECK(rebuild());
  if (request_.another_party != 0) {
    const int own = chunk_.checked[0].party_ordinal;
    const int n = request_.another_party;
    if (n < 1 || n > party_ordinal_max || n == own) {
      return error(errc::party_number_bad, {fmt::format("{}", own)});
    }
    if (first_reason_ != errc::counterpart_changed.code && !request_.bind) {
      return error(errc::decision_not_asked, {"--another-party", "本行不是因相对人不同而待定",
                                              "the row is not pending because of its counterpart"});
    }
    set_party();
  }
  LIXIN_CHECK(check_bind());

  registry::resolver subjects;
  numbers_of_hand_in numbers;
  row_decision decided{.replaces = request_.replaces, .accept_older = request_.accept};
  if (named_) {
    subjects.add(named_->asked_subject(), {});
    decided.bind_to = named_->asked;
  }
  chunk_plan plan(hand_in_, chunk_, subjects, numbers);
  plan.follow(decided);
  LIXIN_CHECK(plan.load(db(), context_.persons));
  LIXIN_CHECK(plan.reserve_numbers(db()));
  plan.decide();
  LIXIN_CHECK(check_outcome(plan));

  const bool proposed_by_another = !past_.empty() && is_open(past_.back().state) &&
                                   past_.back().what == what_ &&
                                   past_.back().proposed_by != request_.actor;
  LIXIN_TRY(const auto head, journal::read_head(db()));
  const auto packs = context_.packs.at(context_.now.today(), head.last);
  if (is_adverse_entry(*packs, hand_in_.dataset->code) && !proposed_by_another) return propose();

  const auto& out = plan.outcome_of(0);
  const bool stored = out.what == fate::accepted || out.what == fate::corrected;
  LIXIN_CHECK(finish_batch(out.what, stored && chunk_.prepared[0].late));
  LIXIN_TRY(const position first,
            plan.store(db(), {journal::action::pending_decided, request_.actor, row_name()},
                       context_.now.now()));
  LIXIN_CHECK(remember(decision_state::performed, &plan, first));
  return decide_outcome{.what = out.what,
                        .record = to_string(record_name{out.subject, out.record}),
                        .version = out.version};
}

}  // namespace

result<decide_outcome> decide_pending(const import_context& context,
                                      const decide_request& request) {
  return decider(context, request).run();
}

}  // namespace lixin::archive
