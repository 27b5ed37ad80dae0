// GET /datasets, their forms, /matters, /measures, /packs, and the description of the API.
#include <fmt/format.h>

#include "api/body.h"
#include "api/catalogue_json.h"
#include "api/dataset_form.h"
#include "api/openapi.h"
#include "api/parts.h"
#include "api/temporary_file.h"
#include "journal/journal.h"

namespace lixin::api {
namespace {

result<std::shared_ptr<const catalogue::catalogue>> in_force(const parts& p, desk& d) {
  LIXIN_TRY(const auto head, journal::read_head(d.db()));
  return d.packs().at(p.now.today(), head.last);
}

result<http::response> datasets(parts& p, const caller&, http::request& r) {
  LIXIN_CHECK(check_parameters(r, {}));
  LIXIN_TRY(auto desk, p.desks.take());
  LIXIN_TRY(const auto packs, in_force(p, *desk));
  return http::response::json(datasets_json(*packs, false));
}

result<http::response> matters(parts& p, const caller&, http::request& r) {
  LIXIN_CHECK(check_parameters(r, {}));
  LIXIN_TRY(auto desk, p.desks.take());
  LIXIN_TRY(const auto packs, in_force(p, *desk));
  return http::response::json(matters_json(*packs, false));
}

result<http::response> packs(parts& p, const caller&, http::request& r) {
  LIXIN_CHECK(check_parameters(r, {}));
  LIXIN_TRY(auto desk, p.desks.take());
  return http::response::json(packs_json(desk->packs(), false));
}

result<http::response> measures(parts& p, const caller&, http::request& r) {
  LIXIN_CHECK(check_parameters(r, {}));
  LIXIN_TRY(auto desk, p.desks.take());
  LIXIN_TRY(const auto packs, in_force(p, *desk));
  return http::response::json(measures_json(*packs, false));
}

result<http::response> form(parts& p, const caller&, http::request& r) {
  LIXIN_CHECK(check_parameters(r, {}));
  LIXIN_TRY(auto desk, p.desks.take());
  LIXIN_TRY(const auto packs, in_force(p, *desk));
  LIXIN_TRY(const auto* d, find_dataset(*packs, std::string(r.placeholder("dataset"))));
  const auto file = std::make_shared<written_file>(fmt::format("{}/form-{}.xlsx", p.folder, r.id));
  LIXIN_CHECK(write_form(*d, file->path()));
  LIXIN_TRY(auto source, written_file::source(file));
  http::response out = http::response::stream(workbook_type, std::move(source));
  out.header("Content-Disposition", fmt::format("attachment; filename=\"{}.xlsx\"", d->code));
  return out;
}

result<http::response> description(parts&, const caller&, http::request&) {
  static const std::string text = openapi_json();
  return http::response::json(text);
}

}  // namespace

std::vector<endpoint> catalogue_endpoints() {
  return {
      {.method = http::method::get,
       .pattern = "/api/v1/datasets",
       .name = "datasets",
       .roles = {},
       .handler = datasets},
      {.method = http::method::get,
       .pattern = "/api/v1/datasets/{dataset}/template.xlsx",
       .name = "template",
       .roles = {},
       .handler = form},
      {.method = http::method::get,
       .pattern = "/api/v1/packs",
       .name = "packs",
       .roles = {},
       .handler = packs},
      {.method = http::method::get,
       .pattern = "/api/v1/measures",
       .name = "measures",
       .roles = {},
       .handler = measures},
      {.method = http::method::get,
       .pattern = "/api/v1/openapi.json",
       .name = "openapi",
       .roles = {},
       .runs = http::run::quick,
       .handler = description},
      {.method = http::method::get,
       .pattern = "/api/v1/matters",
       .name = "matters",
       .roles = {},
       .handler = matters},
  };
}

}  // namespace lixin::api
