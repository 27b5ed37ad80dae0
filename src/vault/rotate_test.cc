#include "vault/rotate.h"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <random>
#include <thread>

#include "base/test_seed.h"
#include "journal/audit_verify.h"
#include "vault/errc.h"
#include "vault/look.h"
#include "vault/vault_testing.h"

namespace lixin::vault {
namespace {

using namespace testing_rows;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class rotate_test : public vault_store_test {
 protected:
  void SetUp() override {
    vault_store_test::SetUp();
    ASSERT_TRUE(open()
                    .script("truncate audit; update audit_head set entry_number = 0, digest = "
                            "decode(repeat('00', 32), 'hex'); insert into dataset (code) values "
                            "('d1'), ('d2'), ('d3') on conflict do nothing; insert into authority "
                            "(code, title_zh, title_en) select 'a' || n, '', '' from "
                            "generate_series(1, 5) n on conflict do nothing")
                    .ok());
  }
  static result<rotate_outcome> turn(vault& v, rotate_request r = {.digest = true, .seal = true}) {
    auto c = open();
    r.actor = "keeper";
    r.page_rows = 7;
    return rotate(c, v, r, fixed_clock(date(2026, 11, 24)));
  }
  // Rows of several documents in several versions, as {document, content, batch}.
  static void fill(vault& v, int documents) {
    auto c = open();
    std::vector<std::string> names;
    for (int i = 0; i < documents; ++i) names.push_back("d" + std::to_string(i));
    for (int version = 1; version <= 3; ++version) {
      const std::string text = R"({"v":")" + std::to_string(version) + R"("})";
      std::vector<clear_row> rows;
      for (int i = 0; i < documents; ++i) {
        if (i % version == 0) rows.push_back(row(names[static_cast<std::size_t>(i)], text));
      }
      for (clear_row& r : rows) r.batch = batch_id(version);
      ASSERT_TRUE(store(c, v, rows).ok());
    }
  }
  // Everything that is sealed, opened; equal before and after a rotation.
  static std::vector<std::string> opened(const vault& v) {
    auto c = open();
    const auto r = c.exec(
        "select ciphertext, key_digest, version, batch_id, row_number, key_number, dataset_id, "
        "authority_id, person_digest, content_digest, withdrawn_at from sealed_record");
    LIXIN_ASSERT(r.ok());
    std::vector<std::string> out;
    for (int i = 0; i < r->size(); ++i) {
      const auto key = digest_from(r->bytes(i, 1));
      const auto row = v.open(r->bytes(i, 0), key);
      LIXIN_ASSERT(row.ok());
      clear_row again;
      again.dataset = dataset_id(static_cast<std::int32_t>(r->int64(i, 6)));
      again.authority = authority_id(static_cast<std::int32_t>(r->int64(i, 7)));
      again.document_key = row->document_key;
      again.party_ordinal = row->party_ordinal;
      again.person = row->person;
      again.content = row->content;
      // The three digests are those of the row's own text under the key that it names.
      const auto d = v.digests(again, static_cast<int>(r->int64(i, 5)));
      EXPECT_EQ(d.key, key);
      EXPECT_EQ(crypto::bytes(d.person), r->bytes(i, 8));
      EXPECT_EQ(crypto::bytes(d.content), r->bytes(i, 9));
      std::string line = row->document_key + " " + row->person + " " + row->content;
      for (const int column : {2, 3, 4, 10}) line += " " + std::string(r->text(i, column));
      out.push_back(std::move(line));
    }
    std::ranges::sort(out);
    return out;
  }
  static std::string uses(vault& v) {
    auto c = open();
    const auto all = key_uses(c, v.file());
    LIXIN_ASSERT(all.ok());
    std::string out;
    for (const key_use& u : *all) {
      out += u.purpose.substr(6) + " " + std::to_string(u.number) + ": " + std::to_string(u.rows) +
             (u.in_use ? " in use" : "") + (u.in_file ? " in file" : "") + "\n";
    }
    return out;
  }
  static void expect_audit() {
    auto c = open();
    const auto out = journal::verify_audit(c, {});
    ASSERT_TRUE(out.ok());
    EXPECT_THAT(out->faults, IsEmpty());
  }
};

TEST_F(rotate_test, every_row_is_found_again_under_the_new_keys) {
  vault v(keys());
  fill(v, 40);
  const auto before = opened(v);
  EXPECT_EQ(uses(v), "digest 1: 74 in use in file\nseal 1: 74 in use in file\n");
  const auto out = turn(v);
  ASSERT_TRUE(out.ok()) << out.error().text(language::en);
  EXPECT_EQ(out->digest_key, 2);
  EXPECT_EQ(out->seal_key, 2);
  EXPECT_EQ(out->rows, 74);
  EXPECT_FALSE(out->resumed);
  EXPECT_EQ(opened(v), before);
  EXPECT_EQ(uses(v),
            "digest 1: 0 in file\ndigest 2: 74 in use in file\nseal 1: 0 in file\n"
            "seal 2: 74 in use in file\n");
  auto c = open();
  EXPECT_THAT(store(c, v, {row("d0", R"({"v":"3"})"), row("d1", "{}"), row("new")}).value(),
              ElementsAre(outcome::unchanged, outcome::corrected, outcome::sealed));
  expect_audit();
}

TEST_F(rotate_test, one_purpose_at_a_time) {
  vault v(keys());
  fill(v, 10);
  const auto before = opened(v);
  ASSERT_TRUE(turn(v, {.seal = true}).ok());
  EXPECT_THAT(uses(v), HasSubstr("digest 1: 19 in use"));
  EXPECT_THAT(uses(v), HasSubstr("seal 2: 19 in use"));
  EXPECT_EQ(opened(v), before);
  ASSERT_TRUE(turn(v, {.digest = true}).ok());
  EXPECT_THAT(uses(v), HasSubstr("digest 2: 19 in use"));
  EXPECT_THAT(uses(v), HasSubstr("seal 2: 19 in use"));
  EXPECT_EQ(opened(v), before);
}

TEST_F(rotate_test, an_empty_vault_takes_new_keys_too) {
  vault v(keys());
  const auto out = turn(v);
  ASSERT_TRUE(out.ok());
  EXPECT_EQ(out->digest_key, 2);
  EXPECT_EQ(out->rows, 0);
  auto c = open();
  ASSERT_TRUE(store(c, v, {row("a")}).ok());
  EXPECT_THAT(uses(v), HasSubstr("digest 2: 1 in use"));
}

TEST_F(rotate_test, a_program_with_the_old_file_in_memory_reads_the_new_one) {
  vault early(keys());
  fill(early, 10);
  vault late(keys());
  ASSERT_TRUE(turn(early).ok());
  auto c = open();
  EXPECT_THAT(store(c, late, {row("d0", R"({"v":"3"})"), row("x")}).value(),
              ElementsAre(outcome::unchanged, outcome::sealed));
  EXPECT_THAT(uses(late), HasSubstr("digest 1: 0"));
}

TEST_F(rotate_test, old_keys_leave_the_file_only_when_nothing_names_them) {
  vault v(keys());
  fill(v, 5);
  auto c = open();
  const fixed_clock today(date(2026, 11, 24));
  EXPECT_THAT(retire_keys(c, v, "keeper", today).value(), IsEmpty());
  ASSERT_TRUE(turn(v).ok());
  const auto gone = retire_keys(c, v, "keeper", today);
  ASSERT_TRUE(gone.ok());
  EXPECT_EQ(gone->size(), 2U);
  EXPECT_EQ(keys().numbers("vault-digest"), std::vector{2});
  EXPECT_EQ(keys().numbers("vault-seal"), std::vector{2});
  EXPECT_THAT(retire_keys(c, v, "keeper", today).value(), IsEmpty());
  EXPECT_EQ(opened(v).size(), opened(vault(keys())).size());
  expect_audit();
}

TEST_F(rotate_test, two_rotations_at_once_are_one_too_many) {
  vault v(keys());
  fill(v, 5);
  auto c = open();
  ASSERT_TRUE(c.exec("select pg_advisory_lock(x'7661756c74726f74'::bigint)").ok());
  EXPECT_TRUE(turn(v).error().is(errc::rotation_running));
  EXPECT_EQ(keys().numbers("vault-digest"), std::vector{1});
}

TEST_F(rotate_test, rows_without_their_parts_hold_new_digests_up_and_take_a_new_seal) {
  vault v(keys());
  auto c = open();
  ASSERT_TRUE(store(c, v, {row("a"), row("b")}).ok());
  const auto key = v.digests(row("a"), 1).key;
  ASSERT_TRUE(
      c.exec("update sealed_record set ciphertext = $1::bytea where key_digest = $2::bytea",
             pg::params().add_bytes(v.seal(row("a"), key, 1, false)).add_bytes(crypto::bytes(key)))
          .ok());
  const auto refused = turn(v);
  ASSERT_FALSE(refused.ok());
  EXPECT_TRUE(refused.error().is(errc::older_form));
  EXPECT_EQ(keys().numbers("vault-digest"), std::vector{1});
  ASSERT_TRUE(turn(v, {.seal = true}).ok());
  EXPECT_TRUE(turn(v, {.digest = true}).error().is(errc::older_form));
  const auto r = c.exec("select ciphertext from sealed_record where key_digest = $1::bytea",
                        pg::params().add_bytes(crypto::bytes(key)));
  EXPECT_FALSE(v.open(r->bytes(0, 0), key)->whole);
  EXPECT_EQ(v.open(r->bytes(0, 0), key)->content, content);
}

// Killed after any number of pages: what is half done is found in both states, and the next call
// finishes it.
TEST_F(rotate_test, killed_in_the_middle_it_goes_on) {
  vault v(keys());
  fill(v, 30);
  const auto before = opened(v);
  for (const int pages : {1, 3}) {
    const pid_t child = ::fork();
    if (child == 0) {
      int left = pages;
      vault mine(keys());
      static_cast<void>(turn(mine, {.digest = true, .seal = true, .progress = [&](const auto&) {
                                      if (--left == 0) ::_exit(9);
                                    }}));
      ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_EQ(WEXITSTATUS(status), 9);
    vault after(keys());
    EXPECT_THAT(uses(after), HasSubstr("digest 1: "));
    EXPECT_THAT(uses(after), Not(HasSubstr("digest 1: 0")));
    EXPECT_EQ(opened(after), before);
    // A hand-in in between meets every record once.
    auto c = open();
    std::vector<std::string> names;
    for (int i = 0; i < 30; ++i) names.push_back("d" + std::to_string(i));
    std::vector<clear_row> again;
    for (int i = 0; i < 30; ++i) {
      const int version = i % 3 == 0 ? 3 : i % 2 == 0 ? 2 : 1;
      static const std::array<std::string, 4> texts{"", R"({"v":"1"})", R"({"v":"2"})",
                                                    R"({"v":"3"})"};
      again.push_back(
          row(names[static_cast<std::size_t>(i)], texts[static_cast<std::size_t>(version)]));
    }
    EXPECT_THAT(store(c, after, again).value(), testing::Each(outcome::unchanged));
    EXPECT_EQ(opened(after), before);
  }
  vault last(keys());
  const auto out = turn(last);
  ASSERT_TRUE(out.ok()) << out.error().text(language::en);
  EXPECT_TRUE(out->resumed);
  EXPECT_EQ(out->digest_key, 2);
  EXPECT_EQ(opened(last), before);
  EXPECT_THAT(uses(last), HasSubstr("digest 1: 0 in file\n"));
  expect_audit();
}

// Random hand-ins, corrections and withdrawals of several sources beside rotations: the same rows
// as without any rotation.
TEST_F(rotate_test, beside_hand_ins_it_changes_nothing_that_they_see) {
  const std::uint32_t seed = test_seed();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  const auto play = [&](bool rotating) {
    LIXIN_ASSERT(open().script("truncate sealed_record, vault_key").ok());
    std::filesystem::remove(folder_ + "/lixin.key");
    keys();
    std::atomic<int> running = 3;
    std::vector<std::thread> threads;
    for (int source = 0; source < 3; ++source) {
      threads.emplace_back([&, source] {
        std::mt19937 random(seed + static_cast<unsigned>(source));
        auto c = open();
        vault v(keys());
        for (int batch = 1; batch <= 25; ++batch) {
          std::vector<std::string> texts;
          for (int i = 0; i < 12; ++i) {
            texts.push_back("d" + std::to_string(random() % 40));
            texts.push_back(R"({"v":")" + std::to_string(random() % 3) + R"("})");
          }
          std::vector<clear_row> rows;
          for (std::size_t i = 0; i < texts.size(); i += 2) {
            rows.push_back(row(texts[i], texts[i + 1]));
            rows.back().authority = authority_id(source + 1);
            rows.back().batch = batch_id(source * 1000 + batch);
            rows.back().row_number = i;
          }
          EXPECT_TRUE(store(c, v, rows).ok());
          if (batch % 6 == 0) {
            EXPECT_TRUE(c.begin().ok());
            EXPECT_TRUE(v.withdraw(c, batch_id(source * 1000 + batch - 2), now).ok());
            EXPECT_TRUE(c.commit().ok());
          }
        }
        --running;
      });
    }
    int turns = 0;
    while (rotating && (running > 0 || turns < 2)) {
      vault v(keys());
      const auto out = turn(v);
      EXPECT_TRUE(out.ok()) << (out.ok() ? "" : out.error().text(language::en));
      ++turns;
    }
    for (auto& t : threads) t.join();
    vault v(keys());
    return opened(v);
  };
  const auto plain = play(false);
  const auto rotated = play(true);
  EXPECT_GT(plain.size(), 100U);
  EXPECT_EQ(rotated, plain);
  expect_audit();
}

// ---- looks

TEST_F(rotate_test, a_look_shows_a_persons_rows_and_is_logged) {
  vault v(keys());
  auto c = open();
  ASSERT_TRUE(store(c, v, {row("a"), row("b"), row("c", content, "110101199003070740")}).ok());
  ASSERT_TRUE(store(c, v, {row("a", "{}")}).ok());
  const fixed_clock today(date(2026, 11, 24));
  const look_request asked{std::string(number), "法院执行", "民事诉讼法第二百五十三条", "wang"};
  const auto rows = look(c, v, asked, today);
  ASSERT_TRUE(rows.ok()) << rows.error().text(language::en);
  ASSERT_EQ(rows->size(), 3U);
  EXPECT_EQ(std::ranges::count_if(*rows, [](const looked_row& r) { return r.stands; }), 2);
  EXPECT_EQ(rows->front().dataset, "d3");
  EXPECT_TRUE(look(c, v, {"nobody", "x", "y", "wang"}, today)->empty());
  for (const look_request& bad :
       {look_request{"x", "", "y", "wang"}, {"x", "x", "", "wang"}, {"x", "x", "y", ""}}) {
    EXPECT_TRUE(look(c, v, bad, today).error().is(errc::look_unjustified));
  }
  const auto entries = journal::read_audit(c, {});
  ASSERT_EQ(entries->size(), 2U);
  EXPECT_EQ((*entries)[0].what.actor, "wang");
  EXPECT_THAT((*entries)[0].what.object, HasSubstr("法院执行"));
  EXPECT_THAT((*entries)[0].what.object, HasSubstr("rows: 3; sealed: "));
  EXPECT_THAT((*entries)[1].what.object, HasSubstr("rows: 0"));
  for (const auto& e : *entries) EXPECT_THAT(e.what.object, Not(HasSubstr(std::string(number))));
  // Also in the middle of a rotation.
  ASSERT_TRUE(turn(v).ok());
  EXPECT_EQ(look(c, v, asked, today)->size(), 3U);
  expect_audit();
}

}  // namespace
}  // namespace lixin::vault
