#include "http/problem.h"

#include <algorithm>
#include <array>

#include "http/errc.h"
#include "text/json.h"

namespace lixin::http {
namespace {

struct engine_status {
  const message* what;
  unsigned status;
};

constexpr std::array engine_statuses{
    engine_status{&errc::malformed, 400},
    engine_status{&errc::bad_target, 400},
    engine_status{&errc::no_route, 404},
    engine_status{&errc::method_not_allowed, 405},
    engine_status{&errc::request_timeout, 408},
    engine_status{&errc::length_required, 411},
    engine_status{&errc::body_too_large, 413},
    engine_status{&errc::target_too_long, 414},
    engine_status{&errc::unsupported_encoding, 415},
    engine_status{&errc::expectation_failed, 417},
    engine_status{&errc::too_many_requests, 429},
    engine_status{&errc::head_too_large, 431},
    engine_status{&errc::handler_failed, 500},
    engine_status{&errc::method_unknown, 501},
    engine_status{&errc::transfer_coding_unknown, 501},
    engine_status{&errc::overloaded, 503},
    engine_status{&errc::version_not_supported, 505},
};

struct phrase {
  unsigned status;
  std::string_view en;
  std::string_view zh;
};

constexpr std::array phrases{
    phrase{200, "OK", "成功"},
    phrase{201, "Created", "已创建"},
    phrase{202, "Accepted", "已接受"},
    phrase{204, "No Content", "没有内容"},
    phrase{206, "Partial Content", "部分内容"},
    phrase{301, "Moved Permanently", "地址已变更"},
    phrase{302, "Found", "暂时移到别处"},
    phrase{303, "See Other", "请看另一地址"},
    phrase{304, "Not Modified", "没有变化"},
    phrase{307, "Temporary Redirect", "暂时移到别处"},
    phrase{308, "Permanent Redirect", "地址已变更"},
    phrase{400, "Bad Request", "请求有误"},
    phrase{401, "Unauthorized", "尚未登录"},
    phrase{403, "Forbidden", "不允许"},
    phrase{404, "Not Found", "没有找到"},
    phrase{405, "Method Not Allowed", "方法不适用"},
    phrase{406, "Not Acceptable", "没有所要的格式"},
    phrase{408, "Request Timeout", "请求超时"},
    phrase{409, "Conflict", "与现状冲突"},
    phrase{410, "Gone", "已经不存在"},
    phrase{411, "Length Required", "缺少长度"},
    phrase{412, "Precondition Failed", "条件不成立"},
    phrase{413, "Content Too Large", "内容过大"},
    phrase{414, "URI Too Long", "地址过长"},
    phrase{415, "Unsupported Media Type", "不支持的格式"},
    phrase{417, "Expectation Failed", "无法满足 Expect"},
    phrase{422, "Unprocessable Content", "内容不符合要求"},
    phrase{429, "Too Many Requests", "请求过于频繁"},
    phrase{431, "Request Header Fields Too Large", "请求头过大"},
    phrase{500, "Internal Server Error", "服务器内部错误"},
    phrase{501, "Not Implemented", "没有实现"},
    phrase{503, "Service Unavailable", "服务暂不可用"},
    phrase{505, "HTTP Version Not Supported", "不支持的 HTTP 版本"},
};

constexpr phrase phrase_of(unsigned status) {
  const auto at = std::ranges::lower_bound(phrases, status, {}, &phrase::status);
  return at != phrases.end() && at->status == status ? *at : phrase{status, "", ""};
}
static_assert(std::ranges::is_sorted(phrases, {}, &phrase::status));

unsigned status_of(failure kind) {
  switch (kind) {
    case failure::unusable_input:
      return 400;
    case failure::not_found:
      return 404;
    case failure::refused:
      return 403;
    case failure::unavailable:
      return 503;
    case failure::internal:
      return 500;
  }
  return 500;
}

}  // namespace

std::string_view reason_phrase(unsigned status) { return phrase_of(status).en; }

unsigned status_of(const error& what) {
  for (const engine_status& one : engine_statuses) {
    if (what.is(*one.what)) return one.status;
  }
  return status_of(what.kind());
}

response problem(const error& what, const request& r, unsigned status) {
  response answer{.status = status, .content_type = "application/problem+json"};
  const phrase p = phrase_of(status);
  text::json_writer w(answer.body);
  w.begin_object();
  w.member("type", "about:blank");
  w.member("title", r.lang == language::zh ? p.zh : p.en);
  w.member("status", std::int64_t{status});
  w.member("detail", what.sentence(r.lang));
  w.member("code", what.code());
  const place& where = what.where();
  if (!where.column.empty()) w.member("field", where.column);
  if (where.row != 0) w.member("row", static_cast<std::int64_t>(where.row));
  w.member("request_id", r.id);
  w.end_object();
  answer.header("Content-Language", r.lang == language::zh ? "zh" : "en");
  return answer;
}

}  // namespace lixin::http
