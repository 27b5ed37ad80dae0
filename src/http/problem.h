// An error as a problem document (RFC 9457, application/problem+json): `type`, `title`, `status`,
// `detail`, and as extensions `code` (stable, for programs), `field` and `row` where the error has
// them, and `request_id`. Title and detail are in the language of the request.
#pragma once

#include <functional>

#include "base/error.h"
#include "http/request.h"
#include "http/response.h"

namespace lixin::http {

// The status of an error: that of the engine's own messages, and otherwise by its kind: 400
// unusable_input, 404, 403 refused, 503 unavailable, 500 internal.
unsigned status_of(const error& what);

// For tables of the modules above: the status, or 0 to leave it to status_of().
using status_table = std::function<unsigned(const error&)>;

response problem(const error& what, const request& r, unsigned status);
inline response problem(const error& what, const request& r) {
  return problem(what, r, status_of(what));
}

}  // namespace lixin::http
