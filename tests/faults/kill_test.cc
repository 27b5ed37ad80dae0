// Kills the importer, PostgreSQL and both at seeded moments of a long sequence of hand-ins and
// withdrawals; each command is given again until it ends. What the database holds then must be what
// it holds after the same sequence without a single kill.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "support/home.h"
#include "support/killer.h"
#include "support/picture.h"

namespace lixin {
namespace {

namespace fs = std::filesystem;
using testing_support::hand_in_file;
using testing_support::home;
using testing_support::killer;
using testing_support::victim;

constexpr int kills_wanted = 30;
constexpr int kills_of_a_step_max = 3;
constexpr int extra_steps_max = 120;

struct step {
  enum class what { import, withdraw } does = what::import;
  hand_in_file file;
};

std::int64_t newest_batch(const home& h, const std::string& file) {
  pg::connection c = h.connect();
  const auto r = c.exec(
      "SELECT batch_id FROM batch WHERE file_name = $1::text AND state IN (2, 3) ORDER BY batch_id "
      "DESC LIMIT 1",
      pg::params().add(file));
  EXPECT_TRUE(r.ok() && !r->empty()) << file;
  return r.ok() && !r->empty() ? r->int64(0, 0) : 0;
}

std::vector<std::string> words_of(const home& h, const step& s, const std::string& city) {
  if (s.does == step::what::import) {
    return testing_support::import_words(s.file, city + "/" + s.file.file);
  }
  return {"batch", "withdraw", std::to_string(newest_batch(h, s.file.file)), "--reason", "误报"};
}

hand_in_file file_named(const std::vector<hand_in_file>& files, std::string_view part) {
  for (const hand_in_file& f : files) {
    if (f.file.find(part) != std::string::npos) return f;
  }
  ADD_FAILURE() << "no file named like " << part;
  return files.front();
}

// Everything once, then hand-ins taken back and given again: one that others have corrected since,
// a correction, one of several chunks.
std::vector<step> sequence_of(const std::vector<hand_in_file>& files) {
  std::vector<step> out;
  for (const hand_in_file& f : files) out.push_back({step::what::import, f});
  for (const char* part :
       {"-penalties-market.csv", "-court-defaulters-corrections", "-licences-approval.xlsx"}) {
    const hand_in_file f = file_named(files, part);
    out.push_back({step::what::withdraw, f});
    out.push_back({step::what::import, f});
  }
  return out;
}

TEST(kill, nothing_is_lost_and_nothing_doubled) {
  const home killed(home::server::own);
  const home calm(home::server::own);
  city::settings s;
  s.seed = 7;
  s.organisations = 4'000;
  s.records = 60'000;
  const auto files = killed.make_city(s);
  ASSERT_FALSE(files.empty());
  const std::string city = killed / "city";
  killed.load_settings();

  // The first file goes in undisturbed: it says how fast this machine is today.
  killer k(20261124, kills_wanted);
  std::vector<step> done{{step::what::import, files.front()}};
  const auto begun = std::chrono::steady_clock::now();
  k.run(killed, words_of(killed, done.front(), city), 0, 0);
  const double seconds_a_row =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count() /
      static_cast<double>(files.front().rows);

  std::vector<step> ahead = sequence_of(files);
  ahead.erase(ahead.begin());
  const hand_in_file longest =
      *std::ranges::max_element(files, {}, [](const hand_in_file& f) { return f.rows; });
  for (int extra = 0; !ahead.empty() && extra < extra_steps_max;) {
    const step next = ahead.front();
    ahead.erase(ahead.begin());
    const double seconds = static_cast<double>(next.file.rows) * seconds_a_row *
                           (next.does == step::what::withdraw ? 0.3 : 0.9);
    k.run(killed, words_of(killed, next, city), seconds, kills_of_a_step_max);
    if (HasFailure()) return;
    done.push_back(next);
    if (ahead.empty() && k.kills() < kills_wanted) {
      ahead = {{step::what::withdraw, longest}, {step::what::import, longest}};
      extra += 2;
    }
  }
  ASSERT_EQ(k.kills(), kills_wanted);
  for (const victim v : {victim::program, victim::server, victim::both}) {
    EXPECT_GE(k.kills_of(v), kills_wanted / 6);
  }

  // The same keys, so that the digests of sealed rows can be compared.
  fs::create_directory(calm.data());
  fs::copy_file(killed.data() + "/keys", calm.data() + "/keys");
  calm.load_settings();
  killer nobody(0, 0);
  for (const step& d : done) {
    nobody.run(calm, words_of(calm, d, city), 0, 0);
    if (HasFailure()) return;
  }

  pg::connection a = calm.connect();
  pg::connection b = killed.connect();
  EXPECT_EQ(testing_support::broken_promises(b), "");
  const auto expected = testing_support::picture_of(a);
  const std::string changed =
      testing_support::differences(expected, testing_support::picture_of(b));
  EXPECT_TRUE(changed.empty()) << changed;
  EXPECT_GT(expected.at("versions").size(), s.records / 2);
  EXPECT_GT(expected.at("sealed").size(), 100u);
}

// The comparison can fail: one version less is told.
TEST(kill, a_lost_version_is_found) {
  const home h(home::server::shared);
  city::settings s;
  s.organisations = 100;
  s.records = 0;
  const auto files = h.make_city(s);
  h.load_settings();
  const auto given =
      h.run(testing_support::import_words(files.front(), h / ("city/" + files.front().file)));
  ASSERT_TRUE(given.exit_code == 0 || given.exit_code == 3) << given.err;
  pg::connection c = h.connect();
  EXPECT_EQ(testing_support::broken_promises(c), "");
  const auto before = testing_support::picture_of(c);
  EXPECT_EQ(testing_support::differences(before, testing_support::picture_of(c)), "");
  ASSERT_TRUE(c.exec("DELETE FROM record_version WHERE position = (SELECT max(position) FROM "
                     "record_version)")
                  .ok());
  EXPECT_THAT(testing_support::differences(before, testing_support::picture_of(c)),
              testing::HasSubstr("1 missing"));
  EXPECT_THAT(testing_support::broken_promises(c), testing::HasSubstr("each record has a version"));
  ASSERT_TRUE(
      c.exec("DELETE FROM journal WHERE position = (SELECT max(position) FROM journal)").ok());
  EXPECT_THAT(testing_support::broken_promises(c), testing::HasSubstr("positions are dense"));
}

}  // namespace
}  // namespace lixin
