// The shipped packs for tests: loaded once, whole.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "catalogue/catalogue.h"

namespace lixin::catalogue {

// All faults in words, one a line, for the message of a failing test.
inline std::string in_words(const std::vector<error>& faults) {
  std::string out;
  for (const error& e : faults) {
    out += std::string(e.code()) + " " + e.text(language::en) + "\n";
  }
  return out;
}

inline std::shared_ptr<const pack> shipped_pack(const std::string& name) {
  const std::string folder = LIXIN_SOURCE_DIR "/packs/" + name;
  auto sheets = read_sheets(folder);
  EXPECT_TRUE(sheets.ok()) << folder;
  pack_check check = check_pack(std::move(sheets).value(), "packs/" + name);
  EXPECT_TRUE(check.faults.empty()) << in_words(check.faults);
  return check.pack ? std::make_shared<const pack>(std::move(*check.pack)) : nullptr;
}

}  // namespace lixin::catalogue
