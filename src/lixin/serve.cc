#include <fmt/format.h>
#include <signal.h>

#include <cstdio>
#include <cstdlib>

#include "api/service.h"
#include "journal/journal.h"
#include "lixin/commands.h"
#include "lixin/config.h"
#include "lixin/errc.h"
#include "lixin/say.h"
#include "lixin/terminal.h"
#include "text/json.h"

namespace lixin {
namespace {

// SIGTERM and SIGINT end the server in its own time. Blocked before any thread is made, so that all
// of them have them blocked.
class stop_signals {
 public:
  stop_signals() {
    ::sigemptyset(&set_);
    ::sigaddset(&set_, SIGTERM);
    ::sigaddset(&set_, SIGINT);
    ::pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }
  int wait() const {
    int which = 0;
    ::sigwait(&set_, &which);
    return which;
  }

 private:
  ::sigset_t set_;
};

// One JSON line on standard error for a request that is over: no target, header, address or body.
void log_request(const http::finished& f) {
  std::string line;
  text::json_writer json(line);
  json.begin_object()
      .member("at", journal::to_string(std::chrono::system_clock::now()))
      .member("request_id", f.id)
      .member("route", f.route)
      .member("method", f.method)
      .member("status", std::int64_t{f.status})
      .member("bytes_in", static_cast<std::int64_t>(f.bytes_in))
      .member("bytes_out", static_cast<std::int64_t>(f.bytes_out))
      .member("whole", f.whole)
      .member("us", static_cast<std::int64_t>(f.took.count()))
      .end_object();
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr);
}

http::observer observer_of(request_log log) {
  if (log == request_log::none) return {};
  return [log](const http::finished& f) {
    if (log == request_log::all || f.status == 0 || f.status >= 500) log_request(f);
  };
}

result<server_settings> settings_of(const serve_options& o) {
  server_settings out;
  std::string path = o.config;
  if (const char* named = std::getenv("LIXIN_CONFIG"); path.empty() && named != nullptr) {
    path = named;
  }
  if (!path.empty()) {
    const auto faults = read_settings(path, out);
    for (const error& e : faults) print_error(e);
    if (!faults.empty()) {
      return error(errc::config_faults, {path, fmt::format("{}", faults.size())});
    }
  }
  if (!o.listen.empty()) out.listen = o.listen;
  return out;
}

}  // namespace

result<int> serve(app& a, const serve_options& o) {
  LIXIN_TRY(server_settings s, settings_of(o));
  LIXIN_CHECK(a.database());
  LIXIN_CHECK(a.packs());
  LIXIN_TRY(const crypto::key_file* keys, a.keys());
  LIXIN_TRY(const std::string conninfo, a.conninfo());
  const stop_signals stop;
  api::service_options options{.conninfo = conninfo,
                               .folder = a.data_folder(),
                               .listen = s.listen,
                               .limits = s.limits,
                               .trusted_proxies = s.trusted_proxies,
                               .limit_rates = s.limit_rates,
                               .default_language = s.lang,
                               .image_connections = s.image_connections,
                               .observer = observer_of(s.log)};
  LIXIN_TRY(const auto server, api::service::start(std::move(options), *keys, a.now()));
  const auto state = server->state();
  a.print("立信接口服务已启动：{}，内存中有 {} 个主体（数据截至日志第 {} 号）。按 Ctrl-C 停止。\n",
          "Lixin serves on {}: {} subjects in memory (up to position {} of the journal). Ctrl-C "
          "stops it.\n",
          fmt::join(s.listen, ", "), grouped(static_cast<std::int64_t>(state.subjects)),
          state.at.value);
  std::fflush(stdout);
  stop.wait();
  const bool clean = server->stop(s.stop_within);
  clean ? a.print("服务已停止，已接受的请求都已答复。\n",
                  "Stopped; every request that was accepted was answered.\n")
        : a.print("服务已停止；{} 秒内没有完成的请求被中断。\n",
                  "Stopped; requests that took longer than {} seconds were cut.\n",
                  s.stop_within.count());
  return done;
}

}  // namespace lixin
