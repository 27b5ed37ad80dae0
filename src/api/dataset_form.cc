#include "api/dataset_form.h"

#include <fmt/format.h>

#include <algorithm>

#include "tabular/tabular.h"

namespace lixin::api {
namespace {

using catalogue::field;
using catalogue::field_type;

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

result<void> write_form(const catalogue::dataset& d, const std::string& path) {
  const std::vector<tabular::sheet_spec> sheets{form_sheet(d), field_sheet(d), code_sheet(d)};
  return tabular::write_workbook(path, sheets);
}

}  // namespace lixin::api
