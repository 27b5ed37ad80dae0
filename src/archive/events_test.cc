// What happens to a record after it was handed in.
#include <fmt/format.h>

#include <thread>

#include "archive/testing.h"

namespace lixin::archive::testing {
namespace {

using policy::event_kind;
using policy::record_status;

class events_test : public archive_fixture {
 protected:
  void SetUp() override {
    officer.register_all({{"甲公司", credit_code(1)}});
    const batch_id b = officer.penalise({{.document = "罚1",
                                          .code = credit_code(1),
                                          .name = "甲公司",
                                          .decided = "2026-06-01",
                                          .level = "一般"}});
    record = officer.record_of(b, 2);
  }
  record_name record;
};

TEST_F(events_test, a_dispute_and_its_end) {
  const auto disputed =
      must(officer.event(record, event_kind::dispute, "异1号", date(2026, 11, 20)));
  EXPECT_EQ(disputed.before, record_status::in_force);
  EXPECT_EQ(disputed.after, record_status::disputed);
  EXPECT_EQ(disputed.at, officer.head());
  EXPECT_FALSE(disputed.already);
  const auto second = officer.event(record, event_kind::dispute, "异2号", date(2026, 11, 21));
  EXPECT_EQ(refused_as(second), "archive.event_not_possible");
  EXPECT_EQ(second.error().kind(), failure::refused);
  const auto settled =
      must(officer.event(record, event_kind::dispute_settled, "结1号", date(2026, 11, 22)));
  EXPECT_EQ(settled.before, record_status::disputed);
  EXPECT_EQ(settled.after, record_status::in_force);
  EXPECT_EQ(
      refused_as(officer.event(record, event_kind::dispute_settled, "结2号", date(2026, 11, 23))),
      "archive.event_not_possible");
  EXPECT_TRUE(officer.event(record, event_kind::dispute, "异2号", date(2026, 11, 23)).ok());

  const auto v = officer.view(record);
  ASSERT_EQ(v.facts.events.size(), 3U);
  const policy::record_event& e = v.facts.events[1];
  EXPECT_EQ(e.kind, event_kind::dispute_settled);
  EXPECT_EQ(e.happened_on, date(2026, 11, 22));
  EXPECT_EQ(e.document, "结1号");
  EXPECT_EQ(e.authority, trial_authority);
  EXPECT_EQ(e.actor, "officer");
  EXPECT_EQ(e.reason, "示例理由");
  EXPECT_EQ(v.version, 1);  // an event is no version
}

TEST_F(events_test, the_same_event_twice_is_one) {
  const auto first = must(officer.event(record, event_kind::dispute, "异1号", date(2026, 11, 20)));
  const position head = officer.head();
  const auto second = must(officer.event(record, event_kind::dispute, "异1号", date(2026, 11, 20)));
  EXPECT_TRUE(second.already);
  EXPECT_EQ(second.at, first.at);
  EXPECT_EQ(second.before, record_status::disputed);
  EXPECT_EQ(second.after, record_status::disputed);
  EXPECT_EQ(officer.head(), head);
}

TEST_F(events_test, no_repair_before_the_minimum_term) {
  // Three months from 2026-06-01: the last day is 09-01.
  const auto early = officer.event(record, event_kind::repair, "修1号", date(2026, 9, 1));
  EXPECT_EQ(refused_as(early), "archive.repair_too_early");
  EXPECT_NE(early.error().sentence(language::zh).find("2026-09-02"), std::string::npos);
  EXPECT_NE(early.error().sentence(language::en).find("2026-09-02"), std::string::npos);
  const auto repaired = must(officer.event(record, event_kind::repair, "修1号", date(2026, 9, 2)));
  EXPECT_EQ(repaired.after, record_status::repaired);
  EXPECT_EQ(refused_as(officer.event(record, event_kind::repair, "修2号", date(2026, 9, 3))),
            "archive.event_not_possible");
  // Followers learn that its publicity is over.
  EXPECT_EQ(officer.text("SELECT public_until::text FROM journal ORDER BY position DESC LIMIT 1"),
            "2026-09-01");
}

TEST_F(events_test, only_adverse_records_are_repaired) {
  const batch_id b = officer.register_all({{"乙公司", credit_code(2)}});
  EXPECT_EQ(refused_as(officer.event(officer.record_of(b, 2), event_kind::repair, "修1号",
                                     date(2026, 11, 24))),
            "archive.event_not_possible");
}

// Two years from its effect where the entry names no end (the list's own term).
TEST_F(events_test, an_entry_without_an_end_has_that_of_its_list) {
  const std::string court = credit_code(99'002, "11");
  const batch_id b =
      officer
          .hand_in("court-defaulter",
                   csv({{"被执行人名称", "主体类别", "统一社会信用代码", "案号", "决定日期",
                         "失信行为具体情形", "列入依据", "告知日期", "生效日期", "救济途径",
                         "执行法院", "执行法院统一社会信用代码"},
                        {"甲公司", "法人及非法人组织", credit_code(1), "（2024）执1号",
                         "2024-11-01", "有履行能力而不履行", "示例依据", "2024-11-01", "2024-11-01",
                         "见决定书", "示例法院", court}}))
          .batch.id;
  const record_name entry = officer.record_of(b, 2);
  const auto last = [&] {
    return officer.text(
        "SELECT effective_until::text FROM journal WHERE subject_id IS NOT NULL ORDER BY position "
        "DESC LIMIT 1");
  };
  EXPECT_EQ(last(), "2026-11-01");
  const auto out = must(officer.event(entry, event_kind::dispute, "异1号", date(2026, 10, 1)));
  EXPECT_EQ(last(), "2026-11-01");
  EXPECT_EQ(out.before, record_status::expired);
}

TEST_F(events_test, nothing_follows_a_withdrawal) {
  const auto out = must(officer.event(record, event_kind::withdraw, "撤1号", date(2026, 11, 1)));
  EXPECT_EQ(out.after, record_status::withdrawn);
  for (const event_kind k : {event_kind::dispute, event_kind::dispute_settled, event_kind::repair,
                             event_kind::withdraw}) {
    EXPECT_EQ(refused_as(officer.event(record, k, "后1号", date(2026, 11, 24))),
              "archive.event_not_possible");
  }
  // A correction of the record does not bring it back.
  officer.penalise({{.document = "罚1",
                     .code = credit_code(1),
                     .name = "甲公司",
                     .facts = "事实二",
                     .decided = "2026-06-01",
                     .level = "一般"}});
  const auto v = officer.view(record);
  EXPECT_EQ(v.version, 2);
  EXPECT_EQ(policy::status_of(v.facts, trial_today, officer.head()), record_status::withdrawn);
}

TEST_F(events_test, nothing_follows_the_withdrawal_of_the_batch) {
  officer.withdraw(batch_id(2));
  EXPECT_EQ(refused_as(officer.event(record, event_kind::dispute, "异1号", date(2026, 11, 24))),
            "archive.event_not_possible");
}

TEST_F(events_test, the_source_is_complete_and_known) {
  event_request r{.kind = event_kind::dispute,
                  .record = record,
                  .document = "异1号",
                  .authority = trial_authority,
                  .actor = "officer",
                  .reason = "示例理由",
                  .happened_on = trial_today};
  const position head = officer.head();
  for (std::string event_request::* part :
       {&event_request::document, &event_request::actor, &event_request::reason}) {
    event_request without = r;
    (without.*part).clear();
    EXPECT_EQ(refused_as(append_event(officer.context(), without)), "archive.reason_missing");
    event_request personal = r;
    personal.*part += " 110105 19491231 002X";
    EXPECT_EQ(refused_as(append_event(officer.context(), personal)),
              "archive.personal_number_in_text");
  }
  event_request unknown = r;
  unknown.authority = "nobody";
  EXPECT_EQ(refused_as(append_event(officer.context(), unknown)), "archive.authority_unknown");
  unknown = r;
  unknown.record.record.value += 1000;
  EXPECT_EQ(refused_as(append_event(officer.context(), unknown)), "archive.no_such_record");
  event_request ahead = r;
  ahead.happened_on = trial_today + 1;
  EXPECT_EQ(refused_as(append_event(officer.context(), ahead)), "archive.event_in_future");
  EXPECT_EQ(officer.head(), head);
  EXPECT_TRUE(append_event(officer.context(), r).ok());
}

TEST_F(events_test, a_pack_without_the_dataset_still_takes_events) {
  // A later version of the pack that no longer has penalties.
  must(officer.db().script(
      "UPDATE pack_version SET valid_from = '2027-01-01' WHERE pack = 'double-publicity'"));
  desk later(city);
  EXPECT_EQ(must(later.event(record, event_kind::repair, "修1号", date(2026, 9, 2))).after,
            record_status::repaired);
  must(officer.db().script(
      "UPDATE pack_version SET valid_from = '2018-07-01' WHERE pack = 'double-publicity'"));
}

TEST_F(events_test, two_at_once_are_one_after_the_other) {
  desk other(city);
  for (int round = 0; round < 10; ++round) {
    const std::string name = fmt::format("异{}号", round);
    std::optional<result<event_outcome>> mine, theirs;
    std::thread first([&] {
      mine = officer.event(record, event_kind::dispute, name + "甲", date(2026, 11, 20));
    });
    std::thread second([&] {
      theirs = other.event(record, event_kind::dispute, name + "乙", date(2026, 11, 20));
    });
    first.join();
    second.join();
    // One is open now, so the other was refused.
    EXPECT_NE(mine->ok(), theirs->ok());
    EXPECT_EQ(refused_as(mine->ok() ? *theirs : *mine), "archive.event_not_possible");
    must(officer.event(record, event_kind::dispute_settled, name, date(2026, 11, 20)));
  }
  EXPECT_EQ(officer.view(record).facts.events.size(), 20U);
}

TEST_F(events_test, at_once_with_a_correction_and_a_withdrawal) {
  desk other(city);
  std::thread correcting([&] {
    for (int i = 0; i < 10; ++i) {
      const batch_id b = other.penalise({{.document = "罚1",
                                          .code = credit_code(1),
                                          .name = "甲公司",
                                          .facts = fmt::format("事实{}", i),
                                          .decided = "2026-06-01",
                                          .level = "一般"}});
      if (i % 2 == 0) other.withdraw(b);
    }
  });
  for (int i = 0; i < 20; ++i) {
    must(officer.event(record, i % 2 == 0 ? event_kind::dispute : event_kind::dispute_settled,
                       fmt::format("文{}号", i), date(2026, 11, 20)));
  }
  correcting.join();
  const auto v = officer.view(record);
  EXPECT_EQ(v.version, 16);
  EXPECT_EQ(v.facts.events.size(), 20U);
}

TEST(record_names, are_written_and_read) {
  const record_name n{subject_id(1203), record_id(88412)};
  EXPECT_EQ(to_string(n), "1203-88412");
  const auto read = must(parse_record_name("1203-88412"));
  EXPECT_EQ(read.subject, n.subject);
  EXPECT_EQ(read.record, n.record);
  for (const char* bad : {"", "-", "1203", "1203-", "-88412", "0-1", "1-0", "1203-88412x", " 1-2",
                          "1-+2", "99999999999999999999-1", "1203--1"}) {
    EXPECT_EQ(refused_as(parse_record_name(bad)), "archive.bad_record_name") << bad;
  }
}

}  // namespace
}  // namespace lixin::archive::testing
