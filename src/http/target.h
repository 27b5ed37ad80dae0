// The target of a request, taken apart: the path as percent-decoded segments and the query as
// decoded pairs. Pure, bounded, and without allocation once its memory has grown to what requests
// need. What a proxy and a file system could read in another way than we do is refused, not mended:
// "." and ".." segments, empty segments, an encoded slash, backslash or control character, and what
// is not UTF-8.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "http/limits.h"

namespace lixin::http {

struct name_value {
  std::string_view name;
  std::string_view value;

  bool operator==(const name_value&) const = default;
};

class target {
 public:
  // "/a/b?x=1", or the absolute form "http://host/a/b?x=1", of which scheme and host are dropped;
  // "*" leaves no segment and is_asterisk(). errc::bad_target or errc::target_too_long otherwise.
  result<void> parse(std::string_view raw, const limits& l);

  // Views live until the next parse(). "/" has no segment; a slash at the end makes an empty last
  // one, which no route has.
  const std::vector<std::string_view>& segments() const { return segments_; }
  // In their order; "+" is a blank; a name may come several times; one without "=" has the value
  // "".
  const std::vector<name_value>& query() const { return query_; }
  bool is_asterisk() const { return asterisk_; }

 private:
  result<void> parse_path(std::string_view path, const limits& l);
  result<void> parse_query(std::string_view query, const limits& l);

  std::string decoded_;
  std::vector<std::string_view> segments_;
  std::vector<name_value> query_;
  bool asterisk_ = false;
};

}  // namespace lixin::http
