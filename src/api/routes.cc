#include <algorithm>

#include "api/errc.h"
#include "api/parts.h"
#include "http/problem.h"

namespace lixin::api {
namespace {

// Who is refused by the gate is told how to come in, and when.
http::response refused(const error& why, const http::request& r) {
  unsigned status = status_of(why);
  if (status == 0) status = http::status_of(why);
  auto out = http::problem(why, r, status);
  if (status == 401) out.header("WWW-Authenticate", "Bearer realm=\"lixin\"");
  if (why.is(errc::quota_used)) out.header("Retry-After", why.args()[1]);
  return out;
}

// What one caller may see is not for the caches of others.
void set_caching(http::response& r) { r.header("Cache-Control", "no-store"); }

}  // namespace

std::vector<endpoint> endpoints() {
  std::vector<endpoint> all;
  for (auto part :
       {check_endpoints(), subject_endpoints(), batch_endpoints(), pending_endpoints(),
        catalogue_endpoints(), change_endpoints(), session_endpoints(), state_endpoints()}) {
    std::ranges::move(part, std::back_inserter(all));
  }
  return all;
}

http::route_table guarded(std::vector<endpoint> all, parts& p, gate& g) {
  std::vector<http::route> out;
  for (endpoint& e : all) {
    http::route r{.method = e.method,
                  .pattern = e.pattern,
                  .name = e.name,
                  .runs = e.runs,
                  .body_bytes_max = e.body_bytes_max,
                  .rate_class = static_cast<std::uint8_t>(e.pace),
                  .roles = e.roles.bits()};
    if (e.runs == http::run::deferred) {
      r.later = [&p, &g, roles = e.roles, run = std::move(e.later)](http::request& request,
                                                                    http::completion done) {
        const auto who = g.admit(request, roles, nullptr);
        if (!who.ok()) return done(refused(who.error(), request));
        run(p, *who, request, std::move(done));
      };
    } else {
      desks* const people = e.runs == http::run::quick ? nullptr : &p.desks;
      r.handler = [&p, &g, people, roles = e.roles,
                   run = std::move(e.handler)](http::request& request) -> result<http::response> {
        const auto who = g.admit(request, roles, people);
        if (!who.ok()) return refused(who.error(), request);
        LIXIN_TRY(auto answer, run(p, *who, request));
        set_caching(answer);
        return answer;
      };
    }
    out.push_back(std::move(r));
  }
  return http::route_table(std::move(out));
}

}  // namespace lixin::api
