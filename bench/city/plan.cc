#include "city/plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/assert.h"
#include "city/codes.h"

namespace lixin::city {
namespace {

constexpr std::array<authority, 13> authority_list{{
    {"scjg", "沧州市市场监督管理局", "沧市监罚"},
    {"bwbb", "沧州市机构编制委员会办公室", "沧编办"},
    {"mzj", "沧州市民政局", "沧民"},
    {"xzspj", "沧州市行政审批局", "沧审批许"},
    {"wjw", "沧州市卫生健康委员会", "沧卫许"},
    {"jtj", "沧州市交通运输局", "沧交"},
    {"nyj", "沧州市农业农村局", "沧农许"},
    {"cgj", "沧州市城市管理综合行政执法局", "沧综执罚"},
    {"yjglj", "沧州市应急管理局", "沧应急罚"},
    {"sthj", "沧州市生态环境局", "沧环罚"},
    {"czj", "沧州市财政局", "沧财采罚"},
    {"fayuan", "沧州市中级人民法院", "冀09执"},
    {"swj", "沧州市税务局", "沧税稽罚"},
}};

// One line per source; `share` of all records in 1/1000. Rows of a workbook beyond its limit go
// into further files.
struct source {
  std::string_view name, authority;
  const shape& (*columns)();
  content what;
  layout heading;
  file_format format;
  date_style dates;
  std::uint64_t share;
  std::string_view corrects;
};

constexpr std::array<source, 15> sources{{
    {"licences-approval", "xzspj", licence_shape, content::records, layout::titles,
     file_format::xlsx, date_style::serial, 350, ""},
    {"licences-health", "wjw", licence_shape, content::records, layout::titles, file_format::xlsx,
     date_style::iso, 70, ""},
    {"licences-agriculture-2015", "nyj", licence_shape, content::records, layout::year_2015,
     file_format::gb18030, date_style::with_time, 30, ""},
    {"licences-transport", "jtj", licence_shape, content::records, layout::titles,
     file_format::xlsx, date_style::slashes, 100, ""},
    {"penalties-market", "scjg", penalty_shape, content::records, layout::titles,
     file_format::gb18030, date_style::slashes, 170, ""},
    {"penalties-city-management", "cgj", penalty_shape, content::records, layout::short_codes,
     file_format::utf8_semicolon, date_style::iso, 80, ""},
    {"penalties-transport", "jtj", penalty_shape, content::records, layout::short_codes,
     file_format::utf8_semicolon, date_style::with_time, 65, ""},
    {"penalties-work-safety", "yjglj", penalty_shape, content::records, layout::titles,
     file_format::gb18030, date_style::chinese, 30, ""},
    {"penalties-environment-2015", "sthj", penalty_shape, content::records, layout::year_2015,
     file_format::gb18030, date_style::compact, 65, ""},
    {"procurement-bad-records", "czj", procurement_shape, content::records, layout::titles,
     file_format::utf8_comma, date_style::iso, 4, ""},
    {"court-defaulters", "fayuan", court_shape, content::records, layout::titles,
     file_format::utf8_comma, date_style::chinese, 14, ""},
    {"tax-violators", "swj", tax_shape, content::records, layout::short_codes,
     file_format::utf8_comma, date_style::iso, 6, ""},
    {"licences-approval-corrections", "xzspj", licence_shape, content::corrections, layout::titles,
     file_format::utf8_comma, date_style::iso, 8, "licences-approval"},
    {"penalties-market-corrections", "scjg", penalty_shape, content::corrections,
     layout::short_codes, file_format::utf8_comma, date_style::compact, 6, "penalties-market"},
    {"court-defaulters-corrections", "fayuan", court_shape, content::corrections, layout::titles,
     file_format::utf8_comma, date_style::iso, 2, "court-defaulters"},
}};

std::string_view ending(file_format f) { return f == file_format::xlsx ? "xlsx" : "csv"; }

struct planner {
  std::vector<hand_in> files;
  std::vector<std::pair<std::string, std::uint32_t>> numbers;  // name of a source -> first file

  hand_in& add(std::string_view name, std::string_view authority) {
    hand_in h;
    h.number = static_cast<std::uint32_t>(files.size() + 1);
    h.from = &authority_named(authority);
    h.file = std::string(name);
    files.push_back(std::move(h));
    return files.back();
  }

  std::uint32_t first_of(std::string_view name) const {
    for (const auto& [known, number] : numbers) {
      if (known == name) return number;
    }
    return 0;
  }

  void registrations(std::uint32_t organisations) {
    for (const auto& [name, authority] :
         {std::pair{"registration-market", "scjg"}, std::pair{"registration-institutions", "bwbb"},
          std::pair{"registration-social", "mzj"}}) {
      hand_in& h = add(name, authority);
      h.columns = &registration_shape();
      h.what = content::registration;
      h.rows = organisations;
      if (h.from->code == "mzj") h.heading = layout::short_codes;
    }
    hand_in& h = add("registration-market-changes", "scjg");
    h.columns = &registration_shape();
    h.what = content::changes;
    h.dates = date_style::slashes;
    h.rows = organisations;
  }

  void records(const source& s, std::uint64_t rows) {
    const std::uint64_t rows_max = s.format == file_format::xlsx ? workbook_rows_max : rows;
    std::uint64_t first = 1;
    int part = 1;
    do {
      const std::uint64_t here = std::min(rows, rows_max);
      hand_in& h =
          add(part == 1 ? std::string(s.name) : fmt::format("{}-{}", s.name, part), s.authority);
      h.columns = &s.columns();
      h.what = s.what;
      h.heading = s.heading;
      h.format = s.format;
      h.dates = s.dates;
      h.rows = here;
      h.first_document = first;
      h.corrects = first_of(s.corrects);
      if (part == 1) numbers.emplace_back(std::string(s.name), h.number);
      rows -= here;
      first += here;
      ++part;
    } while (rows > 0);
  }
};

}  // namespace

std::span<const authority> authorities() { return authority_list; }

const authority& authority_named(std::string_view code) {
  const auto it = std::ranges::find(authority_list, code, &authority::code);
  LIXIN_ASSERT(it != authority_list.end());
  return *it;
}

std::string code_of(const authority& a) {
  const auto place = static_cast<std::uint32_t>(&a - authority_list.data());
  return credit_code("11", "130900", organisation_code("MB9", 19'000'000 + place));
}

std::vector<hand_in> plan_of(const settings& s) {
  planner p;
  p.registrations(s.organisations);
  std::uint64_t rest = s.records;
  for (const source& one : sources) {
    const std::uint64_t rows = &one == &sources.back() ? rest : s.records * one.share / 1000;
    rest -= rows;
    p.records(one, rows);
  }
  for (hand_in& h : p.files) {
    h.file = fmt::format("{:02}-{}.{}", h.number, h.file, ending(h.format));
  }
  return std::move(p.files);
}

std::string_view remark_of(const hand_in& h) {
  switch (h.format) {
    case file_format::utf8_comma:
      return "CSV, UTF-8 with mark, comma, CRLF";
    case file_format::utf8_semicolon:
      return "CSV, UTF-8, semicolon, LF";
    case file_format::gb18030:
      return h.heading == layout::year_2015 ? "CSV, GB18030, comma, CRLF, columns of 2015"
                                            : "CSV, GB18030, comma, CRLF";
    case file_format::xlsx:
      return "XLSX";
  }
  return "";
}

}  // namespace lixin::city
