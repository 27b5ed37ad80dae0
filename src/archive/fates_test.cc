// What becomes of a row: every fate with its reasons.
#include <fmt/format.h>

#include "archive/testing.h"

namespace lixin::archive::testing {
namespace {

class fates_test : public archive_fixture {
 protected:
  void SetUp() override {
    officer.register_all({{"甲公司", credit_code(1)}, {"乙公司", credit_code(2)}});
  }
  penalty of(int n, const std::string& document, const std::string& facts = "事实一") {
    return {.document = document,
            .code = credit_code(n),
            .name = n == 1 ? "甲公司" : "乙公司",
            .facts = facts};
  }
  strings outcome(const std::vector<penalty>& rows) {
    return officer.fates(officer.penalise(rows));
  }
};

TEST_F(fates_test, all_six_in_one_file) {
  officer.penalise({of(1, "罚1"), of(1, "罚2")});
  const batch_id b = officer.penalise({
      of(1, "罚3"),                                       // accepted
      of(1, "罚1"),                                       // unchanged
      of(1, "罚2", "事实二"),                             // corrected
      {.document = "罚4", .code = credit_code(9)},        // pending: nobody knows 9
      {.document = "罚5", .person = resident_number(1)},  // sealed
      {.document = "罚6", .code = "91130902MA9000010A"},  // refused: the code is wrong
  });
  EXPECT_EQ(officer.fates(b),
            (strings{"accepted", "unchanged", "corrected v2", "pending archive.subject_unknown",
                     "sealed", "refused catalogue.credit_code_invalid"}));
  const auto info = must(find_batch(officer.db(), b));
  EXPECT_EQ(info.counts.of, (std::array<std::int64_t, 6>{1, 1, 1, 1, 1, 1}));
  EXPECT_EQ(info.counts.total(), 6);
  EXPECT_EQ(info.state, batch_state::done);
  EXPECT_EQ(info.last_row, 7);
}

TEST_F(fates_test, a_refused_row_has_every_reason_and_its_cells) {
  penalty p = of(1, "");
  p.facts = "";
  p.decided = "2026-13-01";
  const batch_id b = officer.penalise({p});
  const auto rows = officer.rows(b);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].row_number, 2U);
  EXPECT_EQ(rows[0].record, "");
  strings found;
  for (const row_reason& r : rows[0].reasons) {
    found.push_back(r.column + " " + r.code);
    EXPECT_FALSE(r.zh.empty());
    EXPECT_FALSE(r.en.empty());
  }
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, (strings{"CF_JDRQ catalogue.bad_date", "CF_SY catalogue.missing_mandatory",
                            "CF_WSH catalogue.missing_mandatory"}));
  ASSERT_EQ(rows[0].cells.size(), 18U);
  EXPECT_EQ(rows[0].cells[0], "甲公司");
  EXPECT_EQ(rows[0].cells[14], "2026-13-01");
}

TEST_F(fates_test, a_sealed_row_is_unchanged_the_second_time_and_keeps_nothing_in_clear) {
  const std::string number = resident_number(7);
  const penalty p{.document = "罚1", .name = "示例人甲乙丙", .person = number};
  EXPECT_EQ(outcome({p}), strings{"sealed"});
  penalty other = of(1, "罚2");
  EXPECT_EQ(outcome({other, p}), (strings{"accepted", "unchanged"}));
  penalty later = p;
  later.facts = "事实二";
  EXPECT_EQ(outcome({later}), strings{"sealed"});
  penalty someone = p;
  someone.person = resident_number(8);
  EXPECT_EQ(outcome({someone}), strings{"pending archive.counterpart_changed"});
  for (const char* table : {"record_version", "record", "batch_row_note", "batch", "journal"}) {
    EXPECT_EQ(officer.number(fmt::format(
                  "SELECT count(*) FROM {} t WHERE t::text ~ '{}|示例人甲乙丙'", table, number)),
              0)
        << table;
  }
}

TEST_F(fates_test, a_personal_row_that_is_refused_keeps_nothing) {
  const std::string number = resident_number(7);
  // No person may be in a registration; the number stands where a name belongs.
  const batch_id b =
      officer.hand_in("registration", registrations({{number, credit_code(3)}})).batch.id;
  const auto rows = officer.rows(b);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].what, fate::refused);
  EXPECT_TRUE(rows[0].cells.empty());
  for (const row_reason& r : rows[0].reasons) EXPECT_EQ(r.zh.find(number), std::string::npos);
  EXPECT_EQ(
      officer.number("SELECT count(*) FROM batch_row_note n WHERE n::text LIKE '%" + number + "%'"),
      0);
}

TEST_F(fates_test, the_same_file_again_changes_nothing) {
  const std::string path = city.write(penalties({of(1, "罚1"), of(2, "罚2")}));
  const import_request request{
      .dataset = "penalty", .authority = trial_authority, .path = path, .actor = "officer"};
  const auto first = must(officer.import(request));
  EXPECT_FALSE(first.already);
  const auto before = officer.head();
  const auto second = must(officer.import(request));
  EXPECT_TRUE(second.already);
  EXPECT_EQ(second.batch.id, first.batch.id);
  EXPECT_EQ(second.batch.counts.of, first.batch.counts.of);
  EXPECT_EQ(officer.head(), before);
  // Another name of the file does not make it another file; another authority does.
  const std::string copy = city.write(penalties({of(1, "罚1"), of(2, "罚2")}));
  auto renamed = request;
  renamed.path = copy;
  EXPECT_TRUE(must(officer.import(renamed)).already);
  renamed.authority = "czj";
  EXPECT_FALSE(must(officer.import(renamed)).already);
}

TEST_F(fates_test, again_reads_the_same_file_once_more) {
  import_request request{.dataset = "penalty",
                         .authority = trial_authority,
                         .path = city.write(penalties({of(1, "罚1")})),
                         .actor = "officer"};
  const auto first = must(officer.import(request));
  request.again = true;
  const auto second = must(officer.import(request));
  EXPECT_FALSE(second.already);
  EXPECT_NE(second.batch.id, first.batch.id);
  EXPECT_EQ(officer.fates(second.batch.id), strings{"unchanged"});
}

TEST_F(fates_test, other_options_make_another_hand_in) {
  import_request request{.dataset = "penalty",
                         .authority = trial_authority,
                         .path = city.write(penalties({of(1, "罚1")})),
                         .actor = "officer"};
  const auto first = must(officer.import(request));
  request.options.encoding = text::encoding::utf8;
  const auto second = must(officer.import(request));
  EXPECT_FALSE(second.already);
  EXPECT_EQ(officer.fates(second.batch.id), strings{"unchanged"});
}

TEST_F(fates_test, the_same_rows_in_another_file_are_unchanged) {
  const batch_id a = officer.penalise({of(1, "罚1"), of(2, "罚2")});
  const batch_id b = officer.penalise({of(2, "罚2"), of(1, "罚1")});
  EXPECT_EQ(officer.fates(b), (strings{"unchanged", "unchanged"}));
  EXPECT_EQ(officer.record_of(a, 2).record, officer.record_of(b, 3).record);
}

TEST_F(fates_test, a_correction_is_a_new_version_of_the_same_record) {
  const batch_id a = officer.penalise({of(1, "罚1")});
  const batch_id b = officer.penalise({of(1, "罚1", "事实二")});
  EXPECT_EQ(officer.fates(b), strings{"corrected v2"});
  EXPECT_EQ(officer.record_of(a, 2).record, officer.record_of(b, 2).record);
  const auto now = officer.view(officer.record_of(b, 2));
  EXPECT_EQ(now.version, 2);
  EXPECT_EQ(now.value("CF_SY"), "事实二");
  EXPECT_EQ(now.batch, b);
  EXPECT_EQ(now.row_number, 2U);
  EXPECT_EQ(now.authority, trial_authority);
  EXPECT_EQ(now.pack, "double-publicity");
}

TEST_F(fates_test, an_older_content_would_revert) {
  officer.penalise({of(1, "罚1")});
  officer.penalise({of(1, "罚1", "事实二")});
  EXPECT_EQ(outcome({of(1, "罚1"), of(2, "罚2")}),
            (strings{"pending archive.would_revert", "accepted"}));
  EXPECT_EQ(outcome({of(1, "罚1", "事实三")}), strings{"corrected v3"});
}

TEST_F(fates_test, one_file_may_correct_itself) {
  EXPECT_EQ(outcome({of(1, "罚1"), of(1, "罚1", "事实二"), of(1, "罚1", "事实二"), of(1, "罚1")}),
            (strings{"accepted", "corrected v2", "unchanged v2", "pending archive.would_revert"}));
}

TEST_F(fates_test, another_counterpart_never_corrects) {
  const batch_id a = officer.penalise({of(1, "罚1")});
  const batch_id b = officer.penalise({of(2, "罚1")});
  EXPECT_EQ(officer.fates(b), strings{"pending archive.counterpart_changed"});
  EXPECT_EQ(officer.view(officer.record_of(a, 2)).version, 1);
  // Kept for a decision: reasons, cells and checked content.
  EXPECT_EQ(officer.number("SELECT count(*) FROM batch_row_note WHERE content ->> 'CF_WSH' = '罚1' "
                           "AND cells IS NOT NULL"),
            1);
}

TEST_F(fates_test, another_party_of_a_document_is_another_record) {
  penalty second = of(2, "罚1");
  second.ordinal = "2";
  const batch_id b = officer.penalise({of(1, "罚1"), second});
  EXPECT_EQ(officer.fates(b), (strings{"accepted", "accepted"}));
  EXPECT_NE(officer.record_of(b, 2).record, officer.record_of(b, 3).record);
  EXPECT_EQ(officer.view(officer.record_of(b, 3)).party_ordinal, 2);
  second.facts = "事实二";
  EXPECT_EQ(outcome({second}), strings{"corrected v2"});
}

TEST_F(fates_test, an_unknown_subject_waits_and_is_accepted_once_it_is_registered) {
  const penalty p{.document = "罚1", .code = credit_code(3), .name = "丙公司"};
  EXPECT_EQ(outcome({p}), strings{"pending archive.subject_unknown"});
  officer.register_all({{"丙公司", credit_code(3)}});
  EXPECT_EQ(outcome({p, of(1, "罚2")}), (strings{"accepted", "accepted"}));
}

TEST_F(fates_test, codes_of_two_subjects_are_ambiguous) {
  officer.register_all({{"丙公司", credit_code(3), registration_number(1)}});
  penalty p = of(1, "罚1");
  p.registration_number = registration_number(1);
  EXPECT_EQ(outcome({p}), strings{"pending archive.subject_ambiguous"});
  // A registration number that nobody owns says nothing against the credit code.
  penalty q = of(1, "罚2");
  q.registration_number = registration_number(2);
  EXPECT_EQ(outcome({q}), strings{"accepted"});
}

TEST_F(fates_test, a_lesser_identifier_does_not_outweigh_another_credit_code) {
  officer.register_all({{"丙公司", credit_code(3), registration_number(1)}});
  penalty p{.document = "罚1", .code = credit_code(4), .name = "丁公司"};
  p.registration_number = registration_number(1);
  EXPECT_EQ(outcome({p}), strings{"pending archive.subject_ambiguous"});
}

TEST_F(fates_test, a_name_flags_and_never_binds) {
  penalty wrong = of(1, "罚1");
  wrong.name = "乙公司";  // the name of 2 with the code of 1
  const batch_id b = officer.penalise({wrong});
  EXPECT_EQ(officer.fates(b), strings{"accepted name-differs"});
  const auto v = officer.view(officer.record_of(b, 2));
  EXPECT_EQ(v.value("CF_XDR_MC"), "乙公司");
  EXPECT_EQ(must(registry::find_subject(officer.db(), credit_code(1), officer.head())).current.id,
            v.subject);
  // Width and blanks are no difference.
  penalty wide = of(1, "罚2");
  wide.name = "甲 公司";
  EXPECT_EQ(outcome({wide}), strings{"accepted"});
  // Only a name, no code: not bound by it.
  penalty nameless = of(1, "罚3");
  nameless.code = "";
  EXPECT_EQ(outcome({nameless}), strings{"refused catalogue.missing_conditional"});
}

TEST_F(fates_test, document_numbers_fold_to_one_key) {
  const batch_id a = officer.penalise({of(1, "沧市监罚〔2026〕12号")});
  const batch_id b = officer.penalise(
      {of(1, "沧市监罚[2026]12号", "事实二"), of(1, "沧市监罚（２０２６）１２号", "事实三"),
       of(1, "沧市监罚〔2026〕 12 号", "事实四"), of(1, "沧市监罚〔2026〕13号")});
  EXPECT_EQ(officer.fates(b),
            (strings{"corrected v2", "corrected v3", "corrected v4", "accepted"}));
  // As it was written first.
  EXPECT_EQ(officer.view(officer.record_of(a, 2)).document, "沧市监罚〔2026〕12号");
}

TEST_F(fates_test, late_by_the_working_days_of_the_calendar) {
  // Decided on Tuesday 2026-09-22. 09-25 to 27 and 10-01 to 07 are holidays, so seven working days
  // end on 2026-10-09; by weekdays alone they would end on 10-01.
  officer.clock().move_to(date(2026, 10, 9));
  penalty p = of(1, "罚1");
  p.decided = "2026-09-22";
  EXPECT_EQ(outcome({p}), strings{"accepted"});
  officer.clock().move_to(date(2026, 10, 10));
  p.document = "罚2";
  EXPECT_EQ(outcome({p}), strings{"accepted late"});
  officer.clock().move_to(date(2026, 11, 24));
  p.document = "罚3";
  const batch_id b = officer.penalise({p, of(1, "罚4")});
  EXPECT_EQ(officer.fates(b), (strings{"accepted late", "accepted"}));
  EXPECT_EQ(must(find_batch(officer.db(), b)).counts.late, 1);
  EXPECT_EQ(must(find_batch(officer.db(), b)).handed_in_on, date(2026, 11, 24));
}

TEST_F(fates_test, a_decision_of_a_year_without_a_calendar_is_refused) {
  penalty p = of(1, "罚1");
  p.decided = "2006-06-01";
  EXPECT_EQ(outcome({p, of(1, "罚2")}), (strings{"refused calendar.year_not_loaded", "accepted"}));
  const auto rows = officer.rows(batch_id(2));
  EXPECT_EQ(rows[0].reasons[0].column, "处罚决定日期");
}

TEST_F(fates_test, unknown_names_and_headings_make_no_batch) {
  const std::string path = city.write(penalties({of(1, "罚1")}));
  EXPECT_EQ(
      refused_as(officer.import(
          {.dataset = "fines", .authority = trial_authority, .path = path, .actor = "officer"})),
      "archive.dataset_unknown");
  EXPECT_EQ(refused_as(officer.import(
                {.dataset = "penalty", .authority = "nobody", .path = path, .actor = "officer"})),
            "archive.authority_unknown");
  EXPECT_EQ(refused_as(officer.import({.dataset = "penalty",
                                       .authority = trial_authority,
                                       .path = path + ".gone",
                                       .actor = "officer"})),
            "archive.cannot_read_file");
  const auto out = must(officer.import({.dataset = "penalty",
                                        .authority = trial_authority,
                                        .path = city.write("CF_WSH,甲,乙\r\n1,2,3\r\n"),
                                        .actor = "officer"}));
  EXPECT_FALSE(out.heading_faults.empty());
  EXPECT_EQ(officer.number("SELECT count(*) FROM batch"), 1);  // the registration
}

TEST_F(fates_test, the_catalogue_says_who_may_be_handed_in) {
  const auto info = officer.hand_in("penalty", penalties({of(1, "罚1")})).batch;
  EXPECT_EQ(info.dataset, "penalty");
  EXPECT_EQ(info.pack, "double-publicity");
  EXPECT_EQ(info.actor, "officer");
  EXPECT_EQ(info.file_digest.size(), 64U);
  EXPECT_FALSE(info.finished_at.empty());
  EXPECT_EQ(info.headings.size(), 18U);
  // Newest first, page by page.
  const auto newest = must(list_batches(officer.db(), batch_id(0), 1));
  ASSERT_EQ(newest.size(), 1U);
  EXPECT_EQ(newest[0].id, info.id);
  const auto older = must(list_batches(officer.db(), info.id, 10));
  ASSERT_EQ(older.size(), 1U);
  EXPECT_EQ(older[0].dataset, "registration");
  EXPECT_EQ(refused_as(find_batch(officer.db(), batch_id(99))), "archive.no_such_batch");
}

TEST_F(fates_test, rows_can_be_asked_for_by_fate_and_page) {
  std::vector<penalty> rows;
  for (int i = 0; i < 9; ++i) rows.push_back(of(1, i % 3 == 0 ? "" : fmt::format("罚{}", i)));
  const batch_id b = officer.penalise(rows);
  const auto refused = must(rows_of(officer.db(), b, {.what = fate::refused}));
  ASSERT_EQ(refused.size(), 3U);
  EXPECT_EQ(refused[1].row_number, 5U);
  const auto page = must(rows_of(officer.db(), b, {.after = 4, .limit = 2}));
  ASSERT_EQ(page.size(), 2U);
  EXPECT_EQ(page[0].row_number, 5U);
  EXPECT_EQ(page[0].reasons.size(), 1U);
  EXPECT_EQ(page[1].row_number, 6U);
  EXPECT_TRUE(page[1].reasons.empty());
  EXPECT_EQ(must(rows_of(officer.db(), b, {.noted = true})).size(), 3U);
}

TEST_F(fates_test, a_chunk_may_meet_what_the_chunk_before_stored) {
  std::vector<penalty> rows;
  for (int i = 0; i < 10'500; ++i) {
    rows.push_back(
        of(1 + i % 2, fmt::format("罚{}", i % 10'000), i < 10'000 ? "事实一" : "事实二"));
  }
  const batch_id b = officer.penalise(rows);
  const auto info = must(find_batch(officer.db(), b));
  EXPECT_EQ(info.counts[fate::accepted], 10'000);
  EXPECT_EQ(info.counts[fate::corrected], 500);
  EXPECT_EQ(info.last_row, 10'501);
}

}  // namespace
}  // namespace lixin::archive::testing
