#include "tabular/workbook.h"

#include <charconv>
#include <map>

#include "tabular/errc.h"
#include "tabular/escapes.h"
#include "tabular/number_format.h"
#include "tabular/tabular.h"

namespace lixin::tabular {

namespace {

std::uint32_t number_of(std::string_view text) {
  std::uint32_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool is_true(std::string_view text) { return text == "1" || text == "true"; }

// The part that `target` names, seen from the part in `folder` ("xl/"): "worksheets/sheet1.xml",
// "/xl/worksheets/sheet1.xml", "../xl/sheet1.xml".
std::string resolve(std::string_view folder, std::string_view target) {
  std::string path(target.starts_with('/') ? target.substr(1)
                                           : std::string(folder) + std::string(target));
  for (std::size_t up = path.find("../"); up != path.npos; up = path.find("../")) {
    const std::size_t parent = up < 2 ? path.npos : path.rfind('/', up - 2);
    const std::size_t from = parent == path.npos ? 0 : parent + 1;
    path.erase(from, up + 3 - from);
  }
  return path;
}

struct relation {
  std::string id;
  std::string type;  // the last word of its type's address, such as worksheet
  std::string target;
};

class relations_handler : public xml_handler {
 public:
  std::vector<relation> found;

  void start(std::string_view name, const xml_attributes& a) override {
    if (name != "Relationship" || a.get("TargetMode") == "External") return;
    const std::string_view type = a.get("Type");
    found.push_back({std::string(a.get("Id")), std::string(type.substr(type.rfind('/') + 1)),
                     std::string(a.get("Target"))});
  }
};

class workbook_handler : public xml_handler {
 public:
  struct named_sheet {
    std::string name;
    std::string relation;
    bool visible;
  };
  std::vector<named_sheet> sheets;
  std::string root;
  bool date1904 = false;

  void start(std::string_view name, const xml_attributes& a) override {
    if (root.empty()) root = name;
    if (name == "workbookPr") date1904 = is_true(a.get("date1904"));
    if (name != "sheet") return;
    const std::string_view state = a.get("state");
    sheets.push_back({std::string(a.get("name")), std::string(a.get("id")),
                      state.empty() || state == "visible"});
  }
};

class styles_handler : public xml_handler {
 public:
  std::vector<bool> dates;

  void start(std::string_view name, const xml_attributes& a) override {
    if (name == "numFmt") {
      custom_[number_of(a.get("numFmtId"))] = is_date_format(a.get("formatCode"));
    } else if (name == "cellXfs") {
      in_cells_ = true;
    } else if (name == "xf" && in_cells_) {
      const std::uint32_t id = number_of(a.get("numFmtId"));
      const auto custom = custom_.find(id);
      dates.push_back(custom == custom_.end() ? is_builtin_date_format(id) : custom->second);
    }
  }
  void end(std::string_view name) override {
    if (name == "cellXfs") in_cells_ = false;
  }

 private:
  std::map<std::uint32_t, bool> custom_;
  bool in_cells_ = false;
};

class strings_handler : public xml_handler {
 public:
  explicit strings_handler(shared_strings& strings) : strings_(strings) {}
  xml_parser* parser = nullptr;

  void start(std::string_view name, const xml_attributes&) override {
    if (name == "si") {
      item_.clear();
      in_item_ = true;
    } else if (in_item_) {
      item_.start(name);
    }
  }
  void end(std::string_view name) override {
    if (name != "si") return item_.end(name);
    in_item_ = false;
    std::string text = item_.value();
    decode_escapes(text);
    if (!strings_.add(text)) {
      parser->fail(error(errc::shared_strings_too_large,
                         {std::to_string(limits::shared_strings_bytes_max)}));
    }
  }
  void text(std::string_view part) override { item_.text(part); }

 private:
  shared_strings& strings_;
  string_item item_;
  bool in_item_ = false;
};

std::string folder_of(std::string_view part) {
  return std::string(part.substr(0, part.rfind('/') + 1));
}

std::string relations_of(const std::string& part) {
  const std::string folder = folder_of(part);
  return folder + "_rels/" + part.substr(folder.size()) + ".rels";
}

result<std::vector<relation>> read_relations(package& zip, const std::string& part) {
  relations_handler handler;
  xml_parser parser(handler, part);
  LIXIN_CHECK(zip.parse(part, parser));
  return std::move(handler.found);
}

// The name of the part that holds the workbook.
result<std::string> find_workbook(package& zip) {
  LIXIN_TRY(const std::string type, zip.head_of("mimetype", 64));
  if (type.starts_with("application/vnd.oasis.opendocument.spreadsheet")) return error(errc::ods);
  if (!zip.has("[Content_Types].xml") || !zip.has("_rels/.rels")) {
    return error(errc::not_workbook);
  }
  LIXIN_TRY(const auto relations, read_relations(zip, "_rels/.rels"));
  for (const relation& one : relations) {
    if (one.type != "officeDocument") continue;
    std::string part = resolve("", one.target);
    if (part.ends_with(".bin")) return error(errc::binary_workbook);
    return part;
  }
  return error(errc::not_workbook);
}

result<void> read_styles(workbook& book, const std::string& part) {
  styles_handler handler;
  xml_parser parser(handler, part);
  LIXIN_CHECK(book.zip.parse(part, parser));
  book.date_styles = std::move(handler.dates);
  return {};
}

result<void> read_strings(workbook& book, const std::string& part) {
  strings_handler handler(book.strings);
  xml_parser parser(handler, part);
  handler.parser = &parser;
  return book.zip.parse(part, parser);
}

}  // namespace

bool shared_strings::add(std::string_view text) {
  // Each entry costs its view as well, so that a million empty texts are not free.
  text = text.substr(0, limits::cell_bytes_max + 1);
  bytes_ += text.size() + sizeof text;
  if (bytes_ > limits::shared_strings_bytes_max) return false;
  texts_.push_back(store_.append(text));
  return true;
}

void string_item::start(std::string_view name) {
  if (name == "rPh") ++phonetic_depth_;
  if (name == "t" && phonetic_depth_ == 0) in_text_ = true;
}

void string_item::end(std::string_view name) {
  if (name == "rPh" && phonetic_depth_ > 0) --phonetic_depth_;
  if (name == "t") in_text_ = false;
}

void string_item::text(std::string_view part) {
  // Escapes shorten a text by at most 7 to 1; beyond that no more is needed to know it too long.
  if (in_text_ && text_.size() <= 8 * limits::cell_bytes_max) text_ += part;
}

result<workbook> open_workbook(std::unique_ptr<input> in) {
  LIXIN_TRY(auto zip, package::open(std::move(in)));
  workbook book;
  book.zip = std::move(zip);
  LIXIN_TRY(const std::string part, find_workbook(book.zip));
  workbook_handler handler;
  xml_parser parser(handler, part);
  LIXIN_CHECK(book.zip.parse(part, parser));
  if (handler.root != "workbook") return error(errc::not_workbook);
  book.date1904 = handler.date1904;

  const std::string folder = folder_of(part);
  LIXIN_TRY(const auto relations, read_relations(book.zip, relations_of(part)));
  std::map<std::string_view, const relation*> by_id;
  for (const relation& one : relations) {
    by_id.emplace(one.id, &one);
    const std::string target = resolve(folder, one.target);
    if (one.type == "styles") LIXIN_CHECK(read_styles(book, target));
    if (one.type == "sharedStrings") LIXIN_CHECK(read_strings(book, target));
  }
  for (const auto& one : handler.sheets) {
    const auto found = by_id.find(one.relation);
    if (found == by_id.end() || found->second->type != "worksheet") continue;
    book.sheets.push_back({one.name, resolve(folder, found->second->target), one.visible});
  }
  if (book.sheets.empty()) return error(errc::no_sheet);
  return book;
}

}  // namespace lixin::tabular
