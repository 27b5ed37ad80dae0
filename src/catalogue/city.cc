#include "catalogue/city.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "catalogue/errc.h"
#include "identity/codes.h"
#include "tabular/tabular.h"

namespace lixin::catalogue {
namespace {

constexpr std::uintmax_t sheet_bytes_max = 4 << 20;

result<std::string> read_file(const std::filesystem::path& path) {
  std::error_code ec;
  const auto size = std::filesystem::file_size(path, ec);
  if (ec)
    return error(errc::cannot_read_folder, {path.string(), reason_of(ec.value(), language::zh),
                                            reason_of(ec.value(), language::en)});
  if (size > sheet_bytes_max) {
    return error(errc::sheet_too_large,
                 {fmt::format("{}", sheet_bytes_max), fmt::format("{}", size)},
                 {.file = path.string()});
  }
  std::ifstream in(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// A sheet whose columns are found by name.
class columns {
 public:
  columns(const tabular::table& t, const std::string& file, const std::vector<std::string>& wanted,
          std::vector<error>& faults) {
    std::string all;
    for (const std::string& h : t.heading) all += (all.empty() ? "" : ", ") + h;
    for (const std::string& name : wanted) {
      const auto it = std::find(t.heading.begin(), t.heading.end(), name);
      if (it == t.heading.end()) {
        faults.push_back(error(errc::city_column_missing, {file, name, all}, {.file = file}));
      }
      index_.push_back(static_cast<std::size_t>(it - t.heading.begin()));
    }
  }
  std::string operator()(const tabular::table::line& line, std::size_t k) const {
    return index_[k] < line.cells.size() ? line.cells[index_[k]] : std::string();
  }

 private:
  std::vector<std::size_t> index_;
};

template <class Line>
void read_sheet(const std::filesystem::path& path, const std::vector<std::string>& wanted,
                std::vector<error>& faults, const Line& take) {
  const std::string file = path.string();
  auto body = read_file(path);
  if (!body.ok()) {
    faults.push_back(std::move(body).error());
    return;
  }
  auto table = tabular::read_table(*body, file);
  if (!table.ok()) {
    faults.push_back(std::move(table).error());
    return;
  }
  const std::size_t before = faults.size();
  const columns cells(*table, file, wanted, faults);
  if (faults.size() != before) return;
  for (const auto& line : table->lines) take(cells, line, place{.file = file, .row = line.number});
}

void require(bool good, const std::string& found, const char* zh, const char* en, place where,
             const char* column, std::vector<error>& faults) {
  if (good) return;
  where.column = column;
  faults.push_back(error(errc::city_cell_bad, {found, zh, en}, std::move(where)));
}

std::optional<std::int64_t> days_in(const std::string& text) {
  std::int64_t n = 0;
  const auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (ec != std::errc() || end != text.data() + text.size() || n < 1 || n > 36'500) return {};
  return n;
}

bool is_division(const std::string& s) {
  return s.size() == 6 &&
         std::all_of(s.begin(), s.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

city_check read_city(const std::string& folder) {
  namespace fs = std::filesystem;
  city_check out;
  auto& faults = out.faults;
  read_sheet(
      fs::path(folder) / "authorities.csv",
      {"code", "title_zh", "title_en", "credit_code", "division"}, faults,
      [&](const columns& at, const tabular::table::line& line, const place& where) {
        city_settings::authority a{at(line, 0), at(line, 1), at(line, 2), at(line, 3), at(line, 4)};
        require(!a.code.empty(), a.code, "单位简码", "a short code", where, "code", faults);
        require(!a.title_zh.empty(), a.title_zh, "单位名称", "the authority's name", where,
                "title_zh", faults);
        require(a.credit_code.empty() || identity::check_credit_code(a.credit_code).code,
                a.credit_code, "有效的统一社会信用代码，或留空",
                "a valid unified social credit code, or nothing", where, "credit_code", faults);
        out.settings.authorities.push_back(std::move(a));
      });
  read_sheet(fs::path(folder) / "divisions.csv", {"code", "title", "title_en"}, faults,
             [&](const columns& at, const tabular::table::line& line, const place& where) {
               city_settings::division d{at(line, 0), at(line, 1), at(line, 2)};
               require(is_division(d.code), d.code, "六位区划代码", "six digits", where, "code",
                       faults);
               out.settings.divisions.push_back(std::move(d));
             });
  const fs::path settings = fs::path(folder) / "settings.csv";
  if (fs::exists(settings)) {
    read_sheet(settings, {"name", "value", "basis", "basis_status"}, faults,
               [&](const columns& at, const tabular::table::line& line, const place& where) {
                 city_settings::setting s{at(line, 0), at(line, 1), at(line, 2), at(line, 3)};
                 require(s.name == "staging_days", s.name, "设置项名称，现有：staging_days",
                         "the name of a setting; there is: staging_days", where, "name", faults);
                 require(days_in(s.value).has_value(), s.value, "1 到 36500 之间的整数",
                         "a whole number from 1 to 36500", where, "value", faults);
                 require(s.basis_status == "verified" || s.basis_status == "unverified",
                         s.basis_status, "verified 或 unverified", "verified or unverified", where,
                         "basis_status", faults);
                 out.settings.settings.push_back(std::move(s));
               });
  }
  fs::path calendar = fs::path(folder) / "calendar.csv";
  if (!fs::exists(calendar)) {
    calendar = fs::path(folder).lexically_normal() / ".." / "calendar.csv";
  }
  auto body = read_file(calendar.lexically_normal());
  if (!body.ok()) {
    faults.push_back(std::move(body).error());
    return out;
  }
  auto days = calendar::working_days::from_csv(*body, calendar.lexically_normal().string());
  if (!days.ok()) {
    faults.push_back(std::move(days).error());
    return out;
  }
  out.settings.calendar = std::move(body).value();
  out.settings.days = std::move(days).value();
  return out;
}

result<void> save_city(pg::connection& c, const city_settings& s, std::string_view actor,
                       std::chrono::system_clock::time_point now) {
  for (const auto& a : s.authorities) {
    LIXIN_CHECK(
        c.exec("INSERT INTO authority (code, title_zh, title_en, credit_code, division) VALUES "
               "($1::text, $2::text, $3::text, nullif($4::text, ''), nullif($5::text, '')) "
               "ON CONFLICT (code) DO UPDATE SET title_zh = excluded.title_zh, title_en = "
               "excluded.title_en, credit_code = excluded.credit_code, division = "
               "excluded.division",
               pg::params()
                   .add(a.code)
                   .add(a.title_zh)
                   .add(a.title_en)
                   .add(a.credit_code)
                   .add(a.division)));
  }
  for (const auto& d : s.divisions) {
    LIXIN_CHECK(
        c.exec("INSERT INTO division (code, title_zh, title_en) VALUES ($1::text, $2::text, "
               "$3::text) ON CONFLICT (code) DO UPDATE SET title_zh = excluded.title_zh, "
               "title_en = excluded.title_en",
               pg::params().add(d.code).add(d.title_zh).add(d.title_en)));
  }
  for (const auto& x : s.settings) {
    LIXIN_CHECK(
        c.exec("INSERT INTO city_setting (name, value, basis, basis_status) VALUES ($1::text, "
               "$2::text, $3::text, $4::text) ON CONFLICT (name) DO UPDATE SET value = "
               "excluded.value, basis = excluded.basis, basis_status = excluded.basis_status",
               pg::params().add(x.name).add(x.value).add(x.basis).add(x.basis_status)));
  }
  LIXIN_TRY(const auto newest,
            c.exec("SELECT body FROM calendar_sheet ORDER BY sheet_number DESC LIMIT 1"));
  if (!newest.empty() && newest.text(0, 0) == s.calendar) return {};
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch());
  LIXIN_CHECK(
      c.exec("INSERT INTO calendar_sheet (loaded_at, loaded_by, body) VALUES "
             "(to_timestamp($1::bigint), $2::text, $3::text)",
             pg::params().add(std::int64_t{seconds.count()}).add(actor).add(s.calendar)));
  return {};
}

namespace {

result<std::string> newest_calendar(pg::connection& c) {
  LIXIN_TRY(const auto newest,
            c.exec("SELECT body FROM calendar_sheet ORDER BY sheet_number DESC LIMIT 1"));
  if (newest.empty()) return error(errc::no_calendar);
  return std::string(newest.text(0, 0));
}

}  // namespace

result<std::optional<std::int64_t>> setting_number(pg::connection& c, std::string_view name) {
  LIXIN_TRY(const auto r,
            c.exec("SELECT value FROM city_setting WHERE name = $1::text", pg::params().add(name)));
  if (r.empty()) return std::optional<std::int64_t>();
  return days_in(std::string(r.text(0, 0)));
}

result<city_settings> load_city(pg::connection& c) {
  city_settings out;
  LIXIN_TRY(out.calendar, newest_calendar(c));
  LIXIN_TRY(out.days, calendar::working_days::from_csv(out.calendar, "calendar.csv"));
  LIXIN_TRY(const auto authorities,
            c.exec("SELECT code, title_zh, title_en, coalesce(credit_code, ''), "
                   "coalesce(division, '') FROM authority ORDER BY authority_id"));
  for (int i = 0; i < authorities.size(); ++i) {
    const auto cell = [&](int column) { return std::string(authorities.text(i, column)); };
    out.authorities.push_back({cell(0), cell(1), cell(2), cell(3), cell(4)});
  }
  LIXIN_TRY(const auto divisions,
            c.exec("SELECT code, title_zh, title_en FROM division ORDER BY code"));
  for (int i = 0; i < divisions.size(); ++i) {
    const auto cell = [&](int column) { return std::string(divisions.text(i, column)); };
    out.divisions.push_back({cell(0), cell(1), cell(2)});
  }
  return out;
}

result<calendar::working_days> load_calendar(pg::connection& c) {
  LIXIN_TRY(const std::string body, newest_calendar(c));
  return calendar::working_days::from_csv(body, "calendar.csv");
}

}  // namespace lixin::catalogue
