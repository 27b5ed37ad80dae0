// The settings of the server: a TOML file, over which the environment and the flags go. No secret
// stands in it: the database's address comes from LIXIN_DATABASE, keys from the data folder.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/error.h"
#include "http/address.h"
#include "http/limits.h"

namespace lixin {

enum class request_log { all, errors, none };

struct server_settings {
  std::vector<std::string> listen{"127.0.0.1:8080"};
  std::vector<http::address> trusted_proxies;
  language lang = language::zh;  // of answers to clients that ask for none
  bool limit_rates = true;
  int image_connections = 2;  // 1 .. 32: to build the city in memory by
  std::chrono::seconds stop_within{30};
  request_log log = request_log::all;
  http::limits limits;
};

// Every fault of the file with its line; empty: `out` is what it says.
std::vector<error> read_settings(const std::string& path, server_settings& out);

}  // namespace lixin
