// For the tests of the vault: a key file in a folder of its own, rows of nobody, a database.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "pg/test_server.h"
#include "vault/vault.h"

namespace lixin::vault::testing_rows {

// A made-up number with a right check digit, and a content that repeats it.
inline constexpr std::string_view number = "110101199003070732";
inline constexpr std::string_view content = R"({"name":"张三丰","number":"110101199003070732"})";

class vault_test : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/lixin-vault-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

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
  static result<std::vector<outcome>> store(pg::connection& c, vault& v,
                                            const std::vector<clear_row>& rows) {
    LIXIN_TRY(auto t, pg::transaction::begin(c));
    LIXIN_TRY(auto out, v.store(c, rows, now));
    LIXIN_CHECK(t.commit());
    return out;
  }

  static constexpr std::chrono::sys_days now{std::chrono::days(20'000)};
  static inline std::string* conninfo_ = nullptr;
};

}  // namespace lixin::vault::testing_rows
