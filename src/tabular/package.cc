#include "tabular/package.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "tabular/arena.h"
#include "tabular/errc.h"
#include "tabular/tabular.h"

namespace lixin::tabular {

namespace {

constexpr std::uint64_t directory_bytes_max = 8 * 1024 * 1024;

std::uint64_t little_endian(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return value;
}

// libzip reads the archive's whole directory into memory when it opens it, so its size is looked
// at first. Any end record in reach counts, since libzip chooses among them (APPNOTE 4.3.14-16).
result<void> check_directory(input& in) {
  constexpr std::uint64_t tail_bytes_max = 65535 + 22 + 20 + 56;
  const std::uint64_t size = in.size();
  const std::uint64_t from = size > tail_bytes_max ? size - tail_bytes_max : 0;
  pages memory(tail_bytes_max);
  LIXIN_TRY(const std::size_t got, in.read_at(from, memory.data(), tail_bytes_max));
  const std::string_view tail(memory.data(), got);
  const auto too_large = [](std::uint64_t entries, std::uint64_t bytes) {
    return entries > limits::zip_entries_max || bytes > directory_bytes_max;
  };
  const error refused(errc::too_many_entries, {std::to_string(limits::zip_entries_max)});
  for (std::size_t at = tail.find("PK\x05\x06"); at != tail.npos;
       at = tail.find("PK\x05\x06", at + 1)) {
    if (tail.size() - at < 22) break;
    std::uint64_t entries = little_endian(tail, at + 10, 2);
    std::uint64_t bytes = little_endian(tail, at + 12, 4);
    if (at >= 20 && tail.substr(at - 20, 4) == "PK\x06\x07") {
      const std::uint64_t where = little_endian(tail, at - 12, 8);
      char record[56];
      LIXIN_TRY(const std::size_t whole, in.read_at(where, record, sizeof record));
      if (whole < sizeof record) return error(errc::broken_zip, {"ZIP64"});
      const std::string_view wide(record, sizeof record);
      if (too_large(little_endian(wide, 32, 8), little_endian(wide, 40, 8))) return refused;
      if (entries == 0xFFFF) entries = 0;
      if (bytes == 0xFFFFFFFF) bytes = 0;
    }
    if (too_large(entries, bytes)) return refused;
  }
  return {};
}

result<zip_source_t*> source_of(const input& in, zip_error_t& failure) {
  if (in.descriptor() < 0) {
    return zip_source_buffer_create(in.bytes().data(), in.bytes().size(), 0, &failure);
  }
  const int fd = ::dup(in.descriptor());
  std::FILE* file = fd < 0 ? nullptr : ::fdopen(fd, "rb");
  if (file == nullptr) {
    const int code = errno;
    if (fd >= 0) ::close(fd);
    return error(errc::cannot_read, {std::generic_category().message(code)});
  }
  zip_source_t* source = zip_source_filep_create(file, 0, -1, &failure);
  if (source == nullptr) std::fclose(file);
  return source;
}

}  // namespace

result<package> package::open(std::unique_ptr<input> in) {
  LIXIN_CHECK(check_directory(*in));
  zip_error_t failure;
  zip_error_init(&failure);
  LIXIN_TRY(zip_source_t * source, source_of(*in, failure));
  package made;
  if (source != nullptr) {
    made.zip_.reset(zip_open_from_source(source, ZIP_RDONLY, &failure));
    if (!made.zip_) zip_source_free(source);
  }
  const std::string reason = zip_error_strerror(&failure);
  zip_error_fini(&failure);
  if (!made.zip_) return error(errc::broken_zip, {reason});
  if (zip_get_num_entries(made.zip_.get(), 0) > static_cast<zip_int64_t>(limits::zip_entries_max)) {
    return error(errc::too_many_entries, {std::to_string(limits::zip_entries_max)});
  }
  made.in_ = std::move(in);
  made.budget_ = std::make_unique<std::uint64_t>(limits::unzipped_bytes_max);
  return made;
}

// Names of parts do not tell upper from lower case (ECMA-376 part 2, 6.2.2.3).
bool package::has(const std::string& part) const {
  return zip_name_locate(zip_.get(), part.c_str(), ZIP_FL_NOCASE) >= 0;
}

result<package::stream> package::open_part(const std::string& part) {
  const zip_int64_t index = zip_name_locate(zip_.get(), part.c_str(), ZIP_FL_NOCASE);
  if (index < 0) return error(errc::missing_part, {part});
  const auto at = static_cast<zip_uint64_t>(index);
  zip_stat_t facts;
  zip_stat_init(&facts);
  if (zip_stat_index(zip_.get(), at, 0, &facts) != 0) {
    return error(errc::broken_zip, {zip_strerror(zip_.get())});
  }
  if ((facts.valid & ZIP_STAT_ENCRYPTION_METHOD) != 0 && facts.encryption_method != ZIP_EM_NONE) {
    return error(errc::encrypted);
  }
  stream made;
  made.file_.reset(zip_fopen_index(zip_.get(), at, 0));
  if (!made.file_) return error(errc::broken_zip, {zip_strerror(zip_.get())});
  made.name_ = part;
  made.size_ = (facts.valid & ZIP_STAT_SIZE) != 0 ? facts.size : 0;
  made.zipped_ = (facts.valid & ZIP_STAT_COMP_SIZE) != 0 ? facts.comp_size : 0;
  made.zipped_ = std::min(made.zipped_, in_->size());
  made.budget_ = budget_.get();
  return made;
}

result<std::size_t> package::stream::read(char* to, std::size_t count) {
  constexpr std::uint64_t ratio_from_bytes = 16 * 1024 * 1024;
  const zip_int64_t got = zip_fread(file_.get(), to, count);
  if (got < 0) {
    return error(errc::broken_zip, {zip_error_strerror(zip_file_get_error(file_.get()))});
  }
  const auto size = static_cast<std::uint64_t>(got);
  read_ += size;
  const bool steep = read_ > ratio_from_bytes && read_ / limits::unzip_ratio_max > zipped_;
  if (steep || size > *budget_) {
    return error(errc::zip_bomb, {name_, std::to_string(limits::unzipped_bytes_max),
                                  std::to_string(limits::unzip_ratio_max)});
  }
  *budget_ -= size;
  return static_cast<std::size_t>(size);
}

result<void> package::parse(const std::string& part, xml_parser& parser) {
  LIXIN_TRY(stream bytes, open_part(part));
  for (;;) {
    LIXIN_TRY(const std::size_t size, bytes.read(parser.buffer(), xml_parser::buffer_bytes));
    LIXIN_TRY([[maybe_unused]] const auto progress, parser.parse(size, size == 0));
    if (size == 0) return {};
  }
}

result<std::string> package::head_of(const std::string& part, std::size_t count) {
  std::string head;
  if (!has(part)) return head;
  LIXIN_TRY(stream bytes, open_part(part));
  head.resize(count);
  LIXIN_TRY(const std::size_t size, bytes.read(head.data(), count));
  head.resize(size);
  return head;
}

}  // namespace lixin::tabular
