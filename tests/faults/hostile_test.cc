// Files that nobody should hand in. Each is refused with the reason in both languages, leaves the
// database as it was, and costs neither much memory nor a hanging program.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <zip.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <thread>

#include "support/home.h"
#include "support/picture.h"
#include "tabular/tabular.h"

namespace lixin {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing_support::ended;
using testing_support::hand_in_file;
using testing_support::home;

constexpr long memory_kb_max = 400 * 1024;

class hostile : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    home_ = new home(home::server::shared);
    home_->load_settings();
    city::settings s;
    s.organisations = 1'000;
    s.records = 0;
    s.faults_per_million = 0;
    const auto files = home_->make_city(s);
    lines_ = new std::vector<std::string>();
    std::ifstream in(*home_ / ("city/" + files.front().file), std::ios::binary);
    for (std::string line; std::getline(in, line);) {
      if (line.ends_with('\r')) line.pop_back();
      if (line.find('"') == std::string::npos) lines_->push_back(line);
    }
    lines_->front().erase(0, 3);  // the mark
    // Something to lose.
    testing_support::write_bytes(*home_ / "base.csv", text(1, 200));
    ASSERT_EQ(hand_in("base.csv").exit_code, 0);
  }
  static void TearDownTestSuite() {
    delete lines_;
    delete home_;
  }

  static const std::string& heading() { return lines_->front(); }
  // The heading and `count` rows from row `first` of the city's own file.
  static std::string text(std::size_t first, std::size_t count) {
    std::string out = heading() + "\r\n";
    for (std::size_t i = first; i < first + count; ++i) out += lines_->at(i) + "\r\n";
    return out;
  }
  static std::string path(const std::string& name) { return *home_ / name; }
  static ended hand_in(const std::string& name, std::vector<std::string> more = {}) {
    auto words = testing_support::import_words({name, "registration", "scjg"}, path(name));
    words.insert(words.end(), more.begin(), more.end());
    return home_->run(words);
  }
  static testing_support::picture picture() {
    pg::connection c = home_->connect();
    return testing_support::picture_of(c);
  }

  // Handed in, the file is refused so and the database stays as it is.
  static ended expect_refused(const std::string& name, int exit_code, const std::string& zh,
                              const std::string& en, std::vector<std::string> more = {}) {
    const auto before = picture();
    const ended e = hand_in(name, std::move(more));
    EXPECT_EQ(e.exit_code, exit_code) << e.all();
    EXPECT_THAT(e.err,
                AllOf(HasSubstr("错误："), HasSubstr("error: "), HasSubstr(zh), HasSubstr(en)));
    EXPECT_EQ(e.out, "");
    EXPECT_LT(e.peak_kb, memory_kb_max);
    const std::string changed = testing_support::differences(before, picture());
    EXPECT_TRUE(changed.empty()) << changed;
    return e;
  }
  static ended expect_refused_bytes(const std::string& name, std::string_view bytes, int exit_code,
                                    const std::string& zh, const std::string& en,
                                    std::vector<std::string> more = {}) {
    testing_support::write_bytes(path(name), bytes);
    return expect_refused(name, exit_code, zh, en, std::move(more));
  }

  static home* home_;
  static std::vector<std::string>* lines_;
};
home* hostile::home_;
std::vector<std::string>* hostile::lines_;

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> out{""};
  for (const char c : line) {
    if (c == ',') {
      out.emplace_back();
    } else {
      out.back().push_back(c);
    }
  }
  return out;
}

void write_workbook(const std::string& path, const std::vector<std::vector<std::string>>& rows) {
  auto out = tabular::create(path);
  ASSERT_TRUE(out.ok());
  for (const auto& row : rows) ASSERT_TRUE((*out)->write(row).ok());
  ASSERT_TRUE((*out)->close().ok());
}

// Puts `bytes` in the place of an entry of a workbook.
void replace_entry(const std::string& path, const char* entry, const std::string& bytes) {
  int failed = 0;
  zip_t* archive = ::zip_open(path.c_str(), 0, &failed);
  ASSERT_NE(archive, nullptr);
  zip_source_t* source = ::zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
  ASSERT_NE(source, nullptr);
  ASSERT_GE(::zip_file_add(archive, entry, source, ZIP_FL_OVERWRITE), 0);
  ASSERT_EQ(::zip_close(archive), 0);
}

TEST_F(hostile, cut_inside_a_quoted_cell) {
  const std::string whole = text(201, 20);
  const ended e = expect_refused_bytes("cut.csv", whole + "\"沧州半个", 2, "右引号", "quote");
  EXPECT_THAT(e.err, AllOf(HasSubstr("cut.csv"), HasSubstr("第 22 行"), HasSubstr("row 22")));
}

// Without quotes a cut row looks like a short one: its own reasons refuse it.
TEST_F(hostile, cut_inside_a_row) {
  const std::string whole = text(201, 20);
  const std::string last = lines_->at(220);
  const auto comma = last.find(',');
  testing_support::write_bytes(path("cut-row.csv"),
                               whole.substr(0, whole.size() - 2 - (last.size() - comma) + 5));
  const ended e = hand_in("cut-row.csv");
  EXPECT_EQ(e.exit_code, 3) << e.all();
  EXPECT_THAT(e.out, AllOf(HasSubstr("接收 19"), HasSubstr("退回 1"), HasSubstr("第 21 行")));
}

TEST_F(hostile, cut_inside_a_sign) {
  const std::string whole = text(201, 20);
  const auto at = whole.rfind("沧州");
  const ended e = expect_refused_bytes("sign.csv", whole.substr(0, at + 4), 2, "不是有效的 UTF-8",
                                       "not valid UTF-8");
  EXPECT_THAT(e.err, HasSubstr("sign.csv"));
}

TEST_F(hostile, cut_workbook) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < 300; ++i) rows.push_back(cells_of(lines_->at(i == 0 ? 0 : 200 + i)));
  write_workbook(path("whole.xlsx"), rows);
  const std::string whole = testing_support::bytes_of(path("whole.xlsx"));
  for (const std::size_t part : {2u, 3u, 10u}) {
    expect_refused_bytes("cut.xlsx", std::string_view(whole).substr(0, whole.size() / part), 2,
                         "已损坏", "damaged");
  }
}

TEST_F(hostile, utf8_said_to_be_gb18030_and_the_other_way_round) {
  expect_refused_bytes("utf8.csv", text(201, 20), 2, "不是有效的 GB18030", "not valid GB18030",
                       {"--encoding", "GB18030"});
  // 沧 and 州 in GB18030.
  expect_refused_bytes("gb18030.csv", "\xB2\xD7\xD6\xDD,\xB2\xD7\xD6\xDD\r\n1,2\r\n", 2,
                       "不是有效的 UTF-8", "not valid UTF-8", {"--encoding", "UTF-8"});
}

TEST_F(hostile, no_text_at_all) {
  expect_refused_bytes("empty.csv", "", 2, "文件是空的", "the file is empty");
  expect_refused_bytes("nul.csv", std::string_view("abc,\0def\n1,2\n", 13), 2, "NUL", "NUL");
  expect_refused_bytes("utf16.csv", std::string_view("\xFF\xFE\x01\x4F\x0A\x00", 6), 2, "UTF-16",
                       "UTF-16");
  expect_refused_bytes("old.xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and so on", 2, ".xls", ".xlsx");
}

TEST_F(hostile, what_is_no_file) {
  fs::create_directory(path("folder.csv"));
  expect_refused("folder.csv", 2, "folder.csv", "folder.csv");
  expect_refused("missing.csv", 2, "missing.csv", "missing.csv");
}

TEST_F(hostile, a_file_without_permission) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read every file";
  testing_support::write_bytes(path("closed.csv"), text(201, 2));
  fs::permissions(path("closed.csv"), fs::perms::none);
  expect_refused("closed.csv", 2, "权限", "permissions");
}

TEST_F(hostile, headings_that_are_unknown_doubled_or_missing) {
  const ended e = expect_refused_bytes(
      "doubled.csv", "企业名称,名称,星座,成立日期\r\n甲,乙,丙,丁\r\n", 2, "星座", "星座");
  EXPECT_THAT(e.err, AllOf(HasSubstr("名称"), HasSubstr("统一社会信用代码"), HasSubstr("栏")));
  // One sentence in each language for each fault.
  EXPECT_GE(std::ranges::count(e.err, '\n'), 6);
}

TEST_F(hostile, sixteen_thousand_columns) {
  std::string wide = heading();
  for (int i = 0; i < 16'384; ++i) wide += fmt::format(",列{}", i);
  const ended e = expect_refused_bytes("wide.csv", wide + "\r\n" + lines_->at(201) + "\r\n", 2,
                                       "512 列", "more than 512 columns");
  EXPECT_THAT(e.err, AllOf(HasSubstr("第 1 行"), HasSubstr("row 1")));
  write_workbook(path("wide.xlsx"), {std::vector<std::string>(16'384, "列")});
  expect_refused("wide.xlsx", 2, "512 列", "more than 512 columns");
  // Also far below the heading.
  const std::string late = text(201, 20) + std::string(16'383, ',') + "x\r\n";
  const ended below = expect_refused_bytes("late.csv", late, 2, "512 列", "more than 512 columns");
  EXPECT_THAT(below.err, AllOf(HasSubstr("第 22 行"), HasSubstr("row 22")));
}

void write_long_line(const std::string& path, const std::string& before) {
  std::ofstream out(path, std::ios::binary);
  out << before;
  const std::string piece(1 << 20, 'x');
  for (int i = 0; i < 1024; ++i) out << piece;
  ASSERT_TRUE(out.flush().good());
}

TEST_F(hostile, a_line_of_a_gigabyte) {
  write_long_line(path("long.csv"), "");
  expect_refused("long.csv", 2, "字节", "bytes");
  fs::remove(path("long.csv"));
  write_long_line(path("long-row.csv"), text(201, 5));
  const ended e = expect_refused("long-row.csv", 2, "字节", "bytes");
  EXPECT_THAT(e.err, AllOf(HasSubstr("第 7 行"), HasSubstr("row 7")));
  fs::remove(path("long-row.csv"));
}

TEST_F(hostile, zip_bomb) {
  const std::string blanks(std::size_t{64} << 20, ' ');
  write_workbook(path("bomb.xlsx"), {cells_of(heading()), cells_of(lines_->at(201))});
  replace_entry(
      path("bomb.xlsx"), "xl/worksheets/sheet1.xml",
      "<?xml version=\"1.0\"?><worksheet><sheetData>" + blanks + "</sheetData></worksheet>");
  EXPECT_LT(fs::file_size(path("bomb.xlsx")), 200'000u);
  expect_refused("bomb.xlsx", 5, "解压后超过上限", "unzips to more than the limit");
}

TEST_F(hostile, only_a_heading_is_a_hand_in_without_rows) {
  testing_support::write_bytes(path("heading.csv"), heading() + "\r\n");
  const auto before = picture();
  const ended e = hand_in("heading.csv");
  EXPECT_EQ(e.exit_code, 0) << e.all();
  EXPECT_THAT(e.out, HasSubstr("读入 0 行"));
  const auto after = picture();
  EXPECT_EQ(after.at("fates"), before.at("fates"));
  EXPECT_EQ(after.at("versions"), before.at("versions"));
  EXPECT_EQ(after.at("batches").size(), before.at("batches").size() + 1);
}

TEST_F(hostile, blank_rows_are_skipped_and_counted) {
  std::string many = heading() + "\r\n";
  for (int i = 0; i < 100'000; ++i) many += i % 2 == 0 ? "\r\n" : ",,,  ,,\r\n";
  many += lines_->at(231) + "\r\n" + "没有代码的公司,\r\n";
  testing_support::write_bytes(path("blank.csv"), many);
  const ended e = hand_in("blank.csv");
  EXPECT_EQ(e.exit_code, 3) << e.all();
  EXPECT_THAT(e.out, AllOf(HasSubstr("读入 2 行"), HasSubstr("接收 1"), HasSubstr("退回 1"),
                           HasSubstr("第 100003 行")));
  EXPECT_LT(e.peak_kb, memory_kb_max);
}

// ---- what happens beside an import

// Holds what every chunk of a registration by scjg must lock, so that importers stand still there.
class held_source {
 public:
  explicit held_source(const home& h) : c_(h.connect()) {
    EXPECT_TRUE(c_.begin().ok());
    EXPECT_TRUE(
        c_.exec("SELECT pg_advisory_xact_lock((SELECT dataset_id FROM dataset WHERE code = "
                "'registration'), (SELECT authority_id FROM authority WHERE code = 'scjg'))")
            .ok());
  }
  void release() { c_.rollback(); }

  // The process number of the server's process that waits here; 0 when none comes.
  std::int64_t waiting(pg::connection& watcher) {
    for (int i = 0; i < 6000; ++i) {
      const auto r = watcher.exec(
          "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = "
          "(SELECT "
          "oid FROM pg_database WHERE datname = current_database())");
      EXPECT_TRUE(r.ok());
      if (r.ok() && !r->empty()) return r->int64(0, 0);
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    ADD_FAILURE() << "nobody waits";
    return 0;
  }

 private:
  pg::connection c_;
};

std::int64_t number(pg::connection& c, std::string_view sql) {
  const auto r = c.exec(sql);
  EXPECT_TRUE(r.ok());
  return r.ok() && !r->empty() ? r->int64(0, 0) : -1;
}

TEST_F(hostile, the_same_file_twice_at_once) {
  testing_support::write_bytes(path("twice.csv"), text(241, 30));
  const auto words = testing_support::import_words({"", "registration", "scjg"}, path("twice.csv"));
  pg::connection c = home_->connect();
  const auto batches = number(c, "SELECT count(*) FROM batch");
  held_source held(*home_);
  const auto first = home_->start(words);
  ASSERT_NE(held.waiting(c), 0);
  const ended second = home_->run(words);
  EXPECT_EQ(second.exit_code, 69) << second.all();
  EXPECT_THAT(second.err, AllOf(HasSubstr("正在由另一进程归集"), HasSubstr("Another process"),
                                HasSubstr("twice.csv")));
  held.release();
  EXPECT_EQ(first->wait().exit_code, 0);
  const ended third = home_->run(words);
  EXPECT_EQ(third.exit_code, 0);
  EXPECT_THAT(third.out, HasSubstr("归集过，没有任何改动"));
  EXPECT_EQ(number(c, "SELECT count(*) FROM batch"), batches + 1);
  EXPECT_EQ(testing_support::broken_promises(c), "");
}

TEST_F(hostile, the_same_file_eight_times_in_a_race) {
  testing_support::write_bytes(path("race.csv"), text(281, 200));
  const auto words = testing_support::import_words({"", "registration", "scjg"}, path("race.csv"));
  pg::connection c = home_->connect();
  const auto batches = number(c, "SELECT count(*) FROM batch");
  const auto versions = number(c, "SELECT count(*) FROM record_version");
  std::vector<std::unique_ptr<testing_support::child>> racers;
  for (int i = 0; i < 8; ++i) racers.push_back(home_->start(words));
  int did = 0;
  for (const auto& r : racers) {
    const ended e = r->wait();
    const bool late = e.out.find("归集过，没有任何改动") != std::string::npos;
    EXPECT_TRUE(e.exit_code == 0 || e.exit_code == 69) << e.all();
    did += e.exit_code == 0 && !late ? 1 : 0;
  }
  EXPECT_EQ(did, 1);
  EXPECT_EQ(number(c, "SELECT count(*) FROM batch"), batches + 1);
  EXPECT_EQ(number(c, "SELECT count(*) FROM record_version"), versions + 200);
  EXPECT_EQ(testing_support::broken_promises(c), "");
}

TEST_F(hostile, a_file_that_changes_while_it_is_read) {
  testing_support::write_bytes(path("changing.csv"), text(491, 30));
  const auto words =
      testing_support::import_words({"", "registration", "scjg"}, path("changing.csv"));
  pg::connection c = home_->connect();
  const auto before = picture();
  held_source held(*home_);
  const auto program = home_->start(words);
  ASSERT_NE(held.waiting(c), 0);
  testing_support::write_bytes(path("changing.csv"), text(491, 31));
  held.release();
  const ended e = program->wait();
  EXPECT_EQ(e.exit_code, 2) << e.all();
  EXPECT_THAT(e.err,
              AllOf(HasSubstr("被改动"), HasSubstr("The file changed"), HasSubstr("changing.csv")));
  const std::string changed = testing_support::differences(before, picture());
  EXPECT_TRUE(changed.empty()) << changed;
  EXPECT_EQ(home_->run(words).exit_code, 0);  // now it stands still
  EXPECT_EQ(testing_support::broken_promises(c), "");
}

TEST_F(hostile, a_lost_connection_is_told_and_the_next_run_goes_on) {
  testing_support::write_bytes(path("lost.csv"), text(531, 30));
  const auto words = testing_support::import_words({"", "registration", "scjg"}, path("lost.csv"));
  pg::connection c = home_->connect();
  const auto before = picture();
  held_source held(*home_);
  const auto program = home_->start(words);
  const auto pid = held.waiting(c);
  ASSERT_TRUE(c.exec("SELECT pg_terminate_backend($1::integer)", pg::params().add(pid)).ok());
  const ended e = program->wait();
  EXPECT_EQ(e.exit_code, 69) << e.all();
  EXPECT_THAT(e.err, AllOf(HasSubstr("错误："), HasSubstr("error: ")));
  held.release();
  EXPECT_EQ(picture().at("versions"), before.at("versions"));
  const ended again = home_->run(words);
  EXPECT_EQ(again.exit_code, 0) << again.all();
  EXPECT_THAT(again.out, HasSubstr("接收 30"));
  EXPECT_EQ(testing_support::broken_promises(c), "");
}

// A hand-in of two chunks, stopped between them.
TEST(resumed, goes_on_after_the_last_row_that_was_committed) {
  const home h(home::server::shared);
  h.load_settings();
  city::settings s;
  s.organisations = 14'000;
  s.records = 0;
  const auto files = h.make_city(s);
  const hand_in_file& f = files.front();
  ASSERT_GT(f.rows, 11'000u);
  auto words = testing_support::import_words(f, h / ("city/" + f.file));
  pg::connection c = h.connect();
  held_source first(h);
  const auto program = h.start(words);
  ASSERT_NE(first.waiting(c), 0);
  // Queues behind the importer, and so gets the lock between its chunks.
  std::unique_ptr<held_source> second;
  std::thread queue([&] { second = std::make_unique<held_source>(h); });
  while (number(c, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") <
         2) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  first.release();
  queue.join();
  const auto pid = second->waiting(c);
  ASSERT_TRUE(c.exec("SELECT pg_terminate_backend($1::integer)", pg::params().add(pid)).ok());
  EXPECT_EQ(program->wait().exit_code, 69);
  second->release();
  EXPECT_EQ(number(c, "SELECT rows_read FROM batch"), 10'000);
  EXPECT_EQ(number(c, "SELECT state FROM batch"), 1);
  const ended again = h.run(words);
  EXPECT_TRUE(again.exit_code == 0 || again.exit_code == 3) << again.all();
  EXPECT_THAT(again.out, HasSubstr("上次中断"));
  EXPECT_EQ(number(c, "SELECT rows_read FROM batch"), static_cast<std::int64_t>(f.rows));
  EXPECT_EQ(testing_support::broken_promises(c), "");

  const home calm(home::server::shared);
  calm.load_settings();
  ASSERT_EQ(calm.run(words).exit_code, again.exit_code);
  pg::connection other = calm.connect();
  EXPECT_EQ(testing_support::differences(testing_support::picture_of(other),
                                         testing_support::picture_of(c)),
            "");
}

}  // namespace
}  // namespace lixin
