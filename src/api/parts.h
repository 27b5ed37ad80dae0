// What the handlers share, and how a handler looks.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "access/roles.h"
#include "api/caller.h"
#include "api/checker.h"
#include "api/desks.h"
#include "api/live_city.h"
#include "api/metrics.h"
#include "http/route.h"
#include "http/server.h"

namespace lixin::api {

// All thread-safe, and alive for as long as the server is.
struct parts {
  live_city& city;
  api::desks& desks;
  checker& checks;
  api::metrics& metrics;
  const crypto::key_file& keys;
  const clock& now;
  std::string folder;  // for what is uploaded, until it is read
  std::function<http::server::gauges()> gauges;
};

using plain_handler = std::function<result<http::response>(parts&, const caller&, http::request&)>;
using later_handler = std::function<void(parts&, const caller&, http::request&, http::completion)>;

// Classes of rates, as http::options::rates has them.
enum class pace : std::uint8_t { page = 0, check = 1, heavy = 2 };

// One line of the table of routes: the one place that says who may call.
struct endpoint {
  http::method method;
  std::string pattern, name;
  access::role_set roles;  // any of them; none: everyone
  http::run runs = http::run::blocking;
  plain_handler handler = {};
  later_handler later = {};  // of http::run::deferred
  std::uint64_t body_bytes_max = 0;
  api::pace pace = api::pace::page;
};

// The whole table. Handlers stand in the file of their noun.
std::vector<endpoint> endpoints();

std::vector<endpoint> check_endpoints();
std::vector<endpoint> subject_endpoints();
std::vector<endpoint> batch_endpoints();
std::vector<endpoint> pending_endpoints();
std::vector<endpoint> catalogue_endpoints();
std::vector<endpoint> change_endpoints();
std::vector<endpoint> session_endpoints();
std::vector<endpoint> state_endpoints();

// Each endpoint with its gate before it: nothing of a handler runs for whom it is not.
http::route_table guarded(std::vector<endpoint> all, parts& p, gate& g);

}  // namespace lixin::api
