#include "api/catalogue_json.h"

#include "archive/errc.h"
#include "identity/personal.h"
#include "text/json.h"

namespace lixin::api {

result<const catalogue::dataset*> find_dataset(const catalogue::catalogue& packs,
                                               const std::string& code) {
  if (const catalogue::dataset* d = packs.find_dataset(code)) return d;
  std::string known;
  for (const auto& p : packs.packs()) {
    for (const auto& x : p->datasets) known += (known.empty() ? "" : ", ") + x.code;
  }
  const bool personal = identity::identity_cell(code) != identity::personal_number::none;
  return error(archive::errc::dataset_unknown, {personal ? "…" : code, known});
}

std::string datasets_json(const catalogue::catalogue& packs, bool pretty) {
  std::string out;
  text::json_writer json(out, pretty);
  json.begin_array();
  for (const auto& p : packs.packs()) {
    for (const auto& d : p->datasets) {
      json.begin_object()
          .member("code", d.code)
          .member("title", d.title_zh)
          .member("title_en", d.title_en)
          .member("pack", p->code)
          .member("version", p->version)
          .member("tone", catalogue::code_of(d.tone))
          .member("disclosure", catalogue::code_of(d.visible))
          .member("fields", static_cast<std::int64_t>(d.fields.size()))
          .member("basis", d.basis.text)
          .member("basis_status", catalogue::code_of(d.basis.status))
          .end_object();
    }
  }
  json.end_array();
  return out;
}

std::string packs_json(const catalogue::store& packs, bool pretty) {
  std::string out;
  text::json_writer json(out, pretty);
  json.begin_array();
  for (const auto& e : packs.entries()) {
    json.begin_object()
        .member("pack", e.pack)
        .member("version", e.version)
        .member("title", e.title_zh)
        .member("title_en", e.title_en)
        .member("valid_from", to_string(e.valid_from))
        .member("known_from", e.known_from.value)
        .member("basis", catalogue::code_of(e.status))
        .member("digest", e.digest)
        .end_object();
  }
  json.end_array();
  return out;
}

std::string measures_json(const catalogue::catalogue& packs, bool pretty) {
  std::string out;
  text::json_writer json(out, pretty);
  json.begin_array();
  for (const auto& p : packs.packs()) {
    for (const auto& m : p->measures) {
      json.begin_object()
          .member("code", m.code)
          .member("title", m.title_zh)
          .member("title_en", m.title_en)
          .member("matter", m.matter)
          .member("effect", catalogue::code_of(m.effect))
          .member("body", m.body)
          .member("list", m.trigger_list)
          .member("term", m.term)
          .member("pack", p->code)
          .member("version", p->version)
          .member("basis", m.basis.text)
          .member("basis_status", catalogue::code_of(m.basis.status))
          .end_object();
    }
  }
  json.end_array();
  return out;
}

std::string matters_json(const catalogue::catalogue& packs, bool pretty) {
  std::string out;
  text::json_writer json(out, pretty);
  json.begin_array();
  for (const auto& p : packs.packs()) {
    for (const auto& m : p->matters) {
      json.begin_object()
          .member("code", m.code)
          .member("title", m.title_zh)
          .member("title_en", m.title_en)
          .member("scope", m.scope)
          .member("pack", p->code)
          .member("version", p->version)
          .member("measures", static_cast<std::int64_t>(packs.measures_of(m.code).size()))
          .member("basis", m.basis.text)
          .member("basis_status", catalogue::code_of(m.basis.status))
          .end_object();
    }
  }
  json.end_array();
  return out;
}

}  // namespace lixin::api
