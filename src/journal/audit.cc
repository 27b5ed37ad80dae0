#include "journal/audit.h"

#include <algorithm>
#include <array>

#include "identity/personal.h"
#include "journal/audit_bytes.h"
#include "journal/errc.h"

namespace lixin::journal {
namespace {

using std::chrono::microseconds;
using std::chrono::system_clock;

struct action_words {
  std::string_view code, zh, en;
};
constexpr std::array<action_words, actions> words{{
    {"pack-loaded", "装入领域包", "pack loaded"},
    {"rows-handed-in", "归集数据", "rows handed in"},
    {"batch-finished", "完成归集", "hand-in finished"},
    {"batch-withdrawn", "撤回批次", "hand-in withdrawn"},
    {"record-event", "登记后续事项", "event of a record"},
    {"subject-linked", "关联主体", "subjects linked"},
    {"record-moved", "改挂记录", "record moved"},
    {"pending-decided", "处理待定行", "pending row decided"},
    {"record-purged", "清除记录内容", "record purged"},
    {"ends-told", "通告到期", "ends by date told"},
    {"inquired", "核查", "check"},
    {"vault-opened", "查阅封存数据", "sealed rows opened"},
    {"city-loaded", "装入城市设置", "city settings loaded"},
    {"keys-rotated", "更换密钥", "keys rotated"},
    {"keys-retired", "停用旧密钥", "old keys retired"},
    {"keys-backed-up", "备份密钥", "keys backed up"},
    {"keys-restored", "恢复密钥", "keys restored"},
    {"backup-made", "备份数据", "backup made"},
    {"backup-restored", "恢复数据", "backup restored"},
    {"database-changed", "变更数据库", "database changed"},
    {"pending-noted", "登记待定行意见", "note on a pending row"},
    {"staff-changed", "变更工作人员账号", "staff account changed"},
    {"signed-in", "登录", "signed in"},
    {"sign-in-failed", "登录失败", "sign-in failed"},
    {"signed-out", "退出登录", "signed out"},
    {"key-issued", "发放接口密钥", "API key issued"},
    {"key-revoked", "吊销接口密钥", "API key revoked"},
}};

const action_words& words_of(action a) {
  static constexpr action_words unknown{"unknown", "未知操作", "unknown"};
  const auto i = static_cast<std::size_t>(a) - 1;
  return i < words.size() ? words[i] : unknown;
}

template <class Number>
void put(std::string& out, Number n) {
  const auto bits = static_cast<std::uint64_t>(n);
  for (int shift = static_cast<int>(sizeof n) * 8 - 8; shift >= 0; shift -= 8) {
    out += static_cast<char>(bits >> shift & 255);
  }
}

void put_text(std::string& out, std::string_view text) {
  put(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}

std::int64_t micros(system_clock::time_point t) {
  return std::chrono::floor<microseconds>(t.time_since_epoch()).count();
}

void put_day(std::string& out, const std::optional<date>& d) {
  put(out, d ? d->days : std::numeric_limits<std::int32_t>::min());
}

system_clock::time_point from_micros(std::int64_t us) {
  return system_clock::time_point(microseconds(us));
}

bool usable(std::string_view text, std::size_t bytes_max) {
  return text.size() <= bytes_max &&
         identity::find_in_text(text) == identity::personal_number::none &&
         identity::identity_cell(text) == identity::personal_number::none;
}

}  // namespace

std::string_view code_of(action a) { return words_of(a).code; }
std::string_view title_zh(action a) { return words_of(a).zh; }
std::string_view title_en(action a) { return words_of(a).en; }

std::optional<action> action_named(std::string_view code) {
  const auto found = std::ranges::find(words, code, &action_words::code);
  if (found == words.end()) return std::nullopt;
  return static_cast<action>(found - words.begin() + 1);
}

bool covers_journal(action a) { return a >= action::pack_loaded && a <= action::ends_told; }

// ---- bytes

void covered_rows::flush(std::size_t keep) {
  if (held_.size() <= keep) return;
  stream_.update(held_);
  held_.clear();
}

void covered_rows::add_time(system_clock::time_point sealed_at) { put(held_, micros(sealed_at)); }

void covered_rows::add(const change& row) {
  put(held_, static_cast<std::int16_t>(row.kind));
  put(held_, row.subject.value);
  put(held_, row.record.value);
  put(held_, row.version);
  put(held_, row.dataset.value);
  put(held_, row.batch.value);
  put_day(held_, row.public_until);
  put_day(held_, row.effective_until);
  put_day(held_, row.purge_at);
  flush(std::size_t{1} << 14);
}

void covered_rows::add(std::int64_t number, const inquiry& row) {
  put(held_, number);
  put(held_, micros(row.asked_at));
  put_text(held_, row.asker);
  put_text(held_, row.code);
  put(held_, row.subject.value);
  put_text(held_, row.matter);
  put(held_, row.as_of.days);
  put(held_, row.at.value);
  put(held_, row.outcome);
  flush(std::size_t{1} << 14);
}

crypto::digest covered_rows::finish() {
  flush(0);
  return stream_.finish();
}

crypto::digest chained(const audit_entry& e, const crypto::digest& before) {
  std::string out("LXA1");
  out += crypto::bytes(before);
  put(out, e.number);
  put(out, micros(e.written_at));
  put(out, static_cast<std::int16_t>(e.what.action));
  put(out, e.first);
  put(out, e.last);
  put_text(out, e.what.actor);
  put_text(out, e.what.object);
  out += crypto::bytes(e.content);
  return crypto::sm3(out);
}

crypto::digest digest_from(std::string_view bytes) {
  crypto::digest out{};
  if (bytes.size() == out.size()) std::ranges::copy(bytes, out.begin());
  return out;
}

// ---- writing

result<audit_state> lock_audit(pg::connection& c) {
  LIXIN_TRY(const auto r, c.exec("SELECT entry_number, (extract(epoch FROM written_at) * "
                                 "1000000)::bigint, digest, inquiry_number FROM audit_head "
                                 "FOR UPDATE"));
  if (r.empty()) return error(errc::no_audit_head);
  return audit_state{r.int64(0, 0), r.int64(0, 3), from_micros(r.int64(0, 1)),
                     digest_from(r.bytes(0, 2))};
}

result<audit_entry> append_under_lock(pg::connection& c, const audit_state& head, const act& what,
                                      const coverage& over, system_clock::time_point now) {
  if (what.actor.empty() || !usable(what.actor, actor_bytes_max) ||
      !usable(what.object, object_bytes_max)) {
    return error(errc::act_unusable,
                 {std::string(title_zh(what.action)), std::string(title_en(what.action)),
                  std::to_string(actor_bytes_max)});
  }
  audit_entry e;
  e.number = head.number + 1;
  // A clock that was set back does not turn the order round.
  e.written_at = std::max(head.written_at, from_micros(micros(now)));
  e.what = what;
  e.first = over.first;
  e.last = over.last;
  e.content = over.content;
  e.digest = chained(e, head.digest);
  LIXIN_CHECK(
      c.exec("WITH head AS (UPDATE audit_head SET entry_number = $1::bigint, written_at = "
             "$2::timestamptz, digest = $9::bytea, inquiry_number = $10::bigint) INSERT INTO audit "
             "(entry_number, written_at, action, actor, first_number, last_number, object, "
             "content_digest, digest) VALUES ($1::bigint, $2::timestamptz, $3::smallint, $4::text, "
             "$5::bigint, $6::bigint, $7::text, $8::bytea, $9::bytea)",
             pg::params()
                 .add(e.number)
                 .add(to_string(e.written_at))
                 .add(static_cast<int>(what.action))
                 .add(what.actor)
                 .add(e.first)
                 .add(e.last)
                 .add(what.object)
                 .add_bytes(crypto::bytes(e.content))
                 .add_bytes(crypto::bytes(e.digest))
                 .add(what.action == action::inquired ? over.last : head.inquiry)));
  return e;
}

result<audit_entry> append_act(pg::connection& c, const act& what, system_clock::time_point now) {
  LIXIN_ASSERT(!covers_journal(what.action) && what.action != action::inquired);
  LIXIN_TRY(const auto head, lock_audit(c));
  return append_under_lock(c, head, what, {0, 0, covered_rows().finish()}, now);
}

result<void> log_inquiries(pg::connection& c, const std::vector<inquiry>& all, const act& what,
                           system_clock::time_point now) {
  LIXIN_ASSERT(!all.empty() && all.size() <= inquiries_max && what.action == action::inquired);
  LIXIN_TRY(const auto head, lock_audit(c));
  pg::copy_buffer out("inquiry",
                      "inquiry_id, asked_at, asker, code, subject_id, matter, as_of, position, "
                      "outcome");
  covered_rows rows;
  std::int64_t number = head.inquiry;
  for (const inquiry& q : all) {
    rows.add(++number, q);
    out.row(9);
    out.int8(number);
    out.timestamp(q.asked_at);
    out.text(q.asker);
    q.code.empty() ? out.null() : out.text(q.code);
    q.subject.value == 0 ? out.null() : out.int8(q.subject.value);
    out.text(q.matter);
    out.day(q.as_of);
    out.int8(q.at.value);
    out.int2(q.outcome);
  }
  LIXIN_CHECK(out.send(c));
  LIXIN_CHECK(append_under_lock(c, head, what, {head.inquiry + 1, number, rows.finish()}, now));
  return {};
}

// ---- reading

result<std::vector<audit_entry>> read_audit(pg::connection& c, const audit_filter& f) {
  const auto what = f.what ? std::optional<std::int64_t>(static_cast<int>(*f.what)) : std::nullopt;
  LIXIN_TRY(
      const auto r,
      c.exec("SELECT entry_number, (extract(epoch FROM written_at) * 1000000)::bigint, action, "
             "actor, first_number, last_number, object, content_digest, digest FROM audit WHERE "
             "entry_number > $1::bigint AND ($2::text = '' OR actor = $2::text) AND ($3::smallint "
             "IS NULL OR action = $3::smallint) ORDER BY entry_number LIMIT $4::integer",
             pg::params().add(f.after).add(f.actor).add(what).add(f.limit)));
  std::vector<audit_entry> out;
  for (int i = 0; i < r.size(); ++i) {
    audit_entry e;
    e.number = r.int64(i, 0);
    e.written_at = from_micros(r.int64(i, 1));
    e.what = {static_cast<action>(r.int64(i, 2)), std::string(r.text(i, 3)),
              std::string(r.text(i, 6))};
    e.first = r.int64(i, 4);
    e.last = r.int64(i, 5);
    e.content = digest_from(r.bytes(i, 7));
    e.digest = digest_from(r.bytes(i, 8));
    out.push_back(std::move(e));
  }
  return out;
}

}  // namespace lixin::journal
