// What the engine answers by itself. Each has its HTTP status in problem.cc.
#pragma once

#include "base/error.h"

namespace lixin::http::errc {

inline constexpr message malformed{
    "http.malformed", failure::unusable_input,
    "请求不符合 HTTP/1.1 的格式：{0}。请检查发出请求的程序或中间的代理。",
    "the request does not follow HTTP/1.1: {1}. Check the program that sent it, or the proxy "
    "between."};

inline constexpr message bad_target{
    "http.bad_target", failure::unusable_input,
    "请求地址无法使用：{0}。请按接口文档书写路径，特殊字符用 UTF-8 百分号编码。",
    "the address of the request cannot be used: {1}. Write the path as the interface describes it, "
    "with special characters percent-encoded in UTF-8."};

inline constexpr message no_route{
    "http.no_route", failure::not_found,
    "没有这个地址。请核对路径的拼写（区分大小写，末尾不加斜杠）。",
    "there is nothing at this address. Check the path (upper and lower case differ, no slash at "
    "its end)."};

inline constexpr message method_not_allowed{
    "http.method_not_allowed", failure::unusable_input, "这个地址不支持 {0} 方法，可用的是：{1}。",
    "this address does not take the method {0}; it takes: {1}."};

inline constexpr message request_timeout{
    "http.request_timeout", failure::unusable_input,
    "请求没有在规定时间内传完（请求头最多 {0} 毫秒，正文每秒至少 {1} 字节）。请检查网络后重试。",
    "the request did not arrive in time (the head within {0} ms, the body at {1} bytes a second or "
    "more). Check the network and send it again."};

inline constexpr message length_required{
    "http.length_required", failure::unusable_input,
    "请求缺少正文长度。请加上 Content-Length（没有正文时为 0），或使用分块传输。",
    "the request does not tell the length of its body. Add Content-Length (0 if there is none) or "
    "send it in chunks."};

inline constexpr message body_too_large{
    "http.body_too_large", failure::unusable_input,
    "请求正文超过这个地址的上限 {0} 字节。请拆分后再提交。",
    "the body of the request is larger than the {0} bytes that this address takes. Split it."};

inline constexpr message target_too_long{
    "http.target_too_long", failure::unusable_input,
    "请求地址过长：最多 {0} 字节、{1} 段路径、{2} 个查询参数。请把长的内容放在正文中提交。",
    "the address of the request is too long: at most {0} bytes, {1} parts of a path and {2} query "
    "parameters. Send long content in a body."};

inline constexpr message unsupported_encoding{
    "http.unsupported_encoding", failure::unusable_input,
    "不接受压缩的请求正文（Content-Encoding）。请发送未压缩的内容。",
    "a compressed body (Content-Encoding) is not taken. Send it without compression."};

inline constexpr message expectation_failed{
    "http.expectation_failed", failure::unusable_input,
    "请求头 Expect 只支持 100-continue。请去掉这个请求头。",
    "of the header Expect only 100-continue is understood. Leave the header out."};

inline constexpr message too_many_requests{
    "http.too_many_requests", failure::refused, "请求过于频繁。请在 {0} 秒后重试。",
    "there were too many requests. Try again after {0} seconds."};

inline constexpr message head_too_large{
    "http.head_too_large", failure::unusable_input,
    "请求头过大：合计最多 {0} 字节、{1} 个字段。请减少请求头或 Cookie。",
    "the header fields are too large: at most {0} bytes and {1} fields in all. Send fewer fields "
    "or cookies."};

inline constexpr message method_unknown{
    "http.method_unknown", failure::unusable_input,
    "不支持这种请求方法。可用 GET、HEAD、POST、PUT、PATCH、DELETE 和 OPTIONS。",
    "this method is not known. There are GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS."};

inline constexpr message transfer_coding_unknown{
    "http.transfer_coding_unknown", failure::unusable_input,
    "传输编码（Transfer-Encoding）只支持 chunked。请改用 chunked 或 Content-Length。",
    "of the transfer codings only chunked is understood. Use it, or Content-Length."};

inline constexpr message overloaded{
    "http.overloaded", failure::unavailable, "服务器正忙，请求没有执行。请在 {0} 秒后重试。",
    "the server is busy and did not begin with the request. Try again after {0} seconds."};

inline constexpr message version_not_supported{
    "http.version_not_supported", failure::unusable_input,
    "只支持 HTTP/1.1 和 HTTP/1.0。请更换客户端的协议版本。",
    "only HTTP/1.1 and HTTP/1.0 are spoken. Change the version that the client uses."};

inline constexpr message body_cut{
    "http.body_cut", failure::unusable_input, "请求正文没有传完连接就断开了。请重新提交。",
    "the connection broke before the body of the request was complete. Send it again."};

inline constexpr message handler_failed{
    "http.handler_failed", failure::internal, "服务器内部错误。请把请求编号告诉运维人员。",
    "the server made a mistake. Tell its operator the number of the request."};

inline constexpr message bad_listen_address{
    "http.bad_listen_address", failure::unusable_input,
    "监听地址应写成 127.0.0.1:8080、[::1]:8080 或 unix:/路径，实际为“{0}”。请在配置中改正。",
    "expected an address such as 127.0.0.1:8080, [::1]:8080 or unix:/path to listen on, but found "
    "\"{0}\". Mend it in the configuration."};

inline constexpr message bad_limit{
    "http.bad_limit", failure::unusable_input,
    "{0} 应在 {1} 到 {2} 之间，实际为 {3}。请在配置中改正。",
    "expected {0} between {1} and {2}, but found {3}. Mend it in the configuration."};

inline constexpr message cannot_listen{
    "http.cannot_listen", failure::unavailable,
    "无法监听 {0}：{1}。请确认地址属于本机，且没有被别的程序占用。",
    "cannot listen on {0}: {1}. Make sure that the address is of this machine and that no other "
    "program uses it."};

}  // namespace lixin::http::errc
