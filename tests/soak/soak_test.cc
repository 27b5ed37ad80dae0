// A long random life of one department's records, with the programs and PostgreSQL killed under it,
// against a model that predicts the archive: nothing lost, nothing doubled, nothing leaked. Short
// here; scripts/soak makes it long (LIXIN_SOAK_KILLS, LIXIN_SOAK_SEED).
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "archive/testing.h"
#include "soak/model.h"
#include "support/home.h"
#include "support/killer.h"
#include "support/picture.h"

namespace lixin::soak {
namespace {

namespace fs = std::filesystem;
namespace rows_of = archive::testing;
using testing_support::ended;
using testing_support::home;
using testing_support::killer;

constexpr int subjects = 40;
constexpr int documents = 3'000;
constexpr int kills_of_a_step_max = 1;
constexpr int one_in_twice = 6;        // of the commands, one in so many is given twice at once
constexpr int one_in_clock_back = 12;  // of the steps
constexpr int clock_back_days_max = 3;
constexpr int retention_months = 63;  // of a penalty without a known class: 3 of publicity, then 60
constexpr std::size_t steps_between_looks = 25;
constexpr std::string_view person_prefix = "13099919800101";  // of all planted numbers

std::uint64_t number_from(const char* variable, std::uint64_t fallback) {
  const char* text = std::getenv(variable);
  if (text == nullptr) return fallback;
  std::uint64_t out = 0;
  const std::string_view digits(text);
  std::from_chars(digits.data(), digits.data() + digits.size(), out);
  return out;
}

std::string code_of(int subject) { return rows_of::credit_code(1000 + subject); }
std::string name_of(int subject) { return fmt::format("示例{:03}公司", subject); }
std::string document_of(int document) { return fmt::format("沧市监罚〔2026〕{}号", document); }

rows_of::penalty line_of(const row& r) {
  rows_of::penalty p{.document = document_of(r.document),
                     .code = code_of(r.subject),
                     .name = name_of(r.subject),
                     .facts = fmt::format("事实{}", r.content)};
  if (const auto end = retention_ends(r.document)) {
    p.decided = to_string(add_months(*end, -retention_months));
  }
  switch (r.what) {
    case row::kind::organisation:
      break;
    case row::kind::person:
      p = {.document = fmt::format("沧市监简罚〔2026〕{}号", r.document),
           .code = "",
           .name = "示例人",
           .decided = p.decided,
           .person = rows_of::resident_number(r.document)};
      break;
    case row::kind::unknown_subject:
      p.code = code_of(subjects + 1 + r.subject);
      break;
    case row::kind::broken:
      p.decided = "2026-13-01";
      break;
  }
  return p;
}

class life {
 public:
  life(std::uint64_t seed, int kills)
      : chance_(seed),
        home_(home::server::own),
        killer_(static_cast<unsigned>(seed), kills),
        model_(subjects),
        kills_(kills) {}

  void run();

 private:
  int below(int n) { return std::uniform_int_distribution(0, n - 1)(chance_); }
  void begin();
  void step();
  void import();
  void withdraw();
  void happen();
  void rebind();
  void purge();
  date clock_of_step();
  void follow(bool may_be_killed);
  void look();
  void search_for_leaks() const;
  ended give(const std::vector<std::string>& words, double seconds,
             const std::vector<int>& fine = {0, 3});
  std::string record_name(int document);
  std::vector<std::string> stored_lines();

  std::mt19937_64 chance_;
  home home_;
  killer killer_;
  model model_;
  int kills_;
  date day_ = testing_support::today;  // of the step
  int files_ = 0, events_ = 0, followers_killed_ = 0, twice_ = 0, clock_back_ = 0;
  std::vector<std::string> followed_;  // every line that a follower read to its end
  std::string planted_seen_;           // the first output in which a planted number stood
};

ended life::give(const std::vector<std::string>& words, double seconds,
                 const std::vector<int>& fine) {
  // Two of everything at once: the other one is never killed, and may be told that it is too late.
  std::unique_ptr<testing_support::child> other;
  if (below(one_in_twice) == 0) {
    other = home_.start(words);
    ++twice_;
  }
  ended e = killer_.run(home_, words, seconds, kills_of_a_step_max, fine);
  if (other != nullptr) {
    const ended o = other->wait();
    constexpr std::array too_late_or_not_now{5, 69};
    EXPECT_TRUE(std::ranges::find(fine, o.exit_code) != fine.end() ||
                std::ranges::find(too_late_or_not_now, o.exit_code) != too_late_or_not_now.end())
        << fmt::format("the other one: exit {} signal {} of: {}\n{}", o.exit_code, o.signal,
                       fmt::join(words, " "), o.err);
    e.err += o.all();
  }
  if (e.all().find(person_prefix) != std::string::npos && planted_seen_.empty()) {
    planted_seen_ = fmt::format("{}", fmt::join(words, " "));
  }
  return e;
}

void life::begin() {
  home_.load_settings();
  std::vector<rows_of::registration> all;
  for (int i = 0; i < subjects; ++i) all.push_back({name_of(i), code_of(i)});
  const std::string path = home_ / "registrations.csv";
  testing_support::write_bytes(path, rows_of::registrations(all));
  give({"batch", "import", "--dataset", "registration", "--authority", "scjg", path, "--as",
        "scjg-officer"},
       0);
}

void life::import() {
  // Most files are small; some take several chunks, so that a stop leaves them half way.
  const int size = below(12) == 0 ? 12'000 + below(12'000) : 1 + below(400);
  std::vector<row> rows;
  std::vector<rows_of::penalty> lines;
  for (int i = 0; i < size; ++i) {
    row r{.document = below(documents), .subject = 0, .content = below(4)};
    r.subject = below(20) == 0 ? below(subjects) : r.document % subjects;
    switch (below(40)) {
      case 0:
        r.what = row::kind::person;
        r.document %= 900;
        break;
      case 1:
        r.what = row::kind::unknown_subject;
        break;
      case 2:
        r.what = row::kind::broken;
        break;
      default:
        break;
    }
    lines.push_back(line_of(r));
    rows.push_back(r);
  }
  const std::string path = home_ / fmt::format("hand-in-{}.csv", ++files_);
  testing_support::write_bytes(path, rows_of::penalties(lines));
  give({"batch", "import", "--dataset", "penalty", "--authority", "scjg", path, "--as",
        "scjg-officer"},
       0.05 + size / 20'000.0);
  model_.import(rows);
  fs::remove(path);
}

void life::withdraw() {
  if (model_.batches() == 0) return;
  const int batch = model_.batches() - 1 - below(std::min(model_.batches(), 12));
  pg::connection c = home_.connect();
  const auto r = c.exec(
      "SELECT batch_id FROM batch JOIN dataset USING (dataset_id) WHERE code = 'penalty' ORDER BY "
      "batch_id OFFSET $1::integer LIMIT 1",
      pg::params().add(batch));
  ASSERT_TRUE(r.ok() && !r->empty());
  give({"batch", "withdraw", std::to_string(r->int64(0, 0)), "--reason", "误报"}, 0.3);
  model_.withdraw(batch);
}

std::string life::record_name(int document) {
  pg::connection c = home_.connect();
  const auto r = c.exec(
      "SELECT k.subject_id || '-' || k.record_id FROM record_key k JOIN record USING (subject_id, "
      "record_id) WHERE document = $1::text",
      pg::params().add(document_of(document)));
  EXPECT_TRUE(r.ok() && r->size() == 1) << document;
  return r.ok() && !r->empty() ? std::string(r->text(0, 0)) : "0-0";
}

void life::happen() {
  const int document = model_.standing_document(static_cast<std::size_t>(below(1'000'000)));
  if (document < 0) return;
  constexpr std::array verbs{"dispute", "settle", "repair"};
  const int which = below(3);
  const bool fits = model_.happen(document, static_cast<event>(which));
  give({"record", verbs[static_cast<std::size_t>(which)], record_name(document), "--document",
        fmt::format("异议{}号", ++events_), "--authority", "scjg", "--reason", "示例理由"},
       0.1, {fits ? 0 : 5});
}

void life::rebind() {
  const int document = model_.standing_document(static_cast<std::size_t>(below(1'000'000)));
  if (document < 0) return;
  const int to = below(subjects);
  const std::string record = record_name(document);
  const bool fits = model_.rebind(document, to);
  give({"record", "rebind", record, "--to", code_of(to), "--document",
        fmt::format("更正{}号", ++events_), "--authority", "scjg", "--reason", "主体有误"},
       0.1, fits ? std::vector{0} : std::vector{2, 5});
}

void life::purge() {
  give({"purge", "--due"}, 0.2, {0});
  model_.purge(day_);
}

// The clock goes on with the kills, so that retention ends all along the test, and is set back now
// and then.
date life::clock_of_step() {
  const int days = last_end - testing_support::today + 2;
  const int done = std::min(killer_.kills() + followers_killed_, kills_);
  const date regular = testing_support::today + days * done / kills_;
  if (below(one_in_clock_back) != 0) return regular;
  ++clock_back_;
  return regular - (1 + below(clock_back_days_max));
}

// A follower reads on from the last whole line that it has.
void life::follow(bool may_be_killed) {
  const auto words = [&] {
    return std::vector<std::string>{"changes", "--after", std::to_string(followed_.size()),
                                    "--limit", "5000"};
  };
  const auto program = home_.start(words());
  bool killed = false;
  if (may_be_killed && below(2) == 0 &&
      !program->ends_within(std::chrono::milliseconds(below(80)))) {
    program->kill(SIGKILL);
    killed = true;
    ++followers_killed_;
  }
  const ended e = program->wait();
  ASSERT_TRUE(killed || e.exit_code == 0) << e.err;
  std::size_t at = 0;
  for (auto end = e.out.find('\n'); end != std::string::npos; end = e.out.find('\n', at)) {
    followed_.push_back(e.out.substr(at, end - at));
    at = end + 1;
  }
}

std::vector<std::string> life::stored_lines() {
  pg::connection c = home_.connect();
  const auto r = c.exec(R"(
    WITH b AS (SELECT batch_id, row_number() OVER (ORDER BY batch_id) - 1 AS nth, state,
        concat_ws(' ', accepted, unchanged, corrected, pending, sealed, refused) AS fates
      FROM batch JOIN dataset USING (dataset_id) WHERE code = 'penalty'),
    r AS (SELECT subject_id, record_id, substring(document FROM '〕(\d+)号') AS document,
        dense_rank() OVER (PARTITION BY document ORDER BY record_id) AS nth
      FROM record JOIN dataset USING (dataset_id) WHERE code = 'penalty' AND document <> '')
    SELECT concat_ws(' ', 'v', r.document, r.nth, substring(s.name FROM '\d+')::int, v.version,
        v.change, b.nth, substring(v.content->>'CF_SY' FROM '\d+'))
      FROM record_version v JOIN r USING (subject_id, record_id) JOIN b USING (batch_id)
      JOIN subject s USING (subject_id)
    UNION ALL SELECT concat_ws(' ', 'e', r.document, r.nth, e.kind, e.event_number)
      FROM record_event e JOIN r USING (subject_id, record_id) JOIN record_key USING (subject_id,
        record_id)
    UNION ALL SELECT concat_ws(' ', 'p', substring(name FROM '\d+')::int, count(*))
      FROM purged_record JOIN subject USING (subject_id) GROUP BY name
    UNION ALL SELECT concat_ws(' ', 'b', nth, CASE state WHEN 2 THEN 'done' WHEN 4 THEN
        'withdrawn' ELSE 'state ' || state END, fates) FROM b)");
  EXPECT_TRUE(r.ok()) << (r.ok() ? "" : r.error().text(language::en));
  std::vector<std::string> out;
  for (int i = 0; r.ok() && i < r->size(); ++i) out.emplace_back(r->text(i, 0));
  std::ranges::sort(out);
  return out;
}

void life::look() {
  const testing_support::picture expected{{"archive", model_.lines()}};
  const testing_support::picture found{{"archive", stored_lines()}};
  const std::string differ = testing_support::differences(expected, found);
  ASSERT_TRUE(differ.empty()) << differ;
  pg::connection c = home_.connect();
  ASSERT_EQ(testing_support::broken_promises(c), "");
  ASSERT_EQ(planted_seen_, "");
}

void life::search_for_leaks() const {
  for (const auto& entry : fs::recursive_directory_iterator(home_.data())) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    EXPECT_EQ(bytes.find(person_prefix), std::string::npos) << entry.path();
  }
}

void life::step() {
  day_ = clock_of_step();
  home_.set_clock(day_);
  const int dice = below(24);
  if (dice < 11) {
    import();
  } else if (dice < 14) {
    withdraw();
  } else if (dice < 16) {
    happen();
  } else if (dice < 18) {
    rebind();
  } else if (dice < 20) {
    purge();
  } else if (dice < 21) {
    give({"vault", "rotate"}, 0.2, {0});
  } else if (dice < 22) {
    give({"tick"}, 0.1, {0});
  } else {
    follow(true);
  }
}

void life::run() {
  begin();
  std::size_t steps = 0;
  for (; killer_.kills() + followers_killed_ < kills_; ++steps) {
    step();
    if (steps % steps_between_looks == 0) look();
    if (testing::Test::HasFailure()) break;
  }
  look();
  for (std::size_t before = 0; before == 0 || followed_.size() > before;) {
    before = followed_.size();
    follow(false);
  }
  pg::connection c = home_.connect();
  const auto head = archive::testing::must(journal::read_head(c));
  EXPECT_EQ(static_cast<std::int64_t>(followed_.size()), head.last.value);
  for (std::size_t i = 0; i < followed_.size(); ++i) {
    ASSERT_THAT(followed_[i], testing::StartsWith(fmt::format("{{\"position\":{},", i + 1)));
  }
  const ended audit = home_.run({"audit", "verify"});
  EXPECT_EQ(audit.exit_code, 0) << audit.all();
  search_for_leaks();
  fmt::print(
      "{} steps, {} hand-ins, {} events, {} records purged, {} commands twice at once, the clock "
      "set back {} times; killed: {} programs, {} servers, {} both, {} followers\n",
      steps, model_.batches(), events_, model_.purged(), twice_, clock_back_,
      killer_.kills_of(testing_support::victim::program),
      killer_.kills_of(testing_support::victim::server),
      killer_.kills_of(testing_support::victim::both), followers_killed_);
}

TEST(soak, the_archive_is_what_the_model_predicts) {
  const std::uint64_t seed = number_from("LIXIN_SOAK_SEED", 1);
  const auto kills = static_cast<int>(number_from("LIXIN_SOAK_KILLS", 20));
  fmt::print("seed {}, {} kills\n", seed, kills);
  life(seed, kills).run();
}

}  // namespace
}  // namespace lixin::soak
