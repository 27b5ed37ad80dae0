#include "vault/vault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <thread>

#include "crypto/errc.h"
#include "vault/errc.h"
#include "vault/vault_testing.h"

namespace lixin::vault {
namespace {

using namespace testing_rows;

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

crypto::digest key_of(const vault& v, int dataset, int authority, std::string_view document,
                      int party) {
  clear_row row;
  row.dataset = dataset_id(dataset);
  row.authority = authority_id(authority);
  row.document_key = document;
  row.party_ordinal = party;
  return v.digests(row, 1).key;
}

TEST_F(vault_test, digests_depend_on_use_key_and_every_part) {
  const vault v(keys());
  const vault other(keys("other.key"));
  EXPECT_EQ(v.person_digest("x", 1), vault(keys()).person_digest("x", 1));
  EXPECT_NE(v.person_digest("x", 1), other.person_digest("x", 1));
  EXPECT_NE(v.person_digest("x", 1), v.digests(row("x", "x"), 1).content);
  EXPECT_NE(v.person_digest("x", 1), v.person_digest("y", 1));
  EXPECT_NE(v.person_digest(number, 1), crypto::sm3(number));
  EXPECT_EQ(v.person_digest(number, 1), v.digests(row(), 1).person);

  const auto key = key_of(v, 1, 2, "3", 4);
  EXPECT_EQ(key, key_of(v, 1, 2, "3", 4));
  for (const auto& changed :
       {key_of(v, 2, 2, "3", 4), key_of(v, 1, 3, "3", 4), key_of(v, 1, 2, "4", 4),
        key_of(v, 1, 2, "3", 5), key_of(other, 1, 2, "3", 4)}) {
    EXPECT_NE(changed, key);
  }
  // Parts that run together the same way are not the same.
  EXPECT_NE(key_of(v, 1, 23, "x", 1), key_of(v, 12, 3, "x", 1));
  EXPECT_NE(key_of(v, 1, 1, "x1:1", 1), key_of(v, 1, 1, "x", 11));
}

TEST_F(vault_test, opens_what_it_sealed_and_nothing_else) {
  const vault v(keys());
  const auto bound = v.digests(row(), 1).key;
  const auto other_row = v.digests(row("b"), 1).key;
  const std::string sealed = v.seal(row(), bound, 1);
  const auto open = v.open(sealed, bound);
  ASSERT_TRUE(open.ok());
  EXPECT_EQ(open->content, content);
  EXPECT_EQ(open->person, number);
  EXPECT_EQ(open->document_key, "沧市执字[2026]1号");
  EXPECT_EQ(open->party_ordinal, 1);
  EXPECT_TRUE(open->whole);
  EXPECT_THAT(sealed, Not(HasSubstr(std::string(number))));
  EXPECT_TRUE(v.open(sealed, other_row).error().is(crypto::errc::not_authentic));
  EXPECT_TRUE(vault(keys("other.key")).open(sealed, bound).error().is(crypto::errc::not_authentic));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(v.open(changed, bound).ok()) << i;
    EXPECT_FALSE(v.open(sealed.substr(0, i), bound).ok()) << i;
  }
  EXPECT_TRUE(v.open("", bound).error().is(errc::unknown_form));
  EXPECT_TRUE(v.open("\3" + sealed.substr(1), bound).error().is(errc::unknown_form));
}

TEST_F(vault_test, a_text_with_a_content_only_still_opens) {
  const vault v(keys());
  const auto bound = v.digests(row(), 1).key;
  const auto open = v.open(v.seal(row(), bound, 1, false), bound);
  ASSERT_TRUE(open.ok());
  EXPECT_EQ(open->content, content);
  EXPECT_EQ(open->person, "");
  EXPECT_FALSE(open->whole);
}

TEST_F(vault_test, older_seal_keys_still_open) {
  const auto bound = vault(keys()).digests(row(), 1).key;
  const std::string old = vault(keys()).seal(row(), bound, 1);
  const vault v(with_newer("vault-seal"));
  EXPECT_EQ(v.open(old, bound)->content, content);
  const std::string fresh = v.seal(row(), bound, 2);
  EXPECT_NE(fresh.substr(0, 5), old.substr(0, 5));
  EXPECT_EQ(v.open(fresh, bound)->content, content);
  // A number that the file does not have.
  std::string unknown = old;
  unknown[1] = '\x7f';
  EXPECT_TRUE(v.open(unknown, bound).error().is(crypto::errc::no_such_key));
}

TEST_F(vault_store_test, tells_new_repeated_and_corrected_rows_apart) {
  vault v(keys());
  auto c = open();
  EXPECT_THAT(store(c, v, {row("a"), row("b")}).value(),
              ElementsAre(outcome::sealed, outcome::sealed));
  EXPECT_THAT(store(c, v, {row("b"), row("c")}).value(),
              ElementsAre(outcome::unchanged, outcome::sealed));
  EXPECT_THAT(store(c, v, {row("a", "{}")}).value(), ElementsAre(outcome::corrected));
  EXPECT_THAT(store(c, v, {row("a", "{}")}).value(), ElementsAre(outcome::unchanged));
  // What stood two versions ago is a correction again.
  EXPECT_THAT(store(c, v, {row("a")}).value(), ElementsAre(outcome::corrected));
  const auto key = v.digests(row("a"), 1).key;
  const auto versions = c.exec(
      "select version, ciphertext, batch_id, row_number, dataset_id, authority_id, key_number, "
      "sealed_at, person_digest from sealed_record where key_digest = $1::bytea order by version",
      pg::params().add_bytes(crypto::bytes(key)));
  ASSERT_TRUE(versions.ok());
  ASSERT_EQ(versions->size(), 3);
  EXPECT_EQ(v.open(versions->bytes(0, 1), key)->content, content);
  EXPECT_EQ(v.open(versions->bytes(1, 1), key)->content, "{}");
  EXPECT_EQ(v.open(versions->bytes(2, 1), key)->content, content);
  EXPECT_EQ(versions->int64(2, 0), 3);
  EXPECT_EQ(versions->int64(0, 2), 5);
  EXPECT_EQ(versions->int64(0, 3), 17);
  EXPECT_EQ(versions->int64(0, 4), 3);
  EXPECT_EQ(versions->int64(0, 5), 4);
  EXPECT_EQ(versions->int64(0, 6), 1);
  EXPECT_EQ(versions->text(0, 7), "2024-10-04 00:00:00+00");
  EXPECT_EQ(versions->bytes(0, 8), crypto::bytes(v.person_digest(number, 1)));
}

TEST_F(vault_store_test, rows_of_one_chunk_meet_each_other) {
  vault v(keys());
  auto c = open();
  auto second_party = row("a");
  second_party.party_ordinal = 2;
  EXPECT_THAT(
      store(c, v, {row("a"), row("a"), row("a", "{}"), row("a", "{}", "another"), second_party})
          .value(),
      ElementsAre(outcome::sealed, outcome::unchanged, outcome::corrected,
                  outcome::counterpart_changed, outcome::sealed));
  EXPECT_EQ(c.exec("select count(*) from sealed_record")->int64(0, 0), 3);
}

TEST_F(vault_store_test, another_person_never_corrects_a_record) {
  vault v(keys());
  auto c = open();
  ASSERT_TRUE(store(c, v, {row("a")}).ok());
  EXPECT_THAT(store(c, v, {row("a", content, "110101199003070740")}).value(),
              ElementsAre(outcome::counterpart_changed));
  EXPECT_EQ(c.exec("select count(*) from sealed_record where version > 1")->int64(0, 0), 0);
}

TEST_F(vault_store_test, what_is_withdrawn_gives_way_to_what_stood_before) {
  vault v(keys());
  auto c = open();
  auto correction = row("a", "{}");
  correction.batch = batch_id(6);
  ASSERT_TRUE(store(c, v, {row("a"), row("b")}).ok());
  ASSERT_THAT(store(c, v, {correction}).value(), ElementsAre(outcome::corrected));
  const auto withdraw = [&](std::int64_t batch) {
    return v.withdraw(c, batch_id(batch), now).value();
  };
  EXPECT_EQ(withdraw(6), 1);
  EXPECT_EQ(withdraw(6), 0);
  EXPECT_EQ(withdraw(7), 0);
  EXPECT_THAT(store(c, v, {row("a")}).value(), ElementsAre(outcome::unchanged));
  // A number is not given out twice.
  EXPECT_THAT(store(c, v, {correction}).value(), ElementsAre(outcome::corrected));
  EXPECT_EQ(c.exec("select max(version) from sealed_record")->int64(0, 0), 3);
  // Where nothing stands any more, another person may be named: nobody's record is corrected.
  EXPECT_EQ(withdraw(5), 2);
  EXPECT_EQ(withdraw(6), 1);
  EXPECT_THAT(store(c, v, {row("a", content, "another"), row("b")}).value(),
              ElementsAre(outcome::sealed, outcome::sealed));
}

TEST_F(vault_store_test, nothing_of_it_is_in_clear) {
  vault v(keys());
  auto c = open();
  ASSERT_TRUE(store(c, v, {row("沧市执字[2026]1号"), row("b", R"({"k":"marker"})")}).ok());
  const auto dump = c.exec("select r::text from sealed_record r");
  ASSERT_TRUE(dump.ok());
  ASSERT_EQ(dump->size(), 2);
  // As text, as the hexadecimal form of its bytes, and as a digest that anybody could make.
  const auto hex = [](std::string_view s) {
    return crypto::to_hex({reinterpret_cast<const std::uint8_t*>(s.data()), s.size()});
  };
  for (int i = 0; i < dump->size(); ++i) {
    const std::string line(dump->text(i, 0));
    for (const std::string_view secret :
         {number, content, std::string_view("张三丰"), std::string_view("marker"),
          std::string_view("沧市执字"), std::string_view("1号")}) {
      EXPECT_THAT(line, Not(HasSubstr(std::string(secret))));
      EXPECT_THAT(line, Not(HasSubstr(hex(secret))));
      EXPECT_THAT(line, Not(HasSubstr(crypto::to_hex(crypto::sm3(secret)))));
    }
  }
}

TEST_F(vault_store_test, belongs_to_the_callers_transaction) {
  vault v(keys());
  auto c = open();
  const std::vector<clear_row> rows{row()};
  {
    auto t = pg::transaction::begin(c);
    ASSERT_TRUE(t.ok());
    ASSERT_TRUE(v.store(c, rows, now).ok());
  }
  EXPECT_EQ(c.exec("select count(*) from sealed_record")->int64(0, 0), 0);
  EXPECT_TRUE(v.store(c, {}, now).value().empty());
}

TEST_F(vault_store_test, hand_ins_at_the_same_time_seal_a_row_once) {
  const auto file = keys();
  constexpr int hand_ins = 4;
  std::vector<std::thread> threads;
  std::array<int, hand_ins> sealed{};
  std::array<int, hand_ins> unchanged{};
  for (std::size_t i = 0; i < hand_ins; ++i) {
    threads.emplace_back([&, i] {
      auto c = open();
      vault v(file);
      const auto out = store(c, v, {row("a"), row("b"), row("c")}).value();
      for (const outcome o : out) ++(o == outcome::sealed ? sealed : unchanged)[i];
    });
  }
  for (auto& t : threads) t.join();
  EXPECT_EQ(sealed[0] + sealed[1] + sealed[2] + sealed[3], 3);
  EXPECT_EQ(unchanged[0] + unchanged[1] + unchanged[2] + unchanged[3], 9);
}

TEST_F(vault_store_test, takes_a_whole_chunk_and_no_more) {
  vault v(keys());
  auto c = open();
  std::vector<std::string> documents;
  for (std::size_t i = 0; i < rows_max; ++i) documents.push_back(std::to_string(i));
  std::vector<clear_row> rows;
  for (const std::string& d : documents) rows.push_back(row(d));
  auto t = pg::transaction::begin(c);
  ASSERT_TRUE(t.ok());
  EXPECT_THAT(v.store(c, rows, now).value(), testing::Each(outcome::sealed));
  EXPECT_THAT(v.store(c, rows, now).value(), testing::Each(outcome::unchanged));
  rows.push_back(rows.front());
  EXPECT_TRUE(v.store(c, rows, now).error().is(errc::too_many_rows));
}

TEST_F(vault_store_test, a_key_file_of_another_database_is_refused_before_it_seals) {
  auto c = open();
  vault v(keys());
  vault foreign(keys("other.key"));
  ASSERT_TRUE(store(c, v, {row("a")}).ok());
  const auto out = store(c, foreign, {row("b")});
  ASSERT_FALSE(out.ok());
  EXPECT_TRUE(out.error().is(errc::keys_differ));
  EXPECT_THAT(out.error().args(), ElementsAre("vault-digest", "1"));
  EXPECT_EQ(c.exec("select count(*) from sealed_record")->int64(0, 0), 1);
}

TEST_F(vault_store_test, a_key_that_only_the_file_has_serves_nobody) {
  auto c = open();
  vault v(keys());
  ASSERT_TRUE(store(c, v, {row("a")}).ok());
  for (const char* purpose : {"vault-seal", "vault-digest"}) {
    vault newer(with_newer(purpose));
    EXPECT_THAT(store(c, newer, {row("a"), row(purpose)}).value(),
                ElementsAre(outcome::unchanged, outcome::sealed));
  }
  EXPECT_EQ(c.exec("select count(*) from sealed_record where key_number <> 1 or "
                   "get_byte(ciphertext, 4) <> 1")
                ->int64(0, 0),
            0);
}

TEST_F(vault_store_test, a_file_without_a_key_in_use_is_refused) {
  auto c = open();
  vault v(keys());
  ASSERT_TRUE(store(c, v, {row("a")}).ok());
  ASSERT_TRUE(
      c.script("insert into vault_key select purpose, 7, check_digest from vault_key").ok());
  const auto out = store(c, v, {row("b")});
  ASSERT_FALSE(out.ok());
  EXPECT_TRUE(out.error().is(errc::key_missing));
}

}  // namespace
}  // namespace lixin::vault
