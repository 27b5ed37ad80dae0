// lixin: reads the command line, runs the command, maps failures to exit codes.
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

#include "lixin/command_line.h"
#include "lixin/commands.h"
#include "lixin/errc.h"
#include "lixin/say.h"
#include "lixin/terminal.h"

namespace lixin {
namespace {

// Rows of persons pass through memory: no crash file may ever hold them.
void forbid_crash_files() {
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

int failed(const error& e) {
  print_error(e);
  return exit_code(e.kind());
}

error cannot_print(int why) {
  return error(errc::cannot_print, {reason_of(why, language::zh), reason_of(why, language::en)});
}

int run(int argc, char** argv) {
  command_line words;
  auto command = words.read(argc, argv);
  if (!command.ok()) return failed(command.error());
  if (!*command) return done;  // help was asked for, and printed
  global_options global = words.global();
  if (global.data_folder.empty()) global.data_folder = environment("LIXIN_DATA");
  global.database = environment("LIXIN_DATABASE");
  global.ledger = environment("LIXIN_LEDGER");
  global.clock = environment("LIXIN_CLOCK");
  if (!global.clock.empty()) {
    if (auto day = date_named("LIXIN_CLOCK", global.clock, date()); !day.ok()) {
      return failed(day.error());
    }
    fmt::print(stderr, "{}",
               say(global.lang, "演练时钟：今天按 {} 计（LIXIN_CLOCK）。\n",
                   "Rehearsal: today counts as {} (LIXIN_CLOCK).\n", global.clock));
  }
  app a(std::move(global));
  auto outcome = (*command)(a);
  if (std::fflush(stdout) != 0) return failed(cannot_print(errno));
  return outcome.ok() ? *outcome : failed(outcome.error());
}

}  // namespace
}  // namespace lixin

int main(int argc, char** argv) {
  lixin::forbid_crash_files();
  try {
    return lixin::run(argc, argv);
  } catch (const std::system_error& e) {
    // fmt::print reports a failed write so.
    return lixin::failed(lixin::cannot_print(e.code().value()));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "错误：程序内部出错：%s\nerror: the program itself failed: %s\n", e.what(),
                 e.what());
    return lixin::exit_code(lixin::failure::internal);
  }
}
