// Numbers of persons that were planted in a city's hand-ins may stand nowhere afterwards: not in
// what the programs print, not in reports, tables, logs, temporary or crash files, nor in the bytes
// of PostgreSQL's own files. The same goes for the documents of sealed rows.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>
#include <zip.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include "crypto/crypto.h"
#include "support/home.h"
#include "text/fold.h"

namespace lixin {
namespace {

namespace fs = std::filesystem;
using testing_support::child;
using testing_support::ended;
using testing_support::hand_in_file;
using testing_support::home;

std::vector<std::string> lines_of(const std::string& path) {
  std::istringstream in(testing_support::bytes_of(path));
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

std::vector<std::string> columns_of(const std::string& line) {
  std::vector<std::string> out;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, '\t');) out.push_back(cell);
  out.resize(7);
  return out;
}

// Every entry of a workbook, unzipped, so that it can be searched.
void unzip(const std::string& path, const std::string& folder) {
  int failed = 0;
  zip_t* archive = ::zip_open(path.c_str(), ZIP_RDONLY, &failed);
  ASSERT_NE(archive, nullptr) << path;
  const auto count = ::zip_get_num_entries(archive, 0);
  ASSERT_GT(count, 4) << path;
  for (zip_int64_t i = 0; i < count; ++i) {
    zip_file_t* entry = ::zip_fopen_index(archive, static_cast<zip_uint64_t>(i), 0);
    ASSERT_NE(entry, nullptr);
    std::string bytes;
    char piece[1 << 16];
    for (zip_int64_t n; (n = ::zip_fread(entry, piece, sizeof piece)) > 0;) {
      bytes.append(piece, static_cast<std::size_t>(n));
    }
    ::zip_fclose(entry);
    testing_support::write_bytes(fmt::format("{}.{}.part", folder, i), bytes);
  }
  ::zip_discard(archive);
}

class planted : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    home_ = new home(home::server::own);
    fs::create_directory(seen());
    fs::create_directory(secrets());
    city::settings s;
    s.seed = 3;
    s.organisations = 1'500;
    s.records = 12'000;
    s.faults_per_million = 150'000;
    files_ = new std::vector<hand_in_file>(home_->make_city(s));
    {
      // Nothing hides in a compressed page of the log.
      pg::connection c = home_->connect();
      ASSERT_TRUE(c.exec("ALTER SYSTEM SET wal_compression = off").ok());
      ASSERT_TRUE(c.exec("SELECT pg_reload_conf()").ok());
    }
    home_->load_settings();
    needles_ = new std::vector<std::string>(read_needles());
    std::ofstream out(secrets() + "/needles");
    for (const std::string& n : *needles_) out << n << "\n";
  }
  static void TearDownTestSuite() {
    delete needles_;
    delete files_;
    delete home_;
  }

  static std::string seen() { return *home_ / "seen"; }
  static std::string secrets() { return *home_ / "secrets"; }

  // planted.txt, and the documents that only sealed rows have.
  static std::vector<std::string> read_needles() {
    std::vector<std::string> out = lines_of(*home_ / "city/planted.txt");
    EXPECT_GT(out.size(), 500u);
    std::set<std::string> sealed;
    std::set<std::string> open;
    for (const std::string& line : lines_of(*home_ / "city/truth.tsv")) {
      const auto c = columns_of(line);
      if (!c[5].empty()) (c[2] == "sealed" ? sealed : open).insert(c[5]);
    }
    for (const std::string& document : sealed) {
      if (!open.contains(document)) out.push_back(document);
    }
    EXPECT_GT(out.size(), 700u);
    return out;
  }

  // Runs the program and keeps all that it printed for the search.
  static ended keep(std::vector<std::string> words) {
    static int count = 0;
    const ended e = home_->run(std::move(words));
    testing_support::write_bytes(fmt::format("{}/{:04}.out", seen(), ++count), e.out);
    testing_support::write_bytes(fmt::format("{}/{:04}.err", seen(), count), e.err);
    return e;
  }

  // "file: needle" of what is found below `folder`, the first ones.
  static std::string found_below(const std::string& folder) {
    child search({"/bin/grep", "-r", "-a", "-o", "-F", "-f", secrets() + "/needles", folder},
                 {{"LC_ALL", "C"}});
    const ended e = search.wait();
    EXPECT_TRUE(e.exit_code == 0 || e.exit_code == 1) << e.err;
    return e.out.substr(0, 2000);
  }

  static home* home_;
  static std::vector<hand_in_file>* files_;
  static std::vector<std::string>* needles_;
};
home* planted::home_;
std::vector<hand_in_file>* planted::files_;
std::vector<std::string>* planted::needles_;

TEST_F(planted, the_search_finds_what_is_there) {
  const std::string folder = *home_ / "control";
  fs::create_directories(folder + "/deep");
  testing_support::write_bytes(folder + "/nothing", "11111\n沧州\n");
  EXPECT_EQ(found_below(folder), "");
  std::string bytes(100'000, '\xFF');
  bytes.insert(70'000, needles_->front());
  testing_support::write_bytes(folder + "/deep/binary", bytes);
  EXPECT_THAT(found_below(folder), testing::HasSubstr(needles_->front()));
  testing_support::write_bytes(folder + "/deep/binary", "x" + needles_->back() + "y");
  EXPECT_THAT(found_below(folder), testing::HasSubstr(needles_->back()));
  // Most of them stand in the hand-ins in UTF-8.
  EXPECT_NE(found_below(*home_ / "city"), "");
  fs::remove_all(folder);
}

TEST_F(planted, imports_and_their_reports) {
  int turn = 0;
  for (const hand_in_file& f : *files_) {
    auto words = testing_support::import_words(f, *home_ / ("city/" + f.file));
    ++turn;
    const std::string report =
        fmt::format("{}/report-{}.{}", seen(), turn, turn % 2 == 0 ? "csv" : "xlsx");
    words.insert(words.end(), {"--report", report});
    const ended e = keep(words);
    ASSERT_TRUE(e.exit_code == 0 || e.exit_code == 3) << e.all();
    ASSERT_TRUE(fs::exists(report));
    if (report.ends_with("xlsx")) unzip(report, report);
    // The same refused rows in the other form.
    const std::string other =
        fmt::format("{}/other-{}.{}", seen(), turn, turn % 2 == 0 ? "xlsx" : "csv");
    const ended shown = keep({"batch", "show", std::to_string(turn), "--report", other});
    ASSERT_EQ(shown.exit_code, 0) << shown.all();
    if (other.ends_with("xlsx")) unzip(other, other);
  }
  pg::connection c = home_->connect();
  const auto r = c.exec("SELECT count(*) FROM sealed_record");
  ASSERT_TRUE(r.ok());
  EXPECT_GT(r->int64(0, 0), 100);
  EXPECT_EQ(found_below(seen()), "");
}

TEST_F(planted, everything_that_is_shown) {
  keep({"batch", "list", "--json"});
  for (std::size_t i = 1; i <= files_->size(); ++i) {
    const auto batch = std::to_string(i);
    EXPECT_EQ(keep({"batch", "show", batch, "--rows", "--json", "--limit", "100000"}).exit_code, 0);
    EXPECT_EQ(keep({"batch", "show", batch, "--limit", "100000"}).exit_code, 0);
    EXPECT_EQ(keep({"--lang", "en", "batch", "show", batch, "--fate", "sealed"}).exit_code, 0);
  }
  std::set<std::string> codes;
  for (const std::string& line : lines_of(*home_ / "city/truth.tsv")) {
    const auto c = columns_of(line);
    if (c[2] == "accepted" && !c[6].empty() && codes.size() < 12) codes.insert(c[6]);
  }
  for (const std::string& code : codes) {
    for (const char* viewer : {"centre", "everyone", "source-authority:scjg"}) {
      EXPECT_EQ(keep({"subject", "show", code, "--json", "--viewer", viewer}).exit_code, 0);
    }
    EXPECT_EQ(keep({"subject", "show", code}).exit_code, 0);
    EXPECT_EQ(keep({"subject", "history", code, "--json"}).exit_code, 0);
    keep({"check", code, "--matter", "procurement.bid"});
  }
  EXPECT_EQ(keep({"changes", "--after", "0", "--limit", "1000000"}).exit_code, 0);
  EXPECT_EQ(found_below(seen()), "");
}

// A person's number where a code or a heading should stand comes back no more than in a cell.
TEST_F(planted, numbers_in_the_wrong_place) {
  for (std::size_t i = 0; i < needles_->size(); i += needles_->size() / 12) {
    const std::string& code = needles_->at(i);
    EXPECT_NE(keep({"check", code, "--matter", "procurement.bid"}).exit_code, 0);
    EXPECT_NE(keep({"subject", "show", code}).exit_code, 0);
    EXPECT_NE(keep({"subject", "history", code, "--json"}).exit_code, 0);
  }
  // What people write beside the rows.
  const std::string n = lines_of(*home_ / "city/planted.txt").front();
  const std::string said = "本人" + n + "申请";
  const auto refused = [](std::vector<std::string> words) {
    const ended e = keep(std::move(words));
    EXPECT_EQ(e.exit_code, 2) << e.all();
    EXPECT_THAT(e.err, testing::HasSubstr("未作记录"));
  };
  const auto event = [](std::string document, std::string reason) {
    return std::vector<std::string>{"record",      "dispute", "1-1",      "--document", document,
                                    "--authority", "scjg",    "--reason", reason};
  };
  refused(event(said, "申请"));
  refused(event("异议〔2026〕1号", said));
  refused({"batch", "withdraw", "1", "--reason", said});
  const std::string named = secrets() + "/" + n + ".csv";
  testing_support::write_bytes(named, "企业名称,统一社会信用代码\n");
  refused(testing_support::import_words({"", "registration", "scjg"}, named));
  // A file without its heading: the first person's row stands in its place.
  for (const std::string part : {"penalties", "licences"}) {
    for (const hand_in_file& f : *files_) {
      if (f.file.find(part) == std::string::npos || !f.file.ends_with(".csv")) continue;
      const auto lines = lines_of(*home_ / ("city/" + f.file));
      const auto number = lines_of(*home_ / "city/planted.txt");
      const auto row = std::ranges::find_if(lines, [&](const std::string& line) {
        return std::ranges::any_of(
            number, [&](const std::string& one) { return line.find(one) != std::string::npos; });
      });
      if (row == lines.end()) continue;
      testing_support::write_bytes(secrets() + "/headless.csv", *row + "\n" + *row + "\n");
      const ended e = keep(
          testing_support::import_words({"", f.dataset, f.authority}, secrets() + "/headless.csv"));
      EXPECT_EQ(e.exit_code, 2) << e.all();
    }
  }
  EXPECT_EQ(found_below(seen()), "");
}

TEST_F(planted, the_database_and_everything_below_the_data_folder) {
  {
    pg::connection c = home_->connect();
    ASSERT_TRUE(c.exec("CHECKPOINT").ok());
  }
  child dump(
      {"/usr/bin/pg_dump", "--dbname=" + home_->conninfo(), "--file=" + seen() + "/dump.sql"}, {});
  const ended e = dump.wait();
  ASSERT_EQ(e.exit_code, 0) << e.err;
  const std::string text = testing_support::bytes_of(seen() + "/dump.sql");
  EXPECT_THAT(text, testing::HasSubstr("COPY lixin.sealed_record"));
  EXPECT_GT(text.size(), 1u << 20);
  EXPECT_EQ(found_below(seen()), "");
  // base/, pg_wal, the server's log, the keys: in the bytes as they are.
  ASSERT_TRUE(fs::exists(home_->data() + "/postgres/pg_wal"));
  EXPECT_EQ(found_below(home_->data()), "");
  EXPECT_EQ(found_below(*home_ / "tmp"), "");
}

// Digests that anybody who guesses a number can make, in the forms in which a database may show
// them.
std::vector<std::string> plain_digests_of(const std::string& number) {
  std::string lower = number;
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  std::string wide;  // UTF-16LE, as other programs digest text
  for (const char c : number) wide += std::string{c, '\0'};
  std::set<std::string> inputs{number, lower, text::fold_identifier(number), number + "\n", wide};
  std::vector<std::string> out;
  for (const std::string& input : inputs) {
    for (const EVP_MD* kind : {EVP_sm3(), EVP_sha256(), EVP_md5(), EVP_sha1()}) {
      unsigned char digest[EVP_MAX_MD_SIZE];
      unsigned size = 0;
      EXPECT_EQ(EVP_Digest(input.data(), input.size(), digest, &size, kind, nullptr), 1);
      out.push_back(crypto::to_hex({digest, size}));
      std::string base64(64, '\0');
      base64.resize(static_cast<std::size_t>(EVP_EncodeBlock(
          reinterpret_cast<unsigned char*>(base64.data()), digest, static_cast<int>(size))));
      while (base64.ends_with('=')) base64.pop_back();
      out.push_back(base64);
    }
  }
  return out;
}

// A dump without the key file tells nobody anything about a number that he already knows.
TEST_F(planted, a_dump_alone_holds_no_digest_that_anybody_could_make) {
  child dump(
      {"/usr/bin/pg_dump", "--dbname=" + home_->conninfo(), "--file=" + secrets() + "/dump.sql"},
      {});
  ASSERT_EQ(dump.wait().exit_code, 0);
  std::ofstream out(secrets() + "/digests");
  for (const std::string& number : lines_of(*home_ / "city/planted.txt")) {
    for (const std::string& digest : plain_digests_of(number)) out << digest << "\n";
  }
  out.close();
  const auto found_in = [](const std::string& file) {
    child search({"/bin/grep", "-a", "-o", "-i", "-F", "-f", secrets() + "/digests", file},
                 {{"LC_ALL", "C"}});
    return search.wait().out;
  };
  EXPECT_EQ(found_in(secrets() + "/dump.sql"), "");
  // The search does find one.
  const std::string one = lines_of(secrets() + "/digests").front();
  testing_support::write_bytes(secrets() + "/control", "COPY x\n1\t\\\\x" + one + "\n");
  EXPECT_EQ(found_in(secrets() + "/control"), one + "\n");
}

std::string core_limit(pid_t pid) {
  std::ifstream in(fmt::format("/proc/{}/limits", pid));
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("Max core file size")) return line.substr(18);
  }
  return "";
}

// A crash may leave no file: the program forbids it twice, by its limit and by not being dumpable.
class crash : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(::pipe(ends_), 0); }
  void TearDown() override {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  // A program that reads from a pipe which says nothing, once it has set its limit.
  std::unique_ptr<child> start() {
    auto program = home_.start({"code", "check"}, ends_[0]);
    std::string limit;
    for (int i = 0; i < 1000 && limit.find(" 0 ") == std::string::npos; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      limit = core_limit(program->pid());
    }
    EXPECT_THAT(limit, testing::ContainsRegex(" 0 +0 "));
    return program;
  }
  static void expect_no_file(child& program) {
    program.kill(SIGABRT);
    const ended e = program.wait();
    EXPECT_EQ(e.signal, SIGABRT);
    EXPECT_FALSE(e.left_core);
  }

  home home_{home::server::shared};
  int ends_[2] = {-1, -1};
};

TEST_F(crash, leaves_no_file) { expect_no_file(*start()); }

TEST_F(crash, leaves_no_file_where_the_limit_is_lifted_from_outside) {
  const auto program = start();
  const rlimit all{RLIM_INFINITY, RLIM_INFINITY};
  if (::prlimit(program->pid(), RLIMIT_CORE, &all, nullptr) != 0) {
    GTEST_SKIP() << "this user may not lift the limit of a process";
  }
  expect_no_file(*program);
}

}  // namespace
}  // namespace lixin
