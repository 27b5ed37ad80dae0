// The pure parts: evaluation, composition, the faces of an answer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "measure/answer.h"
#include "measure/case_testing.h"
#include "measure/evaluate.h"

namespace lixin::measure {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Measure : public ::testing::Test {
 protected:
  std::shared_ptr<const catalogue::pack> pack_ = testing::trial_pack();
  catalogue::catalogue packs_{{pack_}};

  std::vector<testing::worked_case> cases() const {
    return testing::read_worked_cases(testing::folder() + "check.case", *pack_);
  }
  testing::worked_case named(const std::string& name) const {
    for (auto& c : cases())
      if (c.name == name) return c;
    throw std::runtime_error("no case: " + name);
  }
};

std::string number_in(const std::string& record) { return record.substr(record.find('-') + 1); }

std::string short_form(const std::vector<answered_measure>& measures) {
  std::string out;
  for (const answered_measure& m : measures) {
    out += (out.empty() ? "" : " ") + m.code + "(";
    for (std::size_t i = 0; i < m.entries.size(); ++i)
      out +=
          (i == 0 ? "" : ",") + number_in(m.entries[i].record) + (m.entries[i].disputed ? "!" : "");
    out += ")";
  }
  return out;
}

std::string short_form(const std::vector<idle_entry>& idle) {
  std::string out;
  for (const idle_entry& i : idle)
    out += (out.empty() ? "" : " ") + number_in(i.entry.record) + "=" +
           std::string(policy::code_of(i.reason));
  return out;
}

TEST_F(Measure, WorkedCases) {
  for (const testing::worked_case& c : cases()) {
    const answer a = testing::answer_of(c, packs_);
    EXPECT_EQ(code_of(a.outcome), c.outcome) << c.name;
    EXPECT_EQ(short_form(a.measures), c.measures) << c.name;
    EXPECT_EQ(short_form(a.without_effect), c.idle) << c.name;
  }
}

// Nobody but the centre can tell an entry without effect from no entry at all.
TEST_F(Measure, IdleEntriesLeaveNoTrace) {
  auto with = named("no notice, seen by the centre");
  auto without = with;
  without.records.clear();
  for (const policy::caller_kind k :
       {policy::caller_kind::everyone, policy::caller_kind::subject_itself,
        policy::caller_kind::consent_holder, policy::caller_kind::source_authority,
        policy::caller_kind::sharing_group}) {
    with.caller =
        without.caller = {k, k == policy::caller_kind::sharing_group ? "trial-group" : "au1"};
    const answer one = testing::answer_of(with, packs_);
    const answer other = testing::answer_of(without, packs_);
    EXPECT_EQ(answer_json(one), answer_json(other)) << policy::code_of(k);
    EXPECT_EQ(answer_text(one, language::zh), answer_text(other, language::zh));
  }
}

TEST_F(Measure, FieldsFollowTheSheet) {
  auto c = named("limited is heavier than watch");
  const answer all = testing::answer_of(c, packs_);
  EXPECT_EQ(all.measures[0].entries[0].document, "测字〔2025〕3号");
  EXPECT_EQ(all.measures[1].entries[0].remedy, "六十日内申请复议");
  c.caller = {policy::caller_kind::sharing_group, "trial-group"};
  const answer group = testing::answer_of(c, packs_);
  EXPECT_EQ(group.measures[0].entries[0].document, "测字〔2025〕3号");
  // The remedy field of a warning is for its source only; the list's own words take its place.
  EXPECT_EQ(group.measures[1].entries[0].remedy, "向作出决定的机关提出");
  c.caller = {};
  const answer everyone = testing::answer_of(c, packs_);
  EXPECT_EQ(everyone.measures[0].entries[0].document, "");
  EXPECT_THAT(answer_json(everyone), Not(HasSubstr("测字")));
  EXPECT_THAT(answer_text(everyone, language::zh), Not(HasSubstr("测字")));
}

// What was corrected after the asked position is judged by what may be seen now, and answered as it
// was.
TEST_F(Measure, KnownAtChoosesAmongWhatMayBeSeen) {
  auto c = named("an entry in force bars");
  auto current = c.records;
  composition in;
  in.kind = c.kind;
  in.then = c.records;
  in.current = current;
  in.packs = in.packs_now = &packs_;
  in.matter = packs_.find_matter("trial.bid");
  in.as_of = c.as_of;
  in.asked_on = c.today;
  in.known_at = position(4);
  in.asked_at = position(9);
  answer barred;
  EXPECT_EQ(compose(in, barred), std::vector<record_id>{record_id(1)});
  EXPECT_EQ(barred.outcome, outcome::barred);

  current[0].facts.change = policy::record_change::withdrawn;
  in.current = current;
  answer clear;
  EXPECT_TRUE(compose(in, clear).empty());
  EXPECT_EQ(clear.outcome, outcome::clear);

  // Corrected since: the old version is for those who may see what no longer stands.
  current[0].facts.change = policy::record_change::corrected;
  current[0].version = 2;
  in.current = current;
  in.caller = {policy::caller_kind::consent_holder, ""};
  answer corrected;
  compose(in, corrected);
  EXPECT_EQ(corrected.outcome, outcome::clear);
  in.caller = {policy::caller_kind::subject_itself, ""};
  answer own;
  compose(in, own);
  EXPECT_EQ(own.outcome, outcome::barred);
  EXPECT_EQ(own.measures.at(0).entries.at(0).version, 1);

  in.current = {};
  answer gone;
  compose(in, gone);
  EXPECT_EQ(gone.outcome, outcome::clear);
}

// An event that was not known when it was asked changes nothing of what could be seen then.
TEST_F(Measure, EventsAfterTheAskingDoNotCount) {
  auto c = named("an entry in force bars");
  c.records[0].facts.events.push_back(policy::testing::event_of("repair@10:2025-05-01"));
  EXPECT_EQ(testing::answer_of(c, packs_).outcome, outcome::barred);
  c.known_at = position(10);
  EXPECT_EQ(testing::answer_of(c, packs_).outcome, outcome::clear);
}

TEST_F(Measure, DatasetsOfNoPackAreNotSeen) {
  auto c = named("an entry in force bars");
  c.records[0].dataset = "unknown";
  EXPECT_EQ(testing::answer_of(c, packs_).outcome, outcome::clear);
}

// The sheets that are really used: each of the three lists bars, for as long as its entry stands.
TEST(MeasurePacks, EachProcurementListBars) {
  auto sheets = catalogue::read_sheets(std::string(LIXIN_SOURCE_DIR) + "/packs/procurement");
  ASSERT_TRUE(sheets.ok());
  auto checked = catalogue::check_pack(std::move(sheets).value(), "procurement");
  ASSERT_TRUE(checked.pack.has_value());
  const auto pack = std::make_shared<const catalogue::pack>(std::move(*checked.pack));
  const catalogue::catalogue packs({pack});
  for (const char* dataset : {"procurement-bad-record", "court-defaulter", "tax-violator"}) {
    testing::worked_case c;
    c.matter = "procurement.bid";
    c.today = date(2026, 6, 1);
    c.known_at = position(9);
    c.records.push_back(testing::entry_of(
        "1 " + std::string(dataset) +
            " decided=2025-02-20 notified=2025-02-25 effective=2025-03-01 valid_to=2027-02-28 "
            "remedy",
        *pack));
    for (const auto& [as_of, expected] : {std::pair(date(2025, 2, 28), outcome::clear),
                                          std::pair(date(2025, 3, 1), outcome::barred),
                                          std::pair(date(2026, 6, 1), outcome::barred)}) {
      c.as_of = as_of;
      const answer a = testing::answer_of(c, packs);
      EXPECT_EQ(code_of(a.outcome), code_of(expected)) << dataset << " " << to_string(as_of);
      for (const answered_measure& m : a.measures) {
        EXPECT_FALSE(m.basis.text.empty());
        EXPECT_FALSE(m.body.empty());
        EXPECT_EQ(m.entries.at(0).document, "测字〔2025〕1号");
      }
    }
    c.kind = catalogue::subject_kind::government_body;
    EXPECT_EQ(testing::answer_of(c, packs).outcome, outcome::clear) << dataset;
  }
}

// ---- the faces, whole, as files

std::string file_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void expect_faces(const answer& a, const std::string& name) {
  const std::string base = testing::folder() + "answers/" + name;
  EXPECT_EQ(answer_json(a) + "\n", file_text(base + ".json")) << name;
  EXPECT_EQ(answer_text(a, language::zh), file_text(base + ".zh.txt")) << name;
  EXPECT_EQ(answer_text(a, language::en), file_text(base + ".en.txt")) << name;
}

TEST_F(Measure, FacesOfClear) {
  expect_faces(testing::answer_of(named("no entries at all"), packs_), "clear");
}

TEST_F(Measure, FacesOfBarred) {
  auto c = named("disputed entries stay in force");
  c.records.push_back(
      testing::entry_of("3 defaulter decided=2025-02-20 notified=2025-02-25 "
                        "effective=2025-03-01 remedy",
                        *pack_));
  c.records.push_back(testing::entry_of("4 ban decided=2025-04-01 effective=2025-05-01", *pack_));
  c.records.push_back(testing::entry_of("5 honour decided=2025-01-20", *pack_));
  c.caller = {policy::caller_kind::centre, ""};
  expect_faces(testing::answer_of(c, packs_), "barred");
}

TEST_F(Measure, FacesOfUnknownSubject) {
  answer a = testing::answer_of(named("no entries at all"), packs_);
  a.subject.reset();
  a.outcome = outcome::unknown_subject;
  expect_faces(a, "unknown");
}

TEST_F(Measure, FacesOfInvalidCode) {
  answer a = testing::answer_of(named("no entries at all"), packs_);
  a.subject.reset();
  a.code.clear();
  a.failed = code_layer::check_sign;
  a.outcome = outcome::invalid_code;
  expect_faces(a, "invalid");
}

TEST_F(Measure, FacesOfContentEnded) {
  answer a = testing::answer_of(named("no entries at all"), packs_);
  a.subject.reset();
  a.outcome = outcome::content_ended;
  a.first_digest = "0123abcd";
  a.sealed_at.reset();
  expect_faces(a, "ended");
}

TEST(MeasureWords, EveryLayerHasItsSentence) {
  for (int i = 1; i <= static_cast<int>(code_layer::personal_number); ++i) {
    const auto l = static_cast<code_layer>(i);
    EXPECT_TRUE(reason_of(l).args().empty()) << "nothing that was typed may stand in it";
    EXPECT_FALSE(code_of(l).empty());
  }
  for (int i = 1; i <= static_cast<int>(outcome::content_ended); ++i) {
    const auto o = static_cast<outcome>(i);
    EXPECT_FALSE(code_of(o).empty());
    EXPECT_FALSE(title_zh(o).empty());
    EXPECT_FALSE(title_en(o).empty());
  }
}

}  // namespace
}  // namespace lixin::measure
