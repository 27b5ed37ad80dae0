#include <fmt/format.h>

#include "api/catalogue_json.h"
#include "api/dataset_form.h"
#include "journal/journal.h"
#include "lixin/commands.h"
#include "lixin/errc.h"
#include "lixin/say.h"
#include "lixin/terminal.h"
#include "text/json.h"

namespace lixin {
namespace {

result<std::shared_ptr<const catalogue::catalogue>> in_force(app& a) {
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(catalogue::store * store, a.packs());
  LIXIN_TRY(const auto head, journal::read_head(*db));
  return store->at(a.now().today(), head.last);
}

}  // namespace

result<int> dataset_list(app& a) {
  LIXIN_TRY(const auto packs, in_force(a));
  if (a.json()) {
    fmt::print("{}\n", api::datasets_json(*packs, true));
    return done;
  }
  text_table table(
      a.zh() ? std::vector<std::string>{"目录项", "名称", "领域包", "版本", "栏目数", "依据"}
             : std::vector<std::string>{"dataset", "title", "pack", "version", "fields", "basis"});
  table.right(4, 1);
  for (const auto& p : packs->packs()) {
    for (const auto& d : p->datasets) {
      const bool checked = d.basis.status == catalogue::certainty::verified;
      table.add({d.code, name_of(a.lang(), d), p->code, p->version,
                 fmt::format("{}", d.fields.size()),
                 checked ? say(a.lang(), "已核对原文", "checked")
                         : say(a.lang(), "原文待核", "not yet checked")});
    }
  }
  fmt::print("{}", table.text());
  return done;
}

result<int> matter_list(app& a) {
  LIXIN_TRY(const auto packs, in_force(a));
  const auto measures_of = [&](const catalogue::matter& m) {
    return packs->measures_of(m.code).size();
  };
  if (a.json()) {
    fmt::print("{}\n", api::matters_json(*packs, true));
    return done;
  }
  for (const auto& p : packs->packs()) {
    for (const auto& m : p->matters) {
      a.print("{}  {}（领域包 {}，措施 {} 项）\n  适用范围：{}\n",
              "{}  {} (pack {}, {} measures)\n  scope: {}\n", m.code, name_of(a.lang(), m), p->code,
              measures_of(m), m.scope);
    }
  }
  return done;
}

result<int> dataset_template(app& a, const std::string& code, const std::string& path) {
  if (!path.ends_with(".xlsx")) return error(errc::bad_ending, {"OUT", ".xlsx", as_typed(path)});
  LIXIN_TRY(const auto packs, in_force(a));
  LIXIN_TRY(const catalogue::dataset* d, api::find_dataset(*packs, code));
  LIXIN_CHECK(api::write_form(*d, path));
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_object().member("dataset", d->code).member("file", path).end_object();
    fmt::print("{}\n", out);
    return done;
  }
  a.print("已写出“{}”的填报表：{}（填报、填报说明、代码表三个工作表）\n",
          "The form of “{}” is written to {}: sheets 填报 (to fill in), 填报说明 (the fields), "
          "代码表 (code lists)\n",
          name_of(a.lang(), *d), path);
  return done;
}

}  // namespace lixin
