// The API as its clients see it.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <filesystem>
#include <thread>

#include "api/api_testing.h"
#include "crypto/crypto.h"

namespace lixin::api {
namespace {

using access::role;
using archive::testing::credit_code;
using archive::testing::must;
using archive::testing::resident_number;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr const char* bid = "procurement.bid";

std::string check_body(const std::string& code) {
  return fmt::format(R"({{"code":"{}","matter":"{}"}})", code, bid);
}

class api_test : public testing::api_fixture {
 protected:
  void SetUp() override {
    officer.register_all({{"甲公司", credit_code(1)}, {"乙公司", credit_code(2)}});
    officer.penalise({{.document = "罚1", .code = credit_code(1), .name = "甲公司"}});
    officer.hand_in("procurement-bad-record",
                    archive::testing::procurement_entries(
                        {{.document = "采1", .code = credit_code(2), .name = "乙公司"}}),
                    "czj");
    checker_key = key({role::checker}, "scjg");
    officer_key = key({role::data_officer}, "scjg");
    centre_key = key({role::centre});
    auditor_key = key({role::auditor});
    serve();
  }
  std::int64_t inquiries() { return officer.number("SELECT count(*) FROM inquiry"); }
  std::string checker_key, officer_key, centre_key, auditor_key;
};

// ---- state

TEST_F(api_test, tells_how_it_is) {
  EXPECT_EQ(get("/healthz").body, "ok\n");
  const auto ready = get("/readyz");
  EXPECT_EQ(ready.status, 200);
  EXPECT_THAT(ready.body, HasSubstr(R"("ready":true)"));
  EXPECT_THAT(ready.body, HasSubstr(fmt::format(R"("position":{})", officer.head().value)));
  post("/api/v1/checks", checker_key, check_body(credit_code(1)));
  const auto metrics = get("/metrics");
  EXPECT_THAT(metrics.body, HasSubstr(R"(lixin_checks_total{outcome="clear"} 1)"));
  EXPECT_THAT(
      metrics.body,
      HasSubstr(R"(lixin_http_requests_total{method="POST",route="check",status="200"} 1)"));
  EXPECT_THAT(metrics.body, HasSubstr("lixin_city_subjects 2"));
}

// ---- who may call

TEST_F(api_test, a_key_is_asked_for_where_not_everybody_may) {
  const auto without = post("/api/v1/checks", "", check_body(credit_code(1)));
  EXPECT_EQ(without.status, 401);
  EXPECT_THAT(without.head, HasSubstr("WWW-Authenticate: Bearer"));
  EXPECT_THAT(without.body, HasSubstr(R"("code":"api.sign_in_needed")"));
  const auto other = post("/api/v1/checks", "lxk_1_nonsense", check_body(credit_code(1)));
  EXPECT_EQ(other.status, 401);
  EXPECT_THAT(other.body, HasSubstr("access.key_refused"));
  EXPECT_THAT(other.body, Not(HasSubstr("nonsense")));
  const auto auditor = post("/api/v1/checks", auditor_key, check_body(credit_code(1)));
  EXPECT_EQ(auditor.status, 403);
  EXPECT_THAT(auditor.body, HasSubstr("api.role_missing"));
  EXPECT_EQ(get("/api/v1/changes", officer_key).status, 403);
  EXPECT_EQ(get("/api/v1/changes", centre_key).status, 200);
  EXPECT_EQ(inquiries(), 0);
}

// ---- checks

TEST_F(api_test, a_check_has_four_answers_and_each_is_logged) {
  const auto clear = post("/api/v1/checks", checker_key, check_body(credit_code(1)));
  EXPECT_EQ(clear.status, 200) << clear.body;
  EXPECT_THAT(clear.body, HasSubstr(R"("outcome":"clear")"));
  EXPECT_THAT(clear.body, HasSubstr(R"("receipt":"LXR1.)"));
  EXPECT_THAT(clear.body, HasSubstr(fmt::format(R"("position":{})", officer.head().value)));
  EXPECT_THAT(post("/api/v1/checks", checker_key, check_body(credit_code(2))).body,
              HasSubstr(R"("outcome":"barred")"));
  EXPECT_THAT(post("/api/v1/checks", checker_key, check_body(credit_code(9))).body,
              HasSubstr(R"("outcome":"unknown-subject")"));
  EXPECT_THAT(post("/api/v1/checks", checker_key, check_body("12")).body,
              HasSubstr(R"("outcome":"invalid-code")"));
  EXPECT_EQ(inquiries(), 4);
  EXPECT_EQ(officer.text("SELECT DISTINCT asker FROM inquiry"), "key 1");
}

TEST_F(api_test, a_persons_number_is_not_repeated_and_not_logged) {
  const std::string number = resident_number(7);
  const auto r = post("/api/v1/checks", checker_key, check_body(number));
  EXPECT_EQ(r.status, 200);
  EXPECT_THAT(r.body, HasSubstr(R"("outcome":"invalid-code")"));
  EXPECT_THAT(r.body, Not(HasSubstr(number)));
  EXPECT_EQ(officer.number("SELECT count(*) FROM inquiry WHERE code <> ''"), 0);
  const auto path = get("/api/v1/subjects/" + number, centre_key);
  EXPECT_EQ(path.status, 400);
  EXPECT_THAT(path.body, Not(HasSubstr(number)));
}

TEST_F(api_test, a_receipt_gives_the_same_answer_again) {
  const auto first = post("/api/v1/checks", checker_key, check_body(credit_code(2)));
  const auto from = first.body.find("LXR1.");
  const std::string receipt = first.body.substr(from, first.body.find('"', from) - from);
  const auto again =
      post("/api/v1/checks/receipt", checker_key, fmt::format(R"({{"receipt":"{}"}})", receipt));
  EXPECT_EQ(again.status, 200) << again.body;
  const auto answer_of = [](const std::string& body) {
    return body.substr(0, body.find(R"(,"receipt":)"));
  };
  EXPECT_EQ(answer_of(again.body), answer_of(first.body));
  const auto torn = post("/api/v1/checks/receipt", checker_key, R"({"receipt":"LXR1.x"})");
  EXPECT_EQ(torn.status, 400);
}

TEST_F(api_test, many_codes_at_once_get_the_answers_of_single_checks) {
  const auto single = post("/api/v1/checks", checker_key, check_body(credit_code(2)));
  const auto many = post("/api/v1/checks/batch", checker_key,
                         fmt::format(R"({{"matter":"{}","codes":["{}","12","{}"]}})", bid,
                                     credit_code(2), credit_code(1)));
  EXPECT_EQ(many.status, 200) << many.body;
  const std::string answer =
      single.body.substr(0, single.body.find(R"(,"receipt":)")).substr(1);  // "answer":{...}
  EXPECT_THAT(many.body, HasSubstr(answer));
  EXPECT_THAT(many.body, HasSubstr(R"("outcome":"invalid-code")"));
  EXPECT_THAT(many.body, HasSubstr(R"("outcome":"clear")"));
  EXPECT_EQ(inquiries(), 4);
  std::string codes;
  for (int i = 0; i < 10'001; ++i) codes += (i == 0 ? "\"1\"" : ",\"1\"");
  const auto over = post("/api/v1/checks/batch", checker_key,
                         fmt::format(R"({{"matter":"{}","codes":[{}]}})", bid, codes));
  EXPECT_EQ(over.status, 400);
  EXPECT_THAT(over.body, HasSubstr("10000"));
  EXPECT_EQ(inquiries(), 4);
}

TEST_F(api_test, checks_of_one_moment_share_a_commit) {
  const auto before = officer.number("SELECT count(*) FROM audit");
  std::vector<std::thread> askers;
  std::atomic<int> answered = 0;
  for (int t = 0; t < 8; ++t) {
    askers.emplace_back([&] {
      http::client c(server->port());
      const std::string body = check_body(credit_code(1));
      const std::string request = fmt::format(
          "POST /api/v1/checks HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n"
          "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
          checker_key, body.size(), body);
      for (int i = 0; i < 50; ++i) answered += c.ask(request).status == 200;
    });
  }
  for (auto& t : askers) t.join();
  EXPECT_EQ(answered, 400);
  EXPECT_EQ(inquiries(), 400);
  const auto entries = officer.number("SELECT count(*) FROM audit") - before;
  EXPECT_LT(entries, 400);  // one entry of the audit chain for each commit
}

TEST_F(api_test, what_a_check_needs_is_said) {
  const auto at = [&](const std::string& json) {
    return post("/api/v1/checks", checker_key, json);
  };
  EXPECT_THAT(at(R"({"matter":"procurement.bid"})").body, HasSubstr(R"("field":"code")"));
  EXPECT_THAT(at(R"({"code":1,"matter":"procurement.bid"})").body, HasSubstr("api.member_wrong"));
  EXPECT_THAT(at(R"({"code":"1","matter":"procurement.bid","x":1})").body,
              HasSubstr("api.member_unknown"));
  EXPECT_THAT(at(R"({"code":"1","code":"2","matter":"m"})").body,
              HasSubstr("text.repeated_member"));
  EXPECT_THAT(at("{").body, HasSubstr("text.not_json"));
  EXPECT_THAT(at(R"({"code":"1\u0000","matter":"procurement.bid"})").body,
              HasSubstr("api.member_wrong"));
  EXPECT_EQ(get("/api/v1/subjects/" + credit_code(1) + "?as_of=2026-01-01%00").status, 400);
  EXPECT_THAT(at(R"({"code":"1","matter":"no.such"})").body, HasSubstr("measure.matter_unknown"));
  EXPECT_THAT(at(R"({"code":"1","matter":"procurement.bid","as_of":"2026-11-25"})").body,
              HasSubstr("measure.as_of_in_future"));
  EXPECT_EQ(send("POST", "/api/v1/checks", checker_key, "text/plain", "x").status, 415);
  EXPECT_EQ(inquiries(), 0);
}

// ---- limits of keys, and a database that is another one

TEST_F(api_test, a_key_does_what_it_is_for_and_as_often_as_it_may) {
  const auto tied = key({role::checker}, "scjg", {"no.such"});
  const auto few = key({role::checker}, "scjg", {}, {}, 2);
  const auto licences = key({role::data_officer}, "scjg", {}, {"licence"});
  server.reset();
  serve();
  const auto other = post("/api/v1/checks", tied, check_body(credit_code(1)));
  EXPECT_EQ(other.status, 403);
  EXPECT_THAT(other.body, HasSubstr("api.matter_not_covered"));
  const auto dataset = send("POST", "/api/v1/batches?dataset=penalty", licences, "text/csv", "x");
  EXPECT_EQ(dataset.status, 403);
  EXPECT_THAT(dataset.body, HasSubstr("api.dataset_not_covered"));
  EXPECT_EQ(post("/api/v1/checks", few, check_body(credit_code(1))).status, 200);
  EXPECT_EQ(post("/api/v1/checks", few, check_body(credit_code(1))).status, 200);
  const auto third = post("/api/v1/checks", few, check_body(credit_code(1)));
  EXPECT_EQ(third.status, 429);
  EXPECT_THAT(third.head, HasSubstr("Retry-After: "));
  EXPECT_EQ(inquiries(), 2);
}

// What would be logged while a restore is under way could be lost with what it replaces.
TEST_F(api_test, while_a_restore_is_under_way_it_waits) {
  const auto becomes = [&](int wanted) {
    int status = 0;
    for (int tries = 0; tries < 1000 && status != wanted; ++tries) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      status = get("/readyz").status;
    }
    return status == wanted;
  };
  must(officer.db().exec("CREATE SCHEMA lixin_restoring"));
  EXPECT_TRUE(becomes(503));
  const auto asked = post("/api/v1/checks", checker_key, check_body(credit_code(1)));
  EXPECT_EQ(asked.status, 503);
  EXPECT_THAT(asked.body, HasSubstr("keeping.restoring"));
  must(officer.db().exec("DROP SCHEMA lixin_restoring"));
  EXPECT_TRUE(becomes(200));
  EXPECT_EQ(post("/api/v1/checks", checker_key, check_body(credit_code(1))).status, 200);
}

// Positions go back only where a backup was restored: what is in memory is of another city then.
TEST_F(api_test, after_a_restore_it_answers_nothing_until_it_is_started_anew) {
  must(officer.db().exec("UPDATE journal_head SET position = 1"));
  int status = 200;
  for (int tries = 0; tries < 1000 && status == 200; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    status = get("/readyz").status;
  }
  EXPECT_EQ(status, 503);
  EXPECT_THAT(get("/readyz").body, HasSubstr("api.restart_needed"));
  EXPECT_EQ(post("/api/v1/checks", checker_key, check_body(credit_code(1))).status, 503);
  EXPECT_EQ(inquiries(), 0);
}

// ---- archives

TEST_F(api_test, everyone_sees_what_is_public_and_no_more) {
  const auto seen = get("/api/v1/subjects/" + credit_code(1));
  EXPECT_EQ(seen.status, 200) << seen.body;
  EXPECT_THAT(seen.body, HasSubstr(R"("viewer":"everyone")"));
  EXPECT_THAT(seen.head, HasSubstr("Cache-Control: no-store"));
  EXPECT_EQ(get("/api/v1/subjects/" + credit_code(1) + "?known_at=1").status, 403);
  EXPECT_EQ(get("/api/v1/subjects/" + credit_code(1) + "?known_at=1", centre_key).status, 404);
  EXPECT_EQ(get("/api/v1/subjects/" + credit_code(8)).status, 404);
  EXPECT_EQ(get("/api/v1/subjects/" + credit_code(1) + "?nosuch=1").status, 400);
  EXPECT_EQ(get("/api/v1/subjects/" + credit_code(1) + "/history").status, 401);
  EXPECT_EQ(get("/api/v1/subjects/" + credit_code(1) + "/history", centre_key).status, 200);
}

// ---- hand-ins

TEST_F(api_test, a_file_is_handed_in_as_by_the_command_line) {
  const std::string file =
      archive::testing::penalties({{.document = "罚2", .code = credit_code(1), .name = "甲公司"},
                                   {.document = "", .code = credit_code(1), .name = "甲公司"}});
  const auto first =
      send("POST", "/api/v1/batches?dataset=penalty&file=a.csv", officer_key, "text/csv", file);
  EXPECT_EQ(first.status, 201) << first.body;
  EXPECT_THAT(first.body, HasSubstr(R"("accepted":1)"));
  EXPECT_THAT(first.body, HasSubstr(R"("refused":1)"));
  EXPECT_THAT(first.body, HasSubstr(R"("file":"a.csv")"));
  EXPECT_THAT(first.body, HasSubstr(R"("actor":"key 2")"));
  const auto location = first.head.find("Location: ");
  ASSERT_NE(location, std::string::npos);
  const std::string path =
      first.head.substr(location + 10, first.head.find('\r', location) - location - 10);
  EXPECT_EQ(get(path, officer_key).status, 200);
  EXPECT_THAT(get(path + "/rows?fate=refused", officer_key).body, HasSubstr(R"("row":3)"));
  const auto mend = get(path + "/refused.csv", officer_key);
  EXPECT_EQ(mend.status, 200) << mend.body;
  EXPECT_THAT(mend.body, HasSubstr("退回原因"));
  EXPECT_THAT(mend.head, HasSubstr("attachment; filename=\"refused-"));
  EXPECT_THAT(get(path + "/refused.xlsx", officer_key).body, StartsWith("PK"));
  EXPECT_EQ(get(path + "/refused.csv", auditor_key).status, 403);
  for (const auto& left : std::filesystem::directory_iterator(city.folder())) {
    EXPECT_THAT(left.path().filename().string(), Not(StartsWith("refused-")));
  }
  const auto again =
      send("POST", "/api/v1/batches?dataset=penalty&file=a.csv", officer_key, "text/csv", file);
  EXPECT_EQ(again.status, 200);
  EXPECT_THAT(again.body, HasSubstr(R"("already":true)"));
  const auto back = post(path + "/withdrawal", officer_key, R"({"reason":"误报"})");
  EXPECT_EQ(back.status, 200) << back.body;
  EXPECT_THAT(back.body, HasSubstr(R"("withdrawn":1)"));
  EXPECT_THAT(get("/api/v1/changes?after=0", centre_key).body, HasSubstr("batch-withdrawn"));
  EXPECT_EQ(archive::testing::broken_rules(officer.db()), archive::testing::strings{});
}

// A natural person's row is sealed or refused, and no answer says whose it was.
TEST_F(api_test, a_row_of_a_person_is_in_no_answer) {
  const std::string number = resident_number(11);
  const std::string file =
      archive::testing::penalties({{.document = "罚7", .name = "某示例人", .person = number},
                                   {.document = "", .name = "某示例人", .person = number},
                                   {.document = number, .code = credit_code(1), .name = "甲公司"}});
  const auto r = send("POST", "/api/v1/batches?dataset=penalty&file=" + number + ".csv",
                      officer_key, "text/csv", file);
  ASSERT_EQ(r.status, 201) << r.body;
  EXPECT_THAT(r.body, HasSubstr(R"("sealed":1)"));
  std::string seen = r.body + r.head;
  for (const char* path : {"/api/v1/batches", "/api/v1/batches/4", "/api/v1/batches/4/rows",
                           "/api/v1/pending", "/metrics"}) {
    seen += get(path, centre_key).body;
  }
  seen += get("/api/v1/batches?" + number + "=1", centre_key).body;
  seen += post("/api/v1/checks", checker_key, fmt::format(R"({{"{}":"1"}})", number)).body;
  seen +=
      post("/api/v1/checks", checker_key, fmt::format(R"({{"code":"1","matter":"{}"}})", number))
          .body;
  EXPECT_THAT(seen, Not(HasSubstr(number)));
  EXPECT_THAT(seen, Not(HasSubstr("某示例人")));
  EXPECT_EQ(officer.number("SELECT count(*) FROM batch WHERE file_name LIKE '%" + number + "%'"),
            0);
}

TEST_F(api_test, an_officer_acts_for_its_own_authority) {
  const std::string file =
      archive::testing::penalties({{.document = "罚3", .code = credit_code(1)}});
  const auto other =
      send("POST", "/api/v1/batches?dataset=penalty&authority=czj", officer_key, "text/csv", file);
  EXPECT_EQ(other.status, 403);
  EXPECT_THAT(other.body, HasSubstr("api.other_authority"));
  EXPECT_EQ(send("POST", "/api/v1/batches?dataset=penalty", checker_key, "text/csv", file).status,
            403);
  // The list of bad records was handed in by another authority.
  EXPECT_THAT(get("/api/v1/batches", officer_key).body, Not(HasSubstr("procurement-bad-record")));
  EXPECT_THAT(get("/api/v1/batches", centre_key).body, HasSubstr("procurement-bad-record"));
  EXPECT_EQ(get("/api/v1/batches/3", officer_key).status, 403);
  EXPECT_EQ(get("/api/v1/batches/99", centre_key).status, 404);
  EXPECT_EQ(get("/api/v1/batches/x", centre_key).status, 404);
}

TEST_F(api_test, a_heading_at_fault_is_told_whole) {
  const auto r = send("POST", "/api/v1/batches?dataset=penalty", officer_key, "text/csv",
                      "没有这一列,还有一列\n1,2\n");
  EXPECT_EQ(r.status, 422) << r.body;
  EXPECT_THAT(r.body, HasSubstr("archive.headings_unusable"));
  EXPECT_THAT(r.body, HasSubstr(R"("faults":[{"code":")"));
}

TEST_F(api_test, what_may_be_handed_in_and_checked_is_listed) {
  EXPECT_THAT(get("/api/v1/datasets").body, HasSubstr(R"("code":"penalty")"));
  EXPECT_THAT(get("/api/v1/matters").body, HasSubstr(R"("code":"procurement.bid")"));
  EXPECT_THAT(get("/api/v1/packs").body, HasSubstr(R"("pack":"procurement")"));
  const auto measures = get("/api/v1/measures");
  EXPECT_EQ(measures.status, 200);
  EXPECT_THAT(measures.body, HasSubstr(R"("matter":"procurement.bid")"));
  EXPECT_THAT(measures.body, Not(HasSubstr(R"("body":"")"))) << "no measure without a body";
  EXPECT_THAT(measures.body, Not(HasSubstr(R"("basis":"")"))) << "or without a law";
  const auto form = get("/api/v1/datasets/penalty/template.xlsx");
  EXPECT_EQ(form.status, 200);
  EXPECT_THAT(form.body, StartsWith("PK"));
  EXPECT_EQ(get("/api/v1/datasets/no-such/template.xlsx").status, 400);
}

}  // namespace
}  // namespace lixin::api
