// Which files the sample city hands in: who, which dataset, how it is written, how many rows.
// Plain values.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/error.h"
#include "city/shape.h"

namespace lixin::city {

struct settings {
  static constexpr std::uint32_t organisations_max = 5'000'000;
  static constexpr std::uint64_t records_max = 50'000'000;

  std::string out;       // an empty or new folder
  std::string calendar;  // the city's calendar.csv
  std::uint64_t seed = 1;
  std::uint32_t organisations = 20'000;
  std::uint64_t records = 200'000;
  std::uint32_t faults_per_million = 20'000;
  date today{2026, 11, 24};
};

struct authority {
  std::string_view code;  // of cities/cangzhou/authorities.csv
  std::string_view title;
  std::string_view word;  // how its document numbers begin
};
std::span<const authority> authorities();
const authority& authority_named(std::string_view code);
// A synthetic credit code of the authority itself.
std::string code_of(const authority& a);

enum class layout : std::uint8_t { titles, short_codes, year_2015 };
enum class file_format : std::uint8_t { utf8_comma, utf8_semicolon, gb18030, xlsx };
enum class content : std::uint8_t {
  registration,  // bodies of some kinds
  changes,       // of registration: new names, other content, repeats
  records,
  corrections,  // of the records of an earlier file
};
enum class date_style : std::uint8_t { iso, slashes, compact, chinese, with_time, serial };

struct hand_in {
  std::uint32_t number = 0;  // 1, 2 ...: the order in which to hand in; seeds its rows
  std::string file;
  const shape* columns = nullptr;
  const city::authority* from = nullptr;
  content what = content::records;
  city::layout heading = layout::titles;
  file_format format = file_format::utf8_comma;
  date_style dates = date_style::iso;
  std::uint64_t rows = 0;  // before faults that add rows
  std::uint64_t first_document = 1;
  std::uint32_t corrects = 0;  // corrections: number of the file whose rows they speak of
};

inline constexpr std::uint64_t workbook_rows_max = 200'000;

std::vector<hand_in> plan_of(const settings& s);

// "UTF-8 with mark, ',', CRLF" and the like, for handins.tsv.
std::string_view remark_of(const hand_in& h);

}  // namespace lixin::city
