// The bytes of a file, or of memory, read by place. Reading by read() and not by mapping: a file
// that shrinks under the reader then just ends, where a mapped one would kill the program.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace lixin::tabular {

class input {
 public:
  virtual ~input() = default;
  virtual std::uint64_t size() const = 0;
  // Reads `count` bytes from `offset`; fewer only at the end.
  virtual result<std::size_t> read_at(std::uint64_t offset, char* to, std::size_t count) = 0;
  // The whole in memory, where it is there; else a descriptor of the open file.
  virtual std::string_view bytes() const { return {}; }
  virtual int descriptor() const { return -1; }
};

// errc: cannot_open, empty_file, too_large.
result<std::unique_ptr<input>> open_input(const std::string& path);
result<std::unique_ptr<input>> memory_input(std::string_view bytes);

}  // namespace lixin::tabular
