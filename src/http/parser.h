// Private to http: one HTTP/1.x request out of bytes, by Boost.Beast's parser, which stays in
// parser.cc. Stricter than Beast where two readers could disagree about where a message ends. It
// does no input and knows no routes. Belongs to one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "http/limits.h"
#include "http/request.h"

namespace lixin::http {

class parser {
 public:
  explicit parser(const limits& l);
  ~parser();
  parser(parser&&) = delete;
  parser& operator=(parser&&) = delete;

  // Before each request.
  void reset();

  // `all` is every byte from the start of the message that was received so far, perhaps in another
  // place than last time. Answers the size of the head when it is complete, 0 when more is needed.
  result<std::size_t> parse_head(std::string_view all);

  // What follows the head, from where the last call stopped: appends to `body` and answers how many
  // bytes were used. Less than all: the request is complete (done()), or more than
  // `bytes` is needed to go on. Only after parse_head() and while not done().
  result<std::size_t> parse_body(std::string_view bytes, std::string& body);
  bool done() const;

  // Once the head is complete. Views into `head`, the bytes that parse_head() was given last.
  std::string_view target(std::string_view head) const;
  void headers(std::string_view head, std::vector<name_value>& out) const;
  std::optional<http::method> method() const;  // none: a method that is not known
  bool version_1_1() const;
  bool keep_alive() const;
  bool chunked() const;
  std::optional<std::uint64_t> content_length() const;
  bool has_expectation() const;
  bool expects_continue() const;
  bool has_content_encoding() const;  // other than identity

 private:
  struct impl;
  const limits& limits_;
  std::unique_ptr<impl> impl_;
};

}  // namespace lixin::http
