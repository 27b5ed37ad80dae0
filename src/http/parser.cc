#include "http/parser.h"

#include <boost/beast/http/basic_parser.hpp>
#include <limits>

#include "http/errc.h"
#include "http/field_text.h"

namespace lixin::http {
namespace {

namespace beast = boost::beast::http;
using boost::beast::string_view;
using boost::system::error_code;

std::string_view std_view(boost::beast::string_view s) { return {s.data(), s.size()}; }

error malformed(const char* zh, const char* en) { return error(errc::malformed, {zh, en}); }

error target_too_long(const limits& l) {
  return error(errc::target_too_long,
               {std::to_string(l.target_bytes_max), std::to_string(l.segment_count_max),
                std::to_string(l.query_parameters_max)});
}

error head_too_large(const limits& l) {
  return error(errc::head_too_large,
               {std::to_string(l.head_bytes_max), std::to_string(l.header_count_max)});
}

std::optional<method> method_of(beast::verb v) {
  switch (v) {
    case beast::verb::get:
      return method::get;
    case beast::verb::head:
      return method::head;
    case beast::verb::post:
      return method::post;
    case beast::verb::put:
      return method::put;
    case beast::verb::patch:
      return method::patch;
    case beast::verb::delete_:
      return method::delete_;
    case beast::verb::options:
      return method::options;
    default:
      return std::nullopt;
  }
}

error error_of(const error_code& ec) {
  if (ec == beast::error::bad_version) {
    return malformed("请求行或协议版本不成立", "the request line or its version is broken");
  }
  if (ec == beast::error::bad_method || ec == beast::error::bad_target) {
    return malformed("请求行不成立", "the request line is broken");
  }
  if (ec == beast::error::bad_chunk || ec == beast::error::bad_chunk_extension) {
    return malformed("分块传输的格式不成立", "a chunk is broken");
  }
  if (ec == beast::error::bad_content_length || ec == beast::error::bad_transfer_encoding ||
      ec == beast::error::multiple_content_length) {
    return malformed("正文长度的写法不成立或互相矛盾",
                     "the length of the body is broken or contradicts itself");
  }
  return malformed("请求头字段或行尾不成立", "a header field or the end of a line is broken");
}

// "HTTP/2.0" or the like, as opposed to no version at all.
bool names_other_version(std::string_view head) {
  const std::string_view line = head.substr(0, head.find_first_of("\r\n"));
  const std::size_t at = line.rfind(" HTTP/");
  if (at == std::string_view::npos) return false;
  const std::string_view version = line.substr(at + 6);
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (version == "1.0" || version == "1.1") return false;  // another fault, then
  return version.size() == 3 && digit(version[0]) && version[1] == '.' && digit(version[2]);
}

// Places in the head, since its bytes may move until it is complete.
struct piece {
  std::uint32_t at = 0;
  std::uint32_t size = 0;
  std::string_view in(std::string_view head) const { return head.substr(at, size); }
};
struct field_piece {
  piece name;
  piece value;
};

// One message; Beast's parser takes no second one.
class message_parser final : public beast::basic_parser<true> {
 public:
  // `fields_memory` is only there to be used again.
  message_parser(const limits& l, std::vector<field_piece> fields_memory)
      : fields(std::move(fields_memory)), limits_(l) {
    fields.clear();
    header_limit(std::numeric_limits<std::uint32_t>::max());  // the buffer is what limits it
    body_limit(boost::none);                                  // the route limits it
    eager(true);
  }

  std::size_t parsed = 0;  // of the head
  std::string_view head;   // only during parse_head()
  std::optional<error> fault;
  piece target;
  std::vector<field_piece> fields;
  std::optional<http::method> method;
  int version = 0;
  int hosts = 0;
  int lengths = 0;
  bool expectation = false;
  bool expects_continue = false;
  bool content_encoding = false;
  std::string* body = nullptr;  // only during parse_body()

 private:
  // Any error stops Beast; `fault` says which it was.
  void stop(error what, error_code& ec) {
    fault = std::move(what);
    ec = beast::error::bad_field;
  }

  std::optional<piece> piece_of(std::string_view s) const {
    const auto from = reinterpret_cast<std::uintptr_t>(head.data());
    const auto at = reinterpret_cast<std::uintptr_t>(s.data());
    if (s.empty()) return piece{};
    if (at < from || at + s.size() > from + head.size()) return std::nullopt;
    return piece{static_cast<std::uint32_t>(at - from), static_cast<std::uint32_t>(s.size())};
  }

  void on_request_impl(beast::verb v, string_view, string_view t, int v_number,
                       error_code& ec) override {
    method = method_of(v);
    version = v_number;
    if (t.size() > limits_.target_bytes_max) {
      stop(target_too_long(limits_), ec);
      return;
    }
    target = *piece_of(std_view(t));
  }

  void on_field_impl(beast::field f, string_view name, string_view value, error_code& ec) override {
    if (body != nullptr) return;  // a trailer: Beast has looked at it, nobody else does
    const auto name_piece = piece_of(std_view(name));
    const auto value_piece = piece_of(std_view(value));
    // A value that Beast had to put together elsewhere was folded over lines.
    if (!name_piece || !value_piece) {
      return stop(malformed("请求头字段折行", "a header field is folded over lines"), ec);
    }
    if (fields.size() == limits_.header_count_max) return stop(head_too_large(limits_), ec);
    fields.push_back({*name_piece, *value_piece});
    check(f, std_view(value), ec);
  }

  void check(beast::field f, std::string_view value, error_code& ec) {
    switch (f) {
      case beast::field::host:
        ++hosts;
        return;
      case beast::field::content_length:
        if (++lengths > 1 || value.find(',') != std::string_view::npos) {
          stop(malformed("有多个正文长度", "there are several lengths of the body"), ec);
        }
        return;
      case beast::field::transfer_encoding:
        if (!equal_names(value, "chunked")) stop(error(errc::transfer_coding_unknown), ec);
        return;
      case beast::field::content_encoding:
        if (!equal_names(value, "identity")) content_encoding = true;
        return;
      case beast::field::expect:
        expectation = true;
        expects_continue = equal_names(value, "100-continue");
        return;
      default:
        return;
    }
  }

  void on_header_impl(error_code& ec) override {
    const bool http_1_1 = version == 11;
    if (hosts > 1 || (http_1_1 && hosts == 0)) {
      stop(malformed("请求头应当有且只有一个 Host", "there must be one header Host"), ec);
    } else if (!http_1_1 && chunked()) {
      stop(malformed("HTTP/1.0 没有分块传输", "HTTP/1.0 knows no chunks"), ec);
    }
  }

  void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code&) override {}

  std::size_t on_body_impl(string_view bytes, error_code&) override {
    return body->append(bytes.data(), bytes.size()), bytes.size();
  }

  void on_chunk_header_impl(std::uint64_t, string_view extension, error_code& ec) override {
    if (extension.size() > limits_.chunk_extension_bytes_max) {
      stop(malformed("分块的扩展过长", "the extension of a chunk is too long"), ec);
    }
  }

  std::size_t on_chunk_body_impl(std::uint64_t, string_view bytes, error_code&) override {
    return body->append(bytes.data(), bytes.size()), bytes.size();
  }

  void on_response_impl(int, string_view, int, error_code&) override {}
  void on_finish_impl(error_code&) override {}

  const limits& limits_;
};

}  // namespace

struct parser::impl {
  std::optional<message_parser> now;
};

parser::parser(const limits& l) : limits_(l), impl_(std::make_unique<impl>()) {
  impl_->now.emplace(l, std::vector<field_piece>());
}
parser::~parser() = default;

void parser::reset() {
  std::vector<field_piece> memory = std::move(impl_->now->fields);
  impl_->now.emplace(limits_, std::move(memory));
}

result<std::size_t> parser::parse_head(std::string_view all) {
  message_parser& p = *impl_->now;
  p.head = all;
  // With eager() off Beast stops behind the head, so that nothing of the body is touched.
  p.eager(false);
  error_code ec;
  const std::string_view rest = all.substr(p.parsed);
  p.parsed += p.put(boost::asio::const_buffer(rest.data(), rest.size()), ec);
  p.head = {};
  p.eager(true);
  if (p.fault) return std::move(*p.fault);
  if (ec && ec != beast::error::need_more) {
    if (ec == beast::error::bad_version && names_other_version(all)) {
      return error(errc::version_not_supported);
    }
    return error_of(ec);
  }
  if (p.is_header_done()) {
    if (p.parsed > limits_.head_bytes_max) return head_too_large(limits_);
    return p.parsed;
  }
  if (all.size() < limits_.head_bytes_max) return std::size_t{0};
  if (p.parsed == 0) {
    return target_too_long(limits_);
  }
  return head_too_large(limits_);
}

result<std::size_t> parser::parse_body(std::string_view bytes, std::string& body) {
  message_parser& p = *impl_->now;
  // Beast 1.81 aborts (BOOST_ASSERT) when it looks again at a last chunk of which less than this
  // has come. What is left of a chunked body is never shorter: it ends with a last chunk.
  constexpr std::size_t last_chunk_bytes = std::string_view("0\r\n\r\n").size();
  if (p.chunked() && bytes.size() < last_chunk_bytes) return std::size_t{0};
  p.body = &body;
  error_code ec;
  const std::size_t used = p.put(boost::asio::const_buffer(bytes.data(), bytes.size()), ec);
  p.body = nullptr;
  if (p.fault) return std::move(*p.fault);
  if (ec && ec != beast::error::need_more) return error_of(ec);
  return used;
}

bool parser::done() const { return impl_->now->is_done(); }
std::string_view parser::target(std::string_view head) const { return impl_->now->target.in(head); }

void parser::headers(std::string_view head, std::vector<name_value>& out) const {
  out.clear();
  for (const field_piece& f : impl_->now->fields) {
    out.push_back({f.name.in(head), f.value.in(head)});
  }
}

std::optional<http::method> parser::method() const { return impl_->now->method; }
bool parser::version_1_1() const { return impl_->now->version == 11; }
bool parser::keep_alive() const { return impl_->now->keep_alive(); }
bool parser::chunked() const { return impl_->now->chunked(); }
bool parser::has_expectation() const { return impl_->now->expectation; }
bool parser::expects_continue() const { return impl_->now->expects_continue; }
bool parser::has_content_encoding() const { return impl_->now->content_encoding; }

std::optional<std::uint64_t> parser::content_length() const {
  const auto length = impl_->now->content_length();
  return length ? std::optional<std::uint64_t>(*length) : std::nullopt;
}

}  // namespace lixin::http
