#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "crypto/crypto.h"
#include "crypto/errc.h"

namespace lixin::crypto {
namespace {

namespace fs = std::filesystem;

class key_file_test : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/lixin-keys-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string path() const { return folder_ + "/lixin.key"; }
  void write(const std::string& content, mode_t mode = 0600) const {
    std::ofstream(path()) << content;
    ASSERT_EQ(::chmod(path().c_str(), mode), 0);
  }
  std::string read() const {
    std::ifstream in(path());
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  }

  std::string folder_;
};

const std::string key_a = to_base64url(std::string(32, 'a'));
const std::string key_b = to_base64url(std::string(32, 'b'));
const std::string all_purposes = "1 receipt " + key_a + "\n1 vault-digest " + key_a +
                                 "\n1 vault-seal " + key_a + "\n1 record " + key_a + "\n";

TEST_F(key_file_test, is_made_private_with_a_different_key_for_each_purpose) {
  const auto made = key_file::open_or_create(path());
  ASSERT_TRUE(made.ok());
  struct stat st{};
  ASSERT_EQ(::stat(path().c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 07777, 0600u);
  std::vector<std::string> secrets;
  for (const char* purpose : {"receipt", "vault-digest", "vault-seal", "record"}) {
    EXPECT_EQ(made->newest(purpose).number, 1);
    EXPECT_EQ(made->newest(purpose).secret.size(), 32u);
    EXPECT_THAT(secrets, testing::Not(testing::Contains(made->newest(purpose).secret)));
    secrets.push_back(made->newest(purpose).secret);
  }
  // Nothing half-made is left beside it.
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(key_file_test, keeps_its_keys) {
  const auto made = key_file::open_or_create(path());
  ASSERT_TRUE(made.ok());
  const std::string before = read();
  const auto again = key_file::open_or_create(path());
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->newest("receipt").secret, made->newest("receipt").secret);
  EXPECT_EQ(read(), before);
}

TEST_F(key_file_test, makers_at_the_same_time_end_with_the_same_keys) {
  constexpr int makers = 8;
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  std::vector<pid_t> children;
  for (int i = 0; i < makers; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      const auto made = key_file::open_or_create(path());
      const std::string secret = made.ok() ? made->newest("record").secret : std::string(32, '?');
      ::_exit(::write(ends[1], secret.data(), 32) == 32 ? 0 : 1);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  const auto stands = key_file::open_or_create(path());
  ASSERT_TRUE(stands.ok());
  for (int i = 0; i < makers; ++i) {
    std::string secret(32, '\0');
    ASSERT_EQ(::read(ends[0], secret.data(), 32), 32);
    EXPECT_EQ(secret, stands->newest("record").secret);
  }
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST_F(key_file_test, newest_is_the_highest_number_and_older_ones_stay) {
  write("# keys of the city\n\n2 receipt " + key_b + "\n" + all_purposes);
  const auto file = key_file::open_or_create(path());
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file->newest("receipt").number, 2);
  EXPECT_EQ(file->newest("receipt").secret, std::string(32, 'b'));
  EXPECT_EQ(file->numbered("receipt", 1)->secret, std::string(32, 'a'));
  const auto missing = file->numbered("receipt", 3);
  ASSERT_FALSE(missing.ok());
  EXPECT_TRUE(missing.error().is(errc::no_such_key));
}

TEST_F(key_file_test, is_refused_when_others_could_read_it) {
  for (const mode_t mode : {0640U, 0604U, 0620U, 0644U, 0601U}) {
    write(all_purposes, mode);
    const auto file = key_file::open_or_create(path());
    ASSERT_FALSE(file.ok()) << mode;
    EXPECT_TRUE(file.error().is(errc::key_file_exposed));
  }
}

TEST_F(key_file_test, is_refused_when_it_is_no_plain_file_of_ours) {
  fs::create_symlink("/etc/hostname", path());
  EXPECT_TRUE(key_file::open_or_create(path()).error().is(errc::key_file_foreign));
  fs::remove(path());
  fs::create_directory(path());
  EXPECT_FALSE(key_file::open_or_create(path()).ok());
  fs::remove(path());
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  EXPECT_TRUE(key_file::open_or_create(path()).error().is(errc::key_file_foreign));
}

TEST_F(key_file_test, names_the_wrong_line_and_never_what_stands_there) {
  const std::vector<std::string> wrong{"receipt " + key_a,
                                       "0 receipt " + key_a,
                                       "-1 receipt " + key_a,
                                       "1  " + key_a,
                                       "1 receipt",
                                       "1 receipt " + key_a + "x",
                                       "1 receipt " + key_a + " ",
                                       "1 receipt c2hvcnQ",
                                       "99999999999 receipt " + key_a,
                                       "1x receipt " + key_a,
                                       "1 receipt " + key_a + "=",
                                       "\x80\xff"};
  for (const std::string& line : wrong) {
    write("# first line\n" + line + "\n");
    const auto file = key_file::open_or_create(path());
    ASSERT_FALSE(file.ok()) << line;
    EXPECT_TRUE(file.error().is(errc::key_line_wrong)) << line;
    EXPECT_EQ(file.error().args()[1], "2") << line;
    EXPECT_THAT(file.error().text(language::en), testing::Not(testing::HasSubstr(key_a)));
  }
}

TEST_F(key_file_test, refuses_repeated_and_missing_keys) {
  write(all_purposes + "1 receipt " + key_b + "\n");
  const auto twice = key_file::open_or_create(path());
  ASSERT_FALSE(twice.ok());
  EXPECT_TRUE(twice.error().is(errc::key_twice));
  EXPECT_EQ(twice.error().args()[1], "5");
  write("1 receipt " + key_a + "\n1 record " + key_a + "\n1 vault-seal " + key_a + "\n");
  const auto missing = key_file::open_or_create(path());
  ASSERT_FALSE(missing.ok());
  EXPECT_TRUE(missing.error().is(errc::key_purpose_missing));
  EXPECT_EQ(missing.error().args()[1], "vault-digest");
  // An empty file is a damaged one: no new keys are put in its place.
  write("");
  EXPECT_TRUE(key_file::open_or_create(path()).error().is(errc::key_purpose_missing));
  EXPECT_EQ(read(), "");
}

TEST_F(key_file_test, says_when_the_folder_is_not_there) {
  const auto file = key_file::open_or_create(folder_ + "/none/lixin.key");
  ASSERT_FALSE(file.ok());
  EXPECT_TRUE(file.error().is(errc::key_file_unwritable));
}

TEST_F(key_file_test, refuses_a_file_beyond_its_limit) {
  write(all_purposes + std::string(70'000, '#') + "\n");
  EXPECT_TRUE(key_file::open_or_create(path()).error().is(errc::key_file_unreadable));
}

}  // namespace
}  // namespace lixin::crypto
