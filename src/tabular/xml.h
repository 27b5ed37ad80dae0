// expat as the workbook's parts need it: names without prefix, no DOCTYPE, bounded depth and token
// length, and a handler that may pause the parser between two rows.
#pragma once

#include <expat.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace lixin::tabular {

// Attributes as expat gives them; local names.
class xml_attributes {
 public:
  explicit xml_attributes(const char** pairs) : pairs_(pairs) {}
  // Empty when there is none.
  std::string_view get(std::string_view local_name) const;

 private:
  const char** pairs_;
};

class xml_handler {
 public:
  virtual ~xml_handler() = default;
  virtual void start(std::string_view name, const xml_attributes& attributes) = 0;
  virtual void end(std::string_view) {}
  virtual void text(std::string_view) {}
};

class xml_parser {
 public:
  // `part` is what errors call the document.
  xml_parser(xml_handler& handler, std::string part);

  enum class progress { wants_more, paused };
  static constexpr std::size_t buffer_bytes = 64 * 1024;

  // Room for the next bytes of the document, to be parsed by parse(). Not while paused.
  char* buffer();
  result<progress> parse(std::size_t size, bool last);
  result<progress> resume();

  // For handlers. The first error stands and ends the parse.
  void pause();
  void fail(error e);

  // Where in the document the event being handled begins.
  std::uint64_t offset() const;

 private:
  static constexpr std::size_t depth_max = 64;
  static constexpr std::uint64_t token_bytes_max = 1024 * 1024;

  static void on_start(void* self, const char* name, const char** attributes);
  static void on_end(void* self, const char* name);
  static void on_text(void* self, const char* text, int size);
  static void on_doctype(void* self, const char*, const char*, const char*, int);
  result<progress> outcome(XML_Status status);

  struct closer {
    void operator()(XML_Parser p) const { XML_ParserFree(p); }
  };
  std::unique_ptr<XML_ParserStruct, closer> parser_;
  xml_handler& handler_;
  std::string part_;
  std::size_t depth_ = 0;
  std::uint64_t fed_ = 0;
  std::optional<error> failed_;
};

// "AbC" of "x:AbC".
std::string_view local_name(std::string_view name);

}  // namespace lixin::tabular
