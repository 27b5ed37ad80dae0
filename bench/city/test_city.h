// A small city in a folder of its own that goes away with the test.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "city/city.h"

namespace lixin::city {

class temporary_folder {
 public:
  temporary_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "lixin-city-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    path_ = name;
  }
  ~temporary_folder() {
    std::error_code ec;
    std::filesystem::remove_all(path_, ec);
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in.good()) << path;
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// A calendar in which only New Year's Day differs from the plain week: enough to know each year.
inline std::string plain_calendar(const temporary_folder& folder) {
  const std::string path = folder / "calendar.csv";
  std::ofstream out(path);
  out << "date,working,name,source\n";
  for (int year = 2014; year <= 2027; ++year) out << year << "-01-01,no,元旦,test\n";
  return path;
}

inline settings small_city(const temporary_folder& folder, const std::string& name) {
  settings s;
  s.out = folder / name;
  s.calendar = plain_calendar(folder);
  s.organisations = 2'000;
  s.records = 20'000;
  s.faults_per_million = 200'000;
  return s;
}

struct truth_line {
  std::string file;
  std::uint64_t row = 0;
  std::string fate, reasons, flags, document, code;
};

inline std::vector<truth_line> truth_of(const std::string& path) {
  std::ifstream in(path);
  EXPECT_TRUE(in.good()) << path;
  std::vector<truth_line> out;
  std::string line;
  std::getline(in, line);
  EXPECT_EQ(line, "file\trow\tfate\treasons\tflags\tdocument\tcode");
  while (std::getline(in, line)) {
    std::vector<std::string> cells{""};
    for (const char c : line) {
      if (c == '\t') {
        cells.emplace_back();
      } else {
        cells.back().push_back(c);
      }
    }
    EXPECT_EQ(cells.size(), 7u) << line;
    cells.resize(7);
    out.push_back(
        {cells[0], std::stoull(cells[1]), cells[2], cells[3], cells[4], cells[5], cells[6]});
  }
  return out;
}

}  // namespace lixin::city
