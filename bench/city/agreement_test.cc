// The generator's truth against the catalogue, row by row, and against a small model of a hand-in
// (who is registered, which documents are known) that decides as DESIGN says an importer must.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "catalogue/row_check.h"
#include "catalogue/test_packs.h"
#include "city/test_city.h"
#include "tabular/tabular.h"
#include "text/fold.h"

namespace lixin::city {
namespace {

// Subjects by identifier, documents by key.
class model {
 public:
  explicit model(date today) : today_(today) {}

  truth_line decide(const catalogue::dataset& d, const std::string& authority,
                    const catalogue::checked_row& row) {
    truth_line t;
    if (row.verdict == catalogue::row_verdict::sealed) {
      t.fate = "sealed";
      return t;
    }
    if (row.verdict == catalogue::row_verdict::refused) {
      t.fate = "refused";
      std::vector<std::string> codes;
      for (const error& e : row.reasons) codes.emplace_back(e.code());
      std::ranges::sort(codes);
      t.reasons = fmt::format("{}", fmt::join(codes, "|"));
      return t;
    }
    return bind(d, authority, row);
  }

 private:
  struct record {
    std::string subject;
    std::vector<std::string> contents;  // oldest first
  };

  truth_line bind(const catalogue::dataset& d, const std::string& authority,
                  const catalogue::checked_row& row) {
    const catalogue::party& p = row.party;
    std::vector<std::string> keys;
    if (!p.credit_code.empty()) {
      keys = {"c" + p.credit_code, "o" + p.credit_code.substr(8, 9)};
    } else if (!p.organisation_code.empty()) {
      keys = {"o" + p.organisation_code};
    }
    if (!p.registration_number.empty()) keys.push_back("r" + p.registration_number);
    std::set<std::string> owners;
    for (const std::string& key : keys) {
      if (const auto it = owner_.find(key); it != owner_.end()) owners.insert(it->second);
    }
    if (owners.size() > 1) return pending("archive.subject_ambiguous");
    if (owners.empty() && !d.registers) return pending("archive.subject_unknown");
    const std::string subject = owners.empty() ? p.credit_code : *owners.begin();
    const std::string document = row.document_key.empty() ? subject : row.document_key;
    const std::string key =
        fmt::format("{}|{}|{}|{}", d.code, authority, document, row.party_ordinal);
    return store(d, key, subject, keys, row);
  }

  truth_line store(const catalogue::dataset& d, const std::string& key, const std::string& subject,
                   const std::vector<std::string>& keys, const catalogue::checked_row& row) {
    truth_line t;
    const std::string content = catalogue::content_json(d, row.values);
    const auto [it, fresh] = records_.try_emplace(key, record{subject, {content}});
    record& r = it->second;
    if (fresh) {
      t.fate = "accepted";
    } else if (r.subject != subject) {
      return pending("archive.counterpart_changed");
    } else if (r.contents.back() == content) {
      t.fate = "unchanged";
    } else if (std::ranges::find(r.contents, content) != r.contents.end()) {
      return pending("archive.would_revert");
    } else {
      t.fate = "corrected";
      r.contents.push_back(content);
    }
    if (d.registers) {
      for (const std::string& one : keys) owner_[one] = subject;
      name_[subject] = text::fold_name(row.party.name);
    }
    const bool late =
        d.hand_in_working_days > 0 && is_late(*row.decided_on, d.hand_in_working_days);
    const bool differs = text::fold_name(row.party.name) != name_[subject];
    t.flags = fmt::format("{}{}{}", late ? "late" : "", late && differs ? "|" : "",
                          differs ? "name_differs" : "");
    t.code = subject;
    return t;
  }

  static truth_line pending(const char* reason) {
    truth_line t;
    t.fate = "pending";
    t.reasons = reason;
    return t;
  }

  // By the plain calendar of the test: Saturdays, Sundays and New Year's Day rest.
  bool is_late(date decided, int days) const {
    date due = decided;
    for (int left = days; left > 0;) {
      due = due + 1;
      const auto ymd = due.ymd();
      const bool new_year = unsigned(ymd.month()) == 1 && unsigned(ymd.day()) == 1;
      const unsigned weekday = std::chrono::weekday(std::chrono::sys_days(ymd)).iso_encoding();
      if (weekday < 6 && !new_year) --left;
    }
    return today_ > due;
  }

  date today_;
  std::unordered_map<std::string, std::string> owner_, name_;
  std::unordered_map<std::string, record> records_;
};

class agreement : public ::testing::Test {
 protected:
  agreement()
      : packs_({catalogue::shipped_pack("registration"),
                catalogue::shipped_pack("double-publicity"),
                catalogue::shipped_pack("procurement")}) {}

  // Hands in one file; what the model says of each row, by row number.
  std::map<std::uint64_t, truth_line> hand_in_file(const settings& s, const hand_in& h, model& m) {
    std::map<std::uint64_t, truth_line> out;
    const catalogue::dataset* d = packs_.find_dataset(h.columns->dataset);
    auto reader = tabular::open(s.out + "/" + h.file);
    if (!reader.ok()) {
      ADD_FAILURE() << reader.error().text(language::en);
      return out;
    }
    tabular::block block;
    std::optional<catalogue::row_checker> checker;
    catalogue::checked_row row;
    for (;;) {
      block.clear();
      const auto more = (*reader)->read(block, 1'000);
      if (!more.ok()) {
        ADD_FAILURE() << h.file << ": " << more.error().text(language::en);
        return out;
      }
      if (!*more) return out;
      for (const auto& r : block.rows) {
        if (!checker) {
          auto headings = catalogue::map_headings(*d, block.cells_of(r));
          EXPECT_TRUE(headings.faults.empty()) << h.file << catalogue::in_words(headings.faults);
          if (!headings.faults.empty()) return out;
          checker.emplace(*d, std::move(headings.map), s.today);
          continue;
        }
        checker->check(r.number, block.cells_of(r), row);
        out.emplace(r.number, m.decide(*d, std::string(h.from->code), row));
      }
    }
  }

  void expect_agreement(const settings& s) {
    const auto files = write_city(s, 2);
    ASSERT_TRUE(files.ok());
    std::map<std::string, std::vector<truth_line>> truth;
    for (truth_line& t : truth_of(s.out + "/truth.tsv")) truth[t.file].push_back(std::move(t));
    model m(s.today);
    std::uint64_t differing = 0;
    for (const file_summary& f : *files) {
      const auto found = hand_in_file(s, f.file, m);
      EXPECT_EQ(found.size(), f.rows()) << f.file.file;
      for (const truth_line& t : truth[f.file.file]) {
        const auto it = found.find(t.row);
        const truth_line none;
        const truth_line& have = it == found.end() ? none : it->second;
        const bool same = have.fate == t.fate && have.reasons == t.reasons &&
                          have.flags == t.flags && have.code == t.code;
        if (same || ++differing > 40) continue;
        ADD_FAILURE() << t.file << " row " << t.row << ": expected " << t.fate << " [" << t.reasons
                      << "] [" << t.flags << "] " << t.code << ", found " << have.fate << " ["
                      << have.reasons << "] [" << have.flags << "] " << have.code;
      }
    }
    EXPECT_EQ(differing, 0u);
  }

  catalogue::catalogue packs_;
};

TEST_F(agreement, many_faults) {
  const temporary_folder folder;
  expect_agreement(small_city(folder, "city"));
}

TEST_F(agreement, another_seed_and_day) {
  const temporary_folder folder;
  settings s = small_city(folder, "city");
  s.seed = 20'261'124;
  s.today = date(2025, 3, 1);
  s.organisations = 300;
  s.records = 30'000;
  s.faults_per_million = 20'000;
  expect_agreement(s);
}

TEST_F(agreement, few_bodies) {
  const temporary_folder folder;
  settings s = small_city(folder, "city");
  s.seed = 3;
  s.organisations = 40;
  s.records = 3'000;
  expect_agreement(s);
}

}  // namespace
}  // namespace lixin::city
