// lixin-check: answers of the city in memory, beside the single check of the database and beside
// the least that any answer takes (a look-up in a hash table and a copy of as many bytes); and how
// fast a follower reads the journal and keeps the image while it is written. Prints one line a
// measure: NAME RATIO UNIT OURS BASELINE; figures without a baseline go to standard error.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>
#include <unordered_map>

#include "archive/import.h"
#include "city/codes.h"
#include "journal/journal.h"
#include "lixin/app.h"
#include "lixin/commands.h"
#include "measure/batch.h"
#include "measure/image.h"
#include "measuring.h"

namespace lixin {
namespace {

using measuring::median;
using measuring::must;
using measuring::seconds;
using measuring::stop;
using steady = std::chrono::steady_clock;

struct settings {
  std::string folder;
  std::int64_t subjects = 100'000;
  std::int64_t records = 200'000;
  std::int64_t listed_each = 20;  // every so many subjects stand on a list
  std::int64_t codes = 200'000;
  int runs = 5;
  bool only_answers = false;
};

template <class F>
double seconds_of(F&& f) {
  const auto start = steady::now();
  f();
  return seconds(steady::now() - start).count();
}
// Processor time of this thread: what one core does, whoever else is at work on the machine.
template <class F>
double core_seconds_of(F&& f) {
  const auto now = [] {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
  };
  const double start = now();
  f();
  return now() - start;
}
std::string code_of(std::int64_t n) {
  return city::credit_code("91", "130900",
                           city::organisation_code("MB9", static_cast<std::uint32_t>(n)));
}

class bench {
 public:
  explicit bench(settings s) : s_(std::move(s)) {}
  void run() {
    std::filesystem::create_directories(s_.folder);
    server_ = must(pg::private_server::ensure(s_.folder));
    make_city();
    build();
    choose_codes();
    answers();
    if (s_.only_answers) return;
    changes();
    lag();
  }

 private:
  global_options options() const {
    return {
        .data_folder = s_.folder, .database = database_, .actor = "bench", .clock = "2026-11-24"};
  }
  void make_city();
  void copy_subjects(pg::connection& c);
  void build();
  void choose_codes();
  void answers();
  double single_checks(std::size_t count);
  double floor();
  void changes();
  void lag();

  settings s_;
  std::string server_, database_;
  std::unique_ptr<measure::image> image_;
  std::vector<std::string> typed_;
  measure::asking by_{"bench",
                      {policy::caller_kind::centre, ""},
                      date(2026, 11, 24),
                      fixed_clock(date(2026, 11, 24)).now()};
  double bytes_mean_ = 0;
};

// ---- the city: one real hand-in, then the same record for many bodies

void bench::copy_subjects(pg::connection& c) {
  constexpr std::int64_t first = 1'000'000;
  const auto at = must(journal::read_head(c));
  std::int64_t done = 0;
  while (done < s_.subjects) {
    must(c.begin());
    pg::copy_buffer subject("subject", "subject_id, kind, registered_at, credit_code, name");
    pg::copy_buffer identifier("identifier", "subject_id, kind, value, position");
    pg::copy_buffer key("identifier_key", "subject_id, kind, value");
    pg::copy_buffer name("subject_name", "subject_id, position, name");
    pg::copy_buffer entry("journal", "position, sealed_at, kind, subject_id");
    const std::int64_t end = std::min(done + 50'000, s_.subjects);
    for (std::int64_t i = done; i < end; ++i) {
      const std::string code = code_of(i);
      const std::string title = fmt::format("沧州测试第{}号商贸有限公司", i);
      const std::int64_t position = at.last.value + 1 + i;
      subject.row(5), subject.int8(first + i), subject.int2(1), subject.int8(position);
      subject.text(code), subject.text(title);
      identifier.row(4), identifier.int8(first + i), identifier.int2(1), identifier.text(code);
      identifier.int8(position);
      key.row(3), key.int8(first + i), key.int2(1), key.text(code);
      name.row(3), name.int8(first + i), name.int8(position), name.text(title);
      entry.row(4), entry.int8(position), entry.timestamp(at.sealed_at), entry.int2(2);
      entry.int8(first + i);
    }
    for (pg::copy_buffer* b : {&subject, &identifier, &key, &name, &entry}) must(b->send(c));
    must(c.exec("UPDATE journal_head SET position = $1::bigint",
                pg::params().add(at.last.value + end)));
    must(c.commit());
    done = end;
  }
}

void bench::make_city() {
  const std::string base = server_.substr(0, server_.find("dbname="));
  {
    auto c = must(pg::connection::open(server_));
    must(c.exec("DROP DATABASE IF EXISTS bench_check"));
    must(c.exec("CREATE DATABASE bench_check"));
  }
  database_ = base + " dbname=bench_check";
  const double spent = seconds_of([&] {
    app a(options());
    must(city_load(a, "cities/cangzhou"));
    must(pack_load(a, {"packs/registration", "packs/double-publicity", "packs/procurement"}));
    const auto context = must(a.context());
    const std::string files = "tests/cli/testdata/files/";
    for (const auto& [dataset, authority, file] :
         {std::tuple{"registration", "scjg", "registration.csv"},
          std::tuple{"court-defaulter", "fayuan", "defaulters.csv"},
          std::tuple{"penalty", "scjg", "penalties.csv"}})
      must(archive::import_file(
          context,
          {.dataset = dataset, .authority = authority, .path = files + file, .actor = "bench"},
          nullptr));
    pg::connection& c = context.connection;
    copy_subjects(c);
    must(c.script("SET statement_timeout = 0"));
    const auto like = [&](const char* dataset, std::int64_t count, std::int64_t each,
                          std::int64_t base_id) {
      const auto p = pg::params().add(count).add(each).add(base_id).add(dataset);
      must(c.exec(
          "INSERT INTO record SELECT 1000000 + g * $2::bigint % $5::bigint, "
          "$3::bigint + g, r.dataset_id, r.authority_id, 1, '沧示〔2026〕' || g || '号' FROM "
          "generate_series(0, $1::bigint - 1) g, (SELECT r.* FROM record r JOIN dataset d "
          "USING (dataset_id) WHERE d.code = $4::text ORDER BY record_id LIMIT 1) r",
          pg::params(p).add(s_.subjects)));
      must(
          c.exec("INSERT INTO record_version SELECT 1000000 + g * $2::bigint % $5::bigint, "
                 "$3::bigint + g, 1, v.position, v.change, v.batch_id, g, v.pack_version_id, "
                 "v.handed_in_on, v.decided_on, v.valid_from, v.valid_to, v.publicity_class, "
                 "v.class_source, v.is_late, v.name_differs, v.content_digest, v.content FROM "
                 "generate_series(0, $1::bigint - 1) g, (SELECT v.* FROM record_version v JOIN "
                 "record r USING (subject_id, record_id) JOIN dataset d USING (dataset_id) WHERE "
                 "d.code = $4::text AND r.record_id < 1000000 ORDER BY record_id, version LIMIT "
                 "1) v",
                 pg::params(p).add(s_.subjects)));
    };
    const std::int64_t listed = s_.subjects / s_.listed_each;
    like("court-defaulter", listed, s_.listed_each, 1'000'000);
    like("penalty", std::max<std::int64_t>(s_.records - listed, 0), 1, 1'000'000 + listed);
    must(c.exec("ANALYZE"));
  });
  fmt::print(stderr, "city: {} subjects, {} records, {} of them on a list, made in {:.1f} s\n",
             s_.subjects, s_.records, s_.subjects / s_.listed_each, spent);
}

// ---- the image

void bench::build() {
  for (const int connections : {1, 2}) {
    const double spent =
        seconds_of([&] { image_ = must(measure::image::build(database_, connections)); });
    fmt::print(stderr, "image: built by {} connection(s) in {:.2f} s\n", connections, spent);
  }
  const auto size = measure::image::size_of(image_->newest());
  fmt::print(stderr,
             "image: {} subjects, {} records, {:.1f} MB, {:.1f} bytes a subject with its records\n",
             size.subjects, size.records, static_cast<double>(size.bytes) / 1e6,
             static_cast<double>(size.bytes) / static_cast<double>(size.subjects));
}

void bench::choose_codes() {
  std::mt19937_64 random(7);
  for (std::int64_t i = 0; i < s_.codes; ++i)
    typed_.push_back(
        code_of(static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(s_.subjects))));
}

double bench::single_checks(std::size_t count) {
  app a(options());
  pg::connection* c = must(a.database());
  catalogue::store* packs = must(a.packs());
  const crypto::key_file* keys = must(a.keys());
  return seconds_of([&] {
           for (std::size_t i = 0; i < count; ++i)
             must(measure::check(*c, *packs, *keys,
                                 {typed_[i], "procurement.bid", by_.today, std::nullopt, by_}));
         }) /
         static_cast<double>(count);
}

// A look-up and a copy of an answer's mean bytes.
double bench::floor() {
  std::unordered_map<std::string, std::string> ready;
  const auto bytes = static_cast<std::size_t>(bytes_mean_);
  for (std::int64_t i = 0; i < s_.subjects; ++i) ready.emplace(code_of(i), std::string(bytes, 'x'));
  std::string out;
  std::size_t total = 0;
  const double spent = core_seconds_of([&] {
    for (const std::string& code : typed_) {
      out = ready.find(code)->second;
      total += static_cast<unsigned char>(out[total % out.size()]);
    }
  });
  if (total == 0) stop("nothing was copied");
  return spent / static_cast<double>(typed_.size());
}

void bench::answers() {
  app a(options());
  const crypto::key_file* keys = must(a.keys());
  const measure::image_state& state = image_->newest();
  measure::image_source from(state);
  const auto q = must(measure::question::now(*state.packs, by_, "procurement.bid", by_.today,
                                             state.at, state.at, from));
  measure::answerer answerer(q, from, *keys);
  constexpr std::size_t group = 1000;
  std::vector<measure::answerer::one> out(group, answerer.blank());
  std::vector<measure::typed_code> codes(group);
  std::vector<double> bare, whole;
  std::size_t bytes = 0;
  std::size_t barred = 0;
  for (int run = 0; run < s_.runs; ++run) {
    double answering = 0;
    double signing = 0;
    bytes = barred = 0;
    for (std::size_t i = 0; i + group <= typed_.size(); i += group) {
      answering += core_seconds_of([&] {
        for (std::size_t k = 0; k < group; ++k) codes[k] = measure::read_code(typed_[i + k]);
        must(answerer.answer(codes, out));
      });
      signing += core_seconds_of([&] { answerer.sign(out); });
      for (const auto& x : out) {
        bytes += x.bytes.size();
        barred += x.answer.outcome == measure::outcome::barred ? 1 : 0;
      }
    }
    const auto count = static_cast<double>(typed_.size() / group * group);
    bare.push_back(answering / count);
    whole.push_back((answering + signing) / count);
    bytes_mean_ = static_cast<double>(bytes) / count;
  }
  fmt::print(stderr, "answers: {:.0f} bytes each in the mean, {} of {} barred\n", bytes_mean_,
             barred, typed_.size());
  const double single = single_checks(std::min<std::size_t>(typed_.size(), 2000));
  const double least = floor();
  const auto line = [&](const char* name, double ours, double baseline) {
    fmt::print("{} {:.3f} answers/s {:.0f} {:.0f}\n", name, baseline / ours, 1 / ours,
               1 / baseline);
  };
  line("check", median(whole), single);
  line("check-without-receipt", median(bare), single);
  line("check-to-floor", median(whole), least);
}

// ---- the journal

void bench::changes() {
  auto c = must(pg::connection::open(database_));
  std::int64_t rows = 0;
  const double ours = seconds_of([&] {
    position after;
    for (;;) {
      const auto entries = must(journal::read_after(c, after, 20'000));
      rows += static_cast<std::int64_t>(entries.size());
      if (entries.size() < 20'000) break;
      after = entries.back().at;
    }
  });
  const double base = seconds_of([&] { must(c.exec("SELECT * FROM journal")); });
  fmt::print("changes {:.3f} rows/s {:.0f} {:.0f}\n", base / ours, static_cast<double>(rows) / ours,
             static_cast<double>(rows) / base);
}

// One writer that never rests, in transactions of 100 changes of subjects chosen by chance.
void bench::lag() {
  std::atomic<bool> enough{false};
  std::atomic<std::int64_t> written{image_->newest().at.value};
  std::thread writer([&] {
    auto c = must(pg::connection::open(database_));
    std::mt19937_64 random(8);
    while (!enough) {
      std::vector<journal::change> all(100);
      for (auto& x : all) {
        x.kind = journal::kind::subject_changed;
        x.subject = subject_id(1'000'000 + static_cast<std::int64_t>(
                                               random() % static_cast<std::uint64_t>(s_.subjects)));
      }
      must(c.begin());
      const auto first = must(
          journal::append(c, all, {journal::action::rows_handed_in, "bench", "bench"}, by_.now));
      must(c.commit());
      written = first.value + 99;
    }
  });
  auto c = must(pg::connection::open(database_));
  std::vector<double> behind;
  const std::int64_t before = image_->newest().at.value;
  const auto start = steady::now();
  while (seconds(steady::now() - start).count() < 10) {
    must(image_->follow(c));
    behind.push_back(static_cast<double>(written - image_->newest().at.value));
  }
  const double spent = seconds(steady::now() - start).count();
  const std::int64_t followed = image_->newest().at.value - before;
  enough = true;
  writer.join();
  const double catching_up = seconds_of([&] { must(image_->follow(c)); });
  fmt::print(stderr,
             "lag: {:.0f} changes/s followed beside a writer; behind by {:.0f} positions in the "
             "median, {:.0f} at most; {:.3f} s to the head when it stopped\n",
             static_cast<double>(followed) / spent, median(behind),
             *std::ranges::max_element(behind), catching_up);
}

}  // namespace
}  // namespace lixin

int main(int argc, char** argv) {
  lixin::settings s;
  CLI::App cli{"Measures checks from memory. Run it in the root of the clone."};
  cli.add_option("--folder", s.folder, "where to work (1 M subjects take about 2 GB)")->required();
  cli.add_option("--subjects", s.subjects)->check(CLI::Range(1'000, 20'000'000));
  cli.add_option("--records", s.records)->check(CLI::Range(0, 100'000'000));
  cli.add_option("--codes", s.codes)->check(CLI::Range(1'000, 10'000'000));
  cli.add_option("--runs", s.runs)->check(CLI::Range(1, 99));
  cli.add_flag("--only-answers", s.only_answers, "for a profile");
  CLI11_PARSE(cli, argc, argv);
  lixin::bench b(s);
  b.run();
  const auto stopped = lixin::pg::private_server::stop(s.folder);
  return stopped.ok() ? 0 : 70;
}
