// A file without a name: what is uploaded may hold rows of persons, and goes with the program
// however it ends.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"
#include "http/response.h"

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

inline constexpr std::string_view workbook_type =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

// A file that the program writes by its name (the ending says what it becomes), to be sent. The
// name goes as soon as it is read. For nothing of persons.
class written_file {
 public:
  explicit written_file(std::string path) : path_(std::move(path)) {}
  written_file(const written_file&) = delete;
  written_file& operator=(const written_file&) = delete;
  ~written_file();

  const std::string& path() const { return path_; }
  // The file's bytes, piece by piece, once it is written.
  static result<http::body_source> source(std::shared_ptr<written_file> file);

 private:
  result<std::size_t> read(std::span<char> into);

  std::string path_;
  int fd_ = -1;
};

}  // namespace lixin::api
