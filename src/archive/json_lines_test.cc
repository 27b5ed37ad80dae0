// JSON lines go in at the same door: the same rows, the same fates and contents as by CSV.
#include "archive/errc.h"
#include "archive/testing.h"
#include "tabular/tabular.h"
#include "text/json.h"

namespace lixin::archive::testing {
namespace {

// A blank line stands where the heading was, so that the rows have the same numbers. Keys come in
// an order that turns from line to line, and every other line leaves out what is empty.
std::string json_lines(const std::string& csv_text) {
  auto reader = must(tabular::open_bytes(csv_text));
  tabular::block block;
  while (must(reader->read(block, 1000))) {
  }
  const auto heading = block.cells_of(block.rows.front());
  std::string out = "\n";
  for (std::size_t r = 1; r < block.rows.size(); ++r) {
    const auto cells = block.cells_of(block.rows[r]);
    text::json_writer json(out);
    json.begin_object();
    for (std::size_t k = 0; k < cells.size(); ++k) {
      const std::size_t i = r == 1 ? k : (k + r) % cells.size();
      if (r == 1 || r % 2 == 0 || !cells[i].text.empty()) {
        json.member(heading[i].text, cells[i].text);
      }
    }
    json.end_object();
    out += '\n';
  }
  return out;
}

import_outcome hand_in_as(trial_city& city, desk& officer, bool as_json, const std::string& dataset,
                          const std::string& text) {
  const std::string path = as_json ? city.write(json_lines(text), ".jsonl") : city.write(text);
  return must(officer.import(
      {.dataset = dataset, .authority = trial_authority, .path = path, .actor = "officer"}));
}

TEST(json_lines_test, the_same_rows_have_the_same_fates_and_contents) {
  const std::string companies =
      registrations({{"甲公司", credit_code(1), registration_number(1), "甲街 1 号"},
                     {"乙公司", credit_code(2)},
                     {"", credit_code(3)}});
  const std::string first = penalties({
      {.document = "罚1", .code = credit_code(1), .name = "甲公司"},
      {.document = "罚2", .code = credit_code(9), .name = "无此公司"},
      {.document = "罚3", .code = credit_code(2), .name = "另一名称"},
      {.document = "罚4", .code = credit_code(2), .name = "乙公司", .facts = ""},
      {.document = "罚5", .code = credit_code(2), .name = "乙公司", .decided = "2026-01-05"},
      {.document = "罚6", .name = "示例人甲乙", .person = resident_number(1)},
      {.document = "罚7,\"附\"\n", .code = credit_code(1), .name = "甲公司", .facts = "\\u4e2d\t"},
  });
  const std::string second = penalties({
      {.document = "罚1", .code = credit_code(1), .name = "甲公司"},
      {.document = "罚3", .code = credit_code(2), .name = "乙公司"},
      {.document = "罚5", .code = credit_code(1), .name = "甲公司", .decided = "2026-01-05"},
  });
  std::string contents[2];
  strings fates[2];
  for (const bool as_json : {false, true}) {
    trial_city city;
    desk officer(city);
    hand_in_as(city, officer, as_json, "registration", companies);
    for (const std::string& text : {first, second}) {
      const auto out = hand_in_as(city, officer, as_json, "penalty", text);
      for (const std::string& f : officer.fates(out.batch.id)) fates[as_json].push_back(f);
    }
    contents[as_json] = content_of(officer.db());
    EXPECT_EQ(broken_rules(officer.db()), strings{});
  }
  EXPECT_EQ(fates[1], fates[0]);
  EXPECT_EQ(contents[1], contents[0]);
  EXPECT_EQ(fates[1].size(), 10U);
  EXPECT_NE(contents[1].find("罚7"), std::string::npos);
}

class json_lines_door : public archive_fixture {
 protected:
  result<import_outcome> import(const std::string& text) {
    return officer.import({.dataset = "registration",
                           .authority = trial_authority,
                           .path = city.write(text, ".jsonl"),
                           .actor = "officer"});
  }
};

TEST_F(json_lines_door, keys_are_codes_titles_or_aliases) {
  const auto out = must(import("{\"企业名称\":\"甲公司\",\"统一社会信用代码\":\"" + credit_code(1) +
                               "\",\"XY_ZS\":null}\n"));
  EXPECT_EQ(out.heading_faults.size(), 1U);
  EXPECT_EQ(out.heading_faults[0].where().row, 1U);
  EXPECT_EQ(out.heading_faults[0].where().column, "XY_ZS");
}

TEST_F(json_lines_door, an_unknown_key_is_told_with_its_line_and_nothing_is_stored) {
  const auto out = must(import("{\"企业名称\":\"甲公司\",\"统一社会信用代码\":\"" + credit_code(1) +
                               "\"}\n\n{\"企业名称\":\"乙公司\",\"统一社会信用代码\":\"" +
                               credit_code(2) + "\",\"电话号码簿\":\"\"}\n"));
  ASSERT_EQ(out.heading_faults.size(), 1U);
  EXPECT_EQ(out.heading_faults[0].where().row, 3U);
  EXPECT_EQ(out.heading_faults[0].where().column, "电话号码簿");
  EXPECT_EQ(officer.number("SELECT count(*) FROM batch"), 0);
}

// The form of the whole file is looked at first: no chunk is stored before the last line is known.
TEST_F(json_lines_door, a_broken_last_line_leaves_no_batch) {
  const auto out = import("{\"企业名称\":\"甲公司\",\"统一社会信用代码\":\"" + credit_code(1) +
                          "\"}\n{\"企业名称\":\"乙");
  ASSERT_FALSE(out.ok());
  EXPECT_EQ(out.error().code(), "tabular.json_unclosed");
  EXPECT_EQ(out.error().where().row, 2U);
  EXPECT_EQ(officer.number("SELECT count(*) FROM batch"), 0);
}

}  // namespace
}  // namespace lixin::archive::testing
