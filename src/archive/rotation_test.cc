// The vault's keys are rotated while hand-ins of personal rows run: their fates and what is sealed
// are the same as without.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "archive/testing.h"
#include "journal/audit_verify.h"
#include "vault/look.h"
#include "vault/rotate.h"

namespace lixin::archive::testing {
namespace {

struct played {
  strings fates, sealed;
  int turns = 0;
};

class key_folder {
 public:
  key_folder() {
    name_ = (std::filesystem::temp_directory_path() / "lixin-rotation-XXXXXX").string();
    if (::mkdtemp(name_.data()) == nullptr) throw std::runtime_error("no folder for the test");
  }
  key_folder(const key_folder&) = delete;
  key_folder& operator=(const key_folder&) = delete;
  ~key_folder() { std::filesystem::remove_all(name_); }
  crypto::key_file keys() const { return must(crypto::key_file::open_or_create(name_ + "/keys")); }

 private:
  std::string name_;
};

std::vector<penalty> rows(int count, const std::string& facts) {
  std::vector<penalty> out;
  for (int i = 0; i < count; ++i) {
    out.push_back({.document = fmt::format("人{}号", i),
                   .facts = i % 3 == 0 ? facts : "事实不变",
                   .person = resident_number(i % 40)});
  }
  return out;
}

// Everything sealed, in clear, with the version and the fate of its batch.
strings sealed_rows(pg::connection& c, const vault::vault& v) {
  const auto r =
      must(c.exec("SELECT ciphertext, key_digest, version, row_number, withdrawn_at IS "
                  "NULL, a.code FROM sealed_record JOIN authority a USING "
                  "(authority_id)"));
  strings out;
  for (int i = 0; i < r.size(); ++i) {
    const auto open = must(v.open(r.bytes(i, 0), vault::digest_from(r.bytes(i, 1))));
    out.push_back(fmt::format("{} {} {} {} {} {} {}", r.text(i, 5), open.document_key, open.person,
                              r.text(i, 2), r.text(i, 3), r.text(i, 4), open.content));
  }
  std::ranges::sort(out);
  return out;
}

played play(bool rotating) {
  trial_city city;
  const key_folder folder;
  const auto first = folder.keys();
  std::atomic<bool> running = true;
  played out;
  std::thread keeper([&] {
    if (!rotating) return;
    auto c = must(pg::connection::open(city.conninfo()));
    const fixed_clock now(trial_today);
    while (running || out.turns < 2) {
      vault::vault v(folder.keys());
      must(vault::rotate(c, v, {.digest = true, .seal = true, .actor = "keeper", .page_rows = 100},
                         now));
      ++out.turns;
    }
  });
  std::array<strings, 2> paths, fates;
  for (strings& of : paths) {
    for (int round = 0; round < 4; ++round)
      of.push_back(city.write(penalties(rows(400, fmt::format("事实{}", round)))));
  }
  std::vector<std::thread> officers;
  for (std::size_t who = 0; who < fates.size(); ++who) {
    officers.emplace_back([&, who] {
      desk d(city);
      vault::vault persons(first);  // in memory from before the first rotation
      const auto context = d.context();
      const import_context mine{context.connection, context.packs, context.days, persons,
                                context.now};
      for (int round = 0; round < 4; ++round) {
        const auto batch = must(import_file(mine,
                                            {.dataset = "penalty",
                                             .authority = who == 0 ? "scjg" : "czj",
                                             .path = paths[who][static_cast<std::size_t>(round)],
                                             .actor = "officer"},
                                            nullptr))
                               .batch;
        const auto told = d.fates(batch.id);
        fates[who].insert(fates[who].end(), told.begin(), told.end());
        if (round == 2) must(withdraw_batch(mine, batch.id, "officer", "报送有误"));
      }
    });
  }
  for (auto& t : officers) t.join();
  running = false;
  keeper.join();
  for (const strings& of : fates) out.fates.insert(out.fates.end(), of.begin(), of.end());
  auto c = must(pg::connection::open(city.conninfo()));
  const vault::vault v(folder.keys());
  out.sealed = sealed_rows(c, v);
  EXPECT_TRUE(must(journal::verify_audit(c, {})).faults.empty());
  EXPECT_EQ(broken_rules(c), strings{});
  return out;
}

TEST(rotation, beside_hand_ins_of_persons_nothing_differs) {
  const played plain = play(false);
  const played rotated = play(true);
  EXPECT_GE(rotated.turns, 2);
  EXPECT_EQ(rotated.fates, plain.fates);
  EXPECT_EQ(rotated.sealed, plain.sealed);
  EXPECT_EQ(std::ranges::count(plain.fates, std::string("sealed")), 2 * (400 + 3 * 134));
}

}  // namespace
}  // namespace lixin::archive::testing
