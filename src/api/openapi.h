// docs/openapi.yaml as JSON, as the build wrote it.
#pragma once

#include <string>

namespace lixin::api {

std::string openapi_json();

}  // namespace lixin::api
