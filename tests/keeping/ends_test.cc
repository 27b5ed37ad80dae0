// Ends by date, with the ticker running and not running: every command answers the same on every
// day, but for the due rows of the journal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <sstream>

#include "archive/testing.h"
#include "support/home.h"

namespace lixin {
namespace {

using archive::testing::credit_code;
using archive::testing::must;
using archive::testing::strings;
using testing_support::child;
using testing_support::ended;
using testing_support::home;
using testing_support::write_bytes;

// One installation whose clock moves.
class watched {
 public:
  explicit watched(bool ticks) : home_(home::server::shared), ticks_(ticks) {
    home_.load_settings();
    hand_in("registration", archive::testing::registrations({{"甲公司", credit_code(1)}}));
    hand_in("penalty", archive::testing::penalties({{.document = "罚一号", .code = credit_code(1)},
                                                    {.document = "罚二号",
                                                     .code = credit_code(1),
                                                     .kind = "吊销许可证",
                                                     .level = "严重"}}));
    hand_in("procurement-bad-record", archive::testing::procurement_entries(
                                          {{.document = "列一号", .code = credit_code(1)}}));
    const auto first = run("2026-11-24", {"--json", "check", credit_code(1), "--matter",
                                          "procurement.bid", "--as", "desk"});
    std::smatch m;
    EXPECT_TRUE(std::regex_search(first.out, m, std::regex("LXR1[A-Za-z0-9_.-]+"))) << first.all();
    receipt_ = m[0];
    record_ = std::string(must(home_.connect().exec("SELECT subject_id || '-' || record_id FROM "
                                                    "record WHERE document = '列一号'"))
                              .text(0, 0));
  }

  ended run(const std::string& day, std::vector<std::string> words) const {
    return home_.run(std::move(words), {{"LIXIN_CLOCK", day}});
  }

  // What every command says on a day; the due rows apart.
  std::string answers(const std::string& day) {
    if (ticks_) {
      EXPECT_EQ(run(day, {"tick"}).exit_code, 0);
      EXPECT_EQ(run(day, {"tick"}).exit_code, 0);
    }
    std::string out;
    const auto ask = [&](std::vector<std::string> words) {
      const ended e = run(day, words);
      out += words[0] + " " + std::to_string(e.exit_code) + "\n" + e.out + e.err + "\n";
    };
    for (const char* viewer :
         {"everyone", "subject-itself", "consent-holder", "source-authority:scjg",
          "sharing-group:procurement", "centre", "auditor", "admin"}) {
      ask({"--json", "subject", "show", credit_code(1), "--viewer", viewer});
    }
    ask({"subject", "history", credit_code(1)});
    ask({"--json", "check", credit_code(1), "--matter", "procurement.bid", "--as", "desk"});
    ask({"check", "--receipt", receipt_, "--as", "desk"});
    ask({"record", "repair", record_, "--document", "修", "--authority", "scjg", "--reason", "示例",
         "--on", "2026-11-25"});
    ask({"batch", "show", "2", "--rows"});
    const ended journal = run(day, {"changes", "--limit", "10000"});
    std::istringstream in(journal.out);
    for (std::string line; std::getline(in, line);) {
      if (line.find("-ended\"") != std::string::npos) {
        ++due_;
      } else {
        out += line + "\n";
      }
    }
    return without_positions(out);
  }
  int due() const { return due_; }

 private:
  void hand_in(const std::string& dataset, const std::string& text) {
    const std::string path = home_ / (dataset + ".csv");
    write_bytes(path, text);
    const ended e =
        run("2026-11-24", {"batch", "import", "--dataset", dataset, "--authority", "scjg", path});
    EXPECT_EQ(e.exit_code, 0) << e.all();
  }
  // The head of the journal, what is signed over it, and when a machine did it.
  static std::string without_positions(const std::string& text) {
    std::string out = text;
    for (const char* pattern :
         {"(\"known_at\": ?|\"position\": ?|日志第 )[0-9]+", "LXR1[A-Za-z0-9_.-]+",
          "20[0-9-]+T[0-9:.]+Z", "日志位置[^\\n]*", "第 [0-9]+ 号（[^）]*）"}) {
      out = std::regex_replace(out, std::regex(pattern), "#");
    }
    return out;
  }

  home home_;
  bool ticks_;
  std::string receipt_, record_;
  int due_ = 0;
};

TEST(ends, every_command_answers_the_same_with_and_without_the_ticker) {
  watched with(true);
  watched without(false);
  std::string last;
  int changed = 0;
  // Around publicity (3 months of the provisional class, 36 of the serious one), the effect of the
  // entry (2027-10-07) and retention (60 months after).
  for (const char* day :
       {"2027-02-20", "2027-02-21", "2027-10-08", "2029-11-21", "2032-10-07", "2034-11-20"}) {
    const std::string a = with.answers(day);
    EXPECT_EQ(a, without.answers(day)) << day;
    if (a != last) ++changed;
    last = a;
  }
  EXPECT_EQ(changed, 6) << "each day has its date, and dates change answers";
  EXPECT_GT(with.due(), 0);
  EXPECT_EQ(without.due(), 0);
}

}  // namespace
}  // namespace lixin
