// For tests: worked cases as tables. A line is a case, its cells stand between '|'; lines that
// begin with '#' and empty lines are skipped. Throws when a table cannot be read or a word is not
// known, so that a mistyped case fails and is not passed over.
#pragma once

#include <charconv>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "policy/policy.h"

namespace lixin::policy::testing {

using case_row = std::vector<std::string>;

inline std::string trim(std::string_view s) {
  const auto begin = s.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return std::string(s.substr(begin, s.find_last_not_of(" \t") - begin + 1));
}

inline std::vector<case_row> read_cases(const std::string& file, std::size_t columns) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file);
  std::vector<case_row> out;
  for (std::string line; std::getline(in, line);) {
    if (trim(line).empty() || line.front() == '#') continue;
    case_row row;
    std::size_t begin = 0;
    while (true) {
      const std::size_t end = line.find('|', begin);
      row.push_back(trim(std::string_view(line).substr(begin, end - begin)));
      if (end == std::string::npos) break;
      begin = end + 1;
    }
    if (row.size() != columns) throw std::runtime_error(file + ": number of cells: " + line);
    out.push_back(std::move(row));
  }
  if (out.empty()) throw std::runtime_error(file + ": no cases");
  return out;
}

inline std::vector<std::string> words_of(const std::string& cell) {
  std::istringstream in(cell);
  std::vector<std::string> out;
  for (std::string w; in >> w;)
    if (w != "-") out.push_back(std::move(w));
  return out;
}

inline int number_of(std::string_view s) {
  int out = 0;
  const auto [end, failure] = std::from_chars(s.data(), s.data() + s.size(), out);
  if (failure != std::errc() || end != s.data() + s.size())
    throw std::runtime_error("not a number: " + std::string(s));
  return out;
}

inline date day_of(std::string_view s) {
  if (s.size() != 10) throw std::runtime_error("not a date: " + std::string(s));
  return date(number_of(s.substr(0, 4)), static_cast<unsigned>(number_of(s.substr(5, 2))),
              static_cast<unsigned>(number_of(s.substr(8, 2))));
}

inline catalogue::publicity_class class_of(std::string_view s) {
  using catalogue::publicity_class;
  if (s == "none") return publicity_class::none;
  if (s == "minor") return publicity_class::minor;
  if (s == "general") return publicity_class::general;
  if (s == "serious") return publicity_class::serious;
  throw std::runtime_error("not a class: " + std::string(s));
}

inline catalogue::disclosure disclosure_of(std::string_view s) {
  using catalogue::disclosure;
  if (s == "public") return disclosure::published;
  if (s == "shared") return disclosure::shared;
  if (s == "consent") return disclosure::consent;
  if (s == "source") return disclosure::source;
  if (s == "hidden") return disclosure::hidden;
  throw std::runtime_error("not a disclosure: " + std::string(s));
}

// "dispute@5:2025-04-01": kind, position, day.
inline record_event event_of(const std::string& word) {
  const auto at = word.find('@');
  const auto colon = word.find(':', at);
  if (at == std::string::npos || colon == std::string::npos)
    throw std::runtime_error("not an event: " + word);
  record_event e;
  const std::string kind = word.substr(0, at);
  bool known = false;
  for (const event_kind k : {event_kind::dispute, event_kind::dispute_settled, event_kind::repair,
                             event_kind::withdraw}) {
    if (code_of(k) != kind) continue;
    e.kind = k;
    known = true;
  }
  if (!known) throw std::runtime_error("not an event: " + word);
  e.at = position(number_of(std::string_view(word).substr(at + 1, colon - at - 1)));
  e.happened_on = day_of(std::string_view(word).substr(colon + 1));
  e.document = "决定书";
  e.authority = "authority";
  return e;
}

// "decided=2025-03-01 class=general provisional remedy dispute@5:2025-04-01"
inline record_facts facts_of(const std::string& cell) {
  record_facts r;
  for (const std::string& w : words_of(cell)) {
    const auto eq = w.find('=');
    const std::string name = w.substr(0, eq);
    const auto value = [&] { return std::string_view(w).substr(eq + 1); };
    if (w.find('@') != std::string::npos)
      r.events.push_back(event_of(w));
    else if (name == "decided")
      r.decided_on = day_of(value());
    else if (name == "valid_from")
      r.valid_from = day_of(value());
    else if (name == "valid_to")
      r.valid_to = day_of(value());
    else if (name == "published_until")
      r.published_until = day_of(value());
    else if (name == "notified")
      r.notified_on = day_of(value());
    else if (name == "effective")
      r.effective_on = day_of(value());
    else if (name == "ended")
      r.ended_on = day_of(value());
    else if (name == "class")
      r.publicity = class_of(value());
    else if (w == "provisional")
      r.class_provisional = true;
    else if (w == "remedy")
      r.has_remedy = true;
    else if (w == "superseded")
      r.superseded = true;
    else if (w == "corrected")
      r.change = record_change::corrected;
    else if (w == "restored")
      r.change = record_change::restored;
    else if (w == "withdrawn")
      r.change = record_change::withdrawn;
    else if (w == "moved")
      r.change = record_change::moved;
    else
      throw std::runtime_error("not a fact: " + w);
  }
  return r;
}

// "adverse public min=3 max=12 retention=60 list group=g1 general=3..12 minor=0..0"
inline catalogue::dataset dataset_of(const std::string& cell) {
  catalogue::dataset d;
  d.code = "d";
  for (const std::string& w : words_of(cell)) {
    const auto eq = w.find('=');
    const std::string name = w.substr(0, eq);
    const auto value = [&] { return std::string_view(w).substr(eq + 1); };
    const auto dots = w.find("..");
    if (w == "adverse")
      d.tone = catalogue::tone::adverse;
    else if (w == "positive")
      d.tone = catalogue::tone::positive;
    else if (w == "neutral")
      d.tone = catalogue::tone::neutral;
    else if (w == "list") {
      catalogue::field f;
      f.code = "SXRQ";
      f.role = catalogue::field_role::effective_on;
      d.fields.push_back(std::move(f));
    } else if (name == "min")
      d.publicity_months_min = number_of(value());
    else if (name == "max")
      d.publicity_months_max = number_of(value());
    else if (name == "retention")
      d.retention_months = number_of(value());
    else if (name == "group")
      d.sharing_group = value();
    else if (dots != std::string::npos) {
      catalogue::term t;
      t.publicity = class_of(name);
      t.months_min = number_of(std::string_view(w).substr(eq + 1, dots - eq - 1));
      t.months_max = number_of(std::string_view(w).substr(dots + 2));
      d.terms.push_back(std::move(t));
    } else {
      d.visible = disclosure_of(w);
    }
  }
  return d;
}

inline std::string day_or_none(const std::optional<date>& d) { return d ? to_string(*d) : "none"; }

}  // namespace lixin::policy::testing
