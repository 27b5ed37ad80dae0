// Ties, moves and hand-ins at once, each from a connection of its own.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <functional>
#include <thread>

#include "archive/testing.h"

namespace lixin::archive::testing {
namespace {

class ties_concurrency_test : public archive_fixture {
 protected:
  void SetUp() override {
    officer.register_all(
        {{"甲公司", credit_code(1)}, {"乙公司", credit_code(2)}, {"丙公司", credit_code(3)}});
  }
  static penalty of(int n, const std::string& document, const std::string& facts) {
    return {.document = document, .code = credit_code(n), .facts = facts};
  }
  // All at once, each at a desk of its own; none may throw.
  void together(const std::vector<std::function<void(desk&)>>& work) {
    std::vector<std::unique_ptr<desk>> desks;
    for (std::size_t i = 0; i < work.size(); ++i) desks.push_back(std::make_unique<desk>(city));
    std::vector<std::string> thrown(work.size());
    std::atomic<std::size_t> ready = 0;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < work.size(); ++i) {
      threads.emplace_back([&, i] {
        ++ready;
        while (ready < work.size()) std::this_thread::yield();
        try {
          work[i](*desks[i]);
        } catch (const std::exception& e) {
          thrown[i] = e.what();
        }
      });
    }
    for (std::thread& t : threads) t.join();
    EXPECT_EQ(thrown, strings(work.size()));
  }
};

TEST_F(ties_concurrency_test, of_two_contrary_aliases_one_stands) {
  for (int round = 0; round < 5; ++round) {
    std::string one, other;
    together({[&](desk& d) { one = refused_as(d.alias(credit_code(1), credit_code(2))); },
              [&](desk& d) { other = refused_as(d.alias(credit_code(2), credit_code(1))); }});
    EXPECT_NE(one.empty(), other.empty());
    // The main subject has a duplicate of its own now.
    EXPECT_EQ(one + other, "registry.alias_of_alias");
    if (one.empty()) must(officer.unalias(credit_code(1), credit_code(2)));
    if (other.empty()) must(officer.unalias(credit_code(2), credit_code(1)));
  }
}

TEST_F(ties_concurrency_test, of_two_moves_one_is_done) {
  record_name r = officer.record_of(officer.penalise({of(1, "罚1", "事实")}), 2);
  const auto id = [&](int n) {
    return must(registry::subject_named(officer.db(), credit_code(n))).id;
  };
  for (int round = 0; round < 10; ++round) {
    // To two places: one wins. To the same place: the other one says already.
    std::string one, other;
    std::optional<rebind_outcome> same_a, same_b;
    together({[&](desk& d) { one = refused_as(d.rebind(r, credit_code(2))); },
              [&](desk& d) { other = refused_as(d.rebind(r, credit_code(3))); }});
    EXPECT_EQ(one + other, "archive.record_moved");
    const record_name there{id(one.empty() ? 2 : 3), r.record};
    together({[&](desk& d) { same_a = must(d.rebind(there, credit_code(1))); },
              [&](desk& d) { same_b = must(d.rebind(there, credit_code(1))); }});
    EXPECT_NE(same_a->already, same_b->already);
    EXPECT_EQ(same_a->at, same_b->at);
  }
  EXPECT_EQ(officer.view(r).version, 21);
}

// Whatever a hand-in did by the code of a duplicate, the tie stood at the position at which it did.
TEST_F(ties_concurrency_test, a_row_goes_by_the_ties_of_its_own_position) {
  const batch_id first = officer.penalise({of(1, "罚1", "事实")});
  const record_name r = officer.record_of(first, 2);
  std::atomic<bool> done = false;
  int corrected = 0;
  int pending = 0;
  together({[&](desk& d) {
              while (!done) {
                must(d.alias(credit_code(2), credit_code(1)));
                must(d.unalias(credit_code(2), credit_code(1)));
              }
            },
            [&](desk& d) {
              for (int i = 0; i < 60; ++i) {
                const auto fates = d.rows(d.penalise({of(2, "罚1", fmt::format("事实{}", i))}));
                ++(fates[0].what == fate::corrected ? corrected : pending);
              }
              done = true;
            }});
  EXPECT_EQ(corrected + pending, 60);
  int by_duplicate = 0;
  for (const record_view& v :
       must(history_of(officer.db(), officer.packs(), r.subject, officer.head()))) {
    if (v.value("CF_XDR_SHXYM") != credit_code(2)) continue;
    ++by_duplicate;
    const auto group = must(registry::group_of(officer.db(), r.subject, v.at));
    EXPECT_EQ(group.duplicates.size(), 1u) << "position " << v.at.value;
  }
  EXPECT_EQ(by_duplicate, corrected);
}

TEST_F(ties_concurrency_test, all_of_it_at_once) {
  std::vector<penalty> rows;
  for (int i = 0; i < 200; ++i) rows.push_back(of(1 + i % 3, fmt::format("罚{}", i), "事实"));
  const batch_id first = officer.penalise(rows);
  std::vector<record_name> records;
  for (int i = 0; i < 10; ++i) {
    records.push_back(officer.record_of(first, static_cast<std::uint64_t>(2 + 3 * i)));
  }
  const auto id = [&](int n) {
    return must(registry::subject_named(officer.db(), credit_code(n))).id;
  };
  const std::array ids{id(1), id(2), id(3)};
  const auto allowed = [](const std::string& code, std::initializer_list<std::string_view> codes) {
    EXPECT_TRUE(code.empty() || std::ranges::find(codes, code) != codes.end()) << code;
  };
  const auto mover = [&](int to, int from) {
    return [&, to, from](desk& d) {
      for (int i = 0; i < 20; ++i) {
        const record_name at{ids[static_cast<std::size_t>(i % 2 == 0 ? from : to) - 1],
                             records[static_cast<std::size_t>(i / 2)].record};
        allowed(refused_as(d.rebind(at, credit_code(i % 2 == 0 ? to : from))),
                {"archive.record_moved", "archive.no_such_record", "archive.rebind_withdrawn"});
      }
    };
  };
  together({mover(2, 1), mover(3, 1),
            [&](desk& d) {
              for (int i = 0; i < 15; ++i) {
                allowed(refused_as(d.alias(credit_code(2), credit_code(1))), {});
                allowed(refused_as(d.unalias(credit_code(2), credit_code(1))), {});
              }
            },
            [&](desk& d) {
              for (int i = 0; i < 4; ++i) {
                for (penalty& p : rows) p.facts = fmt::format("事实{}", i);
                const batch_id b = d.penalise(rows);
                if (i % 2 == 0) d.withdraw(b);
              }
            }});
  // The fixture holds the rules that any database keeps. Each document has one record that stands.
  EXPECT_EQ(officer.number("SELECT count(*) FROM record_key k JOIN dataset d USING (dataset_id) "
                           "WHERE d.code = 'penalty'"),
            200);
}

}  // namespace
}  // namespace lixin::archive::testing
