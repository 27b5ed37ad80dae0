// The whole sample city against its truth: no fault missed, none invented; and handed in again it
// changes nothing. One import serves all tests, which run in the order of this file.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "archive/import.h"
#include "city/city.h"
#include "city/truth.h"
#include "journal/journal.h"
#include "lixin/app.h"
#include "support/home.h"
#include "support/picture.h"

namespace lixin {
namespace {

using archive::fate;
using archive::row_fate;
using testing_support::hand_in_file;

constexpr int page = 10'000;

// A hand-in and what became of it.
struct handed_in {
  hand_in_file file;
  archive::import_outcome outcome;
  std::vector<row_fate> rows;  // without cells
};

std::string joined(std::vector<std::string> words) {
  std::ranges::sort(words);
  std::string out;
  for (const std::string& w : words) out += (out.empty() ? "" : "|") + w;
  return out;
}

std::vector<std::string> codes_of(const row_fate& r) {
  std::vector<std::string> out;
  for (const auto& reason : r.reasons) out.push_back(reason.code);
  return out;
}

std::vector<std::string> flags_of(const row_fate& r) {
  std::vector<std::string> out;
  if (r.what != fate::accepted && r.what != fate::unchanged && r.what != fate::corrected)
    return out;
  if (r.late) out.emplace_back("late");
  if (r.name_differs) out.emplace_back("name_differs");
  return out;
}

class city_truth : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    home_ = new testing_support::home(testing_support::home::server::shared);
    home_->load_settings();
    city::settings s;
    s.seed = 1;
    s.organisations = 20'000;
    s.records = 200'000;
    files_ = new std::vector<hand_in_file>(home_->make_city(s));
    app_ = new app({.data_folder = home_->data(),
                    .database = home_->conninfo(),
                    .actor = "officer",
                    .clock = to_string(testing_support::today)});
    first_ = new std::vector<handed_in>();
  }
  static void TearDownTestSuite() {
    delete first_;
    delete app_;
    delete files_;
    delete home_;
  }

  static std::vector<handed_in> hand_in_all(bool again) {
    std::vector<handed_in> out;
    auto context = app_->context();
    EXPECT_TRUE(context.ok()) << context.error().text(language::en);
    for (const hand_in_file& f : *files_) {
      handed_in h{f, {}, {}};
      auto done = archive::import_file(*context,
                                       {.dataset = f.dataset,
                                        .authority = f.authority,
                                        .path = *home_ / ("city/" + f.file),
                                        .actor = f.authority + "-officer",
                                        .options = {},
                                        .again = again},
                                       {});
      EXPECT_TRUE(done.ok()) << f.file << ": " << done.error().text(language::en);
      if (!done.ok()) return out;
      EXPECT_TRUE(done->heading_faults.empty()) << f.file;
      h.outcome = std::move(done).value();
      if (!h.outcome.already) h.rows = rows_of(context->connection, h.outcome.batch.id);
      out.push_back(std::move(h));
    }
    return out;
  }

  static std::vector<row_fate> rows_of(pg::connection& c, batch_id id) {
    std::vector<row_fate> out;
    archive::row_filter filter{.limit = page};
    while (true) {
      auto rows = archive::rows_of(c, id, filter);
      EXPECT_TRUE(rows.ok()) << rows.error().text(language::en);
      if (!rows.ok()) return out;
      const bool last = rows->size() < page;
      for (row_fate& r : *rows) {
        filter.after = r.row_number;
        r.cells.clear();
        out.push_back(std::move(r));
      }
      if (last) return out;
    }
  }

  static std::int64_t head() {
    auto context = app_->context();
    EXPECT_TRUE(context.ok());
    const auto h = journal::read_head(context->connection);
    EXPECT_TRUE(h.ok());
    return h->last.value;
  }
  static testing_support::picture picture() {
    pg::connection c = home_->connect();
    return testing_support::picture_of(c);
  }

  static testing_support::home* home_;
  static std::vector<hand_in_file>* files_;
  static app* app_;
  static std::vector<handed_in>* first_;
};
testing_support::home* city_truth::home_;
std::vector<hand_in_file>* city_truth::files_;
app* city_truth::app_;
std::vector<handed_in>* city_truth::first_;

// "file, row, fate, reasons, flags" of every row.
std::string lines_of(const std::vector<handed_in>& all) {
  std::string out;
  for (const handed_in& h : all) {
    for (const row_fate& r : h.rows) {
      out += h.file.file + "\t" + std::to_string(r.row_number) + "\t" +
             std::string(archive::code_of(r.what)) + "\t" + joined(codes_of(r)) + "\t" +
             joined(flags_of(r)) + "\n";
    }
  }
  return out;
}

std::string differences(const city::comparison& c) {
  std::string out;
  for (const auto& [kind, count] : c.differences_of) {
    out += kind + ": " + std::to_string(count) + "\n";
  }
  for (const city::difference& d : c.first) {
    out += "  " + d.file + " row " + std::to_string(d.row) + " (" + d.kind + "): expected " +
           d.expected.fate + " [" + d.expected.reasons + "] [" + d.expected.flags + "], found " +
           d.found.fate + " [" + d.found.reasons + "] [" + d.found.flags + "]\n";
  }
  return out;
}

TEST_F(city_truth, every_row_as_expected) {
  *first_ = hand_in_all(false);
  ASSERT_EQ(first_->size(), files_->size());
  std::ifstream truth(*home_ / "city/truth.tsv", std::ios::binary);
  ASSERT_TRUE(truth.good());
  std::istringstream found(lines_of(*first_));
  const auto compared = city::compare(truth, found);
  ASSERT_TRUE(compared.ok()) << compared.error().text(language::en);
  EXPECT_TRUE(compared->equal()) << differences(*compared);
  EXPECT_GT(compared->compared, 200'000u);
}

// The comparison can fail: one row told wrong, one left out.
TEST_F(city_truth, a_wrong_row_is_found) {
  ASSERT_FALSE(first_->empty());
  std::vector<handed_in> wrong = *first_;
  wrong.front().rows.front().what = fate::refused;
  wrong.front().rows.pop_back();
  std::ifstream truth(*home_ / "city/truth.tsv", std::ios::binary);
  std::istringstream found(lines_of(wrong));
  const auto compared = city::compare(truth, found);
  ASSERT_TRUE(compared.ok());
  std::ifstream same_truth(*home_ / "city/truth.tsv", std::ios::binary);
  std::istringstream right(lines_of(*first_));
  const auto before = city::compare(same_truth, right);
  ASSERT_TRUE(before.ok());
  const auto count = [](const city::comparison& c, const char* kind) {
    const auto at = c.differences_of.find(kind);
    return at == c.differences_of.end() ? 0 : at->second;
  };
  EXPECT_EQ(count(*compared, "fate"), count(*before, "fate") + 1);
  EXPECT_EQ(count(*compared, "missing"), count(*before, "missing") + 1);
}

TEST_F(city_truth, the_rows_of_a_batch_add_up) {
  for (const handed_in& h : *first_) {
    archive::fate_counts counted;
    for (const row_fate& r : h.rows) ++counted[r.what];
    EXPECT_EQ(counted.of, h.outcome.batch.counts.of) << h.file.file;
    EXPECT_EQ(h.outcome.batch.state, archive::batch_state::done) << h.file.file;
  }
  pg::connection c = home_->connect();
  EXPECT_EQ(testing_support::broken_promises(c), "");
}

TEST_F(city_truth, the_same_files_again_change_nothing) {
  const auto before = picture();
  const std::int64_t head_before = head();
  for (const handed_in& h : hand_in_all(false)) {
    EXPECT_TRUE(h.outcome.already) << h.file.file;
    const auto same =
        std::ranges::find(*first_, h.file.file, [](const handed_in& x) { return x.file.file; });
    ASSERT_NE(same, first_->end());
    EXPECT_EQ(h.outcome.batch.id, same->outcome.batch.id) << h.file.file;
  }
  EXPECT_EQ(head(), head_before);
  EXPECT_EQ(testing_support::differences(before, picture()), "");
}

// What a row must become when its file is read again after all others: the same where it never went
// in; unchanged where its version stands; and where a later row corrected it, an old state that
// nobody may bring back by accident.
struct expected_again {
  fate what;
  std::string reasons;
};
class second_reading {
 public:
  explicit second_reading(const std::vector<handed_in>& all) {
    for (const handed_in& h : all) {
      for (const row_fate& r : h.rows) {
        if (!r.record.empty()) last_[r.record] = std::max(last_[r.record], r.version);
      }
    }
  }
  expected_again of(const row_fate& r) const {
    if (r.what == fate::refused || r.what == fate::pending) return {r.what, joined(codes_of(r))};
    if (r.what == fate::sealed) return {fate::unchanged, ""};
    if (r.record.empty() || r.version == last_.at(r.record)) return {fate::unchanged, ""};
    return {fate::pending, "archive.would_revert"};
  }

 private:
  std::map<std::string, std::int32_t> last_;
};

TEST_F(city_truth, read_again_on_purpose_nothing_is_doubled) {
  const auto before = picture();
  const std::int64_t head_before = head();
  const auto again = hand_in_all(true);
  ASSERT_EQ(again.size(), first_->size());
  const second_reading expected(*first_);
  int shown = 0;
  for (std::size_t i = 0; i < again.size(); ++i) {
    ASSERT_FALSE(again[i].outcome.already);
    ASSERT_EQ(again[i].rows.size(), first_->at(i).rows.size());
    for (std::size_t k = 0; k < again[i].rows.size() && shown < 20; ++k) {
      const row_fate& r = again[i].rows[k];
      const expected_again e = expected.of(first_->at(i).rows[k]);
      if (r.what == e.what && joined(codes_of(r)) == e.reasons) continue;
      ++shown;
      ADD_FAILURE() << again[i].file.file << " row " << r.row_number << ": expected "
                    << archive::code_of(e.what) << " [" << e.reasons << "], found "
                    << archive::code_of(r.what) << " [" << joined(codes_of(r)) << "], first "
                    << archive::code_of(first_->at(i).rows[k].what);
    }
  }
  // Only the ends of the batches are new in the journal.
  auto context = app_->context();
  ASSERT_TRUE(context.ok());
  const auto entries = journal::read_after(context->connection, position(head_before), 10'000);
  ASSERT_TRUE(entries.ok());
  EXPECT_EQ(entries->size(), files_->size());
  for (const auto& e : *entries) EXPECT_EQ(e.what.kind, journal::kind::batch_finished);
  auto after = picture();
  for (const char* part : {"subjects", "names", "identifiers", "records", "versions", "sealed"}) {
    EXPECT_TRUE(before.at(part) == after.at(part)) << part;
  }
}

}  // namespace
}  // namespace lixin
