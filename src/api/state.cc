// /healthz, /readyz, /metrics: for whoever keeps the server running.
#include "api/body.h"
#include "api/parts.h"
#include "journal/journal.h"

namespace lixin::api {
namespace {

// The process is there and its I/O thread turns.
result<http::response> health(parts&, const caller&, http::request&) {
  return http::response::text("ok\n");
}

// Whether it should be sent requests. 503 with the reason where not.
result<http::response> ready(parts& p, const caller&, http::request& r) {
  const auto fresh = p.city.now();
  const auto checked = p.city.check_fresh();
  const auto failure = p.city.last_failure();
  std::string body;
  text::json_writer json(body);
  json.begin_object()
      .member("ready", checked.ok())
      .member("position", fresh.at.value)
      .member("followed_at", journal::to_string(fresh.followed_at))
      .member("age_ms", static_cast<std::int64_t>(fresh.age.count()))
      .member("subjects", static_cast<std::int64_t>(fresh.subjects))
      .key("failure");
  const error* why = !checked.ok() ? &checked.error() : failure ? &*failure : nullptr;
  if (why == nullptr) {
    json.null();
  } else {
    json.begin_object().member("code", why->code()).member("detail", why->sentence(r.lang));
    json.end_object();
  }
  json.end_object();
  return http::response::json(std::move(body), checked.ok() ? 200 : 503);
}

result<http::response> count(parts& p, const caller&, http::request&) {
  http::response out = http::response::text(p.metrics.text(p.city, p.gauges()));
  out.content_type = "text/plain; version=0.0.4; charset=utf-8";
  return out;
}

}  // namespace

std::vector<endpoint> state_endpoints() {
  return {
      {.method = http::method::get,
       .pattern = "/healthz",
       .name = "health",
       .roles = {},
       .runs = http::run::quick,
       .handler = health},
      {.method = http::method::get,
       .pattern = "/readyz",
       .name = "ready",
       .roles = {},
       .runs = http::run::quick,
       .handler = ready},
      {.method = http::method::get,
       .pattern = "/metrics",
       .name = "metrics",
       .roles = {},
       .handler = count},
  };
}

}  // namespace lixin::api
