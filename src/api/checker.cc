#include "api/checker.h"

#include <fmt/format.h>

#include <list>
#include <map>
#include <tuple>

#include "api/errc.h"
#include "journal/audit.h"
#include "journal/journal.h"
#include "measure/batch.h"
#include "measure/errc.h"
#include "measure/inquiry.h"
#include "text/json.h"

namespace lixin::api {
namespace {

using measure::answerer;

constexpr std::chrono::milliseconds idle_wait{100};
constexpr std::size_t questions_max = 256;  // kept for one state of the city

}  // namespace

void write_checked(std::string& out, std::string_view answer, std::string_view receipt, position at,
                   std::chrono::system_clock::time_point followed_at) {
  text::json_writer json(out);
  json.begin_object().key("answer").raw(answer).member("receipt", receipt);
  json.key("city")
      .begin_object()
      .member("position", at.value)
      .member("followed_at", journal::to_string(followed_at))
      .end_object()
      .end_object();
}

// What the checker's thread has while one state of the city stands: the questions that were asked
// of it, made once each.
class checker::session {
 public:
  session(checker& of) : of_(of), reader_(of.city_.states()) {}

  void answer(std::vector<waiting> group);
  void rest() {
    questions_.clear();
    from_.reset();
    pin_.reset();
  }

 private:
  using question_key =
      std::tuple<std::string, policy::caller_kind, std::string, std::string, date, date>;
  // With what waits for its answer: of one question all codes are answered and signed at once,
  // since digests cost a third when they are taken sixteen at a time.
  struct known_question {
    measure::question what;
    answerer by;
    measure::asking asking;
    std::vector<waiting*> of;
    std::vector<measure::typed_code> codes;
    std::vector<answerer::one> answers;  // memory for them is used again
    known_question(measure::question q, measure::asking a, measure::data_source& from,
                   const crypto::key_file& keys)
        : what(std::move(q)), by(what, from, keys), asking(std::move(a)) {}
  };

  void pin();
  result<known_question*> question_of(const asked& a, date today);
  std::vector<known_question*> sort_out(std::vector<waiting>& group, date today);
  result<void> commit(const std::map<std::string, std::vector<journal::inquiry>>& by_asker,
                      std::chrono::system_clock::time_point now);

  checker& of_;
  measure::image::reader reader_;
  std::unique_ptr<measure::image::states::pin> pin_;
  std::uint64_t epoch_ = 0;
  std::optional<measure::image_source> from_;
  std::map<question_key, std::unique_ptr<known_question>> questions_;
  std::optional<pg::connection> connection_;
};

// A state that was replaced is let go, and with it what was made from it.
void checker::session::pin() {
  const std::uint64_t epoch = of_.city_.epoch();
  if (pin_ && epoch == epoch_) return;
  rest();
  epoch_ = epoch;
  pin_.reset(new measure::image::states::pin(reader_.get()));
  from_.emplace(**pin_);
}

result<checker::session::known_question*> checker::session::question_of(const asked& a,
                                                                        date today) {
  const date as_of = a.as_of.value_or(today);
  question_key key(a.asker, a.caller.kind, a.caller.authority, a.matter, as_of, today);
  if (const auto found = questions_.find(key); found != questions_.end()) {
    return found->second.get();
  }
  if (as_of > today) {
    return error(measure::errc::as_of_in_future, {to_string(as_of), to_string(today)});
  }
  measure::asking by{a.asker, a.caller, today, of_.now_.now()};
  LIXIN_CHECK(measure::check_asking(by));
  const measure::image_state& state = **pin_;
  LIXIN_TRY(auto q,
            measure::question::now(*state.packs, by, a.matter, as_of, state.at, state.at, *from_));
  auto made = std::make_unique<known_question>(std::move(q), std::move(by), *from_, of_.keys_);
  return questions_.emplace(std::move(key), std::move(made)).first->second.get();
}

// One entry of the audit chain for each who asked, one commit for all.
result<void> checker::session::commit(
    const std::map<std::string, std::vector<journal::inquiry>>& by_asker,
    std::chrono::system_clock::time_point now) {
  if (!connection_ || !connection_->alive()) {
    connection_.reset();
    LIXIN_TRY(connection_, pg::connection::open(of_.options_.conninfo));
  }
  LIXIN_TRY(auto tx, pg::transaction::begin(*connection_));
  for (const auto& [asker, inquiries] : by_asker) {
    LIXIN_CHECK(journal::log_inquiries(*connection_, inquiries,
                                       {journal::action::inquired, asker, ""}, now));
  }
  return tx.commit();
}

// Each with its question; who asks what cannot be asked is told at once.
std::vector<checker::session::known_question*> checker::session::sort_out(
    std::vector<waiting>& group, date today) {
  std::vector<known_question*> out;
  if (questions_.size() >= questions_max) questions_.clear();
  for (waiting& w : group) {
    auto q = question_of(w.what, today);
    if (!q.ok()) {
      w.done(q.error());
      continue;
    }
    known_question& known = **q;
    if (known.of.empty()) out.push_back(&known);
    known.of.push_back(&w);
    known.codes.push_back(measure::read_code(w.what.code));
  }
  return out;
}

void checker::session::answer(std::vector<waiting> group) {
  if (const auto fresh = of_.city_.check_fresh(); !fresh.ok()) {
    for (waiting& w : group) w.done(fresh.error());
    return;
  }
  // In this order: what is pinned is at least as new as what the answers say of it.
  const auto city = of_.city_.now();
  pin();
  const auto now = of_.now_.now();
  const auto asked = sort_out(group, of_.now_.today());
  std::map<std::string, std::vector<journal::inquiry>> by_asker;
  result<void> done;
  for (known_question* q : asked) {
    while (q->answers.size() < q->of.size()) q->answers.push_back(q->by.blank());
    const std::span<answerer::one> all(q->answers.data(), q->of.size());
    if (done.ok()) done = q->by.answer(q->codes, all);
    if (!done.ok()) break;
    q->by.sign(all);
    q->asking.now = now;
    auto& inquiries = by_asker[q->asking.asker];
    for (const answerer::one& x : all) {
      inquiries.push_back(measure::inquiry_of(x.answer, x.subject, q->asking));
    }
  }
  if (done.ok() && !by_asker.empty()) done = commit(by_asker, now);
  http::completion::together leave;
  for (known_question* q : asked) {
    for (std::size_t i = 0; i < q->of.size(); ++i) {
      if (!done.ok()) {
        leave.add(q->of[i]->done, done.error());
        continue;
      }
      const answerer::one& x = q->answers[i];
      std::string body;
      body.reserve(x.bytes.size() + x.receipt.size() + 128);
      write_checked(body, x.bytes, x.receipt, (*pin_)->at, city.followed_at);
      of_.options_.counted(x.answer.outcome);
      leave.add(q->of[i]->done, http::response::json(std::move(body)));
    }
    q->of.clear();
    q->codes.clear();
  }
}

checker::checker(options o, live_city& city, const crypto::key_file& keys, const clock& now)
    : options_(std::move(o)), city_(city), keys_(keys), now_(now) {
  thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
}

checker::~checker() {
  thread_.request_stop();
  thread_.join();
  for (waiting& w : waiting_) w.done(error(errc::stopping));
}

void checker::ask(asked what, http::completion done) {
  const error* refused = nullptr;
  static const error full(errc::too_many_checks, {fmt::format("{}", waiting_max)});
  static const error over(errc::stopping);
  {
    const std::lock_guard lock(mutex_);
    if (stopped_) {
      refused = &over;
    } else if (waiting_.size() >= waiting_max) {
      refused = &full;
    } else {
      waiting_.push_back({std::move(what), std::move(done)});
      if (waiting_.size() == 1) changed_.notify_one();
    }
  }
  if (refused != nullptr) done(*refused);
}

void checker::run(std::stop_token stop) {
  session own(*this);
  while (!stop.stop_requested()) {
    std::vector<waiting> group;
    {
      std::unique_lock lock(mutex_);
      if (!changed_.wait_for(lock, stop, idle_wait, [&] { return !waiting_.empty(); })) {
        lock.unlock();
        own.rest();  // nothing of an old state is held for nobody
        continue;
      }
      if (waiting_.size() <= group_max) {
        group.swap(waiting_);
      } else {
        const auto end = waiting_.begin() + group_max;
        group.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
        waiting_.erase(waiting_.begin(), end);
      }
    }
    own.answer(std::move(group));
  }
  const std::lock_guard lock(mutex_);
  stopped_ = true;
}

}  // namespace lixin::api
