// What the sessions cannot say: JSON that parses, forms that go in again, real bodies, two programs
// that start the private server at once.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <simdjson.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>

#include "support/home.h"
#include "tabular/tabular.h"

namespace lixin {
namespace {

using testing_support::ended;
using testing_support::home;
using words = std::vector<std::string>;

const std::string files = std::string(LIXIN_SOURCE_DIR) + "/tests/cli/testdata/files";
constexpr auto code_a = "91130900MA9Y00A16R";
constexpr auto code_b = "92130902MA9Y00B20P";

// The keys of the outermost object, "[]" for an array, "" for what is no JSON.
std::string shape_of(const std::string& text) {
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(text);
  simdjson::dom::element root;
  if (parser.parse(padded).get(root) != simdjson::SUCCESS) return "";
  if (root.is_array()) return "[]";
  std::string out;
  for (const auto field : simdjson::dom::object(root)) {
    out += (out.empty() ? "" : " ") + std::string(field.key);
  }
  return out;
}

class outputs : public testing::Test {
 protected:
  outputs() : home_(home::server::shared) {}

  ended run(words w) const { return home_.run(std::move(w)); }
  void import(const std::string& dataset, const std::string& authority, const std::string& path,
              int exit_code) const {
    const auto e = run({"batch", "import", "--dataset", dataset, "--authority", authority, path});
    EXPECT_EQ(e.exit_code, exit_code) << e.all();
  }

  home home_;
};

TEST_F(outputs, every_reading_command_has_json) {
  home_.load_settings();
  import("registration", "scjg", files + "/registration.csv", 3);
  import("penalty", "scjg", files + "/penalties.csv", 3);
  import("court-defaulter", "fayuan", files + "/defaulters.csv", 0);
  EXPECT_EQ(shape_of(run({"--json", "user", "add", "boss", "--role", "admin", "--password-file",
                          files + "/password.txt"})
                         .out),
            "number user");
  const struct {
    words command;
    int exit_code;
    std::string shape;
  } cases[] = {
      {{"pack", "list"}, 0, "[]"},
      {{"pack", "check", std::string(LIXIN_SOURCE_DIR) + "/packs/registration"}, 0, "faults packs"},
      {{"pack", "check", files + "/broken-pack"}, 2, "faults packs"},
      {{"city", "show"}, 0, "authorities divisions calendar_from calendar_to"},
      {{"dataset", "list"}, 0, "[]"},
      {{"batch", "list"}, 0, "batches next"},
      {{"batch", "list", "--limit", "1"}, 0, "batches next"},
      {{"batch", "show", "2"}, 0, "batch rows next"},
      {{"batch", "show", "2", "--rows", "--limit", "1", "--report", home_ / "r.xlsx"},
       0,
       "batch rows next"},
      {{"pending", "list"}, 0, "rows next"},
      {{"pending", "decide", "2", "5", "--reject", "--reason", "test"}, 0, "batch decisions"},
      {{"subject", "show", code_a}, 0, "subject as_of known_at viewer records"},
      {{"subject", "history", code_a, "--viewer", "everyone"},
       0,
       "subject as_of known_at viewer records"},
      {{"check", code_a, "--matter", "procurement.bid"}, 0, "answer receipt"},
      {{"check", code_b, "--matter", "procurement.bid"}, 0, "answer receipt"},
      {{"check", "52130981MJ9900E544", "--matter", "procurement.bid"}, 4, "answer receipt"},
      {{"check", "91130900MA9Y00A16X", "--matter", "procurement.bid"}, 2, "answer receipt"},
      {{"db", "status"},
       0,
       "migration position sealed_at subjects records versions batches bytes server tables purge "
       "ticker backup kept blocked mend"},
      {{"db", "migrate", "--dry-run"}, 0, "dry_run migrations schema"},
      {{"db", "backup", "--out", home_ / "backups"}, 0, "backup removed too_old"},
      {{"purge", "--due"},
       0,
       "dry_run on records by_dataset sealed unreadable staging_rows staging_days replayed "
       "every_record_looked_at ledger"},
      {{"tick"},
       0,
       "from through publicity_ended effect_ended retention_ended every_record_looked_at"},
      {{"batch", "import", "--dataset", "penalty", "--authority", "scjg", files + "/penalties.csv"},
       3,
       "already resumed_after batch"},
      {{"batch", "withdraw", "2", "--reason", "test"},
       0,
       "batch already restored withdrawn kept unsealed"},
      {{"dataset", "template", "penalty", home_ / "form.xlsx"}, 0, "dataset file"},
      {{"audit", "list", "--limit", "2"}, 0, "[]"},
      {{"audit", "verify"},
       0,
       "sound entries last_entry digest journal_rows journal_from inquiries inquiries_from "
       "faults_found faults"},
      {{"vault", "status"}, 0, "keys"},
      {{"vault", "rotate", "--seal"}, 0, "digest_key seal_key rows resumed"},
      {{"vault", "retire"}, 0, "retired"},
      {{"user", "list"}, 0, "[]"},
      {{"user", "disable", "boss"}, 0, "user changed"},
      {{"user", "enable", "boss"}, 0, "user changed"},
      {{"user", "password", "boss", "--password-file", files + "/other-password.txt"},
       0,
       "user changed"},
      {{"user", "totp", "boss"}, 0, "user uri"},
      {{"user", "roles", "boss", "--role", "auditor"}, 0, "user changed"},
      {{"key", "add", "--name", "x", "--role", "centre", "--until", "2027-06-30"},
       0,
       "number key until"},
      {{"key", "list"}, 0, "[]"},
      {{"key", "revoke", "1"}, 0, "number changed"},
  };
  for (const auto& c : cases) {
    for (const char* lang : {"zh", "en"}) {
      words w = c.command;
      w.insert(w.end(), {"--json", "--lang", lang});
      const ended e = run(w);
      std::string said;
      for (const std::string& x : w) said += x + " ";
      EXPECT_EQ(e.exit_code, c.exit_code) << said << e.all();
      EXPECT_EQ(shape_of(e.out), c.shape) << said << e.out;
    }
  }
  // An error leaves standard output empty.
  const auto e = run({"batch", "show", "99", "--json"});
  EXPECT_EQ(e.exit_code, 4);
  EXPECT_EQ(e.out, "");
}

// English means English: no Chinese stands in what the program itself says. What was handed in, and
// what the sheets hold in Chinese alone, stays as it is; so the commands here have little of
// either.
TEST_F(outputs, english_is_english) {
  home_.load_settings();
  for (const words& w :
       {words{"batch", "list"}, words{"pending", "list"}, words{"city", "show"},
        words{"dataset", "list"}, words{"pack", "list"}, words{"db", "status"},
        words{"audit", "verify"}, words{"audit", "list"}, words{"vault", "status"},
        words{"city", "load", std::string(LIXIN_SOURCE_DIR) + "/cities/cangzhou"},
        words{"pack", "load", std::string(LIXIN_SOURCE_DIR) + "/packs/registration"}}) {
    words spoken = w;
    spoken.insert(spoken.end(), {"--lang", "en"});
    const ended e = run(spoken);
    EXPECT_EQ(e.exit_code, 0) << e.all();
    const bool chinese =
        std::ranges::any_of(e.all(), [](char c) { return static_cast<unsigned char>(c) >= 0xE3; });
    EXPECT_FALSE(chinese) << e.all();
  }
}

TEST_F(outputs, a_receipt_gives_the_same_bytes) {
  home_.load_settings();
  import("registration", "scjg", files + "/registration.csv", 3);
  import("court-defaulter", "fayuan", files + "/defaulters.csv", 0);
  for (const char* form : {"--json", "--lang=en", "--lang=zh"}) {
    const ended first = run({"check", code_b, "--matter", "procurement.bid", form});
    ASSERT_EQ(first.exit_code, 0) << first.err;
    const auto begin = first.out.find("LXR1.");
    ASSERT_NE(begin, std::string::npos);
    const std::string receipt =
        first.out.substr(begin, first.out.find_first_of("\"\n", begin) - begin);
    // Whatever is written between leaves the answer as it was.
    EXPECT_EQ(run({"pack", "load", std::string(LIXIN_SOURCE_DIR) + "/packs/procurement"}).exit_code,
              0);
    const ended again = run({"check", "--receipt", receipt, form});
    EXPECT_EQ(again.exit_code, 0);
    EXPECT_EQ(again.out, first.out);
  }
}

TEST_F(outputs, changes_resume_where_they_stopped) {
  home_.load_settings();
  import("registration", "scjg", files + "/registration.csv", 3);
  import("penalty", "scjg", files + "/penalties.csv", 3);
  const std::string all = run({"changes"}).out;
  std::string pieces;
  for (std::int64_t after = 0;;) {
    const std::string piece =
        run({"changes", "--after", std::to_string(after), "--limit", "4"}).out;
    if (piece.empty()) break;
    pieces += piece;
    const auto lines = std::ranges::count(piece, '\n');
    ASSERT_LE(lines, 4);
    after += lines;  // positions are dense from 1
    ASSERT_NE(piece.find("\"position\":" + std::to_string(after)), std::string::npos) << piece;
  }
  EXPECT_GT(std::ranges::count(all, '\n'), 8);
  EXPECT_EQ(pieces, all);
}

// The first sheet of the form is what a department fills in and hands in as it stands.
// What an operator does with the chain: export the head, verify, and find what was tampered with.
TEST_F(outputs, the_audit_chain_is_verified_and_tampering_ends_with_5) {
  home_.load_settings();
  import("registration", "scjg", files + "/registration.csv", 3);
  ASSERT_EQ(run({"check", code_a, "--matter", "procurement.bid"}).exit_code, 0);
  ASSERT_EQ(run({"audit", "head", "--out", home_ / "head"}).exit_code, 0);
  ASSERT_EQ(run({"audit", "key", "--out", home_ / "key.pem"}).exit_code, 0);
  EXPECT_EQ(run({"audit", "head", "--out", home_ / "head"}).exit_code, 2);  // never overwritten
  const words verify{"audit", "verify", "--head", home_ / "head", "--key", home_ / "key.pem"};
  const auto good = run(verify);
  EXPECT_EQ(good.exit_code, 0) << good.all();
  EXPECT_NE(good.out.find("没有发现改动"), std::string::npos) << good.out;
  EXPECT_EQ(run({"audit", "verify", "--head", home_ / "key.pem"}).exit_code, 2);
  EXPECT_EQ(run({"audit", "verify", "--from", "9999"}).exit_code, 4);
  {
    auto c = home_.connect();
    ASSERT_TRUE(c.script("UPDATE audit SET actor = 'zhao' WHERE entry_number = 2").ok());
  }
  const auto bad = run(verify);
  EXPECT_EQ(bad.exit_code, 5) << bad.all();
  EXPECT_NE(bad.err.find("第 2 条"), std::string::npos) << bad.err;
  EXPECT_EQ(run({"audit", "verify", "--json"}).exit_code, 5);
}

// Keys away and back: encrypted under a passphrase that no argument holds.
TEST_F(outputs, keys_are_backed_up_and_restored) {
  home_.load_settings();
  testing_support::write_bytes(home_ / "phrase", "correct horse battery\n");
  const words save{"vault", "keys", "backup", "--out", home_ / "keys.locked"};
  EXPECT_EQ(run(save).exit_code, 2);  // no passphrase
  words with = save;
  with.insert(with.end(), {"--passphrase-file", home_ / "phrase"});
  const auto saved = run(with);
  ASSERT_EQ(saved.exit_code, 0) << saved.all();
  const std::string keys = testing_support::bytes_of(home_.data() + "/keys");
  const std::string locked = testing_support::bytes_of(home_ / "keys.locked");
  EXPECT_EQ(locked.find("vault-seal"), std::string::npos);
  words back{"vault",         "keys", "restore", home_ / "keys.locked", "--passphrase-file",
             home_ / "phrase"};
  EXPECT_EQ(run(back).exit_code, 0);
  std::filesystem::remove(home_.data() + "/keys");
  EXPECT_EQ(run(back).exit_code, 0);
  EXPECT_EQ(testing_support::bytes_of(home_.data() + "/keys"), keys);
  testing_support::write_bytes(home_ / "phrase", "another passphrase\n");
  EXPECT_EQ(run(back).exit_code, 5);
}

TEST_F(outputs, a_filled_form_goes_in) {
  home_.load_settings();
  import("registration", "scjg", files + "/registration.csv", 3);
  const std::string form = home_ / "form.xlsx";
  ASSERT_EQ(run({"dataset", "template", "penalty", form}).exit_code, 0);
  const auto reader = tabular::open(form);
  ASSERT_TRUE(reader.ok()) << reader.error().text(language::en);
  EXPECT_EQ((*reader)->sheet_name(), "填报");
  tabular::block block;
  ASSERT_TRUE((*reader)->read(block, 10).ok());
  ASSERT_EQ(block.rows.size(), 1u);
  words heading;
  for (const auto& cell : block.cells_of(block.rows[0])) heading.emplace_back(cell.text);
  const std::map<std::string, std::string> filled{
      {"行政相对人名称", "沧州示例建材有限公司"},
      {"行政相对人类别", "法人及非法人组织"},
      {"行政相对人代码_1（统一社会信用代码）", code_a},
      {"法定代表人", "测试甲"},
      {"行政处罚决定书文号", "沧市监罚〔2026〕9号"},
      {"违法行为类型", "示例类型"},
      {"违法事实", "示例事实"},
      {"处罚依据", "示例依据"},
      {"处罚类别", "警告；罚款"},
      {"处罚内容", "给予警告，处以罚款人民币100元。"},
      {"罚款金额（万元）", "0.01"},
      {"处罚决定日期", "2026/11/23"},
      {"处罚有效期", "2027年11月22日"},
      {"处罚机关", "沧州市市场监督管理局"},
      {"处罚机关统一社会信用代码", "11130900009900013N"},
      {"数据来源单位", "沧州市市场监督管理局"},
      {"数据来源单位统一社会信用代码", "11130900009900013N"},
      {"失信程度", "一般"},
      {"处罚程序", "普通程序"}};
  words row;
  std::size_t used = 0;
  for (const std::string& title : heading) {
    const auto value = filled.find(title);
    row.push_back(value == filled.end() ? "" : value->second);
    used += value == filled.end() ? 0 : 1;
  }
  EXPECT_EQ(used, filled.size());
  words second = row;
  std::ranges::replace(second, std::string("沧市监罚〔2026〕9号"),
                       std::string("沧市监罚〔2026〕10号"));
  const auto write = [&](const std::string& path) {
    auto out = tabular::create(path);
    ASSERT_TRUE(out.ok());
    for (const words& line : {heading, row, second}) ASSERT_TRUE((*out)->write(line).ok());
    ASSERT_TRUE((*out)->close().ok());
  };
  write(home_ / "filled.xlsx");
  const ended e = run(
      {"batch", "import", "--dataset", "penalty", "--authority", "scjg", home_ / "filled.xlsx"});
  EXPECT_EQ(e.exit_code, 0) << e.all();
  EXPECT_NE(e.out.find("读入 2 行：接收 2，"), std::string::npos) << e.out;
}

TEST_F(outputs, the_form_has_notes_choices_and_code_lists) {
  home_.load_settings();
  const std::string form = home_ / "form.xlsx";
  ASSERT_EQ(run({"dataset", "template", "penalty", form}).exit_code, 0);
  const auto sheet = [&](const char* name) {
    std::vector<words> out;
    const auto reader = tabular::open(form, {.sheet = name});
    EXPECT_TRUE(reader.ok()) << name;
    if (!reader.ok()) return out;
    tabular::block block;
    EXPECT_TRUE((*reader)->read(block, 1000).ok());
    for (const auto& row : block.rows) {
      out.emplace_back();
      for (const auto& cell : block.cells_of(row)) out.back().emplace_back(cell.text);
    }
    return out;
  };
  const auto notes = sheet("填报说明");
  ASSERT_GT(notes.size(), 30u);
  EXPECT_EQ(notes[0], (words{"栏目", "短码", "英文", "必填", "格式", "公开", "代码表", "别名"}));
  const auto class_note =
      std::ranges::find_if(notes, [](const words& n) { return n[0] == "证件号码"; });
  ASSERT_NE(class_note, notes.end());
  EXPECT_EQ((*class_note)[3], "条件必填：行政相对人类别: \"自然人\"");
  EXPECT_EQ((*class_note)[5], "授权查询");
  const auto codes = sheet("代码表");
  EXPECT_EQ(codes[0], (words{"代码表", "代码", "名称", "英文", "也可写作"}));
  EXPECT_TRUE(std::ranges::any_of(
      codes, [](const words& c) { return c[0] == "penalty-class" && c[1] == "罚款"; }));
}

// testdata/README.md says where these come from.
TEST_F(outputs, real_bodies_are_registered) {
  home_.load_settings();
  const std::string bodies = std::string(LIXIN_SOURCE_DIR) + "/tests/cli/testdata/real_bodies.csv";
  import("registration", "scjg", bodies, 0);
  std::ifstream in(bodies);
  std::string line;
  std::getline(in, line);
  int rows = 0;
  while (std::getline(in, line)) {
    ++rows;
    const auto comma = line.find(',');
    const ended e = run({"subject", "show", line.substr(comma + 1)});
    EXPECT_EQ(e.exit_code, 0) << line << e.err;
    EXPECT_TRUE(e.out.starts_with(line.substr(comma + 1) + "  " + line.substr(0, comma) + "\n"))
        << e.out;
  }
  EXPECT_EQ(rows, 22);
  const ended e = run({"batch", "show", "1", "--json"});
  EXPECT_NE(e.out.find("\"accepted\": 22"), std::string::npos) << e.out;
}

TEST_F(outputs, a_full_disk_is_told) {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  ::close(full);
  const std::string command = std::string(LIXIN_PROGRAM) + " code check " + files +
                              "/codes.txt >/dev/full 2>" + (home_ / "err");
  const int status = std::system(command.c_str());
  EXPECT_EQ(WEXITSTATUS(status), 69);
  EXPECT_NE(testing_support::bytes_of(home_ / "err").find("错误：结果没有写完：磁盘空间不足。"),
            std::string::npos);
}

// The embedded server: made on first use by whoever comes first, stopped by a command.
TEST(private_server, two_commands_start_it_at_once) {
  const home h(home::server::own);
  auto first = h.start({"city", "load", std::string(LIXIN_SOURCE_DIR) + "/cities/cangzhou"});
  auto second = h.start({"pack", "load", std::string(LIXIN_SOURCE_DIR) + "/packs/registration"});
  const ended a = first->wait();
  const ended b = second->wait();
  EXPECT_EQ(a.exit_code, 0) << a.all();
  EXPECT_EQ(b.exit_code, 0) << b.all();
  const ended status = h.run({"db", "status"});
  EXPECT_EQ(status.exit_code, 0) << status.all();
  EXPECT_NE(status.out.find("日志位置 1（"), std::string::npos) << status.out;
  const ended stopped = h.run({"--lang", "en", "db", "stop"});
  EXPECT_EQ(stopped.exit_code, 0) << stopped.all();
  EXPECT_EQ(stopped.out, "The database is stopped: " + h.data() + "\n");
  EXPECT_FALSE(std::filesystem::exists(h.data() + "/postgres/postmaster.pid"));
  // What was loaded is there again when the server comes back.
  const ended again = h.run({"pack", "list"});
  EXPECT_EQ(again.exit_code, 0) << again.all();
  EXPECT_EQ(h.run({"db", "stop"}).exit_code, 0);
}

}  // namespace
}  // namespace lixin
