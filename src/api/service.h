// The server whole: the city in memory, the checker, the desks, and the HTTP engine with the table
// of routes before them. start() answers when it can answer; stop() finishes what was accepted.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/date.h"
#include "base/error.h"
#include "base/ids.h"
#include "crypto/key_file.h"
#include "http/server.h"

namespace lixin::api {

struct service_options {
  std::string conninfo;  // of a migrated database that may answer
  std::string folder;    // in whose file system uploads are kept without a name
  std::vector<std::string> listen{"127.0.0.1:8080"};
  http::limits limits;
  std::vector<http::address> trusted_proxies;
  bool limit_rates = true;  // of client addresses; keys have their quota in any case
  language default_language = language::zh;
  int image_connections = 2;
  // Told of each request that is over, after it was counted; on the I/O thread, may be empty.
  http::observer observer;
};

class service {
 public:
  // Key file and clock outlive it. errc of http, pg, measure.
  static result<std::unique_ptr<service>> start(service_options o, const crypto::key_file& keys,
                                                const clock& now);
  ~service();

  std::uint16_t port() const;
  struct started {
    std::size_t subjects = 0;
    position at;
  };
  started state() const;
  // False when something had to be cut after that time.
  bool stop(std::chrono::milliseconds within);

 private:
  class impl;
  explicit service(std::unique_ptr<impl> i);
  std::unique_ptr<impl> impl_;
};

}  // namespace lixin::api
