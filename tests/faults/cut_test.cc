// The connection is cut after a commit and before its answer, at the commits of the commands
// listed here. The command says that it does not know, is given again, and in the end the
// database holds what it holds where every answer came.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "archive/testing.h"
#include "support/cutter.h"
#include "support/home.h"
#include "support/picture.h"

namespace lixin {
namespace {

namespace fs = std::filesystem;
namespace rows_of = archive::testing;
using testing_support::cutter;
using testing_support::ended;
using testing_support::home;
using words = std::vector<std::string>;

constexpr int cuts_of_a_command_max = 100;
constexpr int cuts_of_a_commit = 8;
constexpr int companies = 20;
constexpr int first_code = 1000;  // of codes that have a check sign each
constexpr int rows = 6'000;       // several chunks
constexpr date after_retention{2026, 12, 20};

// One city, and the numbers that its commands are given by.
struct world {
  home at{home::server::shared};

  std::string number(std::string_view sql, const std::string& of) const {
    pg::connection c = at.connect();
    const auto r = c.exec(std::string(sql), pg::params().add(of));
    EXPECT_TRUE(r.ok() && r->size() == 1) << sql << " of " << of;
    return r.ok() && !r->empty() ? std::string(r->text(0, 0)) : "0";
  }
  std::string record(const std::string& document) const {
    return number(
        "SELECT subject_id || '-' || record_id FROM record_key JOIN record USING (subject_id, "
        "record_id) WHERE document = $1::text",
        document);
  }
  std::string batch(const std::string& file) const {
    return number("SELECT max(batch_id)::text FROM batch WHERE file_name = $1::text", file);
  }
};

std::string document(int n) { return fmt::format("沧市监罚〔2026〕{}号", n); }
std::string code(int n) { return rows_of::credit_code(first_code + n % companies); }
std::string name(int n) { return fmt::format("示例{}公司", n % companies); }

std::string registrations(int from, int to) {
  std::vector<rows_of::registration> all;
  for (int i = from; i < to; ++i)
    all.push_back({fmt::format("示例{}公司", i), rows_of::credit_code(first_code + i)});
  return rows_of::registrations(all);
}

// Every tenth row is a person's, every tenth of a company that is not registered yet, and the
// retention of every tenth ends before `after_retention`.
std::string penalties(std::string_view facts) {
  std::vector<rows_of::penalty> all;
  for (int i = 0; i < rows; ++i) {
    rows_of::penalty p{
        .document = document(i), .code = code(i), .name = name(i), .facts = std::string(facts)};
    if (i % 10 == 7) {
      p.code = "";
      p.name = "示例人";
      p.person = rows_of::resident_number(i / 10);
    }
    if (i % 10 == 8) {
      p.code = rows_of::credit_code(first_code + companies);
      p.name = fmt::format("示例{}公司", companies);
    }
    if (i % 10 == 9) p.decided = "2021-09-10";
    all.push_back(p);
  }
  return rows_of::penalties(all);
}

words with_source(words w, const std::string& number) {
  for (const char* more :
       {"--authority", "scjg", "--reason", "示例理由", "--as", "officer", "--document"}) {
    w.emplace_back(more);
  }
  w.push_back(number);
  return w;
}

struct command {
  std::string name;
  std::function<words(const world&)> of;
  date clock = testing_support::today;
  bool new_keys = false;  // made by chance: digests differ from here on
};

command import_of(const std::string& dataset, const std::string& file) {
  return {"import " + file, [=](const world& w) {
            return words{"batch", "import",    "--dataset", dataset,  "--authority",
                         "scjg",  w.at / file, "--as",      "officer"};
          }};
}

std::vector<command> all_commands() {
  const auto settings = home::words_of_settings();
  return {
      {"city load", [=](const world&) { return settings[0]; }},
      {"pack load", [=](const world&) { return settings[1]; }},
      import_of("registration", "registrations.csv"),
      import_of("penalty", "penalties.csv"),
      import_of("penalty", "corrections.csv"),
      {"withdraw",
       [](const world& w) {
         return words{"batch", "withdraw", w.batch("corrections.csv"), "--reason", "误报"};
       }},
      {"dispute",
       [](const world& w) {
         return with_source({"record", "dispute", w.record(document(1))}, "异议1号");
       }},
      {"settle",
       [](const world& w) {
         return with_source({"record", "settle", w.record(document(1))}, "答复1号");
       }},
      {"rebind",
       [](const world& w) {
         return with_source({"record", "rebind", w.record(document(2)), "--to", code(5)},
                            "更正1号");
       }},
      {"alias",
       [](const world&) {
         return with_source({"subject", "alias", code(1), code(2)}, "并1号");
       }},
      {"unalias",
       [](const world&) {
         return with_source({"subject", "unalias", code(1), code(2)}, "并2号");
       }},
      {"succession",
       [](const world&) {
         return with_source({"subject", "succession", code(3), code(4), "--form", "merger"},
                            "合并1号");
       }},
      import_of("registration", "more-registrations.csv"),
      {"decide",
       [](const world& w) {
         return words{"pending", "decide", w.batch("penalties.csv"), "10", "--bind",
                      "--as",    "officer"};
       }},
      {"rotate",
       [](const world&) {
         return words{"vault", "rotate"};
       },
       testing_support::today, true},
      {"tick", [](const world&) { return words{"tick"}; }, after_retention},
      {"purge",
       [](const world&) {
         return words{"purge", "--due"};
       },
       after_retention},
  };
}

void write_files(const world& w) {
  testing_support::write_bytes(w.at / "registrations.csv", registrations(0, companies));
  testing_support::write_bytes(w.at / "more-registrations.csv",
                               registrations(companies, companies + 1));
  testing_support::write_bytes(w.at / "penalties.csv", penalties("逾期未公示年度报告"));
  testing_support::write_bytes(w.at / "corrections.csv", penalties("更正后的事实"));
}

bool did_it(const ended& e) { return e.exit_code == 0 || e.exit_code == 3; }

ended run(const world& w, const command& c, const words& given, const std::string& database) {
  return w.at.run(given, {{"LIXIN_DATABASE", database}, {"LIXIN_CLOCK", to_string(c.clock)}});
}

// Gives the command until it ends undisturbed. Several times its first commit is cut off, so that
// each commit of one that goes on where it was is tried; then later ones, for one that commits the
// same again and again before it does. Answers how often the connection was cut.
int run_with_cuts(const world& w, const command& c, cutter& between) {
  int cuts = 0;
  const words given = c.of(w);  // once: the same words again, whatever they name by then
  while (cuts < cuts_of_a_command_max) {
    between.cut_at(1 + cuts / cuts_of_a_commit);
    const ended e = run(w, c, given, between.conninfo());
    if (!between.has_cut()) {
      EXPECT_TRUE(did_it(e)) << c.name << ": " << e.all();
      return cuts;
    }
    ++cuts;
    // What was lost may be what nobody waits for, such as the answer to the last look at a lock.
    if (did_it(e)) continue;
    EXPECT_EQ(e.exit_code, 69) << c.name << ": " << e.all();
    EXPECT_THAT(e.err, testing::HasSubstr("错误："));
    EXPECT_THAT(e.err, testing::HasSubstr("error: "));
  }
  ADD_FAILURE() << c.name << " never ended";
  return cuts;
}

std::string differences(const world& calm, const world& cut, bool digests) {
  pg::connection a = calm.at.connect();
  pg::connection b = cut.at.connect();
  auto expected = testing_support::picture_of(a);
  auto found = testing_support::picture_of(b);
  if (!digests) {
    for (auto* all : {&expected, &found}) {
      for (auto& [what, lines] : *all) {
        for (std::string& line : lines) {
          for (auto at = line.find(R"(\\x)"); at != std::string::npos; at = line.find(R"(\\x)")) {
            line.erase(at, 3 + 64);
          }
        }
        std::ranges::sort(lines);
      }
    }
  }
  return testing_support::broken_promises(b) + testing_support::differences(expected, found);
}

TEST(cut, no_answer_to_a_commit_is_no_harm) {
  const world cut;
  const world calm;
  write_files(cut);
  write_files(calm);
  // The same keys, so that the digests of sealed rows can be compared.
  ASSERT_EQ(cut.at.run({"db", "migrate"}).exit_code, 0);
  ASSERT_EQ(calm.at.run({"db", "migrate"}).exit_code, 0);
  cutter between(cut.at.conninfo(), cut.at / "socket");
  std::string told;
  bool digests = true;
  for (const command& c : all_commands()) {
    const int cuts = run_with_cuts(cut, c, between);
    EXPECT_GE(cuts, 1) << c.name << " commits nothing";
    told += fmt::format("{} {}, ", c.name, cuts);
    if (!fs::exists(calm.at.data() + "/keys") && fs::exists(cut.at.data() + "/keys")) {
      fs::create_directories(calm.at.data());
      fs::copy_file(cut.at.data() + "/keys", calm.at.data() + "/keys");
    }
    const ended e = run(calm, c, c.of(calm), calm.at.conninfo());
    EXPECT_TRUE(did_it(e)) << c.name << ": " << e.all();
    digests = digests && !c.new_keys;
    EXPECT_EQ(differences(calm, cut, digests), "") << "after " << c.name;
    if (HasFailure()) return;
  }
  fmt::print("commits cut off: {}\n", told.substr(0, told.size() - 2));
  const ended audit = cut.at.run({"audit", "verify"});
  EXPECT_EQ(audit.exit_code, 0) << audit.all();
}

}  // namespace
}  // namespace lixin
