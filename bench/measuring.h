// What the benchmark programs share: they stop at the first error with its sentence, and report
// medians.
#pragma once

#include <errno.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "base/error.h"

namespace lixin::measuring {

using seconds = std::chrono::duration<double>;

[[noreturn]] inline void stop(const std::string& why) {
  fmt::print(stderr, "{}: {}\n", program_invocation_short_name, why);
  std::exit(70);
}

template <class T>
T must(result<T> r) {
  if (!r.ok()) stop(r.error().text(language::en));
  return std::move(r).value();
}
inline void must(result<void> r) {
  if (!r.ok()) stop(r.error().text(language::en));
}

// Not of nothing.
inline double median(std::vector<double> v) {
  std::ranges::sort(v);
  return v[v.size() / 2];
}

}  // namespace lixin::measuring
