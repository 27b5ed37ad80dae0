// Kills the server, and PostgreSQL under it, while checks and hand-ins come over the API. What was
// acknowledged must be there: each hand-in, each inquiry, and each receipt with the same answer.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <signal.h>

#include <atomic>
#include <map>
#include <mutex>
#include <random>
#include <thread>

#include "archive/testing.h"
#include "http/test_client.h"
#include "support/home.h"
#include "support/killer.h"

namespace lixin {
namespace {

using namespace std::chrono_literals;
using archive::testing::credit_code;
using testing_support::child;
using testing_support::home;

constexpr int companies = 40;
constexpr int askers = 3;
constexpr std::size_t receipts_looked_at = 300;
constexpr const char* authority = "scjg";

// LIXIN_SERVE_KILLS, else what scripts/test has time for.
int kills_from_environment() {
  const char* said = std::getenv("LIXIN_SERVE_KILLS");
  return said != nullptr ? std::max(1, std::atoi(said)) : 30;
}

std::string member(const std::string& json, const std::string& name) {
  const std::string key = "\"" + name + "\":";
  const auto at = json.find(key);
  if (at == std::string::npos) return "";
  const auto begin = json.find_first_not_of(" \"", at + key.size());
  return json.substr(begin, json.find_first_of("\",}", begin) - begin);
}

std::string answer_part(const std::string& body) {
  return body.substr(0, body.find(",\"receipt\":"));
}

class served_city {
 public:
  served_city() : at(home::server::own), port(testing_support::free_port()) {
    at.load_settings();
    std::vector<archive::testing::registration> all;
    for (int i = 1; i <= companies; ++i) all.push_back({fmt::format("公司{}", i), credit_code(i)});
    testing_support::write_bytes(at / "registrations.csv", archive::testing::registrations(all));
    EXPECT_EQ(at.run({"batch", "import", "--dataset", "registration", "--authority", authority,
                      at / "registrations.csv"})
                  .exit_code,
              0);
    key = member(
        at.run({"key", "add", "--json", "--name", "系统", "--role", "checker,data-officer",
                "--authority", authority, "--until", "2027-01-31", "--per-minute", "1000000"})
            .out,
        "key");
    EXPECT_THAT(key, testing::StartsWith("lxk_"));
  }

  // Answers when it is ready.
  std::unique_ptr<child> start() {
    auto server = at.start({"serve", "--listen", fmt::format("127.0.0.1:{}", port)});
    const auto latest = std::chrono::steady_clock::now() + 60s;
    while (std::chrono::steady_clock::now() < latest) {
      if (ask("GET", "/readyz", "").status == 200) return server;
      if (server->ends_within(20ms)) break;
    }
    ADD_FAILURE() << "the server did not start: " << server->wait().all();
    return server;
  }

  http::reply ask(std::string_view method, const std::string& path, std::string_view body) {
    http::client c(port);
    return ask(c, method, path, body);
  }
  http::reply ask(http::client& c, std::string_view method, const std::string& path,
                  std::string_view body) {
    return c.ask(
        fmt::format("{} {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n"
                    "Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{}",
                    method, path, key, body.size(), body));
  }

  home at;
  std::uint16_t port;
  std::string key;
};

// What clients were told, over all lives of the server.
struct told {
  std::mutex mutex;
  std::vector<std::pair<std::string, std::string>> receipts;  // and the answers that they are of
  std::vector<std::pair<std::string, int>> hand_ins;          // batch, rows
  std::int64_t answered = 0;
};

class load {
 public:
  load(served_city& city, told& t, unsigned seed) : city_(city), told_(t) {
    for (unsigned i = 0; i < askers; ++i) {
      threads_.emplace_back([this, seed, i] { check(seed + i); });
    }
    threads_.emplace_back([this, seed] { hand_in(seed); });
  }
  ~load() {
    ended_ = true;
    for (auto& t : threads_) t.join();
  }

 private:
  void check(unsigned seed) {
    std::mt19937 random(seed);
    while (!ended_) {
      http::client c(city_.port);
      for (bool up = c.connected(); up && !ended_;) {
        const std::string code = credit_code(1 + static_cast<int>(random() % (companies + 5)));
        const auto r =
            city_.ask(c, "POST", "/api/v1/checks",
                      fmt::format(R"({{"code":"{}","matter":"procurement.bid"}})", code));
        up = r.whole && r.status == 200;
        if (!up) break;
        const std::lock_guard lock(told_.mutex);
        ++told_.answered;
        if (told_.answered % 7 == 0) {
          told_.receipts.emplace_back(member(r.body, "receipt"), answer_part(r.body));
        }
      }
      std::this_thread::sleep_for(5ms);
    }
  }

  void hand_in(unsigned seed) {
    std::mt19937 random(seed);
    for (int n = 0; !ended_; ++n) {
      std::vector<archive::testing::penalty> rows;
      for (int i = 0; i < 40; ++i) {
        const int who = 1 + static_cast<int>(random() % companies);
        rows.push_back({.document = fmt::format("罚〔2026〕{}-{}-{}号", seed, n, i),
                        .code = credit_code(who),
                        .name = fmt::format("公司{}", who)});
      }
      const std::string file = archive::testing::penalties(rows);
      // Sent again until it is acknowledged: what was kept is not kept twice.
      while (!ended_) {
        const auto r = city_.ask("POST", "/api/v1/batches?dataset=penalty", file);
        if (r.whole && (r.status == 200 || r.status == 201)) {
          EXPECT_EQ(member(r.body, "accepted"), "40") << r.body;
          const std::lock_guard lock(told_.mutex);
          const auto batch = r.body.find("\"batch\":{") + 9;
          told_.hand_ins.emplace_back(member(r.body.substr(batch), "batch"), 40);
          break;
        }
        EXPECT_TRUE(r.status == 0 || r.status == 503 || !r.whole) << r.body;
        std::this_thread::sleep_for(20ms);
      }
    }
  }

  served_city& city_;
  told& told_;
  std::atomic<bool> ended_ = false;
  std::vector<std::thread> threads_;
};

TEST(serve, what_was_acknowledged_is_there_after_kills) {
  const int kills_wanted = kills_from_environment();
  served_city city;
  told t;
  std::mt19937 random(20'261'124);
  int of_server = 0;
  int of_database = 0;
  for (int life = 0; life < kills_wanted; ++life) {
    auto server = city.start();
    {
      const load running(city, t, 1000 * static_cast<unsigned>(life + 1));
      std::this_thread::sleep_for(std::chrono::milliseconds(50 + random() % 500));
      if (life % 3 == 2) {
        // The server lives through it, and answers again by itself once the database is back.
        ASSERT_TRUE(testing_support::kill_server(city.at));
        ++of_database;
        EXPECT_EQ(city.at.run({"db", "status"}).exit_code, 0);  // starts it
        const auto latest = std::chrono::steady_clock::now() + 30s;
        bool again = false;
        while (!again && std::chrono::steady_clock::now() < latest) {
          again = city.ask("POST", "/api/v1/checks", R"({"code":"12","matter":"procurement.bid"})")
                      .status == 200;
          if (!again) std::this_thread::sleep_for(50ms);
        }
        EXPECT_TRUE(again);
        const std::lock_guard lock(t.mutex);
        t.answered += again;
      }
      server->kill(SIGKILL);
      ++of_server;
      EXPECT_EQ(server->wait().signal, SIGKILL);
    }
  }
  fmt::print("{} kills of the server, {} of the database: {} checks answered, {} hand-ins\n",
             of_server, of_database, t.answered, t.hand_ins.size());
  EXPECT_GT(t.answered, kills_wanted);
  EXPECT_GT(t.hand_ins.size(), static_cast<std::size_t>(kills_wanted) / 2);

  auto server = city.start();
  pg::connection db = city.at.connect();
  const auto number = [&](std::string_view sql) {
    const auto r = db.exec(sql);
    EXPECT_TRUE(r.ok());
    return r.ok() ? r->int64(0, 0) : -1;
  };
  EXPECT_GE(number("SELECT count(*) FROM inquiry"), t.answered);
  std::map<std::string, int> stored;  // rows of each batch that stands
  const auto batches = db.exec(
      "SELECT v.batch_id, count(*) FROM record_version v JOIN batch b USING (batch_id) WHERE "
      "b.state = 2 GROUP BY v.batch_id");
  ASSERT_TRUE(batches.ok());
  for (int i = 0; i < batches->size(); ++i) {
    stored[std::string(batches->text(i, 0))] = static_cast<int>(batches->int64(i, 1));
  }
  for (const auto& [batch, rows] : t.hand_ins) EXPECT_EQ(stored[batch], rows) << batch;
  const std::size_t step = std::max<std::size_t>(1, t.receipts.size() / receipts_looked_at);
  for (std::size_t i = 0; i < t.receipts.size(); i += step) {
    const auto r = city.ask("POST", "/api/v1/checks/receipt",
                            fmt::format(R"({{"receipt":"{}"}})", t.receipts[i].first));
    EXPECT_EQ(r.status, 200) << r.body;
    EXPECT_EQ(answer_part(r.body), t.receipts[i].second);
  }
  EXPECT_EQ(archive::testing::broken_rules(db), std::vector<std::string>{});
  EXPECT_EQ(city.at.run({"audit", "verify"}).exit_code, 0);
  server->kill(SIGTERM);
  const auto e = server->wait();
  EXPECT_EQ(e.exit_code, 0) << e.all();
  EXPECT_THAT(e.err, testing::Not(testing::HasSubstr(city.key)));
  EXPECT_THAT(e.err, testing::Not(testing::HasSubstr("LXR1.")));
}

}  // namespace
}  // namespace lixin
