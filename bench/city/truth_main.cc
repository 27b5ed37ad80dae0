// lixin-truth TRUTH: compares the fates on standard input with the truth of a made-up city.
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>

#include "city/errc.h"
#include "city/truth.h"

namespace {

std::string shown(const lixin::city::outcome& o) {
  if (o.fate.empty()) return "-";
  return fmt::format("{} [{}] [{}]", o.fate, o.reasons, o.flags);
}

int fail(const lixin::error& e) {
  fmt::print(stderr, "lixin-truth: {}\n{}\n", e.text(lixin::language::zh),
             e.text(lixin::language::en));
  return lixin::exit_code(e.kind());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 || std::string_view(argv[1]).starts_with("-")) {
    fmt::print(stderr,
               "usage: lixin-truth truth.tsv < fates.tsv\n"
               "fates.tsv: file, row, fate, reasons, flags, parted by tabs\n");
    return 2;
  }
  std::ios::sync_with_stdio(false);
  std::ifstream truth(argv[1], std::ios::binary);
  if (!truth) {
    return fail(lixin::error(lixin::city::errc::cannot_read, {argv[1], std::strerror(errno)}));
  }
  const auto answer = lixin::city::compare(truth, std::cin);
  if (!answer.ok()) return fail(answer.error());
  fmt::print("compared {} rows\n", answer->compared);
  for (const auto& [kind, count] : answer->differences_of) fmt::print("{}: {}\n", kind, count);
  for (const auto& d : answer->first) {
    fmt::print("{} row {} ({}): expected {}, found {}\n", d.file, d.row, d.kind, shown(d.expected),
               shown(d.found));
  }
  return answer->equal() ? 0 : 1;
}
