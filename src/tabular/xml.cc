#include "tabular/xml.h"

#include <new>

#include "tabular/errc.h"

namespace lixin::tabular {

std::string_view local_name(std::string_view name) {
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::string_view xml_attributes::get(std::string_view name) const {
  for (const char** pair = pairs_; *pair != nullptr; pair += 2) {
    if (local_name(pair[0]) == name) return pair[1];
  }
  return {};
}

xml_parser::xml_parser(xml_handler& handler, std::string part)
    : parser_(XML_ParserCreate(nullptr)), handler_(handler), part_(std::move(part)) {
  if (!parser_) throw std::bad_alloc();
  XML_SetUserData(parser_.get(), this);
  XML_SetElementHandler(parser_.get(), on_start, on_end);
  XML_SetCharacterDataHandler(parser_.get(), on_text);
  XML_SetStartDoctypeDeclHandler(parser_.get(), on_doctype);
}

void xml_parser::on_start(void* self, const char* name, const char** attributes) {
  auto& me = *static_cast<xml_parser*>(self);
  if (me.failed_) return;
  if (++me.depth_ > depth_max) {
    me.fail(error(errc::broken_xml, {me.part_, "nested too deep"}));
    return;
  }
  me.handler_.start(local_name(name), xml_attributes(attributes));
}

void xml_parser::on_end(void* self, const char* name) {
  auto& me = *static_cast<xml_parser*>(self);
  if (me.failed_) return;
  --me.depth_;
  me.handler_.end(local_name(name));
}

void xml_parser::on_text(void* self, const char* text, int size) {
  auto& me = *static_cast<xml_parser*>(self);
  if (!me.failed_) me.handler_.text({text, static_cast<std::size_t>(size)});
}

void xml_parser::on_doctype(void* self, const char*, const char*, const char*, int) {
  auto& me = *static_cast<xml_parser*>(self);
  me.fail(error(errc::doctype, {me.part_}));
}

void xml_parser::fail(error e) {
  if (failed_) return;
  failed_ = std::move(e);
  XML_StopParser(parser_.get(), XML_FALSE);
}

void xml_parser::pause() { XML_StopParser(parser_.get(), XML_TRUE); }

char* xml_parser::buffer() {
  void* room = XML_GetBuffer(parser_.get(), static_cast<int>(buffer_bytes));
  if (room == nullptr) throw std::bad_alloc();
  return static_cast<char*>(room);
}

result<xml_parser::progress> xml_parser::parse(std::size_t size, bool last) {
  fed_ += size;
  return outcome(XML_ParseBuffer(parser_.get(), static_cast<int>(size), last));
}

result<xml_parser::progress> xml_parser::resume() {
  return outcome(XML_ResumeParser(parser_.get()));
}

result<xml_parser::progress> xml_parser::outcome(XML_Status status) {
  if (failed_) return *failed_;
  if (status == XML_STATUS_SUSPENDED) return progress::paused;
  if (status == XML_STATUS_ERROR) {
    return error(errc::broken_xml, {part_, XML_ErrorString(XML_GetErrorCode(parser_.get()))});
  }
  // expat keeps a tag until it is whole, and would keep one of a gigabyte.
  if (fed_ - offset() > token_bytes_max) {
    return error(errc::broken_xml, {part_, "a tag without end"});
  }
  return progress::wants_more;
}

std::uint64_t xml_parser::offset() const {
  const XML_Index at = XML_GetCurrentByteIndex(parser_.get());
  return at < 0 ? 0 : static_cast<std::uint64_t>(at);
}

}  // namespace lixin::tabular
