#include "lixin/config.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <functional>

#include "lixin/commands.h"
#include "lixin/errc.h"
#include "lixin/say.h"
#include "lixin/terminal.h"
#include "text/json.h"

namespace lixin {
namespace {

constexpr std::size_t file_bytes_max = 1024 * 1024;

// One file while it is read: where each fault is noted.
class settings_reader {
 public:
  settings_reader(std::string path, server_settings& out) : path_(std::move(path)), out_(out) {}

  std::vector<error> read();

 private:
  void read_server(const toml::table& t);
  void read_limits(const toml::table& t);

  void fault(const message& m, std::vector<std::string> args, const toml::source_region& at) {
    faults_.emplace_back(m, std::move(args), place{path_, "", at.begin.line, ""});
  }
  void wrong(std::string_view key, const char* zh, const char* en, const toml::node& n) {
    fault(errc::config_wrong, {std::string(key), zh, en}, n.source());
  }
  void unknown(const toml::key& key, const std::string& known) {
    fault(errc::config_unknown, {as_typed(key.str()), known}, key.source());
  }

  // Values of the wanted kind, or a fault.
  template <class Take>
  void strings(std::string_view key, const toml::node& n, const Take& take);
  template <class T>
  void choice(std::string_view key, const toml::node& n,
              std::initializer_list<std::pair<const char*, T>> all, T& to);
  void number(std::string_view key, const toml::node& n, std::int64_t from, std::int64_t up_to,
              const std::function<void(std::int64_t)>& take);

  std::string path_;
  server_settings& out_;
  std::vector<error> faults_;
};

template <class Take>
void settings_reader::strings(std::string_view key, const toml::node& n, const Take& take) {
  const toml::array* all = n.as_array();
  if (all == nullptr || all->empty()) {
    return wrong(key, "字符串数组，如 [\"…\"]", "an array of strings: [\"...\"]", n);
  }
  for (const toml::node& one : *all) {
    const auto text = one.value_exact<std::string>();
    if (!text || !take(*text)) return wrong(key, "地址的数组", "an array of addresses", one);
  }
}

template <class T>
void settings_reader::choice(std::string_view key, const toml::node& n,
                             std::initializer_list<std::pair<const char*, T>> all, T& to) {
  std::string known;
  const auto text = n.value_exact<std::string>();
  for (const auto& [name, value] : all) {
    if (text && *text == name) {
      to = value;
      return;
    }
    known += fmt::format("{}\"{}\"", known.empty() ? "" : ", ", name);
  }
  wrong(key, known.c_str(), known.c_str(), n);
}

void settings_reader::number(std::string_view key, const toml::node& n, std::int64_t from,
                             std::int64_t up_to, const std::function<void(std::int64_t)>& take) {
  const auto value = n.value_exact<std::int64_t>();
  if (value && *value >= from && *value <= up_to) return take(*value);
  wrong(key, fmt::format("{} 到 {} 的整数", from, up_to).c_str(),
        fmt::format("a whole number from {} to {}", from, up_to).c_str(), n);
}

void settings_reader::read_server(const toml::table& t) {
  for (const auto& [key, value] : t) {
    const std::string_view name = key.str();
    if (name == "listen") {
      std::vector<std::string> all;
      strings(name, value, [&](const std::string& s) { return all.push_back(s), !s.empty(); });
      if (!all.empty()) out_.listen = std::move(all);
    } else if (name == "trusted_proxies") {
      strings(name, value, [&](const std::string& s) {
        const auto a = http::parse_host(s);
        if (a) out_.trusted_proxies.push_back(*a);
        return a.has_value();
      });
    } else if (name == "language") {
      choice<language>(name, value, {{"zh", language::zh}, {"en", language::en}}, out_.lang);
    } else if (name == "limit_rates") {
      if (const auto on = value.value_exact<bool>()) {
        out_.limit_rates = *on;
      } else {
        wrong(name, "true 或 false", "true or false", value);
      }
    } else if (name == "image_connections") {
      number(name, value, 1, 32, [&](auto n) { out_.image_connections = static_cast<int>(n); });
    } else if (name == "stop_within_s") {
      number(name, value, 0, 600, [&](auto n) { out_.stop_within = std::chrono::seconds(n); });
    } else if (name == "request_log") {
      choice<request_log>(
          name, value,
          {{"all", request_log::all}, {"errors", request_log::errors}, {"none", request_log::none}},
          out_.log);
    } else {
      unknown(key,
              "listen, trusted_proxies, language, limit_rates, image_connections, stop_within_s, "
              "request_log");
    }
  }
}

// A setting of http::limits: those that an operator has a reason to change.
struct limit_setting {
  const char* name;
  void (*set)(http::limits&, std::uint32_t);
};
#define LIXIN_LIMIT(member)                                         \
  limit_setting {                                                   \
    #member, [](http::limits& l, std::uint32_t n) { l.member = n; } \
  }
constexpr std::array limit_settings{
    LIXIN_LIMIT(connections_max), LIXIN_LIMIT(connections_per_client_max),
    LIXIN_LIMIT(head_ms),         LIXIN_LIMIT(idle_ms),
    LIXIN_LIMIT(body_grace_ms),   LIXIN_LIMIT(body_bytes_per_second_min),
    LIXIN_LIMIT(write_grace_ms),  LIXIN_LIMIT(write_bytes_per_second_min),
    LIXIN_LIMIT(pool_threads),    LIXIN_LIMIT(pool_queue_max),
    LIXIN_LIMIT(pool_wait_ms),    LIXIN_LIMIT(body_streams_max),
    LIXIN_LIMIT(retry_after_s),
};
#undef LIXIN_LIMIT

void settings_reader::read_limits(const toml::table& t) {
  for (const auto& [key, value] : t) {
    const auto found = std::ranges::find_if(
        limit_settings, [&](const limit_setting& s) { return key.str() == s.name; });
    if (found == limit_settings.end()) {
      std::string known;
      for (const limit_setting& s : limit_settings) {
        known += (known.empty() ? "" : ", ") + std::string(s.name);
      }
      unknown(key, known);
      continue;
    }
    number(key.str(), value, 0, 4'000'000'000, [&](std::int64_t n) {
      http::limits alone;  // so that the fault found is this one's
      found->set(alone, static_cast<std::uint32_t>(n));
      if (auto ok = http::check(alone); !ok.ok()) {
        faults_.push_back(error(ok.error()).at({path_, "", value.source().begin.line, ""}));
        return;
      }
      found->set(out_.limits, static_cast<std::uint32_t>(n));
    });
  }
}

std::vector<error> settings_reader::read() {
  std::ifstream in(path_, std::ios::binary);
  std::string text;
  if (in) {
    text.resize(file_bytes_max + 1);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
  }
  if (!in.is_open() || text.size() > file_bytes_max) {
    const int why = in.is_open() ? EFBIG : errno;
    return {error(errc::config_unreadable,
                  {path_, reason_of(why, language::zh), reason_of(why, language::en)})};
  }
  toml::table root;
  try {
    root = toml::parse(std::string_view(text), std::string_view(path_));
  } catch (const toml::parse_error& e) {
    fault(errc::config_syntax, {std::string(e.description())}, e.source());
    return std::move(faults_);
  }
  for (const auto& [key, value] : root) {
    const toml::table* t = value.as_table();
    if (key.str() == "server" && t != nullptr) {
      read_server(*t);
    } else if (key.str() == "limits" && t != nullptr) {
      read_limits(*t);
    } else {
      unknown(key, "[server], [limits]");
    }
  }
  std::ranges::sort(faults_, {}, [](const error& e) { return e.where().row; });
  return std::move(faults_);
}

}  // namespace

std::vector<error> read_settings(const std::string& path, server_settings& out) {
  return settings_reader(path, out).read();
}

result<int> config_check(app& a, const std::string& path) {
  server_settings read;
  const auto faults = read_settings(path, read);
  for (const error& e : faults) print_error(e);
  if (!faults.empty()) return error(errc::config_faults, {path, fmt::format("{}", faults.size())});
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_object().member("file", path).member("faults", std::int64_t{0}).end_object();
    fmt::print("{}\n", out);
    return done;
  }
  a.print("设置文件没有错误：{}\n", "No fault in the settings: {}\n", path);
  return done;
}

}  // namespace lixin
