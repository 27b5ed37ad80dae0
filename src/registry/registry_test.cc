#include "registry/registry.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <thread>

#include "pg/test_server.h"
#include "text/fold.h"

namespace lixin::registry {
namespace {

using outcome = resolver::outcome;

// Codes of nobody: two companies, and an individual business with the organisation code of the
// first.
constexpr const char* code_one = "91130900MA9Y00A16R";
constexpr const char* organisation_one = "MA9Y00A16";
constexpr const char* code_two = "92130902MA9Y00B20P";
constexpr const char* organisation_two = "MA9Y00B20";

identifier credit(std::string code) { return {identifier_kind::credit_code, std::move(code)}; }
identifier organisation(std::string code) {
  return {identifier_kind::organisation_code, std::move(code)};
}
identifier number(std::string code) {
  return {identifier_kind::registration_number, std::move(code)};
}

TEST(identifiers_of, strongest_first_and_the_code_within) {
  catalogue::party p;
  p.registration_number = "130900000000014";
  p.credit_code = code_one;
  p.institution_certificate = "113090000001";
  const auto ids = identifiers_of(p);
  ASSERT_EQ(ids.size(), 4U);
  EXPECT_EQ(ids[0], credit(code_one));
  EXPECT_EQ(ids[1], organisation(organisation_one));
  EXPECT_EQ(ids[2], number("130900000000014"));
  EXPECT_EQ(ids[3].kind, identifier_kind::institution_certificate);
}

TEST(identifiers_of, a_tax_number_that_is_the_credit_code_adds_nothing) {
  catalogue::party p;
  p.credit_code = code_one;
  p.tax_number = code_one;
  EXPECT_EQ(identifiers_of(p).size(), 2U);
  p.tax_number = "130900123456789";
  EXPECT_EQ(identifiers_of(p).size(), 3U);
}

TEST(identifiers_of, nothing_makes_none) { EXPECT_TRUE(identifiers_of({}).empty()); }

TEST(identifier_kinds, have_words) {
  for (int k = 1; k <= static_cast<int>(identifier_kind::social_certificate); ++k) {
    EXPECT_NE(code_of(static_cast<identifier_kind>(k)), "unknown") << k;
    EXPECT_FALSE(title_zh(static_cast<identifier_kind>(k)).empty()) << k;
  }
}

class registry_test : public testing::Test {
 protected:
  void SetUp() override {
    conninfo_ = pg::test_server::fresh_database();
    auto c = pg::connection::open(conninfo_);
    ASSERT_TRUE(c.ok());
    c_.emplace(std::move(c).value());
    const auto all = pg::migrations_in(LIXIN_SOURCE_DIR "/sql");
    ASSERT_TRUE(all.ok() && pg::migrate(*c_, *all).ok());
    // 1 has a credit code from position 5 on and a new name at 6; 2 is known by other numbers only.
    run("INSERT INTO subject VALUES (1, 1, 2, '91130900MA9Y00A16R', '新名'), (2, 3, 3, '', "
        "'二所')");
    run("INSERT INTO subject_name VALUES (1, 2, '旧名', NULL), (1, 6, '新名', '2026-01-01'), "
        "(2, 3, '二所', NULL)");
    own(1, 2, organisation_one, 2);
    own(1, 1, code_one, 5);
    own(2, 2, organisation_two, 3);
    own(2, 3, "130900000000014", 3);
    own(2, 5, "113090000001", 4);
  }

  void run(const std::string& sql) {
    const auto done = c_->script(sql);
    ASSERT_TRUE(done.ok()) << done.error().text(language::en);
  }
  void own(int subject, int kind, const std::string& value, int at) {
    run(
        fmt::format("INSERT INTO identifier VALUES ({0}, {1}, '{2}', {3}); INSERT INTO "
                    "identifier_key VALUES ({1}, '{2}', {0})",
                    subject, kind, value, at));
  }
  void load(resolver& r, const std::vector<identifier>& wanted) {
    std::vector<const identifier*> asked;
    for (const identifier& i : wanted) asked.push_back(&i);
    EXPECT_TRUE(r.load(*c_, asked).ok());
  }
  resolver loaded(const std::vector<identifier>& wanted) {
    resolver r;
    load(r, wanted);
    return r;
  }
  // "2", "unknown" or "ambiguous".
  static std::string answer(const resolver& r, const std::vector<identifier>& row) {
    const auto a = r.resolve(row);
    if (a.what == outcome::found) return fmt::format("{}", a.id.value);
    return a.what == outcome::unknown ? "unknown" : "ambiguous";
  }
  std::string code_of_error(const std::string& typed, std::int64_t known_at = 10) {
    const auto f = find_subject(*c_, typed, position(known_at));
    return f.ok() ? std::string() : std::string(f.error().code());
  }

  std::string conninfo_;
  std::optional<pg::connection> c_;
};

TEST_F(registry_test, resolves_by_whatever_is_known) {
  const std::vector<identifier> all{credit(code_one),          organisation(organisation_one),
                                    credit(code_two),          organisation(organisation_two),
                                    number("130900000000014"), number("130900000000022")};
  const resolver r = loaded(all);
  EXPECT_EQ(answer(r, {credit(code_one), organisation(organisation_one)}), "1");
  EXPECT_EQ(answer(r, {organisation(organisation_one)}), "1");
  EXPECT_EQ(answer(r, {number("130900000000014")}), "2");
  EXPECT_EQ(answer(r, {number("130900000000022")}), "unknown");
  EXPECT_EQ(answer(r, {}), "unknown");
  // An unknown number beside a known one says nothing.
  EXPECT_EQ(answer(r, {credit(code_one), number("130900000000022")}), "1");
  // A subject without a credit code is meant by the one that contains its organisation code.
  EXPECT_EQ(answer(r, {credit(code_two), organisation(organisation_two)}), "2");
  // Numbers of two subjects, in either order.
  EXPECT_EQ(answer(r, {credit(code_one), number("130900000000014")}), "ambiguous");
  EXPECT_EQ(answer(r, {organisation(organisation_two), organisation(organisation_one)}),
            "ambiguous");
}

TEST_F(registry_test, another_credit_code_is_another_subject) {
  const resolver r = loaded({organisation(organisation_one)});
  EXPECT_EQ(answer(r, {credit("92130900MA9Y00A16N"), organisation(organisation_one)}), "ambiguous");
}

TEST_F(registry_test, asks_only_for_what_it_does_not_know) {
  resolver r = loaded({credit(code_one)});
  ASSERT_NE(r.find(subject_id(1)), nullptr);
  EXPECT_EQ(r.find(subject_id(1))->name, "新名");
  EXPECT_EQ(r.find(subject_id(2)), nullptr);
  EXPECT_TRUE(r.known(credit(code_one)));
  EXPECT_FALSE(r.known(organisation(organisation_one)));  // not asked for
  run("UPDATE subject SET name = '后名' WHERE subject_id = 1");
  load(r, {credit(code_one)});
  EXPECT_EQ(r.find(subject_id(1))->name, "新名");
  load(r, {credit(code_one), number("130900000000014")});
  EXPECT_EQ(r.find(subject_id(2))->name, "二所");
}

TEST_F(registry_test, forgets_between_chunks_what_may_change) {
  const std::vector<identifier> all{credit(code_one), organisation(organisation_two)};
  resolver r = loaded(all);
  r.keep_credit_codes(10);
  EXPECT_TRUE(r.known(credit(code_one)));
  EXPECT_FALSE(r.known(organisation(organisation_two)));
  r.keep_credit_codes(1);  // two subjects are more than one
  EXPECT_FALSE(r.known(credit(code_one)));
  EXPECT_EQ(r.find(subject_id(1)), nullptr);
}

TEST_F(registry_test, learns_within_a_chunk) {
  resolver r;
  subject s;
  s.id = subject_id(9);
  r.add(s, {number("130900000000014")});
  EXPECT_EQ(answer(r, {number("130900000000014")}), "9");
  r.claim(subject_id(9), {credit(code_two), organisation(organisation_two)});
  EXPECT_EQ(r.find(subject_id(9))->credit_code, code_two);
  EXPECT_EQ(answer(r, {organisation(organisation_two)}), "9");
  r.rename(subject_id(9), "甲（沧州）公司");
  EXPECT_EQ(r.find(subject_id(9))->name, "甲（沧州）公司");
  EXPECT_EQ(r.find(subject_id(9))->name_folded, text::fold_name("甲(沧州)公司"));
  // What is owned stays its owner's.
  r.add({.id = subject_id(10)}, {number("130900000000014")});
  EXPECT_EQ(answer(r, {number("130900000000014")}), "9");
}

TEST_F(registry_test, a_file_by_any_code_as_it_was_known) {
  const auto now = find_subject(*c_, " 91130900ma9y00a16r", position(10));
  ASSERT_TRUE(now.ok());
  EXPECT_EQ(now->current.id, subject_id(1));
  EXPECT_EQ(now->current.credit_code, code_one);
  EXPECT_EQ(now->registered_at, position(2));
  ASSERT_EQ(now->names.size(), 2U);
  EXPECT_EQ(now->names[0].name, "旧名");
  EXPECT_EQ(now->names[1].valid_from, date(2026, 1, 1));
  EXPECT_EQ(now->identifiers.size(), 2U);

  const auto then = find_subject(*c_, organisation_one, position(4));
  ASSERT_TRUE(then.ok());
  EXPECT_EQ(then->current.name, "旧名");
  EXPECT_EQ(then->current.name_folded, "旧名");
  EXPECT_EQ(then->current.credit_code, "");
  EXPECT_EQ(then->identifiers.size(), 1U);
  EXPECT_EQ(code_of_error(organisation_one, 1), "registry.subject_unknown");
}

TEST_F(registry_test, a_credit_code_also_means_the_code_within_of_who_has_none) {
  const auto two = find_subject(*c_, code_two, position(10));
  ASSERT_TRUE(two.ok());
  EXPECT_EQ(two->current.id, subject_id(2));
  EXPECT_EQ(two->current.credit_code, "");
  // 1 has a credit code: another with the same organisation code is nobody's.
  std::string other;
  for (const char sign : std::string_view("0123456789ABCDEFGHJKLMNPQRTUWXY")) {
    const std::string code = std::string("92130900") + organisation_one + sign;
    if (code_of_error(code) != "registry.code_invalid") other = code;
  }
  EXPECT_EQ(code_of_error(other), "registry.subject_unknown");
}

TEST_F(registry_test, a_given_up_number_is_told_for_the_time_it_was_held) {
  run("UPDATE identifier SET released = 7 WHERE kind = 3; DELETE FROM identifier_key WHERE kind = "
      "3");
  const auto held = [&](std::int64_t at) {
    const auto f = find_subject(*c_, organisation_two, position(at));
    return f.ok() && f->identifiers.size() == 3;
  };
  EXPECT_TRUE(held(6));
  EXPECT_FALSE(held(7));
}

TEST_F(registry_test, says_what_is_wrong_with_a_code) {
  EXPECT_EQ(code_of_error("91130900MA9Y00A16X"), "registry.code_invalid");
  EXPECT_EQ(code_of_error("MA9Y00A17"), "registry.code_invalid");
  EXPECT_EQ(code_of_error("130900000000013"), "registry.code_invalid");
  EXPECT_EQ(code_of_error(""), "registry.code_invalid");
  EXPECT_EQ(code_of_error("沧州某公司"), "registry.code_invalid");
  EXPECT_EQ(code_of_error("1309000000001"), "registry.subject_unknown");
  const auto unknown = find_subject(*c_, "1309000000001", position(10));
  EXPECT_EQ(unknown.error().kind(), failure::not_found);
  EXPECT_NE(unknown.error().sentence(language::zh).find("1309000000001"), std::string::npos);
}

TEST_F(registry_test, one_writer_of_identifiers_at_a_time) {
  ASSERT_TRUE(c_->begin().ok());
  ASSERT_TRUE(lock_registry(*c_).ok());
  auto other = pg::connection::open(conninfo_);
  ASSERT_TRUE(other.ok() && other->begin().ok());
  const auto pid = other->exec("SELECT pg_backend_pid()")->int64(0, 0);
  bool got = false;
  std::thread waiting([&] { got = lock_registry(*other).ok(); });
  const auto waits = [&] {
    return !c_->exec("SELECT 1 FROM pg_locks WHERE pid = $1::bigint AND NOT granted",
                     pg::params().add(pid))
                ->empty();
  };
  while (!waits()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_FALSE(got);
  ASSERT_TRUE(c_->commit().ok());
  waiting.join();
  EXPECT_TRUE(got);
  other->rollback();
}

}  // namespace
}  // namespace lixin::registry
