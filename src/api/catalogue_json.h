// What may be handed in and what may be checked, as JSON, for the API and the command line.
#pragma once

#include <string>

#include "base/error.h"
#include "catalogue/catalogue.h"
#include "catalogue/store.h"

namespace lixin::api {

// archive::errc::dataset_unknown, with those that are there.
result<const catalogue::dataset*> find_dataset(const catalogue::catalogue& packs,
                                               const std::string& code);

std::string datasets_json(const catalogue::catalogue& packs, bool pretty);
// Every version of every pack that was ever loaded.
std::string packs_json(const catalogue::store& packs, bool pretty);
// What may follow in a matter: by which law, which body, for how long.
std::string measures_json(const catalogue::catalogue& packs, bool pretty);
std::string matters_json(const catalogue::catalogue& packs, bool pretty);

}  // namespace lixin::api
