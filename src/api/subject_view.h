// The archive of one subject as one caller may see it, for the API and the command line: what is
// looked at, by whom, as of when; and its JSON.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/ties.h"
#include "archive/archive.h"
#include "base/date.h"
#include "base/error.h"
#include "catalogue/store.h"
#include "policy/policy.h"
#include "registry/registry.h"

namespace lixin::api {

struct subject_request {
  std::string code;  // of any kind that a subject is found by; no natural person's number
  policy::caller viewer;
  date today;                        // the real one: decides who may see what
  std::optional<date> as_of;         // none: today
  std::optional<position> known_at;  // none: all that is known; not for everyone
  bool history = false;              // every version, not only those that stand
};

struct subject_view {
  registry::subject_file subject;
  std::vector<archive::record_view> records;          // that this caller may see
  std::shared_ptr<const catalogue::catalogue> packs;  // in force at the real today
  policy::caller viewer;
  date as_of, today;
  position known_at;
  api::ties ties;
  bool history = false;

  const catalogue::dataset* dataset_of(const archive::record_view& r) const;
  // A record that went to another subject has no status here.
  std::string_view status_code(const archive::record_view& r) const;
  // The number of its decision is a field like others; an auditor learns none.
  bool may_see_document(const archive::record_view& r) const;
  // Why a record is disputed or repaired was written for those whom it concerns.
  bool may_see_reasons(const archive::record_view& r) const;
};

// errc of registry when there is no such subject, measure::errc::known_at_ahead.
result<subject_view> open_subject(pg::connection& c, catalogue::store& packs,
                                  const subject_request& r);

std::string subject_json(const subject_view& v, bool pretty);

}  // namespace lixin::api
