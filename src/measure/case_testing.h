// For tests: worked checks as blocks of text, and the pack that they are asked against.
//
//   case: what it shows
//     subject: enterprise
//     entry: 1 ban decided=2025-02-20 notified=2025-02-25 effective=2025-03-01 remedy JZ_CD=严重
//     ask: trial.bid 2025-06-01 @9 everyone 2025-06-01      matter, as_of, known at, caller, today
//     outcome: barred
//     measures: bid.ban(1) bid.ban-serious(1)               code(records), heaviest first
//     idle: 2=no-notice                                     record=reason, for the centre
//
// Words of an entry are those of policy/case_testing.h; words in capitals are fields of its
// content.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "catalogue/catalogue.h"
#include "measure/compose.h"
#include "policy/case_testing.h"

namespace lixin::measure::testing {

inline const std::string& folder() {
  static const std::string f = std::string(LIXIN_SOURCE_DIR) + "/src/measure/testdata/";
  return f;
}

// The trial pack of testdata/pack; throws with its faults when it does not load.
inline std::shared_ptr<const catalogue::pack> trial_pack() {
  auto sheets = catalogue::read_sheets(folder() + "pack");
  if (!sheets.ok()) throw std::runtime_error(sheets.error().text(language::en));
  auto check = catalogue::check_pack(std::move(sheets).value(), "pack");
  std::string faults;
  for (const error& e : check.faults) faults += e.text(language::en) + "\n";
  if (!check.pack) throw std::runtime_error(faults);
  return std::make_shared<const catalogue::pack>(std::move(*check.pack));
}

struct worked_case {
  std::string name;
  catalogue::subject_kind kind = catalogue::subject_kind::enterprise;
  std::vector<archive::record_view> records;
  std::string matter;
  date as_of, today;
  position known_at;
  policy::caller caller;
  std::string outcome, measures, idle;  // expected
};

inline policy::caller caller_of(const std::string& word) {
  const auto colon = word.find(':');
  const auto kind = policy::caller_named(word.substr(0, colon));
  if (!kind) throw std::runtime_error("not a caller: " + word);
  return {*kind, colon == std::string::npos ? std::string() : word.substr(colon + 1)};
}

inline archive::record_view entry_of(const std::string& cell, const catalogue::pack& pack) {
  const auto words = policy::testing::words_of(cell);
  archive::record_view r;
  r.subject = subject_id(7);
  r.record = record_id(policy::testing::number_of(words.at(0)));
  r.version = 1;
  r.dataset = words.at(1);
  r.authority = "au1";
  r.authority_title = "测试机关";
  r.document = "测字〔2025〕" + words[0] + "号";
  std::string facts;
  for (std::size_t i = 2; i < words.size(); ++i) {
    const auto eq = words[i].find('=');
    if (eq != std::string::npos && words[i].front() >= 'A' && words[i].front() <= 'Z') {
      r.content.emplace_back(words[i].substr(0, eq), words[i].substr(eq + 1));
    } else {
      facts += words[i] + " ";
    }
  }
  r.facts = policy::testing::facts_of(facts);
  const catalogue::dataset* d = pack.dataset_named(r.dataset);
  if (d == nullptr) throw std::runtime_error("not a dataset: " + r.dataset);
  const int remedy = d->field_with(catalogue::field_role::remedy);
  if (r.facts.has_remedy && remedy >= 0)
    r.content.emplace_back(d->fields[static_cast<std::size_t>(remedy)].code, "六十日内申请复议");
  return r;
}

inline void read_ask(worked_case& c, const std::string& cell) {
  const auto words = policy::testing::words_of(cell);
  if (words.size() != 5 || words[2].front() != '@') throw std::runtime_error("ask: " + cell);
  c.matter = words[0];
  c.as_of = policy::testing::day_of(words[1]);
  c.known_at = position(policy::testing::number_of(std::string_view(words[2]).substr(1)));
  c.caller = caller_of(words[3]);
  c.today = policy::testing::day_of(words[4]);
}

inline std::vector<worked_case> read_worked_cases(const std::string& file,
                                                  const catalogue::pack& pack) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file);
  std::vector<worked_case> out;
  for (std::string line; std::getline(in, line);) {
    const std::string text = policy::testing::trim(line);
    if (text.empty() || text.front() == '#') continue;
    const auto colon = text.find(':');
    const std::string word = text.substr(0, colon);
    const std::string rest =
        colon == std::string::npos ? "" : policy::testing::trim(text.substr(colon + 1));
    if (word == "case") {
      out.emplace_back().name = rest;
      continue;
    }
    if (out.empty()) throw std::runtime_error("no case yet: " + line);
    worked_case& c = out.back();
    if (word == "subject") {
      const auto kind = catalogue::subject_kind_named(rest);
      if (!kind) throw std::runtime_error("not a kind: " + rest);
      c.kind = *kind;
    } else if (word == "entry") {
      c.records.push_back(entry_of(rest, pack));
    } else if (word == "ask") {
      read_ask(c, rest);
    } else if (word == "outcome") {
      c.outcome = rest;
    } else if (word == "measures") {
      c.measures = rest;
    } else if (word == "idle") {
      c.idle = rest;
    } else {
      throw std::runtime_error("not a word of a case: " + line);
    }
  }
  if (out.empty()) throw std::runtime_error(file + ": no cases");
  return out;
}

// The case's answer, as compose() makes it.
inline answer answer_of(const worked_case& c, const catalogue::catalogue& packs) {
  answer a;
  a.code = "91130900MA0TRLA00X";
  a.subject = named_subject{"沧州测试有限公司", c.kind};
  a.as_of = c.as_of;
  a.asked_on = c.today;
  a.caller = c.caller.kind;
  a.known_at = c.known_at;
  a.sealed_at = std::chrono::sys_days(std::chrono::days(c.today.days)) + std::chrono::hours(8);
  a.packs = {{"trial", "1"}};
  const catalogue::matter* m = packs.find_matter(c.matter);
  if (m == nullptr) throw std::runtime_error("not a matter: " + c.matter);
  a.matter = *m;
  composition in;
  in.kind = c.kind;
  in.current = c.records;
  in.then = c.records;
  in.packs = &packs;
  in.packs_now = &packs;
  in.matter = m;
  in.as_of = c.as_of;
  in.asked_on = c.today;
  in.known_at = c.known_at;
  in.asked_at = c.known_at;
  in.caller = c.caller;
  compose(in, a);
  return a;
}

}  // namespace lixin::measure::testing
