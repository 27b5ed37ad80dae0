// lixin-city: writes the hand-ins of a made-up city with the truth about every row.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <thread>

#include "calendar/parse.h"
#include "city/city.h"
#include "city/errc.h"

namespace {

using lixin::language;

void print_summary(const std::vector<lixin::city::file_summary>& files, language lang) {
  const bool zh = lang == language::zh;
  fmt::print("{}\n", zh ? "行数\t接收\t未变\t更正\t待定\t封存\t退回\t文件"
                        : "rows\taccepted\tunchanged\tcorrected\tpending\tsealed\trefused\tfile");
  std::uint64_t total = 0;
  for (const auto& f : files) {
    fmt::print("{}\t{}\t{}\n", f.rows(), fmt::join(f.rows_of, "\t"), f.file.file);
    total += f.rows();
  }
  if (zh) {
    fmt::print("共 {} 个文件，{} 行\n", files.size(), total);
  } else {
    fmt::print("{} files, {} rows\n", files.size(), total);
  }
}

int fail(const lixin::error& e, language lang) {
  fmt::print(stderr, "lixin-city: {}\n", e.text(lang));
  return lixin::exit_code(e.kind());
}

}  // namespace

int main(int argc, char** argv) {
  lixin::city::settings s;
  s.calendar = "cities/calendar.csv";
  double fault_rate = 0.02;
  std::string today = to_string(s.today);
  std::string spoken = "zh";
  CLI::App app{"Writes the hand-ins of a made-up city with the truth about every row."};
  app.add_option("--out", s.out, "empty or new folder")->required();
  app.add_option("--seed", s.seed, "same seed, same bytes");
  app.add_option("--organisations", s.organisations)
      ->check(CLI::Range(20u, lixin::city::settings::organisations_max));
  app.add_option("--records", s.records)
      ->check(CLI::Range(std::uint64_t{0}, lixin::city::settings::records_max));
  app.add_option("--fault-rate", fault_rate, "share of rows with a fault")
      ->check(CLI::Range(0.0, 0.5));
  app.add_option("--today", today, "day of the hand-in");
  app.add_option("--calendar", s.calendar, "the city's calendar.csv");
  app.add_option("--language", spoken, "of the summary and of errors")
      ->check(CLI::IsMember({"zh", "en"}));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return app.exit(e) == 0 ? 0 : 2;
  }
  const language lang = spoken == "en" ? language::en : language::zh;
  const auto day = lixin::calendar::parse_date(today);
  if (!day.ok()) return fail(day.error(), lang);
  s.today = *day;
  s.faults_per_million = static_cast<std::uint32_t>(fault_rate * 1'000'000 + 0.5);
  const int threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  const auto files = lixin::city::write_city(s, std::min(threads, 8));
  if (!files.ok()) return fail(files.error(), lang);
  print_summary(*files, lang);
  return 0;
}
