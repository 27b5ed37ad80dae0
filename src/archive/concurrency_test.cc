// Several hand-ins at once, each from a connection of its own.
#include <fmt/format.h>

#include <thread>

#include "archive/testing.h"

namespace lixin::archive::testing {
namespace {

class concurrency_test : public archive_fixture {
 protected:
  void SetUp() override {
    std::vector<registration> all;
    for (int i = 0; i < 50; ++i) all.push_back({fmt::format("公司{}", i), credit_code(i)});
    officer.register_all(all);
  }
  static std::vector<penalty> rows(int first, int count, const std::string& facts) {
    std::vector<penalty> out;
    for (int i = first; i < first + count; ++i) {
      out.push_back({.document = fmt::format("罚{}", i),
                     .code = credit_code(i % 50),
                     .name = fmt::format("公司{}", i % 50),
                     .facts = facts});
    }
    return out;
  }
  // All at once; answers the outcomes in the order of the requests.
  std::vector<result<import_outcome>> import_all(const std::vector<import_request>& requests) {
    std::vector<std::unique_ptr<desk>> desks;
    std::vector<std::optional<result<import_outcome>>> outcomes(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) desks.push_back(std::make_unique<desk>(city));
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < requests.size(); ++i) {
      threads.emplace_back([&, i] { outcomes[i] = desks[i]->import(requests[i]); });
    }
    for (std::thread& t : threads) t.join();
    std::vector<result<import_outcome>> out;
    for (auto& o : outcomes) out.push_back(std::move(*o));
    return out;
  }
  import_request request(const std::string& dataset, const std::string& text,
                         const std::string& authority = trial_authority) {
    return {
        .dataset = dataset, .authority = authority, .path = city.write(text), .actor = "officer"};
  }
};

// Two files with half of their documents in common: of each common document one is first and the
// other corrects it, whole chunks at a time.
TEST_F(concurrency_test, two_files_of_one_source) {
  const auto out = import_all({request("penalty", penalties(rows(0, 12'000, "事实一"))),
                               request("penalty", penalties(rows(6'000, 12'000, "事实二")))});
  ASSERT_TRUE(out[0].ok() && out[1].ok());
  const fate_counts& a = out[0]->batch.counts;
  const fate_counts& b = out[1]->batch.counts;
  EXPECT_EQ(a[fate::accepted] + a[fate::corrected], 12'000);
  EXPECT_EQ(b[fate::accepted] + b[fate::corrected], 12'000);
  EXPECT_EQ(a[fate::accepted] + b[fate::accepted], 18'000);
  EXPECT_EQ(a[fate::corrected] + b[fate::corrected], 6'000);
  EXPECT_EQ(officer.number("SELECT count(*) FROM record_key"), 18'000 + 50);
  EXPECT_EQ(officer.number("SELECT count(*) FROM record_version WHERE version = 2"), 6'000);
}

TEST_F(concurrency_test, the_same_file_twice_at_once_is_handed_in_once) {
  const auto r = request("penalty", penalties(rows(0, 11'000, "事实一")));
  const auto out = import_all({r, r, r});
  int done = 0;
  for (const auto& o : out) {
    if (o.ok()) {
      ++done;
      EXPECT_EQ(o->batch.counts[fate::accepted], 11'000);
    } else {
      EXPECT_EQ(o.error().code(), "archive.already_running");
      // Says which file, in both languages.
      EXPECT_NE(o.error().sentence(language::zh).find(r.path), std::string::npos);
      EXPECT_NE(o.error().sentence(language::en).find(r.path), std::string::npos);
    }
  }
  EXPECT_GE(done, 1);
  EXPECT_EQ(officer.number("SELECT count(*) FROM batch"), 2);
}

// A connection that lives on does not keep others from the files it has handed in.
TEST_F(concurrency_test, a_file_is_free_again_when_its_hand_in_ended) {
  const auto good = request("penalty", penalties(rows(0, 1, "事实一")));
  const auto headless = request("penalty", "甲,乙\r\n1,2\r\n");
  must(officer.import(good));
  must(officer.import(headless));
  desk other(city);
  EXPECT_TRUE(must(other.import(good)).already);
  EXPECT_FALSE(must(other.import(headless)).heading_faults.empty());
  EXPECT_EQ(officer.number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"), 0);
}

TEST_F(concurrency_test, all_datasets_at_once) {
  std::vector<registration> more;
  for (int i = 0; i < 3'000; ++i) more.push_back({fmt::format("公司{}", i), credit_code(i)});
  std::vector<registration> others;
  for (int i = 2'000; i < 5'000; ++i) others.push_back({fmt::format("公司{}", i), credit_code(i)});
  std::vector<penalty> with_persons = rows(0, 3'000, "事实一");
  for (int i = 0; i < 300; ++i) {
    with_persons.push_back({.document = fmt::format("人{}", i), .person = resident_number(i)});
  }
  std::vector<procurement_entry> entries;
  for (int i = 0; i < 50; ++i) entries.push_back({fmt::format("采{}", i), credit_code(i)});
  const auto out = import_all({request("registration", registrations(more)),
                               request("registration", registrations(others), "mzj"),
                               request("penalty", penalties(with_persons)),
                               request("penalty", penalties(with_persons), "czj"),
                               request("procurement-bad-record", procurement_entries(entries))});
  for (const auto& o : out) ASSERT_TRUE(o.ok()) << o.error().text(language::en);
  EXPECT_EQ(officer.number("SELECT count(*) FROM subject"), 5'000);
  EXPECT_EQ(out[0]->batch.counts[fate::accepted] + out[1]->batch.counts[fate::accepted],
            6'000 - 50);
  EXPECT_EQ(out[2]->batch.counts[fate::accepted], 3'000);
  EXPECT_EQ(out[2]->batch.counts[fate::sealed], 300);
  EXPECT_EQ(out[3]->batch.counts[fate::sealed], 300);
  EXPECT_EQ(out[4]->batch.counts[fate::accepted], 50);
}

TEST_F(concurrency_test, hand_ins_and_withdrawals_at_once) {
  const batch_id first = officer.penalise(rows(0, 3'000, "事实一"));
  const batch_id second = officer.penalise(rows(0, 3'000, "事实二"));
  desk a(city);
  desk b(city);
  desk c(city);
  std::thread one([&] { a.withdraw(first); });
  std::thread two([&] { b.withdraw(second); });
  std::thread three([&] { c.penalise(rows(0, 3'000, "事实三")); });
  one.join();
  two.join();
  three.join();
  // Whatever the order, the third hand-in is what stands.
  EXPECT_EQ(
      officer.number("SELECT count(*) FROM (SELECT DISTINCT ON (record_id) content ->> 'CF_SY' "
                     "AS facts, change FROM record_version WHERE batch_id > 1 ORDER BY "
                     "record_id, version DESC) x WHERE facts = '事实三' AND change <> 4"),
      3'000);
}

}  // namespace
}  // namespace lixin::archive::testing
