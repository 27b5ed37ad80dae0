// docs/operator.md, command by command: its `sh` blocks run in one shell from top to bottom, with
// the folders that it names put below the test's own. The lines of cron and systemd run after them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <sstream>

#include "archive/testing.h"
#include "support/home.h"

namespace lixin {
namespace {

using testing_support::bytes_of;
using testing_support::child;
using testing_support::ended;
using testing_support::home;
using testing_support::write_bytes;

// The lines between ```language and ```.
std::string blocks_of(const std::string& page, const std::string& language) {
  std::string out;
  bool inside = false;
  std::istringstream in(page);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("```")) {
      inside = line == "```" + language;
    } else if (inside) {
      out += line + "\n";
    }
  }
  return out;
}

std::string with_folders(std::string text, const std::string& folder) {
  const std::pair<const char*, std::string> names[] = {{"build/release/lixin", LIXIN_PROGRAM},
                                                       {"/usr/local/bin", folder + "/bin"},
                                                       {"/var/lib/lixin", folder + "/data"},
                                                       {"/srv/", folder + "/srv/"},
                                                       // of a chain that has grown
                                                       {"--from 10", "--from 1"}};
  for (const auto& [name, place] : names) {
    text = std::regex_replace(text, std::regex(name), place);
  }
  return text;
}

// A port that was free a moment ago, in the place of the page's.
std::string with_port(const std::string& text) {
  static const std::string at = fmt::format("127.0.0.1:{}", testing_support::free_port());
  return std::regex_replace(text, std::regex("127\\.0\\.0\\.1:8080"), at);
}

TEST(operator_page, every_command_line_works) {
  const home h(home::server::own);
  const std::string page = bytes_of(std::string(LIXIN_SOURCE_DIR) + "/docs/operator.md");
  std::string script = with_port(with_folders(blocks_of(page, "sh"), h.folder()));
  ASSERT_GT(std::ranges::count(script, '\n'), 20);
  // What cron and systemd would call. The database was stopped by then, and starts again.
  const std::string timed =
      with_folders(blocks_of(page, "text") + blocks_of(page, "ini"), h.folder());
  const std::regex call("(?:ExecStart=|\\* +)(\\S*lixin .*)");
  int calls = 0;
  for (std::sregex_iterator m(timed.begin(), timed.end(), call), end; m != end; ++m, ++calls) {
    script += (*m)[1].str() + "\n";
  }
  EXPECT_EQ(calls, 5);
  // The clone, without what the page writes beside it; and an editor that needs nobody.
  const std::string work = h / "work";
  std::filesystem::create_directories(work);
  std::filesystem::create_directories(h / "bin");
  write_bytes(work + "/lixin.toml", with_port(blocks_of(page, "toml")));
  for (const char* name : {"packs", "cities"}) {
    std::filesystem::create_symlink(std::string(LIXIN_SOURCE_DIR) + "/" + name, work + "/" + name);
  }
  write_bytes(h / "bin/editor", "#!/bin/sh\nif [ \"$1\" = number ]; then echo " +
                                    archive::testing::resident_number(1) +
                                    "; else echo 'a long pass phrase'; fi >\"$1\"\n");
  std::filesystem::permissions(h / "bin/editor", std::filesystem::perms::owner_all);
  const std::string path = h / "operator.sh";
  write_bytes(path, "set -euxo pipefail\ncd " + work + "\n" + script);
  auto settings = h.settings();
  settings["LIXIN_DATA"] = "";
  settings["LIXIN_CLOCK"] = "";
  settings["PATH"] = h / "bin" + ":/usr/bin:/bin";
  const ended e = child({"/bin/bash", path}, settings).wait();
  EXPECT_EQ(e.exit_code, 0) << e.all();
  // The page's own promises.
  EXPECT_TRUE(std::filesystem::exists(work + "/keys-2026-12-01.locked"));
  EXPECT_FALSE(std::filesystem::exists(work + "/number"));
  const auto backups = std::filesystem::directory_iterator(h / "srv/backup/lixin");
  EXPECT_GE(std::distance(begin(backups), std::filesystem::directory_iterator()), 4);
}

}  // namespace
}  // namespace lixin
