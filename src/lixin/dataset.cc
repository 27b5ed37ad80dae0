#include <fmt/format.h>

#include "archive/errc.h"
#include "journal/journal.h"
#include "lixin/commands.h"
#include "lixin/errc.h"
#include "lixin/say.h"
#include "lixin/terminal.h"
#include "tabular/tabular.h"
#include "text/json.h"

namespace lixin {
namespace {

using catalogue::field;
using catalogue::field_type;

result<std::shared_ptr<const catalogue::catalogue>> in_force(app& a) {
  LIXIN_TRY(pg::connection * db, a.database());
  LIXIN_TRY(catalogue::store * store, a.packs());
  LIXIN_TRY(const auto head, journal::read_head(*db));
  return store->at(a.now().today(), head.last);
}

std::string format_note(const field& f) {
  switch (f.type) {
    case field_type::date:
      return "日期，如 2026-11-24";
    case field_type::fen:
      return f.unit == "wan" ? "金额，单位万元，最多六位小数" : "金额，单位元，最多两位小数";
    case field_type::choice:
      return "从代码表选一项";
    case field_type::choices:
      return "从代码表选，可多项，用分号隔开";
    case field_type::credit_code:
      return "18 位统一社会信用代码，单元格格式须为文本";
    case field_type::organisation_code:
      return "9 位组织机构代码";
    case field_type::registration_number:
      return "15 位注册号，单元格格式须为文本";
    case field_type::integer:
      return "整数";
    case field_type::discard:
      return "可不填；填写也不保存";
    default:
      return f.length_max > 0 ? fmt::format("文本，不超过 {} 字", f.length_max) : "文本";
  }
}

// "行政相对人类别: "自然人"": a condition with the titles of its fields in place of their codes.
std::string condition_note(const catalogue::dataset& d, const catalogue::condition& c) {
  std::string out;
  std::string_view rest = c.source;
  for (const auto& clause : c.clauses) {
    const field& f = d.fields[static_cast<std::size_t>(clause.field)];
    const auto at = rest.find(f.code);
    if (at == std::string_view::npos) continue;
    out.append(rest.substr(0, at)).append(f.title_zh);
    rest.remove_prefix(at + f.code.size());
  }
  return out.append(rest);
}

std::string presence_note(const catalogue::dataset& d, const field& f) {
  using catalogue::presence;
  switch (f.required) {
    case presence::optional:
      return "选填";
    case presence::conditional:
    case presence::conditional_if_column:
      return f.when.source.empty() ? "条件必填" : "条件必填：" + condition_note(d, f.when);
    case presence::mandatory:
    case presence::mandatory_if_column:
      return "必填";
  }
  return "";
}

std::string_view disclosure_note(catalogue::disclosure d) {
  using catalogue::disclosure;
  switch (d) {
    case disclosure::published:
      return "公示";
    case disclosure::shared:
      return "部门间共享";
    case disclosure::consent:
      return "授权查询";
    case disclosure::source:
      return "仅报送单位和信用中心";
    case disclosure::hidden:
      return "不保存";
  }
  return "";
}

tabular::sheet_spec form_sheet(const catalogue::dataset& d) {
  tabular::sheet_spec form{.name = "填报"};
  for (const field& f : d.fields) {
    form.heading.push_back(f.title_zh);
    form.notes.push_back(fmt::format("{}\n{}\n{}", f.code, presence_note(d, f), format_note(f)));
    std::vector<std::string> choices;
    if (f.codes != nullptr && f.type == field_type::choice) {
      for (const auto& v : f.codes->values) {
        if (!v.code.ends_with('*')) choices.push_back(v.code);
      }
    }
    form.choices.push_back(std::move(choices));
  }
  return form;
}

tabular::sheet_spec field_sheet(const catalogue::dataset& d) {
  tabular::sheet_spec out{
      .name = "填报说明",
      .heading = {"栏目", "短码", "英文", "必填", "格式", "公开", "代码表", "别名"}};
  for (const field& f : d.fields) {
    std::string aliases;
    for (const std::string& x : f.aliases) aliases += (aliases.empty() ? "" : "、") + x;
    out.rows.push_back({f.title_zh, f.code, f.title_en, presence_note(d, f), format_note(f),
                        std::string(disclosure_note(f.visible)),
                        f.codes != nullptr ? f.codes->code : "", aliases});
  }
  return out;
}

tabular::sheet_spec code_sheet(const catalogue::dataset& d) {
  tabular::sheet_spec out{.name = "代码表",
                          .heading = {"代码表", "代码", "名称", "英文", "也可写作"}};
  std::vector<const catalogue::code_list*> seen;
  for (const field& f : d.fields) {
    if (f.codes == nullptr || std::find(seen.begin(), seen.end(), f.codes) != seen.end()) continue;
    seen.push_back(f.codes);
    for (const auto& v : f.codes->values) {
      std::string aliases;
      for (const std::string& x : v.aliases) aliases += (aliases.empty() ? "" : "、") + x;
      out.rows.push_back({f.codes->code, v.code, v.title_zh, v.title_en, aliases});
    }
  }
  return out;
}

}  // namespace

result<int> dataset_list(app& a) {
  LIXIN_TRY(const auto packs, in_force(a));
  if (a.json()) {
    std::string out;
    text::json_writer json(out, true);
    json.begin_array();
    for (const auto& p : packs->packs()) {
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
    fmt::print("{}\n", out);
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
    std::string out;
    text::json_writer json(out, true);
    json.begin_array();
    for (const auto& p : packs->packs()) {
      for (const auto& m : p->matters) {
        json.begin_object()
            .member("code", m.code)
            .member("title", m.title_zh)
            .member("title_en", m.title_en)
            .member("scope", m.scope)
            .member("pack", p->code)
            .member("version", p->version)
            .member("measures", static_cast<std::int64_t>(measures_of(m)))
            .member("basis", m.basis.text)
            .member("basis_status", catalogue::code_of(m.basis.status))
            .end_object();
      }
    }
    json.end_array();
    fmt::print("{}\n", out);
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
  const catalogue::dataset* d = packs->find_dataset(code);
  if (d == nullptr) {
    std::string known;
    for (const auto& p : packs->packs()) {
      for (const auto& x : p->datasets) known += (known.empty() ? "" : ", ") + x.code;
    }
    return error(archive::errc::dataset_unknown, {code, known});
  }
  const std::vector<tabular::sheet_spec> sheets{form_sheet(*d), field_sheet(*d), code_sheet(*d)};
  LIXIN_CHECK(tabular::write_workbook(path, sheets));
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
