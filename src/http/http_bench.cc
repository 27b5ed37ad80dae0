// http_bench [PORT]: serves a fixed JSON answer of 1 KB at /json until standard input ends, to be
// measured from outside (scripts/bench http). Prints the port, and at the end one JSON line with
// the processor time of the process and the number of requests that it answered.
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "http/server.h"
#include "text/json.h"

namespace {

using namespace lixin::http;

std::string answer_of_1_kb() {
  std::string json;
  lixin::text::json_writer w(json);
  w.begin_object();
  for (int i = 0; json.size() < 1000; ++i) w.member(fmt::format("member{}", i), "值 value");
  w.end_object();
  return json;
}

double seconds(const ::timeval& t) {
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string port = argc > 1 ? argv[1] : "0";
  std::uint64_t requests = 0;  // of the I/O thread until the server has stopped
  options o;
  o.listen = {"127.0.0.1:" + port};
  o.limits.requests_per_connection_max = 1'000'000'000;
  o.observer = [&](const finished&) { ++requests; };
  std::vector<route> routes;
  routes.push_back({.method = method::get,
                    .pattern = "/json",
                    .name = "json",
                    .handler = [json = answer_of_1_kb()](request&) -> lixin::result<response> {
                      return response::json(json);
                    }});
  auto started = server::start(std::move(o), route_table(std::move(routes)));
  if (!started.ok()) {
    fmt::print(stderr, "{}\n", started.error().text(lixin::language::en));
    return lixin::exit_code(started.error().kind());
  }
  fmt::print("{}\n", (*started)->port());
  std::fflush(stdout);
  char c;
  while (::read(STDIN_FILENO, &c, 1) > 0) {
  }
  started->reset();
  struct ::rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const double cpu = seconds(used.ru_utime) + seconds(used.ru_stime);
  fmt::print("{{\"requests\":{},\"cpu_seconds\":{:.3f},\"us_per_request\":{:.2f}}}\n", requests,
             cpu, requests > 0 ? cpu * 1e6 / static_cast<double>(requests) : 0);
  return 0;
}
