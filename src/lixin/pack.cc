#include <fmt/format.h>

#include <algorithm>

#include "api/catalogue_json.h"
#include "catalogue/catalogue.h"
#include "catalogue/city.h"
#include "journal/journal.h"
#include "lixin/commands.h"
#include "lixin/errc.h"
#include "lixin/say.h"
#include "lixin/terminal.h"
#include "text/json.h"

namespace lixin {
namespace {

using catalogue::pack;

struct checked_packs {
  std::vector<std::shared_ptr<const pack>> packs;  // those without a fault
  std::vector<error> faults;                       // of all folders
};

// `beside`: packs that are loaded, which these may lean on.
checked_packs check_all(const std::vector<std::string>& folders,
                        std::vector<std::shared_ptr<const pack>> beside = {}) {
  checked_packs out;
  for (const std::string& folder : folders) {
    auto sheets = catalogue::read_sheets(folder);
    if (!sheets.ok()) {
      out.faults.push_back(sheets.error());
      continue;
    }
    auto check = catalogue::check_pack(std::move(sheets).value(), folder);
    out.faults.insert(out.faults.end(), check.faults.begin(), check.faults.end());
    if (check.pack) out.packs.push_back(std::make_shared<const pack>(std::move(*check.pack)));
  }
  std::erase_if(beside, [&](const auto& there) {
    return std::ranges::any_of(out.packs, [&](const auto& p) { return p->code == there->code; });
  });
  beside.insert(beside.begin(), out.packs.begin(), out.packs.end());
  const auto across = catalogue::catalogue::cross_check(beside);
  out.faults.insert(out.faults.end(), across.begin(), across.end());
  return out;
}

error faults_found(const message& m, const std::vector<error>& faults) {
  for (const error& e : faults) print_error(e);
  return error(m, {fmt::format("{}", faults.size())});
}

void print_contents(const app& a, const pack& p) {
  a.print("{} {}（{}）：目录项 {} 个，名单 {} 个，措施 {} 项\n",
          "{} {} ({}): {} datasets, {} lists, {} measures\n", p.code, p.version,
          name_of(a.lang(), p), p.datasets.size(), p.lists.size(), p.measures.size());
}

void write_pack(text::json_writer& json, const pack& p) {
  json.begin_object()
      .member("pack", p.code)
      .member("version", p.version)
      .member("title", p.title_zh)
      .member("title_en", p.title_en)
      .member("datasets", static_cast<std::int64_t>(p.datasets.size()))
      .member("lists", static_cast<std::int64_t>(p.lists.size()))
      .member("measures", static_cast<std::int64_t>(p.measures.size()));
}

void write_fault(text::json_writer& json, const error& e) {
  json.begin_object()
      .member("code", e.code())
      .member("file", e.where().file)
      .member("row", static_cast<std::int64_t>(e.where().row))
      .member("column", e.where().column)
      .member("zh", e.sentence(language::zh))
      .member("en", e.sentence(language::en))
      .end_object();
}

std::string certainty_title(language lang, catalogue::certainty c) {
  return c == catalogue::certainty::verified ? say(lang, "已核对原文", "checked")
                                             : say(lang, "原文待核", "not yet checked");
}

}  // namespace

result<int> pack_check(app& a, const std::vector<std::string>& folders) {
  const checked_packs checked = check_all(folders);
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_object().key("faults").begin_array();
    for (const error& e : checked.faults) write_fault(json, e);
    json.end_array().key("packs").begin_array();
    for (const auto& p : checked.packs) {
      write_pack(json, *p);
      json.end_object();
    }
    json.end_array().end_object();
    fmt::print("{}\n", out);
    return checked.faults.empty() ? done : exit_code(failure::unusable_input);
  }
  if (!checked.faults.empty()) return faults_found(errc::sheet_faults, checked.faults);
  for (const auto& p : checked.packs) {
    a.print("没有错误  ", "no fault  ");
    print_contents(a, *p);
  }
  return done;
}

namespace {

struct loaded_pack {
  std::shared_ptr<const pack> what;
  bool already = false;
};

// Saves all of them or none, in a transaction that the caller keeps or drops. The position is
// needed first; loading is rare, so holding the journal's head longer hurts nobody.
result<std::vector<loaded_pack>> save(app& a, pg::connection& db,
                                      const std::vector<std::shared_ptr<const pack>>& packs) {
  std::vector<loaded_pack> out;
  for (const auto& p : packs) {
    LIXIN_TRY(const auto at, journal::reserve(db, 1, a.now().now()));
    LIXIN_TRY(const auto saved, catalogue::save_pack(db, *p, at.first, a.actor()));
    LIXIN_CHECK(journal::write(
        db, at, {{.kind = journal::kind::pack_loaded, .version = saved.id.value}},
        {journal::action::pack_loaded, a.actor(), fmt::format("pack {} {}", p->code, p->version)}));
    out.push_back({p, saved.already});
  }
  return out;
}

// A pack that is there already takes no position of the journal: a trial that is dropped tells
// which.
result<std::vector<loaded_pack>> load(app& a,
                                      const std::vector<std::shared_ptr<const pack>>& packs) {
  LIXIN_TRY(pg::connection * db, a.database());
  std::vector<loaded_pack> out;
  {
    LIXIN_TRY(const auto trial, pg::transaction::begin(*db));
    LIXIN_TRY(out, save(a, *db, packs));
  }
  std::vector<std::shared_ptr<const pack>> missing;
  for (const auto& l : out) {
    if (!l.already) missing.push_back(l.what);
  }
  if (missing.empty()) return out;
  LIXIN_TRY(auto tx, pg::transaction::begin(*db));
  LIXIN_CHECK(save(a, *db, missing));
  LIXIN_CHECK(tx.commit());
  return out;
}

// None before the first pack is loaded.
result<std::vector<std::shared_ptr<const pack>>> packs_in_force(app& a) {
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(auto store, catalogue::store::open(*db));
  LIXIN_TRY(const auto head, journal::read_head(*db));
  const auto all = store.at(a.now().today(), head.last)->packs();
  return std::vector<std::shared_ptr<const pack>>(all.begin(), all.end());
}

}  // namespace

result<int> pack_load(app& a, const std::vector<std::string>& folders) {
  LIXIN_TRY(auto beside, packs_in_force(a));
  const checked_packs checked = check_all(folders, std::move(beside));
  if (!checked.faults.empty()) return faults_found(errc::pack_faults, checked.faults);
  LIXIN_TRY(const auto loaded, load(a, checked.packs));
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_array();
    for (const auto& l : loaded) {
      write_pack(json, *l.what);
      json.member("already", l.already).end_object();
    }
    json.end_array();
    fmt::print("{}\n", out);
    return done;
  }
  for (const auto& l : loaded) {
    l.already ? a.print("已在库中  ", "there already  ") : a.print("已装入    ", "loaded         ");
    print_contents(a, *l.what);
  }
  return done;
}

result<int> pack_list(app& a) {
  LIXIN_TRY(catalogue::store * store, a.packs());
  if (a.json()) {
    fmt::print("{}\n", api::packs_json(*store, true));
    return done;
  }
  text_table table(
      a.zh() ? std::vector<std::string>{"领域包", "版本", "名称", "生效日期", "装入位置", "依据"}
             : std::vector<std::string>{"pack", "version", "title", "valid from", "loaded at",
                                        "basis"});
  for (const auto& e : store->entries()) {
    table.add({e.pack, e.version, name_of(a.lang(), e), to_string(e.valid_from),
               fmt::format("{}", e.known_from.value), certainty_title(a.lang(), e.status)});
  }
  fmt::print("{}", table.text());
  return done;
}

result<int> city_load(app& a, const std::string& folder) {
  auto check = catalogue::read_city(folder);
  if (!check.faults.empty()) return faults_found(errc::pack_faults, check.faults);
  const auto& s = check.settings;
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(auto tx, pg::transaction::begin(*db));
  LIXIN_CHECK(catalogue::save_city(*db, s, a.actor(), a.now().now()));
  LIXIN_CHECK(journal::append_act(
      *db,
      {journal::action::city_loaded, a.actor(),
       fmt::format("authorities {} divisions {}", s.authorities.size(), s.divisions.size())},
      a.now().now()));
  LIXIN_CHECK(tx.commit());
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_object()
        .member("authorities", static_cast<std::int64_t>(s.authorities.size()))
        .member("divisions", static_cast<std::int64_t>(s.divisions.size()))
        .member("calendar_from", std::int64_t{s.days.first_year()})
        .member("calendar_to", std::int64_t{s.days.last_year()})
        .end_object();
    fmt::print("{}\n", out);
    return done;
  }
  a.print(
      "已装入城市设置：信源单位 {} 个，区划 {} 个，工作日历 {}—{} 年\n",
      "The city's settings are loaded: {} authorities, {} divisions, working days of {} to {}\n",
      s.authorities.size(), s.divisions.size(), s.days.first_year(), s.days.last_year());
  return done;
}

namespace {

void print_city_json(const catalogue::city_settings& s) {
  std::string out;
  text::json_writer json(out, true);
  json.begin_object().key("authorities").begin_array();
  for (const auto& x : s.authorities) {
    json.begin_object()
        .member("code", x.code)
        .member("title", x.title_zh)
        .member("title_en", x.title_en)
        .member("credit_code", x.credit_code)
        .member("division", x.division)
        .end_object();
  }
  json.end_array().key("divisions").begin_array();
  for (const auto& x : s.divisions) {
    json.begin_object()
        .member("code", x.code)
        .member("title", x.title_zh)
        .member("title_en", x.title_en)
        .end_object();
  }
  json.end_array()
      .member("calendar_from", std::int64_t{s.days.first_year()})
      .member("calendar_to", std::int64_t{s.days.last_year()})
      .end_object();
  fmt::print("{}\n", out);
}

}  // namespace

result<int> city_show(app& a) {
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(const auto s, catalogue::load_city(*db));
  if (a.json()) {
    print_city_json(s);
    return done;
  }
  text_table table(a.zh() ? std::vector<std::string>{"单位代码", "信源单位", "区划"}
                          : std::vector<std::string>{"authority", "title", "division"});
  for (const auto& x : s.authorities) table.add({x.code, name_of(a.lang(), x), x.division});
  fmt::print("{}", table.text());
  a.print("区划 {} 个，工作日历 {}—{} 年\n", "{} divisions, working days of {} to {}\n",
          s.divisions.size(), s.days.first_year(), s.days.last_year());
  return done;
}

}  // namespace lixin
