#include "city/city.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "catalogue/test_packs.h"
#include "city/errc.h"
#include "city/test_city.h"
#include "city/words.h"
#include "tabular/tabular.h"

namespace lixin::city {
namespace {

std::map<std::string, std::string> files_of(const std::string& folder) {
  std::map<std::string, std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    out[entry.path().filename()] = bytes_of(entry.path());
  }
  return out;
}

TEST(city, same_arguments_same_bytes) {
  const temporary_folder folder;
  settings s = small_city(folder, "one");
  ASSERT_TRUE(write_city(s, 1).ok());
  s.out = folder / "two";
  ASSERT_TRUE(write_city(s, 3).ok());
  const auto one = files_of(folder / "one");
  const auto two = files_of(folder / "two");
  EXPECT_EQ(one.size(), 22u);
  ASSERT_EQ(one.size(), two.size());
  for (const auto& [name, bytes] : one) EXPECT_TRUE(two.at(name) == bytes) << name;
  s.out = folder / "three";
  s.seed = 2;
  ASSERT_TRUE(write_city(s, 2).ok());
  EXPECT_NE(one.at("truth.tsv"), bytes_of(folder / "three/truth.tsv"));
}

TEST(city, every_fault_is_there_and_the_counts_add_up) {
  const temporary_folder folder;
  const settings s = small_city(folder, "city");
  const auto files = write_city(s, 2);
  ASSERT_TRUE(files.ok());
  std::array<std::uint64_t, faults> planted{};
  std::array<std::uint64_t, fates> fate_of{};
  std::map<std::string, std::uint64_t> rows_of;
  std::uint64_t late = 0;
  for (const file_summary& f : *files) {
    for (std::size_t i = 0; i < planted.size(); ++i) planted[i] += f.faults_of[i];
    for (std::size_t i = 0; i < fate_of.size(); ++i) fate_of[i] += f.rows_of[i];
    rows_of[f.file.file] = f.rows();
    late += f.late;
  }
  for (std::size_t i = 0; i < planted.size(); ++i) {
    EXPECT_GT(planted[i], 0u) << name_of(static_cast<fault>(i));
  }
  std::map<std::string, std::uint64_t> by_fate;
  std::map<std::string, std::uint64_t> seen;
  std::map<std::string, std::uint64_t> last_row;
  std::uint64_t late_lines = 0;
  for (const truth_line& line : truth_of(folder / "city/truth.tsv")) {
    ++by_fate[line.fate];
    ++seen[line.file];
    EXPECT_GT(line.row, std::max<std::uint64_t>(last_row[line.file], 1)) << line.file;
    last_row[line.file] = line.row;
    late_lines += line.flags.find("late") != std::string::npos;
    const bool has_reasons = line.fate == "refused" || line.fate == "pending";
    EXPECT_EQ(!line.reasons.empty(), has_reasons) << line.file << " " << line.row;
    if (has_reasons || line.fate == "sealed") {
      EXPECT_EQ(line.code + line.flags, "");
    } else {
      EXPECT_EQ(line.code.size(), 18u);
    }
  }
  EXPECT_EQ(seen, rows_of);
  EXPECT_EQ(late_lines, late);
  for (int i = 0; i < fates; ++i) {
    const std::string word(word_of(static_cast<fate>(i)));
    EXPECT_EQ(by_fate[word], fate_of[static_cast<std::size_t>(i)]) << word;
    EXPECT_GT(by_fate[word], 0u) << word;
  }
}

TEST(city, without_faults_nothing_is_refused) {
  const temporary_folder folder;
  settings s = small_city(folder, "city");
  s.faults_per_million = 0;
  const auto files = write_city(s, 2);
  ASSERT_TRUE(files.ok());
  for (const file_summary& f : *files) {
    EXPECT_EQ(f.rows_of[static_cast<std::size_t>(fate::refused)], 0u) << f.file.file;
    if (f.file.what == content::records) {
      EXPECT_EQ(f.rows(), f.file.rows) << f.file.file;
    }
  }
}

TEST(city, planted_numbers_are_in_the_files_and_not_in_the_truth) {
  const temporary_folder folder;
  const settings s = small_city(folder, "city");
  ASSERT_TRUE(write_city(s, 2).ok());
  const auto files = files_of(folder / "city");
  const std::string& truth = files.at("truth.tsv");
  std::istringstream planted(files.at("planted.txt"));
  std::string number;
  int found_in_penalties = 0;
  int count = 0;
  while (std::getline(planted, number)) {
    if (++count % 8 != 0) continue;  // a share of them is enough
    EXPECT_EQ(truth.find(number), std::string::npos);
    for (const char* name : {"10-penalties-city-management.csv", "11-penalties-transport.csv"}) {
      found_in_penalties += files.at(name).find(number) != std::string::npos;
    }
  }
  EXPECT_GT(count, 500);
  EXPECT_GT(found_in_penalties, 5);
}

TEST(city, a_folder_with_content_is_left_alone) {
  const temporary_folder folder;
  const settings s = small_city(folder, "city");
  std::filesystem::create_directory(s.out);
  std::ofstream(s.out + "/mine") << "x";
  const auto files = write_city(s, 1);
  ASSERT_FALSE(files.ok());
  EXPECT_TRUE(files.error().is(errc::folder_not_empty));
}

TEST(city, a_missing_calendar_is_an_error) {
  const temporary_folder folder;
  settings s = small_city(folder, "city");
  s.calendar = folder / "none.csv";
  const auto files = write_city(s, 1);
  ASSERT_FALSE(files.ok());
  EXPECT_TRUE(files.error().is(errc::cannot_read));
  EXPECT_FALSE(std::filesystem::exists(s.out));
}

TEST(city, workbooks_are_split_at_their_limit) {
  settings s;
  s.records = 2'000'000;
  std::uint64_t licences = 0;
  std::map<std::string_view, std::set<std::uint64_t>> first_of;
  for (const hand_in& h : plan_of(s)) {
    EXPECT_EQ(h.file.substr(0, 2), fmt::format("{:02}", h.number));
    if (h.format != file_format::xlsx) continue;
    EXPECT_LE(h.rows, workbook_rows_max);
    EXPECT_TRUE(first_of[h.from->code].insert(h.first_document).second);
    licences += h.rows;
  }
  EXPECT_EQ(licences, 1'040'000u);
  EXPECT_EQ(first_of["xzspj"].size(), 4u);
}

// The generator's tables against the city's and the packs' own.

std::set<std::string> first_column(const std::string& file) {
  const std::string path = LIXIN_SOURCE_DIR "/cities/cangzhou/" + file;
  const auto table = tabular::read_table(bytes_of(path), file);
  EXPECT_TRUE(table.ok());
  std::set<std::string> out;
  if (!table.ok()) return out;
  for (const auto& line : table->lines) out.insert(line.cells[0] + " " + line.cells[1]);
  return out;
}

TEST(city, authorities_and_counties_are_the_citys) {
  const auto known = first_column("authorities.csv");
  for (const authority& a : authorities()) {
    EXPECT_TRUE(known.contains(fmt::format("{} {}", a.code, a.title))) << a.code;
  }
  const auto divisions = first_column("divisions.csv");
  for (const county& c : counties()) {
    EXPECT_TRUE(divisions.contains(fmt::format("{} {}", c.division, c.title))) << c.division;
  }
}

TEST(city, columns_are_the_packs) {
  const std::map<std::string, std::vector<const shape*>> shapes_of{
      {"registration", {&registration_shape()}},
      {"double-publicity", {&licence_shape(), &penalty_shape()}},
      {"procurement", {&procurement_shape(), &court_shape(), &tax_shape()}}};
  for (const auto& [name, shapes] : shapes_of) {
    const auto pack = catalogue::shipped_pack(name);
    ASSERT_NE(pack, nullptr);
    for (const shape* s : shapes) {
      const catalogue::dataset* d = pack->dataset_named(s->dataset);
      ASSERT_NE(d, nullptr) << s->dataset;
      EXPECT_EQ(d->takes_persons, s->takes_persons) << s->dataset;
      EXPECT_EQ(d->hand_in_working_days, s->hand_in_working_days) << s->dataset;
      EXPECT_EQ(d->fields.size(), s->columns.size()) << s->dataset;
      for (const column& c : s->columns) {
        const int f = d->field_named(c.code);
        ASSERT_GE(f, 0) << c.code;
        EXPECT_EQ(d->fields[static_cast<std::size_t>(f)].title_zh, c.title) << c.code;
      }
    }
  }
}

}  // namespace
}  // namespace lixin::city
