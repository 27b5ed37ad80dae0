#include "catalogue/store.h"

#include <fmt/format.h>

#include <algorithm>

#include "catalogue/errc.h"

namespace lixin::catalogue {
namespace {

result<std::map<std::int32_t, std::vector<sheet>>> read_all_sheets(pg::connection& c) {
  LIXIN_TRY(const auto r, c.exec("SELECT pack_version_id, name, body FROM pack_sheet "
                                 "ORDER BY pack_version_id, name"));
  std::map<std::int32_t, std::vector<sheet>> out;
  for (int i = 0; i < r.size(); ++i) {
    out[static_cast<std::int32_t>(r.int64(i, 0))].push_back(
        {std::string(r.text(i, 1)), std::string(r.text(i, 2))});
  }
  return out;
}

}  // namespace

result<store> store::open(pg::connection& c) {
  store s;
  LIXIN_TRY(const auto r,
            c.exec("SELECT pack_version_id, pack, version, title_zh, title_en, digest, valid_from, "
                   "known_from, verified FROM pack_version ORDER BY pack_version_id"));
  LIXIN_TRY(s.sheets_, read_all_sheets(c));
  for (int i = 0; i < r.size(); ++i) {
    pack_entry e;
    e.id = pack_version_id(static_cast<std::int32_t>(r.int64(i, 0)));
    e.pack = r.text(i, 1);
    e.version = r.text(i, 2);
    e.title_zh = r.text(i, 3);
    e.title_en = r.text(i, 4);
    e.digest = r.text(i, 5);
    e.valid_from = r.day(i, 6);
    e.known_from = position(r.int64(i, 7));
    e.status = r.boolean(i, 8) ? certainty::verified : certainty::unverified;
    // The sheets passed the check when they were loaded; a program whose rules have become stricter
    // since must say so at once and not answer from half a catalogue.
    auto check = check_pack(s.sheets_[e.id.value], e.pack);
    if (!check.pack) {
      return error(
          errc::stored_pack_broken,
          {e.pack, e.version, fmt::format("{}", check.faults.size()),
           check.faults.front().text(language::zh), check.faults.front().text(language::en)});
    }
    s.parsed_[e.id.value] = std::make_shared<const pack>(std::move(*check.pack));
    s.entries_.push_back(std::move(e));
  }
  return s;
}

std::vector<pack_version_id> store::versions_at(date on, position known_at) const {
  std::map<std::string, const pack_entry*> chosen;
  for (const pack_entry& e : entries_) {
    if (e.valid_from > on || e.known_from > known_at) continue;
    const pack_entry*& best = chosen[e.pack];
    // entries_ are in the order of loading, so a later one wins among equal valid_from.
    if (best == nullptr || e.valid_from >= best->valid_from) best = &e;
  }
  std::vector<pack_version_id> out;
  for (const auto& [code, e] : chosen) out.push_back(e->id);
  return out;
}

std::shared_ptr<const catalogue> store::at(date on, position known_at) {
  const auto ids = versions_at(on, known_at);
  std::vector<std::int32_t> key;
  for (const pack_version_id id : ids) key.push_back(id.value);
  auto& made = made_[key];
  if (!made) {
    std::vector<std::shared_ptr<const pack>> packs;
    for (const pack_version_id id : ids) packs.push_back(by_id(id));
    made = std::make_shared<const catalogue>(std::move(packs));
  }
  return made;
}

std::shared_ptr<const pack> store::by_id(pack_version_id id) const {
  const auto it = parsed_.find(id.value);
  return it == parsed_.end() ? nullptr : it->second;
}

const pack_entry* store::entry(pack_version_id id) const {
  const auto it = std::find_if(entries_.begin(), entries_.end(),
                               [&](const pack_entry& e) { return e.id == id; });
  return it == entries_.end() ? nullptr : &*it;
}

result<saved_pack> save_pack(pg::connection& c, const pack& p, position known_from,
                             std::string_view actor) {
  LIXIN_TRY(const auto there,
            c.exec("SELECT pack_version_id, digest FROM pack_version WHERE pack = "
                   "$1::text AND version = $2::text",
                   pg::params().add(p.code).add(p.version)));
  if (!there.empty()) {
    if (there.text(0, 1) != p.digest) return error(errc::version_differs, {p.code, p.version});
    return saved_pack{pack_version_id(static_cast<std::int32_t>(there.int64(0, 0))), true};
  }
  LIXIN_TRY(
      const auto made,
      c.exec("INSERT INTO pack_version (pack, version, title_zh, title_en, valid_from, known_from, "
             "verified, digest, loaded_by) VALUES ($1::text, $2::text, $3::text, $4::text, "
             "$5::date, $6::bigint, $7::boolean, $8::text, $9::text) RETURNING pack_version_id",
             pg::params()
                 .add(p.code)
                 .add(p.version)
                 .add(p.title_zh)
                 .add(p.title_en)
                 .add(p.valid_from)
                 .add(known_from.value)
                 .add(p.basis.status == certainty::verified)
                 .add(p.digest)
                 .add(actor)));
  const saved_pack out{pack_version_id(static_cast<std::int32_t>(made.int64(0, 0))), false};
  for (const sheet& s : p.sheets) {
    LIXIN_CHECK(
        c.exec("INSERT INTO pack_sheet (pack_version_id, name, body) VALUES ($1::integer, "
               "$2::text, $3::text)",
               pg::params().add(out.id.value).add(s.name).add(s.body)));
  }
  for (const dataset& d : p.datasets) {
    LIXIN_CHECK(c.exec("INSERT INTO dataset (code) VALUES ($1::text) ON CONFLICT (code) DO NOTHING",
                       pg::params().add(d.code)));
  }
  return out;
}

}  // namespace lixin::catalogue
