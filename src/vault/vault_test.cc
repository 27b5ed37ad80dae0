#include "vault/vault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "crypto/errc.h"
#include "pg/test_server.h"
#include "vault/errc.h"

namespace lixin::vault {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// A made-up number with a right check digit, and a content that repeats it.
constexpr std::string_view number = "110101199003070732";
constexpr std::string_view content = R"({"name":"张三丰","number":"110101199003070732"})";

class vault_test : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/lixin-vault-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  crypto::key_file keys(const std::string& name = "lixin.key") const {
    auto k = crypto::key_file::open_or_create(folder_ + "/" + name);
    LIXIN_ASSERT(k.ok());
    return std::move(k).value();
  }
  // The same keys and one more of `purpose`.
  crypto::key_file with_newer(const std::string& purpose) const {
    keys();
    std::ofstream(folder_ + "/lixin.key", std::ios::app)
        << "2 " << purpose << ' ' << crypto::to_base64url(crypto::random_bytes(32)) << '\n';
    return keys();
  }

  static clear_row row(std::string_view document = "沧市执字[2026]1号",
                       std::string_view text = content, std::string_view person = number) {
    clear_row out;
    out.dataset = dataset_id(3);
    out.authority = authority_id(4);
    out.document_key = document;
    out.person = person;
    out.content = text;
    out.batch = batch_id(5);
    out.row_number = 17;
    return out;
  }

  std::string folder_;
};

class vault_store_test : public vault_test {
 protected:
  static void SetUpTestSuite() {
    conninfo_ = new std::string(pg::test_server::fresh_database());
    auto c = pg::connection::open(*conninfo_);
    ASSERT_TRUE(c.ok());
    const auto all = pg::migrations_in(LIXIN_SOURCE_DIR "/sql");
    ASSERT_TRUE(all.ok()) << all.error().text(language::en);
    const auto done = pg::migrate(*c, *all);
    ASSERT_TRUE(done.ok()) << done.error().text(language::en);
  }
  static void TearDownTestSuite() { delete conninfo_; }
  static pg::connection open() {
    auto c = pg::connection::open(*conninfo_);
    LIXIN_ASSERT(c.ok());
    return std::move(c).value();
  }
  void SetUp() override {
    vault_test::SetUp();
    ASSERT_TRUE(open().script("truncate sealed_record, vault_key").ok());
  }
  static result<std::vector<outcome>> store(pg::connection& c, const vault& v,
                                            const std::vector<clear_row>& rows) {
    std::vector<sealed_row> sealed;
    for (const clear_row& r : rows) sealed.push_back(v.make_row(r));
    LIXIN_TRY(auto t, pg::transaction::begin(c));
    LIXIN_TRY(auto out, v.store(c, sealed, now));
    LIXIN_CHECK(t.commit());
    return out;
  }

  static constexpr std::chrono::sys_days now{std::chrono::days(20'000)};
  static std::string* conninfo_;
};
std::string* vault_store_test::conninfo_ = nullptr;

TEST_F(vault_test, digests_depend_on_use_key_and_every_part) {
  const vault v(keys());
  const vault other(keys("other.key"));
  EXPECT_EQ(v.person_digest("x"), vault(keys()).person_digest("x"));
  EXPECT_NE(v.person_digest("x"), other.person_digest("x"));
  EXPECT_NE(v.person_digest("x"), v.content_digest("x"));
  EXPECT_NE(v.person_digest("x"), v.person_digest("y"));
  EXPECT_NE(v.person_digest(number), crypto::sm3(number));

  const auto key = v.key_digest(dataset_id(1), authority_id(2), "3", 4);
  EXPECT_EQ(key, v.key_digest(dataset_id(1), authority_id(2), "3", 4));
  for (const auto& changed : {v.key_digest(dataset_id(2), authority_id(2), "3", 4),
                              v.key_digest(dataset_id(1), authority_id(3), "3", 4),
                              v.key_digest(dataset_id(1), authority_id(2), "4", 4),
                              v.key_digest(dataset_id(1), authority_id(2), "3", 5),
                              other.key_digest(dataset_id(1), authority_id(2), "3", 4)}) {
    EXPECT_NE(changed, key);
  }
  // Parts that run together the same way are not the same.
  EXPECT_NE(v.key_digest(dataset_id(1), authority_id(23), "x", 1),
            v.key_digest(dataset_id(12), authority_id(3), "x", 1));
  EXPECT_NE(v.key_digest(dataset_id(1), authority_id(1), "x1:1", 1),
            v.key_digest(dataset_id(1), authority_id(1), "x", 11));
}

TEST_F(vault_test, opens_what_it_sealed_and_nothing_else) {
  const vault v(keys());
  const std::string sealed = v.seal(content, "row");
  EXPECT_EQ(v.open(sealed, "row").value(), content);
  EXPECT_THAT(sealed, Not(HasSubstr(std::string(number))));
  EXPECT_TRUE(v.open(sealed, "other").error().is(crypto::errc::not_authentic));
  EXPECT_TRUE(vault(keys("other.key")).open(sealed, "row").error().is(crypto::errc::not_authentic));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(v.open(changed, "row").ok()) << i;
    EXPECT_FALSE(v.open(sealed.substr(0, i), "row").ok()) << i;
  }
  EXPECT_TRUE(v.open("", "row").error().is(errc::unknown_form));
  EXPECT_TRUE(v.open("\2" + sealed.substr(1), "row").error().is(errc::unknown_form));
}

TEST_F(vault_test, older_seal_keys_still_open) {
  const std::string old = vault(keys()).seal("text", "row");
  const vault v(with_newer("vault-seal"));
  EXPECT_EQ(v.open(old, "row").value(), "text");
  const std::string fresh = v.seal("text", "row");
  EXPECT_NE(fresh.substr(0, 5), old.substr(0, 5));
  EXPECT_EQ(v.open(fresh, "row").value(), "text");
  // A number that the file does not have.
  std::string unknown = old;
  unknown[1] = '\x7f';
  EXPECT_TRUE(v.open(unknown, "row").error().is(crypto::errc::no_such_key));
}

TEST_F(vault_store_test, tells_new_repeated_and_corrected_rows_apart) {
  const vault v(keys());
  auto c = open();
  EXPECT_THAT(store(c, v, {row("a"), row("b")}).value(),
              ElementsAre(outcome::sealed, outcome::sealed));
  EXPECT_THAT(store(c, v, {row("b"), row("c")}).value(),
              ElementsAre(outcome::unchanged, outcome::sealed));
  EXPECT_THAT(store(c, v, {row("a", "{}")}).value(), ElementsAre(outcome::corrected));
  EXPECT_THAT(store(c, v, {row("a", "{}")}).value(), ElementsAre(outcome::unchanged));
  // What stood two versions ago is a correction again.
  EXPECT_THAT(store(c, v, {row("a")}).value(), ElementsAre(outcome::corrected));
  const auto key = v.key_digest(dataset_id(3), authority_id(4), "a", 1);
  const auto versions = c.exec(
      "select version, ciphertext, batch_id, row_number, dataset_id, authority_id, key_number, "
      "sealed_at, person_digest from sealed_record where key_digest = $1::bytea order by version",
      pg::params().add_bytes(crypto::bytes(key)));
  ASSERT_TRUE(versions.ok());
  ASSERT_EQ(versions->size(), 3);
  EXPECT_EQ(v.open_row(versions->bytes(0, 1), key).value(), content);
  EXPECT_EQ(v.open_row(versions->bytes(1, 1), key).value(), "{}");
  EXPECT_EQ(v.open_row(versions->bytes(2, 1), key).value(), content);
  EXPECT_EQ(versions->int64(2, 0), 3);
  EXPECT_EQ(versions->int64(0, 2), 5);
  EXPECT_EQ(versions->int64(0, 3), 17);
  EXPECT_EQ(versions->int64(0, 4), 3);
  EXPECT_EQ(versions->int64(0, 5), 4);
  EXPECT_EQ(versions->int64(0, 6), 1);
  EXPECT_EQ(versions->text(0, 7), "2024-10-04 00:00:00+00");
  EXPECT_EQ(versions->bytes(0, 8), crypto::bytes(v.person_digest(number)));
}

TEST_F(vault_store_test, rows_of_one_chunk_meet_each_other) {
  const vault v(keys());
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
  const vault v(keys());
  auto c = open();
  ASSERT_TRUE(store(c, v, {row("a")}).ok());
  EXPECT_THAT(store(c, v, {row("a", content, "110101199003070740")}).value(),
              ElementsAre(outcome::counterpart_changed));
  EXPECT_EQ(c.exec("select count(*) from sealed_record where version > 1")->int64(0, 0), 0);
}

TEST_F(vault_store_test, what_is_withdrawn_gives_way_to_what_stood_before) {
  const vault v(keys());
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
  const vault v(keys());
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
  const vault v(keys());
  auto c = open();
  const std::vector<sealed_row> rows{v.make_row(row())};
  {
    auto t = pg::transaction::begin(c);
    ASSERT_TRUE(t.ok());
    ASSERT_TRUE(v.store(c, rows, now).ok());
  }
  EXPECT_EQ(c.exec("select count(*) from sealed_record")->int64(0, 0), 0);
  EXPECT_TRUE(v.store(c, {}, now).value().empty());
}

TEST_F(vault_store_test, hand_ins_at_the_same_time_seal_a_row_once) {
  const vault v(keys());
  constexpr int hand_ins = 4;
  std::vector<std::thread> threads;
  std::array<int, hand_ins> sealed{};
  std::array<int, hand_ins> unchanged{};
  for (std::size_t i = 0; i < hand_ins; ++i) {
    threads.emplace_back([&, i] {
      auto c = open();
      const auto out = store(c, v, {row("a"), row("b"), row("c")}).value();
      for (const outcome o : out) ++(o == outcome::sealed ? sealed : unchanged)[i];
    });
  }
  for (auto& t : threads) t.join();
  EXPECT_EQ(sealed[0] + sealed[1] + sealed[2] + sealed[3], 3);
  EXPECT_EQ(unchanged[0] + unchanged[1] + unchanged[2] + unchanged[3], 9);
}

TEST_F(vault_store_test, takes_a_whole_chunk_and_no_more) {
  const vault v(keys());
  auto c = open();
  std::vector<sealed_row> rows;
  for (std::size_t i = 0; i < rows_max; ++i) rows.push_back(v.make_row(row(std::to_string(i))));
  auto t = pg::transaction::begin(c);
  ASSERT_TRUE(t.ok());
  EXPECT_THAT(v.store(c, rows, now).value(), testing::Each(outcome::sealed));
  EXPECT_THAT(v.store(c, rows, now).value(), testing::Each(outcome::unchanged));
  rows.push_back(rows.front());
  EXPECT_TRUE(v.store(c, rows, now).error().is(errc::too_many_rows));
}

TEST_F(vault_store_test, a_key_file_of_another_database_is_refused_before_it_seals) {
  auto c = open();
  ASSERT_TRUE(store(c, vault(keys()), {row("a")}).ok());
  const auto out = store(c, vault(keys("other.key")), {row("b")});
  ASSERT_FALSE(out.ok());
  EXPECT_TRUE(out.error().is(errc::keys_differ));
  EXPECT_THAT(out.error().args(), ElementsAre("vault-digest", "1"));
  EXPECT_EQ(c.exec("select count(*) from sealed_record")->int64(0, 0), 1);
}

TEST_F(vault_store_test, a_new_seal_key_is_taken_and_a_new_digest_key_is_not) {
  auto c = open();
  ASSERT_TRUE(store(c, vault(keys()), {row("a")}).ok());
  const vault resealing(with_newer("vault-seal"));
  EXPECT_THAT(store(c, resealing, {row("a"), row("b")}).value(),
              ElementsAre(outcome::unchanged, outcome::sealed));
  const vault lost(with_newer("vault-digest"));
  EXPECT_TRUE(store(c, lost, {row("a")}).error().is(errc::keys_differ));
}

}  // namespace
}  // namespace lixin::vault
