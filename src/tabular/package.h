// The ZIP archive that a workbook is. Everything read from it counts against one budget.
#pragma once

#include <zip.h>

#include <cstdint>
#include <memory>
#include <string>

#include "base/error.h"
#include "tabular/input.h"
#include "tabular/xml.h"

namespace lixin::tabular {

class package {
 public:
  // errc: broken_zip, too_many_entries.
  static result<package> open(std::unique_ptr<input> in);

  bool has(const std::string& part) const;

  // One part, read from its start to its end.
  class stream {
   public:
    // 0 at the end. errc: zip_bomb, broken_zip.
    result<std::size_t> read(char* to, std::size_t count);
    std::uint64_t size() const { return size_; }  // as the archive says

   private:
    friend class package;
    struct closer {
      void operator()(zip_file_t* f) const { zip_fclose(f); }
    };
    std::unique_ptr<zip_file_t, closer> file_;
    std::string name_;
    std::uint64_t size_ = 0;
    std::uint64_t zipped_ = 0;
    std::uint64_t read_ = 0;
    std::uint64_t* budget_ = nullptr;
  };
  // errc: missing_part, encrypted, broken_zip.
  result<stream> open_part(const std::string& part);
  // Parses the whole part.
  result<void> parse(const std::string& part, xml_parser& parser);
  // The first bytes of a part, for telling what an archive is; empty when it is not there.
  result<std::string> head_of(const std::string& part, std::size_t count);

 private:
  struct closer {
    void operator()(zip_t* z) const { zip_discard(z); }
  };
  std::unique_ptr<input> in_;
  std::unique_ptr<zip_t, closer> zip_;
  std::unique_ptr<std::uint64_t> budget_;  // bytes that may still be unzipped
};

}  // namespace lixin::tabular
