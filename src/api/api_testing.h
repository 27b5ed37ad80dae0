// For the tests of the API: a city, the server over it, keys, and a client that speaks JSON.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "access/api_key.h"
#include "api/service.h"
#include "archive/testing.h"
#include "http/test_client.h"

namespace lixin::api::testing {

using archive::testing::must;

struct answered {
  int status = 0;
  std::string head, body;
};

class api_fixture : public ::testing::Test {
 protected:
  // The server over what the city holds by then.
  void serve() {
    service_options o{.conninfo = city.conninfo(),
                      .folder = city.folder(),
                      .listen = {"127.0.0.1:0"},
                      .limits = http::quick_limits(),
                      .limit_rates = false,
                      .default_language = language::en};
    server = must(service::start(std::move(o), archive::testing::trial_city::keys(), clock));
  }
  void TearDown() override { server.reset(); }

  // A key with these roles, of the authority where the roles have one.
  std::string key(access::role_set roles, const std::string& authority = "",
                  std::vector<std::string> matters = {}, std::vector<std::string> datasets = {},
                  int per_minute = 100'000) {
    access::key_terms t{.name = "系统",
                        .authority = authority,
                        .roles = roles,
                        .matters = std::move(matters),
                        .datasets = std::move(datasets),
                        .last_day = clock.today() + 30,
                        .per_minute = per_minute};
    return must(access::issue_key(officer.db(), t, "root", clock)).text;
  }

  answered send(std::string_view method, const std::string& path, const std::string& key,
                std::string_view type = "", std::string_view body = "") {
    std::string text = std::string(method) + " " + path + " HTTP/1.1\r\nHost: x\r\n";
    if (!key.empty()) text += "Authorization: Bearer " + key + "\r\n";
    if (!type.empty()) text += "Content-Type: " + std::string(type) + "\r\n";
    if (method == "POST") text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    http::client c(server->port());
    const http::reply r = c.ask(text + "\r\n" + std::string(body));
    EXPECT_TRUE(r.whole) << method << " " << path;
    return {r.status, r.head, r.body};
  }
  // In a session: as a browser would.
  answered in_session(std::string_view method, const std::string& path, const std::string& token,
                      const std::string& csrf = "", std::string_view json = "") {
    std::string text = std::string(method) + " " + path + " HTTP/1.1\r\nHost: x\r\n";
    text += "Cookie: other=1; lixin_session=" + token + "\r\n";
    if (!csrf.empty()) text += "X-CSRF-Token: " + csrf + "\r\n";
    if (method == "POST") {
      text += "Content-Type: application/json\r\nContent-Length: " + std::to_string(json.size()) +
              "\r\n";
    }
    http::client c(server->port());
    const http::reply r = c.ask(text + "\r\n" + std::string(json));
    return {r.status, r.head, r.body};
  }
  answered get(const std::string& path, const std::string& key = "") {
    return send("GET", path, key);
  }
  answered post(const std::string& path, const std::string& key, const std::string& json) {
    return send("POST", path, key, "application/json", json);
  }

  archive::testing::trial_city city;
  archive::testing::desk officer{city};
  fixed_clock clock{archive::testing::trial_today};
  std::unique_ptr<service> server;
};

}  // namespace lixin::api::testing
