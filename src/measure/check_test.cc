// Checks and receipts over a database.
#include "measure/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "identity/personal.h"
#include "measure/check_testing.h"
#include "measure/errc.h"

namespace lixin::measure {
namespace {

using ::testing::HasSubstr;
using testing::must;
using ::testing::Not;

const text::string_map kBan{{"JZ_WSH", "测字〔2025〕1号"},   {"JZ_JDRQ", "2025-02-20"},
                            {"JZ_TZRQ", "2025-02-25"},       {"JZ_SXRQ", "2025-03-01"},
                            {"JZ_JJTJ", "六十日内申请复议"}, {"JZ_JZRQ", "2027-02-28"}};

class Check : public ::testing::Test {
 protected:
  void SetUp() override {
    db_.load(*testing::trial_pack());
    packs_.emplace(must(catalogue::store::open(c())));
    barred_ = db_.subject(kBarred, "沧州甲测试有限公司");
    db_.subject(kClear, "沧州乙测试有限公司");
    ban_ = db_.record(barred_, "ban", "测字〔2025〕1号", kBan);
  }

  pg::connection& c() { return db_.connection(); }
  asking by(policy::caller_kind kind = policy::caller_kind::everyone) const {
    return {"沧州市公共资源交易中心",
            {kind, ""},
            today_,
            std::chrono::sys_days(std::chrono::days(today_.days))};
  }
  request ask(const std::string& code,
              policy::caller_kind kind = policy::caller_kind::everyone) const {
    return {code, "trial.bid", today_, std::nullopt, by(kind)};
  }
  checked check_ok(const request& r) { return must(check(c(), *packs_, keys_.get(), r)); }
  checked again(const std::string& receipt,
                policy::caller_kind kind = policy::caller_kind::everyone) {
    return must(check_receipt(c(), *packs_, keys_.get(), receipt, by(kind)));
  }
  void expect_ended(const checked& first, const checked& later) {
    EXPECT_EQ(later.answer.outcome, outcome::content_ended);
    EXPECT_EQ(later.answer.first_digest, crypto::to_hex(crypto::sm3(first.bytes)));
    EXPECT_THAT(later.bytes, Not(HasSubstr("测字")));
    EXPECT_THAT(later.bytes, Not(HasSubstr("有限公司")));
    EXPECT_TRUE(later.answer.measures.empty());
    EXPECT_TRUE(later.answer.without_effect.empty());
  }

  const std::string kBarred = testing::credit_code("MA0CHECK1");
  const std::string kClear = testing::credit_code("MA0CHECK2");
  const std::string kUnknown = testing::credit_code("MA0CHECK3");
  testing::trial_database db_;
  testing::trial_keys keys_;
  std::optional<catalogue::store> packs_;
  subject_id barred_;
  testing::stored_record ban_;
  date today_{2026, 6, 1};
};

TEST_F(Check, FourDifferentAnswers) {
  EXPECT_EQ(check_ok(ask(kBarred)).answer.outcome, outcome::barred);
  EXPECT_EQ(check_ok(ask(kClear)).answer.outcome, outcome::clear);
  EXPECT_EQ(check_ok(ask(kUnknown)).answer.outcome, outcome::unknown_subject);
  std::string wrong = kBarred;
  wrong[17] = wrong[17] == '0' ? '1' : '0';
  const auto invalid = check_ok(ask(wrong));
  EXPECT_EQ(invalid.answer.outcome, outcome::invalid_code);
  EXPECT_EQ(invalid.answer.failed, code_layer::check_sign);
  EXPECT_THAT(invalid.bytes, Not(HasSubstr(wrong)));
}

TEST_F(Check, AnswerSaysOnWhatItRests) {
  const auto a = check_ok(ask(kBarred)).answer;
  EXPECT_EQ(a.known_at, must(journal::read_head(c())).last);
  ASSERT_TRUE(a.sealed_at.has_value());
  EXPECT_EQ(journal::to_string(*a.sealed_at), "2026-01-01T00:00:00.000000Z");
  EXPECT_THAT(a.packs, ::testing::ElementsAre(std::pair<std::string, std::string>("trial", "1")));
  ASSERT_EQ(a.measures.size(), 1u);
  const cited_entry& e = a.measures[0].entries.at(0);
  EXPECT_EQ(e.document, "测字〔2025〕1号");
  EXPECT_EQ(e.authority, "测试机关");
  EXPECT_EQ(e.decided_on, date(2025, 2, 20));
  EXPECT_EQ(e.effective_on, date(2025, 3, 1));
  EXPECT_EQ(e.until, date(2027, 2, 28));
  EXPECT_EQ(e.remedy, "六十日内申请复议");
  EXPECT_EQ(e.version, 1);
  EXPECT_EQ(a.subject->name, "沧州甲测试有限公司");
}

TEST_F(Check, CodesAreFoldedAndLayersNamed) {
  std::string lower;
  for (const char s : kBarred)
    lower += static_cast<char>(std::tolower(static_cast<unsigned char>(s)));
  EXPECT_EQ(check_ok(ask(" " + lower + " ")).answer.code, kBarred);
  const std::vector<std::pair<std::string, code_layer>> bad{
      {"", code_layer::length},
      {"9113", code_layer::length},
      {std::string(100'000, '9'), code_layer::length},
      {"\xff\xfe", code_layer::alphabet},
      {kBarred.substr(0, 16) + "I" + kBarred.substr(17), code_layer::alphabet},
  };
  for (const auto& [code, layer] : bad) {
    const auto got = check_ok(ask(code));
    EXPECT_EQ(got.answer.outcome, outcome::invalid_code) << code.substr(0, 20);
    EXPECT_EQ(code_of(got.answer.failed), code_of(layer)) << code.substr(0, 20);
  }
}

// A person's number is refused before all else, and stands nowhere afterwards.
TEST_F(Check, PersonsNumbersAreNotWrittenAnywhere) {
  std::string number;
  for (const char sign : std::string_view("0123456789X"))
    if (const std::string n = std::string("110105") + "19491231" + "002" + sign;
        identity::is_resident_number(n))
      number = n;
  ASSERT_EQ(number.size(), 18u);
  for (const std::string& typed : {number, " " + number.substr(0, 6) + " " + number.substr(6)}) {
    const auto got = check_ok(ask(typed));
    EXPECT_EQ(got.answer.outcome, outcome::invalid_code);
    EXPECT_EQ(got.answer.failed, code_layer::personal_number);
    for (const std::string& face : {got.bytes, answer_text(got.answer, language::zh),
                                    answer_text(got.answer, language::en), got.receipt}) {
      EXPECT_THAT(face, Not(HasSubstr("19491231")));
    }
    EXPECT_EQ(again(got.receipt).bytes, got.bytes);
  }
  EXPECT_THAT(db_.all_inquiries(), Not(HasSubstr("19491231")));
  auto r = ask(kClear);
  r.by.asker = "窗口 " + number;
  const auto refused = check(c(), *packs_, keys_.get(), r);
  ASSERT_FALSE(refused.ok());
  EXPECT_TRUE(refused.error().is(errc::asker_personal));
  EXPECT_THAT(refused.error().text(language::zh), Not(HasSubstr("19491231")));
  r = ask(kClear);
  r.matter = number;
  const auto no_matter = check(c(), *packs_, keys_.get(), r);
  ASSERT_FALSE(no_matter.ok());
  EXPECT_THAT(no_matter.error().text(language::zh), Not(HasSubstr("19491231")));
  EXPECT_THAT(db_.all_inquiries(), Not(HasSubstr("19491231")));
}

TEST_F(Check, WhatCannotBeAskedIsSaid) {
  const auto why = [&](const request& r) {
    const auto got = check(c(), *packs_, keys_.get(), r);
    return got.ok() ? std::string("answered") : std::string(got.error().code());
  };
  auto r = ask(kClear);
  r.matter = "no.such";
  const auto unknown = check(c(), *packs_, keys_.get(), r);
  ASSERT_FALSE(unknown.ok());
  EXPECT_THAT(unknown.error().text(language::zh), HasSubstr("trial.bid"));
  EXPECT_THAT(unknown.error().text(language::en), HasSubstr("trial.grant"));
  r = ask(kClear);
  r.as_of = today_ + 1;
  EXPECT_EQ(why(r), "measure.as_of_in_future");
  r.as_of = date(2015, 12, 31);
  EXPECT_EQ(why(r), "measure.no_matters");
  r = ask(kClear);
  for (const std::string& asker : {std::string(), std::string(" "), std::string("a\nb"),
                                   std::string("\xff"), std::string(1000, 'x')}) {
    r.by.asker = asker;
    EXPECT_EQ(why(r), "measure.asker_missing") << asker.substr(0, 5);
  }
  r = ask(kClear);
  r.known_at = position(1);
  EXPECT_EQ(why(r), "measure.known_at_not_public");
  r.by.caller.kind = policy::caller_kind::centre;
  r.known_at = position(99);
  EXPECT_EQ(why(r), "measure.known_at_ahead");
  r.known_at = position(-1);
  EXPECT_EQ(why(r), "measure.known_at_ahead");
  EXPECT_EQ(why(ask(kClear, policy::caller_kind::auditor)), "measure.caller_may_not_check");
  EXPECT_EQ(why(ask(kClear, policy::caller_kind::admin)), "measure.caller_may_not_check");
  EXPECT_EQ(db_.all_inquiries(), "");
}

TEST_F(Check, EveryInquiryIsLogged) {
  check_ok(ask(kBarred));
  check_ok(ask(kUnknown));
  check_ok(ask("123"));
  const auto r =
      must(c().exec("SELECT asker, code, subject_id, matter, as_of, position, outcome, "
                    "asked_at::text FROM inquiry ORDER BY inquiry_id"));
  ASSERT_EQ(r.size(), 3);
  EXPECT_EQ(r.text(0, 0), "沧州市公共资源交易中心");
  EXPECT_EQ(r.text(0, 1), kBarred);
  EXPECT_EQ(r.int64(0, 2), barred_.value);
  EXPECT_EQ(r.text(0, 3), "trial.bid");
  EXPECT_EQ(r.day(0, 4), today_);
  EXPECT_EQ(r.int64(0, 5), must(journal::read_head(c())).last.value);
  EXPECT_EQ(r.int64(0, 6), static_cast<int>(outcome::barred));
  EXPECT_EQ(r.text(0, 7), "2026-06-01 00:00:00+00");
  EXPECT_EQ(r.text(1, 1), kUnknown);
  EXPECT_TRUE(r.is_null(1, 2));
  EXPECT_TRUE(r.is_null(2, 1));
  EXPECT_EQ(r.int64(2, 6), static_cast<int>(outcome::invalid_code));
}

TEST_F(Check, NoAnswerWithoutItsInquiry) {
  must(c().exec("DROP TABLE inquiry"));
  EXPECT_FALSE(check(c(), *packs_, keys_.get(), ask(kClear)).ok());
}

// ---- known_at

TEST_F(Check, SubjectsAndCodesLearntLaterAreUnknown) {
  const position before = must(journal::read_head(c())).last;
  const std::string late = testing::credit_code("MA0CHECK4");
  const subject_id id = db_.subject("", "沧州丙测试有限公司");
  db_.learn_code(id, late);
  auto r = ask(late, policy::caller_kind::centre);
  EXPECT_EQ(check_ok(r).answer.outcome, outcome::clear);
  r.known_at = before;
  EXPECT_EQ(check_ok(r).answer.outcome, outcome::unknown_subject);
  r.known_at = position(before.value + 1);  // the subject, not yet its code
  EXPECT_EQ(check_ok(r).answer.outcome, outcome::unknown_subject);
}

TEST_F(Check, KnownAtAnswersAsItWas) {
  const position before = must(journal::read_head(c())).last;
  db_.event(ban_, policy::event_kind::repair, date(2026, 3, 2));
  auto r = ask(kBarred, policy::caller_kind::centre);
  EXPECT_EQ(check_ok(r).answer.outcome, outcome::clear);
  r.known_at = before;
  EXPECT_EQ(check_ok(r).answer.outcome, outcome::barred);
  r.by.caller.kind = policy::caller_kind::consent_holder;
  EXPECT_EQ(check_ok(r).answer.outcome, outcome::clear);
}

// ---- receipts

TEST_F(Check, ReceiptGivesTheSameBytes) {
  for (const std::string& code : {kBarred, kClear, kUnknown, std::string("123")}) {
    const auto first = check_ok(ask(code));
    const auto one = again(first.receipt);
    const auto two = again(first.receipt);
    EXPECT_EQ(one.bytes, first.bytes);
    EXPECT_EQ(two.bytes, first.bytes);
    EXPECT_EQ(one.receipt, first.receipt);
    EXPECT_EQ(one.answer.outcome, first.answer.outcome);
  }
}

TEST_F(Check, ReceiptOutlivesWhatCameLater) {
  const auto barred = check_ok(ask(kBarred));
  const auto clear = check_ok(ask(kClear));
  const auto unknown = check_ok(ask(kUnknown));
  db_.subject(kUnknown, "沧州丁测试有限公司");
  db_.rename(barred_, "沧州甲新名有限公司");
  db_.event(ban_, policy::event_kind::dispute, date(2026, 5, 20));
  auto corrected = kBan;
  corrected[0].second = "测字〔2025〕1号之一";
  db_.version(ban_, 2, policy::record_change::corrected, corrected);
  db_.record(barred_, "defaulter", "测执〔2026〕5号",
             {{"SX_JDRQ", "2026-01-05"},
              {"SX_TZRQ", "2026-01-06"},
              {"SX_SXRQ", "2026-01-07"},
              {"SX_JJTJ", "申请纠正"}});
  db_.load(testing::trial_pack_version("2", "2026-05-01"));
  packs_.emplace(must(catalogue::store::open(c())));
  today_ = date(2026, 6, 20);
  EXPECT_EQ(again(barred.receipt).bytes, barred.bytes);
  EXPECT_EQ(again(clear.receipt).bytes, clear.bytes);
  EXPECT_EQ(again(unknown.receipt).bytes, unknown.bytes);
  const auto now = check_ok(ask(kBarred));
  EXPECT_NE(now.bytes, barred.bytes);
  EXPECT_EQ(now.answer.measures.size(), 2u);
  EXPECT_EQ(now.answer.packs.at(0).second, "2");
  EXPECT_TRUE(now.answer.measures[0].entries[0].disputed);
}

TEST_F(Check, ReceiptOfAPastPositionAndDate) {
  const position before = must(journal::read_head(c())).last;
  db_.event(ban_, policy::event_kind::dispute, date(2026, 5, 20));
  auto r = ask(kBarred, policy::caller_kind::centre);
  r.known_at = before;
  r.as_of = date(2025, 12, 31);
  const auto first = check_ok(r);
  EXPECT_FALSE(first.answer.measures.at(0).entries.at(0).disputed);
  EXPECT_EQ(again(first.receipt, policy::caller_kind::centre).bytes, first.bytes);
}

TEST_F(Check, RepairEndsTheContentForEveryCaller) {
  const auto everyone = check_ok(ask(kBarred));
  const auto centre = check_ok(ask(kBarred, policy::caller_kind::centre));
  db_.event(ban_, policy::event_kind::repair, date(2026, 6, 1));
  expect_ended(everyone, again(everyone.receipt));
  expect_ended(centre, again(centre.receipt, policy::caller_kind::centre));
  EXPECT_THAT(answer_text(again(everyone.receipt).answer, language::zh), HasSubstr("回执属实"));
}

TEST_F(Check, WithdrawalEndsTheContent) {
  const auto first = check_ok(ask(kBarred));
  db_.event(ban_, policy::event_kind::withdraw, date(2026, 6, 1));
  expect_ended(first, again(first.receipt));
}

TEST_F(Check, WithdrawnBatchAndMovedRecordEndTheContent) {
  const auto first = check_ok(ask(kBarred, policy::caller_kind::centre));
  db_.version(ban_, 2, policy::record_change::withdrawn, kBan);
  expect_ended(first, again(first.receipt, policy::caller_kind::centre));
  db_.version(ban_, 3, policy::record_change::restored, kBan);
  EXPECT_EQ(again(first.receipt, policy::caller_kind::centre).bytes, first.bytes);
  db_.version(ban_, 4, policy::record_change::moved, kBan);
  expect_ended(first, again(first.receipt, policy::caller_kind::centre));
}

TEST_F(Check, PurgeEndsTheContent) {
  const auto first = check_ok(ask(kBarred));
  db_.purge(ban_);
  expect_ended(first, again(first.receipt));
}

TEST_F(Check, EarlyRemovalAndEndOfTermEndWhatEveryoneSaw) {
  const auto everyone = check_ok(ask(kBarred));
  const auto centre = check_ok(ask(kBarred, policy::caller_kind::centre));
  today_ = date(2027, 2, 28);
  EXPECT_EQ(again(everyone.receipt).bytes, everyone.bytes);
  today_ = date(2027, 3, 1);
  expect_ended(everyone, again(everyone.receipt));
  EXPECT_EQ(again(centre.receipt, policy::caller_kind::centre).bytes, centre.bytes);
  today_ = date(2026, 7, 1);
  auto removed = kBan;
  removed.emplace_back("JZ_YCRQ", "2026-06-15");
  db_.version(ban_, 2, policy::record_change::corrected, removed);
  expect_ended(everyone, again(everyone.receipt));
}

TEST_F(Check, EntriesWithoutEffectAreTheCentresOwn) {
  auto silent = kBan;
  silent.erase(silent.begin() + 2);  // the notice
  db_.record(barred_, "ban", "测字〔2025〕9号", silent);
  const auto centre = check_ok(ask(kBarred, policy::caller_kind::centre));
  ASSERT_EQ(centre.answer.without_effect.size(), 1u);
  EXPECT_EQ(centre.answer.without_effect[0].reason, policy::no_effect::no_notice);
  EXPECT_THAT(centre.bytes, HasSubstr("测字〔2025〕9号"));
  EXPECT_THAT(check_ok(ask(kBarred)).bytes, Not(HasSubstr("测字〔2025〕9号")));
  EXPECT_EQ(again(centre.receipt, policy::caller_kind::centre).bytes, centre.bytes);
}

TEST_F(Check, ReceiptsAreForTheirAsker) {
  const auto why = [&](const std::string& receipt, const policy::caller& who) {
    auto a = by();
    a.caller = who;
    const auto got = check_receipt(c(), *packs_, keys_.get(), receipt, a);
    return got.ok() ? std::string("answered") : std::string(got.error().code());
  };
  using policy::caller_kind;
  const auto open = check_ok(ask(kBarred));
  EXPECT_EQ(why(open.receipt, {caller_kind::everyone, ""}), "answered");
  EXPECT_EQ(why(open.receipt, {caller_kind::subject_itself, ""}), "answered");
  EXPECT_EQ(why(open.receipt, {caller_kind::auditor, ""}), "measure.caller_may_not_check");
  auto r = ask(kBarred);
  r.by.caller = {caller_kind::source_authority, "au1"};
  const auto own = check_ok(r);
  EXPECT_EQ(why(own.receipt, {caller_kind::source_authority, "au1"}), "answered");
  EXPECT_EQ(why(own.receipt, {caller_kind::centre, ""}), "answered");
  EXPECT_EQ(why(own.receipt, {caller_kind::source_authority, "au2"}),
            "measure.receipt_not_for_caller");
  EXPECT_EQ(why(own.receipt, {caller_kind::everyone, ""}), "measure.receipt_not_for_caller");
}

TEST_F(Check, ReceiptsOfOtherPlaces) {
  const auto first = check_ok(ask(kBarred));
  const testing::trial_keys other;
  const auto foreign = check_receipt(c(), *packs_, other.get(), first.receipt, by());
  ASSERT_FALSE(foreign.ok());
  EXPECT_TRUE(foreign.error().is(errc::receipt_not_ours));

  testing::trial_database empty;
  auto no_packs = must(catalogue::store::open(empty.connection()));
  const auto ahead = check_receipt(empty.connection(), no_packs, keys_.get(), first.receipt, by());
  ASSERT_FALSE(ahead.ok());
  EXPECT_TRUE(ahead.error().is(errc::receipt_ahead));
  const auto missing = check_receipt(c(), no_packs, keys_.get(), first.receipt, by());
  ASSERT_FALSE(missing.ok());
  EXPECT_TRUE(missing.error().is(errc::receipt_pack_missing));
}

TEST_F(Check, ReceiptChecksAreInquiriesToo) {
  const auto first = check_ok(ask(kBarred));
  db_.event(ban_, policy::event_kind::repair, date(2026, 6, 1));
  again(first.receipt);
  const auto r = must(c().exec("SELECT outcome, subject_id FROM inquiry ORDER BY inquiry_id"));
  ASSERT_EQ(r.size(), 2);
  EXPECT_EQ(r.int64(1, 0), static_cast<int>(outcome::content_ended));
  EXPECT_EQ(r.int64(1, 1), barred_.value);
}

}  // namespace
}  // namespace lixin::measure
