// The form of a dataset: a workbook with a sheet to fill in, one that explains its fields, and one
// of the code lists.
#pragma once

#include <string>

#include "base/error.h"
#include "catalogue/catalogue.h"

namespace lixin::api {

// `path` ends in .xlsx; errc of tabular when it cannot be written.
result<void> write_form(const catalogue::dataset& d, const std::string& path);

}  // namespace lixin::api
