#include <array>
#include <numeric>

#include "catalogue/pack_loader.h"
#include "text/fold.h"

namespace lixin::catalogue {
namespace {

constexpr std::array code_columns{
    column{"list", true}, column{"code", true}, column{"title_zh", true}, column{"title_en", true},
    column{"aliases"},    column{"order"},      column{"meaning"},
};
constexpr int order_max = 1'000'000;

}  // namespace

void pack_loader::load_codes() {
  const sheet_reader sheet = open("codes", code_columns);
  for (std::size_t i = 0; i < sheet.size(); ++i) {
    const line_reader line = sheet.line(i);
    const std::string& name = line.text("list");
    if (name.empty() || line.text("code").empty()) continue;
    code_list* list = nullptr;
    for (const auto& known : pack_.codes) {
      if (known->code == name) list = known.get();
    }
    if (list == nullptr) {
      pack_.codes.push_back(std::make_unique<code_list>());
      list = pack_.codes.back().get();
      list->code = name;
    }
    code_value value;
    value.code = line.text("code");
    value.title_zh = line.text("title_zh");
    value.title_en = line.text("title_en");
    value.aliases = words::split_bar(line.text("aliases"));
    value.order = line.number("order", 0, order_max);
    value.meaning = line.text("meaning");
    list->values.push_back(std::move(value));
    index_codes(line, *list);
  }
}

void pack_loader::index_codes(const line_reader& line, code_list& list) {
  const std::size_t at = list.values.size() - 1;
  const code_value& value = list.values[at];
  if (value.code.ends_with('*')) {
    if (list.wildcard >= 0) line.fault(errc::wildcard_twice, {list.code}, "code");
    list.wildcard = static_cast<int>(at);
  }
  const auto add = [&](const std::string& word, const char* column) {
    const std::string folded = text::fold_heading(word);
    if (folded.empty()) return;
    const auto [known, added] = list.index.emplace(folded, at);
    if (!added && known->second != at) {
      line.fault(errc::doubled_value, {word, list.code, list.values[known->second].code}, column);
      return;
    }
    list.exact.emplace(word, at);
  };
  add(value.code, "code");
  add(value.title_zh, "title_zh");
  add(value.title_en, "title_en");
  for (const std::string& alias : value.aliases) add(alias, "aliases");
}

}  // namespace lixin::catalogue
