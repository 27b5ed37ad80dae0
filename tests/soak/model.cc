#include "soak/model.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace lixin::soak {

std::optional<date> retention_ends(int document) {
  if (document % 10 != 3) return std::nullopt;
  const int nth = document / 10 % 56;
  return date(2026, 12, 1) + nth % 28 + nth / 28 * 31;
}

void model::import(const std::vector<row>& rows) {
  const int nth = batches();
  batches_.emplace_back();
  for (const row& r : rows) ++batches_.back().fates[static_cast<std::size_t>(meet(nth, r))];
}

model::fate model::meet(int nth, const row& r) {
  switch (r.what) {
    case row::kind::broken:
      return refused;
    case row::kind::unknown_subject:
      return purged_documents_.contains(r.document) ? refused : pending;
    case row::kind::person: {
      if (purged_persons_.contains(r.document)) return refused;
      const auto [there, fresh] = persons_.emplace(r.document, nth);
      persons_once_.insert(r.document);
      return fresh ? sealed : unchanged;
    }
    case row::kind::organisation:
      if (purged_documents_.contains(r.document)) return refused;
      break;
  }
  std::vector<record>& of_key = records_[r.document];
  const bool known = !of_key.empty();
  if (known && of_key.back().stands() && of_key.back().subject != r.subject) {
    const record& elsewhere = of_key.back();
    const bool went = elsewhere.left.contains(r.subject) && elsewhere.versions.back().says(r);
    return went ? unchanged : pending;
  }
  batch& b = batches_[static_cast<std::size_t>(nth)];
  if (!known || of_key.back().subject != r.subject) of_key.push_back({r.subject, {}, {}, {}});
  record& it = of_key.back();
  const auto add = [&](change how) {
    it.versions.push_back({how, it.subject, nth, r.content, r.subject});
    b.touched.emplace_back(r.document, of_key.size() - 1);
  };
  if (it.versions.empty() || !it.stands()) {
    add(change::accepted);
    return accepted;
  }
  if (it.versions.back().says(r)) return unchanged;
  if (replaced(it, r)) return pending;
  add(change::corrected);
  return corrected;
}

// Whether a hand-in that counts brought this content before the one that stands, since the record
// last stood at all.
bool model::replaced(const record& it, const row& r) const {
  bool newest_seen = false;
  for (auto v = it.versions.rbegin(); v != it.versions.rend(); ++v) {
    if (newest_seen && v->how == change::withdrawn) return false;
    if (newest_seen && v->says(r)) return true;
    const bool handed_in = v->how == change::accepted || v->how == change::corrected;
    if (handed_in && !withdrawn(v->batch)) newest_seen = true;
  }
  return false;
}

void model::withdraw(int nth) {
  batch& b = batches_[static_cast<std::size_t>(nth)];
  if (b.withdrawn) return;
  b.withdrawn = true;
  std::erase_if(persons_, [&](const auto& p) { return p.second == nth; });
  std::ranges::sort(b.touched);
  b.touched.erase(std::unique(b.touched.begin(), b.touched.end()), b.touched.end());
  for (const auto& [document, index] : b.touched) {
    if (purged_documents_.contains(document)) continue;
    record& r = records_[document][index];
    const version current = r.versions.back();
    if (current.how == change::withdrawn || current.batch != nth) continue;
    const auto before = std::find_if(r.versions.rbegin(), r.versions.rend(), [&](const version& v) {
      return v.how != change::withdrawn && !withdrawn(v.batch);
    });
    if (before == r.versions.rend()) {
      r.versions.push_back({change::withdrawn, r.subject, nth, current.content, current.named});
    } else {
      r.versions.push_back(
          {change::restored, r.subject, before->batch, before->content, before->named});
    }
  }
}

bool model::rebind(int document, int to) {
  record& r = records_.at(document).back();
  if (!r.stands() || r.subject == to) return false;
  version copy = r.versions.back();
  copy.how = change::arrived;
  copy.place = to;
  r.versions.push_back(copy);
  r.left.insert(r.subject);
  r.subject = to;
  return true;
}

void model::purge(date today) {
  const auto due = [&](int document) {
    const auto end = retention_ends(document);
    return end && *end <= today;
  };
  for (const auto& [document, of_key] : records_) {
    if (!due(document) || of_key.empty()) continue;
    purged_documents_.insert(document);
    for (const record& r : of_key) {
      std::set<int> places = r.left;
      places.insert(r.subject);
      for (const int subject : places) ++purged_records_[subject];
    }
  }
  std::erase_if(records_, [&](const auto& d) { return purged_documents_.contains(d.first); });
  // What was taken back is kept until its retention ends as well.
  std::erase_if(persons_once_, [&](int document) {
    if (due(document)) purged_persons_.insert(document);
    return due(document);
  });
  std::erase_if(persons_, [&](const auto& p) { return purged_persons_.contains(p.first); });
}

int model::purged() const {
  return std::accumulate(purged_records_.begin(), purged_records_.end(), 0,
                         [](int n, const auto& of_subject) { return n + of_subject.second; });
}

bool model::disputed(const record& r) {
  const auto last =
      std::find_if(r.events.rbegin(), r.events.rend(), [](event e) { return e != event::repair; });
  return last != r.events.rend() && *last == event::dispute;
}

bool model::happen(int document, event what) {
  record& r = records_.at(document).back();
  if (!r.stands()) return false;
  const bool repaired = std::ranges::find(r.events, event::repair) != r.events.end();
  if (what == event::dispute && disputed(r)) return false;
  if (what == event::settle && !disputed(r)) return false;
  // A repair waits for three months after the decision: what is kept to the end is that old, and
  // the rest was decided on 2026-11-20.
  if (what == event::repair && (repaired || !retention_ends(document))) return false;
  r.events.push_back(what);
  return true;
}

int model::standing_document(std::size_t nth) const {
  std::vector<int> all;
  for (const auto& [document, of_key] : records_) {
    if (!of_key.empty() && of_key.back().stands()) all.push_back(document);
  }
  return all.empty() ? -1 : all[nth % all.size()];
}

std::vector<std::string> model::lines() const {
  std::vector<std::string> out;
  for (const auto& [document, of_key] : records_) {
    for (std::size_t i = 0; i < of_key.size(); ++i) {
      const record& r = of_key[i];
      for (std::size_t k = 0; k < r.versions.size(); ++k) {
        const version& v = r.versions[k];
        const auto line = [&](int place, change how) {
          out.push_back(fmt::format("v {} {} {} {} {} {} {}", document, i + 1, place, k + 1,
                                    static_cast<int>(how), v.batch, v.content));
        };
        line(v.place, v.how);
        if (v.how == change::arrived) line(r.versions[k - 1].place, change::moved);
      }
      if (i + 1 < of_key.size()) continue;
      for (std::size_t k = 0; k < r.events.size(); ++k) {
        out.push_back(fmt::format("e {} {} {} {}", document, i + 1,
                                  static_cast<int>(r.events[k]) + 1, k + 1));
      }
    }
  }
  for (std::size_t i = 0; i < batches_.size(); ++i) {
    const batch& b = batches_[i];
    out.push_back(
        fmt::format("b {} {} {}", i, b.withdrawn ? "withdrawn" : "done", fmt::join(b.fates, " ")));
  }
  for (const auto& [subject, records] : purged_records_) {
    out.push_back(fmt::format("p {} {}", subject, records));
  }
  std::ranges::sort(out);
  return out;
}

}  // namespace lixin::soak
