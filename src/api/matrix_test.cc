// Who sees what over the API: every state of a record, every caller, every route that could show
// it. A word that is planted in a public field, in one for sharing and in the number of the
// decision must turn up where it may, and nowhere else, in no view of the past either.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <set>

#include "api/api_testing.h"

namespace lixin::api {
namespace {

using access::role;
using archive::testing::credit_code;
using policy::event_kind;
using testing::must;

// One company for each state, with one penalty.
struct state {
  int company;
  const char* name;
  const char* level = "一般";
  const char* decided = "2026-06-01";
  bool public_now = true;  // everyone may see it today
};
constexpr state states[] = {
    {1, "stands"},
    {2, "minor", "轻微", "2026-06-01", false},
    {3, "over", "一般", "2020-01-10", false},
    {4, "repaired", "一般", "2026-06-01", false},
    {5, "withdrawn", "一般", "2026-06-01", false},
    {6, "corrected", "一般", "2026-06-01", false},  // its first content
    {7, "disputed"},
    {8, "moved", "一般", "2026-06-01", false},
};
constexpr int moved_to = 9;
constexpr const char* mended = "mended";  // the second content of the corrected one

std::string fact(std::string_view s) { return fmt::format("事实{}完", s); }
std::string remark(std::string_view s) { return fmt::format("内部{}完", s); }
std::string document(std::string_view s) { return fmt::format("罚{}号", s); }

std::string file_of(const state& s, std::string_view facts) {
  return archive::testing::csv(
      {{"CF_XDR_MC", "CF_XDR_LB", "CF_XDR_SHXYM", "CF_FRDB", "CF_WSH", "CF_SY", "CF_YJ", "CF_CFLB",
        "CF_NR", "CF_NR_FK", "CF_JDRQ", "CF_CFJG", "LX_SXDJ", "BZ"},
       {fmt::format("公司{}", s.company), "法人及非法人组织", credit_code(s.company), "示例人",
        document(s.name), fact(facts), "示例法第一条", "罚款", "罚款贰仟元", "0.2", s.decided,
        "示例机关", s.level, remark(facts)}});
}

class matrix : public testing::api_fixture {
 protected:
  void SetUp() override {
    std::vector<archive::testing::registration> all;
    for (int i = 1; i <= moved_to; ++i) all.push_back({fmt::format("公司{}", i), credit_code(i)});
    officer.register_all(all);
    for (const state& s : states) {
      const auto batch = officer.hand_in("penalty", file_of(s, s.name)).batch.id;
      ASSERT_EQ(officer.fates(batch).size(), 1U);
      const auto n = officer.record_of(batch, 2);
      const std::string_view name = s.name;
      if (name == "repaired") must(officer.event(n, event_kind::repair, "修1", date(2026, 10, 1)));
      if (name == "disputed") must(officer.event(n, event_kind::dispute, "异1", date(2026, 7, 1)));
      if (name == "withdrawn") officer.withdraw(batch);
      if (name == "corrected") officer.hand_in("penalty", file_of(s, mended));
      if (name == "moved") must(officer.rebind(n, credit_code(moved_to)));
      before_.push_back(batch.value);
    }
    everyone_keys = {"", key({role::checker}, "czj"), key({role::data_officer}, "czj"),
                     key({role::data_officer, role::checker}, "scjg-130902")};
    own = key({role::data_officer}, "scjg");
    centre = key({role::centre});
    auditor = key({role::auditor});
    serve();
  }

  // All that a caller can get to see of the city, by every route and over the past.
  std::string everything(const std::string& k, bool with_positions) {
    std::string out;
    for (int i = 1; i <= moved_to; ++i) {
      const std::string path = "/api/v1/subjects/" + credit_code(i);
      for (const char* as_of :
           {"", "?as_of=2026-08-01", "?as_of=2021-01-01", "?as_of=2026-06-01"}) {
        out += get(path + as_of, k).body;
        out += get(path + "/history" + as_of, k).body;
      }
      if (!with_positions) continue;
      for (std::int64_t p = 0; p <= officer.head().value; p += 3) {
        out += get(fmt::format("{}?known_at={}", path, p), k).body;
      }
    }
    for (const std::int64_t b : before_) {
      out += get(fmt::format("/api/v1/batches/{}", b), k).body;
      out += get(fmt::format("/api/v1/batches/{}/rows", b), k).body;
    }
    out += get("/api/v1/changes?after=0&limit=10000", k).body;
    out += get("/api/v1/batches", k).body;
    out += get("/api/v1/pending", k).body;
    return out;
  }
  static bool holds(const std::string& text, const std::string& word) {
    return text.find(word) != std::string::npos;
  }

  std::vector<std::string> everyone_keys;
  std::string own, centre, auditor;
  std::vector<std::int64_t> before_;
};

TEST_F(matrix, others_than_the_source_see_what_is_public_now) {
  for (std::size_t i = 0; i < everyone_keys.size(); ++i) {
    SCOPED_TRACE(i);
    const std::string seen = everything(everyone_keys[i], true);
    for (const state& s : states) {
      SCOPED_TRACE(s.name);
      // What was moved stands, and is public, at the subject that it belongs to.
      const bool elsewhere = std::string_view(s.name) == "moved";
      EXPECT_EQ(holds(seen, fact(s.name)), s.public_now || elsewhere);
      EXPECT_FALSE(holds(seen, remark(s.name)));
    }
    EXPECT_TRUE(holds(seen, fact(mended)));
    EXPECT_FALSE(holds(seen, remark(mended)));
    EXPECT_FALSE(holds(seen, "示例理由")) << "why it is disputed is for those whom it concerns";
    // Of the company from which it was moved nothing is left.
    const auto left = get("/api/v1/subjects/" + credit_code(8), everyone_keys[i]).body;
    EXPECT_FALSE(holds(left, fact("moved")));
    EXPECT_FALSE(holds(left, document("moved")));
  }
}

TEST_F(matrix, the_source_and_the_centre_see_all) {
  for (const std::string& k : {own, centre}) {
    const std::string seen = everything(k, true);
    for (const state& s : states) {
      EXPECT_TRUE(holds(seen, fact(s.name))) << s.name;
      EXPECT_TRUE(holds(seen, remark(s.name))) << s.name;
    }
  }
}

TEST_F(matrix, an_auditor_sees_who_and_when_and_no_content) {
  const std::string seen = everything(auditor, false);
  EXPECT_TRUE(holds(seen, R"("viewer":"auditor")"));
  EXPECT_TRUE(holds(seen, R"("record":")"));
  for (const state& s : states) {
    for (const std::string& word : {fact(s.name), remark(s.name), document(s.name)}) {
      EXPECT_FALSE(holds(seen, word)) << word;
    }
  }
}

// The day on which the term of publicity is over comes by itself.
TEST_F(matrix, what_was_public_ends) {
  server.reset();
  clock = fixed_clock(date(2031, 1, 1));
  serve();
  const std::string seen = everything("", true);
  for (const state& s : states) EXPECT_FALSE(holds(seen, fact(s.name))) << s.name;
  EXPECT_FALSE(holds(seen, fact(mended)));
}

}  // namespace
}  // namespace lixin::api
