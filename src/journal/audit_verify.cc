#include "journal/audit_verify.h"

#include <fmt/format.h>

#include <algorithm>

#include "journal/audit_bytes.h"
#include "journal/errc.h"

namespace lixin::journal {
namespace {

using std::chrono::system_clock;

constexpr int entries_page = 1000;
constexpr int rows_page = 5000;

std::string text_of(std::int64_t n) { return fmt::format("{}", n); }

// Inquiries with number > after, in order.
struct numbered_inquiry {
  std::int64_t number = 0;
  inquiry row;
};
result<std::vector<numbered_inquiry>> inquiries_after(pg::connection& c, std::int64_t after,
                                                      int limit) {
  LIXIN_TRY(const auto r,
            c.exec("SELECT inquiry_id, (extract(epoch FROM asked_at) * 1000000)::bigint, asker, "
                   "code, subject_id, matter, as_of, position, outcome FROM inquiry WHERE "
                   "inquiry_id > $1::bigint ORDER BY inquiry_id LIMIT $2::integer",
                   pg::params().add(after).add(limit)));
  std::vector<numbered_inquiry> out;
  for (int i = 0; i < r.size(); ++i) {
    inquiry q;
    q.asked_at = system_clock::time_point(std::chrono::microseconds(r.int64(i, 1)));
    q.asker = r.text(i, 2);
    q.code = r.text(i, 3);
    q.subject = subject_id(r.int64(i, 4));
    q.matter = r.text(i, 5);
    q.as_of = r.day(i, 6);
    q.at = position(r.int64(i, 7));
    q.outcome = static_cast<std::int16_t>(r.int64(i, 8));
    out.push_back({r.int64(i, 0), std::move(q)});
  }
  return out;
}

std::int64_t number_of(const entry& e) { return e.at.value; }
std::int64_t number_of(const numbered_inquiry& q) { return q.number; }

result<std::vector<entry>> page_after(pg::connection& c, std::int64_t after, const entry*) {
  return read_after(c, position(after), rows_page);
}
result<std::vector<numbered_inquiry>> page_after(pg::connection& c, std::int64_t after,
                                                 const numbered_inquiry*) {
  return inquiries_after(c, after, rows_page);
}

// Rows of one table in the order of their numbers, a page at a time.
template <class Row>
class row_stream {
 public:
  explicit row_stream(pg::connection& c) : c_(c) {}
  // The next row has a number of at least `first`.
  result<void> seek(std::int64_t first) {
    while (at_ < page_.size() && number_of(page_[at_]) < first) ++at_;
    const bool here =
        at_ < page_.size() && (at_ > 0 ? number_of(page_[at_ - 1]) < first : page_after_ < first);
    if (here) return {};
    return load(first - 1);
  }
  // Null at the end.
  result<const Row*> next() {
    if (at_ == page_.size() && !page_.empty()) LIXIN_CHECK(load(number_of(page_.back())));
    return at_ < page_.size() ? &page_[at_] : nullptr;
  }
  void take() { ++at_; }

 private:
  result<void> load(std::int64_t after) {
    LIXIN_TRY(page_, page_after(c_, after, static_cast<const Row*>(nullptr)));
    page_after_ = after;
    at_ = 0;
    return {};
  }
  pg::connection& c_;
  std::vector<Row> page_;
  std::int64_t page_after_ = 0;
  std::size_t at_ = 0;
};

// What stood when the verification began, of one moment.
struct tables_state {
  std::int64_t entry = 0, entry_max = 0, position = 0, position_max = 0;
  std::int64_t inquiry = 0, inquiry_max = 0;
  crypto::digest digest{};
};
result<tables_state> read_state(pg::connection& c) {
  LIXIN_TRY(const auto r,
            c.exec("SELECT a.entry_number, a.digest, a.inquiry_number, j.position, "
                   "(SELECT max(entry_number) FROM audit), (SELECT max(position) FROM journal), "
                   "(SELECT max(inquiry_id) FROM inquiry) FROM audit_head a, journal_head j"));
  if (r.empty()) return error(errc::no_audit_head);
  return tables_state{r.int64(0, 0),
                      r.int64(0, 4),
                      r.int64(0, 3),
                      r.int64(0, 5),
                      r.int64(0, 2),
                      r.int64(0, 6),
                      digest_from(r.bytes(0, 1))};
}

// How far one table is covered.
struct covered {
  std::int64_t first = 0;  // 0 = nothing yet
  std::int64_t next = 0;   // number that the next entry has to begin with; 0 = any
};

class verifier {
 public:
  verifier(pg::connection& c, const verify_request& r)
      : c_(c), request_(r), journal_rows_(c), inquiry_rows_(c) {}
  result<verify_outcome> run();

 private:
  void fault(const message& m, std::vector<std::string> args) {
    ++out_.faults_found;
    if (out_.faults.size() < request_.faults_max) out_.faults.emplace_back(m, std::move(args));
  }
  result<void> start();
  result<void> check(const audit_entry& e);
  void check_link(const audit_entry& e);
  result<void> check_journal(const audit_entry& e);
  result<void> check_inquiries(const audit_entry& e);
  bool check_range(const audit_entry& e, covered& over, std::string_view zh, std::string_view en);
  void check_content(const audit_entry& e, std::int64_t rows, std::int64_t missing,
                     const crypto::digest& content, std::string_view zh, std::string_view en);
  void check_ends();
  void check_end(const covered& over, std::int64_t head, std::int64_t last, std::string_view zh,
                 std::string_view en);
  result<void> check_exported();

  pg::connection& c_;
  const verify_request& request_;
  tables_state state_;
  row_stream<entry> journal_rows_;
  row_stream<numbered_inquiry> inquiry_rows_;
  covered journal_, inquiries_;
  std::int64_t last_ = 0;
  crypto::digest before_{};
  verify_outcome out_;
};

// From the middle on, what came before is taken as it stands.
result<void> verifier::start() {
  last_ = request_.from - 1;
  if (last_ == 0) return {};
  LIXIN_TRY(const auto r,
            c_.exec("SELECT digest, (SELECT max(last_number) FROM audit WHERE entry_number <= "
                    "$1::bigint AND action BETWEEN 1 AND 10), (SELECT max(last_number) FROM audit "
                    "WHERE entry_number <= $1::bigint AND action = 11) FROM audit WHERE "
                    "entry_number = $1::bigint",
                    pg::params().add(last_)));
  if (r.empty() || request_.from > state_.entry)
    return error(errc::no_such_entry, {text_of(request_.from), text_of(state_.entry)});
  before_ = digest_from(r.bytes(0, 0));
  if (r.int64(0, 1) > 0) journal_.next = r.int64(0, 1) + 1;
  if (r.int64(0, 2) > 0) inquiries_.next = r.int64(0, 2) + 1;
  return {};
}

void verifier::check_link(const audit_entry& e) {
  if (e.number != last_ + 1)
    fault(errc::entries_missing, {text_of(last_ + 1), text_of(e.number - 1)});
  if (chained(e, before_) != e.digest) fault(errc::entry_differs, {text_of(e.number)});
}

bool verifier::check_range(const audit_entry& e, covered& over, std::string_view zh,
                           std::string_view en) {
  const bool sound = e.first >= 1 && e.first <= e.last;
  if (!sound || (over.next != 0 && e.first != over.next)) {
    fault(errc::coverage_broken, {text_of(e.number), text_of(e.first), text_of(e.last),
                                  text_of(over.next), std::string(zh), std::string(en)});
  }
  if (!sound) return false;
  if (over.first == 0) over.first = e.first;
  over.next = e.last + 1;
  return true;
}

void verifier::check_content(const audit_entry& e, std::int64_t rows, std::int64_t missing,
                             const crypto::digest& content, std::string_view zh,
                             std::string_view en) {
  if (missing != 0) {
    fault(errc::rows_missing,
          {text_of(e.number), text_of(missing), text_of(e.last - e.first + 1 - rows),
           std::string(zh), std::string(en)});
  } else if (content != e.content) {
    fault(errc::rows_differ,
          {text_of(e.number), text_of(e.first), text_of(e.last), std::string(zh), std::string(en)});
  }
}

result<void> verifier::check_journal(const audit_entry& e) {
  if (!check_range(e, journal_, "变更日志", "journal rows")) return {};
  LIXIN_CHECK(journal_rows_.seek(e.first));
  covered_rows digest;
  std::optional<system_clock::time_point> sealed_at;
  std::int64_t missing = 0;
  std::int64_t rows = 0;
  for (std::int64_t want = e.first;; ++want) {
    LIXIN_TRY(const entry* row, journal_rows_.next());
    const bool ended = row == nullptr || row->at.value > e.last;
    if (missing == 0 && want <= e.last && (ended || row->at.value != want)) missing = want;
    if (ended) break;
    want = row->at.value;
    if (!sealed_at) digest.add_time(row->sealed_at);
    // One transaction has one time; the digest holds it once.
    if (sealed_at && *sealed_at != row->sealed_at)
      fault(errc::time_differs, {text_of(e.number), text_of(want)});
    sealed_at = sealed_at.value_or(row->sealed_at);
    digest.add(row->what);
    ++rows;
    journal_rows_.take();
  }
  out_.journal_rows += rows;
  check_content(e, rows, missing, digest.finish(), "变更日志", "journal rows");
  return {};
}

result<void> verifier::check_inquiries(const audit_entry& e) {
  if (!check_range(e, inquiries_, "核查记录", "inquiries")) return {};
  LIXIN_CHECK(inquiry_rows_.seek(e.first));
  covered_rows digest;
  std::int64_t missing = 0;
  std::int64_t rows = 0;
  for (std::int64_t want = e.first;; ++want) {
    LIXIN_TRY(const numbered_inquiry* row, inquiry_rows_.next());
    const bool ended = row == nullptr || row->number > e.last;
    if (missing == 0 && want <= e.last && (ended || row->number != want)) missing = want;
    if (ended) break;
    want = row->number;
    digest.add(row->number, row->row);
    ++rows;
    inquiry_rows_.take();
  }
  out_.inquiries += rows;
  check_content(e, rows, missing, digest.finish(), "核查记录", "inquiries");
  return {};
}

result<void> verifier::check(const audit_entry& e) {
  check_link(e);
  if (covers_journal(e.what.action)) {
    LIXIN_CHECK(check_journal(e));
  } else if (e.what.action == action::inquired) {
    LIXIN_CHECK(check_inquiries(e));
  }
  // On from what stands, so that one change is told once.
  before_ = e.digest;
  last_ = e.number;
  ++out_.entries;
  return {};
}

void verifier::check_end(const covered& over, std::int64_t head, std::int64_t last,
                         std::string_view zh, std::string_view en) {
  const std::int64_t end = over.next == 0 ? head : over.next - 1;
  if (end < std::max(head, last)) {
    fault(errc::rows_uncovered,
          {text_of(end + 1), text_of(std::max(head, last)), std::string(zh), std::string(en)});
  }
}

void verifier::check_ends() {
  if (last_ != state_.entry) {
    fault(errc::cut_off, {text_of(state_.entry), text_of(last_)});
  } else if (before_ != state_.digest) {
    fault(errc::head_differs, {text_of(last_)});
  }
  if (state_.entry_max > state_.entry)
    fault(errc::beyond_head, {text_of(state_.entry), text_of(state_.entry_max)});
  check_end(journal_, state_.position, state_.position_max, "变更日志", "journal rows");
  check_end(inquiries_, state_.inquiry, state_.inquiry_max, "核查记录", "inquiries");
}

result<void> verifier::check_exported() {
  if (!request_.head) return {};
  const signed_head& h = *request_.head;
  LIXIN_TRY(const auto r, c_.exec("SELECT digest FROM audit WHERE entry_number = $1::bigint",
                                  pg::params().add(h.entry)));
  const bool at_start = h.entry == 0 && h.digest == crypto::digest{};
  if (r.empty() && !at_start) {
    fault(errc::exported_missing, {text_of(h.entry), h.exported_at, text_of(state_.entry)});
  } else if (!at_start && digest_from(r.bytes(0, 0)) != h.digest) {
    fault(errc::exported_differs, {text_of(h.entry), h.exported_at});
  }
  if (h.at.value > state_.position)
    fault(errc::exported_journal, {text_of(h.at.value), h.exported_at, text_of(state_.position)});
  return {};
}

result<verify_outcome> verifier::run() {
  LIXIN_TRY(state_, read_state(c_));
  LIXIN_CHECK(start());
  verify_progress now{0, state_.entry - last_};
  while (last_ < state_.entry) {
    LIXIN_TRY(const auto page, read_audit(c_, {.after = last_, .limit = entries_page}));
    if (page.empty()) break;
    for (const audit_entry& e : page) {
      if (e.number > state_.entry) break;
      LIXIN_CHECK(check(e));
    }
    if (page.back().number > state_.entry) break;
    now.entries = out_.entries;
    if (request_.progress) request_.progress(now);
  }
  check_ends();
  LIXIN_CHECK(check_exported());
  out_.last_entry = last_;
  out_.head = before_;
  out_.journal_from = journal_.first;
  out_.inquiries_from = inquiries_.first;
  return std::move(out_);
}

}  // namespace

result<verify_outcome> verify_audit(pg::connection& c, const verify_request& r) {
  LIXIN_ASSERT(r.from >= 1);
  verifier v(c, r);
  return v.run();
}

}  // namespace lixin::journal
