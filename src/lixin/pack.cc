#include <fmt/format.h>

#include "catalogue/catalogue.h"
#include "catalogue/city.h"
#include "journal/journal.h"
#include "lixin/commands.h"
#include "lixin/errc.h"
#include "lixin/terminal.h"
#include "text/json.h"

namespace lixin {
namespace {

using catalogue::pack;

// Every fault of every folder is printed; the packs that have none are answered.
std::vector<std::shared_ptr<const pack>> checked_packs(const std::vector<std::string>& folders,
                                                       std::size_t& faults) {
  std::vector<std::shared_ptr<const pack>> out;
  for (const std::string& folder : folders) {
    auto sheets = catalogue::read_sheets(folder);
    if (!sheets.ok()) {
      print_error(sheets.error());
      ++faults;
      continue;
    }
    auto check = catalogue::check_pack(std::move(sheets).value(), folder);
    for (const error& e : check.faults) print_error(e);
    faults += check.faults.size();
    if (check.pack) out.push_back(std::make_shared<const pack>(std::move(*check.pack)));
  }
  const auto across = catalogue::catalogue::cross_check(out);
  for (const error& e : across) print_error(e);
  faults += across.size();
  return out;
}

void print_contents(const pack& p) {
  fmt::print("{} {}（{}）：目录项 {} 个，名单 {} 个，措施 {} 项\n", p.code, p.version, p.title_zh,
             p.datasets.size(), p.lists.size(), p.measures.size());
}

}  // namespace

result<int> pack_check(app&, const std::vector<std::string>& folders) {
  std::size_t faults = 0;
  const auto packs = checked_packs(folders, faults);
  if (faults != 0) return error(errc::pack_faults, {fmt::format("{}", faults)});
  for (const auto& p : packs) {
    fmt::print("没有错误  ");
    print_contents(*p);
  }
  return done;
}

result<int> pack_load(app& a, const std::vector<std::string>& folders) {
  std::size_t faults = 0;
  const auto packs = checked_packs(folders, faults);
  if (faults != 0) return error(errc::pack_faults, {fmt::format("{}", faults)});
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(auto tx, pg::transaction::begin(*db));
  for (const auto& p : packs) {
    // The position is needed first; loading is rare, so holding the head a little longer hurts nobody.
    LIXIN_TRY(const auto at, journal::reserve(*db, 1, a.now().now()));
    LIXIN_TRY(const auto saved, catalogue::save_pack(*db, *p, at.first, a.actor()));
    LIXIN_CHECK(journal::write(
        *db, at, {{.kind = journal::kind::pack_loaded, .version = saved.id.value}}));
    fmt::print("{}  ", saved.already ? "已在库中" : "已装入");
    print_contents(*p);
  }
  LIXIN_CHECK(tx.commit());
  return done;
}

result<int> pack_list(app& a) {
  LIXIN_TRY(catalogue::store * store, a.packs());
  if (a.options().json) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_array();
    for (const auto& e : store->entries()) {
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
    fmt::print("{}\n", out);
    return done;
  }
  text_table table({"领域包", "版本", "名称", "生效日期", "日志位置", "依据"});
  for (const auto& e : store->entries()) {
    table.add({e.pack, e.version, a.zh() ? e.title_zh : e.title_en, to_string(e.valid_from),
               fmt::format("{}", e.known_from.value),
               e.status == catalogue::certainty::verified ? "已核" : "待核"});
  }
  fmt::print("{}", table.text());
  return done;
}

result<int> city_load(app& a, const std::string& folder) {
  auto check = catalogue::read_city(folder);
  for (const error& e : check.faults) print_error(e);
  if (!check.faults.empty()) {
    return error(errc::pack_faults, {fmt::format("{}", check.faults.size())});
  }
  const auto& s = check.settings;
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(auto tx, pg::transaction::begin(*db));
  LIXIN_CHECK(catalogue::save_city(*db, s, a.actor(), a.now().now()));
  LIXIN_CHECK(tx.commit());
  fmt::print("已装入城市设置：信源单位 {} 个，区划 {} 个，工作日历 {}—{} 年\n", s.authorities.size(),
             s.divisions.size(), s.days.first_year(), s.days.last_year());
  return done;
}

}  // namespace lixin
