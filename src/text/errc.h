// What can go wrong with bytes and JSON.
#pragma once

#include "base/error.h"

namespace lixin::text::errc {

inline constexpr message utf16{
    "text.utf16", failure::unusable_input,
    "文件应为 UTF-8 或 GB18030（GBK）编码的文本，实际是 UTF-16 编码。请在表格软件中另存为“CSV "
    "UTF-8”后重新报送。",
    "expected text in UTF-8 or GB18030 (GBK), but the file is UTF-16. Save it again as \"CSV "
    "UTF-8\" "
    "and hand it in anew."};

inline constexpr message binary{
    "text.binary", failure::unusable_input,
    "文件应为文本，但第 {0} 个字节处是二进制数据。请确认选对了文件，并另存为 "
    "CSV（UTF-8）后重新报送。",
    "expected text, but there is binary data at byte {0}. Make sure that it is the right file and "
    "save it as CSV (UTF-8)."};

inline constexpr message neither_encoding{
    "text.neither_encoding", failure::unusable_input,
    "文件应为 UTF-8 或 GB18030（GBK）编码，但第 {0} 个字节在两种编码中都不成立。请另存为“CSV "
    "UTF-8”后重新报送。",
    "expected UTF-8 or GB18030 (GBK), but byte {0} fits neither. Save the file again as \"CSV "
    "UTF-8\"."};

inline constexpr message broken_utf8{
    "text.broken_utf8", failure::unusable_input,
    "文件前面是 UTF-8 编码，但第 {0} "
    "个字节不是。文件可能由两种编码拼接而成，或在传输中损坏；请从原系统"
    "重新导出为“CSV UTF-8”。",
    "the file begins as UTF-8, but byte {0} does not fit. It may be pasted together from two "
    "encodings or damaged on the way; export it anew as \"CSV UTF-8\"."};

inline constexpr message not_gb18030{
    "text.not_gb18030", failure::unusable_input,
    "应为 GB18030（GBK）编码，但第 {0} "
    "个字节处的内容不成立或没有对应的字符。请用原软件重新导出，或另存为"
    "“CSV UTF-8”。",
    "expected GB18030 (GBK), but what stands at byte {0} is broken or has no character. Export the "
    "file anew or save it as \"CSV UTF-8\"."};

inline constexpr message json_too_large{
    "text.json_too_large", failure::unusable_input,
    "JSON 最多 {1} 字节，实际为 {0} 字节。请拆分后再提交。",
    "JSON may have at most {1} bytes, but this has {0}. Split it."};

inline constexpr message not_json{
    "text.not_json", failure::unusable_input,
    "应为一段完整的 JSON（UTF-8 编码），但无法解析：{0}。请检查引号、逗号和括号。",
    "expected one whole JSON value in UTF-8, but it cannot be read: {0}. Check quotes, commas and "
    "brackets."};

inline constexpr message not_string_map{
    "text.not_string_map", failure::unusable_input,
    "应为一个 JSON 对象，且各成员的值都是字符串；成员“{0}”不是。数字和日期也要加引号。",
    "expected a JSON object whose values are all strings, but member \"{0}\" is not. Put numbers "
    "and "
    "dates in quotes too."};

inline constexpr message not_object{
    "text.not_object", failure::unusable_input,
    "应为一个 JSON 对象（以“{{”开头），实际不是。请把各字段写成 {{\"名称\": \"值\"}} 的形式。",
    "expected a JSON object (it begins with \"{{\"), but this is none. Write the fields as "
    "{{\"name\": \"value\"}}."};

inline constexpr message member_type{
    "text.member_type", failure::unusable_input,
    "JSON 成员“{0}”应为字符串、整数、true、false、null 或字符串数组，实际不是。请改正后再提交。",
    "member \"{0}\" should be a string, a whole number, true, false, null or an array of strings, "
    "and is something else. Mend it and send it again."};

inline constexpr message repeated_member{
    "text.repeated_member", failure::unusable_input,
    "JSON 对象的成员名不能重复，但“{0}”出现了不止一次。请只保留一个。",
    "the names in a JSON object must differ, but \"{0}\" stands there more than once. Keep one of "
    "them."};

inline constexpr message not_string_array{
    "text.not_string_array", failure::unusable_input,
    "应为一个 JSON 数组，且每一项都是字符串；第 {0} 项不是（0 表示整体不是数组）。",
    "expected a JSON array of strings, but item {0} is not a string (0: the value is no array)."};

}  // namespace lixin::text::errc
