// Small files that commands read and write whole.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace lixin {

// errc::cannot_open; errc::file_too_long beyond bytes_max.
result<std::string> read_file(const std::string& path, std::size_t bytes_max);
// A new file, readable by its owner only, whole on the disk when this answers. An existing one is
// never overwritten: errc::cannot_write_new.
result<void> write_new_file(const std::string& path, std::string_view content);

}  // namespace lixin
