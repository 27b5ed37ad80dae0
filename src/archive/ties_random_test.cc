// Random sequences of hand-ins, ties, moves, events and withdrawals on a few subjects against a
// model in memory, which says for every position that ever was what each caller sees of each
// subject.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "archive/testing.h"
#include "base/test_seed.h"

namespace lixin::archive::testing {
namespace {

using policy::caller_kind;
using policy::event_kind;

constexpr std::array callers{caller_kind::centre, caller_kind::source_authority,
                             caller_kind::subject_itself, caller_kind::everyone};

// ---- the model: subjects by number, contents as "subject/facts"

class model {
 public:
  enum class state : std::uint8_t { standing, withdrawn, gone };
  struct item {  // of one record at one place, from its position to that of the next one there
    std::int64_t at = 0;
    int place = 0, number = 0, to = 0;  // `to`: where it went
    state what = state::standing;
    std::string content;
  };
  struct claim {
    std::string content;
    std::int64_t batch = 0;
    bool counts = true;
  };
  struct event {
    event_kind kind;
    std::int64_t at;
  };
  struct record {
    std::string document;
    std::int64_t id = 0;
    int place = 0, number = 0;
    std::set<int> places;
    std::vector<claim> claims;  // since it last stood at all
    std::vector<item> items;
    std::vector<event> events;

    int last_claim() const {
      for (int i = static_cast<int>(claims.size()) - 1; i >= 0; --i)
        if (claims[static_cast<std::size_t>(i)].counts) return i;
      return -1;
    }
    bool stands() const { return last_claim() >= 0; }
    const item* at_place(int p, std::int64_t position) const {
      const item* out = nullptr;
      for (const item& i : items)
        if (i.place == p && i.at <= position) out = &i;
      return out;
    }
    bool open_dispute(std::int64_t position) const {
      bool open = false;
      for (const event& e : events) {
        if (e.at > position) break;
        if (e.kind == event_kind::dispute) open = true;
        if (e.kind == event_kind::dispute_settled) open = false;
      }
      return open;
    }
    bool repaired(std::int64_t position) const {
      return std::ranges::any_of(
          events, [&](const event& e) { return e.kind == event_kind::repair && e.at <= position; });
    }
  };

  explicit model(std::int64_t head) : head_(head) {}
  std::int64_t head() const { return head_; }
  std::vector<record>& records() { return records_; }

  int main_of(int s, std::int64_t position) const {
    int out = s;
    for (const tie& t : ties_)
      if (t.from == s && t.at <= position) out = t.on ? t.to : s;
    return out;
  }
  bool same(int a, int b, std::int64_t position) const {
    return main_of(a, position) == main_of(b, position);
  }

  // The fate of a row. A record that it makes has no id yet.
  std::string row(int s, const std::string& document, const std::string& content,
                  std::int64_t batch) {
    const auto key = keys_.find(document);
    record* r = key == keys_.end() ? nullptr : &records_[key->second];
    const bool other = r != nullptr && !same(r->place, s, head_);
    if (r != nullptr && r->stands() && other) {
      const bool was_there =
          std::ranges::any_of(r->places, [&](int p) { return p != r->place && same(p, s, head_); });
      const auto& now = r->claims[static_cast<std::size_t>(r->last_claim())].content;
      return was_there && now == content ? "unchanged" : "pending";
    }
    if (r == nullptr || other) {
      keys_[document] = records_.size();
      records_.push_back({.document = document, .place = s, .places = {s}});
      r = &records_.back();
    }
    const int last = r->last_claim();
    if (last < 0) r->claims.clear();
    for (int i = 0; i <= last; ++i) {
      if (r->claims[static_cast<std::size_t>(i)].content == content)
        return i == last || r->claims[static_cast<std::size_t>(last)].content == content
                   ? "unchanged"
                   : "pending";
    }
    r->claims.push_back({content, batch, true});
    r->items.push_back({++head_, r->place, ++r->number, 0, state::standing, content});
    return last < 0 ? "accepted" : "corrected";
  }
  void finish_batch() { ++head_; }

  void withdraw(std::int64_t batch) {
    if (!withdrawn_.insert(batch).second) return;
    std::vector<record*> ordered;
    for (record& r : records_) ordered.push_back(&r);
    std::ranges::sort(ordered, {}, &record::id);
    for (record* r : ordered) {
      const int before = r->last_claim();
      for (claim& c : r->claims) c.counts = c.counts && c.batch != batch;
      const int now = r->last_claim();
      if (before == now) continue;
      r->items.push_back({++head_, r->place, ++r->number, 0,
                          now < 0 ? state::withdrawn : state::standing,
                          now < 0 ? "" : r->claims[static_cast<std::size_t>(now)].content});
    }
    ++head_;
  }

  // "" when done, "already", or the code of the refusal.
  std::string alias(int from, int to) {
    if (from == to) return "registry.link_to_itself";
    const int now = main_of(from, head_);
    if (now == to) return "already";
    if (now != from) return "registry.alias_of_another";
    if (main_of(to, head_) != to) return "registry.alias_of_alias";
    for (int s = 1; s <= subjects; ++s)
      if (s != from && main_of(s, head_) == from) return "registry.alias_has_aliases";
    change_tie(from, to, true);
    return "";
  }
  std::string unalias(int from, int to) {
    if (from == to) return "registry.link_to_itself";
    if (main_of(from, head_) == to) {
      change_tie(from, to, false);
      return "";
    }
    const bool ever =
        std::ranges::any_of(ties_, [&](const tie& t) { return t.from == from && t.to == to; });
    return ever ? "already" : "registry.no_such_alias";
  }
  std::string rebind(record& r, int place, int to) {
    const item* newest = r.at_place(place, head_);
    if (newest->what == state::gone) return newest->to == to ? "already" : "archive.record_moved";
    if (place == to) return "archive.rebind_to_itself";
    if (!r.stands()) return "archive.rebind_withdrawn";
    const std::string content = newest->content;
    r.items.push_back({++head_, to, ++r.number, 0, state::standing, content});
    r.items.push_back({++head_, place, r.number, to, state::gone, content});
    r.place = to;
    r.places.insert(to);
    return "";
  }
  std::string add_event(record& r, event_kind kind) {
    const bool open = r.open_dispute(head_);
    const bool no = !r.stands() || (kind == event_kind::dispute && open) ||
                    (kind == event_kind::dispute_settled && !open) ||
                    (kind == event_kind::repair && r.repaired(head_));
    if (no) return "archive.event_not_possible";
    r.events.push_back({kind, ++head_});
    return "";
  }

  // A line for each record that the caller sees of a subject at a position, as of today.
  strings seen(int s, std::int64_t position, caller_kind who) const {
    strings out;
    for (int place = 1; place <= subjects; ++place) {
      if (!same(s, place, position)) continue;
      const bool parted = !same(s, place, head_);
      for (const record& r : records_) {
        const item* i = r.at_place(place, position);
        if (i == nullptr) continue;
        const item* newest = r.at_place(place, head_);
        // The mark that a record went names another subject: also when it has come back since.
        const bool theirs = !parted && newest->what != state::gone && i->what != state::gone;
        if (who == caller_kind::subject_itself && !theirs) continue;
        if (who == caller_kind::everyone &&
            (!theirs || newest != i || i->what != state::standing || r.repaired(head_)))
          continue;
        out.push_back(
            fmt::format("{} at {} v{} {}", r.document, place, i->number, status(r, *i, position)));
      }
    }
    std::ranges::sort(out);
    return out;
  }

  static constexpr int subjects = 4;

 private:
  struct tie {
    std::int64_t at;
    int from, to;
    bool on;
  };
  void change_tie(int from, int to, bool on) {
    ties_.push_back({head_ + 1, from, to, on});
    head_ += 2;
  }
  static std::string status(const record& r, const item& i, std::int64_t position) {
    if (i.what == state::gone) return "gone";
    if (i.what == state::withdrawn) return "withdrawn";
    if (r.repaired(position)) return i.content + " repaired";
    return i.content + (r.open_dispute(position) ? " disputed" : " in-force");
  }

  std::int64_t head_;
  std::vector<record> records_;
  std::map<std::string, std::size_t> keys_;
  std::vector<tie> ties_;
  std::set<std::int64_t> withdrawn_;
};

// ---- both side by side

class ties_random_test : public archive_fixture, public ::testing::WithParamInterface<unsigned> {
 protected:
  void SetUp() override {
    std::vector<registration> all;
    for (int s = 1; s <= model::subjects; ++s) {
      all.push_back({fmt::format("公司{}", s), credit_code(s)});
    }
    officer.register_all(all);
    for (int s = 1; s <= model::subjects; ++s) {
      ids_.push_back(must(registry::subject_named(officer.db(), credit_code(s))).id);
    }
    model_.emplace(officer.head().value);
  }

  int pick(int count) { return static_cast<int>(engine_() % static_cast<unsigned>(count)); }
  int any_subject() { return 1 + pick(model::subjects); }
  record_name name(const model::record& r, int place) const {
    return {ids_[static_cast<std::size_t>(place) - 1], record_id(r.id)};
  }
  template <class Outcome>
  static std::string said(const result<Outcome>& r) {
    return !r.ok() ? std::string(r.error().code()) : r->already ? "already" : "";
  }

  void step() {
    switch (pick(12)) {
      case 0:
      case 1: {
        const int from = any_subject();
        const int to = any_subject();
        EXPECT_EQ(said(officer.alias(credit_code(from), credit_code(to))), model_->alias(from, to));
        break;
      }
      case 2: {
        const int from = any_subject();
        const int to = any_subject();
        EXPECT_EQ(said(officer.unalias(credit_code(from), credit_code(to))),
                  model_->unalias(from, to));
        break;
      }
      case 3:
      case 4:
      case 5:
        return rebind();
      case 6:
        return add_event();
      case 7:
        return withdraw();
      default:
        return hand_in();
    }
  }

  void hand_in() {
    std::vector<penalty> rows;
    strings expected;
    const std::int64_t batch = ++batches_ + 1;  // the registration was the first
    const auto add = [&](const std::string& document) {
      const int s = any_subject();
      const std::string facts = fmt::format("事实{}", pick(3));
      rows.push_back({.document = document,
                      .code = credit_code(s),
                      .name = fmt::format("公司{}", s),
                      .facts = facts,
                      .decided = "2026-05-10",
                      .level = "一般"});
      expected.push_back(model_->row(s, document, fmt::format("{}/{}", s, facts), batch));
    };
    for (int n = 1 + pick(3); n > 0; --n) add(fmt::format("罚{}", pick(3)));
    add(fmt::format("号{}", batches_));  // each file is another
    model_->finish_batch();
    const batch_id b = officer.penalise(rows);
    ASSERT_EQ(b.value, batch);
    const auto fates = officer.rows(b);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      EXPECT_EQ(code_of(fates[i].what), expected[i]) << rows[i].document;
    }
    learn_ids();
  }

  void learn_ids() {
    for (model::record& r : model_->records()) {
      if (r.id != 0) continue;
      r.id = must(officer.db().exec(
                      "SELECT max(r.record_id) FROM record r JOIN record_version v USING "
                      "(subject_id, record_id) WHERE v.position = $1::bigint",
                      pg::params().add(r.items.front().at)))
                 .int64(0, 0);
    }
  }

  model::record* any_record() {
    auto& all = model_->records();
    return all.empty() ? nullptr
                       : &all[static_cast<std::size_t>(pick(static_cast<int>(all.size())))];
  }

  void rebind() {
    model::record* r = any_record();
    if (r == nullptr) return;
    const int place = pick(4) == 0 ? *r->places.begin() : r->place;
    const int to = any_subject();
    EXPECT_EQ(said(officer.rebind(name(*r, place), credit_code(to))),
              model_->rebind(*r, place, to));
  }

  void add_event() {
    model::record* r = any_record();
    if (r == nullptr) return;
    constexpr std::array kinds{event_kind::dispute, event_kind::dispute_settled,
                               event_kind::repair};
    const event_kind kind = kinds[static_cast<std::size_t>(pick(3))];
    EXPECT_EQ(said(officer.event(name(*r, r->place), kind, fmt::format("文{}", ++documents_),
                                 date(2026, 11, 3))),
              model_->add_event(*r, kind));
  }

  void withdraw() {
    if (batches_ == 0) return;
    const std::int64_t batch = 2 + pick(static_cast<int>(batches_));
    officer.withdraw(batch_id(batch));
    model_->withdraw(batch);
  }

  // What the archive answers, read once for all callers.
  std::vector<record_view> views_of(int s, position at) {
    const auto file = must(registry::find_subject(officer.db(), credit_code(s), at));
    auto out = must(records_of(officer.db(), officer.packs(), file.group().members(), at));
    mark_parted(out, must(registry::group_of(officer.db(), file.asked, officer.head())));
    return out;
  }
  strings stored(const std::vector<record_view>& views, position at, caller_kind who) {
    const auto packs = officer.packs().at(trial_today, officer.head());
    const policy::caller caller{who, who == caller_kind::source_authority ? trial_authority : ""};
    strings out;
    for (const record_view& v : views) {
      if (v.dataset != "penalty" ||
          !policy::may_see_record(facts_now(v), *packs->find_dataset(v.dataset), v.authority,
                                  caller, trial_today))
        continue;
      const auto place = std::ranges::find(ids_, v.subject) - ids_.begin() + 1;
      out.push_back(fmt::format("{} at {} v{} {}", v.document, place, v.version, status(v, at)));
    }
    std::ranges::sort(out);
    return out;
  }
  std::string status(const record_view& v, position at) {
    if (v.went() != nullptr) return "gone";
    if (v.facts.change == policy::record_change::withdrawn) return "withdrawn";
    for (int s = 1; s <= model::subjects; ++s) {
      if (v.value("CF_XDR_SHXYM") == credit_code(s))
        return fmt::format("{}/{} {}", s, v.value("CF_SY"),
                           policy::code_of(policy::status_of(v.facts, trial_today, at)));
    }
    return "no subject";
  }

  void compare(std::int64_t at) {
    for (int s = 1; s <= model::subjects && !HasFailure(); ++s) {
      const auto views = views_of(s, position(at));
      for (const caller_kind who : callers) {
        EXPECT_EQ(stored(views, position(at), who), model_->seen(s, at, who))
            << "subject " << s << " at position " << at << " of " << model_->head() << " as "
            << policy::code_of(who);
      }
    }
  }

  std::mt19937 engine_{GetParam()};
  std::optional<model> model_;
  std::vector<subject_id> ids_;
  std::int64_t batches_ = 0;
  int documents_ = 0;
};

TEST_P(ties_random_test, every_view_is_what_the_model_says) {
  SCOPED_TRACE(fmt::format("seed {}", GetParam()));
  const std::int64_t first = officer.head().value;
  for (int i = 0; i < 40 && !HasFailure(); ++i) {
    step();
    ASSERT_EQ(officer.head().value, model_->head()) << "step " << i;
    if (i % 8 == 0) compare(model_->head());
  }
  for (std::int64_t p = first; p <= model_->head() && !HasFailure(); ++p) compare(p);
}

INSTANTIATE_TEST_SUITE_P(seeds, ties_random_test, ::testing::Values(1u, test_seed()));

}  // namespace
}  // namespace lixin::archive::testing
