// A file without a name: what is uploaded may hold rows of persons, and goes with the program
// however it ends.
#pragma once

#include <span>
#include <string>

#include "base/error.h"

namespace lixin::api {

class temporary_file {
 public:
  // In the folder's file system; for the owner only. errc::cannot_keep_upload.
  static result<temporary_file> create(const std::string& folder);
  temporary_file(temporary_file&& o) noexcept;
  temporary_file& operator=(temporary_file&&) = delete;
  ~temporary_file();

  result<void> append(std::span<const char> bytes);
  // By which this process opens it again.
  std::string path() const;

 private:
  explicit temporary_file(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace lixin::api
