#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>

#include "catalogue/catalogue.h"
#include "catalogue/errc.h"
#include "catalogue/pack_loader.h"
#include "crypto/crypto.h"
#include "text/encoding.h"

namespace lixin::catalogue {
namespace {

constexpr std::size_t sheets_max = 64;
constexpr std::size_t sheet_bytes_max = 4 * 1024 * 1024;
constexpr std::string_view samples_folder = "samples/";

constexpr std::array sheet_names{
    std::string_view{"pack"},    std::string_view{"datasets"}, std::string_view{"fields"},
    std::string_view{"codes"},   std::string_view{"terms"},    std::string_view{"lists"},
    std::string_view{"matters"}, std::string_view{"measures"},
};

constexpr std::array pack_columns{
    column{"code", true},      column{"title_zh", true},     column{"title_en", true},
    column{"authority", true}, column{"version", true},      column{"valid_from", true},
    column{"basis", true},     column{"basis_status", true},
};

bool is_sample(std::string_view name) { return name.starts_with(samples_folder); }

std::string digest_of(const std::vector<sheet>& sheets) {
  std::vector<const sheet*> ordered;
  for (const sheet& s : sheets) ordered.push_back(&s);
  std::sort(ordered.begin(), ordered.end(),
            [](const sheet* a, const sheet* b) { return a->name < b->name; });
  crypto::sm3_stream digest;
  for (const sheet* s : ordered) {
    // Lengths keep two sheets from reading as another two.
    digest.update(std::to_string(s->name.size()) + ":" + s->name + ":" +
                  std::to_string(s->body.size()) + ":");
    digest.update(s->body);
  }
  return crypto::to_hex(digest.finish());
}

error cannot_read(const std::filesystem::path& path, int why) {
  return error(errc::cannot_read_folder,
               {path.string(), reason_of(why, language::zh), reason_of(why, language::en)});
}

result<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string body;
  if (in) {
    body.resize(sheet_bytes_max + 1);
    in.read(body.data(), static_cast<std::streamsize>(body.size()));
    body.resize(static_cast<std::size_t>(in.gcount()));
  }
  if (!in && !in.eof()) {
    return cannot_read(path, errno);
  }
  return body;
}

}  // namespace

result<std::vector<sheet>> read_sheets(const std::string& folder) {
  namespace fs = std::filesystem;
  std::vector<sheet> out;
  const auto add_all = [&](const fs::path& from, const std::string& prefix) -> result<void> {
    std::error_code failed;
    std::error_code ignored;
    fs::directory_iterator entries(from, failed);
    for (; !failed && entries != fs::directory_iterator(); entries.increment(failed)) {
      const fs::path& path = entries->path();
      if (path.extension() != ".csv" || !entries->is_regular_file(ignored)) continue;
      if (out.size() == sheets_max) {
        return error(errc::too_many_sheets,
                     {std::to_string(sheets_max), std::to_string(sheets_max + 1) + "+"},
                     {folder, "", 0, ""});
      }
      LIXIN_TRY(std::string body, read_file(path));
      out.push_back({prefix + path.stem().string(), std::move(body)});
    }
    if (failed) return cannot_read(from, failed.value());
    return {};
  };
  LIXIN_CHECK(add_all(folder, ""));
  const fs::path samples = fs::path(folder) / "samples";
  std::error_code ignored;
  if (fs::is_directory(samples, ignored)) {
    LIXIN_CHECK(add_all(samples, std::string(samples_folder)));
  }
  std::sort(out.begin(), out.end(), [](const sheet& a, const sheet& b) { return a.name < b.name; });
  return out;
}

pack_check check_pack(std::vector<sheet> sheets, const std::string& folder) {
  for (sheet& s : sheets) {
    std::string_view body = s.body;
    if (text::cut_bom(body)) s.body = std::string(body);
  }
  pack_check out = pack_loader(sheets, folder).load();
  if (out.pack) {
    out.pack->digest = digest_of(sheets);
    out.pack->sheets = std::move(sheets);
  }
  return out;
}

pack_check pack_loader::load() {
  check_sheet_names();
  if (faults_.empty() || sheets_.size() <= sheets_max) {
    load_pack();
    load_codes();
    load_datasets();
    load_fields();
    load_terms();
    load_lists();
    load_matters();
    load_measures();
    // A sample says nothing about a catalogue that is itself wrong.
    if (faults_.empty()) run_samples();
  }
  pack_check out;
  if (faults_.empty()) out.pack = std::move(pack_);
  out.faults = std::move(faults_);
  return out;
}

const sheet* pack_loader::find(std::string_view name) const {
  for (const sheet& s : sheets_) {
    if (s.name == name && s.body.size() <= sheet_bytes_max &&
        text::valid_utf8_prefix(s.body) == s.body.size()) {
      return &s;
    }
  }
  return nullptr;
}

sheet_reader pack_loader::open(std::string_view name, std::span<const column> columns) {
  return {find(name), folder_, columns, faults_};
}

void pack_loader::check_sheet_names() {
  const auto add = [&](const message& m, std::vector<std::string> args, const std::string& file) {
    faults_.emplace_back(m, std::move(args), place{file, "", 0, ""});
  };
  if (sheets_.size() > sheets_max) {
    add(errc::too_many_sheets, {std::to_string(sheets_max), std::to_string(sheets_.size())},
        folder_);
  }
  const std::vector<std::string_view> known(sheet_names.begin(), sheet_names.end());
  std::set<std::string_view> seen;
  for (const sheet& s : sheets_) {
    const std::string file = folder_ + "/" + s.name + ".csv";
    if (!seen.insert(s.name).second) add(errc::doubled_sheet, {s.name}, file);
    if (!is_sample(s.name) && std::find(known.begin(), known.end(), s.name) == known.end()) {
      add(errc::unknown_sheet, {s.name, words::suggestion(s.name, known)}, file);
    }
    if (s.body.size() > sheet_bytes_max) {
      add(errc::sheet_too_large, {std::to_string(sheet_bytes_max), std::to_string(s.body.size())},
          file);
    } else if (const auto good = text::valid_utf8_prefix(s.body); good != s.body.size()) {
      add(errc::sheet_not_utf8, {std::to_string(good + 1)}, file);
    }
  }
  const auto need = [&](const std::string& name) {
    if (!seen.contains(name)) add(errc::missing_sheet, {name}, folder_);
  };
  need("pack");
  const bool only_rules = seen.contains("matters") || seen.contains("measures");
  if (!only_rules || seen.contains("fields")) need("datasets");
  if (!only_rules || seen.contains("datasets")) need("fields");
}

void pack_loader::load_pack() {
  if (find("pack") == nullptr) return;
  const sheet_reader sheet = open("pack", pack_columns);
  if (sheet.size() != 1) {
    sheet.fault(errc::one_line_expected, {std::to_string(sheet.size())});
    return;
  }
  const line_reader line = sheet.line(0);
  pack_.code = line.code("code");
  pack_.title_zh = line.text("title_zh");
  pack_.title_en = line.text("title_en");
  pack_.authority = line.text("authority");
  pack_.version = line.text("version");
  pack_.valid_from = line.day("valid_from");
  pack_.basis = line.basis_of();
}

void pack_loader::unique(std::map<std::string, std::string>& seen, const std::string& code,
                         const line_reader& line) const {
  if (code.empty()) return;
  const auto [at, added] = seen.emplace(code, line.where());
  if (!added) line.fault(errc::doubled_code, {code, at->second}, "code");
}

}  // namespace lixin::catalogue
