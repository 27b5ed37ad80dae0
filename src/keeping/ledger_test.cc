#include "keeping/ledger.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace lixin::keeping {
namespace {

class ledger_test : public ::testing::Test {
 protected:
  ledger_test() {
    char name[] = "/tmp/lixin-ledger-XXXXXX";
    folder_ = ::mkdtemp(name);
    path_ = folder_ + "/ledger";
  }
  ~ledger_test() override { std::filesystem::remove_all(folder_); }

  static ledger_line line(int n) {
    return {n % 3 == 0,
            n,
            n % 3 == 0 ? 0 : n * 7,
            dataset_id(1),
            authority_id(2),
            std::string(32, static_cast<char>(n)),
            date(2026, 1, 1),
            date(2026, 1, 2)};
  }
  ledger open() { return std::move(ledger::open(path_)).value(); }
  std::int64_t read(std::int64_t after) {
    std::int64_t n = after;
    const auto read = open().read(after, [&](const std::vector<ledger_line>& lines) {
      for (const ledger_line& x : lines) {
        const ledger_line want = line(static_cast<int>(++n));
        EXPECT_EQ(x.sealed, want.sealed);
        EXPECT_EQ(x.subject, want.subject);
        EXPECT_EQ(x.record, want.record);
        EXPECT_EQ(x.document_digest, want.document_digest);
        EXPECT_EQ(x.due_on, want.due_on);
        EXPECT_EQ(x.purged_on, want.purged_on);
      }
      return result<void>();
    });
    return read.ok() ? n : -1;
  }

  std::string folder_, path_;
};

TEST_F(ledger_test, what_was_written_is_read_from_any_line_on) {
  EXPECT_EQ(open().lines(), 0);
  for (int n = 1; n <= 2500;) {
    ledger book = open();
    std::vector<ledger_line> piece;
    for (int k = 0; k < 500; ++k) piece.push_back(line(n++));
    ASSERT_TRUE(book.append(piece).ok());
    EXPECT_EQ(open().lines(), n - 1);
  }
  EXPECT_EQ(read(0), 2500);
  EXPECT_EQ(read(1999), 2500);
  EXPECT_EQ(read(2500), 2500);
}

TEST_F(ledger_test, a_line_that_was_cut_off_is_none_and_gives_way) {
  {
    ledger book = open();
    ASSERT_TRUE(book.append({line(1), line(2)}).ok());
  }
  const auto whole = std::filesystem::file_size(path_);
  {
    ledger book = open();
    ASSERT_TRUE(book.append({line(3)}).ok());
  }
  const auto bytes = std::filesystem::file_size(path_);
  for (auto size = bytes - 1; size >= whole; --size) {
    std::filesystem::resize_file(path_, size);
    ledger book = open();
    ASSERT_EQ(book.lines(), 2);
  }
  std::ofstream(path_, std::ios::app) << "3 R 3 21";
  ledger book = open();
  ASSERT_TRUE(book.append({line(3), line(4)}).ok());
  EXPECT_EQ(read(0), 4);
}

TEST_F(ledger_test, a_changed_moved_or_missing_line_is_found) {
  {
    ledger book = open();
    ASSERT_TRUE(book.append({line(1), line(2), line(3), line(4)}).ok());
  }
  std::ifstream in(path_);
  std::vector<std::string> lines;
  for (std::string l; std::getline(in, l);) lines.push_back(l);
  const auto write = [&](const std::vector<std::string>& all) {
    std::ofstream out(path_);
    for (const auto& l : all) out << l << '\n';
  };
  auto changed = lines;
  changed[1][4] = changed[1][4] == '9' ? '8' : '9';
  write(changed);
  EXPECT_EQ(read(0), -1);
  write({lines[0], lines[2], lines[1], lines[3]});
  EXPECT_EQ(read(0), -1);
  write({lines[0], lines[1], lines[3]});
  EXPECT_EQ(read(0), -1);
  write(lines);
  EXPECT_EQ(read(0), 4);
}

TEST_F(ledger_test, a_folder_that_is_not_there_is_said) {
  path_ = folder_ + "/none/ledger";
  ledger book = open();
  const auto written = book.append({line(1)});
  ASSERT_FALSE(written.ok());
  EXPECT_EQ(written.error().code(), "keeping.ledger_unwritable");
  EXPECT_EQ(book.lines(), 0);
}

}  // namespace
}  // namespace lixin::keeping
