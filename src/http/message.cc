#include "http/completion.h"
#include "http/errc.h"
#include "http/field_text.h"
#include "http/request.h"
#include "http/response.h"

namespace lixin::http {

std::string_view name(method m) {
  switch (m) {
    case method::get:
      return "GET";
    case method::head:
      return "HEAD";
    case method::post:
      return "POST";
    case method::put:
      return "PUT";
    case method::patch:
      return "PATCH";
    case method::delete_:
      return "DELETE";
    case method::options:
      return "OPTIONS";
  }
  return "";
}

std::optional<std::string_view> request::header(std::string_view name) const {
  for (const name_value& h : headers) {
    if (equal_names(h.name, name)) return h.value;
  }
  return std::nullopt;
}

std::optional<std::string_view> request::parameter(std::string_view name) const {
  for (const name_value& p : query) {
    if (p.name == name) return p.value;
  }
  return std::nullopt;
}

std::string_view request::placeholder(std::string_view name) const {
  for (const name_value& p : placeholders) {
    if (p.name == name) return p.value;
  }
  assert_failed("the pattern of the route has this placeholder", __FILE__, __LINE__);
}

response& response::header(std::string name, std::string_view value) & {
  std::string clean(value);
  for (char& c : clean) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  headers.emplace_back(std::move(name), std::move(clean));
  return *this;
}

response&& response::header(std::string name, std::string_view value) && {
  return std::move(header(std::move(name), value));
}

completion::~completion() {
  if (to_ != nullptr) (*this)(error(errc::handler_failed));
}

void completion::operator()(result<response> answer) {
  receiver* const to = std::exchange(to_, nullptr);
  to->put(std::move(answer));
  to->announce({to});
}

void completion::together::add(completion& to, result<response> answer) {
  receiver* const one = std::exchange(to.to_, nullptr);
  one->put(std::move(answer));
  all_.push_back(one);
}

void completion::together::leave() {
  if (all_.empty()) return;
  receiver* const any = all_.front();
  any->announce(std::exchange(all_, {}));
}

response response::json(std::string body, unsigned status) {
  return {.status = status, .content_type = "application/json", .body = std::move(body)};
}

response response::text(std::string body) {
  return {.content_type = "text/plain; charset=utf-8", .body = std::move(body)};
}

response response::empty(unsigned status) { return {.status = status}; }

response response::stream(std::string_view content_type, body_source source,
                          std::optional<std::uint64_t> bytes) {
  return {.content_type = content_type, .source = std::move(source), .source_bytes = bytes};
}

}  // namespace lixin::http
