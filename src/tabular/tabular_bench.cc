// tabular_bench FILE: reads a file through the reader and prints one JSON line, to be put beside
// `wc -l` or `unzip -p` over the same file.
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>

#include "tabular/tabular.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: tabular_bench FILE\n");
    return 2;
  }
  const auto started = std::chrono::steady_clock::now();
  auto opened = lixin::tabular::open(argv[1]);
  if (!opened.ok()) {
    fmt::print(stderr, "{}\n", opened.error().text(lixin::language::en));
    return lixin::exit_code(opened.error().kind());
  }
  lixin::tabular::reader& source = **opened;
  constexpr std::size_t rows_per_block = 1000;
  lixin::tabular::block rows;
  std::uint64_t row_count = 0;
  std::uint64_t cell_count = 0;
  std::uint64_t text_bytes = 0;
  for (;;) {
    rows.clear();
    const auto any = source.read(rows, rows_per_block);
    if (!any.ok()) {
      fmt::print(stderr, "{}\n", any.error().text(lixin::language::en));
      return lixin::exit_code(any.error().kind());
    }
    if (!*any) break;
    row_count += rows.rows.size();
    cell_count += rows.cells.size();
    for (const auto& one : rows.cells) text_bytes += one.text.size();
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - started;
  struct ::rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  fmt::print(
      "{{\"bytes\":{},\"rows\":{},\"cells\":{},\"text_bytes\":{},\"seconds\":{:.4f},"
      "\"peak_kb\":{}}}\n",
      source.bytes_total(), row_count, cell_count, text_bytes, taken.count(), usage.ru_maxrss);
  return 0;
}
